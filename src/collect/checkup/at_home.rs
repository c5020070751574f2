//! The calls in the caller's own account: AWS Organizations, Identity Center and its identity store.

use futures_util::future::join_all;

use super::super::ask::{Asker, Place, Reply};
use super::super::clients::{Clients, is_stand_in};
use super::super::entitlements::no_such_service;
use super::super::failure::Failure;
use super::{NOBODY, Try, try_once};
use crate::evidence::{Call, Fact, Instance, Reason};

use aws_sdk_identitystore::types::{AlternateIdentifier, MemberId, UniqueAttribute};
use aws_sdk_organizations::types::PolicyType;
use aws_sdk_ssoadmin::types::PrincipalType;
use aws_smithy_types::Document;

/// Where these calls are asked.
pub(super) struct AtHome<'a> {
    pub(super) asker: &'a Asker,
    pub(super) clients: &'a Clients,
    pub(super) place: Place,
    /// The account that they are about.
    pub(super) about: &'a str,
}

/// How many permission sets are tried, where the first are refused.
const SETS: usize = 5;

/// What a list holds first, beside what came of asking.
type First = (Fact<()>, Option<String>);

fn first<T>(reply: Reply<T>, pick: impl FnOnce(&T) -> Option<String>) -> First {
    let mut picked = None;
    let fact = reply
        .map(|out| {
            picked = pick(&out);
            Ok::<(), Failure>(())
        })
        .or_none()
        .fact()
        .map(drop);
    (fact, picked)
}

