//! Log groups of Amazon CloudWatch Logs to which trails write, and enough of the language of Logs Insights to carry out a
//! query: `fields`, `filter` with `in`, `like`, `and`, `or` and parentheses, `sort` and `limit`. What else stands in one is
//! an error, as it would be with a misspelt query.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Refusal;
use super::desk::{Context, unknown};
use super::kept::record;
use super::moment::Moment;

/// A log group, and the trail that writes to it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogGroup {
    /// Its name.
    pub name: String,
    /// The account that owns it, and the trail.
    pub account: String,
    /// The Region in which both are.
    pub region: String,
    /// Whether the trail takes the events of the whole organization.
    pub organization: bool,
    /// How many days it keeps them; for ever without.
    pub days: Option<u32>,
    /// Whether it is of the class for infrequent access, where events have no fields.
    pub is_infrequent: bool,
    /// Whether the trail takes only what changes something.
    pub is_write_only: bool,
}

impl LogGroup {
    fn arn(&self) -> String {
        format!("arn:aws:logs:{}:{}:log-group:{}", self.region, self.account, self.name)
    }

    fn trail(&self) -> String {
        format!("arn:aws:cloudtrail:{}:{}:trail/trail", self.region, self.account)
    }
}

/// The trails that write to log groups here: what CloudTrail says of them.
pub(crate) fn trails(context: &Context<'_>) -> Result<Value, Refusal> {
    let call = context.call;
    let named = |name: &str| {
        let group = here(context).find(|group| group.trail() == name);
        group.ok_or_else(|| Refusal::new(400, "TrailNotFoundException", "Unknown trail"))
    };
    match call.operation.as_str() {
        "DescribeTrails" => {
            let trail = |group: &LogGroup| {
                json!({
                    "Name": "trail", "TrailARN": group.trail(), "HomeRegion": group.region, "IsMultiRegionTrail": true,
                    "IsOrganizationTrail": group.organization, "IncludeGlobalServiceEvents": true,
                    "CloudWatchLogsLogGroupArn": format!("{}:*", group.arn()),
                })
            };
            let other = json!({"Name": "other", "TrailARN": "arn:aws:cloudtrail:us-east-1:1:trail/other"});
            Ok(json!({"trailList": std::iter::once(other).chain(here(context).map(trail)).collect::<Vec<_>>()}))
        }
        "GetTrailStatus" => {
            named(call.required("Name")?)?;
            Ok(json!({"IsLogging": true, "StartLoggingTime": 1_600_000_000}))
        }
        "GetEventSelectors" => {
            let group = named(call.required("TrailName")?)?;
            let kind = if group.is_write_only { "WriteOnly" } else { "All" };
            let selector = json!({"ReadWriteType": kind, "IncludeManagementEvents": true, "DataResources": []});
            Ok(json!({"TrailARN": group.trail(), "EventSelectors": [selector]}))
        }
        _ => Err(unknown(call)),
    }
}

/// Whether a call is about trails.
pub(crate) fn is_of_trails(operation: &str) -> bool {
    ["DescribeTrails", "GetTrailStatus", "GetEventSelectors"].contains(&operation)
}

fn here<'c>(context: &Context<'c>) -> impl Iterator<Item = &'c LogGroup> {
    let (groups, caller) = (&context.world.organization.log_groups, context.call);
    groups.iter().filter(|group| group.account == caller.caller.account && group.region == caller.region)
}

