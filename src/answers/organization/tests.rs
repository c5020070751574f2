//! What was not read of groups, and groups that are gone: neither is taken for the other.

use super::sample::{assigned, group, members, whole};
use super::{Changes, Outcome, Scan, compare, only_new, prepare, relations, scan, who};
use crate::error::Error;
use crate::evidence::sample::{ACCOUNT, GROUP, SET, USER, denied, group_principal, known};
use crate::evidence::{
    About, AccountRef, Answer, AttachedPolicy, Call, InstanceDetails, Narrowed, Observed, PolicyKind, RequestKind,
    RequestStatus, Snapshot, Version,
};
use crate::model::organization::{Way, fitting, ways};
use crate::verdict::{PathState, judge_set, judge_ways};

mod causes;
mod entitled;
mod unasked;

/// A group that was deleted and still has an assignment.
const GONE: &str = "9067f0c1d2-dddddddd-2222-3333-4444-555555555555";

fn with(answers: impl IntoIterator<Item = Answer>) -> Snapshot {
    let mut snapshot = whole();
    answers.into_iter().for_each(|answer| snapshot.apply(answer));
    prepare(snapshot)
}

fn members_of(id: &str, denied_to_us: bool) -> Answer {
    let fact = if denied_to_us { denied(Call::ListGroupMemberships) } else { members(&[USER]) };
    Answer::Members(id.to_owned(), fact)
}

/// The deleted group is assigned beside the living one; AWS has no members of it to list.
fn with_a_group_gone() -> Snapshot {
    with([
        Answer::Assignments(ACCOUNT.to_owned(), SET.to_owned(), assigned(&[group_principal(), group(GONE)])),
        Answer::Group(GONE.to_owned(), known(Call::DescribeGroup, None)),
        members_of(GONE, true),
    ])
}

fn asks_for_members(scan: &Scan) -> bool {
    scan.made.gaps.iter().any(|unread| unread.gap.call == Call::ListGroupMemberships)
}

fn changes(now: &Snapshot, then: &Snapshot) -> Changes {
    let mut answer = scan(now);
    compare(&mut answer, &scan(then), (now, then));
    answer.changes.unwrap_or_default()
}

#[test]
fn a_scan_in_which_everything_was_read_is_complete() {
    let scan = scan(&with([]));
    assert!(scan.made.complete, "{:?}", scan.made.gaps);
    assert!(scan.findings.is_empty(), "{:?}", scan.findings);
}

#[test]
fn members_that_were_not_read_are_told() {
    let scan = scan(&with([members_of(GROUP, true)]));
    assert!(!scan.made.complete && asks_for_members(&scan), "{:?}", scan.made.gaps);
}

#[test]
fn a_group_that_is_gone_has_no_members_to_be_read() {
    let scan = scan(&with_a_group_gone());
    assert!(scan.made.complete && !asks_for_members(&scan), "{:?}", scan.made.gaps);
    let rules: Vec<&str> = scan.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["assignment-orphaned-principal"]);
}

/// Not known whether it is gone: then its members may be there.
#[test]
fn a_group_that_may_be_gone_has_members_that_were_not_read() {
    let scan = scan(&with([
        Answer::Assignments(ACCOUNT.to_owned(), SET.to_owned(), assigned(&[group(GONE)])),
        Answer::Group(GONE.to_owned(), denied(Call::DescribeGroup)),
        members_of(GONE, true),
    ]));
    assert!(!scan.made.complete && asks_for_members(&scan), "{:?}", scan.made.gaps);
}

#[test]
fn nobody_lost_what_was_not_read() {
    let (all, unread) = (with([]), with([members_of(GROUP, true)]));
    for (now, then) in [(&unread, &all), (&all, &unread)] {
        let changes = changes(now, then);
        assert!(!changes.knows_access, "{changes:?}");
        assert!(changes.gained.is_empty() && changes.lost.is_empty(), "{changes:?}");
    }
}

