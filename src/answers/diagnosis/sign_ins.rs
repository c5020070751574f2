//! What is worth knowing of the user's sign-ins beside the rule.

use jiff::{SignedDuration, Timestamp};

use super::Moment;
use crate::evidence::{Call, Evidence, Fact, SignInEvidence, SignInLog};
use crate::model::sign_ins;
use crate::wording;

/// How far back a failure that names nobody may still be what the question is about.
const JUST_NOW: SignedDuration = SignedDuration::from_hours(1);
/// Fewer failures than this are not worth a word.
const A_FEW: usize = 2;

/// Caps, failures that show too little, and failures that CloudTrail ascribes to nobody.
pub(super) fn notes(evidence: &Evidence) -> Vec<String> {
    let mut notes = Vec::new();
    let capped = logs(evidence).filter_map(|fact| Some((fact, fact.known().ok().filter(|log| log.capped)?)));
    if let Some((fact, log)) = capped.max_by_key(|(_, log)| log.since) {
        notes.push(format!(
            "CloudTrail in {} holds more sign-in events than were read: everybody's are read back to {}.",
            region(fact),
            minute(log.since)
        ));
    }
    notes.extend(failed(evidence));
    match outage(evidence) {
        Some(note) => notes.push(note),
        None => {
            notes.extend(evidence.user.sign_ins.everywhere().filter_map(|region| nobodys(evidence, &region.external)));
        }
    }
    notes
}

/// Attempts of the user that failed and show too little for a fault.
fn failed(evidence: &Evidence) -> Option<String> {
    let attempts = sign_ins::failing(evidence);
    let (_, last) = attempts.last().filter(|_| attempts.len() >= A_FEW)?;
    let why = match sign_ins::keep_failing(evidence) {
        Ok(Some(_)) => return None,
        Ok(None) | Err(_) if attempts.len() < sign_ins::KEEPS_FAILING => {
            "so few may be typing errors, or somebody else's guesses"
        }
        Ok(None) | Err(_) if evidence.collected_at.duration_since(last.at) > sign_ins::STILL => {
            "that is too long ago to say something about now"
        }
        Ok(None) | Err(_) => "whether they got in since could not be read in full",
    };
    Some(format!(
        "CloudTrail shows {} of {} to sign in that failed, the last one at {}: {why}.",
        wording::count(attempts.len(), "attempt"),
        evidence.user_label(),
        minute(last.at)
    ))
}

/// Nobody seems to get in through the external identity provider.
fn outage(evidence: &Evidence) -> Option<String> {
    let sign_ins::Outage { count, first, last } = sign_ins::outage(evidence)?;
    Some(format!(
        "Nobody seems to get in through the external identity provider: AWS refused {} through it between {} and {}{}, and \
         nobody has signed in since the first of them. Look at its certificate, its clock and its configuration in IAM \
         Identity Center, Settings.",
        wording::count(count, "sign-in"),
        minute(first),
        minute(last),
        said(&evidence.user.sign_ins).unwrap_or_default()
    ))
}

/// AWS's words for the newest refusal that names nobody.
fn said(sign_ins: &SignInEvidence) -> Option<String> {
    let logs = sign_ins.everywhere().filter_map(|region| region.external.known().ok());
    let newest = logs.map(|log| &log.unattributed).max_by_key(|unattributed| unattributed.newest)?;
    newest.message.as_deref().map(|said| format!(" (“{said}”)"))
}

/// Failures of a Region that may be the user's.
fn nobodys(evidence: &Evidence, fact: &Fact<SignInLog>) -> Option<String> {
    let log = fact.known().ok()?;
    let at = log.unattributed.newest.filter(|at| evidence.collected_at.duration_since(*at) < JUST_NOW)?;
    let said = log.unattributed.message.as_deref().map(|said| format!(" (“{said}”)")).unwrap_or_default();
    Some(format!(
        "AWS refused {} through the external identity provider, the last one at {}{said}. CloudTrail in {} does not say \
         whose.",
        wording::count(log.unattributed.count, "sign-in"),
        minute(at),
        region(fact)
    ))
}

/// When the user was refused, and when they got in.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let user = evidence.user_label();
    let regions = || evidence.user.sign_ins.everywhere();
    let failures = regions().flat_map(SignInEvidence::failures);
    let failures = failures.filter_map(|fact| fact.known().ok()).flat_map(|log| &log.events);
    let refused = failures.filter(|event| !event.succeeded).map(|event| {
        let with = event.credential.as_ref().map(|credential| format!(" ({credential})")).unwrap_or_default();
        Moment::new(event.at, format!("a sign-in of {user} failed{with}"), Call::LookupEvents)
    });
    let successes = regions().flat_map(|region| &region.successes);
    let successes = successes.filter_map(|(name, fact)| Some((name, fact.known().ok()?)));
    let got_in = successes.flat_map(|(name, log)| log.events.iter().map(move |event| (name, event)));
    let got_in = got_in
        .filter(|(_, event)| event.succeeded)
        .map(|(name, event)| Moment::new(event.at, format!("{user} was signed in ({name})"), Call::LookupEvents));
    refused.chain(got_in).collect()
}

fn logs(evidence: &Evidence) -> impl Iterator<Item = &Fact<SignInLog>> {
    evidence
        .user
        .sign_ins
        .everywhere()
        .flat_map(|region| region.failures().into_iter().chain(region.successes.values()))
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn region(fact: &Fact<SignInLog>) -> &str {
    fact.region.as_deref().unwrap_or("the instance's Region")
}
