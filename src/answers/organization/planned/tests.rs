//! What a plan comes to, held against a scan of the organization in which it is carried out.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::planned;
use crate::answers::organization::sample::{assigned, group, members as sample_members, whole, whole_of};
use crate::answers::organization::{Outcome, Scan, prepare, scan};
use crate::evidence::sample::{ACCOUNT, GROUP, ROOT, SET, attach, group_principal, healthy, known};
use crate::evidence::{
    About, AccountsOf, Answer, Boundary, Call, Edit, Evidence, Fate, GonePolicy, GonePrincipal, PolicyKind,
    PolicyReference, Proposed, ProposedAssignment, ProposedPolicy, ProposedSet, Role, Snapshot, TakenAssignment,
    Untold, Version,
};
use crate::findings::{Confidence, Effect};
use crate::model::organization::carried_out;

mod collisions;
mod gone;
mod members;
mod narrowed;
mod taken;

const NEW: &str = "aws_ssoadmin_permission_set.new";
const DENY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const DENY_ALL: &str = "arn:aws:iam::aws:policy/AWSDenyAll";
const NO_SUCH: &str = "arn:aws:iam::aws:policy/NoSuchPolicy";

fn policy(name: &str) -> PolicyReference {
    PolicyReference { name: name.to_owned(), path: "/".to_owned() }
}

fn only<T>(list: impl IntoIterator<Item = T>) -> Edit<T> {
    Edit { only: Some(list.into_iter().collect()), ..Edit::default() }
}

/// The organization, with AWS's own policies looked for.
fn organization(evidence: Evidence) -> Snapshot {
    let mut snapshot = whole_of(evidence);
    for (arn, version) in [(READ_ONLY, Some("v1")), (DENY_ALL, Some("v1")), (NO_SUCH, None)] {
        let fact = known(Call::GetPolicy, version.map(str::to_owned));
        snapshot.apply(Answer::AwsManagedPolicy(arn.to_owned(), fact));
    }
    // Scans do not read what roles carry.
    for account in snapshot.accounts.values_mut() {
        account.inside.role_policies.clear();
        account.inside.policy_documents.clear();
    }
    snapshot
}

fn judged(mut snapshot: Snapshot, plan: Proposed) -> Scan {
    snapshot.scope.about = About::Planned(Box::new(plan));
    planned(&prepare(snapshot))
}

fn given(key: &str) -> ProposedAssignment {
    ProposedAssignment {
        address: "aws_ssoadmin_account_assignment.a".to_owned(),
        sets: vec![key.to_owned()],
        certain: true,
        account: Some(ACCOUNT.to_owned()),
        principal: Some(group_principal()),
        may_be_for: Vec::new(),
    }
}

/// A permission set that is there and changes, or one that is made and assigned.
fn changing(fate: Fate, edit: impl FnOnce(&mut ProposedSet)) -> Proposed {
    let key = if fate == Fate::Made { NEW } else { SET };
    let mut set = ProposedSet::new(key.to_owned(), fate);
    set.name = Some("New".to_owned()).filter(|_| fate == Fate::Made);
    set.addresses = vec![format!("{key}.content")];
    edit(&mut set);
    let given = (fate == Fate::Made).then(|| given(NEW)).into_iter().collect();
    Proposed { sets: vec![set], given, ..Proposed::default() }
}

fn rules(scan: &Scan) -> Vec<&str> {
    scan.findings.iter().map(|finding| finding.rule).collect()
}

