//! The records under `tests/events`, through every source: each must make the same history.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Accounts, Sought, Wanted, Window};
use crate::evidence::{Change, read_change as read};

/// What the stories of the records are about.
pub(super) fn sought() -> Sought {
    let at = |text: &str| text.parse().unwrap_or_default();
    let all = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<std::collections::BTreeSet<_>>();
    let window = Window { since: at("2020-01-01T00:00:00Z"), until: at("2026-11-21T00:00:00Z") };
    let mut others = std::collections::BTreeSet::new();
    let (mut sets, mut policies, mut organization, mut roles) =
        (others.clone(), others.clone(), others.clone(), others.clone());
    let mut users = Vec::new();
    for record in records() {
        let Some(change) = read(&record) else { continue };
        for (thing, value) in &change.about {
            use crate::evidence::{Named, Thing};
            let Named::Is(value) = value else { continue };
            let value = value.clone();
            match thing {
                Thing::Group | Thing::Membership | Thing::Principal => drop(others.insert(value)),
                Thing::User => users.push(value),
                Thing::PermissionSet => drop(sets.insert(value)),
                Thing::Role => drop(roles.insert(value.rsplit('/').next().unwrap_or_default().to_owned())),
                Thing::Policy if value.starts_with("p-") => drop(organization.insert(value)),
                Thing::Policy => drop(policies.insert(value.rsplit('/').next().unwrap_or_default().to_owned())),
                Thing::Target | Thing::From | Thing::To => drop(organization.insert(value)),
                _ => {}
            }
        }
    }
    others.extend(users.iter().skip(1).cloned());
    Sought {
        accounts: Accounts {
            management: Some("111122223333".to_owned()),
            administrators: all(&["222233334444"]),
            target: Some("123456789012".to_owned()),
        },
        regions: all(&["eu-west-1", "us-east-1"]),
        user: users.into_iter().next(),
        user_name: Some("jane.doe".to_owned()),
        others,
        permission_sets: sets,
        roles,
        policies,
        organization,
        key: Some("arn:aws:kms:".to_owned()),
        ..Sought::within(window)
    }
}

/// All records.
pub(super) fn records() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/events");
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    paths.iter().filter_map(|path| serde_json::from_str(&fs::read_to_string(path).ok()?).ok()).collect()
}

/// What `LookupEvents` would give of them, reduced.
pub(super) fn changes(records: &[Value]) -> Vec<Change> {
    let mut changes: Vec<Change> = records.iter().filter_map(read).collect();
    changes.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    changes
}

/// The changes that are looked for.
pub(super) fn expected() -> Vec<Change> {
    let (all, wanted) = (records(), Wanted::new(&sought()));
    let held: Vec<Value> = all.iter().filter(|record| wanted.holds(record)).cloned().collect();
    changes(&held)
}

#[test]
fn nearly_all_of_the_records_are_looked_for() {
    let (all, wanted) = (records(), Wanted::new(&sought()));
    let left: Vec<(&Value, &Value)> = all
        .iter()
        .filter(|record| read(record).is_some() && !wanted.holds(record))
        .map(|record| (&record["eventSource"], &record["eventName"]))
        .collect();
    insta::assert_debug_snapshot!(left);
    assert!(all.len() > 80 && expected().len() > 60, "{} of {}", expected().len(), all.len());
    let text = |record: &Value| serde_json::to_vec(record).unwrap_or_default();
    for record in all.iter().filter(|record| wanted.holds(record)) {
        assert!(wanted.may_hold(&text(record)), "the quick look loses {record}");
    }
}
