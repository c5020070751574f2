use std::collections::BTreeMap;

use super::*;
use crate::answers::diagnosis::diagnose;
use crate::evidence::{Actor, ActorKind, Attribute, Call, ChangeLog, LookedUp, Named, Outcome, RequestStatus, sample};
use crate::verdict::Verdict;

fn ago(evidence: &Evidence, seconds: i64) -> Timestamp {
    evidence.collected_at - SignedDuration::from_secs(seconds)
}

fn says(evidence: &Evidence, words: &str) -> bool {
    diagnose(evidence).notes.iter().any(|note| note.contains(words))
}

#[test]
fn an_assignment_of_a_moment_ago_needs_a_new_sign_in() {
    for (seconds, status, is_told) in [
        (120, RequestStatus::Succeeded, true),
        (-30, RequestStatus::Succeeded, true),
        (660, RequestStatus::Succeeded, false),
        (120, RequestStatus::Failed, false),
    ] {
        let mut evidence = sample::healthy();
        let at = ago(&evidence, seconds).to_string();
        sample::add_request(&mut evidence.shared.creation, "r1", status, &at, Some(sample::group_principal()));
        assert_eq!(diagnose(&evidence).verdict, Verdict::Reachable);
        assert_eq!(says(&evidence, "was assigned to group DataAnalysts"), is_told, "{seconds} {status:?}");
    }
    // Of another group.
    let mut evidence = sample::healthy();
    let at = ago(&evidence, 60).to_string();
    let mut other = sample::group_principal();
    other.id.push('x');
    sample::add_request(&mut evidence.shared.creation, "r1", RequestStatus::Succeeded, &at, Some(other));
    assert!(!says(&evidence, "was assigned to"));
}

#[test]
fn a_role_of_a_moment_ago_may_not_have_spread() {
    for (seconds, is_told) in [(30, true), (121, false)] {
        let mut evidence = sample::healthy();
        let created = ago(&evidence, seconds);
        let mut roles = evidence.account.inside.roles.known().cloned().expect("known");
        for role in &mut roles {
            role.created = Some(created);
        }
        evidence.account.inside.roles = sample::known(Call::ListRoles, roles);
        assert_eq!(says(&evidence, "may not have spread yet"), is_told, "{seconds}");
    }
}

#[test]
fn a_change_that_is_logged_may_not_have_spread() {
    let role = (Thing::Role, "AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5");
    for (what, about, account, seconds, is_told) in [
        (What::RoleTrustChanged, role, sample::ACCOUNT, 60, true),
        (What::RoleTrustChanged, role, sample::ACCOUNT, 180, false),
        (What::RoleTrustChanged, role, "999999999999", 60, false),
        (What::RoleTrustChanged, (Thing::Role, "another"), sample::ACCOUNT, 60, false),
        (What::AccountMoved, (Thing::Account, sample::ACCOUNT), "111122223333", 240, true),
        (What::AccountMoved, (Thing::Account, "999999999999"), "111122223333", 240, false),
        (What::AccountMoved, (Thing::Account, sample::ACCOUNT), "111122223333", 301, false),
    ] {
        let mut evidence = sample::healthy();
        let by = Actor {
            kind: ActorKind::Person,
            name: Some("alex.admin".to_owned()),
            role: None,
            through: None,
            address: None,
            access_key: None,
        };
        let change = Change {
            id: "e-1".to_owned(),
            shared_id: None,
            request: None,
            at: ago(&evidence, seconds),
            account: account.to_owned(),
            region: "us-east-1".to_owned(),
            event: "service:Event".to_owned(),
            by,
            what,
            about: BTreeMap::from([(about.0, Named::Is(about.1.to_owned()))]),
            outcome: Outcome::Done,
        };
        let log = ChangeLog {
            since: ago(&evidence, 3600),
            until: evidence.collected_at,
            changes: vec![change],
            read: 1,
            capped: false,
            covers: Vec::new(),
        };
        evidence.history.looked_up.push(LookedUp {
            by: Attribute::EventName,
            looked_for: "Event".to_owned(),
            log: sample::known(Call::LookupEvents, log),
        });
        assert_eq!(says(&evidence, "may not have spread yet"), is_told, "{what:?} {about:?} {seconds}");
    }
}
