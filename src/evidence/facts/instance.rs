//! What is known whatever the account and the user.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::EARLIER;
use crate::evidence::{
    AccessControlAttributes, Account, Answer, ApplicationFacts, Call, Caller, Fact, Group, Instance, InstanceDetails,
    Organization, OrganizationPolicies, PermissionSetEvidence, PolicyKind, RequestKind, RequestLog, RequestStatus,
    TargetPolicies, User, Version,
};

/// What is known of the instance and its organization, whatever the account and the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceFacts {
    /// Who asked.
    pub caller: Fact<Caller>,
    /// The caller's organization; `None` where the caller's account is in none.
    pub organization: Fact<Option<Organization>>,
    /// The Identity Center instances that the caller can see.
    pub instances: Fact<Vec<Instance>>,
    /// What only `DescribeInstance` tells of the organization's instance.
    pub instance_details: Fact<InstanceDetails>,
    /// The attributes for access control; `None` where none are configured.
    pub attributes: Fact<Option<AccessControlAttributes>>,
    /// All accounts: asked for when a name was typed, or when the account is not there and close ones may help.
    pub accounts: Fact<Vec<Account>>,
    /// The organization's policies.
    pub policies: OrganizationPolicies,
    /// Groups, by id; `None` where a group no longer exists.
    pub groups: BTreeMap<String, Fact<Option<Group>>>,
    /// Users that are known by their assignments alone, by id; `None` where a user no longer exists.
    pub users: BTreeMap<String, Fact<Option<User>>>,
    /// All permission sets of the instance; asked for only when the account's own do not settle it.
    pub permission_set_arns: Fact<Vec<String>>,
    /// Permission sets, by ARN.
    pub permission_sets: BTreeMap<String, PermissionSetEvidence>,
    /// Which accounts have a permission set, by its ARN: the second witness of what an account has, and the only one where
    /// many accounts are asked about.
    pub accounts_of: BTreeMap<String, AccountsOf>,
    /// Permission sets provisioned to the management account, which no delegated administrator may change; asked for only
    /// by other callers.
    pub provisioned_in_management: Option<Fact<Vec<String>>>,
    /// Requests to create assignments.
    pub creation: RequestLog,
    /// Requests to delete assignments that still run.
    pub deletion: RequestLog,
    /// Requests to provision permission sets.
    pub provisioning: RequestLog,
    /// Account access manager: the way to an account without a permission set.
    pub entitlements: ApplicationFacts,
}

/// The accounts that have a permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountsOf {
    /// Those that have its latest version.
    pub latest: Fact<Vec<String>>,
    /// Those that have an older one.
    pub outdated: Fact<Vec<String>>,
}

impl AccountsOf {
    /// Nothing was asked yet.
    pub fn unasked() -> Self {
        let list = || Fact::not_asked(Call::ListAccountsForProvisionedPermissionSet, EARLIER);
        Self { latest: list(), outdated: list() }
    }
}

impl InstanceFacts {
    /// Nothing was asked yet.
    pub fn unasked() -> Self {
        Self {
            caller: Fact::not_asked(Call::GetCallerIdentity, EARLIER),
            organization: Fact::not_asked(Call::DescribeOrganization, EARLIER),
            instances: Fact::not_asked(Call::ListInstances, EARLIER),
            instance_details: Fact::not_asked(Call::DescribeInstance, EARLIER),
            attributes: Fact::not_asked(Call::DescribeInstanceAccessControlAttributeConfiguration, EARLIER),
            accounts: Fact::not_asked(Call::ListAccounts, "the account was given by its id"),
            policies: OrganizationPolicies::unasked(EARLIER),
            groups: BTreeMap::new(),
            users: BTreeMap::new(),
            permission_set_arns: Fact::not_asked(Call::ListPermissionSets, "an assignment was found without it"),
            permission_sets: BTreeMap::new(),
            accounts_of: BTreeMap::new(),
            provisioned_in_management: None,
            creation: RequestLog::unasked(Call::ListAccountAssignmentCreationStatus, EARLIER),
            deletion: RequestLog::unasked(Call::ListAccountAssignmentDeletionStatus, EARLIER),
            provisioning: RequestLog::unasked(
                Call::ListPermissionSetProvisioningStatus,
                "every permission set on the user's paths is provisioned in its latest version",
            ),
            entitlements: ApplicationFacts {
                applications: Fact::not_asked(Call::ListApplications, EARLIER),
                described: BTreeMap::new(),
            },
        }
    }
}

