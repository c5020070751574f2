//! Answers about an organization for the renderers' tests.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::answers::organization::{
    AccountJudged, AccountShown, Changes, Coverage, Grant, Made, Note, Outcome, Part, PersonShown, Pieces, Scan,
    ScanFinding, SetShown, Source, Via,
};
use crate::evidence::{Call, Caller, Gap, PolicyReference, Principal, PrincipalType, Reason};
use crate::findings::{Citation, Command, Confidence, Effect, Fix, Gate, Subject};
use crate::verdict::Unread;

mod ways;

pub(in crate::render) use ways::{access, hostile_who, who};

/// What a directory may hold that others write: markup of every form, formulas, and what steers a terminal.
pub(in crate::render) const HOSTILE: [&str; 12] = [
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1",
    "</td><script>alert(1)</script>",
    "a\u{1b}[2J\u{202e}b\n| c | **d** |",
    "\"quoted\", and a comma",
    "]]> & <!-- \u{0}\u{fffe} -->",
    "`x` @everyone https://evil.example :tada: #1",
];

fn at() -> Timestamp {
    Timestamp::from_second(1_795_305_723).unwrap_or_default()
}

pub(in crate::render) fn account(name: &str, number: usize) -> AccountShown {
    AccountShown { name: Some(name.to_owned()), id: format!("{number:012}") }
}

fn set(name: &str) -> SetShown {
    let id = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    SetShown { name: Some(name.to_owned()), arn: format!("arn:aws:sso:::permissionSet/ssoins-1/ps-{id:08x}") }
}

fn person(name: &str) -> PersonShown {
    PersonShown {
        user_name: Some(name.to_owned()),
        id: format!("id-of-{name}"),
        display_name: Some(format!("{name} Doe")),
        email: Some(format!("{name}@example.com")),
        status: Some("ENABLED".to_owned()),
        source: Some(Source::Scim),
    }
}

fn group(name: &str) -> Via {
    Via { kind: PrincipalType::Group, id: format!("g-{name}"), name: Some(name.to_owned()) }
}

pub(in crate::render) fn gap(call: Call, account: Option<usize>, reason: Reason, message: &str) -> Gap {
    Gap {
        call,
        account: account.map(|number| format!("{number:012}")),
        region: None,
        reason,
        message: message.to_owned(),
        answered: false,
        in_vain: false,
    }
}

fn made(gaps: Vec<Unread>) -> Made {
    let caller = Caller { account: "111122223333".to_owned(), arn: "arn:aws:iam::111122223333:user/oncall".to_owned() };
    Made { complete: gaps.is_empty(), gaps, calls: 331, collected_at: at(), caller: Some(caller) }
}

fn fix(what: &str, words: &[&str]) -> Fix {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    Fix::new(what, (!words.is_empty()).then(|| Command::here(words)))
}

/// A policy that is missing in seven accounts.
pub(in crate::render) fn missing_policy() -> ScanFinding {
    let accounts: Vec<AccountShown> = (1..=7).map(|number| account(&format!("team-{number}"), number)).collect();
    let get = fix("Get policy.json from an account that has the policy, or write it", &[]);
    let mut fixes = vec![get];
    for one in &accounts {
        let what = format!("Create policy team-data-access in account {}", one.id);
        fixes.push(fix(&what, &["aws", "iam", "create-policy", "--policy-name", "team-data-access"]));
        let target = one.id.as_str();
        let provision = ["aws", "sso-admin", "provision-permission-set", "--target-id", target];
        fixes.push(
            fix("Provision permission set DataEngineer to the account", &provision)
                .careful("everybody who has it gets it"),
        );
    }
    ScanFinding {
        rule: "customer-managed-policy-missing",
        gate: Gate::Policy,
        effect: Effect::Blocks,
        confidence: Confidence::Confirmed,
        message: "Customer managed policy team-data-access does not exist in account team-1 (000000000001), so \
                  permission set DataEngineer cannot be provisioned there. The same in 6 more accounts."
            .to_owned(),
        about: vec![Subject::Policy(PolicyReference { name: "team-data-access".to_owned(), path: "/".to_owned() })],
        permission_set: Some(set("DataEngineer")),
        principal: None,
        accounts,
        people: Some(12),
        kept_out: Some(12),
        follows: vec!["permission-set-not-provisioned", "role-missing"],
        fixes,
        first_fixes: 3,
        evidence: vec![Citation {
            call: Call::ListPolicies,
            account: Some("000000000001".to_owned()),
            region: None,
            request_id: Some("r-1".to_owned()),
            at: Some(at()),
            says: "2 policies, none of them team-data-access".to_owned(),
        }],
        addresses: Vec::new(),
        new: None,
        pieces: Pieces::default(),
    }
}

