//! Recordings for strangers: people, accounts and whatever else has a name get made-up names, the same ones wherever
//! they occur, and the answer and all its reasons stay the same. Whether they did is looked at before anything is given
//! out. Pure: the random number comes from outside.

mod dictionary;
mod draw;
mod machine;
mod near;
mod pieces;
mod policy;
mod prose;
mod reasoning;
mod text;
mod walk;

use serde_json::Value;

use crate::answers::diagnosis::diagnose;
use crate::evidence::{self, Evidence, YOURSELF};
use dictionary::Dictionary;
use draw::Draw;

pub use reasoning::Reasoning;

/// The profile that counts where none is named.
const USUAL_PROFILE: &str = "default";

/// How many sets of made-up names are tried: one may by chance be spelt as it should not.
const TRIES: u64 = 40;

/// Replaces every name and id. `seed` decides by which; the originals cannot be told from it. `None`: whatever the names,
/// the answer would be another.
pub fn redact(evidence: &Evidence, seed: u64) -> Option<Evidence> {
    let asked_of_aws = serde_json::to_value(Evidence { machine: None, ..evidence.clone() }).ok()?;
    let reasoning = Reasoning::of(&diagnose(evidence));
    let mut words = Dictionary::new(Draw::new(seed));
    replaced(&mut words, evidence, &asked_of_aws);
    (0..TRIES).find_map(|again| {
        let mut dictionary = words.with_draw(Draw::new(seed.wrapping_add(again << 32)));
        // Names may be in order and spelt nearly alike: what is kept last may not succeed.
        let mut keep = [near::keep_order, near::keep_spelling];
        keep.rotate_left(usize::from(again % 2 == 1));
        for keep in keep {
            keep(&mut dictionary, evidence);
        }
        let redacted = replaced(&mut dictionary, evidence, &asked_of_aws)?;
        (dictionary.is_one_to_one() && Reasoning::of(&diagnose(&redacted)) == reasoning).then_some(redacted)
    })
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
