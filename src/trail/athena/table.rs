//! What the metadata of a table tell. Whoever makes one chooses its columns, its partitions, and how those are found.

use std::collections::{BTreeMap, BTreeSet};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its columns in lower case, with their types.
    pub columns: BTreeMap<String, String>,
    /// Its partition keys in lower case, with their types.
    pub partitions: BTreeMap<String, String>,
    /// Its parameters: those that begin with `projection.` say how partitions are found.
    pub parameters: BTreeMap<String, String>,
    /// Where the files are, or how their places are made.
    pub location: Option<String>,
    /// Whether it was described. Else it is taken for what AWS's documentation has people make.
    pub is_described: bool,
}

/// What a partition key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Account,
    Region,
    /// A day, or an hour, in one key.
    Date,
    Year,
    Month,
    Day,
}

/// The columns that AWS's documentation has people make.
const DOCUMENTED: [&str; 17] = [
    "eventid",
    "sharedeventid",
    "eventtime",
    "eventsource",
    "eventname",
    "eventtype",
    "awsregion",
    "recipientaccountid",
    "sourceipaddress",
    "useragent",
    "errorcode",
    "errormessage",
    "requestid",
    "requestparameters",
    "responseelements",
    "additionaleventdata",
    "serviceeventdetails",
];
const IDENTITY: &str = "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,\
    accesskeyid:string,username:string,onbehalfof:struct<userid:string,identitystorearn:string>,\
    sessioncontext:struct<sessionissuer:struct<username:string>>>";

impl Table {
    /// What AWS's documentation has people make, where the table could not be described.
    pub fn documented() -> Self {
        let text = |name: &str| (name.to_owned(), "string".to_owned());
        let identity = ("useridentity".to_owned(), IDENTITY.to_owned());
        Self { columns: DOCUMENTED.into_iter().map(text).chain([identity]).collect(), ..Self::default() }
    }

    /// The same without what tables made before 2024 lack.
    pub fn older() -> Self {
        let mut table = Self::documented();
        let without = IDENTITY.replace("onbehalfof:struct<userid:string,identitystorearn:string>,", "");
        table.columns.insert("useridentity".to_owned(), without);
        table
    }

    /// Whether it has such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// Whether who acts stands in it in the form of since 2024.
    pub fn has_on_behalf_of(&self) -> bool {
        self.identity("onbehalfof")
    }

    /// Whether the structure of who acts has such a member.
    pub(super) fn identity(&self, member: &str) -> bool {
        let kind = self.columns.get("useridentity").map(|kind| kind.to_ascii_lowercase().replace([' ', '`'], ""));
        kind.is_some_and(|kind| kind.contains(&format!("{member}:")))
    }

    /// What is lacking without which nothing can be asked.
    pub fn lacks(&self) -> Option<String> {
        let needed = ["eventtime", "eventsource", "eventname", "useridentity", "requestparameters"];
        let missing: Vec<&str> = needed.into_iter().filter(|column| !self.has(column)).collect();
        if !missing.is_empty() {
            let is_ocsf = self.has("api") || self.has("actor") || self.has("class_uid");
            let hint = if is_ocsf { " (it is of Security Lake's form, which idc does not read)" } else { "" };
            return Some(format!("the table has no column {}{hint}", missing.join(", ")));
        }
        let unknown: Vec<&str> = self
            .partitions
            .keys()
            .map(String::as_str)
            .filter(|name| self.is_injected(name) && self.key(name).is_none())
            .collect();
        (!unknown.is_empty())
            .then(|| format!("the table wants a value for {}, and what that may be is not known", unknown.join(", ")))
    }

    /// What a partition key is for, by its name and what is said of it.
    pub(super) fn key(&self, name: &str) -> Option<Key> {
        match name {
            "account" | "accountid" | "account_id" | "aws_account" | "aws_account_id" => Some(Key::Account),
            "region" | "aws_region" | "awsregion" | "regionname" => Some(Key::Region),
            "year" => Some(Key::Year),
            "month" => Some(Key::Month),
            "day" if self.partitions.contains_key("month") => Some(Key::Day),
            "timestamp" | "date" | "dt" | "day" | "day_partition" | "event_date" | "partition_date" | "datehour" => {
                Some(Key::Date)
            }
            _ if self.projection(name, "type") == Some("date") => Some(Key::Date),
            _ => None,
        }
    }

    /// A word of how a key's values are found.
    pub(super) fn projection(&self, name: &str, word: &str) -> Option<&str> {
        let parameter = format!("projection.{name}.{word}");
        let found = self.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(&parameter));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether each query must name values of this key.
    pub(super) fn is_injected(&self, name: &str) -> bool {
        self.projection(name, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("injected"))
    }

    /// The values that a key can have, where they are listed.
    fn listed(&self, key: Key) -> Option<BTreeSet<&str>> {
        let name = self.partitions.keys().find(|name| self.key(name) == Some(key))?;
        let is_list = self.projection(name, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("enum"));
        let values = self.projection(name, "values").filter(|_| is_list)?;
        Some(values.split(',').map(str::trim).collect())
    }

    /// The part of where the files are that is an account, and the one that is a Region.
    fn place(&self) -> (Option<&str>, Option<&str>) {
        let template = self.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case("storage.location.template"));
        let Some(place) = template.map(|(_, value)| value).or(self.location.as_ref()) else { return (None, None) };
        let parts: Vec<&str> = place.split('/').collect();
        let Some(at) = parts.iter().position(|part| *part == "CloudTrail") else {
            // It may end before that.
            let last = parts.iter().rev().find(|part| !part.is_empty()).copied();
            return (last.filter(|part| is_account(part)), None);
        };
        let account = at.checked_sub(1).and_then(|before| parts.get(before)).copied();
        let region = parts.get(at + 1).copied().filter(|part| !part.is_empty() && !part.contains('$'));
        (account.filter(|part| is_account(part)), region)
    }

    /// The only account whose records it has, where there is but one.
    pub fn only_account(&self) -> Option<&str> {
        self.place().0
    }

    /// The only Region whose records it has, where there is but one.
    pub fn only_region(&self) -> Option<&str> {
        self.place().1
    }

    /// Whether it may have records of this account, by what it says itself.
    pub fn may_have(&self, account: &str) -> bool {
        self.only_account().is_none_or(|only| only == account)
            && self.listed(Key::Account).is_none_or(|listed| listed.contains(account))
    }

    /// Whether it may have records of this Region.
    pub fn may_have_region(&self, region: &str) -> bool {
        self.only_region().is_none_or(|only| only == region)
            && self.listed(Key::Region).is_none_or(|listed| listed.contains(region))
    }

    /// Whether it names this account as one of its own.
    pub fn names(&self, account: &str) -> bool {
        self.only_account() == Some(account) || self.listed(Key::Account).is_some_and(|listed| listed.contains(account))
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
