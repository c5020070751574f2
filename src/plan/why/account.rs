//! The user and the account: everything that hangs on nothing but who and what was typed.

use super::{Plan, unasked_in};
use crate::evidence::{
    Answer, Applications, Call, Fact, RequestKind, RequestStatus, UserFacts, Version, Want, not_entered,
};

impl Plan<'_> {
    /// Whoever was typed, their groups, and what AWS lists for them in the account.
    pub(super) fn person(&mut self, typed: &str, user: &UserFacts, account: Option<&str>) {
        if !self.want(Want::LookUp(typed.to_owned())) {
            return;
        }
        let Some(id) = user.found().map(str::to_owned) else { return };
        self.want(Want::Person(id.clone()));
        self.want(Want::Memberships(id.clone()));
        if let Some(account) = account {
            self.want(Want::AssignmentsIn(id, account.to_owned()));
        }
    }

    /// What is asked about the account whoever the user is.
    pub(super) fn about(&mut self, account: &str) {
        for version in [Version::Latest, Version::Outdated] {
            self.want(Want::SetsOf(account.to_owned(), version));
        }
        self.open_requests();
        self.want(Want::Attributes());
        if let Some(name) = &self.evidence.question.group {
            self.want(Want::GroupNamed(name.clone()));
        }
        self.in_management(account);
        self.entitlements(account);
    }

    /// Of the deletions only those that run matter: one that failed left the assignment as it was.
    fn open_requests(&mut self) {
        use RequestKind::{Creation, Deletion};
        use RequestStatus::{Failed, InProgress, Succeeded};
        self.want(Want::Requests(Creation, InProgress));
        self.want(Want::Requests(Creation, Failed));
        self.want(Want::Requests(Deletion, InProgress));
        let because = "no failed request of the user's calls for it";
        let list = Fact::not_asked(Call::ListAccountAssignmentCreationStatus, because);
        self.leave(Answer::Requests(Creation, Succeeded, list));
        for status in [Failed, Succeeded] {
            let because = "only requests that still run matter";
            let list = Fact::not_asked(Call::ListAccountAssignmentDeletionStatus, because);
            self.leave(Answer::Requests(Deletion, status, list));
        }
    }

    /// The permission sets provisioned to the management account, where it is neither the caller's nor the one asked about:
    /// what is provisioned there is not the caller's to change.
    fn in_management(&mut self, account: &str) {
        let Ok(Some(organization)) = self.evidence.organization.known() else { return };
        let Ok(caller) = self.evidence.caller.known() else { return };
        let management = &organization.management_account;
        if caller.account != *management && account != management {
            self.want(Want::SetsIn(management.clone()));
        }
    }

    /// Everything about entitlements in the account: one call where the organization does not use them.
    fn entitlements(&mut self, account: &str) {
        if self.evidence.question.permission_set.is_some() {
            let because = "the question is about a permission set, and an entitlement has none";
            self.leave(Answer::Applications(Fact::not_asked(Call::ListApplications, because)));
            return;
        }
        self.want(Want::Applications());
        if let Ok(Applications::Listed(arns)) = self.evidence.entitlements.applications.known() {
            self.want_all(arns.iter().map(|arn| Want::Application(arn.clone())));
            self.want_all(arns.iter().map(|arn| Want::Entitlements(arn.clone(), account.to_owned())));
        }
    }

    /// The account from inside, as far as it can be entered.
    pub(super) fn inside(&mut self, account: &str) {
        let id = || account.to_owned();
        if !self.want(Want::Entry(id())) {
            return;
        }
        if self.evidence.account.inside.entry.known().is_ok() {
            self.want_all([Want::PoliciesIn(id()), Want::RolesIn(id()), Want::SamlProvidersIn(id())]);
            let because = "no path of the user's needs it";
            self.leave(Answer::QuotasIn(id(), unasked_in(account, Call::GetAccountSummary, because)));
            return;
        }
        let because = not_entered(account);
        self.leave(Answer::PoliciesIn(id(), unasked_in(account, Call::ListPolicies, &because)));
        self.leave(Answer::RolesIn(id(), unasked_in(account, Call::ListRoles, &because)));
        self.leave(Answer::SamlProvidersIn(id(), unasked_in(account, Call::ListSamlProviders, &because)));
        self.leave(Answer::QuotasIn(id(), unasked_in(account, Call::GetAccountSummary, &because)));
    }
}
