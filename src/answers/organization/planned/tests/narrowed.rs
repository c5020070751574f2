//! What is left of a plan's findings where some of their accounts are accepted exceptions.

use jiff::civil::date;

use super::members::{leaves, with_members};
use super::*;
use crate::answers::organization::{Accepted, ScanFinding, accept};
use crate::evidence::sample::USER;
use crate::evidence::{Account, Assignment};

const SECOND: &str = "222222222222";
const THIRD: &str = "333333333333";

/// The organization with two more accounts that are like the first one.
fn three_accounts() -> Snapshot {
    let mut snapshot = with_members(healthy(), &[USER]);
    let first = snapshot.accounts.get(ACCOUNT).cloned().expect("the account");
    let listed = snapshot.shared.accounts.known().cloned().expect("known")[0].clone();
    let others = [SECOND, THIRD].map(|id| Account {
        id: id.to_owned(),
        name: Some(format!("name-{id}")),
        path: listed.path.as_ref().map(|path| path.replace(ACCOUNT, id)),
        ..listed.clone()
    });
    for other in &others {
        let mut account = first.clone();
        account.id = Some(other.id.clone());
        account.described = known(Call::DescribeAccount, Some(other.clone()));
        // What is in it is its own.
        let own = |text: &str| text.replace(ACCOUNT, &other.id);
        let mut roles = account.inside.roles.known().cloned().expect("known");
        for role in &mut roles {
            role.arn = own(&role.arn);
            role.trust_policy = role.trust_policy.as_deref().map(|text| own(text).into());
        }
        account.inside.roles = known(Call::ListRoles, roles);
        let mut providers = account.inside.saml_providers.known().cloned().expect("known");
        for one in &mut providers {
            one.arn = own(&one.arn);
        }
        account.inside.saml_providers = known(Call::ListSamlProviders, providers);
        account.inside.policies.account = Some(other.id.clone());
        let row =
            Assignment { account: other.id.clone(), permission_set: SET.to_owned(), principal: group_principal() };
        account.assignments.insert(SET.to_owned(), known(Call::ListAccountAssignments, vec![row]));
        snapshot.accounts.insert(other.id.clone(), account);
    }
    let ids = [ACCOUNT, SECOND, THIRD].map(str::to_owned).to_vec();
    let latest = known(Call::ListAccountsForProvisionedPermissionSet, ids);
    snapshot.apply(Answer::AccountsOf(SET.to_owned(), Version::Latest, latest));
    snapshot.apply(Answer::Accounts(known(Call::ListAccounts, [vec![listed], others.to_vec()].concat())));
    snapshot
}

/// The only finding of a plan, and what is left of it without these accounts.
fn narrowed(plan: Proposed, without: &[&str]) -> (ScanFinding, ScanFinding) {
    let mut snapshot = three_accounts();
    snapshot.scope.about = About::Planned(Box::new(plan));
    let snapshot = prepare(snapshot);
    let mut scan = planned(&snapshot);
    assert_eq!(scan.findings.len(), 1, "{:?} {:?}", scan.findings, scan.made.gaps);
    let whole = scan.findings[0].clone();
    let accepted: Vec<Accepted> = without
        .iter()
        .map(|account| Accepted {
            rule: whole.rule.to_owned(),
            account: Some((*account).to_owned()),
            permission_set: None,
            until: date(2030, 1, 1),
            because: "it is known".to_owned(),
        })
        .collect();
    accept(&mut scan, &snapshot, &accepted, date(2029, 1, 1));
    assert_eq!(scan.accepted, without.len());
    (whole, scan.findings.remove(0))
}

fn says_nothing_of(finding: &ScanFinding, accounts: &[&str]) {
    for account in accounts {
        let all = format!("{} {:?} {:?} {:?}", finding.message, finding.fixes, finding.evidence, finding.accounts);
        assert!(!all.contains(account), "{account}: {all}");
    }
}

