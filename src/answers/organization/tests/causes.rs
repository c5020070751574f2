//! What is told of a permission set in an account where several things are wrong with it at once, and of whom.

use super::{ACCOUNT, GROUP, SET, USER, group, group_principal, members, prepare, scan, under, whole, with};
use crate::answers::organization::sample::assigned;
use crate::evidence::sample::{add_request, colleague, known};
use crate::evidence::{Answer, Boundary, Call, Fact, PolicyReference, RequestStatus, Snapshot, Version};

fn policy(name: &str) -> PolicyReference {
    PolicyReference { name: name.to_owned(), path: "/".to_owned() }
}

fn none<T>(call: Call) -> Fact<Vec<T>> {
    Fact { account: Some(ACCOUNT.to_owned()), ..known(call, Vec::new()) }
}

/// It was never provisioned in the account.
pub(super) fn unprovisioned() -> Vec<Answer> {
    let (id, set) = (ACCOUNT.to_owned(), SET.to_owned());
    let mut answers = vec![Answer::RolesIn(id.clone(), none(Call::ListRoles))];
    for version in [Version::Latest, Version::Outdated] {
        let nowhere = known(Call::ListAccountsForProvisionedPermissionSet, Vec::new());
        answers.push(Answer::AccountsOf(set.clone(), version, nowhere));
        answers.push(Answer::SetsOf(id.clone(), version, none(Call::ListPermissionSetsProvisionedToAccount)));
    }
    answers
}

fn rules(snapshot: &Snapshot) -> Vec<&'static str> {
    let mut rules: Vec<_> = scan(snapshot).findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules
}

#[test]
fn each_fault_that_follows_from_none_is_a_finding() {
    let references = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
    let boundary = Some(Boundary::CustomerManaged(policy("bounds")));
    let mut answers = unprovisioned();
    answers.push(Answer::CustomerManaged(SET.to_owned(), known(references, vec![policy("team")])));
    answers.push(Answer::Boundary(SET.to_owned(), known(Call::GetPermissionsBoundaryForPermissionSet, boundary)));
    let snapshot = with(answers);
    assert_eq!(rules(&snapshot), ["customer-managed-policy-missing", "permissions-boundary-missing"]);
    let findings = scan(&snapshot).findings;
    let first = findings.iter().find(|one| one.rule == "customer-managed-policy-missing").expect("a finding");
    assert!(first.follows.contains(&"permission-set-not-provisioned"), "{:?}", first.follows);
}

/// The failed request for the only one who is assigned is the cause, and for somebody else it is none.
#[test]
fn what_follows_from_each_assignment_is_no_finding_beside_it() {
    let other = "9067f0c1d2-eeeeeeee-2222-3333-4444-555555555555";
    let of = |principals: &[_]| {
        let mut snapshot = whole();
        let log = &mut snapshot.shared.creation;
        add_request(log, "r1", RequestStatus::Failed, "2026-11-21T01:00:00Z", Some(group_principal()));
        log.succeeded = known(Call::ListAccountAssignmentCreationStatus, vec![]);
        snapshot.apply(Answer::Assignments(ACCOUNT.to_owned(), SET.to_owned(), assigned(principals)));
        snapshot.apply(Answer::Members(other.to_owned(), members(&[USER])));
        let named = snapshot.shared.groups.get(GROUP).expect("the group").clone();
        snapshot.apply(Answer::Group(other.to_owned(), named));
        for answer in unprovisioned() {
            snapshot.apply(answer);
        }
        rules(&prepare(snapshot))
    };
    assert_eq!(of(&[group_principal()]), ["assignment-creation-failed"]);
    let both = ["assignment-creation-failed", "permission-set-not-provisioned"];
    assert_eq!(of(&[group_principal(), group(other)]), both);
}

#[test]
fn who_is_disabled_is_kept_out_by_no_other_fault() {
    let kept_out = |status: &str| {
        let mut snapshot = with(unprovisioned());
        let user = colleague::john(status);
        let (id, described) = (user.id.clone(), known(Call::DescribeUser, Some(user)));
        snapshot.apply(Answer::User(id.clone(), described));
        snapshot.apply(Answer::Members(GROUP.to_owned(), members(&[USER, &id])));
        let scan = scan(&prepare(snapshot));
        let [finding] = &scan.findings[..] else { panic!("{:?}", scan.findings) };
        (finding.people, finding.kept_out)
    };
    assert_eq!(kept_out("ENABLED"), (Some(2), Some(2)));
    assert_eq!(kept_out("DISABLED"), (Some(2), Some(1)));
}

/// A policy of the organization that hangs on where people call from: nobody is told to be shut out, and nobody that all is
/// decided.
#[test]
fn what_service_control_policies_leave_open_is_told() {
    let rule = "service-control-policy-denies-session";
    let told = |condition: &str| {
        let snapshot = under(&format!(r#"{{"Effect":"Deny","Action":"*","Resource":"*"{condition}}}"#));
        let scan = scan(&snapshot);
        let notes: Vec<String> = scan.notes.iter().map(|note| note.message.clone()).collect();
        let undecided = scan.accounts.iter().filter(|account| account.undecided.contains_key(rule)).count();
        (notes, undecided, scan.findings.len())
    };
    let (notes, undecided, findings) = told(r#","Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#);
    assert_eq!((notes.len(), undecided, findings), (1, 2, 0), "{notes:?}");
    assert!(notes[0].starts_with("In 2 accounts (") && notes[0].contains("may leave sessions nothing"), "{notes:?}");
    let (notes, undecided, findings) = told(r#","Condition":{"StringEquals":{"aws:PrincipalTag/team":"none"}}"#);
    assert_eq!((notes.len(), undecided, findings), (0, 0, 0), "{notes:?}");
    let (notes, undecided, findings) = told("");
    assert_eq!((notes.len(), undecided, findings), (0, 0, 1), "{notes:?}");
}
