//! The other causes, each with what comes near.

use super::*;

const T: &str = "2026-11-20T14:02:11Z";
const LATER: &str = "2026-11-21T14:02:11Z";
const SET: (Thing, &str) = (Thing::PermissionSet, sample::SET);
const ACCOUNT: (Thing, &str) = (Thing::Account, sample::ACCOUNT);
const GROUP: (Thing, &str) = (Thing::Principal, sample::GROUP);

/// Dates it by the change alone, and by none of those that come near.
fn dates(evidence: &Evidence, rule: &str, change: &Change, sure: Certainty, near: &[Change]) {
    assert_eq!(root(evidence), rule);
    assert_eq!(told(&with(evidence.clone(), std::slice::from_ref(change))), Some((change.at, sure)), "{rule}");
    for near in near.iter().chain([&refused(change.clone())]) {
        assert_eq!(told(&with(evidence.clone(), std::slice::from_ref(near))), None, "{rule}: {near:?}");
    }
}

fn unassigned() -> Evidence {
    let mut evidence = sample::healthy();
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
    evidence.account.assignments.insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, vec![]));
    evidence
}

#[test]
fn an_assignment_that_was_deleted() {
    let deleted = |about: &[(Thing, &str)]| change(What::AssignmentDeleted, T, about);
    let near = [
        deleted(&[SET, GROUP, (Thing::Account, OTHER)]),
        deleted(&[SET, ACCOUNT, (Thing::Principal, "somebody else")]),
        change(What::AssignmentCreated, T, &[SET, ACCOUNT, GROUP]),
    ];
    dates(&unassigned(), "assignment-missing", &deleted(&[SET, ACCOUNT, GROUP]), Certainty::Confirmed, &near);
    // Made anew since, it is not what is missing now.
    let anew = change(What::AssignmentCreated, LATER, &[SET, ACCOUNT, GROUP]);
    assert_eq!(told(&with(unassigned(), &[deleted(&[SET, ACCOUNT, GROUP]), anew])), None);
}

#[test]
fn a_group_that_was_deleted_and_is_still_assigned() {
    let mut evidence = unassigned();
    let gone = Principal { kind: PrincipalType::Group, id: "gone".to_owned() };
    let rows = vec![sample::assignment(gone)];
    evidence.account.assignments.insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, rows));
    evidence.groups.insert("gone".to_owned(), sample::known(Call::DescribeGroup, None));
    let deleted = |id| change(What::GroupDeleted, T, &[(Thing::Group, id)]);
    let near = [deleted("another"), change(What::UserDeleted, T, &[(Thing::User, "gone")])];
    dates(&evidence, "assignment-orphaned-principal", &deleted("gone"), Certainty::Confirmed, &near);
}

fn disabled() -> Evidence {
    let mut evidence = sample::healthy();
    let user = evidence.user.described.known().cloned().expect("known").expect("there");
    let user = crate::evidence::User { status: Some("DISABLED".to_owned()), ..user };
    evidence.user.described = sample::known(Call::DescribeUser, Some(user));
    evidence
}

#[test]
fn a_user_who_was_disabled() {
    let jane = (Thing::User, sample::USER);
    let disable = change(What::UserDisabled, T, &[jane]);
    let near = [
        change(What::UserDisabled, T, &[(Thing::User, "another")]),
        change(What::UserEnabled, T, &[jane]),
        change(What::UserActiveSet, T, &[jane, (Thing::Active, "true")]),
        change(What::UserUpdated, T, &[jane]),
    ];
    dates(&disabled(), "user-disabled", &disable, Certainty::Confirmed, &near);
    let set = |when, active: Named| {
        let mut change = by(ActorKind::Scim, change(What::UserActiveSet, when, &[jane]));
        change.about.insert(Thing::Active, active);
        change
    };
    let hidden = set(T, Named::Hidden);
    assert_eq!(
        told(&with(disabled(), &[set(T, Named::Is("false".to_owned()))])),
        Some((sample::at(T), Certainty::Confirmed))
    );
    assert_eq!(told(&with(disabled(), std::slice::from_ref(&hidden))), Some((sample::at(T), Certainty::Likely)));
    // Of several hidden ones nobody knows which.
    let since = dated(&with(disabled(), &[hidden.clone(), set(LATER, Named::Hidden)])).since.expect("dated");
    assert_eq!((since.at, since.not_before), (sample::at(LATER), Some(sample::at(T))));
    // Enabled again, and disabled by what is not known.
    let enabled = change(What::UserEnabled, LATER, &[jane]);
    assert_eq!(dated(&with(disabled(), &[disable.clone(), enabled])).since, None);
    // Set once more to what they are already.
    assert_eq!(
        told(&with(disabled(), &[disable, set(LATER, Named::Hidden)])),
        Some((sample::at(T), Certainty::Confirmed))
    );
}

