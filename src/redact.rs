//! Recordings for strangers: people, accounts and whatever else has a name get made-up names, the same ones wherever
//! they occur, and the answer and all its reasons stay the same. Whether they did, and whether no name is left, is
//! looked at before anything is given out. Pure: the random number comes from outside.
//!
//! What stays is what a list in `known` or beside the field's kind names as AWS's or idc's own. Nothing stays because it
//! looks as if it were.

mod dictionary;
mod draw;
mod finder;
mod gathered;
mod known;
mod machine;
mod near;
#[cfg(feature = "store")]
mod organization;
mod pieces;
mod policy;
mod prose;
mod reasoning;
mod search;
mod text;
mod walk;

use serde_json::Value;

use crate::answers::diagnosis::diagnose;
use crate::evidence::{self, Evidence, YOURSELF};
use crate::json;
use dictionary::Dictionary;
use draw::Draw;
use near::Wishes;
use search::Search;

#[cfg(feature = "store")]
pub use organization::redact_organization;
pub use reasoning::Reasoning;

/// The profile that counts where none is named.
const USUAL_PROFILE: &str = "default";

/// How many sets of made-up names are tried: one may by chance be spelt as it should not.
const TRIES: usize = 40;

/// The same for a very long recording, by which time it shows that it is no chance.
const FEWEST_TRIES: usize = 4;

/// How much is tried in all, in bytes of recordings.
const TRIED: usize = 2_000_000;

/// Why a recording is not given out under made-up names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Whatever the names, the answer would be another.
    AnotherAnswer,
    /// A name, an id or a word of the original would still be in this field.
    StillHolds(String),
}

/// Replaces every name and id. `seed` decides by which; the originals cannot be told from it. `None`: see [`Refusal`].
pub fn redact(evidence: &Evidence, seed: u64) -> Option<Evidence> {
    redact_or_refuse(evidence, seed).ok()
}

/// The same, and why not.
pub fn redact_or_refuse(evidence: &Evidence, seed: u64) -> Result<Evidence, Refusal> {
    let Ok(asked_of_aws) = json::value(&Evidence { machine: None, ..evidence.clone() }) else {
        return Err(Refusal::AnotherAnswer);
    };
    let reasoning = Reasoning::of(&diagnose(evidence));
    let mut words = Dictionary::new(Draw::new(seed));
    words.gathered_mut().add_policies(policies_of_aws(evidence));
    replaced(&mut words, evidence, &asked_of_aws);
    words.finish();
    let search = Search::of(words.gathered());
    let wishes = Wishes::of(evidence);
    let mut refusal = Refusal::AnotherAnswer;
    for again in 0..tries(evidence) {
        let mut dictionary = words.with_draw(draw(seed, again));
        // Names may be in order and spelt nearly alike: what is kept last may not succeed.
        if again % 2 == 0 {
            wishes.keep_order(&mut dictionary);
            wishes.keep_spelling(&mut dictionary);
        } else {
            wishes.keep_spelling(&mut dictionary);
            wishes.keep_order(&mut dictionary);
        }
        let Some(redacted) = replaced(&mut dictionary, evidence, &asked_of_aws) else { continue };
        if let Some(field) = search.field_with_original(&redacted, &dictionary) {
            refusal = Refusal::StillHolds(field);
        } else if dictionary.is_one_to_one() && Reasoning::of(&diagnose(&redacted)) == reasoning {
            return Ok(redacted);
        } else {
            refusal = Refusal::AnotherAnswer;
        }
    }
    Err(refusal)
}

fn tries(evidence: &Evidence) -> usize {
    tries_for(json::line(evidence).map_or(TRIED, |json| json.len()))
}

/// How often as many bytes are redacted by trial.
fn tries_for(length: usize) -> usize {
    (TRIED / length.max(1)).clamp(FEWEST_TRIES, TRIES)
}

/// The random numbers of one of the tries.
const fn draw(seed: u64, again: usize) -> Draw {
    Draw::new(seed.wrapping_add((again as u64) << 32))
}

/// The managed policies that AWS itself said it keeps.
fn policies_of_aws(evidence: &Evidence) -> impl Iterator<Item = String> {
    let asked = evidence.account.inside.aws_managed.iter();
    let there = asked.filter(|(_, fact)| matches!(fact.known(), Ok(Some(_)))).map(|(arn, _)| arn.clone());
    let carried =
        evidence.account.inside.role_policies.values().filter_map(|role| role.attached.known().ok()).flatten();
    there.chain(carried.filter(|arn| arn.contains(":iam::aws:policy/")).cloned())
}

fn replaced(dictionary: &mut Dictionary, evidence: &Evidence, asked_of_aws: &Value) -> Option<Evidence> {
    let mut redacted = evidence::read_bare(&walk::replaced(dictionary, asked_of_aws, "").to_string()).ok()?;
    redacted.machine = evidence.machine.as_ref().map(|found| machine::replaced(dictionary, found));
    let (asked, given) = (&evidence.question, &mut redacted.question);
    for (asked, given) in [(&asked.profile, &mut given.profile), (&asked.target_profile, &mut given.target_profile)] {
        // The AWS CLI's own name for a profile stays, as it does in its files.
        if asked.as_deref() == Some(USUAL_PROFILE) {
            given.clone_from(asked);
        }
    }
    if evidence.is_of_somebody_unnamed() {
        YOURSELF.clone_into(&mut redacted.question.user);
    }
    Some(redacted)
}

#[cfg(test)]
mod tests;
