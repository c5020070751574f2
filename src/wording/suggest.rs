//! Close names for one that fits nothing. Suggested, never put in its place.

use std::collections::BTreeMap;

/// How many names are suggested at the most.
const MOST: usize = 5;

/// The labels of the keys that come closest to what was typed, closest first. A key counts as close when it is the
/// same but for case and punctuation, the same before an `@`, or at most about a third of its letters away.
pub fn closest<'a>(typed: &str, keys: impl IntoIterator<Item = (&'a str, String)>) -> Vec<String> {
    let mut best: BTreeMap<String, usize> = BTreeMap::new();
    for (key, label) in keys {
        if let Some(distance) = distance(typed, key) {
            best.entry(label).and_modify(|least| *least = distance.min(*least)).or_insert(distance);
        }
    }
    let mut ranked: Vec<(usize, String)> = best.into_iter().map(|(label, distance)| (distance, label)).collect();
    ranked.sort();
    ranked.into_iter().map(|(_, label)| label).take(MOST).collect()
}

/// How far a key is from what was typed; `None` where it is not close.
pub fn distance(typed: &str, key: &str) -> Option<usize> {
    let (a, b) = (plain(typed), plain(key));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        return Some(0);
    }
    let (local_a, local_b) = (plain(local_part(typed)), plain(local_part(key)));
    if local_a == local_b {
        return Some(1);
    }
    let allowed = a.chars().count().min(b.chars().count()).div_ceil(3).min(3);
    let distance = strsim::damerau_levenshtein(&a, &b).min(strsim::damerau_levenshtein(&local_a, &local_b));
    (distance <= allowed).then_some(distance + 1)
}

fn local_part(text: &str) -> &str {
    text.split_once('@').map_or(text, |(local, _)| local)
}

/// Lower case without the characters that people leave out or swap.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '.' | '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_close_names_and_leaves_others_out() {
        let names = ["jane.doe", "jane.d0e", "Jane-Doe", "john.roe", "JaneDoe@example.com"];
        let found = closest("jane_doe", names.map(|name| (name, name.to_owned())));
        assert_eq!(found, ["Jane-Doe", "jane.doe", "JaneDoe@example.com", "jane.d0e"]);
    }

    #[test]
    fn a_short_name_needs_to_be_closer() {
        assert_eq!(distance("ab", "xy"), None);
        assert_eq!(distance("ops", "opz"), Some(2));
    }
}
