//! Recordings for strangers: people, accounts and whatever else has a name get made-up names, the same ones wherever
//! they occur, and the answer and all its reasons stay the same. Whether they did is looked at before anything is given
//! out. Pure: the random number comes from outside.

mod dictionary;
mod draw;
mod near;
mod pieces;
mod policy;
mod prose;
mod reasoning;
mod text;
mod walk;

use serde::Deserialize;
use serde_json::Value;

use crate::diagnosis::diagnose;
use crate::evidence::Evidence;
use dictionary::Dictionary;
use draw::Draw;

pub use reasoning::Reasoning;

/// How many sets of made-up names are tried: one may by chance be spelt as it should not.
const TRIES: u64 = 40;

/// Replaces every name and id. `seed` decides by which; the originals cannot be told from it. `None`: whatever the names,
/// the answer would be another.
pub fn redact(evidence: &Evidence, seed: u64) -> Option<Evidence> {
    let whole = serde_json::to_value(evidence).ok()?;
    let reasoning = Reasoning::of(&diagnose(evidence));
    let mut words = Dictionary::new(Draw::new(seed));
    walk::replaced(&mut words, &whole, "");
    (0..TRIES).find_map(|again| {
        let redacted = with_names(evidence, &whole, words.with_draw(Draw::new(seed.wrapping_add(again << 32))))?;
        (Reasoning::of(&diagnose(&redacted)) == reasoning).then_some(redacted)
    })
}

fn with_names(evidence: &Evidence, whole: &Value, mut dictionary: Dictionary) -> Option<Evidence> {
    near::keep_order(&mut dictionary, evidence);
    near::keep_spelling(&mut dictionary, evidence);
    let redacted = walk::replaced(&mut dictionary, whole, "");
    dictionary.is_one_to_one().then(|| Evidence::deserialize(redacted).ok()).flatten()
}
