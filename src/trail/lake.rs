//! An event data store of CloudTrail Lake: the statement, its rows, and what the store holds.

use jiff::SignedDuration;

use super::found::MOST;
use super::reach::{Reach, Rows};
use super::sql::{self, Dialect, condition, fitting, literal};
use super::{Found, Part, Sought, branches};

/// How long a statement may be.
pub const LONGEST: usize = 10_000;

struct Lake;

impl Dialect for Lake {
    /// The column has the whole record, wherever in it the text stands.
    fn speaks(&self, text: &str, _: &[Part]) -> Option<String> {
        Some(sql::holds("eventJson", text))
    }

    fn column(&self, member: &'static str) -> String {
        member.to_owned()
    }
}

/// The statement for what is sought, in the store of this id.
pub fn statement(sought: &Sought, store: &str) -> String {
    // An ARN ends in the id.
    let store: String = store
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let branches = branches(sought);
    let moment = |at| literal(&sql::moment(at).replace('T', " ").replace('Z', ""));
    let window = sought.window;
    let until = window.until.checked_add(SignedDuration::from_secs(1)).unwrap_or(window.until);
    let mut frame = vec![format!("eventTime >= {} AND eventTime <= {}", moment(window.since), moment(until))];
    let accounts = sought.accounts.all();
    if !accounts.is_empty() {
        frame.push(format!("recipientAccountId IN {}", sql::list(accounts)));
    }
    if !sought.regions.is_empty() {
        frame.push(format!("awsRegion IN {}", sql::list(&sought.regions)));
    }
    let frame = frame.join("\n  AND ");
    fitting(LONGEST, &branches, |most| {
        let condition = condition(&Lake, &branches, most);
        format!(
            "SELECT eventJson FROM {store}\nWHERE {frame}\n  AND ({condition})\nORDER BY eventTime DESC LIMIT {MOST}"
        )
    })
}

/// The records of a statement's rows, each a text, and what the store is known to hold.
pub fn found(texts: &[String], scanned: Option<i64>, sought: &Sought, reach: Option<&Reach>) -> Found {
    let scanned = scanned.and_then(|bytes| u64::try_from(bytes).ok());
    Rows { texts, most: MOST, scanned, of: "the event data store" }.found(sought, reach)
}

#[cfg(test)]
mod tests {
    use super::super::{corpus, sample};
    use super::*;

    const ID: &str = "0a1b2c3d-0000-4111-8222-333344445555";

    #[test]
    fn the_statement_asks_for_one_store_a_time_accounts_and_what_is_sought() {
        let statement =
            statement(&sample::sought(), &format!("arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/{ID}"));
        assert!(statement.len() < LONGEST, "{}", statement.len());
        insta::assert_snapshot!(statement);
    }

    #[test]
    fn a_statement_of_many_names_asks_for_more_and_stays_short() {
        let mut sought = sample::sought();
        for number in 0..2_000 {
            sought.others.insert(format!("906712ab34-{number:08}-5e6f-7081-92a3-b4c5d6e7f809"));
            sought.policies.insert(format!("Policy{number}"));
        }
        let long = statement(&sought, ID);
        assert!(long.len() <= LONGEST && long.contains(sample::USER), "{}", long.len());
        assert!(long.contains("AddMemberToGroup") && long.ends_with("LIMIT 5000"));
    }

    #[test]
    fn hostile_names_neither_leave_their_quotes_nor_widen_a_pattern() {
        for hostile in ["o'brien", "' OR 1=1 --", "50%_a", "a\\", "\"; x", "ä", "a\nb", "\u{202e}"] {
            let mut sought = sample::sought();
            sought.user_name = Some(hostile.to_owned());
            sought.policies = [hostile.to_owned()].into();
            sought.regions = [hostile.to_owned()].into();
            let statement = statement(&sought, &format!("{ID}'; DROP"));
            let outside: String = statement.split('\'').step_by(2).collect();
            assert!(statement.matches('\'').count().is_multiple_of(2), "{statement}");
            for word in ["1=1", "brien", "DROP", "50%", ";"] {
                assert!(
                    !outside.contains(word) || word == "DROP" && outside.contains("DROP\nWHERE"),
                    "{hostile}: {statement}"
                );
            }
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
