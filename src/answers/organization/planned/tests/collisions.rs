//! What a plan makes twice, what it deletes and assigns, and what it leaves.

use super::*;

fn taken() -> TakenAssignment {
    TakenAssignment {
        address: "aws_ssoadmin_account_assignment.a".to_owned(),
        account: ACCOUNT.to_owned(),
        permission_set: SET.to_owned(),
        principal: group_principal(),
    }
}

#[test]
fn one_name_for_two_permission_sets_is_taken() {
    let plan = |names: [&str; 2]| {
        let sets = names.iter().zip(["one", "two"]).map(|(name, address)| {
            let mut set = ProposedSet::new(format!("aws_ssoadmin_permission_set.{address}"), Fate::Made);
            set.name = Some((*name).to_owned());
            set.addresses = vec![set.key.clone()];
            set
        });
        judged(organization(healthy()), Proposed { sets: sets.collect(), ..Proposed::default() })
    };
    let found = plan(["Twin", "Twin"]);
    assert_eq!((rules(&found), found.outcome), (vec!["permission-set-exists"], Outcome::Broken));
    assert_eq!(found.findings[0].addresses, ["aws_ssoadmin_permission_set.one", "aws_ssoadmin_permission_set.two"]);
    assert_eq!(rules(&plan(["Twin", "Other"])), Vec::<&str>::new());
}

#[test]
fn one_assignment_at_two_addresses_is_refused_once() {
    let mut plan = changing(Fate::Made, |set| set.inline = only([ALLOW.into()]));
    assert_eq!(rules(&judged(organization(healthy()), plan.clone())), Vec::<&str>::new());
    plan.given.push(ProposedAssignment { address: "aws_ssoadmin_account_assignment.b".to_owned(), ..given(NEW) });
    let found = judged(organization(healthy()), plan);
    assert_eq!((rules(&found), found.outcome), (vec!["assignment-exists"], Outcome::Degraded));
    assert_eq!(found.findings[0].addresses.len(), 2);
}

#[test]
fn what_is_deleted_cannot_be_assigned() {
    let mut plan = changing(Fate::Deleted, |_| {});
    plan.taken = vec![taken()];
    assert_eq!(rules(&judged(organization(healthy()), plan.clone())), Vec::<&str>::new());
    plan.given = vec![ProposedAssignment { principal: Some(group("another")), ..given(SET) }];
    let found = judged(organization(healthy()), plan);
    assert!(rules(&found).contains(&"permission-set-not-found"), "{:?}", found.findings);
    let deleted = found.findings.iter().find(|one| one.rule == "permission-set-not-found").expect("it is told");
    assert!(deleted.message.contains("which it deletes"), "{deleted:?}");
}

/// An assignment stands also where it was never provisioned.
#[test]
fn what_is_assigned_is_in_use_wherever_it_stands() {
    let mut snapshot = organization(healthy());
    for version in [Version::Latest, Version::Outdated] {
        let nowhere = known(Call::ListAccountsForProvisionedPermissionSet, vec![]);
        snapshot.apply(Answer::AccountsOf(SET.to_owned(), version, nowhere));
    }
    let plan = changing(Fate::Deleted, |_| {});
    assert_eq!(rules(&judged(snapshot.clone(), plan.clone())), ["permission-set-in-use"]);
    let taken = Proposed { taken: vec![taken()], ..plan };
    assert_eq!(rules(&judged(snapshot, taken)), Vec::<&str>::new());
}

