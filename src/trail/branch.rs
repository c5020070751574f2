//! Which records bear on the question, as data: each branch is some events of some services which speak of something
//! that is looked for. Names alone do not do: other services have events of the same names.

use super::Sought;

/// A part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `requestParameters`.
    Request,
    /// `responseElements`.
    Response,
    /// `additionalEventData`.
    Additional,
    /// `serviceEventDetails`.
    Details,
    /// `errorMessage`.
    Error,
    /// `userIdentity.onBehalfOf.userId`: who acts, by what came with July 2025.
    OnBehalfOf,
    /// `userIdentity.principalId` and `userIdentity.userName`: who acts, by what was before.
    Principal,
}

/// Texts one of which must stand in one of these parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The texts.
    pub any: Vec<String>,
    /// The parts.
    pub within: &'static [Part],
}

/// Some events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// `eventSource`, one of these.
    pub sources: &'static [&'static str],
    /// `eventName`, one of these.
    pub names: &'static [&'static str],
    /// `recipientAccountId`, where it must be this one.
    pub account: Option<String>,
    /// All of these.
    pub texts: Vec<Text>,
    /// Whether there must be an `errorMessage`.
    pub failed: bool,
}

const DIRECTORY: &[&str] =
    &["sso-directory.amazonaws.com", "identitystore.amazonaws.com", "identitystore-scim.amazonaws.com"];
const SSO: &[&str] = &["sso.amazonaws.com"];
const SIGN_IN: &[&str] = &["signin.amazonaws.com"];
const IAM: &[&str] = &["iam.amazonaws.com"];
const ORGANIZATIONS: &[&str] = &["organizations.amazonaws.com"];

/// What is done to users, groups and memberships, and the look-ups before a deletion that names nobody.
const PRINCIPALS: &[&str] = &[
    "AddMemberToGroup",
    "RemoveMemberFromGroup",
    "CreateGroupMembership",
    "GetGroupMembershipId",
    "ListGroupMembershipsForMember",
    "PatchGroup",
    "PutGroup",
    "CreateGroup",
    "UpdateGroup",
    "UpdateGroupDisplayName",
    "DeleteGroup",
    "CreateUser",
    "UpdateUser",
    "UpdateUserName",
    "PutUser",
    "PatchUser",
    "DisableUser",
    "EnableUser",
    "DeleteUser",
];
const PERMISSION_SET: &[&str] = &[
    "UpdatePermissionSet",
    "ProvisionPermissionSet",
    "AttachManagedPolicyToPermissionSet",
    "DetachManagedPolicyFromPermissionSet",
    "AttachCustomerManagedPolicyReferenceToPermissionSet",
    "DetachCustomerManagedPolicyReferenceFromPermissionSet",
    "PutInlinePolicyToPermissionSet",
    "DeleteInlinePolicyFromPermissionSet",
    "PutPermissionsBoundaryToPermissionSet",
    "DeletePermissionsBoundaryFromPermissionSet",
];
const INSTANCE: &[&str] = &[
    "CreateInstanceAccessControlAttributeConfiguration",
    "UpdateInstanceAccessControlAttributeConfiguration",
    "DeleteInstanceAccessControlAttributeConfiguration",
    "UpdateInstance",
    "DeleteInstance",
    "UpdateSsoConfiguration",
    "PutMfaDeviceManagementForDirectory",
    "AssociateDirectory",
    "DisassociateDirectory",
    "EnableExternalIdPConfigurationForDirectory",
    "DisableExternalIdPConfigurationForDirectory",
    "ImportExternalIdPCertificate",
    "DeleteExternalIdPCertificate",
    "CreateBearerToken",
    "DeleteBearerToken",
    "CreateProvisioningTenant",
    "DeleteProvisioningTenant",
    "AddRegion",
    "RemoveRegion",
];
const IN_ACCOUNT: &[&str] = &[
    "CreateRole",
    "DeleteRole",
    "UpdateAssumeRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
    "CreatePolicy",
    "DeletePolicy",
    "CreatePolicyVersion",
    "DeletePolicyVersion",
    "SetDefaultPolicyVersion",
    "CreateSAMLProvider",
    "UpdateSAMLProvider",
    "DeleteSAMLProvider",
];
const KEY: &[&str] =
    &["DisableKey", "EnableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "PutKeyPolicy", "RevokeGrant"];

/// How the names of Identity Center's SAML providers begin.
const SAML_PROVIDER: &str = "AWSSSO_";
/// How the names of its roles begin.
const ROLE: &str = "AWSReservedSSO_";

impl Branch {
    fn of(sources: &'static [&'static str], names: &'static [&'static str]) -> Self {
        Self { sources, names, account: None, texts: Vec::new(), failed: false }
    }

    fn in_account(mut self, account: Option<&String>) -> Self {
        self.account = account.cloned();
        self
    }

    /// Of these, where one of the texts stands there; of all, where nothing is known to look for.
    fn with(mut self, any: impl IntoIterator<Item = impl AsRef<str>>, within: &'static [Part]) -> Self {
        let any = any.into_iter().filter(|text| !text.as_ref().is_empty());
        let any: Vec<String> = any.map(|text| text.as_ref().to_owned()).collect();
        if !any.is_empty() {
            self.texts.push(Text { any, within });
        }
        self
    }

    /// Whether something must stand in this part, or one beside it.
    pub fn looks_in(&self, part: Part) -> bool {
        self.texts.iter().any(|text| text.within.contains(&part))
    }
}

