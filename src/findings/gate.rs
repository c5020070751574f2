//! The stations between a person and an account. Their order is the causal one.

/// The stations between a person and an account, in causal order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// The Identity Center instance.
    Instance,
    /// The AWS account.
    Account,
    /// The user in the identity store.
    User,
    /// What CloudTrail says of the user's sign-ins.
    SignIn,
    /// The user's groups.
    Membership,
    /// The account assignment.
    Assignment,
    /// The policies that the permission set names.
    Policy,
    /// The permission set's copy in the account.
    Provisioning,
    /// The IAM role, and the SAML provider behind one of Identity Center.
    Role,
    /// The organization's policies above the account.
    OrganizationPolicy,
    /// The session: its tags and what its policies deny to this one user.
    Session,
    /// What AWS STS said when the user last tried.
    Federation,
}

impl Gate {
    /// Every gate, in causal order.
    pub const ALL: &[Self] = &[
        Self::Instance,
        Self::Account,
        Self::User,
        Self::SignIn,
        Self::Membership,
        Self::Assignment,
        Self::Policy,
        Self::Provisioning,
        Self::Role,
        Self::OrganizationPolicy,
        Self::Session,
        Self::Federation,
    ];

    /// The gate's name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Account => "account",
            Self::User => "user",
            Self::SignIn => "sign-in",
            Self::Membership => "membership",
            Self::Assignment => "assignment",
            Self::Policy => "policy",
            Self::Provisioning => "provisioning",
            Self::Role => "role",
            Self::OrganizationPolicy => "organization-policy",
            Self::Session => "session",
            Self::Federation => "federation",
        }
    }

    /// Whether the gate only corroborates: a fault there counts, but not knowing spoils nothing, since CloudTrail's
    /// silence proves nothing either.
    pub const fn corroborates(self) -> bool {
        matches!(self, Self::SignIn | Self::Federation)
    }
}
