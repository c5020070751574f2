//! What is asked for by a name, or is told by more than one record.

use super::*;
use crate::evidence::{EventLog, LookupBy, PolicyKind, Quotas};
use crate::history::put_back;

const T: &str = "2026-11-20T14:02:11Z";
const LATER: &str = "2026-11-21T14:02:11Z";
const SET: (Thing, &str) = (Thing::PermissionSet, sample::SET);
const OLD: &str = "9067f0c1d2-00000000-2222-3333-4444-555555555555";

fn notes(evidence: &Evidence) -> String {
    dated(evidence).notes.join(" ")
}

/// Nobody has the name that was asked for.
fn nobody() -> Evidence {
    let mut evidence = sample::healthy();
    evidence.user.lookups[0].found = sample::known(Call::GetUserId, None);
    evidence.user.memberships = Fact::not_asked(Call::ListGroupMembershipsForMember, "there is no such user");
    assert_eq!(evidence.user.lookups[0].by, LookupBy::UserName);
    assert_eq!(root(&evidence), "user-not-found");
    evidence
}

#[test]
fn a_user_asked_for_by_name_is_known_by_how_they_signed_in() {
    let signed_in =
        |name: &str| change(What::SignedIn, "2026-11-19T08:00:00Z", &[(Thing::User, OLD), (Thing::UserName, name)]);
    let deleted = |id| change(What::UserDeleted, T, &[(Thing::User, id)]);
    let both = with(nobody(), &[deleted(OLD), signed_in("Jane.Doe")]);
    assert_eq!(told(&both), Some((sample::at(T), Certainty::Likely)));
    assert_eq!(dated(&both).since.and_then(|since| since.by).map(|by| who(&by)).as_deref(), Some("scim-sync"));
    for near in [
        [deleted(OLD), signed_in("john.doe")],
        [deleted("another"), signed_in("jane.doe")],
        [refused(deleted(OLD)), signed_in("jane.doe")],
        [deleted(OLD), refused(signed_in("jane.doe"))],
    ] {
        assert_eq!(told(&with(nobody(), &near)), None, "{near:?}");
    }
    // Nothing ties it to the name.
    let untied = with(nobody(), &[deleted("another")]);
    assert_eq!(told(&untied), None);
    assert!(
        notes(&untied).contains("A user was deleted on 2026-11-20 at 14:02 UTC, by scim-sync"),
        "{}",
        notes(&untied)
    );
    assert!(!notes(&untied).contains("it was so before"), "{}", notes(&untied));
    assert!(notes(&with(nobody(), &[])).contains("No deletion of such a user was logged"));
    // That nobody was deleted is only said where that was read.
    let mut unread = with(nobody(), &[]);
    let deletions = unread.history.looked_up.iter_mut().filter(|one| one.looked_for == "DeleteUser");
    deletions.for_each(|one| one.log = sample::denied(Call::LookupEvents));
    assert!(notes(&unread).contains("could not be told"), "{}", notes(&unread));
}

#[test]
fn a_user_asked_for_by_id_is_known() {
    let mut evidence = sample::healthy();
    evidence.user.described = sample::known(Call::DescribeUser, None);
    assert_eq!(root(&evidence), "user-not-found");
    let deleted = |id| change(What::UserDeleted, T, &[(Thing::User, id)]);
    let certain = Some((sample::at(T), Certainty::Confirmed));
    assert_eq!(told(&with(evidence.clone(), &[deleted(sample::USER), deleted("another")])), certain);
    assert_eq!(told(&with(evidence, &[deleted("another")])), None);
}

#[test]
fn a_group_asked_for_by_name_is_known_by_what_is_left_of_it() {
    let mut evidence = sample::healthy();
    evidence.question.group = Some("Payroll".to_owned());
    evidence.asked_group = Some(sample::known(Call::GetGroupId, None));
    assert_eq!(root(&evidence), "group-not-found");
    let deleted = |id| change(What::GroupDeleted, T, &[(Thing::Group, id)]);
    let untied = with(evidence.clone(), &[deleted("gone"), Change { id: "2".to_owned(), ..deleted("another") }]);
    assert_eq!(told(&untied), None);
    assert!(notes(&untied).contains("2 groups were deleted"), "{}", notes(&untied));
    let gone = Principal { kind: PrincipalType::Group, id: "gone".to_owned() };
    evidence
        .account
        .assignments
        .insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, vec![sample::assignment(gone)]));
    evidence.groups.insert("gone".to_owned(), sample::known(Call::DescribeGroup, None));
    assert_eq!(told(&with(evidence.clone(), &[deleted("gone")])), Some((sample::at(T), Certainty::Likely)));
    assert_eq!(told(&with(evidence, &[deleted("another")])), None);
}

