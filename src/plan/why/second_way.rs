//! The second witness that there is no way in: who is assigned, permission set by permission set.

use std::collections::BTreeSet;

use super::{NAMED_GROUPS, Plan};
use crate::evidence::{PrincipalType, Want, permission_set_of_role};
use crate::model::{paths, provisioned};

/// How many permission sets that the account does not have are asked about all the same: a second's worth of questions.
pub(super) const FEW: usize = 18;

const fn is_of_assignments(want: &Want) -> bool {
    matches!(want, Want::Assignments(..))
}

impl Plan<'_> {
    /// Asks permission set by permission set who is assigned to the account: first those that the account has. Others
    /// have no role there; they are asked where AWS's own list for the user is missing, where they are few, or where the
    /// account has a role that belongs to none of its sets. Whether all that is called for is there.
    pub(super) fn second_way(&mut self, account: &str) -> bool {
        let evidence = self.evidence;
        let is_due = paths::can_be_any(evidence) && !self.any_stands();
        // Once begun it goes on: what comes of it may be the very assignment that makes it look needless.
        if !is_due && !paths::is_unsettled(evidence) && !self.so_far.asked.iter().any(is_of_assignments) {
            return true;
        }
        let of = |arn: &str| Want::Assignments(account.to_owned(), arn.to_owned());
        if evidence.question.permission_set.is_some() {
            let asked = paths::asked_permission_sets(evidence.asked()).ok().flatten().unwrap_or_default();
            return self.want_all(asked.into_iter().map(of));
        }
        let provisioned: BTreeSet<&str> = provisioned::permission_sets(&evidence.account).collect();
        let are_listed = self.want(Want::PermissionSets());
        if !self.want_all(provisioned.iter().map(|arn| of(arn))) || !are_listed {
            return false;
        }
        let all = evidence.permission_set_arns.known().into_iter().flatten().map(String::as_str);
        let others: BTreeSet<&str> = all.filter(|arn| !evidence.account.assignments.contains_key(*arn)).collect();
        if others.is_empty() || self.so_far.waits_for(is_of_assignments) {
            return others.is_empty();
        }
        let stands = self.any_stands();
        let is_begun = evidence.account.assignments.keys().any(|arn| !provisioned.contains(arn.as_str()));
        if !is_begun && (paths::is_unsettled(evidence) || (!stands && others.len() <= FEW)) {
            return self.want_all(others.into_iter().map(of));
        }
        let roles = evidence.account.inside.roles.known().map_or(0, Vec::len);
        stands || roles <= provisioned.len() || self.stray_roles(&provisioned, &others, of)
    }

    /// The permission sets, among those that the account does not have, that a role of the account is named after.
    fn stray_roles(
        &mut self,
        provisioned: &BTreeSet<&str>,
        others: &BTreeSet<&str>,
        of: impl Fn(&str) -> Want,
    ) -> bool {
        let name = |arn: &str| Want::PermissionSet(arn.to_owned());
        if !self.want_all(provisioned.iter().map(|arn| name(arn))) {
            return false;
        }
        let evidence = self.evidence;
        let roles = evidence.account.inside.roles.known().into_iter().flatten();
        let mut strays: BTreeSet<&str> = roles.filter_map(|role| permission_set_of_role(&role.name)).collect();
        for arn in provisioned {
            strays.remove(evidence.permission_set_label(arn));
        }
        let named = |arn: &str| evidence.permission_set_name(arn).ok().flatten();
        let found: Vec<&str> =
            others.iter().copied().filter(|arn| named(arn).is_some_and(|name| strays.contains(name))).collect();
        for arn in &found {
            strays.remove(named(arn).unwrap_or_default());
        }
        let mut is_all = self.want_all(found.into_iter().map(of));
        if !strays.is_empty() {
            is_all &= self.search(others.iter().map(|arn| name(arn)));
        }
        is_all
    }

    /// Describes groups as they turn up, each once, up to a number; but not the user's own. Where AWS's own list says that
    /// the user has nothing, it is they that would help.
    pub(super) fn groups_that_turn_up(&mut self) {
        let user = &self.evidence.user;
        if user.for_principal.known().is_err() {
            return;
        }
        let own: BTreeSet<&str> =
            user.memberships.known().into_iter().flatten().map(|membership| membership.group_id.as_str()).collect();
        let rows = self.evidence.account.assignments.values().filter_map(|fact| fact.known().ok()).flatten();
        let groups = rows.map(|row| &row.principal).filter(|principal| principal.kind == PrincipalType::Group);
        let groups: BTreeSet<&str> = groups.map(|group| group.id.as_str()).filter(|id| !own.contains(id)).collect();
        let asked =
            self.so_far.asked.iter().filter(|want| matches!(want, Want::Group(id) if !own.contains(id.as_str())));
        let room = NAMED_GROUPS.saturating_sub(asked.count());
        let new =
            groups.into_iter().map(|id| Want::Group(id.to_owned())).filter(|want| !self.so_far.asked.contains(want));
        let new: Vec<Want> = new.take(room).collect();
        self.want_all(new);
    }

    /// Whether an assignment or an entitlement of the user's stands: a request alone is no way in, and an assignment
    /// without a role shows in no other list than its own permission set's.
    fn any_stands(&self) -> bool {
        let ways = paths::find(self.evidence.asked()).list;
        ways.iter().any(|way| way.assigned().is_none_or(|path| path.stands))
    }
}