#[test]
fn the_state_alone_tells_when_a_user_was_last_changed() {
    let mut evidence = disabled();
    let mut user = evidence.user.described.known().cloned().expect("known").expect("there");
    user.created = Some(sample::at("2026-01-02T03:04:05Z"));
    user.touched.updated = Some(sample::at(T));
    user.touched.updated_by = Some("AROAEXAMPLE:alex.admin".to_owned());
    evidence.user.described = sample::known(Call::DescribeUser, Some(user));
    let dated = dated(&evidence);
    let since = dated.since.expect("dated");
    assert_eq!((since.at, since.not_before, since.by), (sample::at(T), Some(sample::at("2026-01-02T03:04:05Z")), None));
    assert!(dated.notes.iter().any(|note| note.contains("no later than") && note.ends_with("by alex.admin.")));
}

#[test]
fn a_policy_that_was_deleted_or_is_asked_for_since() {
    let mut evidence = sample::healthy();
    evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![]);
    let arn = "arn:aws:iam::123456789012:policy/my-redshift-analyst-policy";
    let deleted = |arn| in_account(change(What::PolicyDeleted, T, &[(Thing::Policy, arn)]));
    let named = |about: &[(Thing, &str)]| {
        let event = "sso:AttachCustomerManagedPolicyReferenceToPermissionSet".to_owned();
        Change { event, ..change(What::PermissionSetPolicyAdded, LATER, about) }
    };
    let policy = (Thing::Policy, "my-redshift-analyst-policy");
    let near = [
        deleted("arn:aws:iam::123456789012:policy/My-redshift-analyst-policy"),
        deleted("arn:aws:iam::123456789012:policy/team/my-redshift-analyst-policy"),
        change(What::PolicyDeleted, T, &[(Thing::Policy, arn)]),
        named(&[(Thing::PermissionSet, "another"), policy]),
        named(&[SET, (Thing::Policy, "another")]),
    ];
    dates(&evidence, "customer-managed-policy-missing", &deleted(arn), Certainty::Confirmed, &near);
    // Where both are known, the later one made it so.
    let both = with(evidence.clone(), &[deleted(arn), named(&[SET, policy])]);
    assert_eq!(told(&both), Some((sample::at(LATER), Certainty::Confirmed)));
    // What has only been made anew under that name and deleted again counts.
    let anew = in_account(change(What::PolicyCreated, LATER, &[(Thing::Policy, arn)]));
    assert_eq!(told(&with(evidence, &[deleted(arn), anew])), None);
}

#[test]
fn a_saml_provider_that_was_deleted() {
    let mut evidence = sample::healthy();
    evidence.account.inside.saml_providers = sample::known(Call::ListSamlProviders, vec![]);
    let deleted = |arn| in_account(change(What::SamlProviderDeleted, T, &[(Thing::SamlProvider, arn)]));
    let near = [deleted("arn:aws:iam::123456789012:saml-provider/Okta")];
    dates(&evidence, "saml-provider-missing", &deleted(sample::PROVIDER), Certainty::Confirmed, &near);
}

