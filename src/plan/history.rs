//! What is to be looked up of an answer's past: chosen by the cause, and only where there is one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::evidence::{Attribute, Change, Evidence, LookupBy, PrincipalType, Thing, UserLookup, What};
use crate::history::{self, Lane, Look, Place};
use crate::model::paths;
use crate::verdict::{self, Judgement};

#[cfg(test)]
mod tests;

/// How many requests one account takes in one Region.
pub const MOST: usize = 12;
/// How many pages are read of one look-up.
pub const PAGES: usize = 4;
/// How many roles are looked at for the last success.
const ROLES: usize = 2;
/// How much before the last success is looked at: clocks differ, and what was opened goes on for a while.
const BEFORE: SignedDuration = SignedDuration::from_mins(10);

/// How long CloudTrail may take to write what happened.
pub const LAG: SignedDuration = SignedDuration::from_mins(30);

/// One look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Where.
    pub place: Place,
    /// By what.
    pub by: Attribute,
    /// The value.
    pub value: String,
    /// From when on.
    pub from: Timestamp,
    /// Up to when.
    pub until: Option<Timestamp>,
    /// How many pages at the most.
    pub pages: usize,
}

/// What is still to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Whether it has to be known which accounts administer Identity Center.
    pub administrators: bool,
    /// What to look up.
    pub lookups: Vec<Lookup>,
}

impl Wanted {
    /// Whether nothing is.
    pub const fn is_nothing(&self) -> bool {
        !self.administrators && self.lookups.is_empty()
    }
}

/// What the history of the answer still lacks. It is asked for again with each answer: first when the user last got in,
/// then what may have changed since, then what names those who are not named.
pub fn wanted(evidence: &Evidence) -> Wanted {
    let judgement = verdict::judge(evidence, paths::find(evidence.asked()));
    let Some(cause) = history::cause(&judgement) else { return Wanted::default() };
    let looks = history::looks(evidence, &judgement);
    if looks.is_empty() {
        return Wanted::default();
    }
    let at_home = looks.iter().any(|look| look.lane == Lane::Home);
    if evidence.history.is_unasked() {
        let roles = history::candidate_roles(evidence, cause, &judgement);
        let is_known = evidence.user_id().is_ok_and(|id| id.is_some());
        let successes = roles.into_iter().take(if is_known { ROLES } else { 0 }).map(|role| Look {
            lane: Lane::Target,
            by: Attribute::ResourceName,
            value: role,
            from: None,
            until: None,
        });
        let lookups = successes.flat_map(|look| at_each_place(evidence, &look, window(evidence), 1)).collect();
        let first = Wanted { administrators: at_home, lookups };
        if !first.is_nothing() {
            return first;
        }
    }
    let from = from(evidence, &judgement);
    let first = lacking(evidence, &looks, from);
    if !first.is_empty() {
        return Wanted { administrators: false, lookups: within_reason(evidence, first) };
    }
    let further = lacking(evidence, &history::further_looks(evidence, &judgement), from);
    Wanted { administrators: false, lookups: within_reason(evidence, further) }
}

/// Of whom it is to be known which are assigned to the account and gone: the record of a deletion has an id, and the question
/// a name.
pub fn told_by_assignments(evidence: &Evidence) -> Option<PrincipalType> {
    let judgement = verdict::judge(evidence, paths::find(evidence.asked()));
    history::told_by_assignments(evidence, &judgement)
}

