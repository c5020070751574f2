//! The file of a whole organization for strangers: each answer of AWS under made-up names, the same ones in all of them,
//! and what a scan and everything else says of it stays the same. Answer by answer, since there may be very many.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::dictionary::Dictionary;
use super::draw::Draw;
use super::near::Wishes;
use super::search::{Clean, Search};
use super::{Refusal, USUAL_PROFILE, draw, tries_for, walk};
use crate::evidence::{Answer, Boundary, Scope};
use crate::json;
use crate::store::{Aside, Kept};

mod reasoning;

use reasoning::OrganizationReasoning;

/// Where answers of idc's file hold words of its own beside what they are about, by the name of the question.
const OWN: [(&str, &[usize]); 6] = [
    ("Attached", &[1]),
    ("Policies", &[0]),
    ("AccountsOf", &[1]),
    ("SetsOf", &[1]),
    ("Requests", &[0, 1]),
    ("Request", &[0]),
];

/// Replaces every name and id. `seed` decides by which; the originals cannot be told from it.
pub fn redact_organization(kept: &Aside, seed: u64) -> Result<Aside, Refusal> {
    let whole = kept.kept().map_err(|_| Refusal::AnotherAnswer)?;
    let mut words = Dictionary::new(Draw::new(seed));
    words.gathered_mut().add_policies(policies_of_aws(&whole));
    let wishes = Wishes::spelt_alike(compared(&whole));
    let reasoning = OrganizationReasoning::of(whole);
    let mut length = 0;
    let count = |answer: Value| {
        length += answer.to_string().len();
        Some(())
    };
    replaced(&mut words, kept, |_, _, _| (), count).ok_or(Refusal::AnotherAnswer)?;
    words.finish();
    let mut refusal = Refusal::AnotherAnswer;
    for again in 0..tries_for(length) {
        let mut dictionary = words.with_draw(draw(seed, again));
        wishes.keep_spelling(&mut dictionary);
        let Some((redacted, still)) = searched(&mut dictionary, kept) else { continue };
        let is_one_to_one = dictionary.is_one_to_one();
        drop(dictionary);
        if let Some(field) = still {
            refusal = Refusal::StillHolds(field);
        } else if is_one_to_one && redacted.kept().is_ok_and(|whole| OrganizationReasoning::of(whole) == reasoning) {
            return Ok(redacted);
        } else {
            refusal = Refusal::AnotherAnswer;
        }
    }
    Err(refusal)
}

/// All of it under other names, and where something of the original still is.
fn searched(dictionary: &mut Dictionary, kept: &Aside) -> Option<(Aside, Option<String>)> {
    // It takes much room, and what comes after the search does too.
    let search = Search::of(dictionary.gathered());
    let (clean, mut still) = (Clean::default(), None);
    let look = |dictionary: &Dictionary, field: &str, value: &Value| {
        if still.is_none() {
            still = search.place_in(value, field, "answers", dictionary, &clean);
        }
    };
    let mut redacted = Aside::of(&Kept { answers: Vec::new(), ..kept.head.clone() }).ok()?;
    let take = |answer: Value| redacted.push(&serde_json::from_str(&answer.to_string()).ok()?).ok();
    redacted.head.scope = replaced(dictionary, kept, look, take)?;
    Some((redacted, still))
}

/// The managed policies that AWS itself said it keeps.
fn policies_of_aws(kept: &Kept) -> impl Iterator<Item = String> {
    kept.answers.iter().filter_map(|answer| match answer {
        Answer::AwsManagedPolicy(arn, fact) if matches!(fact.known(), Ok(Some(_))) => Some(arn.clone()),
        _ => None,
    })
}

/// Names that rules look at for being close to others, with those that may be: policies that permission sets name, and
/// those that there are.
fn compared(kept: &Kept) -> Vec<(Vec<String>, Vec<String>)> {
    let (mut named, mut there) = (BTreeSet::new(), BTreeSet::new());
    for answer in &kept.answers {
        match answer {
            Answer::CustomerManaged(_, fact) => {
                named.extend(fact.known().into_iter().flatten().map(|policy| policy.name.clone()));
            }
            Answer::Boundary(_, fact) => {
                if let Ok(Some(Boundary::CustomerManaged(policy))) = fact.known() {
                    named.insert(policy.name.clone());
                }
            }
            Answer::PoliciesIn(_, fact) => {
                there.extend(fact.known().into_iter().flatten().map(|policy| policy.name.clone()));
            }
            _ => {}
        }
    }
    vec![(named.into_iter().collect(), there.into_iter().collect())]
}

/// The scope and each answer under other names. `look` is shown each part that may hold one, with the name of its field.
/// `None`: it would be no file of ours any more.
fn replaced(
    dictionary: &mut Dictionary,
    kept: &Aside,
    mut look: impl FnMut(&Dictionary, &str, &Value),
    mut take: impl FnMut(Value) -> Option<()>,
) -> Option<Scope> {
    let mut given = |dictionary: &mut Dictionary, field: &str, value: &Value| {
        let value = walk::replaced(dictionary, value, field);
        look(dictionary, field, &value);
        value
    };
    let asked = &kept.head.scope;
    let scope = given(dictionary, "scope", &json::value(asked).ok()?);
    let mut scope: Scope = serde_json::from_str(&scope.to_string()).ok()?;
    for (asked, given) in [(&asked.profile, &mut scope.profile), (&asked.target_profile, &mut scope.target_profile)] {
        // The AWS CLI's own name for a profile stays, as it does in its files.
        if asked.as_deref() == Some(USUAL_PROFILE) {
            given.clone_from(asked);
        }
    }
    for answer in kept.answers() {
        let Value::Object(entries) = json::value(&answer.ok()?).ok()? else { return None };
        let (name, value) = entries.into_iter().next()?;
        let value = match value {
            Value::Array(parts) => {
                let own = OWN.iter().find(|(question, _)| *question == name).map_or(&[][..], |(_, own)| own);
                let subject = parts.first().and_then(Value::as_str).unwrap_or_default().to_owned();
                let part = |(at, part): (usize, Value)| {
                    if own.contains(&at) {
                        return part;
                    }
                    let mut made_up = given(dictionary, "", &part);
                    walk::keep_policy_name(dictionary, &subject, &part, &mut made_up);
                    made_up
                };
                parts.into_iter().enumerate().map(part).collect()
            }
            fact => given(dictionary, "", &fact),
        };
        take(Value::Object(Map::from_iter([(name, value)])))?;
    }
    Some(scope)
}

#[cfg(test)]
mod tests;
