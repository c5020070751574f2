//! What the view of an account tells.

use std::collections::BTreeMap;

use super::{InAccount, InInstance};
use crate::evidence::{
    AccountFacts, AccountRef, ApplicationFacts, Call, Entitlement, Fact, Gap, InsideFacts, InstanceFacts,
    OrganizationPolicies, Reason, RequestLog, Site,
};
use crate::iam_policy::Reckoned;

impl<'e> InAccount<'e> {
    /// The same, where what is reckoned is kept for others.
    #[must_use]
    pub const fn reckoning(mut self, reckoned: &'e Reckoned) -> Self {
        self.in_instance.terms.reckoned = Some(reckoned);
        self
    }

    /// What was reckoned already, where that is kept.
    pub const fn reckoned(self) -> Option<&'e Reckoned> {
        self.in_instance.terms.reckoned
    }

    /// The instance, whatever the account.
    pub const fn in_instance(self) -> InInstance<'e> {
        self.in_instance
    }

    /// The account.
    pub const fn account(self) -> &'e AccountFacts {
        self.facts
    }

    /// What is known whatever the account.
    pub const fn shared(self) -> &'e InstanceFacts {
        self.in_instance.facts
    }

    /// The organization's policies.
    pub const fn policies(self) -> &'e OrganizationPolicies {
        &self.shared().policies
    }

    /// Permission sets provisioned to the management account, where that was asked.
    pub const fn provisioned_in_management(self) -> Option<&'e Fact<Vec<String>>> {
        self.shared().provisioned_in_management.as_ref()
    }

    /// Requests to create assignments.
    pub const fn creation(self) -> &'e RequestLog {
        &self.shared().creation
    }

    /// Requests to delete assignments.
    pub const fn deletion(self) -> &'e RequestLog {
        &self.shared().deletion
    }

    /// Requests to provision permission sets.
    pub const fn provisioning(self) -> &'e RequestLog {
        &self.shared().provisioning
    }

    /// The applications of account access manager.
    pub const fn applications(self) -> &'e ApplicationFacts {
        &self.shared().entitlements
    }

    /// Who is entitled to a role in it, by application.
    pub const fn entitlements(self) -> &'e BTreeMap<String, Fact<Vec<Entitlement>>> {
        &self.facts.entitlements
    }

    /// The account from inside.
    pub const fn inside(self) -> &'e InsideFacts {
        &self.facts.inside
    }

    /// The profile for it, as it was given: commands repeat it.
    pub const fn target_profile(self) -> Option<&'e str> {
        self.in_instance.terms.target_profile
    }

    /// The account's id. `Ok(None)`: there is no such account.
    pub fn account_id(self) -> Result<Option<&'e str>, Gap> {
        match (&self.account().id, self.account().described.known()) {
            (Some(_), Ok(None)) => Ok(None),
            (Some(id), _) => Ok(Some(id)),
            (None, _) => self.shared().accounts.known().map(|_| None),
        }
    }

    /// The account for people: `prod-data (123456789012)`, or as much of it as is known.
    pub fn account_label(self) -> String {
        let described = self.account().described.known().ok().and_then(Option::as_ref);
        match (described.and_then(|account| account.name.as_deref()), &self.facts.id, self.typed) {
            (Some(name), Some(id), _) => format!("{name} ({id})"),
            (None, Some(id), Some(AccountRef::Name(name))) => format!("{name} ({id})"),
            (None, Some(id), Some(AccountRef::Id(_)) | None) => id.clone(),
            (_, None, typed) => typed.map_or_else(String::new, |typed| typed.text().to_owned()),
        }
    }

    /// Whether it is the organization's management account.
    pub fn is_management_account(self) -> bool {
        let management = self.organization().known().ok().and_then(Option::as_ref).map(|org| &org.management_account);
        management.is_some() && management == self.account().id.as_ref()
    }

    /// The account that must allow a call, where it is known.
    pub fn account_of(self, call: Call) -> Option<String> {
        match call.site() {
            Site::Home => self.caller().known().ok().map(|caller| caller.account.clone()),
            Site::Trail => None,
            Site::Target | Site::Both => self.account().id.clone(),
        }
    }

    /// The gap of a question that was left out.
    pub fn unasked(self, call: Call, because: impl Into<String>) -> Gap {
        let (account, message) = (self.account_of(call), because.into());
        Gap { call, account, region: None, reason: Reason::NotAsked, message, answered: false, in_vain: false }
    }
}
