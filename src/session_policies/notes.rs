//! What is worth knowing of a session's policies where nothing is proven: what hangs on circumstances that nobody can know
//! from outside, and what the next provisioning takes away.

use super::aimed::{Aim, aimed_at_one};
use super::left::{Left, left_by_organization, left_by_set, under_organization};
use super::own::{named, own};
use super::told::{capitalised, doubts, list_of_cuts};
use crate::evidence::Evidence;
use crate::gate::Gate;
use crate::paths::{Path, Way};

/// The notes on the ways, each once, and the gate that each is about.
pub fn notes(evidence: &Evidence, ways: &[Way]) -> Vec<(Gate, String)> {
    let mut notes: Vec<(Gate, String)> = Vec::new();
    for way in ways {
        let of_organization = of_organization(evidence, way).into_iter().map(|note| (Gate::OrganizationPolicy, note));
        let path = way.assigned().filter(|path| path.stands).into_iter();
        let of_session = path.flat_map(|path| [of_set(evidence, path), of_one_person(evidence, path)]).flatten();
        for note in of_organization.chain(of_session.map(|note| (Gate::Session, note))) {
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
    let (is_pending, stack) = (own.carried && !own.latest, own.stack.for_everybody());
    let mut notes = match left_by_set(&stack) {
        Left::Unclear(on, rest) => doubts(&stack, &on, &format!("sessions of permission set {set}"), rest),
        Left::Nothing(_) | Left::Only(_) => return Vec::new(),
        Left::Something => Vec::new(),
    };
    if let Some(next) = named(evidence, path).filter(|_| is_pending) {
        let next = next.for_everybody();
        match left_by_set(&next) {
            Left::Nothing(cuts) => notes.push(format!(
                "The version of permission set {set} that is not in the account yet leaves its sessions nothing: {}.",
                list_of_cuts(&next, &cuts)
            )),
            Left::Only(cut) => notes.push(format!(
                "The version of permission set {set} that is not in the account yet leaves its sessions hardly anything: {}.",
                list_of_cuts(&next, &[cut])
            )),
            Left::Something | Left::Unclear(..) => {}
        }
    }
    notes
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