#[test]
fn a_permission_set_asked_for_by_name_is_known_by_the_record_that_made_it() {
    let mut evidence = sample::healthy();
    evidence.question.permission_set = Some("Gone".to_owned());
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
    assert_eq!(root(&evidence), "permission-set-not-found");
    let arn = |id: &'static str| (Thing::PermissionSet, id);
    let deleted = |id| change(What::PermissionSetDeleted, T, &[arn(id)]);
    let made = |id, name| {
        change(What::PermissionSetCreated, "2026-09-01T00:00:00Z", &[arn(id), (Thing::PermissionSetName, name)])
    };
    let certain = Some((sample::at(T), Certainty::Confirmed));
    assert_eq!(told(&with(evidence.clone(), &[made("ps-1", "Gone"), deleted("ps-1")])), certain);
    for near in [
        vec![made("ps-1", "gone"), deleted("ps-1")],
        vec![made("ps-2", "Gone"), deleted("ps-1")],
        vec![refused(made("ps-1", "Gone")), deleted("ps-1")],
        vec![deleted("ps-1")],
    ] {
        assert_eq!(told(&with(evidence.clone(), &near)), None, "{near:?}");
    }
    // One whose name is known was another; of one that nobody tells it may have been.
    assert!(
        !notes(&with(evidence.clone(), &[made("ps-1", "Other"), deleted("ps-1")]))
            .contains("A permission set was deleted")
    );
    assert!(notes(&with(evidence, &[deleted("ps-1")])).contains("A permission set was deleted"));
}

#[test]
fn a_policy_of_the_same_name_on_another_path_is_another() {
    let mut evidence = sample::healthy();
    evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![]);
    let named = |path: &[(Thing, &str)]| {
        let about = [&[SET, (Thing::Policy, "my-redshift-analyst-policy")], path].concat();
        let event = "sso:AttachCustomerManagedPolicyReferenceToPermissionSet".to_owned();
        Change { event, ..change(What::PermissionSetPolicyAdded, LATER, &about) }
    };
    let certain = Some((sample::at(LATER), Certainty::Confirmed));
    assert_eq!(told(&with(evidence.clone(), &[named(&[])])), certain);
    assert_eq!(told(&with(evidence.clone(), &[named(&[(Thing::PolicyPath, "/")])])), certain);
    assert_eq!(told(&with(evidence.clone(), &[named(&[(Thing::PolicyPath, "/team/")])])), None);
    // A boundary of that name is not what is missing.
    let boundary = Change { event: "sso:PutPermissionsBoundaryToPermissionSet".to_owned(), ..named(&[]) };
    assert_eq!(told(&with(evidence.clone(), &[boundary])), None);
    // Both dates are told.
    let arn = (Thing::Policy, "arn:aws:iam::123456789012:policy/my-redshift-analyst-policy");
    let deleted = in_account(change(What::PolicyDeleted, T, &[arn]));
    let both = dated(&with(evidence, &[named(&[]), deleted.clone()]));
    assert_eq!(both.explains, [named(&[]).id, deleted.id]);
    assert!(both.notes.iter().any(|note| note.contains("was deleted on 2026-11-20 at 14:02 UTC, by scim-sync")));
}

fn denied() -> (Evidence, String) {
    let mut evidence = sample::healthy();
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithSAML","Resource":"*"}"#;
    let before: Vec<String> = evidence.policies.documents.keys().cloned().collect();
    sample::attach(&mut evidence, PolicyKind::ResourceControl, sample::UNIT, deny);
    assert_eq!(root(&evidence), "resource-control-policy-denies");
    let id = evidence.policies.documents.keys().find(|id| !before.contains(id)).cloned().expect("attached");
    (evidence, id)
}

#[test]
fn a_policy_of_the_organization_counts_since_it_was_attached_or_the_account_came_under_it() {
    let (evidence, id) = denied();
    let attached =
        |id: &str, target| change(What::OrganizationPolicyAttached, T, &[(Thing::Policy, id), (Thing::Target, target)]);
    let moved = |from: &str| {
        let about = [(Thing::Account, sample::ACCOUNT), (Thing::From, from), (Thing::To, sample::UNIT)];
        change(What::AccountMoved, T, &about)
    };
    let enabled = |kind| change(What::PolicyTypeEnabled, T, &[(Thing::PolicyType, kind)]);
    let of = |change: Change| told(&with(evidence.clone(), &[change])).map(|(_, certainty)| certainty);
    assert_eq!(of(attached(&id, sample::UNIT)), Some(Certainty::Confirmed));
    assert_eq!(of(attached(&id, "ou-elsewhere")), None);
    assert_eq!(of(attached("p-other", sample::UNIT)), None);
    assert_eq!(of(refused(attached(&id, sample::UNIT))), None);
    assert_eq!(of(enabled("RESOURCE_CONTROL_POLICY")), Some(Certainty::Likely));
    assert_eq!(of(enabled("SERVICE_CONTROL_POLICY")), None);
    assert_eq!(of(enabled("TAG_POLICY")), None);
    assert_eq!(of(moved(sample::ROOT)), Some(Certainty::Likely));
    // It came from below the place where the policy is.
    assert_eq!(of(moved(sample::UNIT)), None);
    let detached =
        change(What::OrganizationPolicyDetached, LATER, &[(Thing::Policy, &id), (Thing::Target, sample::UNIT)]);
    assert_eq!(told(&with(evidence, &[attached(&id, sample::UNIT), detached])), None);
    // What counts for everybody counted before.
    let mut everywhere = sample::healthy();
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithSAML","Resource":"*"}"#;
    sample::attach(&mut everywhere, PolicyKind::ResourceControl, sample::ROOT, deny);
    assert_eq!(told(&with(everywhere, &[moved("ou-elsewhere")])), None);
}

