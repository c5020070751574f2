//! Evidence in the form of recordings, version 1: one question's answer sheet, with names that stay as they are.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::recording::required;
use super::{
    AccessControlAttributes, Account, AccountFacts, AccountsOf, Application, ApplicationFacts, Applications,
    Assignment, Caller, Colleague, CustomerPolicy, Elsewhere, Entitlement, EventLog, Evidence, Fact, Group, History,
    InsideFacts, Instance, InstanceDetails, InstanceFacts, Machine, Membership, Organization, OrganizationPolicies,
    PermissionSet, PermissionSetEvidence, PolicyDocument, Question, Quotas, RequestLog, Role, RolePolicies,
    SamlProvider, SignInEvidence, TargetEntry, User, UserFacts, UserLookup, UserScan,
};

/// The evidence of one question.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Evidence", deny_unknown_fields)]
pub(super) struct Recorded {
    question: Question,
    collected_at: Timestamp,
    calls: u32,
    caller: Fact<Caller>,
    organization: Fact<Option<Organization>>,
    instances: Fact<Vec<Instance>>,
    instance_details: Fact<InstanceDetails>,
    attributes: Fact<Option<AccessControlAttributes>>,
    account: RecordedAccount,
    policies: OrganizationPolicies,
    user: RecordedUser,
    #[serde(deserialize_with = "required")]
    asked_group: Option<Fact<Option<String>>>,
    groups: BTreeMap<String, Fact<Option<Group>>>,
    users: BTreeMap<String, Fact<Option<User>>>,
    access: RecordedAccess,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    elsewhere: Option<Elsewhere>,
    entitlements: RecordedEntitlements,
    sign_ins: SignInEvidence,
    target: RecordedTarget,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    colleague: Option<RecordedColleague>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    machine: Option<Machine>,
    #[serde(default = "History::unasked", skip_serializing_if = "History::is_unasked")]
    history: History,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "AccountEvidence", deny_unknown_fields)]
struct RecordedAccount {
    #[serde(deserialize_with = "required")]
    id: Option<String>,
    described: Fact<Option<Account>>,
    listed: Fact<Vec<Account>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "UserEvidence", deny_unknown_fields)]
struct RecordedUser {
    lookups: Vec<UserLookup>,
    described: Fact<Option<User>>,
    scan: Fact<UserScan>,
    memberships: Fact<Vec<Membership>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "AccessEvidence", deny_unknown_fields)]
struct RecordedAccess {
    for_principal: Fact<Vec<Assignment>>,
    provisioned_latest: Fact<Vec<String>>,
    provisioned_outdated: Fact<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provisioned_in_management: Option<Fact<Vec<String>>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    accounts_of: BTreeMap<String, AccountsOf>,
    permission_set_arns: Fact<Vec<String>>,
    by_permission_set: BTreeMap<String, Fact<Vec<Assignment>>>,
    permission_sets: BTreeMap<String, PermissionSetEvidence>,
    creation: RequestLog,
    deletion: RequestLog,
    provisioning: RequestLog,
}

/// Account access manager.
#[derive(Serialize, Deserialize)]
#[serde(rename = "EntitlementEvidence", deny_unknown_fields)]
pub(super) struct RecordedEntitlements {
    pub(super) applications: Fact<Applications>,
    pub(super) described: BTreeMap<String, Fact<Option<Application>>>,
    pub(super) in_account: BTreeMap<String, Fact<Vec<Entitlement>>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "TargetEvidence", deny_unknown_fields)]
struct RecordedTarget {
    entry: Fact<TargetEntry>,
    policies: Fact<Vec<CustomerPolicy>>,
    roles: Fact<Vec<Role>>,
    entitled_roles: BTreeMap<String, Fact<Option<Role>>>,
    saml_providers: Fact<Vec<SamlProvider>>,
    aws_managed: BTreeMap<String, Fact<Option<String>>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    policy_documents: BTreeMap<String, Fact<Option<PolicyDocument>>>,
    quotas: Fact<Quotas>,
    role_policies: BTreeMap<String, RolePolicies>,
    events: Vec<Fact<EventLog>>,
}

/// A colleague. The groups and permission sets of their ways once stood apart, and are read as what they are.
#[derive(Serialize, Deserialize)]
#[serde(rename = "ColleagueEvidence", deny_unknown_fields)]
struct RecordedColleague {
    asked: String,
    user: RecordedUser,
    for_principal: Fact<Vec<Assignment>>,
    groups: BTreeMap<String, Fact<Option<Group>>>,
    permission_sets: BTreeMap<String, Fact<Option<PermissionSet>>>,
}

impl From<RecordedUser> for UserFacts {
    fn from(RecordedUser { lookups, described, scan, memberships }: RecordedUser) -> Self {
        Self { lookups, described, scan, memberships, ..Self::unasked() }
    }
}

impl From<RecordedColleague> for Colleague {
    fn from(recorded: RecordedColleague) -> Self {
        let for_principal = recorded.for_principal;
        Self { asked: recorded.asked, user: Box::new(UserFacts { for_principal, ..recorded.user.into() }) }
    }
}

