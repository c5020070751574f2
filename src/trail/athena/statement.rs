//! The statement for a table: what is sought, in the columns that it has, and in no more partitions than needed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::table::{Key, Table};
use crate::trail::found::MOST;
use crate::trail::sql::{self, Dialect, any, condition, fitting, literal, name};
use crate::trail::{Branch, Part, Sought, branches};

/// How long a statement may be, in bytes.
const LONGEST: usize = 262_144;
/// How late a file may be written.
const LATE: SignedDuration = SignedDuration::from_hours(6);

/// What is asked of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL.
    pub sql: String,
    /// What it cannot ask for, and why.
    pub left_out: Vec<String>,
}

/// Columns, as the rows name them: by what they are called there, and from where.
const COLUMNS: [(&str, &str); 17] = [
    ("eventid", "eventid"),
    ("sharedeventid", "sharedeventid"),
    ("eventtime", "eventtime"),
    ("eventsource", "eventsource"),
    ("eventname", "eventname"),
    ("eventtype", "eventtype"),
    ("awsregion", "awsregion"),
    ("recipientaccountid", "recipientaccountid"),
    ("sourceipaddress", "sourceipaddress"),
    ("useragent", "useragent"),
    ("errorcode", "errorcode"),
    ("errormessage", "errormessage"),
    ("requestid", "requestid"),
    ("requestparameters", "requestparameters"),
    ("responseelements", "responseelements"),
    ("additionaleventdata", "additionaleventdata"),
    ("serviceeventdetails", "serviceeventdetails"),
];
/// Members of who acts.
const IDENTITY: [(&str, &str); 9] = [
    ("type", "actor_type"),
    ("principalid", "actor_principal"),
    ("arn", "actor_arn"),
    ("accountid", "actor_account"),
    ("accesskeyid", "actor_key"),
    ("username", "actor_name"),
    ("invokedby", "invoked_by"),
    ("sessioncontext.sessionissuer.username", "role_name"),
    ("onbehalfof.userid", "on_behalf_of"),
];

struct Athena<'t>(&'t Table);

impl Dialect for Athena<'_> {
    fn speaks(&self, text: &str, within: &[Part]) -> Option<String> {
        let mut places = Vec::new();
        for part in within {
            let columns: &[&str] = match part {
                Part::Request => &["requestparameters"],
                Part::Response => &["responseelements"],
                Part::Additional => &["additionaleventdata"],
                Part::Details => &["serviceeventdetails"],
                Part::Error => &["errormessage"],
                Part::OnBehalfOf => &["useridentity.onbehalfof.userid"],
                Part::Principal => &["useridentity.principalid", "useridentity.username"],
            };
            let has = |column: &&&str| match column.strip_prefix("useridentity.") {
                Some(member) => self.0.identity(member.split('.').next().unwrap_or(member)),
                None => self.0.has(column),
            };
            places.extend(columns.iter().filter(has).map(|column| sql::holds(column, text)));
        }
        // Without any such column, whatever else fits is taken.
        (!places.is_empty()).then(|| any(&places))
    }

    fn column(&self, member: &'static str) -> String {
        member.to_ascii_lowercase()
    }
}

