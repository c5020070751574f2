//! A log group of Amazon CloudWatch Logs to which a trail writes: the query for Logs Insights, and its rows.

use super::reach::{Reach, Rows};
use super::sql::fitting;
use super::{Branch, Found, Sought, branches};

/// How long a query may be.
pub const LONGEST: usize = 10_000;
/// How many rows a query gives at most.
pub const MOST: usize = 10_000;

/// The query for what is sought. From when to when is said beside it.
///
/// Logs Insights makes fields of no more than 200 members of an event. Those that stand before the request in a record
/// are always among them; whatever may come later is looked for in the text.
pub fn query(sought: &Sought) -> String {
    let branches = branches(sought);
    let mut frame = Vec::new();
    let accounts: Vec<&str> = sought.accounts.all().into_iter().collect();
    if !accounts.is_empty() {
        frame.push(any(&accounts));
    }
    if !sought.regions.is_empty() {
        frame.push(format!("awsRegion in {}", list(&sought.regions)));
    }
    let frame: Vec<String> = frame.into_iter().map(|condition| format!("| filter {condition}\n")).collect();
    let frame = frame.concat();
    fitting(LONGEST, &branches, |most| {
        let all: Vec<String> = branches.iter().map(|branch| condition(branch, most)).collect();
        format!("fields @message\n{frame}| filter {}\n| sort @timestamp desc\n| limit {MOST}", all.join("\n  or "))
    })
}

fn condition(branch: &Branch, most: usize) -> String {
    let mut all =
        vec![format!("eventSource in {}", list(branch.sources)), format!("eventName in {}", list(branch.names))];
    all.extend(branch.account.as_ref().map(|account| any(&[account])));
    if branch.failed {
        all.push(any(&["errorMessage"]));
    }
    all.extend(branch.plain(most).map(|texts| any(&texts.any)));
    format!("({})", all.join(" and "))
}

/// That one of some texts stands in the record.
fn any<T: AsRef<str>>(texts: &[T]) -> String {
    let all: Vec<String> = texts.iter().map(|text| format!("@message like {}", literal(text.as_ref()))).collect();
    match all.as_slice() {
        [one] => one.clone(),
        all => format!("({})", all.join(" or ")),
    }
}

/// A text as the query language has it. A backslash takes the meaning from what follows; a line has no end in a text.
fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| literal(text.as_ref())).collect();
    format!("[{}]", texts.join(", "))
}

/// The records of a query's rows, each the text of an event, and what the log group is known to hold.
pub fn found(texts: &[String], scanned: Option<u64>, sought: &Sought, reach: Option<&Reach>) -> Found {
    Rows { texts, most: MOST, scanned, of: "the log group" }.found(sought, reach)
}

#[cfg(test)]
mod tests {
    use super::super::{corpus, sample};
    use super::*;

    #[test]
    fn the_query_asks_for_accounts_regions_and_what_is_sought() {
        let query = query(&sample::sought());
        assert!(query.len() < LONGEST, "{}", query.len());
        insta::assert_snapshot!(query);
    }

    #[test]
    fn a_query_of_many_names_asks_for_more_and_stays_short() {
        let mut sought = sample::sought();
        sought.others.extend((0..2_000).map(|number| format!("906712ab34-{number:08}-5e6f-7081-92a3-b4c5d6e7f809")));
        let long = query(&sought);
        assert!(long.len() <= LONGEST && long.contains("AddMemberToGroup"), "{}", long.len());
        assert!(long.contains(sample::TARGET) && long.contains(sample::USER));
    }

    #[test]
    fn hostile_names_stay_within_their_quotes() {
        assert_eq!(literal("a\"b\\c\nd"), r#""a\"b\\c d""#);
        for hostile in ["\" or 1 = 1 or \"", "a\\", "o'brien", "a\n| limit 1", "ä", "\u{202e}"] {
            let sought = Sought {
                user_name: Some(hostile.to_owned()),
                policies: [hostile.to_owned()].into(),
                regions: [hostile.to_owned()].into(),
                ..sample::sought()
            };
            let query = query(&sought);
            let outside: String = query.replace("\\\\", "").replace("\\\"", "").split('"').step_by(2).collect();
            assert!(!outside.contains("1 = 1") && outside.matches("| limit").count() == 1, "{query}");
        }
    }

    #[test]
    fn rows_make_the_same_changes_as_looking_them_up() {
        let texts: Vec<String> = corpus::records().iter().map(ToString::to_string).collect();
        let found = found(&texts, Some(7), &corpus::sought(), Some(&sample::whole()));
        assert_eq!(corpus::changes(&found.records), corpus::expected());
        assert_eq!((found.unread.as_slice(), found.scanned, found.capped), (&[][..], Some(7), false));
        assert!(found.covers("111122223333") && found.covers("123456789012"));
    }
}
