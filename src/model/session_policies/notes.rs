//! What is worth knowing of a session's policies where nothing is proven: what hangs on circumstances that nobody can know
//! from outside, and what the next provisioning takes away.

use super::aimed::{Aim, aimed_at_one};
use super::left::{Left, left_by_organization, left_by_set, under_organization};
use super::own::{named, own};
use super::told::{capitalised, doubts, list_of_cuts};
use crate::evidence::Evidence;
use crate::findings::Gate;
use crate::model::paths::{Path, Way};

/// A note, with the gate at which something is in doubt.
pub type Note = (Option<Gate>, String);

/// The notes on the ways, each once.
pub fn notes(evidence: &Evidence, ways: &[Way]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for way in ways {
        let path = way.assigned().filter(|path| path.stands);
        let of_path = path.into_iter().flat_map(|path| {
            let doubts = of_set(evidence, path).into_iter().chain(of_one_person(evidence, path));
            let doubts = doubts.map(|note| (Some(Gate::Session), note));
            doubts.chain(next(evidence, path).map(|note| (None, note)))
        });
        let of_organization = of_organization(evidence, way);
        let doubts = of_organization.into_iter().map(|note| (Some(Gate::OrganizationPolicy), note));
        for note in doubts.chain(of_path) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}

fn of_organization(evidence: &Evidence, way: &Way) -> Vec<String> {
    let whose = match way {
        Way::Assigned(path) if !path.stands => return Vec::new(),
        Way::Assigned(path) => format!("permission set {}", evidence.permission_set_label(&path.permission_set)),
        Way::Entitled(entitled) => format!("role {}", entitled.role_name()),
    };
    let Ok(Some(stack)) = under_organization(evidence, way) else { return Vec::new() };
    match left_by_organization(&stack) {
        Left::Unclear(on, rest) => doubts(&stack, &on, &format!("sessions of {whose}"), rest),
        Left::Something | Left::Nothing(_) | Left::Only(_) => Vec::new(),
    }
}

fn of_set(evidence: &Evidence, path: &Path) -> Vec<String> {
    let Ok(Some(own)) = own(evidence, path) else { return Vec::new() };
    let set = evidence.permission_set_label(&path.permission_set);
    let stack = own.stack.for_everybody();
    match left_by_set(&stack) {
        Left::Unclear(on, rest) => doubts(&stack, &on, &format!("sessions of permission set {set}"), rest),
        Left::Something | Left::Nothing(_) | Left::Only(_) => Vec::new(),
    }
}

/// What the version of the permission set takes away that is not in the account yet.
fn next(evidence: &Evidence, path: &Path) -> Option<String> {
    let (left, why) = left_by_provisioning(evidence, path)?;
    Some(format!(
        "The version of permission set {} that is not in the account yet leaves its sessions {left}: {why}.",
        evidence.permission_set_label(&path.permission_set)
    ))
}

/// Where provisioning the permission set would leave next to nothing to sessions that have something now: how much, and why.
pub fn left_by_provisioning(evidence: &Evidence, path: &Path) -> Option<(&'static str, String)> {
    let now = own(evidence, path).ok()?.filter(|own| own.carried && !own.latest)?.stack.for_everybody();
    if matches!(left_by_set(&now), Left::Nothing(_) | Left::Only(_)) {
        return None;
    }
    let next = named(evidence, path)?.for_everybody();
    match left_by_set(&next) {
        Left::Nothing(cuts) => Some(("nothing", list_of_cuts(&next, &cuts))),
        Left::Only(cut) => Some(("hardly anything", list_of_cuts(&next, &[cut]))),
        Left::Something | Left::Unclear(..) => None,
    }
}

fn of_one_person(evidence: &Evidence, path: &Path) -> Vec<String> {
    let (found, ..) = aimed_at_one(evidence, path);
    let doubts = found.iter().flat_map(|aimed| match &aimed.aim {
        Aim::UserIf(doubts) => doubts.iter().map(|doubt| (&aimed.piece.name, doubt)).collect(),
        Aim::User(_) | Aim::Somebody(_) => Vec::new(),
    });
    let told = doubts.filter_map(|(name, doubt)| {
        let why = doubt.statement.as_ref()?;
        Some(format!("{} may deny everything to {}: {why}.", capitalised(name), evidence.user_label()))
    });
    told.collect()
}
