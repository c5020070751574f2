//! Entitlements, session tags and permission sets without policies, each with what comes near.

use std::collections::BTreeMap;

use super::*;
use crate::evidence::AccessControlAttributes;

const T: &str = "2026-11-20T14:02:11Z";
const LATER: &str = "2026-11-21T14:02:11Z";
const ENTITLEMENT: (Thing, &str) = (Thing::Entitlement, "e-1");
const ROLE: (Thing, &str) = (Thing::Role, sample::entitled::ROLE);
const GROUP: (Thing, &str) = (Thing::Principal, sample::GROUP);

#[test]
fn an_entitlement_that_was_deleted_is_known_by_the_record_that_made_it() {
    let mut evidence = sample::entitled::only();
    let none = sample::known(Call::ListEntitlements, vec![]);
    evidence.account.entitlements.insert(sample::entitled::APPLICATION.to_owned(), none);
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
    evidence.account.assignments.insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, vec![]));
    assert_eq!(root(&evidence), "assignment-missing");
    let made = |about: &[(Thing, &str)]| change(What::EntitlementCreated, "2026-10-01T00:00:00Z", about);
    let deleted = |about| change(What::EntitlementDeleted, T, &[about]);
    let both = [made(&[ENTITLEMENT, ROLE, GROUP]), deleted(ENTITLEMENT)];
    assert_eq!(told(&with(evidence.clone(), &both)), Some((sample::at(T), Certainty::Confirmed)));
    let elsewhere = (Thing::Role, "arn:aws:iam::222233334444:role/data/DataReader");
    for near in [
        vec![deleted(ENTITLEMENT)],
        vec![made(&[ENTITLEMENT, ROLE, GROUP]), deleted((Thing::Entitlement, "e-2"))],
        vec![made(&[ENTITLEMENT, ROLE, (Thing::Principal, "another")]), deleted(ENTITLEMENT)],
        vec![made(&[ENTITLEMENT, elsewhere, GROUP]), deleted(ENTITLEMENT)],
        vec![made(&[ENTITLEMENT, ROLE, GROUP]), refused(deleted(ENTITLEMENT))],
    ] {
        assert_eq!(told(&with(evidence.clone(), &near)), None, "{near:?}");
    }
}

#[test]
fn session_tags_are_dated_by_the_settings_and_else_by_the_user() {
    let mut evidence = sample::healthy();
    let sources = BTreeMap::from([("CostCenter".to_owned(), vec!["${path:title}".to_owned()])]);
    let attributes = AccessControlAttributes { status: Some("ENABLED".into()), sources };
    evidence.attributes = sample::known(Call::DescribeInstanceAccessControlAttributeConfiguration, Some(attributes));
    let mut user = evidence.user.described.known().cloned().expect("known").expect("there");
    user.attributes.insert("title".to_owned(), "R&D".to_owned());
    evidence.user.described = sample::known(Call::DescribeUser, Some(user));
    assert_eq!(root(&evidence), "session-tags-invalid");
    let settings = change(What::AccessControlAttributesChanged, T, &[]);
    let updated = |user| change(What::UserUpdated, LATER, &[(Thing::User, user)]);
    let both = with(evidence.clone(), &[settings.clone(), updated(sample::USER)]);
    assert_eq!(told(&both), Some((sample::at(T), Certainty::Likely)));
    assert_eq!(told(&with(evidence.clone(), &[updated(sample::USER)])), Some((sample::at(LATER), Certainty::Likely)));
    let deleted =
        Change { event: "sso:DeleteInstanceAccessControlAttributeConfiguration".to_owned(), ..settings.clone() };
    for near in [updated("another"), refused(settings), deleted] {
        assert_eq!(told(&with(evidence.clone(), std::slice::from_ref(&near))), None, "{near:?}");
    }
}

#[test]
fn a_record_of_two_accounts_with_and_without_the_shared_id_is_one() {
    let own = change(What::UserDeleted, T, &[(Thing::User, "x")]);
    let shared = |id: &str| Change { id: id.to_owned(), shared_id: Some("s".to_owned()), ..own.clone() };
    let nameless = |request: &str| Change { id: String::new(), request: Some(request.to_owned()), ..own.clone() };
    let count = |changes: Vec<Change>| {
        let mut evidence = sample::healthy();
        evidence.history.looked_up.push(LookedUp {
            by: Attribute::EventName,
            looked_for: "DeleteUser".to_owned(),
            log: sample::known(Call::LookupEvents, log(changes)),
        });
        evidence.history.changes().len()
    };
    let there = shared("there");
    assert_eq!(count(vec![own.clone(), shared(&own.id), there.clone()]), 1);
    assert_eq!(count(vec![there, shared(&own.id), own.clone()]), 1);
    assert_eq!(count(vec![own.clone(), own.clone()]), 1);
    assert_eq!(count(vec![nameless("r-1"), nameless("r-1"), nameless("r-2")]), 2);
    // Without any id, nothing tells that they are one.
    assert_eq!(count(vec![Change { id: String::new(), ..own.clone() }, Change { id: String::new(), ..own }]), 2);
}