#[test]
fn who_left_a_group_lost_what_it_gave() {
    let left = with([Answer::Members(GROUP.to_owned(), members(&[]))]);
    let changes = changes(&left, &with([]));
    assert!(changes.knows_access && changes.gained.is_empty(), "{changes:?}");
    let lost: Vec<&str> = changes.lost.iter().map(|grant| grant.person.id.as_str()).collect();
    assert_eq!(lost, [USER]);
}

#[test]
fn a_group_that_is_gone_gives_nothing_and_hides_nothing() {
    let changes = changes(&with_a_group_gone(), &with([]));
    assert!(changes.knows_access, "{changes:?}");
    assert!(changes.gained.is_empty() && changes.lost.is_empty(), "{changes:?}");
}

/// Every list and every fact that a scan judges by, each denied alone.
#[test]
fn whatever_is_denied_is_told_and_nothing_is_clean() {
    use Call::*;
    let (id, set) = (ACCOUNT.to_owned(), SET.to_owned());
    let hidden = [
        Answer::Instances(denied(ListInstances)),
        Answer::InstanceDetails(denied(DescribeInstance)),
        Answer::Accounts(denied(ListAccounts)),
        Answer::PermissionSets(denied(ListPermissionSets)),
        Answer::Roots(denied(ListRoots)),
        Answer::Policies(PolicyKind::ServiceControl, denied(ListOrganizationPolicies)),
        Answer::Policies(PolicyKind::ResourceControl, denied(ListOrganizationPolicies)),
        Answer::Requests(RequestKind::Creation, RequestStatus::Failed, denied(ListAccountAssignmentCreationStatus)),
        Answer::Requests(RequestKind::Creation, RequestStatus::InProgress, denied(ListAccountAssignmentCreationStatus)),
        Answer::Requests(RequestKind::Deletion, RequestStatus::InProgress, denied(ListAccountAssignmentDeletionStatus)),
        Answer::Requests(RequestKind::Provisioning, RequestStatus::Failed, denied(ListPermissionSetProvisioningStatus)),
        Answer::PermissionSet(set.clone(), denied(DescribePermissionSet)),
        Answer::AwsManaged(set.clone(), denied(ListManagedPoliciesInPermissionSet)),
        Answer::CustomerManaged(set.clone(), denied(ListCustomerManagedPolicyReferencesInPermissionSet)),
        Answer::Inline(set.clone(), denied(GetInlinePolicyForPermissionSet)),
        Answer::Boundary(set.clone(), denied(GetPermissionsBoundaryForPermissionSet)),
        Answer::AccountsOf(set.clone(), Version::Latest, denied(ListAccountsForProvisionedPermissionSet)),
        Answer::AccountsOf(set.clone(), Version::Outdated, denied(ListAccountsForProvisionedPermissionSet)),
        Answer::Assignments(id.clone(), set, denied(ListAccountAssignments)),
        Answer::Entry(id.clone(), denied(AssumeRole)),
        Answer::PoliciesIn(id.clone(), denied(ListPolicies)),
        Answer::RolesIn(id.clone(), denied(ListRoles)),
        Answer::SamlProvidersIn(id.clone(), denied(ListSamlProviders)),
        Answer::QuotasIn(id, denied(GetAccountSummary)),
        Answer::Members(GROUP.to_owned(), denied(ListGroupMemberships)),
    ];
    for answer in hidden {
        let call = answer.call();
        let scan = scan(&with([answer]));
        let is_told = scan.made.gaps.iter().any(|unread| unread.gap.call == call && unread.decides);
        assert!(is_told && !scan.made.complete, "{call}: {:?}", scan.made.gaps);
        assert_ne!(scan.outcome, Outcome::Clean, "{call}");
    }
}

/// What a file does not hold was not asked, which is no answer either.
#[test]
fn what_was_never_asked_is_told_too() {
    let mut snapshot = with([]);
    snapshot.members.clear();
    snapshot.cut_off = true;
    let scan = scan(&snapshot);
    assert!(!scan.made.complete && asks_for_members(&scan), "{:?}", scan.made.gaps);
    assert!(scan.notes.iter().any(|note| note.id == "file-cut-off"), "{:?}", scan.notes);
    assert_eq!(scan.outcome, Outcome::Inconclusive);
}