/// Answers what a log group is asked.
pub(crate) fn logs(context: &Context<'_>) -> Result<Value, Refusal> {
    let call = context.call;
    let wrong = |why: String| Refusal::new(400, "InvalidParameterException", why);
    match call.operation.as_str() {
        "DescribeLogGroups" => {
            let prefix = call.get("logGroupNamePrefix").unwrap_or_default();
            let row = |group: &LogGroup| {
                let class = if group.is_infrequent { "INFREQUENT_ACCESS" } else { "STANDARD" };
                json!({
                    "logGroupName": group.name, "arn": format!("{}:*", group.arn()), "logGroupArn": group.arn(),
                    "creationTime": 1_600_000_000_000_i64, "retentionInDays": group.days, "logGroupClass": class,
                })
            };
            let mut groups: Vec<&LogGroup> = here(context).filter(|group| group.name.starts_with(prefix)).collect();
            groups.sort_by_key(|group| &group.name);
            Ok(context.page(groups, 50)?.output(call, "logGroups", row))
        }
        "StartQuery" => {
            let text = call.required("queryString")?;
            if text.chars().count() > 10_000 {
                return Err(wrong("queryString is longer than 10000".to_owned()));
            }
            let named = call.get("logGroupName").or_else(|| call.input["logGroupIdentifiers"][0].as_str());
            let named = named.unwrap_or_default();
            let missing = || Refusal::new(400, "ResourceNotFoundException", "Log group does not exist for account ID");
            let group = here(context).find(|group| group.name == named || group.arn() == named).ok_or_else(missing)?;
            Query::read(text).map_err(|why| Refusal::new(400, "MalformedQueryException", why))?;
            let moment =
                |member: &str| call.input[member].as_i64().ok_or_else(|| wrong(format!("{member} is missing")));
            let window = [moment("startTime")?, moment("endTime")?];
            // What the query is about stands with it, as it is asked for by its id alone.
            let begun = json!([group.name, window, text]).to_string();
            Ok(json!({"queryId": context.queries.begin(&begun)}))
        }
        "GetQueryResults" => {
            let missing = || Refusal::new(400, "ResourceNotFoundException", "Query does not exist");
            let (begun, asked) = context.queries.ask(call.required("queryId")?).ok_or_else(missing)?;
            let begun: Value = serde_json::from_str(&begun).unwrap_or_default();
            let rows = selected(context, &begun).map_err(wrong)?;
            if asked == 0 {
                // A query that runs gives a part of its rows.
                let part: Vec<Value> = rows.iter().take(1).map(row).collect();
                return Ok(json!({"status": "Running", "results": part, "statistics": {"bytesScanned": 10.0}}));
            }
            let mut output = context.page(rows, 10_000)?.output(call, "results", |record| row(&record));
            output["status"] = "Complete".into();
            output["statistics"] = json!({"recordsMatched": 3.0, "recordsScanned": 9.0, "bytesScanned": 4321.0});
            Ok(output)
        }
        "StopQuery" => Ok(json!({"success": true})),
        _ => Err(unknown(call)),
    }
}

fn row(record: &Value) -> Value {
    json!([{"field": "@message", "value": record.to_string()}, {"field": "@ptr", "value": "CmEKJgoi"}])
}

/// The records that a query selects, newest first. Each was written to the log group a minute after it happened.
fn selected(context: &Context<'_>, begun: &Value) -> Result<Vec<Value>, String> {
    let query = Query::read(begun[2].as_str().unwrap_or_default())?;
    let organization = &context.world.organization;
    let group = here(context).find(|group| Some(group.name.as_str()) == begun[0].as_str());
    let group = group.ok_or("no such log group")?;
    let oldest = group.days.map(|days| Moment::days_ago(i64::from(days)).rfc3339());
    let mut rows = Vec::new();
    for record in organization.events.iter().map(record) {
        let at = record["eventTime"].as_str().unwrap_or_default().to_owned();
        let written = Moment::parse(&at).unwrap_or_default().plus_seconds(60).epoch().as_f64().unwrap_or_default();
        let within = begun[1][0].as_f64() <= Some(written) && Some(written) <= begun[1][1].as_f64();
        let is_kept = oldest.as_ref().is_none_or(|oldest| *oldest <= at);
        let is_own = group.organization || record["recipientAccountId"].as_str() == Some(&group.account);
        let is_taken = !(group.is_write_only && record["readOnly"] == true);
        let text = record.to_string();
        if within && is_kept && is_own && is_taken && query.filters.iter().all(|one| one.holds(&record, &text, group)) {
            rows.push((at, record));
        }
    }
    rows.sort_by(|a, b| b.0.cmp(&a.0));
    rows.truncate(query.limit);
    Ok(rows.into_iter().map(|(_, record)| record).collect())
}

struct Query {
    filters: Vec<Filter>,
    limit: usize,
}

enum Filter {
    Any(Vec<Filter>),
    All(Vec<Filter>),
    In(String, Vec<String>),
    Like(String, String),
}