#[test]
fn the_policy_that_was_one_too_many_is_found_by_counting_back() {
    let mut evidence = sample::healthy();
    let quotas = Quotas { attached_policies_per_role: Some(0) };
    evidence.account.inside.quotas = sample::known(Call::GetAccountSummary, quotas);
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    assert_eq!(root(&evidence), "policies-per-role-quota");
    let given = |when, set| Change {
        event: "sso:AttachManagedPolicyToPermissionSet".to_owned(),
        ..change(What::PermissionSetPolicyAdded, when, &[(Thing::PermissionSet, set), (Thing::Policy, "arn")])
    };
    let taken = |when| Change { what: What::PermissionSetPolicyRemoved, ..given(when, sample::SET) };
    assert_eq!(told(&with(evidence.clone(), &[given(T, sample::SET)])), Some((sample::at(T), Certainty::Likely)));
    assert_eq!(told(&with(evidence.clone(), &[given(T, "another")])), None);
    // There was one, another came, and one of them was taken: it was too many before.
    let more = [given("2026-11-19T14:02:11Z", sample::SET), given(T, sample::SET), taken(LATER)];
    assert_eq!(told(&with(evidence, &more)), Some((sample::at("2026-11-19T14:02:11Z"), Certainty::Likely)));
}

fn refused_by_sts() -> Evidence {
    let mut evidence = sample::healthy();
    let events = [("e2", "2026-11-20T15:00:00Z", Some("AccessDenied")), ("e1", "2026-11-20T13:00:00Z", None)];
    let events = events.map(|(id, when, error)| sample::event(id, when, error)).into();
    let log: Fact<EventLog> = sample::event_log("us-east-1", events);
    evidence.user.role_events = vec![log];
    for log in [&mut evidence.shared.creation, &mut evidence.shared.provisioning] {
        log.succeeded = sample::known(log.succeeded.call, vec![]);
    }
    assert_eq!(root(&evidence), "assume-role-failed");
    evidence
}

#[test]
fn what_sts_refuses_is_dated_by_what_was_changed_in_between() {
    let role = (Thing::Role, "AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5");
    let trust = |when, role| in_account(change(What::RoleTrustChanged, when, &[role]));
    let likely = Some((sample::at("2026-11-20T14:00:00Z"), Certainty::Likely));
    assert_eq!(told(&with(refused_by_sts(), &[trust("2026-11-20T14:00:00Z", role)])), likely);
    let provider = (Thing::SamlProvider, sample::PROVIDER);
    let updated = in_account(change(What::SamlProviderUpdated, "2026-11-20T14:00:00Z", &[provider]));
    assert_eq!(told(&with(refused_by_sts(), std::slice::from_ref(&updated))), likely);
    // Before the last success, after the first refusal, another role, refused, by Identity Center itself: then the two
    // moments alone tell.
    for near in [
        trust("2026-11-20T12:00:00Z", role),
        trust("2026-11-20T15:30:00Z", role),
        trust("2026-11-20T14:00:00Z", (Thing::Role, "another")),
        refused(trust("2026-11-20T14:00:00Z", role)),
        by(ActorKind::IdentityCenter, updated),
    ] {
        let since = dated(&with(refused_by_sts(), std::slice::from_ref(&near))).since.expect("dated");
        let range = (Some(sample::at("2026-11-20T13:00:00Z")), sample::at("2026-11-20T15:00:00Z"));
        assert_eq!((since.not_before, since.at), range, "{near:?}");
        assert_eq!((since.by, since.event, since.certainty), (None, None, Certainty::Likely));
    }
    let told = notes(&with(refused_by_sts(), &[]));
    assert!(told.contains("jane.doe last got in 20 November 13:00 UTC; first refused 15:00."), "{told}");
}

