//! What still has to be asked about an organization. The questions of each kind stand in a file of their own; what more
//! than one of them needs stands here.

mod access;
mod before;
mod planned;
mod scan;
mod who;

use std::collections::BTreeSet;

use crate::evidence::{
    About, Applications, Boundary, PolicyKind, Principal, PrincipalType, Reason, RequestKind, RequestStatus, Snapshot,
    Want,
};
use crate::model::organization::{Way, is_active};
use crate::model::organization_policies::{allows_everything, chain, exemption, is_switched_on};
use crate::model::{SetInAccount, permission_set_role};
use crate::verdict::{WayJudged, judge_each};

/// How many requests of one kind are described at the most, those that run and then the newest of the others.
pub const DESCRIBED: usize = 500;

/// The questions that follow from what is known: those that were put already too. `settled`: all that was wanted so far
/// was answered, so that what only the whole picture tells can be asked for.
pub fn wanted(snapshot: &Snapshot, settled: bool) -> Vec<Want> {
    let judge = |ways: &[Way<'_>]| {
        let mut broken = Vec::with_capacity(ways.len());
        let take = |judged: Option<(WayJudged, ())>| judged.is_some_and(|(judged, ())| judged.is_broken());
        judge_each(snapshot, ways, |_, _, _| (), |_, judged| broken.push(take(judged)));
        broken
    };
    plan(snapshot, settled.then_some(&judge))
}

