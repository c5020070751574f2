//! Whether a question about an organization was answered: what is known of it in a snapshot, wherever that came from.

use super::{AccountFacts, Call, Fact, Gap, InsideFacts, RequestKind, RequestStatus, Snapshot, Version, Want};
use crate::evidence::PermissionSetEvidence;

impl Snapshot {
    /// Whether the question was answered, by itself or by others that come to the same. `Err`: the gap. One whose account
    /// is not known was never put.
    pub fn answered(&self, want: &Want) -> Result<(), Gap> {
        let shared = &self.shared;
        match want {
            Want::Caller() => of(&shared.caller),
            Want::Organization() => of(&shared.organization),
            Want::Instances() => of(&shared.instances),
            Want::InstanceDetails() => of(&shared.instance_details),
            Want::Attributes() => of(&shared.attributes),
            Want::Accounts() => of(&shared.accounts),
            Want::Account(id) => self.in_row(id, |account| Some(&account.described), Call::DescribeAccount),
            Want::Roots() => of(&shared.policies.roots),
            Want::Parent(child) => among(shared.policies.parents.get(child), Call::ListParents),
            Want::Attached(target, kind) => {
                let attached = shared.policies.attached.get(target).map(|target| target.of(*kind));
                among(attached, Call::ListPoliciesForTarget)
            }
            Want::Policies(kind) => among(self.policy_lists.get(kind), Call::ListOrganizationPolicies),
            Want::PolicyTargets(id) => among(self.policy_targets.get(id), Call::ListTargetsForPolicy),
            Want::PolicyDocument(id) => among(shared.policies.documents.get(id), Call::DescribePolicy),
            Want::PermissionSets() => of(&shared.permission_set_arns),
            Want::PermissionSet(arn) => self.of_set(arn, |set| &set.described, Call::DescribePermissionSet),
            Want::AwsManaged(arn) => self.of_set(arn, |set| &set.aws_managed, Call::ListManagedPoliciesInPermissionSet),
            Want::CustomerManaged(arn) => {
                let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
                self.of_set(arn, |set| &set.customer_managed, call)
            }
            Want::Inline(arn) => self.of_set(arn, |set| &set.inline, Call::GetInlinePolicyForPermissionSet),
            Want::Boundary(arn) => self.of_set(arn, |set| &set.boundary, Call::GetPermissionsBoundaryForPermissionSet),
            Want::AccountsOf(arn, version) => self.accounts_with(arn, *version),
            Want::SetsOf(id, version) => self.sets_of(id, *version),
            Want::Assignments(id, arn) => {
                self.in_row(id, |account| account.assignments.get(arn), Call::ListAccountAssignments)
            }
            Want::Requests(kind, status) => {
                let log = self.log(*kind);
                of(match status {
                    RequestStatus::InProgress => &log.in_progress,
                    RequestStatus::Failed => &log.failed,
                    RequestStatus::Succeeded => &log.succeeded,
                })
            }
            Want::Request(kind, id) => among(
                self.log(*kind).described.get(id),
                match kind {
                    RequestKind::Creation => Call::DescribeAccountAssignmentCreationStatus,
                    RequestKind::Deletion => Call::DescribeAccountAssignmentDeletionStatus,
                    RequestKind::Provisioning => Call::DescribePermissionSetProvisioningStatus,
                },
            ),
            other => self.answered_of_people(other),
        }
    }

    /// The same of the questions to the identity store and account access manager.
    fn answered_of_people(&self, want: &Want) -> Result<(), Gap> {
        let shared = &self.shared;
        match want {
            Want::Applications() => of(&shared.entitlements.applications),
            Want::Application(arn) => among(shared.entitlements.described.get(arn), Call::GetApplication),
            Want::Entitlements(arn, id) => {
                self.in_row(id, |account| account.entitlements.get(arn), Call::ListEntitlements)
            }
            Want::EntitlementsOf(arn, principal) => {
                among(self.entitlements_of.get(&(arn.clone(), principal.clone())), Call::ListEntitlements)
            }
            Want::People() => of(&self.people),
            Want::Groups() => of(&self.groups),
            Want::User(id) => {
                let is_listed = || self.people.known().is_ok_and(|all| all.iter().any(|one| one.id == *id));
                match shared.users.get(id) {
                    None if is_listed() => Ok(()),
                    fact => among(fact, Call::DescribeUser),
                }
            }
            Want::Group(id) => {
                let is_listed = || self.groups.known().is_ok_and(|all| all.iter().any(|one| one.id == *id));
                match shared.groups.get(id) {
                    None if is_listed() => Ok(()),
                    fact => among(fact, Call::DescribeGroup),
                }
            }
            // A group that is gone has no members that could be read.
            Want::Members(id) if self.in_instance().group(id) == Ok(None) => Ok(()),
            Want::Members(id) => among(self.members.get(id), Call::ListGroupMemberships),
            Want::Person(_) => of(&self.user.described),
            Want::Memberships(_) => of(&self.user.memberships),
            Want::AssignmentsOfPerson(_) => of(&self.user.for_principal),
            Want::AssignmentsOfGroup(id) => {
                among(self.assignments_of.get(id), Call::ListAccountAssignmentsForPrincipal)
            }
            other => self.answered_inside(other),
        }
    }

