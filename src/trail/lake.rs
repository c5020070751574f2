//! An event data store of CloudTrail Lake: the statement, its rows, and what the store holds.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::found::{MOST, newest};
use super::sql::{self, Dialect, condition, fitting, literal};
use super::{Cover, Found, Part, Sought, Unread, Wanted, branches};

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

/// What an event data store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// The account that owns it.
    pub account: Option<String>,
    /// The Region in which it is.
    pub region: Option<String>,
    /// Whether it takes the events of the whole organization.
    pub of_organization: bool,
    /// Whether it takes those of every Region.
    pub of_every_region: bool,
    /// Since when it takes events.
    pub since: Option<Timestamp>,
    /// How many days it keeps them.
    pub days: Option<i32>,
    /// Whether it takes every management event, now too.
    pub is_whole: bool,
}

/// The records of a statement's rows, each a text, and what the store is known to hold.
pub fn found(texts: &[String], scanned: Option<i64>, sought: &Sought, store: Option<&Store>) -> Found {
    let wanted = Wanted::new(sought);
    let mut found = Found { read: texts.len(), capped: texts.len() >= MOST, ..Found::default() };
    let mut unreadable = 0;
    for text in texts {
        match serde_json::from_str::<Value>(text) {
            Ok(record) if wanted.holds(&record) => found.records.push(record),
            Ok(_) => {}
            Err(_) => unreadable += 1,
        }
    }
    if unreadable > 0 {
        let why = format!("{} cannot be read", crate::wording::count(unreadable, "record"));
        found.unread.push(Unread { what: "the event data store".to_owned(), why });
    }
    found.capped |= newest(&mut found.records);
    found.scanned = scanned.and_then(|bytes| u64::try_from(bytes).ok());
    match store {
        Some(store) => found.covers = covers(sought, store),
        None => found.unread.push(Unread {
            what: "the event data store".to_owned(),
            why: "which accounts and Regions it holds was not read".to_owned(),
        }),
    }
    found
}

fn covers(sought: &Sought, store: &Store) -> Vec<Cover> {
    if !store.is_whole {
        return Vec::new();
    }
    let window = sought.window;
    let kept =
        store.days.and_then(|days| window.until.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).ok());
    let Some(since) = store.since.map(|since| kept.map_or(since, |kept| since.max(kept)).max(window.since)) else {
        return Vec::new();
    };
    let accounts = sought.accounts.all().into_iter();
    let accounts = accounts.filter(|account| store.of_organization || store.account.as_deref() == Some(account));
    let region = if store.of_every_region { None } else { store.region.clone() };
    let is_known = store.of_every_region || region.is_some();
    let cover =
        |account: &str| Cover { account: account.to_owned(), region: region.clone(), since, until: window.until };
    accounts.filter(|_| is_known && since <= window.until).map(cover).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{corpus, sample};
    use super::*;

    const ID: &str = "0a1b2c3d-0000-4111-8222-333344445555";

    fn whole() -> Store {
        Store {
            account: Some(sample::MANAGEMENT.to_owned()),
            region: Some("eu-west-1".to_owned()),
            of_organization: true,
            of_every_region: true,
            since: "2024-01-01T00:00:00Z".parse().ok(),
            days: Some(2557),
            is_whole: true,
        }
    }

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
        let found = found(&texts, Some(7), &corpus::sought(), Some(&whole()));
        assert_eq!(corpus::changes(&found.records), corpus::expected());
        assert_eq!((found.unread.as_slice(), found.scanned, found.capped), (&[][..], Some(7), false));
        assert!(found.covers("111122223333") && found.covers("123456789012"));
    }

    #[test]
    fn what_a_store_does_not_hold_is_not_covered() {
        let sought = sample::sought();
        let covered = |store: Store| found(&[], None, &sought, Some(&store)).covers;
        assert_eq!(covered(whole()).len(), 3);
        let own = covered(Store { of_organization: false, of_every_region: false, ..whole() });
        assert_eq!(
            (own.len(), own[0].account.as_str(), own[0].region.as_deref()),
            (1, sample::MANAGEMENT, Some("eu-west-1"))
        );
        assert_eq!(covered(Store { is_whole: false, ..whole() }), []);
        assert_eq!(covered(Store { since: None, ..whole() }), []);
        let late = covered(Store { days: Some(1), ..whole() });
        assert_eq!(late[0].since.to_string(), "2026-11-19T14:40:00Z");
        let unknown = found(&["no json".to_owned()], None, &sought, None);
        assert_eq!((unknown.covers.len(), unknown.unread.len()), (0, 2));
    }
}
