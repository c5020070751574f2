//! What the question is about, once every name in it has led to an id, and which assignments of it stand.

use std::collections::BTreeSet;

use super::{AskedGroup, asked_group, asked_permission_sets};
use crate::evidence::{Asked, Assignment, Call, Gap, Gaps, Principal, PrincipalType, Reason};
use crate::model::provisioned;

/// What the question is about, once every name in it has led to an id.
pub(super) struct Scope<'a> {
    pub(super) evidence: Asked<'a>,
    pub(super) account: &'a str,
    pub(super) user: &'a str,
    /// The groups the user is in.
    pub(super) groups: Result<BTreeSet<&'a str>, Gap>,
    /// Only these permission sets, where `--permission-set` was given.
    pub(super) sets: Option<Vec<&'a str>>,
    /// Only this group, where `--group` was given.
    pub(super) group: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// The user and the account, whatever narrows the question.
    pub(super) fn of_everything(evidence: Asked<'a>) -> Option<Self> {
        let (account, user) = (evidence.account_id().ok()??, evidence.user_id().ok()??);
        let groups = evidence.user.memberships.known();
        let groups = groups.map(|list| list.iter().map(|membership| membership.group_id.as_str()).collect());
        Some(Self { evidence, account, user, groups, sets: None, group: None })
    }

    /// `Ok(None)`: what was asked about does not exist, so that there can be no path.
    pub(super) fn new(evidence: Asked<'a>) -> Result<Option<Self>, Gaps> {
        let mut gaps = Gaps::default();
        let account = gaps.keep(evidence.account_id());
        let user = gaps.keep(evidence.user_id());
        let sets = gaps.keep(asked_permission_sets(evidence));
        let group = gaps.keep(asked_group(evidence));
        gaps.none_or_err()?;
        let (Some(Some(account)), Some(Some(user)), Some(sets), Some(group)) = (account, user, sets, group) else {
            return Ok(None);
        };
        if sets.as_ref().is_some_and(Vec::is_empty) || group == AskedGroup::Missing {
            return Ok(None);
        }
        let groups = evidence.user.memberships.known();
        let groups = groups.map(|list| list.iter().map(|membership| membership.group_id.as_str()).collect());
        Ok(Some(Self { evidence, account, user, groups, sets, group: group.id() }))
    }

    /// Whether an assignment is one that the question is about, whoever it is for.
    pub(super) fn concerns(&self, account: &str, permission_set: &str, principal: &Principal) -> bool {
        account == self.account
            && self.sets.as_ref().is_none_or(|sets| sets.contains(&permission_set))
            && self.group.is_none_or(|group| principal.kind == PrincipalType::Group && principal.id == group)
    }

    /// Whether the principal is the user or a group they are in.
    pub(super) fn includes_user(&self, principal: &Principal) -> Result<bool, Gap> {
        match principal.kind {
            PrincipalType::User => Ok(principal.id == self.user),
            PrincipalType::Group => {
                self.groups.as_ref().map(|groups| groups.contains(principal.id.as_str())).map_err(Clone::clone)
            }
        }
    }

    /// Assignments that stand for the user. Two ways are asked, because the first is silent about a permission set
    /// that was assigned but never provisioned: its silence alone never means that there is nothing. Where the user is
    /// entitled to a role there is something, and such a permission set would not let them in any better.
    pub(super) fn standing(&self, entitled: bool, hidden: &mut Gaps) -> BTreeSet<(String, Principal)> {
        let mut found = BTreeSet::new();
        let first = &self.evidence.user.for_principal;
        let mut first_gaps = Gaps::default();
        for row in first_gaps.keep(first.known()).into_iter().flatten() {
            if !self.concerns(&row.account, &row.permission_set, &row.principal) {
                continue;
            }
            // AWS lists the user's own rows, so that one through a group shows the membership too. Where the
            // identity store says otherwise, something has changed in between and neither can be trusted.
            match self.includes_user(&row.principal) {
                Ok(true) | Err(_) => {
                    found.insert((row.permission_set.clone(), row.principal.clone()));
                }
                Ok(false) => hidden.0.push(first.unclear(format!(
                    "it names group {}, which the user is not in by ListGroupMembershipsForMember: ask again in a minute",
                    self.evidence.group_label(&row.principal.id)
                ))),
            }
        }
        let mut second_gaps = Gaps::default();
        for row in self.second_way_rows() {
            if self.group.is_some_and(|group| row.principal.id != group) {
                continue;
            }
            if second_gaps.keep(self.includes_user(&row.principal)) == Some(true) {
                found.insert((row.permission_set.clone(), row.principal.clone()));
            }
        }
        if found.is_empty() && !entitled {
            self.second_way(&mut second_gaps);
            if !second_gaps.0.is_empty() {
                hidden.0.extend(first_gaps.0);
                hidden.0.extend(second_gaps.0);
            }
        } else if !first_gaps.0.is_empty() {
            self.provisioned_way(&mut second_gaps);
            if !second_gaps.0.is_empty() {
                hidden.0.extend(first_gaps.0);
                hidden.0.extend(second_gaps.0);
            }
        }
        found
    }

    /// Rows of `ListAccountAssignments` that the question is about, for whomever they are.
    pub(super) fn second_way_rows(&self) -> impl Iterator<Item = &'a Assignment> {
        let rows = self.evidence.account.assignments.values().filter_map(|fact| fact.known().ok()).flatten();
        rows.filter(|row| {
            row.account == self.account
                && self.sets.as_ref().is_none_or(|sets| sets.contains(&row.permission_set.as_str()))
        })
    }

    /// What is missing for the second way to have covered every permission set that matters. One that the account does
    /// not have lets nobody in, assigned or not: where AWS's list for the user is the first witness, the account's own
    /// sets are the second. Without the first, every set of the instance has to be asked about.
    pub(super) fn second_way(&self, gaps: &mut Gaps) {
        if self.sets.is_none() && self.evidence.user.for_principal.known().is_err() {
            self.assignments_of(
                gaps.keep(self.evidence.shared().permission_set_arns.known()).into_iter().flatten(),
                gaps,
            );
        }
        self.provisioned_way(gaps);
    }

    /// What is missing for the second way to have covered the permission sets that are provisioned to the account.
    fn provisioned_way(&self, gaps: &mut Gaps) {
        gaps.keep(self.groups.as_ref().map_err(Clone::clone));
        match &self.sets {
            Some(sets) => self.assignments_of(sets.iter().copied(), gaps),
            None => {
                for list in provisioned::lists(self.evidence.account) {
                    self.assignments_of(gaps.keep(list.known()).into_iter().flatten(), gaps);
                }
            }
        }
    }

    /// What could not be read of the assignments of permission sets that the account does not have. None of them lets
    /// anybody in, but one may be why nothing does.
    pub(super) fn unread_beside(&self, gaps: &mut Gaps) {
        let account = self.evidence.account;
        let has: BTreeSet<&str> = provisioned::permission_sets(account).collect();
        let others = account.assignments.iter().filter(|(arn, _)| !has.contains(arn.as_str()));
        for (_, rows) in others.filter(|_| self.sets.is_none()) {
            gaps.keep(rows.known());
        }
    }

    /// AWS's list for the user, where it failed on the way. To be refused it is foreseen, and is told in another place.
    pub(super) fn unfinished(&self, gaps: &mut Gaps) {
        if let Err(gap) = self.evidence.user.for_principal.known()
            && !matches!(gap.reason, Reason::Denied | Reason::NotAsked)
        {
            gaps.0.push(gap);
        }
    }

    fn assignments_of(&self, sets: impl Iterator<Item = impl AsRef<str>>, gaps: &mut Gaps) {
        for arn in sets {
            let arn = arn.as_ref();
            match self.evidence.account.assignments.get(arn) {
                Some(fact) => {
                    gaps.keep(fact.known());
                }
                None => gaps.0.push(self.evidence.unasked(
                    Call::ListAccountAssignments,
                    format!(
                        "assignments of permission set {} were not asked for",
                        self.evidence.permission_set_label(arn)
                    ),
                )),
            }
        }
    }

    /// Whether either way has told of the user's assignments with this permission set. While neither has, an assignment
    /// may stand that outranks the record of a request.
    pub(super) fn told_of(&self, set: &str) -> Result<(), Gap> {
        match self.evidence.account.assignments.get(set) {
            Some(rows) if rows.known().is_ok() => Ok(()),
            Some(_) | None => self.evidence.user.for_principal.known().map(|_| ()),
        }
    }
}
