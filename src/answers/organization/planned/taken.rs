//! What a plan takes away, and whom that leaves without an assignment in an account: which may be what is meant.

use std::collections::{BTreeMap, BTreeSet};

use super::people::{names, rows_of};
use super::sets::takes;
use super::told_later;
use crate::answers::organization::before::Foreseen;
use crate::answers::organization::rows::unlisted;
use crate::answers::organization::scan::Note;
use crate::answers::organization::{AccountShown, SetShown, Via};
use crate::evidence::{
    Call, Fact, Gap, Principal, PrincipalType, Proposed, ProposedAssignment, Snapshot, TakenAssignment,
};
use crate::model::organization::{is_active, pairs, people_of, principal_name, sets_in};
use crate::wording;

/// Tells of the assignments that a plan takes away, and who loses what by that.
pub(super) fn tell(foreseen: &mut Foreseen<'_>, before: &Snapshot, after: &Snapshot, plan: &Proposed) {
    let taken: Vec<&TakenAssignment> = plan.taken.iter().filter(|one| !is_given_again(plan, one)).collect();
    let mut said = Vec::new();
    if !taken.is_empty() {
        let told = taken.iter().map(|one| {
            let whom = Via::of(after, &one.principal);
            let set = SetShown::of(after, &one.permission_set);
            let from = whom.name.unwrap_or(whom.id);
            format!("{} from {from} in {}", set.label(), AccountShown::of(after, &one.account).label())
        });
        said.push(format!("The plan takes away {}: {}.", wording::count(taken.len(), "assignment"), names(told)));
    }
    said.extend(losses(foreseen, before, after, plan, &taken));
    if !said.is_empty() {
        foreseen.notes.push(Note { id: "plan-takes-away", message: said.join(" "), permission_set: None });
    }
}

/// Whether the plan makes the same assignment at another address.
fn is_given_again(plan: &Proposed, one: &TakenAssignment) -> bool {
    plan.given.iter().any(|given| {
        given.account.as_ref() == Some(&one.account)
            && given.principal.as_ref() == Some(&one.principal)
            && given.sets.contains(&one.permission_set)
    })
}

/// Who has which permission set where by what ends: an assignment that is taken away, or one of a group that is deleted.
struct Ends<'s> {
    account: &'s str,
    set: &'s str,
    principal: &'s Principal,
    address: &'s str,
}

fn ends<'s>(before: &'s Snapshot, plan: &'s Proposed, taken: &[&'s TakenAssignment]) -> Vec<Ends<'s>> {
    let taken = taken.iter().map(|one| Ends {
        account: &one.account,
        set: &one.permission_set,
        principal: &one.principal,
        address: &one.address,
    });
    let groups = plan.gone_people.iter().filter(|gone| gone.principal.kind == PrincipalType::Group);
    let of_groups = groups.flat_map(|gone| {
        let is_its = |pair: &(&str, &str)| {
            let rows = rows_of(before, *pair).and_then(|rows| rows.known().ok());
            rows.is_some_and(|rows| rows.iter().any(|row| row.principal == gone.principal))
        };
        let pairs = pairs(before).into_iter().filter(is_its);
        pairs.map(|(account, set)| Ends { account, set, principal: &gone.principal, address: &gone.address })
    });
    // Nobody gets into an account that is not active.
    taken.chain(of_groups).filter(|one| is_active(before, one.account)).collect()
}

/// Who loses their last assignment in an account, and who keeps one of another permission set there, in sentences.
fn losses(
    foreseen: &mut Foreseen<'_>,
    before: &Snapshot,
    after: &Snapshot,
    plan: &Proposed,
    taken: &[&TakenAssignment],
) -> Vec<String> {
    let mut lost: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut kept: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    let ends = ends(before, plan, taken);
    let mut left: BTreeMap<(&str, Option<&str>), Left> = BTreeMap::new();
    for Ends { account, set, principal, address } in ends {
        let people = match had(before, account, set, principal) {
            Ok(people) => people,
            Err(gap) => {
                foreseen.unread(gap, false);
                continue;
            }
        };
        for person in people {
            let user = Principal { kind: PrincipalType::User, id: person.to_owned() };
            if plan.deletes(&user) || principal_name(before, &user) == Ok(None) {
                continue;
            }
            let mut has = |set| {
                let there = left.entry((account, set)).or_insert_with(|| Left::of(after, plan, account, set, address));
                there.has(plan, person, account)
            };
            match (has(None), has(Some(set))) {
                (Ok(false), _) => drop(lost.entry(account).or_default().insert(person)),
                (Ok(true), Ok(false)) => drop(kept.entry(account).or_default().insert(person)),
                (Ok(true), Ok(true)) => {}
                (Err(gap), _) | (_, Err(gap)) => {
                    unknown.insert(person);
                    foreseen.unread(gap, false);
                }
            }
        }
    }
    let mut said = Vec::new();
    let users = |of: &BTreeMap<&str, BTreeSet<&str>>| of.values().flatten().collect::<BTreeSet<_>>().len();
    let verb = |number: usize, one: &'static str, more: &'static str| if number == 1 { one } else { more };
    if !lost.is_empty() {
        let number = users(&lost);
        let loses = verb(number, "loses", "lose");
        said.push(format!(
            "{} {loses} the last assignment in an account: {}.",
            wording::count(number, "user"),
            told(after, lost)
        ));
    }
    if !kept.is_empty() {
        let number = users(&kept);
        let keeps = verb(number, "keeps", "keep");
        let whom = wording::count(number, "user");
        said.push(format!("{whom} {keeps} only another permission set there: {}.", told(after, kept)));
    }
    if !unknown.is_empty() {
        let whom = wording::count(unknown.len(), "user");
        said.push(format!("Of {whom} it is not known whether they keep an assignment there."));
    }
    said
}

