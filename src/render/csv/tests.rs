//! Rows, read again.

use csv::StringRecord;

use super::sheet::{FORMULA, SIGN_OFF, cell};
use super::*;
use crate::answers::organization::AccountShown;
use crate::render::cases::written;
use crate::render::organization::cases::{self, HOSTILE};
use crate::wording::is_treacherous;

/// The columns' names and the rows, after the one that is said of all of them.
fn read(text: &str) -> (StringRecord, Vec<StringRecord>) {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let mut rows: Vec<StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(column(&names, &rows.remove(0), "kind"), "head");
    (names, rows)
}

fn column(names: &StringRecord, row: &StringRecord, name: &str) -> String {
    let place = names.iter().position(|one| one == name).unwrap();
    row.get(place).unwrap().to_owned()
}

#[test]
fn each_way_is_a_row_and_so_is_what_may_be_missing() {
    let who = cases::who();
    let text = written(|out| super::who(out, &who));
    let (names, rows) = read(&text);
    assert_eq!(rows.len(), who.access.len() + who.dead.len() + who.made.gaps.len());
    let of = |row: &StringRecord| {
        let shown = ["kind", "user_name", "permission_set", "via_name", "state", "rule"];
        shown.map(|name| column(&names, row, name)).join("|")
    };
    let told: Vec<String> = rows.iter().map(of).collect();
    assert_eq!(
        told,
        [
            "assignment|jane|RedshiftAnalyst|DataAnalysts|open|",
            "assignment|kim|RedshiftAnalyst|DataAnalysts|open|",
            "assignment|sam|RedshiftAnalyst|DataAnalysts|shut|user-disabled",
            "assignment|kim|Admin|kim|open|",
            "entitlement|kim||DataAnalysts|degraded|role-missing",
            "assignment||RedshiftAnalyst|Locked|unknown|",
            "assignment||RedshiftAnalyst||shut|assignment-orphaned-principal",
            "unread||||unknown|",
        ]
    );
    for row in &rows {
        assert_eq!(column(&names, row, "account_id"), "123456789012");
        assert_eq!(column(&names, row, "collected_at"), who.made.collected_at.to_string());
        assert!(SIGN_OFF.iter().all(|name| column(&names, row, name).is_empty()));
    }
}

#[test]
fn the_columns_stand_there_without_a_row() {
    let mut access = cases::access();
    access.access.clear();
    let (names, rows) = read(&written(|out| super::access(out, &access)));
    assert!(rows.is_empty() && names.iter().any(|name| name == "decided_at"), "{names:?}");
}

#[test]
fn a_finding_is_a_row_in_each_account() {
    let scan = cases::broken();
    let (names, rows) = read(&written(|out| super::scan(out, &scan)));
    let of = |kind: &str| rows.iter().filter(|row| column(&names, row, "kind") == kind).count();
    assert_eq!((of("finding"), of("note"), of("unread")), (7 + 1, 1, 3));
    let everywhere = ScanFinding { accounts: Vec::new(), ..cases::missing_policy() };
    let scan = Scan { findings: vec![everywhere], ..cases::clean() };
    let (names, rows) = read(&written(|out| super::scan(out, &scan)));
    assert_eq!(column(&names, &rows[0], "account_id"), "");
    assert_eq!(column(&names, &rows[0], "about"), "team-data-access");
}

#[test]
fn no_cell_is_a_formula_or_steers_anything() {
    let (who, scan) = (cases::hostile_who(), cases::hostile_scan());
    for text in [written(|out| super::who(out, &who)), written(|out| super::scan(out, &scan))] {
        assert!(!text.chars().any(|c| c != '\n' && is_treacherous(c)), "{text}");
        let (names, rows) = read(&text);
        assert!(rows.len() > 2 * HOSTILE.len());
        for row in &rows {
            assert_eq!(row.len(), names.len());
            for cell in row.iter().flat_map(|cell| cell.split(';')) {
                assert!(!cell.trim_start().starts_with(FORMULA), "{cell}");
            }
        }
    }
    assert_eq!(cell("=1+1"), "'=1+1");
    assert_eq!(cell("  -1"), "'  -1");
    assert_eq!(cell("\t=1"), "'\\t=1");
    assert_eq!(cell("\r\n+1"), "'\\r\\n+1");
    assert_eq!(cell("a;=cmd();b; @x"), "a;'=cmd();b;' @x");
    assert_eq!(cell("jane-doe@example.com"), "jane-doe@example.com");
}

#[test]
fn what_a_cell_holds_is_read_again() {
    let name = "a \"quoted\", name; with 'all' of it";
    let account = AccountShown { name: Some(name.to_owned()), id: "000000000001".to_owned() };
    let scan =
        Scan { findings: vec![ScanFinding { accounts: vec![account], ..cases::missing_policy() }], ..cases::clean() };
    let (names, rows) = read(&written(|out| super::scan(out, &scan)));
    assert_eq!(column(&names, &rows[0], "account_name"), name);
    assert_eq!(column(&names, &rows[0], "account_id"), "000000000001");
}

/// Whoever has the file can tell whether its rows are those that were written.
#[test]
fn the_head_counts_the_rows_and_has_their_sum() {
    use sha2::{Digest, Sha256};

    let text = written(|out| who(out, &cases::who()));
    let rows: Vec<&str> = text.split_inclusive('\n').skip(2).collect();
    let sum =
        Sha256::digest(rows.concat().as_bytes()).iter().fold(String::new(), |sum, byte| sum + &format!("{byte:02x}"));
    let head = text.lines().nth(1).expect("a head");
    for wanted in
        ["who can get into prod-data", "6 assignment, 1 entitlement, 1 unread", "not complete", "331 calls", &sum]
    {
        assert!(head.contains(wanted), "{wanted}: {head}");
    }
}

#[test]
fn what_a_review_asks_of_a_way_has_its_columns() {
    let (names, rows) = read(&written(|out| who(out, &cases::who())));
    let of = |name: &str| column(&names, &rows[0], name);
    assert_eq!(
        (of("department"), of("privileged"), of("role_last_used")),
        ("Data".into(), "AdministratorAccess".into(), String::new())
    );
    assert!(of("member_since").starts_with("20"));
}

/// What changed is told as what is wrong is.
#[test]
fn changes_are_rows() {
    let (names, rows) = read(&written(|out| scan(out, &cases::changed())));
    let kinds: Vec<String> = rows.iter().map(|row| column(&names, row, "kind")).collect();
    for kind in ["put-right", "gained", "lost"] {
        assert!(kinds.iter().any(|one| one == kind), "{kind}: {kinds:?}");
    }
    let gained = rows.iter().find(|row| column(&names, row, "kind") == "gained").expect("a row");
    assert_eq!(column(&names, gained, "message"), "administrator rights");
    assert_eq!(
        (column(&names, gained, "principal_name"), column(&names, gained, "account_name")),
        ("jane".into(), "prod-data".into())
    );
}
