//! What a plan deletes while something needs it.

use super::*;

#[test]
fn a_policy_that_goes_away_is_missing_where_it_is_needed() {
    let gone = |account: &str, name: &str| GonePolicy {
        address: "aws_iam_policy.team".to_owned(),
        account: account.to_owned(),
        policy: policy(name),
    };
    let of = |gone: GonePolicy| Proposed { gone_policies: vec![gone], ..Proposed::default() };
    let needed = of(gone(ACCOUNT, "my-redshift-analyst-policy"));
    let found = judged(organization(healthy()), needed.clone());
    assert_eq!((rules(&found), found.outcome), (vec!["customer-managed-policy-missing"], Outcome::Degraded));
    assert_eq!(found.findings[0].addresses, ["aws_iam_policy.team"]);
    assert!(
        found.findings[0].message.contains("The plan deletes it there (aws_iam_policy.team)."),
        "{:?}",
        found.findings
    );
    let fixes: Vec<&str> = found.findings[0].fixes.iter().map(|fix| fix.what.as_str()).collect();
    assert_eq!(fixes, ["Keep the policy while a permission set names it, or take it out of the permission set first"]);
    for harmless in [gone("999999999999", "my-redshift-analyst-policy"), gone(ACCOUNT, "another")] {
        let fine = judged(organization(healthy()), of(harmless));
        assert_eq!((rules(&fine), fine.outcome), (vec![], Outcome::Clean), "{:?}", fine.made.gaps);
    }
    // Nothing names it any more.
    let mut replaced = changing(Fate::Stays, |set| {
        set.customer_managed = only([]);
        set.inline = only([ALLOW.into()]);
    });
    replaced.gone_policies.clone_from(&needed.gone_policies);
    assert_eq!(rules(&judged(organization(healthy()), replaced)), Vec::<&str>::new());
    // What names it was not read.
    let mut unread = organization(healthy());
    let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
    unread.apply(Answer::CustomerManaged(SET.to_owned(), crate::evidence::sample::denied(call)));
    assert_eq!(judged(unread, needed).outcome, Outcome::Inconclusive);
}

#[test]
fn a_group_that_goes_away_leaves_what_is_assigned_to_it() {
    let of = |id: &str| {
        let address = "aws_identitystore_group.g".to_owned();
        Proposed { gone_people: vec![GonePrincipal { address, principal: group(id) }], ..Proposed::default() }
    };
    let found = judged(organization(healthy()), of(GROUP));
    assert_eq!((rules(&found), found.outcome), (vec!["assignment-orphaned-principal"], Outcome::Degraded));
    assert!(
        found.findings[0].message.contains("group DataAnalysts, and RedshiftAnalyst stays"),
        "{:?}",
        found.findings
    );
    assert_eq!(found.findings[0].addresses, ["aws_identitystore_group.g"]);
    let fine = judged(organization(healthy()), of("g-nothing"));
    assert_eq!(rules(&fine), Vec::<&str>::new());
    let mut taken = of(GROUP);
    taken.taken = vec![TakenAssignment {
        address: "aws_ssoadmin_account_assignment.a".to_owned(),
        permission_set: SET.to_owned(),
        account: ACCOUNT.to_owned(),
        principal: group_principal(),
    }];
    assert_eq!(judged(organization(healthy()), taken).outcome, Outcome::Clean);
    // Where the permission sets are was not read.
    let mut unlisted = whole();
    let nowhere = || crate::evidence::sample::denied(Call::ListAccountsForProvisionedPermissionSet);
    for version in [Version::Latest, Version::Outdated] {
        unlisted.apply(Answer::AccountsOf(SET.to_owned(), version, nowhere()));
    }
    unlisted.accounts.clear();
    assert_eq!(judged(unlisted, of("g-nothing")).outcome, Outcome::Inconclusive);
    // Who is assigned what was not read.
    let mut unread = whole();
    unread.accounts.values_mut().for_each(|account| account.assignments.clear());
    assert_eq!(judged(unread, of(GROUP)).outcome, Outcome::Inconclusive);
}

/// A file of everything has it all, however many places these are.
#[test]
fn of_a_group_that_goes_away_all_places_that_were_read_count() {
    let mut snapshot = whole();
    let ids: Vec<String> = (0..600).map(|number| format!("{number:012}")).collect();
    let list = |ids: Vec<String>| known(Call::ListAccountsForProvisionedPermissionSet, ids);
    snapshot.apply(Answer::AccountsOf(SET.to_owned(), Version::Latest, list(ids.clone())));
    for id in &ids {
        snapshot.apply(Answer::Assignments(id.clone(), SET.to_owned(), assigned(&[group_principal()])));
    }
    let address = "aws_identitystore_group.g".to_owned();
    let of = |id: &str| Proposed {
        gone_people: vec![GonePrincipal { address: address.clone(), principal: group(id) }],
        ..Proposed::default()
    };
    snapshot.apply(Answer::Group("g-nothing".to_owned(), known(Call::DescribeGroup, None)));
    let fine = judged(snapshot.clone(), of("g-nothing"));
    assert_eq!(
        (rules(&fine), fine.outcome, fine.made.complete),
        (vec![], Outcome::Clean, true),
        "{:?}",
        fine.made.gaps
    );
    let found = judged(snapshot.clone(), of(GROUP));
    assert_eq!((rules(&found), found.made.complete), (vec!["assignment-orphaned-principal"], true));
    assert_eq!(found.findings[0].accounts.len(), 601);
    // Without it, so many are not asked, and that is said.
    snapshot.accounts.values_mut().for_each(|account| account.assignments.clear());
    assert_eq!(judged(snapshot, of("g-nothing")).outcome, Outcome::Inconclusive);
}
