//! Rows of a table, made into records again.

use serde_json::{Map, Value};

use super::Table;
use crate::trail::found::{MOST, newest};
use crate::trail::{Cover, Found, Sought, Unread, Wanted};

/// Columns and the members of a record that they are.
const MEMBERS: [(&str, &str); 14] = [
    ("eventid", "eventID"),
    ("sharedeventid", "sharedEventID"),
    ("eventtime", "eventTime"),
    ("eventsource", "eventSource"),
    ("eventname", "eventName"),
    ("eventtype", "eventType"),
    ("awsregion", "awsRegion"),
    ("recipientaccountid", "recipientAccountId"),
    ("sourceipaddress", "sourceIPAddress"),
    ("useragent", "userAgent"),
    ("errorcode", "errorCode"),
    ("errormessage", "errorMessage"),
    ("requestid", "requestID"),
    ("sessioncredentialfromconsole", "sessionCredentialFromConsole"),
];
/// Columns that hold JSON.
const JSON: [(&str, &str); 4] = [
    ("requestparameters", "requestParameters"),
    ("responseelements", "responseElements"),
    ("additionaleventdata", "additionalEventData"),
    ("serviceeventdetails", "serviceEventDetails"),
];
/// Columns and where in who acts they stand.
const IDENTITY: [(&str, &[&str]); 10] = [
    ("actor_type", &["type"]),
    ("actor_principal", &["principalId"]),
    ("actor_arn", &["arn"]),
    ("actor_account", &["accountId"]),
    ("actor_key", &["accessKeyId"]),
    ("actor_name", &["userName"]),
    ("invoked_by", &["invokedBy"]),
    ("role_name", &["sessionContext", "sessionIssuer", "userName"]),
    ("on_behalf_of", &["onBehalfOf", "userId"]),
    ("store", &["onBehalfOf", "identityStoreArn"]),
];

/// A row as the record that it was made of, as far as its columns go.
fn record(columns: &[String], row: &[Option<String>]) -> Value {
    let cell = |column: &str| {
        let at = columns.iter().position(|name| name.eq_ignore_ascii_case(column))?;
        row.get(at)?.as_deref().filter(|text| !text.is_empty())
    };
    let mut record = Map::new();
    for (column, member) in MEMBERS {
        record.extend(cell(column).map(|text| (member.to_owned(), text.into())));
    }
    for (column, member) in JSON {
        // What is no JSON is a text, as the table has it.
        let value = cell(column).map(|text| serde_json::from_str(text).unwrap_or_else(|_| text.into()));
        record.insert(member.to_owned(), value.unwrap_or_default());
    }
    let mut identity = Value::Object(Map::new());
    for (column, path) in IDENTITY {
        let Some(text) = cell(column) else { continue };
        let mut place = &mut identity;
        for member in path {
            place = &mut place[*member];
        }
        *place = text.into();
    }
    record.insert("userIdentity".to_owned(), identity);
    Value::Object(record)
}

/// The records of rows, and what the table is known to hold.
pub fn found(
    columns: &[String],
    rows: &[Vec<Option<String>>],
    scanned: Option<u64>,
    sought: &Sought,
    table: &Table,
) -> Found {
    let wanted = Wanted::new(sought);
    let mut found = Found { read: rows.len(), capped: rows.len() >= MOST, scanned, ..Found::default() };
    let all: Vec<Value> = rows.iter().map(|row| record(columns, row)).collect();
    found.records = all.iter().filter(|record| wanted.holds(record)).cloned().collect();
    found.capped |= newest(&mut found.records);
    // That a table has an account's records is told by a record of it, or by the table itself: one whose partitions were
    // never loaded has none of anybody.
    let seen = |account: &str| all.iter().any(|record| record["recipientAccountId"] == account);
    for account in sought.accounts.all() {
        if !table.may_have(account) {
            let why = "the table is made without this account".to_owned();
            found.unread.push(Unread { what: format!("account {account}"), why });
        } else if table.is_described && !all.is_empty() && (table.names(account) || seen(account)) {
            let regions = sought.regions.iter().filter(|region| table.may_have_region(region));
            found.covers.extend(regions.map(|region| Cover {
                account: account.to_owned(),
                region: Some(region.clone()),
                since: sought.window.since,
                until: sought.window.until,
            }));
        }
    }
    found
}

#[cfg(test)]
pub(super) fn of(columns: &[String], row: &[Option<String>]) -> Value {
    record(columns, row)
}