/// Whether it is assigned is told everywhere, or that it is not known where.
#[test]
fn what_is_deleted_may_be_in_use_where_it_was_not_looked() {
    let judged_of = |change: &dyn Fn(&mut Snapshot)| {
        let mut snapshot = organization(healthy());
        change(&mut snapshot);
        let plan = Proposed { taken: vec![taken()], ..changing(Fate::Deleted, |_| {}) };
        let scan = judged(snapshot, plan);
        let gaps = scan.made.gaps.iter().filter(|unread| unread.decides).map(|unread| unread.gap.message.clone());
        (scan.outcome, gaps.collect::<Vec<_>>().join("\n"))
    };
    assert_eq!(judged_of(&|_| {}), (Outcome::Clean, String::new()));
    // Another account was never asked.
    let another = |snapshot: &mut Snapshot| {
        let mut accounts = snapshot.shared.accounts.known().cloned().expect("known");
        accounts.push(crate::evidence::Account { id: "444455556666".to_owned(), ..accounts[0].clone() });
        snapshot.apply(Answer::Accounts(known(Call::ListAccounts, accounts)));
    };
    let (outcome, gaps) = judged_of(&another);
    assert_eq!(outcome, Outcome::Inconclusive);
    assert!(gaps.contains("whether it is assigned was not asked in 1 account"), "{gaps}");
    let asked = |snapshot: &mut Snapshot, rows| {
        another(snapshot);
        snapshot.apply(Answer::Assignments("444455556666".to_owned(), SET.to_owned(), rows));
    };
    assert_eq!(judged_of(&|snapshot| asked(snapshot, assigned(&[]))), (Outcome::Clean, String::new()));
    let denied = || crate::evidence::sample::denied(Call::ListAccountAssignments);
    assert_eq!(judged_of(&|snapshot| asked(snapshot, denied())).0, Outcome::Inconclusive);
    assert_eq!(judged_of(&|snapshot| asked(snapshot, assigned(&[group("another")]))).0, Outcome::Degraded);
    // Where it is was not read, or it is where nobody is assigned it.
    let (outcome, gaps) = judged_of(&|snapshot| {
        let nowhere = crate::evidence::sample::denied(Call::ListAccountsForProvisionedPermissionSet);
        snapshot.apply(Answer::AccountsOf(SET.to_owned(), Version::Outdated, nowhere));
    });
    assert_eq!(outcome, Outcome::Inconclusive, "{gaps}");
    let (outcome, gaps) = judged_of(&|snapshot| {
        snapshot.apply(Answer::Assignments(ACCOUNT.to_owned(), SET.to_owned(), assigned(&[])));
    });
    assert_eq!(outcome, Outcome::Inconclusive);
    assert!(gaps.contains("with nobody assigned: AWS may refuse to delete it"), "{gaps}");
}

/// Nobody misses a policy in an account that the permission set leaves.
#[test]
fn a_policy_may_go_with_the_last_assignment() {
    let gone = GonePolicy {
        address: "aws_iam_policy.team".to_owned(),
        account: ACCOUNT.to_owned(),
        policy: policy("my-redshift-analyst-policy"),
    };
    let plan = Proposed { gone_policies: vec![gone], ..Proposed::default() };
    assert_eq!(rules(&judged(organization(healthy()), plan.clone())), ["customer-managed-policy-missing"]);
    let left = Proposed { taken: vec![taken()], ..plan };
    assert_eq!(rules(&judged(organization(healthy()), left.clone())), Vec::<&str>::new());
    // Somebody else gets it, so that it stays.
    let given = vec![ProposedAssignment { principal: Some(group("another")), ..given(SET) }];
    let stays = judged(organization(healthy()), Proposed { given, ..left });
    assert!(rules(&stays).contains(&"customer-managed-policy-missing"), "{:?}", stays.findings);
}

/// Each of several faults that follow from none is told, and what the plan may make is not taken for missing.
#[test]
fn every_fault_of_a_pair_is_told() {
    let change = |set: &mut ProposedSet| {
        set.customer_managed = only([policy("team")]);
        set.aws_managed = only([NO_SUCH.to_owned()]);
    };
    let mut plan = changing(Fate::Made, change);
    let both = ["aws-managed-policy-missing", "customer-managed-policy-missing"];
    let sorted = |plan: Proposed| {
        let scan = judged(organization(healthy()), plan);
        let mut found: Vec<String> = rules(&scan).into_iter().map(str::to_owned).collect();
        found.sort();
        (found, scan.made.complete)
    };
    assert_eq!(sorted(plan.clone()), (both.map(str::to_owned).to_vec(), true));
    plan.policies = vec![ProposedPolicy { address: "aws_iam_policy.team".to_owned(), policy: policy("team") }];
    assert_eq!(sorted(plan), (vec![both[0].to_owned()], false));
}
