//! What is told by records of CloudTrail, and what they are about.

use serde::{Deserialize, Serialize};

/// What a record tells was done, or asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Somebody came into a group.
    MemberAdded,
    /// Somebody was taken out of a group.
    MemberRemoved,
    /// The members of a group were changed through SCIM; whose membership, AWS hides.
    MembersPatched,
    /// A membership was looked up by group and member. Changes nothing; may tell whom a removal without names was about.
    MembershipLookedUp,
    /// Somebody's memberships were listed. Changes nothing; may tell whom a removal without names was about.
    MembershipsListed,
    /// A group was made.
    GroupCreated,
    /// A group was renamed, or otherwise changed.
    GroupUpdated,
    /// A group was deleted.
    GroupDeleted,
    /// A user was made.
    UserCreated,
    /// A user was renamed, or otherwise changed.
    UserUpdated,
    /// A user was disabled.
    UserDisabled,
    /// A user was enabled.
    UserEnabled,
    /// Whether a user may sign in was set through SCIM; to what, AWS may hide.
    UserActiveSet,
    /// A user was deleted.
    UserDeleted,
    /// An assignment was asked for.
    AssignmentCreated,
    /// The deletion of an assignment was asked for.
    AssignmentDeleted,
    /// An assignment was made or deleted in the console's form of before 2020, which names neither account nor permission
    /// set.
    ProfileChanged,
    /// A permission set was made.
    PermissionSetCreated,
    /// A permission set was changed, but for its policies.
    PermissionSetUpdated,
    /// A permission set was deleted.
    PermissionSetDeleted,
    /// A policy, or the boundary, of a permission set was put or attached.
    PermissionSetPolicyAdded,
    /// A policy, or the boundary, of a permission set was deleted or detached.
    PermissionSetPolicyRemoved,
    /// A permission set was to be provisioned anew.
    PermissionSetProvisioned,
    /// The attributes for access control were changed.
    AccessControlAttributesChanged,
    /// The instance, its sessions or its rules for a second factor were changed.
    InstanceChanged,
    /// The identity source was changed, or the external identity provider and its certificates.
    IdentitySourceChanged,
    /// A token for SCIM was made.
    ScimTokenCreated,
    /// A token for SCIM, or all of SCIM, was deleted.
    ScimTokenDeleted,
    /// A role was made.
    RoleCreated,
    /// A role was deleted.
    RoleDeleted,
    /// A role's policies or boundary were changed.
    RolePoliciesChanged,
    /// A role's trust policy was changed.
    RoleTrustChanged,
    /// A SAML provider was made.
    SamlProviderCreated,
    /// A SAML provider was changed.
    SamlProviderUpdated,
    /// A SAML provider was deleted.
    SamlProviderDeleted,
    /// A customer managed policy was made.
    PolicyCreated,
    /// A customer managed policy was changed.
    PolicyUpdated,
    /// A customer managed policy was deleted.
    PolicyDeleted,
    /// An organization's policy was made.
    OrganizationPolicyCreated,
    /// An organization's policy was attached.
    OrganizationPolicyAttached,
    /// An organization's policy was detached.
    OrganizationPolicyDetached,
    /// An organization's policy was changed.
    OrganizationPolicyUpdated,
    /// An organization's policy was deleted.
    OrganizationPolicyDeleted,
    /// A kind of policy was switched on in the organization.
    PolicyTypeEnabled,
    /// A kind of policy was switched off in the organization.
    PolicyTypeDisabled,
    /// An account was moved to another organizational unit.
    AccountMoved,
    /// An account was closed.
    AccountClosed,
    /// An account was taken out of the organization, or left it.
    AccountRemoved,
    /// An entitlement of account access manager was made.
    EntitlementCreated,
    /// An entitlement of account access manager was deleted.
    EntitlementDeleted,
    /// A KMS key was disabled, is to be deleted, or has another policy.
    KeyChanged,
    /// Somebody signed in, or tried to.
    SignedIn,
    /// Somebody opened a role from the access portal, in the browser or on the command line.
    RoleOpened,
    /// AWS STS let somebody into a role, or did not.
    RoleAssumed,
}

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// A group's id.
    Group,
    /// A user's id.
    User,
    /// A user's name, as typed or as it was at that time.
    UserName,
    /// A membership's id.
    Membership,
    /// What was done to the members, of `add`, `remove` and `replace`, behind commas.
    Operation,
    /// Whether the user may sign in: `true` or `false`.
    Active,
    /// An account's id.
    Account,
    /// A permission set's ARN.
    PermissionSet,
    /// A permission set's name, as the access portal has it.
    PermissionSetName,
    /// The id of the group or user that something is assigned to.
    Principal,
    /// A role's name or ARN.
    Role,
    /// A SAML provider's name or ARN.
    SamlProvider,
    /// A policy's name, ARN or id.
    Policy,
    /// The path of a customer managed policy that is told by its name.
    PolicyPath,
    /// The account, organizational unit or root that an organization's policy is attached to.
    Target,
    /// Where an account was.
    From,
    /// Where an account went.
    To,
    /// The kind of an organization's policy.
    PolicyType,
    /// An application's ARN.
    Application,
    /// An entitlement's id.
    Entitlement,
    /// A KMS key's id or ARN.
    Key,
}

impl What {
    /// Whether something is otherwise afterwards. A look-up, a sign-in and a session change nothing.
    pub const fn changes(self) -> bool {
        !matches!(
            self,
            Self::MembershipLookedUp | Self::MembershipsListed | Self::SignedIn | Self::RoleOpened | Self::RoleAssumed
        )
    }
}