#[test]
fn a_role_that_identity_center_deleted_is_blamed_on_the_assignment() {
    let mut evidence = sample::healthy();
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    let role = (Thing::Role, "AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5");
    let of_another = (Thing::Role, "AWSReservedSSO_RedshiftAnalystX_7243976e43c75fc5");
    let deleted = in_account(change(What::RoleDeleted, "2026-11-20T14:02:25Z", &[role]));
    let near = [in_account(change(What::RoleDeleted, T, &[of_another])), change(What::RoleDeleted, T, &[role])];
    dates(&evidence, "role-missing", &deleted, Certainty::Confirmed, &near);
    let consequence = by(ActorKind::IdentityCenter, deleted);
    let cause = change(What::AssignmentDeleted, T, &[SET, ACCOUNT, GROUP]);
    let since = dated(&with(evidence.clone(), &[consequence.clone(), cause])).since.expect("dated");
    assert_eq!(since.by.map(|by| who(&by)).as_deref(), Some("scim-sync"));
    assert_eq!(since.at, sample::at(T));
    // Too long before, it was something else; and Identity Center is not to blame.
    let old = change(What::AssignmentDeleted, "2026-11-20T13:02:11Z", &[SET, ACCOUNT, GROUP]);
    let since = dated(&with(evidence, &[consequence, old])).since.expect("dated");
    assert_eq!((since.at, since.by), (sample::at("2026-11-20T14:02:25Z"), None));
}

#[test]
fn a_request_that_failed() {
    let mut evidence = unassigned();
    let group = Some(sample::group_principal());
    sample::add_request(&mut evidence.shared.creation, "r1", RequestStatus::Failed, LATER, group);
    evidence.shared.creation.succeeded = sample::known(Call::ListAccountAssignmentCreationStatus, vec![]);
    assert_eq!(root(&evidence), "assignment-creation-failed");
    let about = [SET, ACCOUNT, GROUP];
    let asked = |id: &str| Change {
        outcome: Outcome::Accepted { request: Some(id.to_owned()) },
        ..change(What::AssignmentCreated, LATER, &about)
    };
    assert_eq!(
        dated(&with(evidence.clone(), &[asked("r1")])).since.and_then(|since| since.by).map(|by| who(&by)).as_deref(),
        Some("scim-sync")
    );
    // The state alone tells when, and not by whom.
    let since = dated(&with(evidence.clone(), &[asked("r2")])).since.expect("dated");
    assert_eq!((since.at, since.by), (sample::at(LATER), None));
    // Deleted by the same pipeline right before: it began with that.
    let deleted = change(What::AssignmentDeleted, "2026-11-21T14:02:06Z", &about);
    let since = dated(&with(evidence.clone(), &[deleted.clone(), asked("r1")])).since.expect("dated");
    assert_eq!(since.at, deleted.at);
    let by_another = by(ActorKind::Person, deleted);
    let since = dated(&with(evidence, &[by_another, asked("r1")])).since.expect("dated");
    assert_eq!(since.at, sample::at(LATER));
}

#[test]
fn an_account_that_was_closed() {
    let mut evidence = sample::healthy();
    let account = evidence.account.described.known().cloned().expect("known").expect("there");
    let account = crate::evidence::Account { state: Some("SUSPENDED".to_owned()), ..account };
    evidence.account.described = sample::known(Call::DescribeAccount, Some(account));
    let closed = |id| change(What::AccountClosed, T, &[(Thing::Account, id)]);
    let near = [closed(OTHER), change(What::AccountMoved, T, &[ACCOUNT])];
    dates(&evidence, "account-not-active", &closed(sample::ACCOUNT), Certainty::Confirmed, &near);
}

#[test]
fn a_healthy_answer_asks_for_nothing() {
    assert_eq!(looks(&sample::healthy(), &judge(&sample::healthy(), paths::find(sample::healthy().asked()))), []);
    assert!(crate::plan::history::wanted(&sample::healthy()).is_nothing());
    assert_eq!(dated(&sample::healthy()), Dated::default());
}

#[test]
fn one_event_of_two_accounts_is_one_change() {
    let mut evidence = unassigned();
    let own =
        Change { shared_id: Some("shared".to_owned()), ..change(What::AssignmentDeleted, T, &[SET, ACCOUNT, GROUP]) };
    let there = Change { id: "there".to_owned(), account: OTHER.to_owned(), ..own.clone() };
    evidence.history.looked_up = [own, there]
        .map(|change| LookedUp {
            by: Attribute::EventName,
            looked_for: "DeleteAccountAssignment".to_owned(),
            log: sample::known(Call::LookupEvents, log(vec![change])),
        })
        .into();
    assert_eq!(evidence.history.changes().len(), 1);
}
