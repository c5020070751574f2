use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::*;

/// The records under `tests/events`, by the name of their file.
fn corpus() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/events");
    let files = fs::read_dir(folder).expect("the folder of records");
    let files = files.map(|file| file.expect("a file").path());
    let records = files.filter(|path| path.extension().is_some_and(|it| it == "json")).map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, serde_json::from_str(&fs::read_to_string(path).expect("a text")).expect("JSON"))
    });
    records.collect()
}

fn change(name: &str) -> Change {
    read(corpus().get(name).expect("a record of this name")).expect("it bears on access")
}

#[test]
fn what_is_kept_of_each_record() {
    let lines: Vec<String> = corpus()
        .iter()
        .map(|(name, record)| match read(record) {
            Some(change) => format!("{name}: {}", serde_json::to_string(&change).expect("JSON")),
            None => format!("{name}: nothing"),
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_recording_gives_back_what_was_kept() {
    for change in corpus().values().filter_map(read) {
        let text = serde_json::to_string(&change).expect("JSON");
        assert_eq!(serde_json::from_str::<Change>(&text).expect("a change"), change);
    }
}

#[test]
fn no_secret_and_no_answer_is_kept() {
    for (name, record) in corpus() {
        let Some(change) = read(&record) else { continue };
        let kept = serde_json::to_string(&change).expect("JSON");
        for secret in ["REDACTED", "auth_code", "sessionToken", "Mozilla", "credentialId", "Statement", "Metadata"] {
            assert!(!kept.contains(secret), "{name} keeps {secret}: {kept}");
        }
        for text in ["/userAgent", "/responseElements/credentials/accessKeyId", "/userIdentity/credentialId"] {
            let Some(text) = record.pointer(text).and_then(Value::as_str) else { continue };
            assert!(
                text.ends_with("amazonaws.com") || text == "AWS Internal" || !kept.contains(text),
                "{name} keeps {text}: {kept}"
            );
        }
    }
}

#[test]
fn namesakes_of_other_services_are_no_changes() {
    for name in ["namesake-quicksight-membership", "namesake-iam-delete-user", "idc-entered-the-account"] {
        assert_eq!(read(&corpus()[name]), None, "{name}");
    }
}

#[test]
fn a_call_that_failed_changes_nothing() {
    for name in
        ["membership-added-api-conflict", "assignment-delete-throttled", "role-change-denied", "user-patch-scim-failed"]
    {
        assert!(change(name).is_refused(), "{name}");
    }
    assert_eq!(*change("role-change-denied").named(Thing::Role), Named::NotLogged);
}

#[test]
fn a_removal_through_the_api_names_nobody() {
    let change = change("membership-removed-api");
    assert_eq!(change.what, What::MemberRemoved);
    assert_eq!((change.named(Thing::Group), change.named(Thing::User)), (&Named::NotLogged, &Named::NotLogged));
    assert_eq!(change.is(Thing::Membership), Some("74c8d4e8-4051-7062-a7b8-c9d0e1f2a3b4"));
    assert_eq!((change.by.kind, change.by.name.as_deref()), (ActorKind::Role, Some("scim-sync")));
}

#[test]
fn what_scim_does_to_members_is_told_from_what_it_does_to_groups() {
    let patch = |operations: Value| {
        let mut record = corpus()["membership-changed-scim"].clone();
        record["requestParameters"]["httpBody"]["operations"] = operations;
        let change = read(&record).expect("it bears on access");
        (change.what, change.is(Thing::Operation).map(str::to_owned))
    };
    let members = |operations| patch(operations).1.filter(|_| true);
    assert_eq!(members(json!([{"op": "REMOVE", "path": "members"}])).as_deref(), Some("remove"));
    assert_eq!(
        members(json!([{"op": "add", "path": "members"}, {"op": "Remove", "path": "members[value eq \"1\"]"}]))
            .as_deref(),
        Some("add,remove")
    );
    assert_eq!(patch(json!([{"op": "replace", "path": "displayName"}])), (What::GroupUpdated, None));
    // Without a path, the value has the members.
    assert_eq!(patch(json!([{"op": "add", "value": "x"}])), (What::MembersPatched, Some("add".to_owned())));
    assert_eq!(patch(Value::Null).0, What::MembersPatched);
}

#[test]
fn who_called_is_named_by_what_tells_most() {
    let by = |name: &str| {
        let by = change(name).by;
        (by.kind, by.name, by.role)
    };
    let text = |it: &str| Some(it.to_owned());
    assert_eq!(by("assignment-created"), (ActorKind::Person, text("alex.admin"), text("IdentityAdmin")));
    assert_eq!(by("assignment-deleted"), (ActorKind::Role, text("terraform-identity"), None));
    assert_eq!(by("role-deleted-by-identity-center"), (ActorKind::IdentityCenter, None, None));
    assert_eq!(by("membership-changed-scim"), (ActorKind::Scim, None, None));
    let policy = change("customer-managed-policy-deleted").by;
    assert_eq!((policy.through, policy.address), (Some(Tool::CloudFormation), None));
}

#[test]
fn anything_at_all_can_be_read() {
    for record in [
        json!(null),
        json!([]),
        json!({}),
        json!({"eventSource": 1}),
        json!({"eventSource": "iam.amazonaws.com", "eventName": "DeleteRole"}),
    ] {
        assert_eq!(read(&record), None);
    }
    for mut record in corpus().into_values() {
        let members: Vec<String> = record.as_object().expect("an object").keys().cloned().collect();
        for member in members {
            let before = record[&member].take();
            for odd in [json!(null), json!([[]]), json!({"a": {}}), json!("\u{1b}[2J"), json!(-1)] {
                record[&member] = odd;
                let _ = read(&record);
            }
            record[&member] = before;
        }
    }
}