/// The statement for what is sought.
pub fn statement(sought: &Sought, database: &str, table_name: &str, table: &Table) -> Statement {
    let mut left_out = Vec::new();
    let branches: Vec<Branch> = branches(sought).into_iter().filter_map(|branch| answerable(branch, table)).collect();
    if !table.has_on_behalf_of() {
        left_out.push(
            "the table has no useridentity.onbehalfof: what users of Identity Center did themselves since July 2025, \
             signing in and opening roles, is not looked for"
                .to_owned(),
        );
    }
    let mut frame = Vec::new();
    partitions(sought, table, &mut frame, &mut left_out);
    let moment = |at| literal(&sql::moment(at));
    let until = sought.window.until.checked_add(SignedDuration::from_secs(1)).unwrap_or(sought.window.until);
    frame.push(format!("eventtime BETWEEN {} AND {}", moment(sought.window.since), moment(until)));
    let accounts = sought.accounts.all();
    if !accounts.is_empty() && table.has("recipientaccountid") {
        frame.push(format!("recipientaccountid IN {}", sql::list(accounts)));
    }
    if !sought.regions.is_empty() && table.has("awsregion") {
        frame.push(format!("awsregion IN {}", sql::list(&sought.regions)));
    }
    let frame = frame.join("\n  AND ");
    let columns = columns(table).join(",\n       ");
    let (database, table_name) = (name(database), name(table_name));
    let sql = fitting(LONGEST / 4, &branches, |most| {
        let condition = condition(&Athena(table), &branches, most);
        format!(
            "SELECT {columns}\nFROM {database}.{table_name}\nWHERE {frame}\n  AND ({condition})\n\
             ORDER BY eventtime DESC LIMIT {MOST}"
        )
    });
    Statement { sql, left_out }
}

/// A branch, if the table has what it hangs on.
fn answerable(branch: Branch, table: &Table) -> Option<Branch> {
    // Without it, everybody's would be read.
    let is_whose = branch.looks_in(Part::OnBehalfOf);
    let needs_error = branch.failed && !table.has("errormessage");
    let needs_account = branch.account.is_some() && !table.has("recipientaccountid");
    (!(is_whose && !table.has_on_behalf_of() || needs_error || needs_account)).then_some(branch)
}

/// What is asked of each record.
fn columns(table: &Table) -> Vec<String> {
    let own = COLUMNS.iter().filter(|(column, _)| table.has(column)).map(|(column, _)| (*column).to_owned());
    let more = ["sessioncredentialfromconsole"].into_iter().filter(|column| table.has(column)).map(str::to_owned);
    let identity = IDENTITY.iter().filter(|(member, _)| table.identity(member.split('.').next().unwrap_or(member)));
    let identity = identity.map(|(member, alias)| format!("useridentity.{member} AS {alias}"));
    own.chain(more).chain(identity).collect()
}

/// The partitions in which something may stand.
fn partitions(sought: &Sought, table: &Table, frame: &mut Vec<String>, left_out: &mut Vec<String>) {
    let accounts: BTreeSet<String> = sought.accounts.all().into_iter().map(str::to_owned).collect();
    let mut is_timed = false;
    for (key, kind) in &table.partitions {
        let condition = match table.key(key) {
            Some(Key::Account) => among(key, kind, &accounts),
            Some(Key::Region) => among(key, kind, &sought.regions),
            Some(Key::Date) => date(key, kind, table, sought),
            Some(Key::Year | Key::Month | Key::Day) | None => None,
        };
        is_timed |= condition.is_some() && table.key(key) == Some(Key::Date);
        frame.extend(condition);
    }
    if let Some(days) = spelt_out(table, sought) {
        frame.push(days);
        is_timed = true;
    }
    if table.is_described && !is_timed {
        left_out.push("no partition of the table tells the day, so that all of it is scanned".to_owned());
    }
}

fn among(key: &str, kind: &str, values: &BTreeSet<String>) -> Option<String> {
    if values.is_empty() {
        return None;
    }
    Some(if is_number(kind) {
        let digits = values.iter().filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
        let numbers: Vec<String> = digits.map(|value| value.trim_start_matches('0').to_owned()).collect();
        format!("{} IN ({})", name(key), numbers.join(", "))
    } else {
        format!("{} IN {}", name(key), sql::list(values))
    })
}

fn is_number(kind: &str) -> bool {
    ["int", "bigint", "smallint", "tinyint", "integer"].contains(&kind.to_ascii_lowercase().as_str())
}