impl From<Colleague> for RecordedColleague {
    fn from(Colleague { asked, user }: Colleague) -> Self {
        let UserFacts { lookups, described, scan, memberships, for_principal, .. } = *user;
        let user = RecordedUser { lookups, described, scan, memberships };
        let (groups, permission_sets) = (BTreeMap::new(), BTreeMap::new());
        Self { asked, user, for_principal, groups, permission_sets }
    }
}

impl From<Recorded> for Evidence {
    fn from(recorded: Recorded) -> Self {
        let Recorded { account, user, mut access, entitlements, target, mut groups, mut colleague, .. } = recorded;
        if let Some(colleague) = &mut colleague {
            for (id, group) in std::mem::take(&mut colleague.groups) {
                groups.entry(id).or_insert(group);
            }
            for (arn, described) in std::mem::take(&mut colleague.permission_sets) {
                access.permission_sets.entry(arn).or_insert_with(|| PermissionSetEvidence::named(described));
            }
        }
        Self {
            question: recorded.question,
            collected_at: recorded.collected_at,
            calls: recorded.calls,
            shared: InstanceFacts {
                caller: recorded.caller,
                organization: recorded.organization,
                instances: recorded.instances,
                instance_details: recorded.instance_details,
                attributes: recorded.attributes,
                accounts: account.listed,
                policies: recorded.policies,
                groups,
                users: recorded.users,
                permission_set_arns: access.permission_set_arns,
                permission_sets: access.permission_sets,
                accounts_of: access.accounts_of,
                provisioned_in_management: access.provisioned_in_management,
                creation: access.creation,
                deletion: access.deletion,
                provisioning: access.provisioning,
                entitlements: ApplicationFacts {
                    applications: entitlements.applications,
                    described: entitlements.described,
                },
            },
            account: AccountFacts {
                id: account.id,
                described: account.described,
                provisioned_latest: access.provisioned_latest,
                provisioned_outdated: access.provisioned_outdated,
                assignments: access.by_permission_set,
                entitlements: entitlements.in_account,
                inside: InsideFacts {
                    entry: target.entry,
                    policies: target.policies,
                    roles: target.roles,
                    entitled_roles: target.entitled_roles,
                    saml_providers: target.saml_providers,
                    aws_managed: target.aws_managed,
                    policy_documents: target.policy_documents,
                    quotas: target.quotas,
                    role_policies: target.role_policies,
                },
            },
            user: UserFacts {
                for_principal: access.for_principal,
                elsewhere: recorded.elsewhere,
                sign_ins: recorded.sign_ins,
                role_events: target.events,
                ..user.into()
            },
            asked_group: recorded.asked_group,
            colleague: colleague.map(Colleague::from),
            machine: recorded.machine,
            history: recorded.history,
        }
    }
}

impl From<Evidence> for Recorded {
    fn from(evidence: Evidence) -> Self {
        let Evidence { shared, account, user, .. } = evidence;
        let inside = account.inside;
        Self {
            question: evidence.question,
            collected_at: evidence.collected_at,
            calls: evidence.calls,
            caller: shared.caller,
            organization: shared.organization,
            instances: shared.instances,
            instance_details: shared.instance_details,
            attributes: shared.attributes,
            account: RecordedAccount { id: account.id, described: account.described, listed: shared.accounts },
            policies: shared.policies,
            user: RecordedUser {
                lookups: user.lookups,
                described: user.described,
                scan: user.scan,
                memberships: user.memberships,
            },
            asked_group: evidence.asked_group,
            groups: shared.groups,
            users: shared.users,
            access: RecordedAccess {
                for_principal: user.for_principal,
                provisioned_latest: account.provisioned_latest,
                provisioned_outdated: account.provisioned_outdated,
                provisioned_in_management: shared.provisioned_in_management,
                accounts_of: shared.accounts_of,
                permission_set_arns: shared.permission_set_arns,
                by_permission_set: account.assignments,
                permission_sets: shared.permission_sets,
                creation: shared.creation,
                deletion: shared.deletion,
                provisioning: shared.provisioning,
            },
            elsewhere: user.elsewhere,
            entitlements: RecordedEntitlements {
                applications: shared.entitlements.applications,
                described: shared.entitlements.described,
                in_account: account.entitlements,
            },
            sign_ins: user.sign_ins,
            target: RecordedTarget {
                entry: inside.entry,
                policies: inside.policies,
                roles: inside.roles,
                entitled_roles: inside.entitled_roles,
                saml_providers: inside.saml_providers,
                aws_managed: inside.aws_managed,
                policy_documents: inside.policy_documents,
                quotas: inside.quotas,
                role_policies: inside.role_policies,
                events: user.role_events,
            },
            colleague: evidence.colleague.map(RecordedColleague::from),
            machine: evidence.machine,
            history: evidence.history,
        }
    }
}