/// A group that is assigned and has no members.
pub(in crate::render) fn empty_group() -> ScanFinding {
    let via = group("Auditors");
    ScanFinding {
        rule: "group-empty",
        gate: Gate::Assignment,
        effect: Effect::Degrades,
        message:
            "In account team-2 (000000000002), permission set ReadOnly is assigned to group Auditors, which has no \
                  members: nobody gets in by it."
                .to_owned(),
        about: vec![Subject::Principal(Principal { kind: via.kind, id: via.id.clone() })],
        permission_set: Some(set("ReadOnly")),
        principal: Some(via),
        accounts: vec![account("team-2", 2)],
        people: Some(0),
        kept_out: None,
        follows: Vec::new(),
        fixes: vec![fix("Put whoever it is meant for into group Auditors", &[])],
        first_fixes: 1,
        ..missing_policy()
    }
}

fn scan(outcome: Outcome, findings: Vec<ScanFinding>, gaps: Vec<Unread>) -> Scan {
    let part = |of, read| Part { of: Some(of), read: Some(read) };
    let accounts = (1..=9).map(|number| AccountJudged {
        account: account(&format!("team-{number}"), number),
        open: 3,
        degraded: 0,
        shut: usize::from(number <= 7 && outcome == Outcome::Broken),
        unknown: usize::from(number == 9 && !gaps.is_empty()),
        undecided: match number {
            9 if !gaps.is_empty() => {
                BTreeMap::from([("role-missing", "iam:ListRoles: the account could not be entered".to_owned())])
            }
            _ => BTreeMap::new(),
        },
    });
    Scan {
        outcome,
        findings,
        notes: vec![Note {
            id: "permission-set-unused",
            message: "Permission set Old is in no account.".to_owned(),
            permission_set: Some(set("Old")),
        }],
        accounts: accounts.collect(),
        judged_by: vec!["account-not-active", "customer-managed-policy-missing", "role-missing"],
        relations: None,
        changes: None,
        accepted: 0,
        coverage: Coverage {
            accounts: part(9, 9),
            entered: part(9, if gaps.is_empty() { 9 } else { 7 }),
            permission_sets: part(4, 4),
            pairs: part(36, 36),
            assignments: Part { of: None, read: None },
        },
        floor_seconds: 3.2,
        made: made(gaps),
    }
}

fn unread() -> Vec<Unread> {
    let no_way_in = |number| gap(Call::AssumeRole, Some(number), Reason::Denied, "not authorized to assume it");
    let events = gap(Call::ListTargetsForPolicy, None, Reason::Failed, "the connection broke");
    vec![
        Unread { gap: no_way_in(8), decides: true },
        Unread { gap: no_way_in(9), decides: true },
        Unread { gap: events, decides: false },
    ]
}

pub(in crate::render) fn broken() -> Scan {
    scan(Outcome::Broken, vec![missing_policy(), empty_group()], unread())
}

pub(in crate::render) fn clean() -> Scan {
    scan(Outcome::Clean, Vec::new(), Vec::new())
}

