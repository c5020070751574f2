//! What a snapshot amounts to: which accounts have which permission sets, for whom, and who that is.

use std::collections::BTreeSet;

use crate::cores;
use crate::evidence::{
    Account, AccountFacts, Answer, Assignment, Call, Fact, Gap, Gaps, Observed, Principal, PrincipalType, Request,
    RequestLog, RequestStatus, Snapshot, User,
};
use crate::model::{SetInAccount, paths};

mod mistaken;
mod named;
mod privileges;
mod proposed;
mod replayed;

pub use mistaken::{account_as_person, group_as_person, user_as_account};
pub use named::{
    CLOSE, account_not_found, accounts_fit, closeness, fitting, no_such_account, person_not_found, units_untold,
    units_without_accounts,
};
pub use privileges::{administers, privilege};
pub use proposed::{accounts_of, carried_out, deleted, groups_left, is_filled, may_exist, places, proposed};
pub use replayed::{account_asked, entitled, evidence, person};

/// What AWS lists for the person asked about, and what it lists for their groups where those were asked.
pub fn assigned_to_person(snapshot: &Snapshot) -> BTreeSet<&Assignment> {
    let own = snapshot.user.for_principal.known().into_iter().flatten();
    own.chain(snapshot.assignments_of.values().filter_map(|rows| rows.known().ok()).flatten()).collect()
}

/// A permission set in an account: account id and ARN.
pub type Pair<'s> = (&'s str, &'s str);

/// The permission sets that were asked about, as far as they are known; and what hides others.
pub fn sets_asked(snapshot: &Snapshot) -> (Vec<&str>, Gaps) {
    let mut gaps = Gaps::default();
    let all = gaps.keep(snapshot.shared.permission_set_arns.known());
    let names = snapshot.scope.narrowed().map_or(&[][..], |narrowed| &narrowed.permission_sets);
    let is_asked = |arn: &&str, gaps: &mut Gaps| {
        if names.is_empty() || names.iter().any(|name| name == arn) {
            return true;
        }
        let name = gaps.keep(snapshot.in_instance().permission_set_name(arn)).flatten();
        name.is_some_and(|name| names.iter().any(|one| one == name))
    };
    let sets = all.into_iter().flatten().map(String::as_str).filter(|arn| is_asked(arn, &mut gaps)).collect();
    (sets, gaps)
}

/// The accounts that were asked about, as far as they are known.
pub fn accounts_asked(snapshot: &Snapshot) -> Vec<&Account> {
    let accounts = snapshot.shared.accounts.known().into_iter().flatten();
    accounts.filter(|account| is_asked(snapshot, account)).collect()
}

/// Whether the question is about this account.
fn is_asked(snapshot: &Snapshot, account: &Account) -> bool {
    let Some(narrowed) = snapshot.scope.narrowed() else { return true };
    let typed = |typed: &String| *typed == account.id || Some(typed) == account.name.as_ref();
    let under = |unit: &String| account.path.as_deref().is_some_and(|path| path.split('/').any(|part| part == unit));
    let any = narrowed.accounts.is_empty() && narrowed.units.is_empty();
    any || narrowed.accounts.iter().any(typed) || narrowed.units.iter().any(under)
}

/// Whether the question is about the account of this id.
pub fn is_account_asked(snapshot: &Snapshot, id: &str) -> bool {
    let described = snapshot.accounts.get(id).and_then(|account| account.described.known().ok());
    match described.and_then(Option::as_ref) {
        Some(account) => is_asked(snapshot, account),
        // Whoever narrowed it named accounts that are known.
        None => snapshot.scope.narrowed().is_none_or(|one| one.accounts.is_empty() && one.units.is_empty()),
    }
}

/// Nobody gets into an account that is not active, so that what is in it makes no difference.
pub fn is_active(snapshot: &Snapshot, id: &str) -> bool {
    let described = snapshot.accounts.get(id).and_then(|account| account.described.known().ok());
    let state = described.and_then(Option::as_ref).and_then(|account| account.state.as_deref());
    state.is_none_or(|state| state == "ACTIVE")
}