#[test]
fn a_cause_is_told_of_the_accounts_that_stay() {
    let mut plan = changing(Fate::Stays, |set| set.customer_managed = only([policy("not-there")]));
    plan.gone_policies = vec![];
    let (whole, left) = narrowed(plan, &[ACCOUNT, SECOND]);
    assert!(whole.message.contains("The same in 2 more accounts. In the plan: "), "{}", whole.message);
    assert!(left.message.contains(THIRD) && !left.message.contains("The same in"), "{}", left.message);
    assert!(left.message.contains(&format!("In the plan: {SET}.content.")), "{}", left.message);
    assert_eq!(left.addresses, whole.addresses);
    says_nothing_of(&left, &[ACCOUNT, SECOND]);
    assert!(left.fixes.len() < whole.fixes.len() && !left.fixes.is_empty(), "{:?}", left.fixes);
}

#[test]
fn a_policy_that_goes_away_in_some_accounts_is_told_of_those_that_stay() {
    let gone = |address: &str, account: &str| GonePolicy {
        address: address.to_owned(),
        account: account.to_owned(),
        policy: policy("my-redshift-analyst-policy"),
    };
    let both = vec![gone("aws_iam_policy.second", SECOND), gone("aws_iam_policy.third", THIRD)];
    let (whole, left) = narrowed(Proposed { gone_policies: both, ..Proposed::default() }, &[SECOND]);
    assert!(
        whole.message.ends_with("The plan deletes it there (aws_iam_policy.second and aws_iam_policy.third)."),
        "{}",
        whole.message
    );
    assert!(left.message.ends_with("The plan deletes it there (aws_iam_policy.third)."), "{}", left.message);
    assert_eq!(left.addresses, ["aws_iam_policy.third"]);
    says_nothing_of(&left, &[SECOND, "aws_iam_policy.second"]);
}

#[test]
fn whatever_a_plan_does_to_people_is_told_of_the_accounts_that_stay() {
    let address = "aws_identitystore_group.g".to_owned();
    let deletes =
        Proposed { gone_people: vec![GonePrincipal { address, principal: group_principal() }], ..Proposed::default() };
    let empties = Proposed { left: vec![leaves(GROUP, USER)], ..Proposed::default() };
    let drops = changing(Fate::Deleted, |_| {});
    for plan in [deletes, empties, drops] {
        let (whole, left) = narrowed(plan, &[ACCOUNT]);
        assert!(whole.message.contains(" in 3 accounts: "), "{}", whole.message);
        assert!(left.message.contains(" in 2 accounts: "), "{}", left.message);
        assert_eq!((left.accounts.len(), left.addresses.len()), (2, whole.addresses.len()));
        assert_eq!(left.permission_set.as_ref().map(|set| set.arn.as_str()), Some(SET));
    }
}

#[test]
fn assignments_to_nobody_are_told_of_the_accounts_that_stay() {
    let to_nobody = |name: &str, account: &str| ProposedAssignment {
        address: format!("aws_ssoadmin_account_assignment.{name}"),
        account: Some(account.to_owned()),
        principal: Some(group("g-none")),
        ..given(SET)
    };
    let plan = Proposed { given: vec![to_nobody("a", ACCOUNT), to_nobody("b", SECOND)], ..Proposed::default() };
    let mut snapshot = three_accounts();
    snapshot.apply(Answer::Group("g-none".to_owned(), known(Call::DescribeGroup, None)));
    snapshot.scope.about = About::Planned(Box::new(plan));
    let snapshot = prepare(snapshot);
    let mut scan = planned(&snapshot);
    assert!(
        scan.findings[0].message.starts_with("2 permission sets are assigned to group g-none"),
        "{:?}",
        scan.findings
    );
    let accepted = Accepted {
        rule: "assignment-orphaned-principal".to_owned(),
        account: Some(ACCOUNT.to_owned()),
        permission_set: None,
        until: date(2030, 1, 1),
        because: "it is known".to_owned(),
    };
    accept(&mut scan, &snapshot, &[accepted], date(2029, 1, 1));
    assert!(
        scan.findings[0].message.starts_with("A permission set is assigned to group g-none"),
        "{:?}",
        scan.findings
    );
    assert_eq!(scan.findings[0].addresses, ["aws_ssoadmin_account_assignment.b"]);
}