fn narrowed(mut snapshot: Snapshot, narrowed: Narrowed) -> Snapshot {
    snapshot.scope.about = About::Everything(narrowed);
    snapshot
}

fn one(name: &str) -> Vec<String> {
    vec![name.to_owned()]
}

#[test]
fn a_name_that_fits_nothing_is_an_error() {
    let full = || Narrowed { full: true, ..Narrowed::default() };
    assert!(fitting(&narrowed(with([]), full())).is_ok());
    for (typed, code) in [
        (Narrowed { accounts: vec![ACCOUNT.to_owned(), "nosuch".to_owned()], ..full() }, "account-not-in-organization"),
        (Narrowed { permission_sets: one("nosuch"), ..full() }, "permission-set-not-found"),
        (Narrowed { permission_sets: vec![SET.to_owned(), "nosuch".to_owned()], ..full() }, "permission-set-not-found"),
    ] {
        let refused = fitting(&narrowed(with([]), typed.clone()));
        assert_eq!(refused.as_ref().map_err(Error::code), Err(code), "{typed:?}");
    }
    // It may be that one whose name could not be read.
    let unread = with([Answer::PermissionSet(SET.to_owned(), denied(Call::DescribePermissionSet))]);
    let unread = narrowed(unread, Narrowed { permission_sets: one("nosuch"), ..full() });
    assert!(fitting(&unread).is_ok());
    assert_eq!(scan(&unread).outcome, Outcome::Inconclusive);
}

/// A group without members, looked at whole, and looked at elsewhere alone.
#[test]
fn what_one_of_two_did_not_look_at_is_not_compared() {
    let empty = || with([Answer::Members(GROUP.to_owned(), members(&[]))]);
    let elsewhere = || narrowed(with([]), Narrowed { full: true, accounts: one("elsewhere"), ..Narrowed::default() });
    let blind = || with([members_of(GROUP, true)]);
    for now in [elsewhere(), blind()] {
        let changes = changes(&now, &empty());
        assert!(changes.put_right.is_empty() && changes.lost.is_empty(), "{changes:?}");
        assert!(!changes.not_compared.is_empty(), "{changes:?}");
    }
    for then in [elsewhere(), blind()] {
        let now = empty();
        let mut answer = scan(&now);
        compare(&mut answer, &scan(&then), (&now, &then));
        assert_eq!(answer.findings.iter().map(|one| one.new).collect::<Vec<_>>(), [None]);
        assert_eq!(answer.changes.as_ref().map(|changes| changes.broke), Some(0));
        only_new(&mut answer, &now);
        assert!(answer.counted().next().is_none() && answer.outcome != Outcome::Clean, "{:?}", answer.outcome);
    }
    let changes = changes(&with([]), &empty());
    assert_eq!((changes.put_right.len(), changes.not_compared.len()), (1, 0), "{changes:?}");
}

#[test]
fn without_permission_sets_the_instance_is_what_is_wrong() {
    let told = |enabled: bool| {
        let details = InstanceDetails { permission_sets_enabled: Some(enabled) };
        let mut snapshot = with([Answer::InstanceDetails(known(Call::DescribeInstance, details))]);
        if !enabled {
            // AWS answers no question about them then.
            snapshot.apply(Answer::PermissionSets(denied(Call::ListPermissionSets)));
            snapshot.shared.accounts_of.clear();
            snapshot.shared.permission_sets.clear();
            snapshot.accounts.values_mut().for_each(|account| account.assignments.clear());
        }
        scan(&snapshot).findings
    };
    assert!(told(true).is_empty());
    let found = told(false);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].rule, found[0].accounts.len()), ("permission-sets-disabled", 1));
    assert!(!found[0].fixes.is_empty() && found[0].people.is_none());
}