/// The pairs that are provisioned, in whatever version, or assigned, as far as that was read and was asked about.
pub fn pairs(snapshot: &Snapshot) -> BTreeSet<Pair<'_>> {
    // Made at once of a list in order: one by one, tens of thousands take several times as long.
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for (arn, of) in &snapshot.shared.accounts_of {
        for list in [&of.latest, &of.outdated] {
            let ids = list.known().into_iter().flatten();
            pairs.extend(ids.map(|id| (id.as_str(), arn.as_str())));
        }
    }
    for (id, account) in snapshot.accounts.iter() {
        pairs.extend(own_sets(account).map(|arn| (id.as_str(), arn)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    if snapshot.scope.narrowed().is_some() {
        let sets: BTreeSet<&str> = sets_asked(snapshot).0.into_iter().collect();
        let mut last = None;
        pairs.retain(|(id, arn)| {
            let is_asked = match last {
                Some((last, is_asked)) if last == *id => is_asked,
                _ => is_account_asked(snapshot, id),
            };
            last = Some((*id, is_asked));
            is_asked && sets.contains(arn)
        });
    }
    pairs.into_iter().collect()
}

/// The permission sets of the pairs of one account, whatever was asked about.
pub fn sets_in<'s>(snapshot: &'s Snapshot, id: &str) -> BTreeSet<&'s str> {
    let has = |list: &Fact<Vec<String>>| list.known().is_ok_and(|ids| ids.iter().any(|one| one == id));
    let of = snapshot.shared.accounts_of.iter().filter(|(_, of)| has(&of.latest) || has(&of.outdated));
    of.map(|(arn, _)| arn.as_str()).chain(snapshot.accounts.get(id).into_iter().flat_map(own_sets)).collect()
}

/// The permission sets that an account's own facts tell of.
fn own_sets(account: &AccountFacts) -> impl Iterator<Item = &str> {
    let assigned = account.assignments.iter().filter(|(_, rows)| rows.known().is_ok_and(|rows| !rows.is_empty()));
    crate::model::provisioned::permission_sets(account).chain(assigned.map(|(arn, _)| arn.as_str()))
}

/// A request that failed or still runs: what it was to do, for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requested<'s> {
    /// The account.
    pub account: &'s str,
    /// The permission set's ARN.
    pub set: &'s str,
    /// For whom.
    pub principal: &'s Principal,
}

/// The assignments that requests failed to create, or are about to create or delete; as far as they were read.
pub fn requested(snapshot: &Snapshot) -> BTreeSet<Requested<'_>> {
    let open = |log: &'_ RequestLog| -> Vec<String> {
        let lists = [&log.failed, &log.in_progress];
        lists.into_iter().filter_map(|list| list.known().ok()).flatten().map(|row| row.id.clone()).collect()
    };
    let mut found = BTreeSet::new();
    for log in [&snapshot.shared.creation, &snapshot.shared.deletion] {
        let open: BTreeSet<String> = open(log).into_iter().collect();
        let described = log.described.iter().filter(|(id, _)| open.contains(*id));
        let requests = described.filter_map(|(_, fact)| fact.known().ok()?.as_ref());
        found.extend(requests.filter_map(of_request));
    }
    let sets: BTreeSet<&str> = sets_asked(snapshot).0.into_iter().collect();
    found.retain(|one| is_account_asked(snapshot, one.account) && sets.contains(one.set));
    found
}

fn of_request(request: &Request) -> Option<Requested<'_>> {
    let account = request.account.as_deref()?;
    Some(Requested { account, set: request.permission_set.as_deref()?, principal: request.principal.as_ref()? })
}

/// A way into an account that people share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way<'s> {
    /// The account.
    pub account: &'s str,
    /// The permission set's ARN.
    pub set: &'s str,
    /// Whose it is, where that makes a difference; `None`: everybody's who is assigned.
    pub principal: Option<&'s Principal>,
    /// Whether an assignment stands, or was only requested.
    pub stands: bool,
}

/// The ways that there are, each once. `Err` beside them: what could hide another.
pub fn ways(snapshot: &Snapshot) -> (Vec<Way<'_>>, Gaps) {
    let mut gaps = Gaps::default();
    let mut ways: Vec<Way<'_>> =
        pairs(snapshot).into_iter().map(|(account, set)| Way { account, set, principal: None, stands: true }).collect();
    for Requested { account, set, principal } in requested(snapshot) {
        let rows = snapshot.accounts.get(account).and_then(|account| account.assignments.get(set));
        let Some(rows) = rows.and_then(|rows| gaps.keep(rows.known())) else { continue };
        let stands = rows.iter().any(|row| row.principal == *principal);
        let log = &snapshot.shared.creation;
        // A failure that was put right, or of an assignment that is gone since, is no way.
        let newest = paths::newest_request(log, account, set, Some(principal));
        let is_open = |status| matches!(status, Some(RequestStatus::Failed | RequestStatus::InProgress) | None);
        let is_wanted = match gaps.keep(newest) {
            Some(newest) => newest.is_some_and(|found| is_open(found.request.status)),
            None => false,
        };
        if stands || is_wanted {
            ways.push(Way { account, set, principal: Some(principal), stands });
        }
    }
    ways.sort();
    ways.dedup();
    (ways, gaps)
}

