//! What still has to be asked before one question can be answered: whether one person gets into one account. Each part says
//! what it wants from what is known, anew with each answer; what depends on something waits for that and for nothing else.

mod account;
mod asked_set;
mod gone;
mod inside;
mod policies;
mod requests;
mod second_way;
#[cfg(test)]
mod tests;
mod ways;

use std::collections::BTreeSet;

use crate::evidence::{Answer, Call, Evidence, Fact, PrincipalType, RequestKind, RequestStatus, Version, Want};

/// How many groups are described for their names.
const NAMED_GROUPS: usize = 100;

/// What was asked so far, and what came of it.
#[derive(Debug, Default)]
pub struct SoFar {
    asked: BTreeSet<Want>,
    answered: BTreeSet<Want>,
    told: BTreeSet<Want>,
}

/// What is to be done next.
#[derive(Debug, Default)]
pub struct Next {
    /// What the verdict may hang on.
    pub essential: Vec<Want>,
    /// What could only show something more.
    pub refining: Vec<Want>,
    /// What is looked through in this order until something is found: each answer may spare those after it.
    pub search: Vec<Want>,
    /// What is not asked, each with the reason.
    pub unasked: Vec<Answer>,
}

impl SoFar {
    /// Notes that a question leaves; whether it is new.
    pub fn ask(&mut self, want: &Want) -> bool {
        self.asked.insert(want.clone())
    }

    /// Notes that a question was answered.
    pub fn answer(&mut self, want: Want) {
        self.asked.insert(want.clone());
        self.answered.insert(want);
    }

    /// Notes that a question is not asked, and why; whether that is new.
    pub fn tell(&mut self, unasked: &Answer) -> bool {
        unasked.want().is_some_and(|want| !self.asked.contains(&want) && self.told.insert(want))
    }

    /// Whether an answer of a kind is waited for.
    fn waits_for(&self, is_meant: impl Fn(&Want) -> bool) -> bool {
        self.asked.iter().any(|want| is_meant(want) && !self.answered.contains(want))
    }
}

/// What leads to the account, and what is known of it whoever asks; without an account, what is known of the user.
pub fn to_the_account(evidence: &Evidence, so_far: &SoFar) -> Next {
    let mut plan = Plan::new(evidence, so_far);
    let account = evidence.account_id().ok().flatten();
    plan.person(&evidence.question.user, &evidence.user, account);
    plan.want(Want::InstanceDetails());
    if let Some(account) = account {
        if let Some(colleague) = &evidence.colleague {
            plan.person(&colleague.asked, &colleague.user, Some(account));
        }
        plan.about(account);
        plan.inside(account);
    }
    plan.next
}

/// Which of the organization's policies bind the account.
pub fn policies(evidence: &Evidence, so_far: &SoFar) -> Next {
    let mut plan = Plan::new(evidence, so_far);
    plan.policies();
    plan.next
}

/// What the user's ways lead through; and where there is none, what would help. Without such a user, who else may be meant.
pub fn ways(evidence: &Evidence, so_far: &SoFar) -> Next {
    let mut plan = Plan::new(evidence, so_far);
    plan.names_for_the_comparison();
    match (evidence.account.id.as_deref(), evidence.user_id()) {
        (None, _) => {}
        (Some(_), Ok(None)) => drop(plan.want(Want::CloseUsers(evidence.question.user.clone()))),
        (Some(account), _) => {
            if plan.asked_set() {
                plan.ways(account);
            }
        }
    }
    plan.next
}

/// What the policies say that a session hangs on, and what else shows whether a permission set is there.
pub fn closer(evidence: &Evidence, so_far: &SoFar) -> Next {
    let mut plan = Plan::new(evidence, so_far);
    if let Some(account) = &evidence.account.id {
        plan.carried(account);
        plan.documents(account, false);
        plan.doubted();
    }
    plan.next
}

/// Whether a role was written anew since STS refused the user.
pub fn rewritten(evidence: &Evidence, so_far: &SoFar) -> Next {
    let mut plan = Plan::new(evidence, so_far);
    plan.rewritten();
    plan.next
}

/// Who is assigned to the account and gone.
pub fn gone(evidence: &Evidence, so_far: &SoFar, kind: PrincipalType) -> Next {
    let mut plan = Plan::new(evidence, so_far);
    plan.gone(kind);
    plan.next
}

/// What could have changed so that the user gets in now; inside the account too, where that kept them out.
pub fn changed(evidence: &Evidence, so_far: &SoFar, is_inside: bool) -> Next {
    let mut plan = Plan::new(evidence, so_far);
    if let Some(account) = evidence.account.id.as_deref() {
        plan.person(&evidence.question.user, &evidence.user, Some(account));
        plan.want_all([Version::Latest, Version::Outdated].map(|version| Want::SetsOf(account.to_owned(), version)));
        let statuses = [RequestStatus::InProgress, RequestStatus::Failed];
        plan.want_all(statuses.map(|status| Want::Requests(RequestKind::Creation, status)));
        if is_inside {
            plan.inside(account);
        }
    }
    plan.next
}

/// What is next, in the making.
struct Plan<'e> {
    evidence: &'e Evidence,
    so_far: &'e SoFar,
    next: Next,
}

impl<'e> Plan<'e> {
    fn new(evidence: &'e Evidence, so_far: &'e SoFar) -> Self {
        Self { evidence, so_far, next: Next::default() }
    }

    /// Wants an answer; whether it is there.
    fn want(&mut self, want: Want) -> bool {
        let is_there = self.so_far.answered.contains(&want);
        if !is_there {
            self.next.essential.push(want);
        }
        is_there
    }

    /// Wants answers, all of them at once; whether all are there.
    fn want_all(&mut self, wants: impl IntoIterator<Item = Want>) -> bool {
        let open = wants.into_iter().filter(|want| !self.want(want.clone())).count();
        open == 0
    }

    /// Looks through answers, one after the other; whether all are there.
    fn search(&mut self, wants: impl IntoIterator<Item = Want>) -> bool {
        let open: Vec<Want> = wants.into_iter().filter(|want| !self.so_far.answered.contains(want)).collect();
        let is_all = open.is_empty();
        self.next.search.extend(open.into_iter().filter(|want| !self.so_far.asked.contains(want)));
        is_all
    }

    /// Leaves a question out, and says why.
    fn leave(&mut self, unasked: Answer) {
        self.next.unasked.push(unasked);
    }

    /// What the comparison with a colleague still lacks.
    fn names_for_the_comparison(&mut self) {
        let wanted = super::colleague::wanted(self.evidence);
        self.want_all(wanted.groups.into_iter().map(Want::Group));
        self.want_all(wanted.permission_sets.into_iter().map(Want::PermissionSet));
        self.want_all(wanted.close_to.into_iter().map(Want::CloseUsers));
    }
}

/// A fact of the account's own that is not asked for.
fn unasked_in<T>(account: &str, call: Call, because: &str) -> Fact<T> {
    Fact { account: Some(account.to_owned()), ..Fact::not_asked(call, because) }
}
