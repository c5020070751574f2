//! Which records are read, and where each says what it is about. Names of events are shared between services, so that the
//! source counts as much.

use super::{Thing, What};

/// Where a record has what it is about: a path of members, the first of several for one thing that holds something.
pub(super) type Place = (Thing, &'static str);

/// Records of one source under some names.
#[derive(Debug)]
pub struct Logged {
    /// The service, without `.amazonaws.com`.
    pub source: &'static str,
    /// The events' names.
    pub names: &'static [&'static str],
    /// What they tell.
    pub what: What,
    /// Where they have what they are about.
    pub(super) about: &'static [Place],
}

const fn event(source: &'static str, names: &'static [&'static str], what: What, about: &'static [Place]) -> Logged {
    Logged { source, names, what, about }
}

const DIRECTORY: &str = "sso-directory";
const STORE: &str = "identitystore";
const SCIM: &str = "identitystore-scim";
const SSO: &str = "sso";
const IAM: &str = "iam";
const ORGANIZATIONS: &str = "organizations";

const GROUP: Place = (Thing::Group, "requestParameters.groupId");
const USER: Place = (Thing::User, "requestParameters.userId");
/// As an observed sibling has it.
const USER_WITHIN: Place = (Thing::User, "requestParameters.user.userId");
const MEMBER: Place = (Thing::User, "requestParameters.memberId.userId");
const MEMBERSHIP: Place = (Thing::Membership, "requestParameters.membershipId");
const SCIM_GROUP: Place = (Thing::Group, "requestParameters.id");
const SCIM_USER: Place = (Thing::User, "requestParameters.id");
const CONSOLE_MEMBER: &[Place] =
    &[GROUP, (Thing::User, "requestParameters.member.memberId"), MEMBER, (Thing::User, "requestParameters.memberId")];
const CALLER: &[Place] = &[
    (Thing::User, "userIdentity.onBehalfOf.userId"),
    (Thing::UserName, "additionalEventData.UserName"),
    (Thing::UserName, "userIdentity.userName"),
];
const OPENED: &[Place] = &[
    (Thing::User, "userIdentity.onBehalfOf.userId"),
    (Thing::UserName, "userIdentity.userName"),
    (Thing::Account, "serviceEventDetails.account_id"),
    (Thing::PermissionSetName, "serviceEventDetails.role_name"),
];
const ASSIGNMENT: &[Place] =
    &[(Thing::Account, "requestParameters.targetId"), SET, (Thing::Principal, "requestParameters.principalId")];
const SET: Place = (Thing::PermissionSet, "requestParameters.permissionSetArn");
const SET_POLICY: &[Place] = &[
    SET,
    (Thing::Policy, "requestParameters.managedPolicyArn"),
    (Thing::Policy, "requestParameters.customerManagedPolicyReference.name"),
    (Thing::Policy, "requestParameters.permissionsBoundary.managedPolicyArn"),
    (Thing::Policy, "requestParameters.permissionsBoundary.customerManagedPolicyReference.name"),
    (Thing::PolicyPath, "requestParameters.customerManagedPolicyReference.path"),
    (Thing::PolicyPath, "requestParameters.permissionsBoundary.customerManagedPolicyReference.path"),
];
const ROLE: Place = (Thing::Role, "requestParameters.roleName");
const ROLE_POLICY: &[Place] = &[
    ROLE,
    (Thing::Policy, "requestParameters.policyArn"),
    (Thing::Policy, "requestParameters.policyName"),
    (Thing::Policy, "requestParameters.permissionsBoundary"),
];
const PROVIDER: &[Place] = &[
    (Thing::SamlProvider, "requestParameters.sAMLProviderArn"),
    (Thing::SamlProvider, "responseElements.sAMLProviderArn"),
    (Thing::SamlProvider, "requestParameters.name"),
];
const POLICY: &[Place] = &[
    (Thing::Policy, "requestParameters.policyArn"),
    (Thing::Policy, "responseElements.policy.arn"),
    (Thing::Policy, "requestParameters.policyName"),
];
const ORGANIZATION_POLICY: &[Place] = &[
    (Thing::Policy, "requestParameters.policyId"),
    (Thing::Policy, "responseElements.policy.policySummary.id"),
    (Thing::Target, "requestParameters.targetId"),
];
const ACCOUNT: Place = (Thing::Account, "requestParameters.accountId");
const POLICY_TYPE: &[Place] =
    &[(Thing::PolicyType, "requestParameters.policyType"), (Thing::Target, "requestParameters.rootId")];
const ENTITLEMENT: &[Place] = &[
    (Thing::Application, "requestParameters.applicationArn"),
    (Thing::Entitlement, "requestParameters.entitlementId"),
    (Thing::Entitlement, "responseElements.entitlementId"),
    (Thing::Principal, "requestParameters.entitlement.principalRole.principal.identityCenter.groupId"),
    (Thing::Principal, "requestParameters.entitlement.principalRole.principal.identityCenter.userId"),
    (Thing::Role, "requestParameters.entitlement.principalRole.roleArn"),
];

/// Every kind of record that is read.
const EVENTS: &[Logged] = &[
    event(DIRECTORY, &["AddMemberToGroup"], What::MemberAdded, CONSOLE_MEMBER),
    event(DIRECTORY, &["RemoveMemberFromGroup"], What::MemberRemoved, CONSOLE_MEMBER),
    event(
        STORE,
        &["CreateGroupMembership"],
        What::MemberAdded,
        &[GROUP, MEMBER, (Thing::Membership, "responseElements.membershipId")],
    ),
    event(STORE, &["DeleteGroupMembership"], What::MemberRemoved, &[GROUP, MEMBER, MEMBERSHIP]),
    event(STORE, &["GetGroupMembershipId"], What::MembershipLookedUp, &[GROUP, MEMBER]),
    event(STORE, &["ListGroupMembershipsForMember"], What::MembershipsListed, &[MEMBER]),
    event(SCIM, &["PatchGroup"], What::GroupUpdated, &[SCIM_GROUP]),
    event(SCIM, &["PutGroup"], What::MembersPatched, &[SCIM_GROUP]),
    event(
        DIRECTORY,
        &["CreateGroup"],
        What::GroupCreated,
        &[(Thing::Group, "responseElements.group.groupId"), (Thing::Group, "responseElements.groupId")],
    ),
    event(STORE, &["CreateGroup"], What::GroupCreated, &[(Thing::Group, "responseElements.groupId")]),
    event(SCIM, &["CreateGroup"], What::GroupCreated, &[(Thing::Group, "responseElements.id")]),
    event(DIRECTORY, &["UpdateGroup", "UpdateGroupDisplayName"], What::GroupUpdated, &[GROUP]),
    event(STORE, &["UpdateGroup"], What::GroupUpdated, &[GROUP]),
    event(DIRECTORY, &["DeleteGroup"], What::GroupDeleted, &[GROUP]),
    event(STORE, &["DeleteGroup"], What::GroupDeleted, &[GROUP]),
    event(SCIM, &["DeleteGroup"], What::GroupDeleted, &[SCIM_GROUP]),
    event(
        DIRECTORY,
        &["CreateUser"],
        What::UserCreated,
        &[(Thing::User, "responseElements.user.userId"), (Thing::Active, "requestParameters.active")],
    ),
    event(STORE, &["CreateUser"], What::UserCreated, &[(Thing::User, "responseElements.userId")]),
    event(
        SCIM,
        &["CreateUser"],
        What::UserCreated,
        &[(Thing::User, "responseElements.id"), (Thing::Active, "requestParameters.httpBody.active")],
    ),
    event(DIRECTORY, &["UpdateUser", "UpdateUserName"], What::UserUpdated, &[USER, USER_WITHIN]),
    event(STORE, &["UpdateUser"], What::UserUpdated, &[USER]),
    event(DIRECTORY, &["DisableUser"], What::UserDisabled, &[USER, USER_WITHIN]),
    event(DIRECTORY, &["EnableUser"], What::UserEnabled, &[USER, USER_WITHIN]),
    event(SCIM, &["PatchUser"], What::UserUpdated, &[SCIM_USER]),
    event(SCIM, &["PutUser"], What::UserUpdated, &[SCIM_USER, (Thing::Active, "requestParameters.httpBody.active")]),
    event(DIRECTORY, &["DeleteUser"], What::UserDeleted, &[USER, USER_WITHIN]),
    event(STORE, &["DeleteUser"], What::UserDeleted, &[USER]),
    event(SCIM, &["DeleteUser"], What::UserDeleted, &[SCIM_USER]),
    event(SSO, &["CreateAccountAssignment"], What::AssignmentCreated, ASSIGNMENT),
    event(SSO, &["DeleteAccountAssignment"], What::AssignmentDeleted, ASSIGNMENT),
    event(
        SSO,
        &["AssociateProfile", "DisassociateProfile"],
        What::ProfileChanged,
        &[(Thing::Principal, "requestParameters.accessorId")],
    ),
    event(
        SSO,
        &["CreatePermissionSet"],
        What::PermissionSetCreated,
        &[
            (Thing::PermissionSet, "responseElements.permissionSet.permissionSetArn"),
            (Thing::PermissionSetName, "requestParameters.name"),
        ],
    ),
    event(SSO, &["UpdatePermissionSet"], What::PermissionSetUpdated, &[SET]),
    event(SSO, &["DeletePermissionSet"], What::PermissionSetDeleted, &[SET]),
    event(
        SSO,
        &[
            "AttachManagedPolicyToPermissionSet",
            "AttachCustomerManagedPolicyReferenceToPermissionSet",
            "PutInlinePolicyToPermissionSet",
            "PutPermissionsBoundaryToPermissionSet",
        ],
        What::PermissionSetPolicyAdded,
        SET_POLICY,
    ),
    event(
        SSO,
        &[
            "DetachManagedPolicyFromPermissionSet",
            "DetachCustomerManagedPolicyReferenceFromPermissionSet",
            "DeleteInlinePolicyFromPermissionSet",
            "DeletePermissionsBoundaryFromPermissionSet",
        ],
        What::PermissionSetPolicyRemoved,
        SET_POLICY,
    ),
    event(
        SSO,
        &["ProvisionPermissionSet"],
        What::PermissionSetProvisioned,
        &[SET, (Thing::Account, "requestParameters.targetId")],
    ),
    event(
        SSO,
        &[
            "CreateInstanceAccessControlAttributeConfiguration",
            "UpdateInstanceAccessControlAttributeConfiguration",
            "DeleteInstanceAccessControlAttributeConfiguration",
        ],
        What::AccessControlAttributesChanged,
        &[],
    ),
    event(
        SSO,
        &[
            "UpdateInstance",
            "DeleteInstance",
            "UpdateSsoConfiguration",
            "PutMfaDeviceManagementForDirectory",
            "AddRegion",
            "RemoveRegion",
        ],
        What::InstanceChanged,
        &[],
    ),
    event(DIRECTORY, &["PutMfaDeviceManagementForDirectory"], What::InstanceChanged, &[]),
    event(SSO, IDENTITY_SOURCE, What::IdentitySourceChanged, &[]),
    event(DIRECTORY, IDENTITY_SOURCE, What::IdentitySourceChanged, &[]),
    event(DIRECTORY, &["CreateBearerToken", "CreateProvisioningTenant"], What::ScimTokenCreated, &[]),
    event(DIRECTORY, &["DeleteBearerToken", "DeleteProvisioningTenant"], What::ScimTokenDeleted, &[]),
    event(IAM, &["CreateRole"], What::RoleCreated, &[ROLE]),
    event(IAM, &["DeleteRole"], What::RoleDeleted, &[ROLE]),
    event(
        IAM,
        &[
            "AttachRolePolicy",
            "DetachRolePolicy",
            "PutRolePolicy",
            "DeleteRolePolicy",
            "PutRolePermissionsBoundary",
            "DeleteRolePermissionsBoundary",
        ],
        What::RolePoliciesChanged,
        ROLE_POLICY,
    ),
    event(IAM, &["UpdateAssumeRolePolicy"], What::RoleTrustChanged, &[ROLE]),
    event(IAM, &["CreateSAMLProvider"], What::SamlProviderCreated, PROVIDER),
    event(IAM, &["UpdateSAMLProvider"], What::SamlProviderUpdated, PROVIDER),
    event(IAM, &["DeleteSAMLProvider"], What::SamlProviderDeleted, PROVIDER),
    event(IAM, &["CreatePolicy"], What::PolicyCreated, POLICY),
    event(IAM, &["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion"], What::PolicyUpdated, POLICY),
    event(IAM, &["DeletePolicy"], What::PolicyDeleted, POLICY),
    event(ORGANIZATIONS, &["CreatePolicy"], What::OrganizationPolicyCreated, ORGANIZATION_POLICY),
    event(ORGANIZATIONS, &["AttachPolicy"], What::OrganizationPolicyAttached, ORGANIZATION_POLICY),
    event(ORGANIZATIONS, &["DetachPolicy"], What::OrganizationPolicyDetached, ORGANIZATION_POLICY),
    event(ORGANIZATIONS, &["UpdatePolicy"], What::OrganizationPolicyUpdated, ORGANIZATION_POLICY),
    event(ORGANIZATIONS, &["DeletePolicy"], What::OrganizationPolicyDeleted, ORGANIZATION_POLICY),
    event(ORGANIZATIONS, &["EnablePolicyType"], What::PolicyTypeEnabled, POLICY_TYPE),
    event(ORGANIZATIONS, &["DisablePolicyType"], What::PolicyTypeDisabled, POLICY_TYPE),
    event(
        ORGANIZATIONS,
        &["MoveAccount"],
        What::AccountMoved,
        &[
            ACCOUNT,
            (Thing::From, "requestParameters.sourceParentId"),
            (Thing::To, "requestParameters.destinationParentId"),
        ],
    ),
    event(
        ORGANIZATIONS,
        &["CloseAccount", "CloseAccountResult"],
        What::AccountClosed,
        &[ACCOUNT, (Thing::Account, "serviceEventDetails.closeAccountStatus.accountId")],
    ),
    event(ORGANIZATIONS, &["RemoveAccountFromOrganization"], What::AccountRemoved, &[ACCOUNT]),
    // The account that leaves asks for it, and names nobody.
    event(ORGANIZATIONS, &["LeaveOrganization"], What::AccountRemoved, &[(Thing::Account, "userIdentity.accountId")]),
    event("account-access", &["CreateEntitlement"], What::EntitlementCreated, ENTITLEMENT),
    event("account-access", &["DeleteEntitlement"], What::EntitlementDeleted, ENTITLEMENT),
    event(
        "kms",
        &["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "RevokeGrant", "EnableKey", "CancelKeyDeletion"],
        What::KeyChanged,
        &[(Thing::Key, "requestParameters.keyId")],
    ),
    event("signin", &["UserAuthentication", "ExternalIdPDirectoryLogin"], What::SignedIn, CALLER),
    event(SSO, &["Federate", "GetRoleCredentials"], What::RoleOpened, OPENED),
    event(
        "sts",
        &["AssumeRoleWithSAML"],
        What::RoleAssumed,
        &[
            (Thing::UserName, "requestParameters.roleSessionName"),
            (Thing::Role, "requestParameters.roleArn"),
            (Thing::SamlProvider, "requestParameters.principalArn"),
        ],
    ),
];

const IDENTITY_SOURCE: &[&str] = &[
    "AssociateDirectory",
    "DisassociateDirectory",
    "EnableExternalIdPConfigurationForDirectory",
    "DisableExternalIdPConfigurationForDirectory",
    "ImportExternalIdPCertificate",
    "DeleteExternalIdPCertificate",
];

/// Every kind of record that is read: what a query for them has to ask for.
pub const fn logged() -> &'static [Logged] {
    EVENTS
}

/// The kind of a record: by its source, with or without `.amazonaws.com`, and its name.
pub(super) fn kind_of(source: &str, name: &str) -> Option<&'static Logged> {
    let source = source.strip_suffix(".amazonaws.com").unwrap_or(source);
    EVENTS.iter().find(|logged| logged.source == source && logged.names.contains(&name))
}

/// Whether records of this source and name are read.
pub fn is_logged(source: &str, name: &str) -> bool {
    kind_of(source, name).is_some()
}