fn fixes(evidence: &Evidence) -> Vec<crate::findings::Fix> {
    let judgement = choose(evidence, judge(evidence, paths::find(evidence.asked())));
    let dated = date(evidence, &judgement);
    put_back(evidence, judgement, &dated).root_cause.expect("a cause").fault.fixes
}

/// Nothing is assigned to jane.doe or to her one group.
fn unassigned() -> Evidence {
    let mut evidence = sample::healthy();
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
    evidence.account.assignments.insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, vec![]));
    evidence
}

#[test]
fn the_fix_is_to_put_back_what_was_deleted() {
    let about = [SET, (Thing::Account, sample::ACCOUNT), (Thing::Principal, sample::GROUP)];
    let deleted = change(What::AssignmentDeleted, T, &about);
    let generic = fixes(&with(unassigned(), &[]));
    let told = fixes(&with(unassigned(), std::slice::from_ref(&deleted)));
    // A pipeline takes it away again.
    assert!(told[0].what.starts_with("Put it back at the source of scim-sync"), "{told:?}");
    assert_eq!(told[1].what, "Assign RedshiftAnalyst to group DataAnalysts again");
    assert!(told[1].command.as_ref().is_some_and(|command| command.shell().contains(sample::GROUP)));
    assert_eq!(told.len(), 2);
    // A person may have meant it.
    let told = fixes(&with(unassigned(), &[by(ActorKind::Person, deleted.clone())]));
    assert_eq!(told.len(), 1);
    assert!(told[0].caution.as_ref().is_some_and(|caution| caution.contains("alex.admin took it away")), "{told:?}");
    // Where it is only likely, whatever else would do stands behind.
    let mut unread = with(unassigned(), std::slice::from_ref(&deleted));
    unread.history.looked_up[0].log = sample::denied(Call::LookupEvents);
    assert_eq!(dated(&unread).since.map(|since| since.certainty), Some(Certainty::Likely));
    let told = fixes(&unread);
    assert_eq!(told[1].what, "Assign RedshiftAnalyst to group DataAnalysts again");
    assert_eq!(told[2..], generic[..]);
    // A permission set that is gone cannot be assigned again; and nothing else is put back.
    let mut gone = with(unassigned(), std::slice::from_ref(&deleted));
    gone.permission_set_arns = sample::known(Call::ListPermissionSets, vec!["another".to_owned()]);
    assert!(!fixes(&gone).iter().any(|fix| fix.what.contains("again")));
    assert_eq!(fixes(&with(unassigned(), &[refused(deleted)])), generic);
}

#[test]
fn the_fix_is_the_group_that_the_user_was_taken_out_of() {
    let mut evidence = sample::healthy();
    let mut others = vec![sample::assignment(sample::group_principal())];
    for name in ["Billing", "Auditors"] {
        let found = evidence.group(sample::GROUP).ok().flatten().cloned();
        let found =
            found.map(|group| crate::evidence::Group { id: name.to_owned(), name: Some(name.to_owned()), ..group });
        evidence.groups.insert(name.to_owned(), sample::known(Call::DescribeGroup, found));
        others.push(sample::assignment(Principal { kind: PrincipalType::Group, id: name.to_owned() }));
    }
    evidence.user.memberships = sample::known(Call::ListGroupMembershipsForMember, vec![]);
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
    evidence.account.assignments.insert(sample::SET.into(), sample::known(Call::ListAccountAssignments, others));
    assert_eq!(root(&evidence), "not-in-assigned-group");
    let removed = change(What::MemberRemoved, T, &[(Thing::Group, "Billing"), (Thing::User, sample::USER)]);
    let told = fixes(&with(evidence.clone(), &[by(ActorKind::Person, removed.clone())]));
    assert_eq!(told.iter().map(|fix| fix.what.as_str()).collect::<Vec<_>>(), ["Add jane.doe to group Billing"]);
    // Only likely: it comes first, and the others are told too.
    let looked_up = change(
        What::MembershipLookedUp,
        "2026-11-20T14:02:09Z",
        &[(Thing::Group, "Billing"), (Thing::User, sample::USER)],
    );
    let nameless = change(What::MemberRemoved, T, &[(Thing::Membership, "m-1")]);
    let told = fixes(&with(evidence.clone(), &[looked_up, nameless]));
    let joins: Vec<&str> = told.iter().filter(|fix| fix.command.is_some()).map(|fix| fix.what.as_str()).collect();
    assert_eq!(joins.len(), 3, "{joins:?}");
    assert!(joins[0].contains("Billing"), "{joins:?}");
    let generic = fixes(&with(evidence.clone(), &[]));
    assert_eq!(fixes(&with(evidence, &[refused(removed)])), generic);
}
