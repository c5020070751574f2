//! Counting and listing in plain English.

/// `no group`, `1 group`, `2 groups`, `2 policies`, `2 ways`.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        _ => match noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
            Some(stem) => format!("{number} {stem}ies"),
            None => format!("{number} {noun}s"),
        },
    }
}

/// `a, b and c`, or `a, b and 38 more`.
pub fn list(names: impl IntoIterator<Item = String>, most: usize) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    if names.len() > most + 1 {
        let rest = names.len() - most;
        names.truncate(most);
        names.push(format!("{rest} more"));
    }
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_english() {
        let names = |n: usize| (0..n).map(|i| i.to_string());
        assert_eq!(list(names(1), 3), "0");
        assert_eq!(list(names(4), 3), "0, 1, 2 and 3");
        assert_eq!(list(names(40), 3), "0, 1, 2 and 37 more");
        assert_eq!(
            (count(0, "group"), count(1, "group"), count(2, "group")),
            ("no group".into(), "1 group".into(), "2 groups".into())
        );
    }
}
