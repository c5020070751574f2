//! The page, taken apart.

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::*;
use crate::answers::organization::{Given, GroupShown, Judged, Pair, To, Way};
use crate::render::cases::written;
use crate::render::organization::cases::{self, HOSTILE, account};

fn judged(state: PathState) -> Judged {
    Judged { state, rule: None, why: None }
}

/// An organization of this size, with a third of it wrong.
fn relations(accounts: usize, sets: usize, people: usize, groups: usize) -> Relations {
    let mut draw = 7_usize;
    let mut random = |below: usize| {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draw >> 33) % below
    };
    let who = cases::who().access[0].person.clone().unwrap();
    let person = |number: usize| crate::answers::organization::PersonShown {
        user_name: Some(format!("user.number{number}")),
        id: format!("{:08x}-{number:04x}-4bb1-9ea2-{:012x}", number * 7919, number * 104_729),
        display_name: Some(format!("User Number{number}")),
        email: Some(format!("user.number{number}@example.com")),
        ..who.clone()
    };
    let set = |number: usize| crate::answers::organization::SetShown {
        name: Some(format!("Set{number}")),
        arn: format!("arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-{:016x}", number * 1_299_709),
    };
    let mut made = Relations {
        full: true,
        accounts: (0..accounts).map(|number| account(&format!("team-{number}"), number)).collect(),
        sets: (0..sets).map(set).collect(),
        people: (0..people).map(|number| (person(number), judged(PathState::Open))).collect(),
        ..Relations::default()
    };
    for number in 0..groups {
        let members = (0..45).map(|_| random(people)).collect();
        let id = format!("{:08x}-group", number * 7919);
        made.groups.push(GroupShown { name: Some(format!("Group{number}")), id, members: Some(members) });
    }
    for account in 0..accounts {
        for _ in 0..16 {
            let set = random(sets);
            let state = if random(9) == 0 { PathState::Shut } else { PathState::Open };
            made.pairs.push(Pair { account, set, judged: judged(state) });
            for _ in 0..2 {
                let to = To::Group(random(groups));
                made.ways.push(Way { account, grant: Given::Set(set), to, judged: judged(state) });
            }
        }
    }
    made
}

fn page(scan: &Scan, relations: &Relations) -> String {
    written(|out| write(out, scan, relations))
}

/// What the script would read.
fn unpacked(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"relations\">").unwrap();
    let packed = STANDARD.decode(rest.split_once('<').unwrap().0).unwrap();
    let mut text = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn tells_without_its_script_what_is_wrong_unread_and_where() {
    let scan = cases::broken();
    let page = page(&scan, &relations(3, 2, 5, 2));
    let (html, _) = page.split_once("<section id=\"explore\"").unwrap();
    for wanted in [
        "BROKEN</span> 1 fault keeps people out in 7 of 9 accounts",
        "customer-managed-policy-missing",
        "team-7 (000000000007)",
        "aws sso-admin provision-permission-set --target-id 000000000007",
        "Careful:</strong> everybody who has it gets it",
        "Denied in 2 accounts (000000000008 and 000000000009), which must allow:",
        "For example: the connection broke",
        "Permission set Old is in no account.",
        "Identity Center compares name and path exactly.",
        "<td>000000000009</td><td class=\"unsure\">unknown</td>",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    for (table, head) in [("<caption>", "scope=\"col\""), ("<th scope=\"row\">", "<html lang=\"en\">")] {
        assert!(page.contains(table) && page.contains(head));
    }
}

#[test]
fn asks_nobody_for_anything_and_allows_its_own_script_alone() {
    let page = page(&cases::broken(), &relations(3, 2, 5, 2));
    assert_eq!(page.matches("<script").count(), 2);
    assert!(page.contains("content=\"default-src &#39;none&#39;;") || page.contains("content=\"default-src 'none';"));
    for part in ["src=", "href=\"http", "url(", "@import", "unsafe-inline", " style=", " onclick="] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(!script().contains("innerHTML") && !script().contains("insertAdjacentHTML") && !script().contains("eval("));
    assert!(!script().contains("</script") && !style().contains("</style"));
}

#[test]
fn names_stay_text() {
    let mut relations = relations(3, 2, 5, 2);
    for (place, name) in HOSTILE.iter().enumerate() {
        relations.accounts.push(account(name, place));
        relations.people[0].0.user_name = Some((*name).to_owned());
    }
    let text = page(&cases::hostile_scan(), &relations);
    assert_eq!(text.matches("<script").count(), 2);
    assert!(!text.contains("</td><script>alert") && !text.contains(['\u{1b}', '\u{202e}', '\r', '\u{0}']));
    let names = unpacked(&text)["accounts"]["name"].to_string();
    assert!(!names.contains('\u{202e}') && names.contains("<script>alert(1)"), "{names}");
}

#[test]
fn the_script_gets_all_of_it() {
    let relations = relations(30, 20, 100, 20);
    let data = unpacked(&page(&cases::broken(), &relations));
    let count = |list: &str, column: &str| data[list][column].as_array().unwrap().len();
    assert_eq!(count("accounts", "id"), relations.accounts.len());
    assert_eq!(count("people", "texts"), relations.people.len());
    assert_eq!(count("groups", "members"), relations.groups.len());
    assert_eq!(count("pairs", "state"), relations.pairs.len());
    for column in ["account", "set", "role", "kind", "to", "state", "rule", "why"] {
        assert_eq!(count("ways", column), relations.ways.len(), "{column}");
    }
}

#[test]
fn a_thousand_accounts_are_less_than_a_megabyte() {
    let mut scan = cases::broken();
    let one = scan.accounts[0].clone();
    scan.accounts = (0..1000)
        .map(|number| AccountJudged { account: account(&format!("team-{number}"), number), ..one.clone() })
        .collect();
    let page = page(&scan, &relations(1000, 200, 20_000, 2000));
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
}
