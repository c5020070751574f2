//! Evidence before anything was asked: every fact says why it is not known.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::requests::Kind;
use crate::evidence::{
    AccessEvidence, AccountEvidence, Assignment, Call, ColleagueEvidence, EntitlementEvidence, Evidence, Fact,
    OrganizationPolicies, Question, SignInEvidence, TargetEvidence, UserEvidence,
};

const EARLIER: &str = "what it depends on is not known";

pub(super) fn evidence(question: Question) -> Evidence {
    Evidence {
        question,
        collected_at: Timestamp::now(),
        calls: 0,
        caller: Fact::not_asked(Call::GetCallerIdentity, EARLIER),
        organization: Fact::not_asked(Call::DescribeOrganization, EARLIER),
        instances: Fact::not_asked(Call::ListInstances, EARLIER),
        instance_details: Fact::not_asked(Call::DescribeInstance, EARLIER),
        attributes: Fact::not_asked(Call::DescribeInstanceAccessControlAttributeConfiguration, EARLIER),
        account: AccountEvidence {
            id: None,
            described: Fact::not_asked(Call::DescribeAccount, EARLIER),
            listed: Fact::not_asked(Call::ListAccounts, "the account was given by its id"),
        },
        policies: policies(EARLIER),
        user: user(),
        asked_group: None,
        groups: BTreeMap::new(),
        users: BTreeMap::new(),
        access: AccessEvidence {
            for_principal: for_principal(EARLIER),
            provisioned_latest: Fact::not_asked(Call::ListPermissionSetsProvisionedToAccount, EARLIER),
            provisioned_in_management: None,
            provisioned_outdated: Fact::not_asked(Call::ListPermissionSetsProvisionedToAccount, EARLIER),
            permission_set_arns: Fact::not_asked(Call::ListPermissionSets, "an assignment was found without it"),
            by_permission_set: BTreeMap::new(),
            permission_sets: BTreeMap::new(),
            creation: Kind::Creation.not_asked(EARLIER),
            deletion: Kind::Deletion.not_asked(EARLIER),
            provisioning: Kind::Provisioning
                .not_asked("every permission set on the user's paths is provisioned in its latest version"),
        },
        elsewhere: None,
        entitlements: entitlements(EARLIER),
        sign_ins: sign_ins(EARLIER),
        target: target(EARLIER, ""),
        colleague: None,
        machine: None,
    }
}

/// A colleague of whom nothing is known.
pub(super) fn colleague(asked: &str) -> ColleagueEvidence {
    ColleagueEvidence {
        asked: asked.to_owned(),
        user: user(),
        for_principal: for_principal(EARLIER),
        groups: BTreeMap::new(),
        permission_sets: BTreeMap::new(),
    }
}

pub(super) fn entitlements(because: &str) -> EntitlementEvidence {
    EntitlementEvidence {
        applications: Fact::not_asked(Call::ListApplications, because),
        described: BTreeMap::new(),
        in_account: BTreeMap::new(),
    }
}

pub(super) fn sign_ins(because: &str) -> SignInEvidence {
    SignInEvidence {
        verifications: Fact::not_asked(Call::LookupEvents, because),
        external: Fact::not_asked(Call::LookupEvents, because),
        successes: BTreeMap::new(),
        anybody: None,
        elsewhere: Vec::new(),
    }
}

pub(super) fn user() -> UserEvidence {
    UserEvidence {
        lookups: Vec::new(),
        described: Fact::not_asked(Call::DescribeUser, EARLIER),
        scan: Fact::not_asked(Call::ListUsers, "no close names are needed"),
        memberships: Fact::not_asked(Call::ListGroupMembershipsForMember, EARLIER),
    }
}

/// The organization's policies, unread.
pub(super) fn policies(because: &str) -> OrganizationPolicies {
    OrganizationPolicies {
        roots: Fact::not_asked(Call::ListRoots, because),
        parents: BTreeMap::new(),
        attached: BTreeMap::new(),
        documents: BTreeMap::new(),
    }
}

pub(super) fn for_principal(because: &str) -> Fact<Vec<Assignment>> {
    Fact::not_asked(Call::ListAccountAssignmentsForPrincipal, because)
}

/// The target account, unread.
pub(super) fn target(because: &str, account: &str) -> TargetEvidence {
    let account = Some(account.to_owned()).filter(|account| !account.is_empty());
    let mut target = TargetEvidence {
        entry: Fact::not_asked(Call::AssumeRole, because),
        policies: Fact::not_asked(Call::ListPolicies, because),
        roles: Fact::not_asked(Call::ListRoles, because),
        entitled_roles: BTreeMap::new(),
        saml_providers: Fact::not_asked(Call::ListSamlProviders, because),
        aws_managed: BTreeMap::new(),
        policy_documents: BTreeMap::new(),
        quotas: Fact::not_asked(Call::GetAccountSummary, because),
        role_policies: BTreeMap::new(),
        events: Vec::new(),
    };
    target.policies.account.clone_from(&account);
    target.roles.account.clone_from(&account);
    target.quotas.account.clone_from(&account);
    target.saml_providers.account = account;
    target
}
