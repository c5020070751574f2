//! What is worth knowing of the user's `AssumeRoleWithSAML` events beside the rule.

use std::collections::BTreeSet;

use super::Moment;
use crate::evidence::{AssumeRoleEvent, Call, EventLog, Evidence, Fact, Role};
use crate::model::paths::{Assigned, Path};
use crate::model::refusals::{self, Standing};
use crate::verdict::PathState;

/// Caps, and refusals of a kind that passes by itself.
pub(super) fn notes(evidence: &Evidence, ways: &[(Path, PathState)]) -> Vec<String> {
    let mut notes: Vec<String> = evidence.user.role_events.iter().filter_map(|fact| capped(evidence, fact)).collect();
    let mut told = BTreeSet::new();
    for path in ways.iter().filter_map(|(way, _)| way.assigned()) {
        let note = match refusals::standing(evidence, path) {
            Ok(Standing::Passing(seen)) => Some((seen.event, past(seen.event, "That passes by itself"))),
            Ok(Standing::PutRight(seen)) => {
                Some((seen.event, past(seen.event, "The reason that AWS gave is not so any more")))
            }
            Ok(Standing::Refused(seen, role)) => {
                lasting(evidence, path, seen.event, role).map(|note| (seen.event, note))
            }
            Ok(Standing::Nothing | Standing::Over) | Err(_) => None,
        };
        notes.extend(note.filter(|(event, _)| told.insert(&event.id)).map(|(_, note)| note));
    }
    notes
}

/// A Region with more events than were read, of which those on the user's roles were not looked up either.
fn capped(evidence: &Evidence, fact: &Fact<EventLog>) -> Option<String> {
    let log = fact.known().ok().filter(|log| log.capped)?;
    let same = |other: &&Fact<EventLog>| other.region == fact.region;
    let others = || evidence.user.role_events.iter().filter(same).filter_map(|other| other.known().ok());
    let region = fact.region.as_deref().unwrap_or("the account");
    match &log.role {
        Some(role) => Some(format!(
            "CloudTrail in {region} holds more AssumeRoleWithSAML events on {} than the {} newest that were read.",
            role.rsplit('/').next().unwrap_or(role),
            log.read
        )),
        None if others().any(|log| log.role.is_some()) => None,
        None => Some(format!(
            "CloudTrail in {region} holds more AssumeRoleWithSAML events than the {} newest that were read.",
            log.read
        )),
    }
}

/// A refusal that may have been ended since by what could not be read.
fn lasting(evidence: &Evidence, path: &Assigned, event: &AssumeRoleEvent, role: &Role) -> Option<String> {
    let hidden = refusals::hidden_since(evidence, event.at, Some(&role.arn));
    let is_hidden = !hidden.0.is_empty() || refusals::rewritten_since(evidence, path, event.at).is_err();
    is_hidden.then(|| {
        format!(
            "AWS STS refused {} {} on {} with {} (event {}); whether they got in since, or the role was written anew, could \
             not be read in full.",
            event.session_name,
            name(event),
            event.at.strftime("%Y-%m-%d at %H:%M UTC"),
            event.error_code.as_deref().unwrap_or_default(),
            event.id
        )
    })
}

/// A refusal that says nothing about the next try, and why.
fn past(event: &AssumeRoleEvent, why: &str) -> String {
    format!(
        "AWS STS refused {} {} on {} with {} (event {}), and nothing came after. {why}: they should try again.",
        event.session_name,
        name(event),
        event.at.strftime("%Y-%m-%d at %H:%M UTC"),
        event.error_code.as_deref().unwrap_or_default(),
        event.id
    )
}

/// When the user was let into a role, and when not.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let mut told = BTreeSet::new();
    let events = refusals::of_user(evidence).map(|seen| seen.event);
    let moments = events.filter(|event| event.id.is_empty() || told.insert(&event.id)).map(|event| {
        let ended =
            event.error_code.as_ref().map_or_else(|| "was let in".to_owned(), |code| format!("was refused ({code})"));
        let what = format!("{} {ended} by AssumeRoleWithSAML on {}", event.session_name, name(event));
        let event_id = Some(event.id.clone()).filter(|id| !id.is_empty());
        Moment { event_id, ..Moment::new(event.at, what, Call::LookupEvents) }
    });
    moments.collect()
}

fn name(event: &AssumeRoleEvent) -> &str {
    event.role_arn.rsplit('/').next().unwrap_or(&event.role_arn)
}
