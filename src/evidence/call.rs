//! Every AWS action the program may make, named as IAM names it. Permission lists, gaps and session policies all come
//! from this enum, so an action that is not here cannot be asked for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The account whose permissions allow a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// The management account or the delegated administrator of Identity Center.
    Home,
    /// The account that somebody cannot get into.
    Target,
    /// Both: it is asked here and there, and the fact's own account tells where.
    Both,
    /// Wherever the records of `--trail` are kept, and only where that is given.
    Trail,
}

macro_rules! calls {
    ($($variant:ident = $action:literal @ $site:ident: $reads:literal,)+) => {
        /// One AWS action. All of them only read; what a query finds, Amazon Athena puts where its workgroup says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Call {
            $(#[doc = $reads] #[serde(rename = $action)] $variant,)+
        }

        impl Call {
            /// Every call, in the order in which the permission lists show them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The action as IAM policies name it, for example `sso:ListInstances`.
            pub const fn action(self) -> &'static str {
                match self { $(Self::$variant => $action),+ }
            }

            /// The account, or accounts, that must allow it.
            pub const fn site(self) -> Site {
                match self { $(Self::$variant => Site::$site),+ }
            }

            /// Whether it is asked with the credentials of this site.
            pub fn is_asked_at(self, site: Site) -> bool {
                self.site() == site || self.site() == Site::Both
            }

            /// What it reads, in a few words.
            pub const fn reads(self) -> &'static str {
                match self { $(Self::$variant => $reads),+ }
            }
        }
    };
}