impl AtHome<'_> {
    /// Those of AWS Organizations, but for what was asked already.
    pub(super) async fn organization(&self, done: &[Call]) -> Vec<Fact<()>> {
        let (asker, place, about) = (self.asker, &self.place, self.about);
        let client = &self.clients.organizations();
        let policies = async {
            let kind = PolicyType::ServiceControlPolicy;
            let send = || client.list_policies_for_target().target_id(about).filter(kind.clone()).max_results(1).send();
            let reply = asker.ask(Call::ListPoliciesForTarget, place, send).await;
            let (listed, policy) = first(reply, |out| out.policies().first()?.id().map(str::to_owned));
            // Every organization with such policies has this one.
            let policy = policy.unwrap_or_else(|| "p-FullAWSAccess".to_owned());
            let send = || client.describe_policy().policy_id(&policy).send();
            let described = try_once(asker, Call::DescribePolicy, place, send).await;
            let send = || client.list_targets_for_policy().policy_id(&policy).max_results(1).send();
            let targets = try_once(asker, Call::ListTargetsForPolicy, place, send).await;
            let send = || client.list_policies().filter(kind.clone()).max_results(1).send();
            vec![listed, described, targets, try_once(asker, Call::ListOrganizationPolicies, place, send).await]
        };
        let mut tries: Vec<Try<'_>> = vec![
            try_once(asker, Call::ListDelegatedAdministrators, place, || {
                let request = client.list_delegated_administrators().service_principal("sso.amazonaws.com");
                request.max_results(1).send()
            }),
            try_once(asker, Call::ListRoots, place, || client.list_roots().max_results(1).send()),
            try_once(asker, Call::ListParents, place, || client.list_parents().child_id(about).send()),
        ];
        if !done.contains(&Call::DescribeAccount) {
            let send = || client.describe_account().account_id(about).send();
            tries.push(try_once(asker, Call::DescribeAccount, place, send));
        }
        if !done.contains(&Call::ListAccounts) {
            tries.push(try_once(asker, Call::ListAccounts, place, || client.list_accounts().max_results(1).send()));
        }
        let (others, policies) = tokio::join!(join_all(tries), policies);
        [others, policies].concat()
    }

    /// Those of Identity Center, of its identity store and of account access manager, and of CloudTrail there.
    pub(super) async fn identity_center(&self, instance: &Instance) -> Vec<Fact<()>> {
        let place = &Place { region: Some(instance.region().to_owned()), ..self.place.clone() };
        let (store, sets, requests, applications, plain) = tokio::join!(
            Box::pin(self.identity_store(instance, place)),
            Box::pin(self.permission_sets(instance, place)),
            Box::pin(self.requests(instance, place)),
            Box::pin(self.applications(instance, place)),
            Box::pin(self.instance(instance, place)),
        );
        [store, sets, requests, applications, plain].concat()
    }

    async fn instance(&self, instance: &Instance, place: &Place) -> Vec<Fact<()>> {
        let clients = self.clients.in_region(instance.region());
        let (sso, trail, arn) = (&clients.sso_admin(), &clients.cloud_trail(), instance.arn.as_str());
        let asker = self.asker;
        let mut tries: Vec<Try<'_>> = vec![
            try_once(asker, Call::DescribeInstance, place, || sso.describe_instance().instance_arn(arn).send()),
            try_once(asker, Call::DescribeInstanceAccessControlAttributeConfiguration, place, || {
                sso.describe_instance_access_control_attribute_configuration().instance_arn(arn).send()
            }),
            try_once(asker, Call::ListAccountAssignmentsForPrincipal, place, || {
                let request = sso.list_account_assignments_for_principal().instance_arn(arn).principal_id(NOBODY);
                request.principal_type(PrincipalType::User).max_results(1).send()
            }),
            try_once(asker, Call::ListPermissionSetsProvisionedToAccount, place, || {
                let request = sso.list_permission_sets_provisioned_to_account().instance_arn(arn);
                request.account_id(self.about).max_results(1).send()
            }),
        ];
        // Sign-ins are logged where the instance is: another account has none of them.
        if place.account == instance.owner_account {
            tries.push(try_once(asker, Call::LookupEvents, place, || trail.lookup_events().max_results(1).send()));
        }
        join_all(tries).await
    }

    async fn permission_sets(&self, instance: &Instance, place: &Place) -> Vec<Fact<()>> {
        let sso = &self.clients.in_region(instance.region()).sso_admin();
        let (asker, arn) = (self.asker, instance.arn.as_str());
        let send = || sso.list_permission_sets().instance_arn(arn).max_results(10).send();
        let mut sets = Vec::new();
        let reply = asker.ask(Call::ListPermissionSets, place, send).await;
        let (listed, _) = first(reply, |out| {
            sets = out.permission_sets().to_vec();
            None
        });
        // Sets of the management account are refused to a delegated administrator, whatever is allowed.
        let mut described = None;
        let mut set = None;
        for one in sets.iter().take(SETS) {
            let send = || sso.describe_permission_set().instance_arn(arn).permission_set_arn(one).send();
            let tried = try_once(asker, Call::DescribePermissionSet, place, send).await;
            let is_refused = tried.observed.is_missing(Reason::Denied);
            if described.is_none() || !is_refused {
                (described, set) = (Some(tried), Some(one.clone()));
            }
            if !is_refused {
                break;
            }
        }
        let of_set = [
            Call::ListAccountAssignments,
            Call::ListAccountsForProvisionedPermissionSet,
            Call::DescribePermissionSet,
            Call::ListManagedPoliciesInPermissionSet,
            Call::ListCustomerManagedPolicyReferencesInPermissionSet,
            Call::GetInlinePolicyForPermissionSet,
            Call::GetPermissionsBoundaryForPermissionSet,
        ];
        let Some(set) = &set else {
            let because = if listed.known().is_ok() {
                "there is no permission set to try it with"
            } else {
                "it takes a permission set, and these could not be listed"
            };
            return std::iter::once(listed).chain(of_set.map(|call| untried(call, place, because))).collect();
        };
        let tries: Vec<Try<'_>> = vec![
            try_once(asker, Call::ListAccountAssignments, place, || {
                let request = sso.list_account_assignments().instance_arn(arn).permission_set_arn(set);
                request.account_id(self.about).max_results(1).send()
            }),
            try_once(asker, Call::ListAccountsForProvisionedPermissionSet, place, || {
                let request = sso.list_accounts_for_provisioned_permission_set().instance_arn(arn);
                request.permission_set_arn(set).max_results(1).send()
            }),
            try_once(asker, Call::ListManagedPoliciesInPermissionSet, place, || {
                let request = sso.list_managed_policies_in_permission_set().instance_arn(arn);
                request.permission_set_arn(set).max_results(1).send()
            }),
            try_once(asker, Call::ListCustomerManagedPolicyReferencesInPermissionSet, place, || {
                let request = sso.list_customer_managed_policy_references_in_permission_set().instance_arn(arn);
                request.permission_set_arn(set).max_results(1).send()
            }),
            try_once(asker, Call::GetInlinePolicyForPermissionSet, place, || {
                sso.get_inline_policy_for_permission_set().instance_arn(arn).permission_set_arn(set).send()
            }),
            try_once(asker, Call::GetPermissionsBoundaryForPermissionSet, place, || {
                sso.get_permissions_boundary_for_permission_set().instance_arn(arn).permission_set_arn(set).send()
            }),
        ];
        std::iter::once(listed).chain(described).chain(join_all(tries).await).collect()
    }

    async fn requests(&self, instance: &Instance, place: &Place) -> Vec<Fact<()>> {
        let sso = &self.clients.in_region(instance.region()).sso_admin();
        let (asker, arn) = (self.asker, instance.arn.as_str());
        let creation = async {
            let send = || sso.list_account_assignment_creation_status().instance_arn(arn).max_results(1).send();
            let reply = asker.ask(Call::ListAccountAssignmentCreationStatus, place, send).await;
            let of = |out: &aws_sdk_ssoadmin::operation::list_account_assignment_creation_status::ListAccountAssignmentCreationStatusOutput| {
                out.account_assignments_creation_status().first()?.request_id().map(str::to_owned)
            };
            let (listed, id) = first(reply, of);
            let id = id.unwrap_or_else(|| NOBODY.to_owned());
            let send = || {
                let request = sso.describe_account_assignment_creation_status().instance_arn(arn);
                request.account_assignment_creation_request_id(&id).send()
            };
            vec![listed, try_once(asker, Call::DescribeAccountAssignmentCreationStatus, place, send).await]
        };
        let deletion = async {
            let send = || sso.list_account_assignment_deletion_status().instance_arn(arn).max_results(1).send();
            let reply = asker.ask(Call::ListAccountAssignmentDeletionStatus, place, send).await;
            let of = |out: &aws_sdk_ssoadmin::operation::list_account_assignment_deletion_status::ListAccountAssignmentDeletionStatusOutput| {
                out.account_assignments_deletion_status().first()?.request_id().map(str::to_owned)
            };
            let (listed, id) = first(reply, of);
            let id = id.unwrap_or_else(|| NOBODY.to_owned());
            let send = || {
                let request = sso.describe_account_assignment_deletion_status().instance_arn(arn);
                request.account_assignment_deletion_request_id(&id).send()
            };
            vec![listed, try_once(asker, Call::DescribeAccountAssignmentDeletionStatus, place, send).await]
        };
        let provisioning = async {
            let send = || sso.list_permission_set_provisioning_status().instance_arn(arn).max_results(1).send();
            let reply = asker.ask(Call::ListPermissionSetProvisioningStatus, place, send).await;
            let of = |out: &aws_sdk_ssoadmin::operation::list_permission_set_provisioning_status::ListPermissionSetProvisioningStatusOutput| {
                out.permission_sets_provisioning_status().first()?.request_id().map(str::to_owned)
            };
            let (listed, id) = first(reply, of);
            let id = id.unwrap_or_else(|| NOBODY.to_owned());
            let send = || {
                let request = sso.describe_permission_set_provisioning_status().instance_arn(arn);
                request.provision_permission_set_request_id(&id).send()
            };
            vec![listed, try_once(asker, Call::DescribePermissionSetProvisioningStatus, place, send).await]
        };
        let (creation, deletion, provisioning) =
            tokio::join!(Box::pin(creation), Box::pin(deletion), Box::pin(provisioning));
        [creation, deletion, provisioning].concat()
    }

    async fn applications(&self, instance: &Instance, place: &Place) -> Vec<Fact<()>> {
        let client = &self.clients.in_region(instance.region()).account_access();
        let asker = self.asker;
        let send = || client.list_applications().max_results(1).send();
        let reply = asker.ask(Call::ListApplications, place, send).await;
        let stand_in = is_stand_in(self.clients);
        let absent = |failure| no_such_service(failure, instance.region(), stand_in).is_some();
        if reply.result.as_ref().is_err_and(absent) {
            let because = "account access manager is not there";
            let calls = [Call::ListApplications, Call::GetApplication, Call::ListEntitlements];
            return calls.map(|call| untried(call, place, because)).into();
        }
        let (listed, application) =
            first(reply, |out| out.applications().first().map(|application| application.application_arn().to_owned()));
        let Some(application) = &application else {
            let because = "there is no application to try it with";
            return vec![
                listed,
                untried(Call::GetApplication, place, because),
                untried(Call::ListEntitlements, place, because),
            ];
        };
        let tries: Vec<Try<'_>> = vec![
            try_once(asker, Call::GetApplication, place, || {
                client.get_application().application_arn(application).send()
            }),
            try_once(asker, Call::ListEntitlements, place, || {
                client.list_entitlements().application_arn(application).max_results(1).send()
            }),
        ];
        std::iter::once(listed).chain(join_all(tries).await).collect()
    }

    async fn identity_store(&self, instance: &Instance, place: &Place) -> Vec<Fact<()>> {
        let client = &self.clients.in_region(instance.region()).identity_store();
        let (asker, store) = (self.asker, instance.identity_store_id.as_str());
        let named = |attribute: &str| {
            let unique = UniqueAttribute::builder().attribute_path(attribute);
            unique.attribute_value(Document::String("idc-doctor".to_owned())).build().ok()
        };
        let [user, group] =
            ["userName", "displayName"].map(|path| named(path).map(AlternateIdentifier::UniqueAttribute));
        let (user, group) = (&user, &group);
        let tries: Vec<Try<'_>> = vec![
            try_once(asker, Call::GetUserId, place, || {
                client.get_user_id().identity_store_id(store).set_alternate_identifier(user.clone()).send()
            }),
            try_once(asker, Call::DescribeUser, place, || {
                client.describe_user().identity_store_id(store).user_id(NOBODY).send()
            }),
            try_once(asker, Call::ListUsers, place, || {
                client.list_users().identity_store_id(store).max_results(1).send()
            }),
            try_once(asker, Call::GetGroupId, place, || {
                client.get_group_id().identity_store_id(store).set_alternate_identifier(group.clone()).send()
            }),
            try_once(asker, Call::DescribeGroup, place, || {
                client.describe_group().identity_store_id(store).group_id(NOBODY).send()
            }),
            try_once(asker, Call::ListGroups, place, || {
                client.list_groups().identity_store_id(store).max_results(1).send()
            }),
            try_once(asker, Call::ListGroupMemberships, place, || {
                client.list_group_memberships().identity_store_id(store).group_id(NOBODY).max_results(1).send()
            }),
            try_once(asker, Call::ListGroupMembershipsForMember, place, || {
                let request = client.list_group_memberships_for_member().identity_store_id(store);
                request.member_id(MemberId::UserId(NOBODY.to_owned())).max_results(1).send()
            }),
        ];
        join_all(tries).await
    }
}

fn untried(call: Call, place: &Place, because: &str) -> Fact<()> {
    let fact = Fact::not_asked(call, because);
    Fact { account: place.account.clone(), region: place.region.clone(), ..fact }
}
