//! Where the events of the whole organization are kept beyond the event histories, as data: event data stores of
//! CloudTrail Lake, and tables of Amazon Athena over the files of a trail. Both hold every event that the organization
//! has; a query selects among them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Refusal;
use super::call::Call;
use super::desk::{Context, unknown};
use super::identifier::guid;
use super::organization::Event;
use super::sql;

/// An event data store.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventDataStore {
    /// Its id.
    pub id: String,
    /// The account that owns it.
    pub account: String,
    /// The Region in which it is.
    pub region: String,
    /// Whether it takes the events of the whole organization.
    pub organization: bool,
}

/// A table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AthenaTable {
    /// The database.
    pub database: String,
    /// The table's name.
    pub name: String,
    /// Columns with their types, the partition keys among them not.
    pub columns: BTreeMap<String, String>,
    /// Partition keys with their types: `account`, `region`, `timestamp`.
    pub partitions: BTreeMap<String, String>,
    /// Parameters.
    pub parameters: BTreeMap<String, String>,
}

/// The queries that were begun.
#[derive(Debug, Default)]
pub(crate) struct Queries(Mutex<HashMap<String, Begun>>);

#[derive(Clone, Debug)]
struct Begun {
    statement: String,
    asked: u32,
}

impl Queries {
    pub(crate) fn begin(&self, statement: &str) -> String {
        let id = guid(&[statement, &self.0.lock().unwrap_or_else(PoisonError::into_inner).len().to_string()]);
        let begun = Begun { statement: statement.to_owned(), asked: 0 };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), begun);
        id
    }

    /// The statement, and how often it was asked for before.
    pub(crate) fn ask(&self, id: &str) -> Option<(String, u32)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = all.get_mut(id)?;
        begun.asked += 1;
        Some((begun.statement.clone(), begun.asked - 1))
    }
}