/// The organization once the plan is carried out: the role of what it assigns is there, and all is provisioned.
fn applied(snapshot: &Snapshot, plan: &Proposed) -> Snapshot {
    let mut after = carried_out(snapshot, plan);
    for given in &plan.given {
        let (key, account) = (given.sets[0].clone(), ACCOUNT.to_owned());
        let list = |ids: Vec<String>| known(Call::ListAccountsForProvisionedPermissionSet, ids);
        let of = AccountsOf { latest: list(vec![account.clone()]), outdated: list(vec![]) };
        after.shared.accounts_of.insert(key.clone(), of);
        let mut all = after.shared.permission_set_arns.known().cloned().expect("known");
        all.push(key.clone());
        after.apply(Answer::PermissionSets(known(Call::ListPermissionSets, all)));
        let there = after.accounts.get(ACCOUNT).expect("the account");
        let mut sets = there.provisioned_latest.known().cloned().expect("known");
        sets.push(key.clone());
        let mut roles = there.inside.roles.known().cloned().expect("known");
        let name = "AWSReservedSSO_New_0123456789abcdef".to_owned();
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/{name}");
        let healthy = healthy().account.inside.roles.known().expect("known")[0].clone();
        roles.push(Role { arn, name, ..healthy });
        let account = after.accounts.entry(account).or_insert_with(|| unreachable!("it is there"));
        account.provisioned_latest = known(Call::ListPermissionSetsProvisionedToAccount, sets);
        account.inside.roles = known(Call::ListRoles, roles);
        account.assignments.insert(key, assigned(given.principal.as_slice()));
    }
    after
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Nothing,
    NoProvider,
    Trust,
    ServiceControl,
    ResourceControl,
    Suspended,
}

fn troubled(trouble: Trouble) -> Evidence {
    let mut evidence = healthy();
    let deny = r#"{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}"#;
    match trouble {
        Trouble::Nothing => {}
        Trouble::NoProvider => {
            evidence.account.inside.saml_providers = known(Call::ListSamlProviders, vec![]);
        }
        Trouble::Trust => {
            let mut roles = evidence.account.inside.roles.known().cloned().expect("known");
            let trust = roles[0].trust_policy.take().expect("there");
            roles[0].trust_policy = Some(trust.replace("sts:AssumeRoleWithSAML", "sts:AssumeRole").into());
            evidence.account.inside.roles = known(Call::ListRoles, roles);
        }
        Trouble::ServiceControl => {
            let deny = r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#;
            attach(&mut evidence, PolicyKind::ServiceControl, ROOT, deny);
        }
        Trouble::ResourceControl => attach(&mut evidence, PolicyKind::ResourceControl, ROOT, deny),
        Trouble::Suspended => {
            let mut described = evidence.account.described.known().cloned().expect("known").expect("there");
            described.state = Some("SUSPENDED".to_owned());
            evidence.account.described = known(Call::DescribeAccount, Some(described));
        }
    }
    evidence
}

fn contents() -> impl Strategy<Value = (Vec<&'static str>, Vec<&'static str>, Option<&'static str>, bool)> {
    let customer = prop::sample::subsequence(vec!["my-redshift-analyst-policy", "not-there"], 0..=2);
    let aws = prop::sample::subsequence(vec![READ_ONLY, DENY_ALL, NO_SUCH], 0..=2);
    let inline = prop::option::of(prop::sample::select(vec![DENY, ALLOW, "{"]));
    (customer, aws, inline, any::<bool>())
}

