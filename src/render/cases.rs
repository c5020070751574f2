//! Diagnoses for the renderers' tests.

use std::collections::BTreeMap;
use std::io;

use crate::answers::diagnosis::{Diagnosis, diagnose};
use crate::answers::own_machine::sample as own;
use crate::evidence::{
    Assignment, Call, Evidence, Group, LookupBy, Observed, PermissionSet, Principal, PrincipalType, Reason, Role, User,
    UserLookup, UserScan, sample,
};

const LISTS: Call = Call::ListPermissionSetsProvisionedToAccount;

pub(super) fn healthy() -> Diagnosis {
    diagnose(&sample::healthy())
}

pub(super) fn missing_policy() -> Diagnosis {
    let mut evidence = sample::healthy();
    evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![]);
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    evidence.account.provisioned_latest = sample::known(LISTS, vec![]);
    diagnose(&evidence)
}

/// The account has the policy, in another case.
pub(super) fn near_miss() -> Diagnosis {
    let mut evidence = sample::healthy();
    let mut policies = evidence.account.inside.policies.known().cloned().unwrap_or_default();
    policies[0].name = "My-Redshift-Analyst-Policy".to_owned();
    policies[0].arn = "arn:aws:iam::123456789012:policy/My-Redshift-Analyst-Policy".to_owned();
    evidence.account.inside.policies = sample::known(Call::ListPolicies, policies);
    evidence.account.provisioned_latest = sample::known(LISTS, vec![]);
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    evidence.user.role_events = vec![sample::denied(Call::LookupEvents)];
    diagnose(&evidence)
}

/// Forty groups are assigned to the account, and the user is in none.
pub(super) fn forty_groups() -> Diagnosis {
    let mut evidence = sample::healthy();
    evidence.user.memberships = sample::known(Call::ListGroupMembershipsForMember, vec![]);
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.to_owned()]);
    let ids: Vec<String> = (0..40).map(|i| format!("9067f0c1d2-{i:08}-2222-3333-4444-555555555555")).collect();
    let analysts = group(&evidence);
    let group = |(i, id): (usize, &String)| {
        let name = Some(format!("Team{i:02}"));
        let group = analysts.clone().map(|group| Group { id: id.clone(), name, ..group });
        (id.clone(), sample::known(Call::DescribeGroup, group))
    };
    evidence.groups = ids.iter().enumerate().map(group).collect();
    let principal = |id: &String| Principal { kind: PrincipalType::Group, id: id.clone() };
    let rows = ids.iter().map(|id| sample::assignment(principal(id))).collect();
    let rows = sample::known(Call::ListAccountAssignments, rows);
    evidence.account.assignments = BTreeMap::from([(sample::SET.to_owned(), rows)]);
    diagnose(&evidence)
}

/// The roles and `CloudTrail` cannot be read.
pub(super) fn inconclusive() -> Diagnosis {
    let mut evidence = sample::healthy();
    let text = "User: arn:aws:sts::123456789012:assumed-role/idc-read/idc is not authorized to perform: iam:ListRoles on \
                resource: arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/ because no identity-based policy \
                allows the iam:ListRoles action";
    evidence.account.inside.roles = sample::denied(Call::ListRoles);
    evidence.account.inside.roles.observed = Observed::missing(Reason::Denied, text);
    evidence.user.role_events = vec![sample::denied(Call::LookupEvents)];
    diagnose(&evidence)
}

/// The target account could not be entered, and one of two sets is broken.
pub(super) fn locked_out() -> Diagnosis {
    let mut evidence = with_sets(&["Broken"]);
    let because = "the target account could not be entered";
    evidence.account.inside.entry = sample::denied(Call::AssumeRole);
    evidence.account.inside.policies.observed = Observed::missing(Reason::NotAsked, because);
    evidence.account.inside.roles.observed = Observed::missing(Reason::NotAsked, because);
    evidence.account.inside.saml_providers.observed = Observed::missing(Reason::NotAsked, because);
    evidence.user.role_events[0].observed = Observed::missing(Reason::NotAsked, because);
    diagnose(&evidence)
}

/// Two sets through the same group; one is not provisioned.
pub(super) fn degraded() -> Diagnosis {
    diagnose(&with_sets(&["Broken"]))
}

