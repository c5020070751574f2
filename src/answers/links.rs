//! Where to read on: AWS's own page about a rule's subject, and the page of the console where only that can mend.

use crate::verdict::Finding;

const IDENTITY_CENTER: &str = "https://docs.aws.amazon.com/singlesignon/latest/userguide/";
const IDENTITY_CENTER_API: &str = "https://docs.aws.amazon.com/singlesignon/latest/APIReference/";
const IAM: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/";
const ORGANIZATIONS: &str = "https://docs.aws.amazon.com/organizations/latest/userguide/";
const ORGANIZATIONS_API: &str = "https://docs.aws.amazon.com/organizations/latest/APIReference/";
const STS_API: &str = "https://docs.aws.amazon.com/STS/latest/APIReference/";

/// The page of AWS's documentation about what a rule is about.
pub fn documentation(rule: &str) -> Option<String> {
    let (guide, page) = match rule {
        "instance-not-active" | "permission-sets-disabled" => (IDENTITY_CENTER, "identity-center-instances.html"),
        "account-not-in-organization" => (ORGANIZATIONS_API, "API_DescribeAccount.html"),
        "account-not-active" => (ORGANIZATIONS, "orgs_manage_accounts.html"),
        "user-not-found" | "group-not-found" | "not-in-assigned-group" => {
            (IDENTITY_CENTER, "users-groups-provisioning.html")
        }
        "user-disabled" => (IDENTITY_CENTER, "disableuser.html"),
        "sign-in-failed" | "assignment-orphaned-principal" | "role-policies-differ" => {
            (IDENTITY_CENTER, "troubleshooting.html")
        }
        "permission-set-not-found" | "permission-set-empty" => (IDENTITY_CENTER, "permissionsetsconcept.html"),
        "assignment-missing" => (IDENTITY_CENTER, "assignusers.html"),
        "assignment-deleting" => (IDENTITY_CENTER_API, "API_DeleteAccountAssignment.html"),
        "entitlement-application-not-active" | "entitlement-role-trust-missing" => (IAM, "id_roles.html"),
        "customer-managed-policy-missing" | "permissions-boundary-missing" => {
            (IDENTITY_CENTER, "permissionsetcustom.html")
        }
        "aws-managed-policy-missing" => (IDENTITY_CENTER_API, "API_AttachManagedPolicyToPermissionSet.html"),
        "policies-per-role-quota" => (IAM, "reference_iam-quotas.html"),
        "assignment-creating" | "assignment-creation-failed" => {
            (IDENTITY_CENTER_API, "API_DescribeAccountAssignmentCreationStatus.html")
        }
        "provisioning-in-progress" | "provisioning-failed" => {
            (IDENTITY_CENTER_API, "API_DescribePermissionSetProvisioningStatus.html")
        }
        "permission-set-not-provisioned" | "permission-set-outdated" => {
            (IDENTITY_CENTER_API, "API_ProvisionPermissionSet.html")
        }
        "role-missing" => (IDENTITY_CENTER, "referencingpermissionsets.html"),
        "role-trust-altered" | "saml-provider-missing" => (IAM, "troubleshoot_saml.html"),
        "resource-control-policy-denies" => (ORGANIZATIONS, "orgs_manage_policies_rcps.html"),
        "service-control-policy-denies-session" => (ORGANIZATIONS, "orgs_manage_policies_scps.html"),
        "session-tags-invalid" => (IDENTITY_CENTER, "attributesforaccesscontrol.html"),
        "user-denied-by-policy" => (IDENTITY_CENTER, "revoke-user-permissions.html"),
        "permission-set-denies-session" => (IAM, "access_policies_boundaries.html"),
        "assume-role-failed" => (STS_API, "API_AssumeRoleWithSAML.html"),
        _ => return None,
    };
    Some(format!("{guide}{page}"))
}

/// Rules whose fault is mended in the console of Identity Center, since no call of the AWS CLI does it.
const IN_THE_CONSOLE: [&str; 3] = ["instance-not-active", "user-disabled", "sign-in-failed"];

/// The console's page where only that can mend a fault. Other partitions have consoles of their own.
pub fn console(finding: &Finding) -> Option<String> {
    if !IN_THE_CONSOLE.contains(&finding.rule) {
        return None;
    }
    let region = finding.fault.proof.iter().find_map(|proof| proof.region.as_deref())?;
    let is_elsewhere = ["cn-", "us-gov-", "eusc-"].iter().any(|partition| region.starts_with(partition));
    let is_plain = region.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (!is_elsewhere && is_plain).then(|| format!("https://console.aws.amazon.com/singlesignon/home?region={region}"))
}

/// The text with each rule's name a link to AWS's page about it, as terminals take them (OSC 8).
pub fn linked(text: &str, rules: &[&str]) -> String {
    let mut text = text.to_owned();
    for rule in rules {
        let Some(address) = documentation(rule) else { continue };
        let named = format!("idc explain {rule}");
        let link = format!("idc explain {START}{address}{END}{rule}{START}{END}");
        // Where one name begins another, the longer stays as it is.
        if let Some(place) = text.rfind(&named)
            && !text[place + named.len()..].starts_with('-')
        {
            text.replace_range(place..place + named.len(), &link);
        }
    }
    text
}

/// The beginning of a link, before its address; with none, its end.
pub const START: &str = "\u{1b}]8;;";
/// What ends the address.
pub const END: &str = "\u{1b}\\";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn every_rule_has_a_page_of_aws() {
        for rule in RULES {
            let page = documentation(rule.id);
            assert!(page.is_some_and(|page| page.starts_with("https://docs.aws.amazon.com/")), "{}", rule.id);
        }
    }

    #[test]
    fn a_link_stands_around_the_name_alone() {
        let text = linked("More: idc explain role-missing, idc policy\n", &["role-missing", "user-disabled"]);
        let address = documentation("role-missing").unwrap_or_default();
        let expected = format!("More: idc explain {START}{address}{END}role-missing{START}{END}, idc policy\n");
        assert_eq!(text, expected);
    }
}
