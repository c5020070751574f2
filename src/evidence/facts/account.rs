//! What is known of one account.

use std::collections::BTreeMap;

use super::EARLIER;
use crate::evidence::{
    Account, Answer, Assignment, Call, Entitlement, Fact, InsideFacts, Observed, PolicyDocument, Role, RolePolicies,
    Version,
};

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

/// Why nothing inside an account was asked.
pub fn not_entered(account: &str) -> String {
    format!("account {account} could not be entered")
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

impl AccountFacts {
    /// Takes in an answer about this account, or one to a question put in it.
    pub(in crate::evidence) fn apply(&mut self, answer: Answer) {
        match answer {
            Answer::Account(_, fact) => self.described = fact,
            Answer::SetsOf(_, Version::Latest, fact) => self.provisioned_latest = fact,
            Answer::SetsOf(_, Version::Outdated, fact) => self.provisioned_outdated = fact,
            Answer::Assignments(_, arn, fact) => drop(self.assignments.insert(arn, fact)),
            Answer::Entitlements(arn, _, fact) => drop(self.entitlements.insert(arn, fact)),
            Answer::Entry(_, fact) => self.inside.entry = fact,
            Answer::PoliciesIn(_, fact) => self.inside.policies = fact,
            Answer::RolesIn(_, mut fact) => {
                share_trust_policies(&mut fact);
                self.inside.roles = fact;
            }
            Answer::SamlProvidersIn(_, fact) => self.inside.saml_providers = fact,
            Answer::QuotasIn(_, fact) => self.inside.quotas = fact,
            Answer::EntitledRole(_, arn, fact) => drop(self.inside.entitled_roles.insert(arn, fact)),
            Answer::AwsManagedPolicy(arn, fact) => drop(self.inside.aws_managed.insert(arn, fact)),
            Answer::ManagedPolicy(_, arn, _, fact) => drop(self.inside.policy_documents.insert(arn, fact)),
            Answer::AttachedTo(_, role, fact) => self.carried(role).attached = fact,
            Answer::InlineNames(_, role, fact) => self.carried(role).inline = fact,
            Answer::InlineOf(_, role, name, fact) => drop(self.carried(role).documents.insert(name, fact)),
            _ => {}
        }
    }

    /// What a role carries.
    fn carried(&mut self, role: String) -> &mut RolePolicies {
        self.inside.role_policies.entry(role).or_insert_with(|| RolePolicies {
            attached: Fact::not_asked(Call::ListAttachedRolePolicies, "it was not asked for"),
            inline: Fact::not_asked(Call::ListRolePolicies, "it was not asked for"),
            documents: BTreeMap::new(),
        })
    }
}

/// Roles that trust the same share the document, so that it is read once: in an account, Identity Center's all do.
fn share_trust_policies(roles: &mut Fact<Vec<Role>>) {
    let Observed::Known(roles) = &mut roles.observed else { return };
    let mut before: Option<PolicyDocument> = None;
    for document in roles.iter_mut().filter_map(|role| role.trust_policy.as_mut()) {
        match &before {
            Some(before) if before == document => *document = before.clone(),
            _ => before = Some(document.clone()),
        }
    }
}
