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

/// What to say of the one name that is what was typed but for upper and lower case; nothing where there is none, or two.
pub fn in_other_case<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let folded = typed.to_lowercase();
    let mut same = names.into_iter().filter(|name| *name != typed && name.to_lowercase() == folded);
    match (same.next(), same.next()) {
        (Some(name), None) => format!("; {name} is there, which differs only in upper and lower case"),
        _ => String::new(),
    }
}

/// Whether two names are of lengths that close ones have.
pub fn is_of_like_length(a: &str, b: &str) -> bool {
    let is_address = a.contains('@') || b.contains('@');
    is_address || letters(a).count().abs_diff(letters(b).count()) <= FURTHEST
}

/// How far a key is from what was typed; `None` where it is not close.
pub fn distance(typed: &str, key: &str) -> Option<usize> {
    if !is_of_like_length(typed, key) {
        return None;
    }
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
    let has_domain = local_a.len() < a.len() || local_b.len() < b.len();
    let local = if has_domain { within(&local_a, &local_b, allowed) } else { None };
    let distance = within(&a, &b, allowed).into_iter().chain(local).min()?;
    Some(distance + 1)
}

/// How far a person's name is from what was typed: as [`distance`] has it, or that of one of its words, since people are
/// called by their first names, or of all its words in another order.
pub fn distance_to_name(typed: &str, name: &str) -> Option<usize> {
    let whole = distance(typed, name);
    let words = |text: &str| -> Vec<String> {
        let mut words: Vec<String> = local_part(text)
            .split(['.', '-', '_', ' ', ','])
            .filter(|word| word.chars().count() > 2)
            .map(str::to_lowercase)
            .collect();
        words.sort_unstable();
        words
    };
    let (asked, known) = (words(typed), words(name));
    let turned = asked.len() > 1 && asked == known;
    let part = asked.len() == 1 && known.contains(&asked[0]);
    let by_words = if turned { Some(1) } else { part.then_some(2) };
    whole.into_iter().chain(by_words).min()
}

/// How many letters may differ at the most.
const FURTHEST: usize = 3;

/// Nothing that AWS keeps has a longer name.
const LONGEST: usize = 1024;

/// Whether one text is the other with one letter wrong, too many or too few, or with two that changed places.
pub fn is_one_off(a: &str, b: &str) -> bool {
    within(a, b, 1) == Some(1)
}

/// How far two texts are from each other, where that is not more than this; two letters that changed places are one
/// change. Only what so few changes can reach is looked at: a whole table takes time by the square of the length, and
/// names are handed in by others.
fn within(a: &str, b: &str, most: usize) -> Option<usize> {
    let [a, b]: [Vec<char>; 2] = [a, b].map(|text| text.chars().take(LONGEST + 1).collect());
    if a.len().abs_diff(b.len()) > most || a.len().max(b.len()) > LONGEST {
        return None;
    }
    let far = most + 1;
    // The last three rows of the table, each with the columns up to `most` to the left and right of its own.
    let band = 2 * most + 1;
    let (mut before_last, mut last, mut row) = (vec![far; band], vec![far; band], vec![far; band]);
    for i in 0..=a.len() {
        for place in 0..band {
            let Some(j) = (i + place).checked_sub(most).filter(|j| *j <= b.len()) else {
                row[place] = far;
                continue;
            };
            let mut cost = if i == 0 { j } else { far };
            if i > 0 {
                cost = cost.min(last.get(place + 1).map_or(far, |above| above + 1));
            }
            if i > 0 && j > 0 {
                cost = cost.min(last[place] + usize::from(a[i - 1] != b[j - 1]));
            }
            if j > 0 && place > 0 {
                cost = cost.min(row[place - 1] + 1);
            }
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before_last[place] + 1);
            }
            row[place] = cost.min(far);
        }
        if i > 0 && row.iter().all(|distance| *distance > most) && last.iter().all(|distance| *distance > most) {
            return None;
        }
        (before_last, last, row) = (last, row, before_last);
    }
    last.get(b.len() + most - a.len()).copied().filter(|distance| *distance <= most)
}

fn local_part(text: &str) -> &str {
    text.split_once('@').map_or(text, |(local, _)| local)
}

/// Lower case without the characters that people leave out or swap.
fn plain(text: &str) -> String {
    letters(text).collect()
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !matches!(c, '.' | '-' | '_' | ' ')).flat_map(char::to_lowercase)
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
    fn people_are_called_by_a_part_of_their_names() {
        for (typed, name, far) in [
            ("jane", "Jane Doe", Some(2)),
            ("Doe", "jane.doe@example.com", Some(2)),
            ("Doe Jane", "Jane Doe", Some(1)),
            ("Jane Doe", "jane.doe", Some(0)),
            ("jan", "Jane Doe", None),
            ("Jane Roe", "Jane Doe", Some(2)),
            ("jo", "Jo An", None),
        ] {
            assert_eq!(distance_to_name(typed, name), far, "{typed} {name}");
        }
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

    /// Against the whole table.
    #[test]
    fn the_band_tells_what_the_table_tells() {
        let words =
            ["", "a", "ab", "ba", "abc", "acb", "bac", "abcd", "badc", "abcde", "xbcde", "abxcd", "bcdea", "aabbcc"];
        for a in words {
            for b in words {
                for most in 0..=3 {
                    let whole = Some(strsim::osa_distance(a, b)).filter(|distance| *distance <= most);
                    assert_eq!(within(a, b, most), whole, "{a} {b} {most}");
                }
            }
        }
        assert!(is_one_off("jane", "jnae") && is_one_off("jane", "jan") && !is_one_off("jane", "jane"));
    }

    #[test]
    fn long_names_take_no_time() {
        let started = std::time::Instant::now();
        let names: Vec<String> = (0..300).map(|at| format!("{}{at}{}", "x".repeat(500), "y".repeat(500))).collect();
        let typed = "x".repeat(500) + &"y".repeat(500);
        assert_eq!(closest(&typed, names.iter().map(|name| (name.as_str(), name.clone()))).len(), MOST);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }

    #[test]
    fn a_name_in_other_case_is_said_to_differ_in_nothing_else() {
        let names = ["prod-data", "prod-dta"];
        let said = in_other_case("Prod-Data", names);
        assert_eq!(said, "; prod-data is there, which differs only in upper and lower case");
        assert_eq!((in_other_case("Prod-Dat", names), in_other_case("prod-data", names)), Default::default());
        assert_eq!(in_other_case("A", ["a", "a"]), "");
    }

    #[test]
    fn a_short_name_needs_to_be_closer() {
        assert_eq!(distance("ab", "xy"), None);
        assert_eq!(distance("ops", "opz"), Some(2));
    }
}