impl Filter {
    fn holds(&self, record: &Value, text: &str, group: &LogGroup) -> bool {
        match self {
            Self::Any(all) => all.iter().any(|one| one.holds(record, text, group)),
            Self::All(all) => all.iter().all(|one| one.holds(record, text, group)),
            Self::In(field, values) => {
                let value = record[field].as_str().filter(|_| !group.is_infrequent);
                value.is_some_and(|value| values.iter().any(|one| one == value))
            }
            Self::Like(field, part) => match field.as_str() {
                "@message" => text.contains(part.as_str()),
                field => record[field].as_str().is_some_and(|value| value.contains(part.as_str())),
            },
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            letter if letter.is_whitespace() => {}
            '"' => {
                let mut quoted = String::new();
                loop {
                    match letters.next().ok_or("a quote without its end")? {
                        '"' => break,
                        '\\' => quoted.push(letters.next().ok_or("a quote without its end")?),
                        '\n' => return Err("a line that ends within quotes".to_owned()),
                        letter => quoted.push(letter),
                    }
                }
                tokens.push(Token::Text(quoted));
            }
            '|' | '(' | ')' | '[' | ']' | ',' => tokens.push(Token::Sign(letter)),
            letter if letter.is_ascii_alphanumeric() || "@._".contains(letter) => {
                let mut word = String::from(letter);
                while let Some(next) = letters.next_if(|next| next.is_ascii_alphanumeric() || "@._".contains(*next)) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
            letter => return Err(format!("unexpected symbol found {letter}")),
        }
    }
    Ok(tokens)
}

impl Query {
    fn read(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut query = Self { filters: Vec::new(), limit: 1000 };
        for command in tokens.split(|token| *token == Token::Sign('|')) {
            let words: Vec<&str> =
                command.iter().map(|token| if let Token::Word(word) = token { word } else { "" }).collect();
            match words.as_slice() {
                ["fields", "@message"] | ["sort", "@timestamp", "desc"] => {}
                ["limit", count] => {
                    query.limit =
                        count.parse().ok().filter(|limit| *limit <= 10_000).ok_or("a limit of at most 10000")?;
                }
                ["filter", ..] => {
                    let mut reader = Reader(&command[1..]);
                    query.filters.push(reader.any()?);
                    if !reader.0.is_empty() {
                        return Err(reader.odd());
                    }
                }
                _ => return Err(format!("unexpected {command:?}")),
            }
        }
        Ok(query)
    }
}

struct Reader<'t>(&'t [Token]);

impl Reader<'_> {
    fn odd(&self) -> String {
        format!("unexpected symbol found {:?}", self.0.first())
    }

    fn takes(&mut self, token: &Token) -> bool {
        let found = self.0.first() == Some(token);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.takes(&Token::Word(word.to_owned()))
    }

    fn any(&mut self) -> Result<Filter, String> {
        let mut all = vec![self.all()?];
        while self.word("or") {
            all.push(self.all()?);
        }
        Ok(Filter::Any(all))
    }

    fn all(&mut self) -> Result<Filter, String> {
        let mut all = vec![self.one()?];
        while self.word("and") {
            all.push(self.one()?);
        }
        Ok(Filter::All(all))
    }

    fn one(&mut self) -> Result<Filter, String> {
        if self.takes(&Token::Sign('(')) {
            let inner = self.any()?;
            return if self.takes(&Token::Sign(')')) { Ok(inner) } else { Err(self.odd()) };
        }
        let Some(Token::Word(field)) = self.0.first().cloned() else { return Err(self.odd()) };
        self.0 = &self.0[1..];
        if self.word("like") {
            return Ok(Filter::Like(field, self.text()?));
        }
        if !self.word("in") || !self.takes(&Token::Sign('[')) {
            return Err(self.odd());
        }
        let mut values = vec![self.text()?];
        while self.takes(&Token::Sign(',')) {
            values.push(self.text()?);
        }
        if self.takes(&Token::Sign(']')) { Ok(Filter::In(field, values)) } else { Err(self.odd()) }
    }

    fn text(&mut self) -> Result<String, String> {
        let Some(Token::Text(text)) = self.0.first().cloned() else { return Err(self.odd()) };
        self.0 = &self.0[1..];
        Ok(text)
    }
}