fn people() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(vec![crate::evidence::sample::USER, members::OTHER], 0..=2)
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(20_261_127), ..ProptestConfig::default() })]

    /// Whatever a scan finds afterwards is found before, or something at least as bad in the same place.
    #[test]
    fn what_a_scan_finds_afterwards_is_found_before(
        (customer, aws, inline, bounded) in contents(),
        is_made in any::<bool>(),
        trouble in prop::sample::select(vec![
            Trouble::Nothing, Trouble::NoProvider, Trouble::Trust, Trouble::ServiceControl, Trouble::ResourceControl,
            Trouble::Suspended,
        ]),
        (there, leave, join) in (people(), people(), people()),
        is_group_made in any::<bool>(),
    ) {
        let snapshot = members::with_members(troubled(trouble), &there);
        let is_group_made = is_made && is_group_made;
        let filled = if is_group_made { members::MADE } else { GROUP };
        let mut plan = changing(if is_made { Fate::Made } else { Fate::Stays }, |set| {
            set.customer_managed = only(customer.iter().map(|name| policy(name)));
            set.aws_managed = only(aws.iter().map(|arn| (*arn).to_owned()));
            set.inline = only(inline.map(Into::into));
            set.boundary = only(bounded.then(|| Boundary::CustomerManaged(policy("not-there"))));
        });
        if is_group_made {
            plan.made_people.push(members::made_group());
            plan.given[0].principal = Some(group(filled));
        }
        // Nobody leaves a group that they are not in, and AWS makes no membership that is there.
        let leave: Vec<&str> = leave.into_iter().filter(|one| there.contains(one)).collect();
        let stay: Vec<&str> = there.iter().copied().filter(|one| !leave.contains(one)).collect();
        let join: Vec<&str> = join.into_iter().filter(|one| is_group_made || !stay.contains(one)).collect();
        plan.left = leave.iter().map(|one| members::leaves(GROUP, one)).collect();
        plan.joined = join.iter().map(|one| members::joins(filled, one)).collect();
        let touched = plan.sets[0].key.clone();
        let mut then = applied(&snapshot, &plan);
        let of_group: Vec<&str> = stay.iter().chain(join.iter().filter(|_| !is_group_made)).copied().collect();
        then.apply(Answer::Members(GROUP.to_owned(), sample_members(&of_group)));
        if is_group_made {
            then.apply(Answer::Members(filled.to_owned(), sample_members(&join)));
        }
        let is_emptied = !leave.is_empty() && of_group.is_empty();
        let afterwards = scan(&prepare(then));
        let before = judged(snapshot, plan);
        for found in &afterwards.findings {
            let is_of_it = found.permission_set.as_ref().is_none_or(|set| set.arn == touched);
            // A role that is not there yet is made with a trust policy of its own.
            let is_of_another_role = is_made && found.rule == "role-trust-altered";
            let covers = before.findings.iter().any(|one| {
                found.accounts.iter().all(|account| one.accounts.contains(account))
                    && (one.rule == found.rule || one.effect <= found.effect)
            });
            // A group that is empty anyway is none of the plan's, unless the plan assigns something to it.
            let is_anyway = found.rule == "group-empty" && !is_made && !is_emptied;
            prop_assert!(
                covers || !is_of_it || is_of_another_role || is_anyway,
                "{}: {:?}", found.message, rules(&before)
            );
        }
        let is_found = before.findings.iter().any(|one| one.rule == "group-empty" && one.addresses.iter().any(|one| one.contains("leaves")));
        prop_assert_eq!(is_found, is_emptied);
        // What cannot be told afterwards is not told before either.
        prop_assert!(afterwards.outcome != Outcome::Inconclusive || before.outcome != Outcome::Clean);
        prop_assert!(afterwards.outcome != Outcome::Clean || before.outcome == Outcome::Clean, "{:?}", before.findings);
    }
}

#[test]
fn contents_that_leave_nothing_are_found_before() {
    for fate in [Fate::Stays, Fate::Made] {
        let nothing = changing(fate, |set| set.customer_managed = only([]));
        let found = judged(organization(healthy()), nothing);
        assert_eq!(rules(&found), ["permission-set-empty"], "{fate:?}");
        assert_eq!((found.outcome, found.findings[0].effect), (Outcome::Degraded, Effect::Degrades));
        assert!(found.findings[0].fixes[0].what.contains("in the configuration"), "{:?}", found.findings[0].fixes);
        for (inline, aws) in [(Some(DENY), None), (None, Some(DENY_ALL))] {
            let denied = changing(fate, |set| {
                set.inline = only(inline.map(Into::into));
                set.aws_managed = only(aws.map(str::to_owned));
            });
            assert_eq!(rules(&judged(organization(healthy()), denied)), ["permission-set-denies-session"], "{fate:?}");
        }
        let something = changing(fate, |set| {
            set.customer_managed = only([]);
            set.inline = only([ALLOW.into()]);
        });
        let fine = judged(organization(healthy()), something);
        assert_eq!(
            (rules(&fine), fine.outcome, fine.made.complete),
            (vec![], Outcome::Clean, true),
            "{:?}",
            fine.made.gaps
        );
    }
}

