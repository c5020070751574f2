//! Questions that share a rate wait together, and apart from the others.

use crate::evidence::Want;

/// What has rates of its own waits apart, so that nothing holds up something else.
pub(super) const LANES: usize = 6;

/// The lane of a question.
pub(super) const fn lane(want: &Want) -> usize {
    match want {
        Want::Members(_) => 1,
        Want::User(_)
        | Want::Group(_)
        | Want::GroupNamed(_)
        | Want::People()
        | Want::CloseUsers(_)
        | Want::Groups()
        | Want::LookUp(_)
        | Want::Person(_)
        | Want::Memberships(_) => 2,
        Want::Accounts()
        | Want::Account(_)
        | Want::Organization()
        | Want::Roots()
        | Want::Parent(_)
        | Want::Attached(..)
        | Want::Policies(_)
        | Want::PolicyTargets(_)
        | Want::PolicyDocument(_) => 3,
        Want::Entry(_)
        | Want::PoliciesIn(_)
        | Want::RolesIn(_)
        | Want::SamlProvidersIn(_)
        | Want::QuotasIn(_)
        | Want::EntitledRole(..)
        | Want::LastUsed(..)
        | Want::AttachedTo(..)
        | Want::InlineNames(..)
        | Want::InlineOf(..)
        | Want::ManagedPolicy(..)
        | Want::AwsManagedPolicy(_) => 4,
        Want::Applications() | Want::Application(_) | Want::Entitlements(..) | Want::EntitlementsOf(..) => 5,
        Want::Caller()
        | Want::Instances()
        | Want::InstanceDetails()
        | Want::Attributes()
        | Want::PermissionSets()
        | Want::PermissionSet(_)
        | Want::AwsManaged(_)
        | Want::CustomerManaged(_)
        | Want::Inline(_)
        | Want::Boundary(_)
        | Want::AccountsOf(..)
        | Want::SetsOf(..)
        | Want::SetsIn(_)
        | Want::Assignments(..)
        | Want::Requests(..)
        | Want::Request(..)
        | Want::AssignmentsIn(..)
        | Want::AssignmentsOfPerson(_)
        | Want::AssignmentsOfGroup(_) => 0,
    }
}