calls! {
    GetCallerIdentity = "sts:GetCallerIdentity" @ Home: "who is asking",
    AssumeRole = "sts:AssumeRole" @ Home: "enter the target account with --target-role",
    DescribeOrganization = "organizations:DescribeOrganization" @ Home: "which account is the management account",
    DescribeAccount = "organizations:DescribeAccount" @ Home: "the account's state",
    ListAccounts = "organizations:ListAccounts" @ Home: "accounts by name, and close names",
    ListOrganizationPolicies = "organizations:ListPolicies" @ Home: "scan: the organization's service and resource control policies",
    ListTargetsForPolicy = "organizations:ListTargetsForPolicy" @ Home: "scan: what such a policy is attached to",
    ListDelegatedAdministrators = "organizations:ListDelegatedAdministrators" @ Home: "which other account's event history has changes of Identity Center",
    ListRoots = "organizations:ListRoots" @ Home: "which kinds of policy are switched on",
    ListParents = "organizations:ListParents" @ Home: "the organizational units above the account",
    ListPoliciesForTarget = "organizations:ListPoliciesForTarget" @ Home: "the service and resource control policies attached there",
    DescribePolicy = "organizations:DescribePolicy" @ Home: "what such a policy says",
    ListInstances = "sso:ListInstances" @ Home: "the Identity Center instance and its primary Region",
    DescribeInstance = "sso:DescribeInstance" @ Home: "whether the instance supports permission sets",
    DescribeInstanceAccessControlAttributeConfiguration = "sso:DescribeInstanceAccessControlAttributeConfiguration" @ Home: "the attributes for access control that become session tags",
    ListAccountAssignmentsForPrincipal = "sso:ListAccountAssignmentsForPrincipal" @ Home: "what is assigned to the user and their groups",
    ListPermissionSetsProvisionedToAccount = "sso:ListPermissionSetsProvisionedToAccount" @ Home: "which permission sets the account has, and in which version",
    ListAccountsForProvisionedPermissionSet = "sso:ListAccountsForProvisionedPermissionSet" @ Home: "which accounts have a permission set, and in which version",
    ListAccountAssignments = "sso:ListAccountAssignments" @ Home: "who is assigned a permission set in the account",
    ListPermissionSets = "sso:ListPermissionSets" @ Home: "the permission sets of the instance",
    DescribePermissionSet = "sso:DescribePermissionSet" @ Home: "a permission set's name",
    ListManagedPoliciesInPermissionSet = "sso:ListManagedPoliciesInPermissionSet" @ Home: "the AWS managed policies it names",
    ListCustomerManagedPolicyReferencesInPermissionSet = "sso:ListCustomerManagedPolicyReferencesInPermissionSet" @ Home: "the customer managed policies it names",
    GetInlinePolicyForPermissionSet = "sso:GetInlinePolicyForPermissionSet" @ Home: "its inline policy",
    GetPermissionsBoundaryForPermissionSet = "sso:GetPermissionsBoundaryForPermissionSet" @ Home: "its permissions boundary",
    ListAccountAssignmentCreationStatus = "sso:ListAccountAssignmentCreationStatus" @ Home: "requests that create assignments",
    DescribeAccountAssignmentCreationStatus = "sso:DescribeAccountAssignmentCreationStatus" @ Home: "one such request, with its failure reason",
    ListAccountAssignmentDeletionStatus = "sso:ListAccountAssignmentDeletionStatus" @ Home: "requests that delete assignments",
    DescribeAccountAssignmentDeletionStatus = "sso:DescribeAccountAssignmentDeletionStatus" @ Home: "one such request",
    ListPermissionSetProvisioningStatus = "sso:ListPermissionSetProvisioningStatus" @ Home: "requests that provision permission sets",
    DescribePermissionSetProvisioningStatus = "sso:DescribePermissionSetProvisioningStatus" @ Home: "one such request, with its failure reason",
    GetUserId = "identitystore:GetUserId" @ Home: "a user by name or e-mail",
    DescribeUser = "identitystore:DescribeUser" @ Home: "a user, and whether they are enabled",
    ListUsers = "identitystore:ListUsers" @ Home: "close names when there is no such user; scan, who: the people that there are",
    GetGroupId = "identitystore:GetGroupId" @ Home: "a group by name",
    DescribeGroup = "identitystore:DescribeGroup" @ Home: "a group's name, and whether it still exists",
    ListGroups = "identitystore:ListGroups" @ Home: "scan: the groups that there are",
    ListGroupMemberships = "identitystore:ListGroupMemberships" @ Home: "scan, who: the people in a group",
    ListGroupMembershipsForMember = "identitystore:ListGroupMembershipsForMember" @ Home: "the user's groups",
    ListApplications = "account-access:ListApplications" @ Home: "whether the organization uses account access manager",
    GetApplication = "account-access:GetApplication" @ Home: "whether account access manager is active, and for which instance",
    ListEntitlements = "account-access:ListEntitlements" @ Home: "who is entitled to which role in the account",
    ListPolicies = "iam:ListPolicies" @ Target: "customer managed policies in the account",
    ListRoles = "iam:ListRoles" @ Target: "the AWSReservedSSO roles in the account",
    GetRole = "iam:GetRole" @ Target: "a role that the user is entitled to",
    GetPolicy = "iam:GetPolicy" @ Target: "whether an AWS managed policy exists",
    GetPolicyVersion = "iam:GetPolicyVersion" @ Target: "what a policy says that the permission set names",
    GetAccountSummary = "iam:GetAccountSummary" @ Target: "how many policies a role may have in the account",
    ListAttachedRolePolicies = "iam:ListAttachedRolePolicies" @ Target: "the managed policies that the role carries",
    ListRolePolicies = "iam:ListRolePolicies" @ Target: "the inline policies that the role carries",
    GetRolePolicy = "iam:GetRolePolicy" @ Target: "what an inline policy of the role says",
    ListSamlProviders = "iam:ListSAMLProviders" @ Target: "the SAML provider that the roles trust",
    LookupEvents = "cloudtrail:LookupEvents" @ Both: "sign-ins and changes",
    GetEventDataStore = "cloudtrail:GetEventDataStore" @ Trail: "--trail lake: which accounts and Regions the event data store holds",
    StartLakeQuery = "cloudtrail:StartQuery" @ Trail: "--trail lake: the one query",
    GetLakeQueryResults = "cloudtrail:GetQueryResults" @ Trail: "--trail lake: what it found",
    CancelLakeQuery = "cloudtrail:CancelQuery" @ Trail: "--trail lake: end a query that takes too long",
    GetTableMetadata = "athena:GetTableMetadata" @ Trail: "--trail athena: the table's columns and partitions",
    StartAthenaQuery = "athena:StartQueryExecution" @ Trail: "--trail athena: the one query; its result is left where the workgroup says",
    GetAthenaQuery = "athena:GetQueryExecution" @ Trail: "--trail athena: whether it is at its end",
    GetAthenaQueryResults = "athena:GetQueryResults" @ Trail: "--trail athena: what it found",
    StopAthenaQuery = "athena:StopQueryExecution" @ Trail: "--trail athena: end a query that takes too long",
    DescribeLogGroups = "logs:DescribeLogGroups" @ Trail: "--trail logs: how long the log group keeps its events",
    DescribeTrails = "cloudtrail:DescribeTrails" @ Trail: "--trail logs: which trail writes to the log group, of which accounts and Regions",
    GetEventSelectors = "cloudtrail:GetEventSelectors" @ Trail: "--trail logs: which events that trail takes",
    GetTrailStatus = "cloudtrail:GetTrailStatus" @ Trail: "--trail logs: since when it does",
    StartLogsQuery = "logs:StartQuery" @ Trail: "--trail logs: the one query",
    GetLogsQueryResults = "logs:GetQueryResults" @ Trail: "--trail logs: what it found",
    StopLogsQuery = "logs:StopQuery" @ Trail: "--trail logs: end a query that takes too long",
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_only_reads() {
        for call in Call::ALL {
            let name = call.action().split_once(':').map_or("", |(_, name)| name);
            let reads = ["Get", "List", "Describe", "Lookup"].iter().any(|verb| name.starts_with(verb));
            // They begin a query over records, and end one.
            let queries = [
                Call::StartLakeQuery,
                Call::CancelLakeQuery,
                Call::StartAthenaQuery,
                Call::StopAthenaQuery,
                Call::StartLogsQuery,
                Call::StopLogsQuery,
            ];
            assert!(reads || *call == Call::AssumeRole || queries.contains(call), "{call} may change something");
            assert!(!queries.contains(call) || call.site() == Site::Trail, "{call} is made only where it is asked for");
        }
    }

    #[test]
    fn cloud_trail_is_asked_at_home_and_in_the_account() {
        let both = |call: &&Call| call.is_asked_at(Site::Home) && call.is_asked_at(Site::Target);
        assert_eq!(Call::ALL.iter().filter(both).collect::<Vec<_>>(), [&Call::LookupEvents]);
    }

    #[test]
    fn serialises_under_the_name_it_prints() {
        for call in Call::ALL {
            assert_eq!(serde_json::to_string(call).unwrap_or_default(), format!("\"{call}\""));
        }
    }
}