/// One set that works, and one of which not all could be read.
pub(super) fn half_known() -> Diagnosis {
    let mut evidence = with_sets(&["Other"]);
    let other = format!("{}-Other", sample::SET);
    evidence.account.provisioned_latest = sample::known(LISTS, vec![sample::SET.to_owned(), other.clone()]);
    let mut roles = evidence.account.inside.roles.known().cloned().unwrap_or_default();
    let role = roles.first().cloned().map(|role| Role { name: "AWSReservedSSO_Other_7243976e43c75fc5".into(), ..role });
    roles.extend(role);
    evidence.account.inside.roles = sample::known(Call::ListRoles, roles);
    if let Some(set) = evidence.permission_sets.get_mut(&other) {
        set.customer_managed = sample::denied(Call::ListCustomerManagedPolicyReferencesInPermissionSet);
    }
    diagnose(&evidence)
}

/// One set that works and the others not provisioned.
pub(super) fn many_paths(count: usize) -> Diagnosis {
    let names: Vec<String> = (0..count - 1).map(|i| format!("Set{i:02}")).collect();
    diagnose(&with_sets(&names.iter().map(String::as_str).collect::<Vec<_>>()))
}

fn with_sets(names: &[&str]) -> Evidence {
    let mut evidence = sample::healthy();
    let mut rows = vec![sample::assignment(sample::group_principal())];
    for name in names {
        let arn = format!("{}-{name}", sample::SET);
        rows.push(Assignment { permission_set: arn.clone(), ..sample::assignment(sample::group_principal()) });
        let mut set = evidence.permission_sets[sample::SET].clone();
        let described = PermissionSet { arn: arn.clone(), name: (*name).to_owned() };
        set.described = sample::known(Call::DescribePermissionSet, Some(described));
        evidence.permission_sets.insert(arn, set);
    }
    evidence.user.for_principal = sample::known(Call::ListAccountAssignmentsForPrincipal, rows);
    evidence
}

pub(super) fn unknown_user() -> Diagnosis {
    let mut evidence = sample::healthy();
    evidence.question.user = "jane.do".to_owned();
    evidence.user.described = crate::evidence::Fact::not_asked(Call::DescribeUser, "there is no such user");
    let lookup = |by| UserLookup { by, value: "jane.do".to_owned(), found: sample::known(Call::GetUserId, None) };
    evidence.user.lookups = vec![lookup(LookupBy::UserName), lookup(LookupBy::Email)];
    let jane = user(&sample::healthy());
    let close = [("jane.doe", "Jane Doe"), ("jan.doe", "Jan Doe")].into_iter().filter_map(|(name, shown)| {
        let (user_name, display_name) = (Some(name.to_owned()), Some(shown.to_owned()));
        jane.clone().map(|user| User { user_name, display_name, ..user })
    });
    let close = close.collect();
    evidence.user.scan = sample::known(Call::ListUsers, UserScan { close, read: 60, capped: false, external: 0 });
    diagnose(&evidence)
}

pub(super) fn disabled_user() -> Diagnosis {
    let mut evidence = sample::healthy();
    let user = user(&evidence).map(|user| User { status: Some("DISABLED".to_owned()), ..user });
    evidence.user.described = sample::known(Call::DescribeUser, user);
    diagnose(&evidence)
}

/// A user, a group and a permission set whose names mean harm.
pub(super) fn malicious() -> Diagnosis {
    let mut evidence = sample::healthy();
    let name = "jane\u{1b}[2J\u{202e}eod.\n| <b>*x*</b> [a](https://evil.example)`".to_owned();
    let user = user(&evidence).map(|user| User { user_name: Some(name), ..user });
    evidence.user.described = sample::known(Call::DescribeUser, user);
    let name = Some("Data\u{1b}]0;owned\u{7}\u{2066}| #x".to_owned());
    let group = group(&evidence).map(|group| Group { name, ..group });
    evidence.groups.insert(sample::GROUP.to_owned(), sample::known(Call::DescribeGroup, group));
    let references = vec![crate::evidence::PolicyReference { name: "a\u{1b}[31m'b\n$(x)".into(), path: "/".into() }];
    if let Some(set) = evidence.permission_sets.get_mut(sample::SET) {
        set.customer_managed = sample::known(Call::ListCustomerManagedPolicyReferencesInPermissionSet, references);
    }
    evidence.account.provisioned_latest = sample::known(LISTS, vec![]);
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    diagnose(&evidence)
}