#[test]
fn what_the_instance_was_not_asked_is_not_put_right() {
    let of = |details| {
        let mut snapshot = with([Answer::InstanceDetails(details)]);
        snapshot.apply(Answer::PermissionSets(denied(Call::ListPermissionSets)));
        snapshot.apply(Answer::Accounts(denied(Call::ListAccounts)));
        snapshot.shared.accounts_of.clear();
        snapshot.shared.permission_sets.clear();
        snapshot.accounts.values_mut().for_each(|account| account.assignments.clear());
        snapshot
    };
    let enabled = |on| known(Call::DescribeInstance, InstanceDetails { permission_sets_enabled: Some(on) });
    let (off, on, unread) = (of(enabled(false)), of(enabled(true)), of(denied(Call::DescribeInstance)));
    assert!(scan(&off).findings[0].accounts.is_empty());
    let told = |now: &Snapshot| {
        let changes = changes(now, &off);
        (changes.put_right.len(), changes.not_compared.iter().filter(|what| what.contains("older file")).count())
    };
    assert_eq!((told(&on).0, told(&unread).0, told(&off).0), (1, 0, 0));
    assert_eq!(told(&unread).1 - told(&on).1, 1);
    let new = |then: &Snapshot| {
        let mut answer = scan(&off);
        compare(&mut answer, &scan(then), (&off, then));
        answer.findings[0].new
    };
    assert_eq!((new(&on), new(&off), new(&unread)), (Some(true), Some(false), None));
}

/// A second account that is like the first but for its id and its role.
const SECOND: &str = "999900001111";

/// Two accounts under a service control policy with these statements.
fn under(statements: &str) -> Snapshot {
    let mut snapshot = whole();
    let mut second = snapshot.accounts[ACCOUNT].clone();
    second.id = Some(SECOND.to_owned());
    let moved = |text: &mut String| *text = text.replace(ACCOUNT, SECOND);
    let Observed::Known(Some(described)) = &mut second.described.observed else { panic!("it is described") };
    moved(&mut described.id);
    described.path.iter_mut().for_each(moved);
    let described = described.clone();
    let Observed::Known(roles) = &mut second.inside.roles.observed else { panic!("its roles are listed") };
    for role in roles {
        moved(&mut role.arn);
        role.trust_policy = role.trust_policy.as_ref().map(|text| text.replace(ACCOUNT, SECOND).into());
    }
    let Observed::Known(providers) = &mut second.inside.saml_providers.observed else { panic!("they are listed") };
    for provider in providers {
        moved(&mut provider.arn);
    }
    snapshot.accounts.insert(SECOND.to_owned(), second);
    let mut accounts = snapshot.shared.accounts.known().cloned().unwrap_or_default();
    accounts.push(described);
    snapshot.shared.accounts = known(Call::ListAccounts, accounts);
    let of_set = snapshot.shared.accounts_of.get_mut(SET).expect("the set is listed");
    let both = vec![ACCOUNT.to_owned(), SECOND.to_owned()];
    of_set.latest = known(Call::ListAccountsForProvisionedPermissionSet, both.clone());
    let policy = AttachedPolicy { id: "p-guard".to_owned(), name: None, aws_managed: false };
    let kind = PolicyKind::ServiceControl;
    let mut policies = snapshot.policy_lists[&kind].known().cloned().unwrap_or_default();
    policies.push(policy);
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let full = snapshot.policy_targets["p-FullAWSAccess"].known().cloned().unwrap_or_default();
    for answer in [
        Answer::Policies(kind, known(Call::ListOrganizationPolicies, policies)),
        Answer::PolicyTargets("p-guard".to_owned(), known(Call::ListTargetsForPolicy, both)),
        Answer::PolicyTargets(
            "p-FullAWSAccess".to_owned(),
            known(Call::ListTargetsForPolicy, full.into_iter().chain([SECOND.to_owned()]).collect()),
        ),
        Answer::PolicyDocument("p-guard".to_owned(), known(Call::DescribePolicy, document.as_str().into())),
    ] {
        snapshot.apply(answer);
    }
    prepare(snapshot)
}

