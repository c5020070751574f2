//! A scan of a whole organization held against what was planted in it: every fault found, none invented, and the accounts
//! of each counted right.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ask, json};
use served::{Conduct, Organization, Planted, Served, Size};

/// What the scan found, told as what was planted is.
fn found(scan: &Value, known: &[Planted]) -> Vec<Planted> {
    let findings = scan["findings"].as_array().expect("findings").iter();
    let told = findings.map(|finding| {
        let rule = finding["rule"].as_str().unwrap_or_default();
        let accounts = finding["accounts"].as_array().expect("accounts").iter();
        let mut accounts: Vec<String> = accounts.map(|one| one["id"].as_str().unwrap_or_default().to_owned()).collect();
        accounts.sort();
        Planted {
            // The words of the truth live as long as the program.
            rule: known.iter().map(|one| one.rule).find(|one| *one == rule).unwrap_or("something that was not planted"),
            blocks: finding["effect"] == "blocks",
            permission_set: finding["permission_set"].as_str().map(str::to_owned),
            accounts,
        }
    });
    let mut told: Vec<Planted> = told.collect();
    told.sort();
    told
}

#[test]
fn every_fault_is_found_and_none_is_invented() {
    let (organization, planted) = Organization::whole(Size::SMALL);
    let people: BTreeSet<&str> = organization.users.iter().map(|user| user.id.as_str()).collect();
    let served = Served::start(organization.clone(), Conduct::default().with_page_size(20));
    let scan = json(&ask(&served, "scan --full --rate 20")).expect("an answer");
    assert_eq!(found(&scan, &planted), planted, "{:#}", scan["findings"]);
    assert_eq!((&scan["complete"], &scan["outcome"]), (&true.into(), &"broken".into()), "{:#}", scan["gaps"]);
    let coverage = &scan["coverage"];
    assert_eq!(coverage["accounts"]["read"], Size::SMALL.accounts);
    assert_eq!(coverage["permission_sets"]["read"], Size::SMALL.permission_sets);
    assert_eq!(coverage["assignments"]["read"], coverage["assignments"]["of"]);
    assert!(people.len() >= Size::SMALL.users);
}

/// The size that measurements are made with is what it says, in every part.
#[test]
fn the_large_one_is_as_large_as_it_says() {
    let size = Size::LARGE;
    let (organization, planted) = Organization::whole(size);
    let memberships: usize = organization.groups.iter().map(|group| group.members.len()).sum();
    assert_eq!(
        (organization.accounts.len(), organization.permission_sets.len(), organization.groups.len()),
        (size.accounts, size.permission_sets, size.groups)
    );
    assert_eq!((organization.users.len(), memberships), (size.users, size.memberships));
    assert!(organization.provisioned.len() > (size.accounts - 20) * size.sets_per_account);
    assert_eq!(planted.len(), Organization::whole(Size::SMALL).1.len());
}