    /// The same of the questions that are put in an account.
    fn answered_inside(&self, want: &Want) -> Result<(), Gap> {
        match want {
            Want::Entry(id) => self.inside(id, |inside| Some(&inside.entry), Call::AssumeRole),
            Want::PoliciesIn(id) => self.inside(id, |inside| Some(&inside.policies), Call::ListPolicies),
            Want::RolesIn(id) => self.inside(id, |inside| Some(&inside.roles), Call::ListRoles),
            Want::SamlProvidersIn(id) => {
                self.inside(id, |inside| Some(&inside.saml_providers), Call::ListSamlProviders)
            }
            Want::QuotasIn(id) => self.inside(id, |inside| Some(&inside.quotas), Call::GetAccountSummary),
            Want::LastUsed(id, role) => among(self.last_used.get(&(id.clone(), role.clone())), Call::GetRole),
            Want::EntitledRole(id, arn) => self.inside(id, |inside| inside.entitled_roles.get(arn), Call::GetRole),
            Want::AwsManagedPolicy(arn) => {
                let told = self.accounts.values().filter_map(|account| account.inside.aws_managed.get(arn));
                let known = told.clone().find(|fact| fact.known().is_ok());
                among(known.or_else(|| told.clone().next()), Call::GetPolicy)
            }
            other => unreachable!("{other:?} is answered elsewhere"),
        }
    }

    fn log(&self, kind: RequestKind) -> &super::RequestLog {
        match kind {
            RequestKind::Creation => &self.shared.creation,
            RequestKind::Deletion => &self.shared.deletion,
            RequestKind::Provisioning => &self.shared.provisioning,
        }
    }

    /// A fact of an account.
    fn in_row<'s, T: 's>(
        &'s self,
        id: &str,
        pick: impl FnOnce(&'s AccountFacts) -> Option<&'s Fact<T>>,
        call: Call,
    ) -> Result<(), Gap> {
        among(self.accounts.get(id).and_then(pick), call)
    }

    /// A fact of an account from inside: that account has to allow it.
    fn inside<'s, T: 's>(
        &'s self,
        id: &str,
        pick: impl FnOnce(&'s InsideFacts) -> Option<&'s Fact<T>>,
        call: Call,
    ) -> Result<(), Gap> {
        among(self.accounts.get(id).and_then(|account| pick(&account.inside)), call)
    }

    /// A fact of a permission set.
    fn of_set<'s, T: 's>(
        &'s self,
        arn: &str,
        pick: impl FnOnce(&'s PermissionSetEvidence) -> &'s Fact<T>,
        call: Call,
    ) -> Result<(), Gap> {
        among(self.shared.permission_sets.get(arn).map(pick), call)
    }

    fn accounts_with(&self, arn: &str, version: Version) -> Result<(), Gap> {
        let of = self.shared.accounts_of.get(arn).map(|of| match version {
            Version::Latest => &of.latest,
            Version::Outdated => &of.outdated,
        });
        among(of, Call::ListAccountsForProvisionedPermissionSet)
    }

    /// What an account has is told by its own lists, or by those of every permission set.
    fn sets_of(&self, id: &str, version: Version) -> Result<(), Gap> {
        let own = self.accounts.get(id).map(|account| match version {
            Version::Latest => &account.provisioned_latest,
            Version::Outdated => &account.provisioned_outdated,
        });
        let gap = match among(own, Call::ListPermissionSetsProvisionedToAccount) {
            Err(gap) if gap.account.is_none() => gap,
            put => return put,
        };
        let sets = self.shared.permission_set_arns.known()?;
        if sets.iter().all(|arn| !self.shared.accounts_of.contains_key(arn)) && !sets.is_empty() {
            return Err(gap);
        }
        sets.iter().try_for_each(|arn| self.accounts_with(arn, version))
    }
}

fn of<T>(fact: &Fact<T>) -> Result<(), Gap> {
    fact.known().map(drop)
}

fn among<T>(fact: Option<&Fact<T>>, call: Call) -> Result<(), Gap> {
    fact.map_or_else(|| of(&Fact::<()>::not_asked(call, "it was not asked for")), of)
}