/// The same once all is settled, by whoever knows already which ways are broken.
pub fn wanted_of_judged(snapshot: &Snapshot, is_broken: impl Fn(&Way<'_>) -> bool) -> Vec<Want> {
    plan(snapshot, Some(&|ways: &[Way<'_>]| ways.iter().map(&is_broken).collect()))
}

/// What of that bears on no finding: it tells who loses what by a plan, which may be what is meant.
pub fn wanted_aside(snapshot: &Snapshot) -> BTreeSet<Want> {
    let About::Planned(proposed) = &snapshot.scope.about else { return BTreeSet::new() };
    let mut plan = Plan { snapshot, wants: Vec::new() };
    plan.losses(proposed);
    let mut aside: BTreeSet<Want> = std::mem::take(&mut plan.wants).into_iter().collect();
    plan.planned(proposed);
    for want in &plan.wants {
        aside.remove(want);
    }
    aside
}

/// Which of these ways are broken.
type Judge<'j> = &'j dyn Fn(&[Way<'_>]) -> Vec<bool>;

fn plan(snapshot: &Snapshot, settled: Option<Judge<'_>>) -> Vec<Want> {
    let mut plan = Plan { snapshot, wants: Vec::new() };
    match &snapshot.scope.about {
        About::Everything(narrowed) => plan.scan(narrowed, settled),
        About::BeforeAssign(narrowed) => plan.before_assign(narrowed),
        About::Planned(proposed) => {
            plan.planned(proposed);
            plan.losses(proposed);
        }
        About::Account(_) => plan.who(),
        About::Person(_) => plan.access(),
    }
    plan.wants
}

/// A list of questions in the making.
struct Plan<'s> {
    snapshot: &'s Snapshot,
    wants: Vec<Want>,
}

impl<'s> Plan<'s> {
    fn want(&mut self, want: Want) {
        self.wants.push(want);
    }

    /// Whether a question was put and has an answer, if only that it cannot be answered.
    fn is_settled(&self, want: &Want) -> bool {
        self.snapshot.answered(want).map_or_else(|gap| gap.reason != Reason::NotAsked, |()| true)
    }

    /// What holds for every account and every permission set.
    fn instance(&mut self) {
        self.want(Want::InstanceDetails());
        self.want(Want::Attributes());
    }

    /// The requests of a kind, and what each is about.
    fn requests(&mut self, kind: RequestKind, statuses: &[RequestStatus]) {
        let log = match kind {
            RequestKind::Creation => &self.snapshot.shared.creation,
            RequestKind::Deletion => &self.snapshot.shared.deletion,
            RequestKind::Provisioning => &self.snapshot.shared.provisioning,
        };
        for status in statuses {
            self.want(Want::Requests(kind, *status));
            let list = match status {
                RequestStatus::InProgress => &log.in_progress,
                RequestStatus::Failed => &log.failed,
                RequestStatus::Succeeded => &log.succeeded,
            };
            let mut rows: Vec<_> = list.known().into_iter().flatten().collect();
            // A row without its date may be the newest of all.
            rows.sort_by_key(|row| std::cmp::Reverse(row.created.unwrap_or(jiff::Timestamp::MAX)));
            let ids = rows.into_iter().take(DESCRIBED).map(|row| row.id.clone());
            self.wants.extend(ids.map(|id| Want::Request(kind, id)));
        }
    }

    /// What a permission set consists of.
    fn contents(&mut self, arn: &str) {
        for want in [Want::AwsManaged, Want::CustomerManaged, Want::Boundary, Want::Inline] {
            self.want(want(arn.to_owned()));
        }
    }

    /// The account from inside, as far as it can be entered.
    fn inside(&mut self, id: &str, with_policies: bool) {
        if !is_active(self.snapshot, id) {
            return;
        }
        self.want(Want::Entry(id.to_owned()));
        let entered = self.snapshot.accounts.get(id).is_some_and(|account| account.inside.entry.known().is_ok());
        if !entered {
            return;
        }
        self.want(Want::RolesIn(id.to_owned()));
        self.want(Want::SamlProvidersIn(id.to_owned()));
        if with_policies {
            self.want(Want::PoliciesIn(id.to_owned()));
            self.want(Want::QuotasIn(id.to_owned()));
        }
    }

    /// Whether AWS has the policies of its own that these permission sets name: one account that was entered tells.
    fn aws_managed<'a>(&mut self, sets: impl IntoIterator<Item = &'a str>) {
        if !self.snapshot.accounts.values().any(|account| account.inside.entry.known().is_ok()) {
            return;
        }
        let known = sets.into_iter().filter_map(|arn| self.snapshot.shared.permission_sets.get(arn));
        let mut arns: BTreeSet<&String> = BTreeSet::new();
        for set in known {
            arns.extend(set.aws_managed.known().into_iter().flatten());
            if let Ok(Some(Boundary::AwsManaged(arn))) = set.boundary.known() {
                arns.insert(arn);
            }
        }
        self.wants.extend(arns.into_iter().map(|arn| Want::AwsManagedPolicy(arn.clone())));
    }

    /// The organization's policies of these kinds, where they are switched on: what they are attached to, and what they say.
    fn policies(&mut self, kinds: &[PolicyKind]) {
        self.want(Want::Roots());
        for kind in kinds {
            if is_switched_on(&self.snapshot.shared.policies.roots, *kind) != Ok(true) {
                continue;
            }
            self.want(Want::Policies(*kind));
            let policies = self.snapshot.policy_lists.get(kind).and_then(|list| list.known().ok());
            for policy in policies.into_iter().flatten() {
                self.want(Want::PolicyTargets(policy.id.clone()));
                if !allows_everything(policy) {
                    self.want(Want::PolicyDocument(policy.id.clone()));
                }
            }
        }
    }

    /// The resource control policies above one account: they decide whether anybody gets in at all.
    fn attached(&mut self, id: &str) {
        let kind = PolicyKind::ResourceControl;
        let Some(in_account) = self.snapshot.in_account(id) else { return };
        // Its description tells what stands above it, so that what is above need not be asked step by step.
        if in_account.account().described.is_not_asked() || exemption(in_account) != Ok(None) {
            return;
        }
        self.want(Want::Roots());
        if is_switched_on(&self.snapshot.shared.policies.roots, kind) != Ok(true) {
            return;
        }
        let (targets, gaps) = chain(in_account, id);
        if let Some(last) = targets.last().filter(|_| !gaps.0.is_empty()) {
            self.want(Want::Parent((*last).to_owned()));
        }
        for target in targets {
            self.want(Want::Attached(target.to_owned(), kind));
            let policies = self.snapshot.shared.policies.attached.get(target);
            let policies = policies.and_then(|one| one.of(kind).known().ok()).into_iter().flatten();
            let said = policies.filter(|policy| !allows_everything(policy));
            self.wants.extend(said.map(|policy| Want::PolicyDocument(policy.id.clone())));
        }
    }

    /// Whether a permission set lets people in and is the present one, so that what it consists of makes no difference to
    /// that.
    fn works(&self, id: &str, arn: &str) -> bool {
        let Some(in_account) = self.snapshot.in_account(id) else { return false };
        let here = SetInAccount::standing(in_account, arn);
        here.provisioned().in_latest_version() == Ok(true) && matches!(permission_set_role::role_of(here), Ok(Some(_)))
    }

    /// Who these users and groups are, and who is in the groups.
    fn principals<'a>(&mut self, principals: impl IntoIterator<Item = &'a Principal>) {
        for principal in principals {
            match principal.kind {
                PrincipalType::Group => {
                    self.want(Want::Group(principal.id.clone()));
                    // Nobody is in a group that is gone.
                    if self.snapshot.in_instance().group(&principal.id) != Ok(None) {
                        self.want(Want::Members(principal.id.clone()));
                    }
                }
                PrincipalType::User => self.want(Want::User(principal.id.clone())),
            }
        }
    }

    /// The applications of account access manager, and each of them.
    fn applications(&mut self) -> Vec<&'s str> {
        self.want(Want::Applications());
        let Ok(Applications::Listed(arns)) = self.snapshot.shared.entitlements.applications.known() else {
            return Vec::new();
        };
        self.wants.extend(arns.iter().map(|arn| Want::Application(arn.clone())));
        arns.iter().map(String::as_str).collect()
    }
}