/// The branches for what is looked for.
pub fn branches(sought: &Sought) -> Vec<Branch> {
    use Part::{Additional, Details, Error, OnBehalfOf, Principal, Request, Response};

    const NAMED: &[Part] = &[Request, Response];
    let target = sought.accounts.target.as_ref();
    let ids: Vec<&String> = sought.user.iter().chain(&sought.others).collect();
    let mut all = Vec::new();
    if !ids.is_empty() {
        all.push(Branch::of(DIRECTORY, PRINCIPALS).with(&ids, NAMED));
    }
    // These name nobody that is left: what a membership's id stood for, or what a name had, is told by other records.
    all.push(Branch::of(&["identitystore.amazonaws.com"], &["DeleteGroupMembership"]));
    if sought.user.is_none() {
        all.push(Branch::of(DIRECTORY, &["DeleteUser"]));
    }
    if sought.others.is_empty() {
        all.push(Branch::of(DIRECTORY, &["DeleteGroup"]));
    }
    // Whoever it was assigned to: through which group the user had it may be known no longer.
    all.push(Branch::of(SSO, &["CreateAccountAssignment", "DeleteAccountAssignment"]).with(target, &[Request]));
    all.push(Branch::of(
        SSO,
        &["AssociateProfile", "DisassociateProfile", "CreatePermissionSet", "DeletePermissionSet"],
    ));
    if !sought.permission_sets.is_empty() {
        // The last part of the ARN is the id.
        let sets = sought.permission_sets.iter().map(|arn| arn.rsplit('/').next().unwrap_or(arn));
        all.push(Branch::of(SSO, PERMISSION_SET).with(sets, &[Request]));
    }
    all.push(Branch::of(&["sso.amazonaws.com", "sso-directory.amazonaws.com"], INSTANCE));
    if sought.user.is_some() {
        let opened = Branch::of(SSO, &["Federate", "GetRoleCredentials"]).with(target, &[Details]);
        all.push(opened.with(&sought.user, &[OnBehalfOf, Principal]));
    }
    let whose: Vec<&String> = sought.user.iter().chain(&sought.user_name).collect();
    if !whose.is_empty() {
        let signed_in = Branch::of(SIGN_IN, &["UserAuthentication"]);
        all.push(signed_in.with(whose, &[OnBehalfOf, Principal, Additional]));
    }
    let external = Branch::of(SIGN_IN, &["ExternalIdPDirectoryLogin"]);
    all.push(Branch { failed: true, ..external });
    if target.is_some() {
        if sought.user_name.is_some() {
            let sessions = Branch::of(&["sts.amazonaws.com"], &["AssumeRoleWithSAML"]).in_account(target);
            all.push(sessions.with(&sought.user_name, &[Request]));
        }
        let named = sought.roles.iter().chain(&sought.policies).map(String::as_str);
        let roles = sought.roles.is_empty().then_some(ROLE);
        // A refusal names what was meant in its message alone.
        let named = named.chain(roles).chain([SAML_PROVIDER]);
        all.push(Branch::of(IAM, IN_ACCOUNT).in_account(target).with(named, &[Request, Error]));
        let moves = Branch::of(ORGANIZATIONS, &["MoveAccount", "CloseAccount", "RemoveAccountFromOrganization"]);
        all.push(moves.with(target, &[Request]));
        all.push(Branch::of(ORGANIZATIONS, &["CloseAccountResult"]).with(target, &[Details]));
        all.push(Branch::of(ORGANIZATIONS, &["LeaveOrganization"]).in_account(target));
    }
    if !sought.organization.is_empty() || target.is_some() {
        let policies = Branch::of(ORGANIZATIONS, &["AttachPolicy", "DetachPolicy", "UpdatePolicy", "DeletePolicy"]);
        all.push(policies.with(sought.organization.iter().chain(target), &[Request]));
        // A policy's id is in the answer to whoever made it.
        all.push(Branch::of(ORGANIZATIONS, &["CreatePolicy"]).with(&sought.organization, &[Response]));
        all.push(Branch::of(ORGANIZATIONS, &["EnablePolicyType", "DisablePolicyType"]));
    }
    all.push(Branch::of(&["account-access.amazonaws.com"], &["CreateEntitlement", "DeleteEntitlement"]));
    if sought.key.is_some() {
        all.push(Branch::of(&["kms.amazonaws.com"], KEY).with(&sought.key, &[Request]));
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::sample::sought;
    use super::*;
    use crate::evidence::logged;

    #[test]
    fn what_is_read_is_looked_for_and_nothing_else() {
        let sought = Sought { key: Some("a".to_owned()), organization: ["p-1".to_owned()].into(), ..sought() };
        let nobody = Sought { user: None, others: BTreeSet::new(), ..sought.clone() };
        let all: Vec<Branch> = branches(&sought).into_iter().chain(branches(&nobody)).collect();
        for kind in logged() {
            for name in kind.names {
                let source = format!("{}.amazonaws.com", kind.source);
                let is_meant =
                    |branch: &Branch| branch.sources.contains(&source.as_str()) && branch.names.contains(name);
                assert!(all.iter().any(is_meant), "{source} {name} is not looked for");
            }
        }
        for name in all.iter().flat_map(|branch| branch.names) {
            assert!(logged().iter().any(|kind| kind.names.contains(name)), "{name} is looked for, and nobody reads it");
        }
    }
}
