//! What is common to the queries: names, values and patterns as SQL has them, and a statement that stays within a length.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Branch;

/// A text as SQL has it. A quote is doubled; nothing else means anything in it.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A column or table as SQL has it.
pub(super) fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Some texts in parentheses.
pub(super) fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| literal(text.as_ref())).collect();
    format!("({})", texts.join(", "))
}

/// That a column holds a text. What stands for other letters in a pattern is escaped.
pub(super) fn holds(column: &str, text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = literal(&format!("%{escaped}%"));
    if escaped == text { format!("{column} LIKE {pattern}") } else { format!("{column} LIKE {pattern} ESCAPE '\\'") }
}

/// Conditions of which one must hold.
pub(super) fn any(conditions: &[String]) -> String {
    match conditions {
        [one] => one.clone(),
        all => format!("({})", all.join(" OR ")),
    }
}

/// A moment as CloudTrail writes it, to the second.
pub(super) fn moment(at: Timestamp) -> String {
    TimeZone::UTC.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How branches become conditions.
pub(super) trait Dialect {
    /// That a text stands where a branch looks for it; `None` where the source has no such column.
    fn speaks(&self, text: &str, within: &[super::Part]) -> Option<String>;
    /// The column of a record's member.
    fn column(&self, member: &'static str) -> String;
}

/// The branches as one condition. `most`: of more texts than this, a branch asks for none, and takes all that is otherwise
/// like it; what is too much is left out of the answer.
pub(super) fn condition(dialect: &impl Dialect, branches: &[Branch], most: usize) -> String {
    let all: Vec<String> = branches.iter().map(|branch| one(dialect, branch, most)).collect();
    all.join("\n   OR ")
}

fn one(dialect: &impl Dialect, branch: &Branch, most: usize) -> String {
    let among = |member, all: &[&str]| match all {
        [one] => format!("{} = {}", dialect.column(member), literal(one)),
        all => format!("{} IN {}", dialect.column(member), list(all)),
    };
    let mut all = vec![among("eventSource", branch.sources), among("eventName", branch.names)];
    if let Some(account) = &branch.account {
        all.push(format!("{} = {}", dialect.column("recipientAccountId"), literal(account)));
    }
    if branch.failed {
        all.push(format!("{} IS NOT NULL", dialect.column("errorMessage")));
    }
    for text in branch.plain(most) {
        let places: Option<Vec<String>> = text.any.iter().map(|one| dialect.speaks(one, text.within)).collect();
        all.extend(places.map(|places| any(&places)));
    }
    format!("({})", all.join(" AND "))
}

/// The first of ever wider statements that is no longer than that.
pub(super) fn fitting(longest: usize, branches: &[Branch], statement: impl Fn(usize) -> String) -> String {
    let mut counts: Vec<usize> = branches.iter().flat_map(|branch| &branch.texts).map(|text| text.any.len()).collect();
    counts.sort_unstable();
    counts.dedup();
    // From all texts down to none.
    let widths = counts.into_iter().rev().chain([0]);
    let mut last = String::new();
    for most in widths {
        last = statement(most);
        if last.chars().count() <= longest {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_stay_texts() {
        assert_eq!(literal("o'brien'; DROP TABLE x --"), "'o''brien''; DROP TABLE x --'");
        assert_eq!(name("a\"b"), "\"a\"\"b\"");
        assert_eq!(holds("c", r"50%_of\it's"), r"c LIKE '%50\%\_of\\it''s%' ESCAPE '\'");
        assert_eq!(holds("c", "ps-1"), "c LIKE '%ps-1%'");
        assert_eq!(list(["a", "b'"]), "('a', 'b''')");
        assert_eq!(moment("2026-11-20T14:40:00.9Z".parse().unwrap()), "2026-11-20T14:40:00Z");
    }
}
