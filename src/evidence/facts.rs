//! What AWS said, by what it is about: the instance and its organization, one account, one user. One question needs one
//! account and a user or two; a question about the organization needs many of both.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    AccessControlAttributes, Account, ApplicationFacts, Assignment, Call, Caller, Elsewhere, Entitlement, EventLog,
    Fact, Group, InsideFacts, Instance, InstanceDetails, Membership, Organization, OrganizationPolicies,
    PermissionSetEvidence, RequestLog, SignInEvidence, User, UserLookup, UserScan,
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

/// What is known of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFacts {
    /// The 12 digits, where they were typed or a name led to exactly one account.
    pub id: Option<String>,
    /// The account; `None` where the organization has no such account.
    pub described: Fact<Option<Account>>,
    /// Permission sets provisioned to it in their latest version.
    pub provisioned_latest: Fact<Vec<String>>,
    /// Permission sets provisioned to it in an older version.
    pub provisioned_outdated: Fact<Vec<String>>,
    /// Who is assigned each permission set there, by permission set ARN: the second way.
    pub assignments: BTreeMap<String, Fact<Vec<Assignment>>>,
    /// Everybody's entitlements there, by application. They are asked for by account and not by principal: whether a
    /// user's entitlements include those of their groups is not documented, and each row names its principal.
    pub entitlements: BTreeMap<String, Fact<Vec<Entitlement>>>,
    /// The account from inside.
    pub inside: InsideFacts,
}

/// What is known of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFacts {
    /// The exact look-ups, in order of precedence.
    pub lookups: Vec<UserLookup>,
    /// The user found; `None` where the id that was found leads nowhere any more.
    pub described: Fact<Option<User>>,
    /// Close names; asked for only when there is no such user.
    pub scan: Fact<UserScan>,
    /// The groups the user is in.
    pub memberships: Fact<Vec<Membership>>,
    /// What AWS lists for the user in the account asked about, through groups too. Never enough to conclude that there is
    /// nothing.
    pub for_principal: Fact<Vec<Assignment>>,
    /// What the user reaches in other accounts; asked for only where no way into this one was found.
    pub elsewhere: Option<Elsewhere>,
    /// The user's sign-ins.
    pub sign_ins: SignInEvidence,
    /// `AssumeRoleWithSAML` events in the account asked about, a fact for each Region looked in.
    pub role_events: Vec<Fact<EventLog>>,
}

/// Why what waits for something else was not asked.
const EARLIER: &str = "what it depends on is not known";

/// Why nothing inside an account was asked.
pub fn not_entered(account: &str) -> String {
    format!("account {account} could not be entered")
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

impl AccountFacts {
    /// Nothing was asked yet.
    pub fn unasked() -> Self {
        Self {
            id: None,
            described: Fact::not_asked(Call::DescribeAccount, EARLIER),
            provisioned_latest: Fact::not_asked(Call::ListPermissionSetsProvisionedToAccount, EARLIER),
            provisioned_outdated: Fact::not_asked(Call::ListPermissionSetsProvisionedToAccount, EARLIER),
            assignments: BTreeMap::new(),
            entitlements: BTreeMap::new(),
            inside: InsideFacts::unasked(EARLIER, None),
        }
    }
}

impl InsideFacts {
    /// Nothing was asked, in the account where that is known.
    pub fn unasked(because: &str, account: Option<&str>) -> Self {
        fn fact<T>(call: Call, because: &str, account: Option<&str>) -> Fact<T> {
            Fact { account: account.map(str::to_owned), ..Fact::not_asked(call, because) }
        }
        Self {
            entry: Fact::not_asked(Call::AssumeRole, because),
            policies: fact(Call::ListPolicies, because, account),
            roles: fact(Call::ListRoles, because, account),
            entitled_roles: BTreeMap::new(),
            saml_providers: fact(Call::ListSamlProviders, because, account),
            aws_managed: BTreeMap::new(),
            policy_documents: BTreeMap::new(),
            quotas: fact(Call::GetAccountSummary, because, account),
            role_policies: BTreeMap::new(),
        }
    }
}

impl UserFacts {
    /// Nothing was asked yet.
    pub fn unasked() -> Self {
        Self {
            lookups: Vec::new(),
            described: Fact::not_asked(Call::DescribeUser, EARLIER),
            scan: Fact::not_asked(Call::ListUsers, "no close names are needed"),
            memberships: Fact::not_asked(Call::ListGroupMembershipsForMember, EARLIER),
            for_principal: Fact::not_asked(Call::ListAccountAssignmentsForPrincipal, EARLIER),
            elsewhere: None,
            sign_ins: SignInEvidence::unasked(EARLIER),
            role_events: Vec::new(),
        }
    }
}