impl InstanceFacts {
    fn set(&mut self, arn: &str) -> &mut PermissionSetEvidence {
        self.permission_sets.entry(arn.to_owned()).or_insert_with(|| {
            let because = "nothing that is known called for it";
            PermissionSetEvidence::of_name(Fact::not_asked(Call::DescribePermissionSet, because), because)
        })
    }

    /// The requests of a kind.
    pub const fn requests(&self, kind: RequestKind) -> &RequestLog {
        match kind {
            RequestKind::Creation => &self.creation,
            RequestKind::Deletion => &self.deletion,
            RequestKind::Provisioning => &self.provisioning,
        }
    }

    const fn requests_mut(&mut self, kind: RequestKind) -> &mut RequestLog {
        match kind {
            RequestKind::Creation => &mut self.creation,
            RequestKind::Deletion => &mut self.deletion,
            RequestKind::Provisioning => &mut self.provisioning,
        }
    }

    /// Takes in an answer that is about no single account or person; hands back any other.
    pub(in crate::evidence) fn apply(&mut self, answer: Answer) -> Option<Answer> {
        match answer {
            Answer::Caller(fact) => self.caller = fact,
            Answer::Organization(fact) => self.organization = fact,
            Answer::Instances(fact) => self.instances = fact,
            Answer::InstanceDetails(fact) => self.instance_details = fact,
            Answer::Attributes(fact) => self.attributes = fact,
            Answer::Roots(fact) => self.policies.roots = fact,
            Answer::Parent(child, fact) => drop(self.policies.parents.insert(child, fact)),
            Answer::Attached(target, kind, fact) => {
                let unasked = || Fact::not_asked(Call::ListPoliciesForTarget, "it was not asked for");
                let target = self.policies.attached.entry(target);
                let target = target
                    .or_insert_with(|| TargetPolicies { service_control: unasked(), resource_control: unasked() });
                match kind {
                    PolicyKind::ServiceControl => target.service_control = fact,
                    PolicyKind::ResourceControl => target.resource_control = fact,
                }
            }
            Answer::PolicyDocument(id, fact) => drop(self.policies.documents.insert(id, fact)),
            Answer::PermissionSets(fact) => self.permission_set_arns = fact,
            Answer::PermissionSet(arn, fact) => self.set(&arn).described = fact,
            Answer::AwsManaged(arn, fact) => self.set(&arn).aws_managed = fact,
            Answer::CustomerManaged(arn, fact) => self.set(&arn).customer_managed = fact,
            Answer::Inline(arn, fact) => self.set(&arn).inline = fact,
            Answer::Boundary(arn, fact) => self.set(&arn).boundary = fact,
            Answer::AccountsOf(arn, version, fact) => {
                let of = self.accounts_of.entry(arn).or_insert_with(AccountsOf::unasked);
                match version {
                    Version::Latest => of.latest = fact,
                    Version::Outdated => of.outdated = fact,
                }
            }
            Answer::Requests(kind, status, fact) => {
                let log = self.requests_mut(kind);
                match status {
                    RequestStatus::InProgress => log.in_progress = fact,
                    RequestStatus::Failed => log.failed = fact,
                    RequestStatus::Succeeded => log.succeeded = fact,
                }
                log.undescribed = log.unseen();
            }
            Answer::Request(kind, id, fact) => {
                let log = self.requests_mut(kind);
                log.described.insert(id, fact);
                log.undescribed = log.unseen();
            }
            Answer::Applications(fact) => self.entitlements.applications = fact,
            Answer::Application(arn, fact) => drop(self.entitlements.described.insert(arn, fact)),
            Answer::User(id, fact) => drop(self.users.insert(id, fact)),
            Answer::Group(id, fact) => drop(self.groups.insert(id, fact)),
            other => return Some(other),
        }
        None
    }
}
