//! What is worth knowing of the user's sign-ins beside the rule.

use jiff::SignedDuration;

use super::Moment;
use crate::evidence::{Call, Evidence, Fact, SignInLog};
use crate::wording;

/// How far back a failure that names nobody may still be what the question is about.
const JUST_NOW: SignedDuration = SignedDuration::from_hours(1);

/// Caps, and failures that CloudTrail ascribes to nobody.
pub(super) fn notes(evidence: &Evidence) -> Vec<String> {
    let mut notes = Vec::new();
    let sign_ins = &evidence.sign_ins;
    let capped = logs(evidence).filter_map(|fact| Some((fact, fact.known().ok().filter(|log| log.capped)?)));
    if let Some((fact, log)) = capped.max_by_key(|(_, log)| log.since) {
        notes.push(format!(
            "CloudTrail in {} holds more sign-in events than were read: everybody's are read back to {}.",
            region(fact),
            log.since.strftime("%Y-%m-%d %H:%M UTC")
        ));
    }
    let Ok(log) = sign_ins.external.known() else { return notes };
    let recent = log.unattributed.newest.filter(|at| evidence.collected_at.duration_since(*at) < JUST_NOW);
    if let Some(at) = recent {
        let said = log.unattributed.message.as_deref().map(|said| format!(" (“{said}”)")).unwrap_or_default();
        notes.push(format!(
            "AWS refused {} through the external identity provider, the last one at {}{said}. CloudTrail in {} does not say \
             whose.",
            wording::count(log.unattributed.count, "sign-in"),
            at.strftime("%Y-%m-%d %H:%M UTC"),
            region(&sign_ins.external)
        ));
    }
    notes
}

/// When the user was refused, and when they got in.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let user = evidence.user_label();
    let failures = [&evidence.sign_ins.verifications, &evidence.sign_ins.external];
    let failures = failures.into_iter().filter_map(|fact| fact.known().ok()).flat_map(|log| &log.events);
    let refused = failures.filter(|event| !event.succeeded).map(|event| {
        let with = event.credential.as_ref().map(|credential| format!(" ({credential})")).unwrap_or_default();
        Moment { at: event.at, what: format!("a sign-in of {user} failed{with}"), call: Call::LookupEvents }
    });
    let successes = evidence.sign_ins.successes.iter().filter_map(|(name, fact)| Some((name, fact.known().ok()?)));
    let got_in = successes.flat_map(|(name, log)| log.events.iter().map(move |event| (name, event)));
    let got_in = got_in.filter(|(_, event)| event.succeeded).map(|(name, event)| Moment {
        at: event.at,
        what: format!("{user} was signed in ({name})"),
        call: Call::LookupEvents,
    });
    refused.chain(got_in).collect()
}

fn logs(evidence: &Evidence) -> impl Iterator<Item = &Fact<SignInLog>> {
    let sign_ins = &evidence.sign_ins;
    [&sign_ins.verifications, &sign_ins.external].into_iter().chain(sign_ins.successes.values())
}

fn region(fact: &Fact<SignInLog>) -> &str {
    fact.region.as_deref().unwrap_or("the instance's Region")
}
