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
    let allowed = a.chars().count().min(b.chars().count()).div_ceil(3).min(FURTHEST);
    let distance = within(&a, &b, allowed).into_iter().chain(within(&local_a, &local_b, allowed)).min()?;
    Some(distance + 1)
}

/// How many letters may differ at the most.
const FURTHEST: usize = 3;

/// Nothing that AWS keeps has a longer name, and comparing takes time by the square of it.
const LONGEST: usize = 1024;

/// How far two texts are from each other, where that is not more than this.
fn within(a: &str, b: &str, most: usize) -> Option<usize> {
    let (long_a, long_b) = (a.chars().count(), b.chars().count());
    if long_a.abs_diff(long_b) > most || long_a.max(long_b) > LONGEST {
        return None;
    }
    Some(strsim::damerau_levenshtein(a, b)).filter(|distance| *distance <= most)
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
    fn what_is_too_long_to_be_a_name_is_only_like_itself() {
        let long = "x".repeat(20_000);
        assert_eq!(distance(&long, &long), Some(0));
        assert_eq!(distance(&long, &format!("{long}y")), None);
        let name = "x".repeat(LONGEST - 1);
        assert_eq!(distance(&name, &format!("{name}y")), Some(2));
        assert_eq!(distance(&name, &format!("{name}yyyy")), None);
    }

    #[test]
    fn a_short_name_needs_to_be_closer() {
        assert_eq!(distance("ab", "xy"), None);
        assert_eq!(distance("ops", "opz"), Some(2));
    }
}