fn user(evidence: &Evidence) -> Option<User> {
    evidence.user.described.known().ok().cloned().flatten()
}

fn group(evidence: &Evidence) -> Option<Group> {
    evidence.groups.get(sample::GROUP)?.known().ok().cloned().flatten()
}

/// What a renderer writes.
pub(super) fn written(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    assert!(write(&mut out).is_ok(), "a vector takes all");
    String::from_utf8_lossy(&out).into_owned()
}

/// Nothing is assigned; the user's group is entitled to a role.
pub(super) fn entitled() -> Diagnosis {
    diagnose(&sample::entitled::only())
}

/// The same, and the role is not there.
pub(super) fn entitled_in_vain() -> Diagnosis {
    let mut evidence = sample::entitled::only();
    evidence.account.inside.entitled_roles.insert(sample::entitled::ROLE.into(), sample::known(Call::GetRole, None));
    diagnose(&evidence)
}

/// Their sign-ins keep failing.
pub(super) fn not_signed_in() -> Diagnosis {
    let mut evidence = sample::healthy();
    evidence.user.sign_ins =
        sample::signed_in::refused(&["2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z"], None);
    diagnose(&evidence)
}

/// jane.doe is not in the group that gives john.roe access.
pub(super) fn unlike_a_colleague() -> Diagnosis {
    diagnose(&sample::colleague::left_out())
}

/// The colleague is nobody, but somebody has a name like that.
pub(super) fn like_nobody() -> Diagnosis {
    let mut evidence = sample::colleague::beside(sample::healthy());
    if let Some(colleague) = &mut evidence.colleague {
        colleague.asked = "john\u{1b}[2J.ro".to_owned();
        let scan = UserScan { close: vec![sample::colleague::john("ENABLED")], read: 2, capped: false, external: 0 };
        colleague.user.scan = sample::known(Call::ListUsers, scan);
        colleague.user.lookups[0].found = sample::known(Call::GetUserId, None);
        colleague.user.described = crate::evidence::Fact::not_asked(Call::DescribeUser, "there is no such user");
    }
    diagnose(&evidence)
}

/// The colleague's groups cannot be read, nor what AWS lists for them.
pub(super) fn like_somebody_unread() -> Diagnosis {
    let mut evidence = sample::colleague::beside(sample::healthy());
    if let Some(colleague) = &mut evidence.colleague {
        colleague.user.memberships = sample::denied(Call::ListGroupMembershipsForMember);
        colleague.user.for_principal = sample::denied(Call::ListAccountAssignmentsForPrincipal);
    }
    diagnose(&evidence)
}

/// They ask about themselves, and Identity Center cannot be asked.
pub(super) fn own_machine() -> Diagnosis {
    own::diagnosed(own::wrong())
}

/// They ask about themselves, and Identity Center lets them in.
pub(super) fn own_machine_too() -> Diagnosis {
    diagnose(&own::with_organization(own::wrong()))
}

/// They ask about themselves, and have no profile for the account.
pub(super) fn no_profile() -> Diagnosis {
    own::diagnosed(own::machine(
        "[sso-session corp]\nsso_start_url = https://d-9067f0c1d2.awsapps.com/start\nsso_region = us-east-1\n",
    ))
}

/// Their own files hold what should steer a terminal.
pub(super) fn odd_files() -> Diagnosis {
    own::diagnosed(own::odd())
}

/// Every case, for what must hold of all of them.
pub(super) fn all() -> Vec<(&'static str, Diagnosis)> {
    vec![
        ("healthy", healthy()),
        ("missing policy", missing_policy()),
        ("near miss", near_miss()),
        ("forty groups", forty_groups()),
        ("inconclusive", inconclusive()),
        ("locked out", locked_out()),
        ("degraded", degraded()),
        ("many paths", many_paths(12)),
        ("half known", half_known()),
        ("unknown user", unknown_user()),
        ("disabled user", disabled_user()),
        ("malicious", malicious()),
        ("entitled", entitled()),
        ("entitled in vain", entitled_in_vain()),
        ("not signed in", not_signed_in()),
        ("unlike a colleague", unlike_a_colleague()),
        ("like nobody", like_nobody()),
        ("like somebody unread", like_somebody_unread()),
        ("own machine", own_machine()),
        ("own machine too", own_machine_too()),
        ("no profile", no_profile()),
        ("odd files", odd_files()),
    ]
}