/// Who had a permission set in an account by an assignment. `Err`: that was not read.
fn had<'s>(before: &'s Snapshot, account: &str, set: &str, principal: &'s Principal) -> Result<Vec<&'s str>, Gap> {
    let asked = rows_of(before, (account, set)).ok_or_else(|| {
        let message = format!("who is assigned {} was not asked", SetShown::of(before, set).label());
        told_later(Call::ListAccountAssignments, Some(account), message)
    })?;
    if asked.known()?.iter().all(|row| row.principal != *principal) || principal_name(before, principal) == Ok(None) {
        return Ok(Vec::new());
    }
    people_of(before, principal)
}

fn told(after: &Snapshot, people: BTreeMap<&str, BTreeSet<&str>>) -> String {
    let of = |(account, people): (&str, BTreeSet<&str>)| {
        let name = |id: &str| {
            let whom = Via::of(after, &Principal { kind: PrincipalType::User, id: id.to_owned() });
            whom.name.filter(|name| !name.is_empty()).unwrap_or(whom.id)
        };
        format!("{} in {}", names(people.into_iter().map(name)), AccountShown::of(after, account).label())
    };
    names(people.into_iter().map(of))
}

/// Who is assigned something in an account once the plan is carried out.
pub(super) struct Left {
    people: BTreeSet<String>,
    groups: BTreeSet<Principal>,
    /// What hides more.
    missing: Option<Gap>,
}

impl Left {
    /// Of this permission set, or of any; `address` is what takes something away there.
    pub(super) fn of(after: &Snapshot, plan: &Proposed, account: &str, of: Option<&str>, address: &str) -> Self {
        let is_meant = |set: &str| of.is_none_or(|of| of == set);
        let may_give = |given: &&ProposedAssignment| {
            given.account.as_deref().is_none_or(|one| one == account)
                && (given.sets.is_empty() || given.sets.iter().any(|set| is_meant(set)))
        };
        let mut principals: BTreeSet<Principal> = BTreeSet::new();
        let mut missing = None;
        for given in plan.given.iter().filter(may_give) {
            principals.extend(given.principal.iter().chain(&given.may_be_for).cloned());
            if given.principal.is_none() && given.may_be_for.is_empty() {
                let message = format!("the plan does not tell to whom {} assigns something", given.address);
                missing = Some(told_later(Call::ListAccountAssignments, Some(account), message));
            }
        }
        if of.is_none() {
            let entitled = after.accounts.get(account).into_iter().flat_map(|one| one.entitlements.values());
            principals.extend(entitled.filter_map(|rows| rows.known().ok()).flatten().map(|row| row.principal.clone()));
            // Which permission sets are there tells only whoever read all lists.
            missing = after.accounts.get(account).and_then(|one| unlisted(after, one).into_iter().next()).or(missing);
        }
        for set in sets_in(after, account).into_iter().filter(|set| is_meant(set)) {
            match rows_of(after, (account, set)).map(Fact::known) {
                Some(Ok(rows)) => {
                    let stays = rows.iter().map(|row| &row.principal).filter(|one| !takes(plan, account, set, one));
                    principals.extend(stays.filter(|one| !plan.deletes(one)).cloned());
                }
                Some(Err(gap)) => missing = Some(gap),
                None => {
                    let message = format!(
                        "{address} takes something away, and who else is assigned what was not read: a full scan's file \
                         (--replay) tells"
                    );
                    missing = Some(told_later(Call::ListAccountAssignments, Some(account), message));
                }
            }
        }
        let mut people = BTreeSet::new();
        for principal in &principals {
            match people_of(after, principal) {
                Ok(of) => people.extend(of.into_iter().map(str::to_owned)),
                // Nobody gets in by a group that is gone.
                Err(_) if principal_name(after, principal) == Ok(None) => {}
                Err(gap) => missing = Some(gap),
            }
        }
        principals.retain(|one| one.kind == PrincipalType::Group);
        Self { people, groups: principals, missing }
    }

    /// Whether somebody is among them. `Err`: that was not read, or the plan does not tell.
    pub(super) fn has(&self, plan: &Proposed, user: &str, account: &str) -> Result<bool, Gap> {
        if self.people.contains(user) {
            return Ok(true);
        }
        // Whoever is put into a group and is not told may be this one.
        let perhaps = plan.joined.iter().find(|one| {
            let is_sure = one.group.sure().is_some() && one.member.sure().is_some();
            !is_sure && one.member.may_be(user) && self.groups.iter().any(|group| one.group.may_be(&group.id))
        });
        if let Some(one) = perhaps {
            let message = format!("the plan does not tell whom {} puts into which group", one.address);
            return Err(told_later(Call::ListGroupMemberships, Some(account), message));
        }
        self.missing.clone().map_or(Ok(false), Err)
    }
}
