//! What is worth knowing of a session's policies where nothing is proven: what hangs on circumstances that nobody can know
//! from outside, and what the next provisioning takes away.

use super::aimed::{Aim, aimed_at_one};
use super::left::{Left, left_by_organization, left_by_set, under_organization, whatever_under_organization};
use super::own::{named, own};
use super::told::{capitalised, doubts, list_of_cuts};
use crate::evidence::{InAccount, Person};
use crate::findings::Gate;
use crate::model::paths::Path;
use crate::model::{Session, SetInAccount};

/// A note, with the gate at which something is in doubt.
pub type Note = (Option<Gate>, String);

/// The notes on the ways, each once.
pub fn notes(here: InAccount<'_>, person: Person<'_>, ways: &[Path]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for way in ways {
        let session = Session::of(here, Some(person), way);
        let set = session.permission_set();
        // What does not stand gives no session yet.
        if set.is_some_and(|set| !set.stands) {
            continue;
        }
        let of_organization = of_organization(session).into_iter().map(|note| (Some(Gate::OrganizationPolicy), note));
        let of_set = set.map(|set| doubts_of_set(set, person)).unwrap_or_default();
        let of_session = of_set.into_iter().chain(of_one_person(session, person));
        let of_session = of_session.map(|note| (Some(Gate::Session), note));
        let next = set.and_then(next).map(|note| (None, note));
        for note in of_organization.chain(of_session).chain(next) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}

fn of_organization(session: Session<'_>) -> Vec<String> {
    let whose = session.whose();
    let Ok(Some(stack)) = under_organization(session) else { return Vec::new() };
    match left_by_organization(&stack) {
        Left::Unclear(on, rest) => doubts(&stack, &on, &format!("sessions of {whose}"), rest),
        Left::Something | Left::Nothing(_) | Left::Only(_) => Vec::new(),
    }
}

/// On what it hangs whether the service control policies leave anything to sessions in an account, whatever policies they
/// have of their own; told by one of its permission sets.
pub fn doubts_in_account(here: SetInAccount<'_>) -> Vec<String> {
    let Ok(Some(stack)) = whatever_under_organization(here.session(None)) else { return Vec::new() };
    let is_unclear = || matches!(left_by_organization(&stack), Left::Unclear(..));
    if !stack.reckon("whether it is unclear", is_unclear) {
        return Vec::new();
    }
    match left_by_organization(&stack) {
        Left::Unclear(on, rest) => doubts(&stack, &on, "sessions", rest),
        Left::Something | Left::Nothing(_) | Left::Only(_) => Vec::new(),
    }
}

fn doubts_of_set(here: SetInAccount<'_>, person: Person<'_>) -> Vec<String> {
    let Ok(Some(own)) = own(here, Some(person)) else { return Vec::new() };
    let set = here.label();
    let stack = own.stack.for_everybody();
    match left_by_set(&stack) {
        Left::Unclear(on, rest) => doubts(&stack, &on, &format!("sessions of permission set {set}"), rest),
        Left::Something | Left::Nothing(_) | Left::Only(_) => Vec::new(),
    }
}

/// What the version of the permission set takes away that is not in the account yet.
fn next(here: SetInAccount<'_>) -> Option<String> {
    let (left, why) = left_by_provisioning(here)?;
    Some(format!(
        "The version of permission set {} that is not in the account yet leaves its sessions {left}: {why}.",
        here.label()
    ))
}

/// Where provisioning the permission set would leave next to nothing to sessions that have something now: how much, and why.
pub fn left_by_provisioning(here: SetInAccount<'_>) -> Option<(&'static str, String)> {
    let now = own(here, None).ok()?.filter(|own| own.carried && !own.latest)?.stack.for_everybody();
    if matches!(left_by_set(&now), Left::Nothing(_) | Left::Only(_)) {
        return None;
    }
    let next = named(here, None)?.for_everybody();
    match left_by_set(&next) {
        Left::Nothing(cuts) => Some(("nothing", list_of_cuts(&next, &cuts))),
        Left::Only(cut) => Some(("hardly anything", list_of_cuts(&next, &[cut]))),
        Left::Something | Left::Unclear(..) => None,
    }
}

fn of_one_person(session: Session<'_>, person: Person<'_>) -> Vec<String> {
    let (found, ..) = aimed_at_one(session);
    let doubts = found.iter().flat_map(|aimed| match &aimed.aim {
        Aim::UserIf(doubts) => doubts.iter().map(|doubt| (aimed.piece.name(), doubt)).collect(),
        Aim::User(_) | Aim::Somebody(_) => Vec::new(),
    });
    let told = doubts.filter_map(|(name, doubt)| {
        let why = doubt.statement.as_ref()?;
        Some(format!("{} may deny everything to {}: {why}.", capitalised(&name), person.label()))
    });
    told.collect()
}
