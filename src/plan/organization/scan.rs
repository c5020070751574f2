//! Everything that is broken: faults are properties of a permission set in an account, so the pairs come first, then what
//! is in each account, and the people of the broken pairs last.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Judge, Plan};
use crate::evidence::{
    Narrowed, PolicyKind, PrincipalType, RequestKind, RequestStatus, Snapshot, Version, Want, permission_set_of_role,
};
use crate::model::organization::{Pair, Way, accounts_asked, is_account_asked, pairs, requested, sets_asked, ways};

/// How many pairs that have no role are asked about all the same: half a minute's worth of questions.
pub(crate) const FEW_PAIRS: usize = 540;

impl Plan<'_> {
    pub(super) fn scan(&mut self, narrowed: &Narrowed, settled: Option<Judge<'_>>) {
        use RequestStatus::{Failed, InProgress};
        // The chains that no rate shortens leave first.
        self.want(Want::Accounts());
        if narrowed.full {
            self.want(Want::People());
            self.want(Want::Groups());
        }
        self.want(Want::PermissionSets());
        self.instance();
        self.requests(RequestKind::Creation, &[InProgress, Failed]);
        self.requests(RequestKind::Deletion, &[InProgress]);
        self.requests(RequestKind::Provisioning, &[InProgress, Failed]);
        self.policies(&[PolicyKind::ServiceControl, PolicyKind::ResourceControl]);
        let snapshot = self.snapshot;
        if !narrowed.permission_sets.is_empty() {
            let all = snapshot.shared.permission_set_arns.known().into_iter().flatten();
            self.wants.extend(all.map(|arn| Want::PermissionSet(arn.clone())));
        }
        let (sets, _) = sets_asked(snapshot);
        for arn in &sets {
            self.want(Want::AccountsOf((*arn).to_owned(), Version::Latest));
            self.want(Want::AccountsOf((*arn).to_owned(), Version::Outdated));
            self.want(Want::PermissionSet((*arn).to_owned()));
            self.contents(arn);
        }
        let pairs = pairs(snapshot);
        let requested = requested(snapshot);
        let mut accounts: BTreeSet<&str> = pairs.iter().map(|(id, _)| *id).collect();
        accounts.extend(requested.iter().map(|one| one.account));
        for id in accounts.into_iter().filter(|id| is_account_asked(snapshot, id)) {
            self.inside(id, true);
        }
        if narrowed.last_used {
            self.last_used();
        }
        self.aws_managed(sets.iter().copied());
        // Whether an assignment stands tells a request that failed from one that was put right.
        let of_requests: BTreeSet<(&str, &str)> = requested.iter().map(|one| (one.account, one.set)).collect();
        self.wants.extend(of_requests.iter().map(|(id, arn)| assignments(id, arn)));
        let named = narrowed.pairs.iter().filter(|(id, arn)| {
            // A permission set or an account that is gone is nowhere, and what is there is asked about where that decides.
            is_account_asked(snapshot, id)
                && sets.contains(&arn.as_str())
                && !pairs.contains(&(id.as_str(), arn.as_str()))
        });
        self.wants.extend(named.map(|(id, arn)| assignments(id, arn)));
        if narrowed.full {
            self.wants.extend(pairs.iter().map(|(id, arn)| assignments(id, arn)));
            let others = others(snapshot, &sets, &pairs);
            let all: Vec<_> = if narrowed.exhaustive { others.collect() } else { others.take(FEW_PAIRS + 1).collect() };
            if narrowed.exhaustive || all.len() <= FEW_PAIRS {
                self.wants.extend(all.iter().map(|(id, arn)| assignments(id, arn)));
            }
        }
        if narrowed.full {
            let groups = snapshot.groups.known().into_iter().flatten();
            self.wants.extend(groups.map(|group| Want::Members(group.id.clone())));
            let applications = self.applications();
            for application in applications {
                let accounts = accounts_asked(snapshot).into_iter();
                let each = accounts.map(|one| Want::Entitlements(application.to_owned(), one.id.clone()));
                self.wants.extend(each);
            }
            for one in accounts_asked(snapshot) {
                self.entitled_roles(&one.id);
            }
        }
        if let Some(judge) = settled {
            self.broken(narrowed, judge);
        }
    }

    /// When each role was used last that is there.
    fn last_used(&mut self) {
        for (id, account) in self.snapshot.accounts.iter() {
            let roles = account.inside.roles.known().into_iter().flatten();
            self.wants.extend(roles.map(|role| Want::LastUsed(id.clone(), role.name.clone())));
        }
    }

    /// AWS leaves an empty list out of its answer, so that half an answer reads as "nowhere". Where an assignment or a role
    /// speaks against the list of a permission set, what the account has is asked too.
    fn doubted_accounts(&mut self, ways: &[Way<'_>]) {
        let snapshot = self.snapshot;
        let mut doubted = BTreeSet::new();
        for way in ways.iter().filter(|way| way.principal.is_none()) {
            let here = way.here(snapshot);
            if here.is_some_and(|here| here.provisioned().in_any_version() == Ok(false)) {
                doubted.insert(way.account);
            }
        }
        let there: HashSet<Pair<'_>> = ways.iter().map(|way| (way.account, way.set)).collect();
        let is_read = |arn: &str| {
            let of = snapshot.shared.accounts_of.get(arn);
            of.is_some_and(|of| of.latest.known().is_ok() && of.outdated.known().is_ok())
        };
        let name = |arn: &&str| snapshot.in_instance().permission_set_name(arn).ok().flatten();
        let (sets, _) = sets_asked(snapshot);
        let named: HashMap<&str, &str> =
            sets.into_iter().filter(|arn| is_read(arn)).filter_map(|arn| Some((name(&arn)?, arn))).collect();
        for account in accounts_asked(snapshot) {
            let id = account.id.as_str();
            let roles = snapshot.accounts.get(id).and_then(|account| account.inside.roles.known().ok());
            let of_roles =
                roles.into_iter().flatten().filter_map(|role| named.get(permission_set_of_role(&role.name)?));
            if of_roles.into_iter().any(|arn| !there.contains(&(id, *arn))) {
                doubted.insert(id);
            }
        }
        for id in doubted {
            self.want(Want::SetsOf(id.to_owned(), Version::Latest));
            self.want(Want::SetsOf(id.to_owned(), Version::Outdated));
        }
    }

    /// Once everything else is known: whether failures were put right, and whom the broken pairs touch.
    fn broken(&mut self, narrowed: &Narrowed, judge: Judge<'_>) {
        let snapshot = self.snapshot;
        let (ways, _) = ways(snapshot);
        self.doubted_accounts(&ways);
        // All of them are asked about in a full scan.
        let is_wanted = if narrowed.full { vec![true; ways.len()] } else { judge(&ways) };
        let mut principals = BTreeSet::new();
        let mut anything_failed = false;
        for (way, is_wanted) in ways.into_iter().zip(is_wanted) {
            let Some(here) = way.here(snapshot) else { continue };
            anything_failed |= here.provisioned().in_latest_version() != Ok(true) || way.principal.is_some();
            if !is_wanted {
                continue;
            }
            self.want(assignments(way.account, way.set));
            let rows = snapshot.accounts.get(way.account).and_then(|account| account.assignments.get(way.set));
            let rows = rows.and_then(|rows| rows.known().ok()).into_iter().flatten();
            principals.extend(rows.map(|row| &row.principal));
            principals.extend(way.principal);
        }
        if narrowed.full {
            let accounts = accounts_asked(snapshot).into_iter().filter_map(|one| snapshot.accounts.get(&one.id));
            let lists = accounts.flat_map(|account| account.entitlements.values());
            principals.extend(lists.filter_map(|rows| rows.known().ok()).flatten().map(|row| &row.principal));
        }
        if anything_failed {
            let shared = &snapshot.shared;
            for (kind, log) in
                [(RequestKind::Creation, &shared.creation), (RequestKind::Provisioning, &shared.provisioning)]
            {
                if log.failed.known().is_ok_and(|rows| !rows.is_empty()) {
                    self.requests(kind, &[RequestStatus::Succeeded]);
                }
            }
        }
        // Whoever is in a list exists; whoever is not is asked for by their id.
        let groups: BTreeSet<&str> = snapshot.groups.known().into_iter().flatten().map(|one| one.id.as_str()).collect();
        let people: BTreeSet<&str> = snapshot.people.known().into_iter().flatten().map(|one| one.id.as_str()).collect();
        for principal in principals {
            match principal.kind {
                PrincipalType::Group if groups.contains(principal.id.as_str()) => {
                    self.want(Want::Members(principal.id.clone()));
                }
                PrincipalType::User if people.contains(principal.id.as_str()) => {}
                PrincipalType::Group | PrincipalType::User => self.principals([principal]),
            }
        }
    }
}

/// The pairs of what was asked about that are not among these, in order: a large organization has hundreds of thousands.
fn others<'s>(snapshot: &'s Snapshot, sets: &[&'s str], pairs: &BTreeSet<Pair<'s>>) -> impl Iterator<Item = Pair<'s>> {
    let sets: BTreeSet<&str> = sets.iter().copied().collect();
    let accounts: BTreeSet<&str> = accounts_asked(snapshot).into_iter().map(|account| account.id.as_str()).collect();
    let all = accounts.into_iter().flat_map(move |id| sets.clone().into_iter().map(move |arn| (id, arn)));
    all.filter(|pair| !pairs.contains(pair))
}

fn assignments(id: &str, arn: &str) -> Want {
    Want::Assignments(id.to_owned(), arn.to_owned())
}