/// A key that holds days, or hours.
fn date(key: &str, kind: &str, table: &Table, sought: &Sought) -> Option<String> {
    let (first, last) = days(sought);
    if kind.eq_ignore_ascii_case("date") {
        return Some(format!(
            "{} BETWEEN DATE {} AND DATE {}",
            name(key),
            literal(&first.to_string()),
            literal(&last.to_string())
        ));
    }
    if is_number(kind) {
        return None;
    }
    // Only a projection says how its days are written.
    let format = table.projection(key, "format").or_else(|| table.is_injected(key).then_some("yyyy/MM/dd"))?;
    let written = |day: Date| written(day, format);
    if table.is_injected(key) {
        let all: Option<Vec<String>> = each(first, last).map(written).collect();
        return all.map(|all| format!("{} IN {}", name(key), sql::list(all)));
    }
    // A day is before all of its hours, and the day after the last one after all of that one's.
    let after = if format.contains("HH") { last.checked_add(1.day()).unwrap_or(last) } else { last };
    is_in_order(format).then_some(())?;
    Some(format!("{} BETWEEN {} AND {}", name(key), literal(&written(first)?), literal(&written(after)?)))
}

/// Whether days in this format sort as they follow each other.
fn is_in_order(format: &str) -> bool {
    let places = ["yyyy", "MM", "dd"].map(|part| format.find(part));
    matches!(places, [Some(year), Some(month), Some(day)] if year < month && month < day)
}

/// A day in a format such as `yyyy/MM/dd`; `None` where that has more in it than is known here.
fn written(day: Date, format: &str) -> Option<String> {
    let text = format
        .replace("yyyy", &format!("{:04}", day.year()))
        .replace("MM", &format!("{:02}", day.month()))
        .replace("dd", &format!("{:02}", day.day()))
        .replace("HH", "00")
        .replace('\'', "");
    text.chars().all(|c| !c.is_ascii_alphabetic() || c == 'T').then_some(text)
}

/// Year, month and day in keys of their own: each day is spelt out, since an expression over the keys would find no
/// partition.
fn spelt_out(table: &Table, sought: &Sought) -> Option<String> {
    let key = |sort: Key| table.partitions.iter().find(|(key, _)| table.key(key) == Some(sort));
    let (year, month) = (key(Key::Year)?, key(Key::Month));
    let day = key(Key::Day);
    let (first, last) = days(sought);
    let mut months: BTreeMap<(i16, i8), Vec<i8>> = BTreeMap::new();
    for date in each(first, last) {
        months.entry((date.year(), date.month())).or_default().push(date.day());
    }
    let conditions: BTreeSet<String> = months
        .into_iter()
        .map(|((in_year, in_month), days)| {
            let mut all = vec![one_of(year, &[in_year.into()])];
            all.extend(month.map(|month| one_of(month, &[in_month.into()])));
            let days: Vec<i64> = days.into_iter().map(i64::from).collect();
            all.extend(day.filter(|_| month.is_some()).map(|day| one_of(day, &days)));
            format!("({})", all.join(" AND "))
        })
        .collect();
    Some(any(&conditions.into_iter().collect::<Vec<_>>()))
}

/// Numbers as a key may have them: some write `01`, some `1`.
fn one_of((key, kind): (&String, &String), numbers: &[i64]) -> String {
    if is_number(kind) {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        return format!("{} IN ({})", name(key), numbers.join(", "));
    }
    let both = |number: &i64| {
        if *number < 10 { vec![format!("{number:02}"), number.to_string()] } else { vec![number.to_string()] }
    };
    format!("{} IN {}", name(key), sql::list(numbers.iter().flat_map(both)))
}

/// The days of the files in which something may stand.
fn days(sought: &Sought) -> (Date, Date) {
    let day = |at: Timestamp| TimeZone::UTC.to_datetime(at).date();
    let last = sought.window.until.checked_add(LATE).unwrap_or(sought.window.until);
    (day(sought.window.since), day(last))
}

fn each(first: Date, last: Date) -> impl Iterator<Item = Date> {
    // Ten years are more than anybody keeps.
    first.series(1.day()).take(3_700).take_while(move |day| *day <= last)
}