impl<'s> Way<'s> {
    /// Whether it is one principal's among all to whom the permission set is assigned there, which is a way too.
    pub const fn is_of_one_of_many(&self) -> bool {
        self.principal.is_some() && self.stands
    }

    /// The permission set there.
    pub fn here(self, snapshot: &'s Snapshot) -> Option<SetInAccount<'s>> {
        let in_account = snapshot.in_account(self.account)?;
        let requested_for = self.principal.filter(|_| !self.stands);
        Some(SetInAccount { in_account, arn: self.set, stands: self.stands, requested_for, to_come: None })
    }
}

/// Whether a user exists. `Ok(None)`: not any more. Where all were listed, a list without them is a reason to ask, and
/// only the answer to that tells.
pub fn user<'s>(snapshot: &'s Snapshot, id: &str) -> Result<Option<&'s User>, Gap> {
    if let Some(fact) = snapshot.shared.users.get(id) {
        return fact.known().map(Option::as_ref);
    }
    if let Ok(Some(user)) = snapshot.user.described.known()
        && user.id == id
    {
        return Ok(Some(user));
    }
    let listed = snapshot.people.known()?.iter().find(|user| user.id == id);
    listed.map(Some).ok_or_else(|| snapshot.people.unclear(format!("user {id} is not among the people listed")))
}

/// What is known of a user or group, and whether it exists: `Ok(None)` where it does not any more.
pub fn principal_name<'s>(snapshot: &'s Snapshot, principal: &Principal) -> Result<Option<&'s str>, Gap> {
    match principal.kind {
        PrincipalType::User => Ok(user(snapshot, &principal.id)?.map(|user| user.user_name.as_deref().unwrap_or(""))),
        PrincipalType::Group => {
            if let Some(fact) = snapshot.shared.groups.get(&principal.id) {
                return Ok(fact.known()?.as_ref().map(|group| group.name.as_deref().unwrap_or("")));
            }
            let listed = snapshot.groups.known()?.iter().find(|group| group.id == principal.id);
            let because = || snapshot.groups.unclear(format!("group {} is not among the groups listed", principal.id));
            listed.map(|group| Some(group.name.as_deref().unwrap_or(""))).ok_or_else(because)
        }
    }
}

/// Groups that were listed, by id, as if each had been described: rules name them.
pub fn describe_listed(snapshot: &mut Snapshot) {
    fn described<T>(list: &Fact<Vec<T>>, one: T) -> Fact<Option<T>> {
        Fact {
            account: list.account.clone(),
            region: list.region.clone(),
            request_id: list.request_id.clone(),
            at: list.at,
            observed: Observed::Known(Some(one)),
            ..Fact::not_asked(list.call, "")
        }
    }
    let groups = snapshot.groups.known().cloned().unwrap_or_default();
    for group in groups {
        if !snapshot.shared.groups.contains_key(&group.id) {
            let (id, fact) = (group.id.clone(), described(&snapshot.groups, group));
            snapshot.apply(Answer::Group(id, fact));
        }
    }
    // A large organization has tens of thousands.
    let people = snapshot.people.known().map_or(&[][..], Vec::as_slice);
    let people = cores::map(people, |user| (user.id.clone(), described(&snapshot.people, user.clone())));
    for (id, fact) in people {
        if !snapshot.shared.users.contains_key(&id) {
            snapshot.apply(Answer::User(id, fact));
        }
    }
}

/// Everybody who has a way by this user or group, by user id.
pub fn people_of<'s>(snapshot: &'s Snapshot, principal: &'s Principal) -> Result<Vec<&'s str>, Gap> {
    match principal.kind {
        PrincipalType::User => Ok(vec![&principal.id]),
        PrincipalType::Group => match snapshot.members.get(&principal.id) {
            Some(fact) => Ok(fact.known()?.iter().map(|member| member.user_id.as_str()).collect()),
            None => Err(snapshot
                .in_instance()
                .unasked(Call::ListGroupMemberships, format!("who is in group {} was not asked for", principal.id))),
        },
    }
}