/// What is reckoned of one way is kept for those that are alike to the policies, and for no other.
#[test]
fn ways_that_are_judged_together_are_judged_as_each_alone() {
    let deny = |condition: &str| {
        format!(r#"{{"Sid":"Guard","Effect":"Deny","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#)
    };
    let (first, second) = (format!("arn:aws:iam::{ACCOUNT}:role/*"), format!("arn:aws:iam::{SECOND}:role/*"));
    let role_of = "arn:aws:iam::${aws:PrincipalAccount}:role/*";
    for (statement, shut) in [
        (deny(r#""Null":{"aws:PrincipalOrgID":"true"}"#), [false, false]),
        (deny(r#""StringNotEquals":{"aws:PrincipalType":"User"}"#), [true, true]),
        (deny(&format!(r#""ArnLike":{{"aws:PrincipalArn":"{first}"}}"#)), [true, false]),
        (deny(&format!(r#""ArnNotLike":{{"aws:PrincipalArn":["{first}"]}}"#)), [false, true]),
        (deny(&format!(r#""StringEquals":{{"AWS:principalaccount":"{SECOND}"}}"#)), [false, true]),
        (deny(&format!(r#""ArnNotLike":{{"aws:PrincipalArn":"{role_of}"}}"#)), [false, false]),
        (deny(&format!(r#""ArnLike":{{"aws:PrincipalArn":"{role_of}"}}"#)), [true, true]),
        (deny(&format!(r#""StringLike":{{"aws:PrincipalOrgPaths":"*/{SECOND}/*"}}"#)), [false, false]),
        (deny(r#""StringLike":{"aws:userid":"*:somebody"}"#), [false, false]),
        (deny(r#""StringEquals":{"aws:RequestedRegion":"eu-west-1"}"#), [false, false]),
        (deny(&format!(r#""ArnLike":{{"aws:PrincipalArn":["{first}","{second}"]}}"#)), [true, true]),
        // Variables in resources too.
        (
            r#"{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${aws:PrincipalAccount}-*"}"#.to_owned(),
            [false, false],
        ),
    ] {
        let snapshot = under(&statement);
        let (ways, _) = ways(&snapshot);
        assert_eq!(ways.len(), 2, "{ways:?}");
        // Whichever comes first is the one that others are told by.
        for ways in [ways.clone(), ways.iter().rev().copied().collect()] {
            let alone = |way: &Way<'_>| way.here(&snapshot).map(|here| judge_set(here, way.principal));
            let alone: Vec<_> = ways.iter().map(alone).collect();
            let together = judge_ways(&snapshot, &ways);
            assert_eq!(format!("{together:?}"), format!("{alone:?}"), "{statement}");
            for (way, judged) in ways.iter().zip(together) {
                let cause = judged.expect("the account is known").cause;
                let is_shut = cause.is_some_and(|cause| cause.rule == "service-control-policy-denies-session");
                assert_eq!(is_shut, shut[usize::from(way.account == SECOND)], "{statement} in {}", way.account);
            }
        }
    }
}

#[test]
fn whom_a_policy_means_alone_is_told_apart() {
    let aimed = |whom: &str| {
        let condition = format!(r#""StringEquals":{{"identitystore:UserId":"{whom}"}}"#);
        let snapshot =
            under(&format!(r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#));
        let relations = relations(&snapshot);
        let otherwise: Vec<_> = relations.otherwise.iter().map(|(.., judged)| (judged.state, judged.rule)).collect();
        let mut snapshot = snapshot;
        snapshot.scope.about = About::Account(AccountRef::Id(ACCOUNT.to_owned()));
        let rows: Vec<_> = who(&snapshot).access.into_iter().map(|row| (row.state, row.rule)).collect();
        (rows, otherwise.first().copied())
    };
    let told = (PathState::Degraded, Some("user-denied-by-policy"));
    assert_eq!(aimed(USER), (vec![told], Some(told)));
    assert_eq!(aimed("somebody-else"), (vec![(PathState::Open, None)], None));
}