/// The record of an event, as CloudTrail logs it.
pub(crate) fn record(event: &Event) -> Value {
    match &event.record {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        record => record.clone(),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}

/// The records that a statement selects, newest first.
fn selected(
    context: &Context<'_>,
    statement: &str,
    column: impl Fn(&Value, &str) -> Result<Option<String>, String>,
) -> Result<Vec<Value>, String> {
    let mut records: Vec<Value> = context.world.organization.events.iter().map(record).collect();
    records.sort_by(|a, b| b["eventTime"].as_str().cmp(&a["eventTime"].as_str()));
    let mut rows = Vec::new();
    for record in records {
        if sql::selects(statement, &|name| column(&record, name))? {
            rows.push(record);
        }
    }
    rows.truncate(sql::limit(statement));
    Ok(rows)
}

/// Answers what an event data store is asked.
pub(crate) fn lake(context: &Context<'_>) -> Result<Value, Refusal> {
    let call = context.call;
    let stores = &context.world.organization.event_data_stores;
    let named = |id: &str| {
        let store = stores.iter().find(|store| id.rsplit('/').next() == Some(&store.id));
        store.filter(|store| store.account == call.caller.account && store.region == call.region).ok_or_else(|| {
            Refusal::new(400, "EventDataStoreNotFoundException", "The specified event data store was not found.")
        })
    };
    match call.operation.as_str() {
        "GetEventDataStore" => {
            let store = named(call.required("EventDataStore")?)?;
            let arn = format!("arn:aws:cloudtrail:{}:{}:eventdatastore/{}", store.region, store.account, store.id);
            Ok(json!({
                "EventDataStoreArn": arn, "Name": "events", "Status": "ENABLED", "MultiRegionEnabled": true,
                "OrganizationEnabled": store.organization, "RetentionPeriod": 2557, "CreatedTimestamp": 1_600_000_000,
                "AdvancedEventSelectors": [{"Name": "Management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}],
            }))
        }
        "StartQuery" => {
            let statement = call.required("QueryStatement")?;
            if statement.chars().count() > 10_000 {
                return Err(Refusal::invalid(call, "QueryStatement is longer than 10000"));
            }
            named(&sql::from(statement).unwrap_or_default())?;
            // What is wrong in it is told at once.
            selected(context, statement, lake_column)
                .map_err(|why| Refusal::new(400, "InvalidQueryStatementException", why))?;
            Ok(json!({"QueryId": context.queries.begin(statement)}))
        }
        "GetQueryResults" => {
            let id = call.required("QueryId")?;
            let (statement, asked) = context
                .queries
                .ask(id)
                .ok_or_else(|| Refusal::new(400, "QueryIdNotFoundException", "The specified query was not found."))?;
            if asked == 0 {
                return Ok(json!({"QueryStatus": "RUNNING", "QueryResultRows": []}));
            }
            let rows = selected(context, &statement, lake_column).unwrap_or_default();
            let count = rows.len();
            let mut output = context.page(rows, 1000)?.output(
                call,
                "QueryResultRows",
                |record| json!([{"eventJson": record.to_string()}]),
            );
            output["QueryStatus"] = "FINISHED".into();
            output["QueryStatistics"] =
                json!({"ResultsCount": count, "TotalResultsCount": count, "BytesScanned": 1000});
            Ok(output)
        }
        "CancelQuery" => Ok(json!({"QueryId": call.required("QueryId")?, "QueryStatus": "CANCELLED"})),
        _ => Err(unknown(call)),
    }
}

fn lake_column(record: &Value, name: &str) -> Result<Option<String>, String> {
    match name {
        "eventJson" => Ok(Some(record.to_string())),
        "eventTime" => Ok(text(&record["eventTime"]).map(|at| at.replace('T', " ").replace('Z', ""))),
        "eventSource" | "eventName" | "awsRegion" | "recipientAccountId" | "errorMessage" => Ok(text(&record[name])),
        _ => Err(format!("Column '{name}' cannot be resolved")),
    }
}

/// Answers what a table is asked.
pub(crate) fn athena(context: &Context<'_>) -> Result<Value, Refusal> {
    let call = context.call;
    match call.operation.as_str() {
        "GetTableMetadata" => {
            let (database, name) = (call.required("DatabaseName")?, call.required("TableName")?);
            let table = table(context, &format!("{database}.{name}"))
                .ok_or_else(|| Refusal::new(400, "MetadataException", format!("Table {name} not found")))?;
            let list = |columns: &BTreeMap<String, String>| -> Value {
                columns.iter().map(|(name, kind)| json!({"Name": name, "Type": kind})).collect()
            };
            Ok(json!({"TableMetadata": {
                "Name": name, "TableType": "EXTERNAL_TABLE", "Columns": list(&table.columns),
                "PartitionKeys": list(&table.partitions), "Parameters": table.parameters,
            }}))
        }
        "StartQueryExecution" => {
            let statement = call.required("QueryString")?;
            if call.get("WorkGroup") == Some("without-place") {
                let message = "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.";
                return Err(Refusal::new(400, "InvalidRequestException", message));
            }
            Ok(json!({"QueryExecutionId": context.queries.begin(statement)}))
        }
        "GetQueryExecution" => execution(context),
        "GetQueryResults" => results(context),
        "StopQueryExecution" => Ok(json!({})),
        _ => Err(unknown(call)),
    }
}

fn begun(context: &Context<'_>) -> Result<(String, u32), Refusal> {
    let id = context.call.required("QueryExecutionId")?;
    let missing = || Refusal::new(400, "InvalidRequestException", format!("QueryExecution {id} was not found"));
    context.queries.ask(id).ok_or_else(missing)
}

fn execution(context: &Context<'_>) -> Result<Value, Refusal> {
    let (statement, asked) = begun(context)?;
    let status = match (asked, rows(context, &statement)) {
        (0, _) => json!({"State": "RUNNING"}),
        (_, Ok(_)) => json!({"State": "SUCCEEDED", "StateChangeReason": ""}),
        (_, Err(why)) => json!({"State": "FAILED", "StateChangeReason": why}),
    };
    Ok(json!({"QueryExecution": {
        "QueryExecutionId": context.call.get("QueryExecutionId"), "Query": statement, "Status": status,
        "Statistics": {"DataScannedInBytes": 123_456},
    }}))
}

fn results(context: &Context<'_>) -> Result<Value, Refusal> {
    let (statement, _) = begun(context)?;
    let rows = rows(context, &statement).map_err(|why| Refusal::new(400, "InvalidRequestException", why))?;
    let columns = sql::columns(&statement);
    let header: Vec<Option<String>> = columns.iter().map(|(name, _)| Some(name.clone())).collect();
    let cells = rows
        .iter()
        .map(|record| -> Vec<Option<String>> { columns.iter().map(|(_, from)| member(record, from)).collect() });
    let cell = |cell: Option<String>| cell.map_or_else(|| json!({}), |text| json!({"VarCharValue": text}));
    let row = |cells: Vec<Option<String>>| json!({"Data": cells.into_iter().map(cell).collect::<Vec<_>>()});
    let all: Vec<_> = std::iter::once(header).chain(cells).collect();
    let mut output = context.page(all, 1000)?.output(context.call, "Rows", row);
    let info: Vec<Value> = columns.iter().map(|(name, _)| json!({"Name": name, "Type": "varchar"})).collect();
    output["ResultSet"] = json!({"Rows": output["Rows"].take(), "ResultSetMetadata": {"ColumnInfo": info}});
    if let Some(members) = output.as_object_mut() {
        members.remove("Rows");
    }
    Ok(output)
}

fn table<'c>(context: &Context<'c>, name: &str) -> Option<&'c AthenaTable> {
    context.world.organization.tables.iter().find(|table| format!("{}.{}", table.database, table.name) == name)
}

fn rows(context: &Context<'_>, statement: &str) -> Result<Vec<Value>, String> {
    let name = sql::from(statement).unwrap_or_default();
    let table = table(context, &name).ok_or_else(|| format!("TABLE_NOT_FOUND: {name}"))?;
    let missing = |column: &str| format!("COLUMN_NOT_FOUND: line 1:8: Column '{column}' cannot be resolved");
    let has = |column: &str| {
        let (first, rest) = column.split_once('.').unwrap_or((column, ""));
        let kind = table.columns.get(first);
        kind.is_some_and(|kind| {
            rest.is_empty() || kind.contains(&format!("{}:", rest.split('.').next().unwrap_or_default()))
        })
    };
    if let Some((_, from)) = sql::columns(statement).iter().find(|(_, from)| !has(from)) {
        return Err(missing(from));
    }
    for (key, parameter) in table.partitions.keys().map(|key| (key, format!("projection.{key}.type"))) {
        if table.parameters.get(&parameter).is_some_and(|kind| kind == "injected")
            && !statement.contains(&format!("\"{key}\" IN ("))
        {
            return Err(format!(
                "CONSTRAINT_VIOLATION: For the injected projected partition column {key}, the WHERE clause must contain only static equality conditions"
            ));
        }
    }
    selected(context, statement, |record, column| {
        if table.partitions.contains_key(column) {
            let day = text(&record["eventTime"]).map(|at| at[..10].replace('-', "/"));
            return Ok(match column {
                "account" => text(&record["recipientAccountId"]),
                "region" => text(&record["awsRegion"]),
                _ => day,
            });
        }
        if has(column) { Ok(member(record, column)) } else { Err(missing(column)) }
    })
}

/// A column's value: the names of a record's own members are in lower case there, what is within them is a text.
fn member(record: &Value, column: &str) -> Option<String> {
    let mut value = record;
    for name in column.split('.') {
        let members = value.as_object()?;
        value = members.iter().find(|(member, _)| member.eq_ignore_ascii_case(name))?.1;
    }
    text(value)
}

/// Whether a call is one of Lake's.
pub(crate) fn is_lake(call: &Call) -> bool {
    ["GetEventDataStore", "StartQuery", "GetQueryResults", "CancelQuery"].contains(&call.operation.as_str())
}