/// What else it names is told only later: it may be what lets people do something. What denies everything does so all the
/// same.
#[test]
fn what_is_told_in_part_is_not_called_empty() {
    for fate in [Fate::Stays, Fate::Made] {
        let in_part = |inline: Option<&str>| {
            let mut plan = changing(fate, |set| {
                set.customer_managed = only([]);
                set.inline = only(inline.map(Into::into));
            });
            plan.in_part.insert(plan.sets[0].key.clone());
            let message = "the plan does not tell the policy".to_owned();
            plan.untold = vec![Untold { call: Call::ListManagedPoliciesInPermissionSet, message }];
            judged(organization(healthy()), plan)
        };
        let unknown = in_part(None);
        assert_eq!((rules(&unknown), unknown.outcome), (vec![], Outcome::Inconclusive), "{fate:?}");
        assert_eq!(rules(&in_part(Some(DENY))), ["permission-set-denies-session"], "{fate:?}");
    }
}

/// Whether provisioning puts an account's side right is not certain, and never taken for granted.
#[test]
fn an_account_that_shuts_its_roles_is_found_before() {
    let again = || Proposed { given: vec![given(SET)], ..Proposed::default() };
    let anew = || changing(Fate::Made, |set| set.aws_managed = only([READ_ONLY.to_owned()]));
    for (trouble, plan, rule) in [
        (Trouble::NoProvider, again(), Some("saml-provider-missing")),
        (Trouble::NoProvider, anew(), Some("saml-provider-missing")),
        (Trouble::Trust, again(), Some("role-trust-altered")),
        // The role that is made for it has a trust policy of its own.
        (Trouble::Trust, anew(), None),
        (Trouble::ServiceControl, anew(), Some("service-control-policy-denies-session")),
    ] {
        let found = judged(organization(troubled(trouble)), plan);
        let found: Vec<_> = found.findings.iter().filter(|one| one.rule != "assignment-exists").collect();
        assert_eq!(found.iter().map(|one| one.rule).collect::<Vec<_>>(), Vec::from_iter(rule), "{trouble:?}");
        if matches!(trouble, Trouble::NoProvider | Trouble::Trust) {
            assert!(found.iter().all(|one| one.confidence == Confidence::Likely && one.effect == Effect::Blocks));
            assert!(found.iter().all(|one| one.message.contains("Identity Center may put that right")), "{found:?}");
        }
    }
    // The first permission set of an account brings role and provider along.
    let mut evidence = troubled(Trouble::NoProvider);
    evidence.account.inside.roles = known(Call::ListRoles, vec![]);
    assert_eq!(rules(&judged(organization(evidence), anew())), Vec::<&str>::new());
}

#[test]
fn what_the_plan_makes_elsewhere_hides_nothing_else() {
    let mut plan = changing(Fate::Made, |set| {
        set.customer_managed = only([policy("not-there")]);
        set.inline = only([DENY.into()]);
    });
    plan.policies = vec![ProposedPolicy { address: "aws_iam_policy.p".to_owned(), policy: policy("not-there") }];
    let found = judged(organization(healthy()), plan);
    assert_eq!(rules(&found), ["permission-set-denies-session"]);
    assert!(found.made.gaps.iter().any(|unread| unread.gap.message.contains("aws_iam_policy.p")));
}

#[test]
fn an_assignment_of_which_no_permission_set_is_told_is_told_once() {
    let mut one = given(NEW);
    (one.sets, one.certain) = (Vec::new(), false);
    let told = "the plan does not tell the permission set of aws_ssoadmin_account_assignment.a before it is applied";
    let untold = Untold { call: Call::DescribePermissionSet, message: told.to_owned() };
    let plan = Proposed { given: vec![one], untold: vec![untold], ..Proposed::default() };
    let found = judged(organization(healthy()), plan);
    let messages: Vec<&str> = found.made.gaps.iter().map(|unread| unread.gap.message.as_str()).collect();
    assert_eq!(messages, [told]);
}