/// Compared with an older file, with something left out on purpose.
pub(in crate::render) fn changed() -> Scan {
    let grant = |name: &str, administers| Grant {
        account: account("prod-data", 123_456_789_012),
        permission_set: set("RedshiftAnalyst"),
        person: person(name),
        administers,
        certain: true,
        shut_by: None,
    };
    let changes = Changes {
        broke: 1,
        put_right: vec!["Permission set Old was outdated.".to_owned()],
        may_be_new: vec!["Permission set New is outdated. The older file does not tell whether it is new.".to_owned()],
        gained: vec![grant("jane", true)],
        lost: vec![grant("kim", false)],
        knows_access: true,
        ..Changes::default()
    };
    let new = ScanFinding { new: Some(true), ..missing_policy() };
    let mut scan = scan(Outcome::Broken, vec![new], Vec::new());
    scan.changes = Some(changes);
    scan.accepted = 2;
    scan
}

/// Whatever comes from AWS is hostile.
pub(in crate::render) fn hostile_scan() -> Scan {
    let findings = HOSTILE.iter().enumerate().map(|(number, name)| ScanFinding {
        message: format!("{name} is wrong"),
        permission_set: Some(SetShown { name: Some((*name).to_owned()), arn: (*name).to_owned() }),
        principal: Some(Via { kind: PrincipalType::User, id: (*name).to_owned(), name: Some((*name).to_owned()) }),
        accounts: vec![account(name, number)],
        fixes: vec![fix(name, &["aws", "x", name])],
        first_fixes: 1,
        ..missing_policy()
    });
    let gaps = HOSTILE.iter().enumerate().map(|(number, name)| {
        let gap = gap(Call::ListRoles, Some(number), Reason::Failed, name);
        Unread { gap, decides: true }
    });
    let mut hostile = scan(Outcome::Broken, findings.collect(), gaps.collect());
    for (number, name) in HOSTILE.iter().enumerate() {
        hostile.notes.push(Note { id: "assigned-directly", message: (*name).to_owned(), permission_set: None });
        let account = account(name, number);
        let undecided = BTreeMap::from([("role-missing", (*name).to_owned())]);
        hostile.accounts.push(AccountJudged { account, open: 1, degraded: 0, shut: 0, unknown: 0, undecided });
    }
    hostile
}

#[test]
fn what_changed_and_what_was_left_out_is_in_every_form() {
    use super::{Answer, Format, write};
    use crate::render::Style;
    use crate::render::cases::written;

    let scan = changed();
    let style = Style { width: 120, color: false, unicode: true, height: 24 };
    for format in [Format::Table, Format::Markdown, Format::Html] {
        let text = written(|out| write(out, &Answer::Scan(&scan), format, &style, false));
        for wanted in [
            "Since the older file: 1 finding new, 1 put right.",
            "Put right: Permission set Old was outdated.",
            "Not compared: Permission set New is outdated.",
            "Gained: jane, RedshiftAnalyst in prod-data (123456789012) (administrator rights)",
            "Lost: kim, RedshiftAnalyst in prod-data (123456789012)",
            "Accepted exceptions: 2 findings left out.",
        ] {
            assert!(text.contains(wanted), "{format:?}: {wanted}: {text}");
        }
    }
    let junit = written(|out| write(out, &Answer::Scan(&scan), Format::Junit, &style, false));
    assert!(junit.contains("<skipped message=\"Accepted exceptions: 2 findings left out.\"/>"), "{junit}");
    for format in [Format::Csv, Format::Jsonl] {
        let text = written(|out| write(out, &Answer::Scan(&scan), format, &style, false));
        assert!(text.contains("Accepted exceptions: 2 findings left out."), "{format:?}: {text}");
    }
    let unknown = Scan { changes: Some(Changes::default()), ..clean() };
    assert!(unknown.changed().iter().any(|line| line.contains("is not known")), "{:?}", unknown.changed());
}