/// How far back the question goes.
fn window(evidence: &Evidence) -> Timestamp {
    evidence.collected_at.checked_sub(evidence.question.since).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// From when on a change can be the cause.
fn from(evidence: &Evidence, judgement: &Judgement) -> Timestamp {
    let success = history::success_before(evidence, judgement);
    success.map_or_else(|| window(evidence), |at| (at - BEFORE).max(window(evidence)))
}

/// What was not looked up yet.
fn lacking(evidence: &Evidence, looks: &[Look], from: Timestamp) -> Vec<Lookup> {
    let lookups = looks.iter().flat_map(|look| at_each_place(evidence, look, from, PAGES));
    let mut lacking: Vec<Lookup> = Vec::new();
    for lookup in lookups {
        let is_same = |by, value: &str, account: Option<&str>, region: Option<&str>| {
            by == lookup.by
                && value == lookup.value
                && account == Some(&lookup.place.account)
                && region == Some(&lookup.place.region)
        };
        let known = evidence
            .history
            .looked_up
            .iter()
            .any(|one| is_same(one.by, &one.looked_for, one.log.account.as_deref(), one.log.region.as_deref()));
        if !known && !lacking.contains(&lookup) {
            lacking.push(lookup);
        }
    }
    lacking
}

fn at_each_place(evidence: &Evidence, look: &Look, from: Timestamp, pages: usize) -> Vec<Lookup> {
    let (places, _) = history::places(evidence, look.lane);
    let lookup = |place: Place| {
        let from = look.from.unwrap_or(from);
        // What a trail holds is known, but for what CloudTrail is still writing.
        let covered = evidence.history.covered_until(&place.account, &place.region, Some(from));
        let from = covered.map_or(from, |until| from.max(until.checked_sub(LAG).unwrap_or(until)));
        let is_left = look.until.is_none_or(|until| until > from);
        is_left.then(|| Lookup { place, by: look.by, value: look.value.clone(), from, until: look.until, pages })
    };
    places.into_iter().filter_map(lookup).collect()
}

/// No more than one account takes in one Region, with what was asked there before.
fn within_reason(evidence: &Evidence, lookups: Vec<Lookup>) -> Vec<Lookup> {
    let mut taken: BTreeMap<Place, usize> = BTreeMap::new();
    for one in &evidence.history.looked_up {
        if let (Some(account), Some(region)) = (&one.log.account, &one.log.region) {
            let place = Place { account: account.clone(), region: region.clone() };
            let read = one.log.known().map_or(0, |log| log.read);
            *taken.entry(place).or_default() += read.div_ceil(PAGE).max(1);
        }
    }
    let mut within = lookups;
    within.retain_mut(|lookup| {
        let taken = taken.entry(lookup.place.clone()).or_default();
        if *taken >= MOST {
            return false;
        }
        *taken += 1;
        true
    });
    within
}

/// How many events a page holds.
const PAGE: usize = 50;

/// Whether a change may bear on the question: what is only about others need not be kept.
pub fn bears_on(evidence: &Evidence, change: &Change) -> bool {
    let is = |thing, value: Option<&str>| change.is(thing).is_none_or(|named| Some(named) == value);
    let user = evidence.user_id().ok().flatten();
    let set = || {
        change
            .is(Thing::PermissionSet)
            .is_none_or(|set| evidence.permission_sets.contains_key(set) || evidence.question.permission_set.is_some())
    };
    match change.what {
        What::MembersPatched | What::GroupUpdated => {
            change.is(Thing::Group).is_none_or(|group| evidence.groups.contains_key(group))
        }
        What::MemberAdded | What::MemberRemoved => {
            let removed = |id: &str| {
                let removals = evidence.history.changes().into_iter().filter(|one| one.what == What::MemberRemoved);
                removals.into_iter().any(|one| one.names(Thing::Membership, id))
            };
            is(Thing::User, user) || change.is(Thing::Membership).is_some_and(removed)
        }
        What::UserActiveSet | What::UserUpdated | What::UserDisabled | What::UserEnabled | What::RoleOpened => {
            is(Thing::User, user)
        }
        What::AssignmentCreated
        | What::AssignmentDeleted
        | What::AccountMoved
        | What::AccountClosed
        | What::AccountRemoved => is(Thing::Account, evidence.account.id.as_deref()),
        What::PermissionSetUpdated
        | What::PermissionSetPolicyAdded
        | What::PermissionSetPolicyRemoved
        | What::PermissionSetProvisioned => set(),
        // Whoever else signed in, or is gone, has nothing to do with it.
        What::UserDeleted | What::UserCreated => is_known_user(evidence, change),
        What::SignedIn => {
            let asked = |lookup: &UserLookup| {
                change.is(Thing::UserName).is_some_and(|name| name.eq_ignore_ascii_case(&lookup.value))
            };
            evidence.user.lookups.iter().any(asked) || change.is(Thing::User).is_some() && is(Thing::User, user)
        }
        What::RoleAssumed => {
            change.is(Thing::UserName).is_none_or(|name| name.eq_ignore_ascii_case(evidence.user_label()))
        }
        _ => true,
    }
}

/// Whether a record is about a user who is asked about, or who is assigned here; where they are asked for by a name that
/// nobody has, it may be about anybody.
fn is_known_user(evidence: &Evidence, change: &Change) -> bool {
    let Some(id) = change.is(Thing::User) else { return false };
    if let Some(user) = evidence.user_id().ok().flatten() {
        return id == user || evidence.other_user(id).is_ok();
    }
    let mut ids = evidence.user.lookups.iter().filter(|lookup| lookup.by == LookupBy::UserId).peekable();
    ids.peek().is_none() || ids.any(|lookup| lookup.value == id)
}
