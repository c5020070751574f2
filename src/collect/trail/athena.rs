//! A table of Amazon Athena. Whoever asks leaves the result behind, as an object where the workgroup says; nothing else.

use std::collections::BTreeMap;

use aws_sdk_athena::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_athena::types::{
    Column, QueryExecution, QueryExecutionContext, QueryExecutionState, QueryExecutionStatistics, ResultSetMetadata,
    Row, TableMetadata,
};

use super::{Answer, Query, SPARE, pause};
use crate::collect::failure::{Failure, Kind};
use crate::evidence::Call;
use crate::trail::Unread;
use crate::trail::athena::{Table, found, statement};

/// The catalog of AWS Glue, which is there without anybody's doing.
const CATALOG: &str = "AwsDataCatalog";
/// How many rows come at a time; the first of all is the columns' names.
const PAGE: i32 = 1000;
/// What Athena says where a statement names a column that the table does not have.
const NO_COLUMN: &str = "COLUMN_NOT_FOUND";

/// The table that is asked, and who pays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) database: &'a str,
    pub(super) table: &'a str,
    pub(super) workgroup: Option<&'a str>,
}

/// What came of a query.
struct Rows {
    columns: Vec<String>,
    cells: Vec<Vec<Option<String>>>,
    scanned: Option<u64>,
}

/// How a query went wrong, and whether the table lacks a column.
struct Failed {
    call: Call,
    failure: Failure,
    lacks_column: bool,
}

impl Failed {
    fn new(call: Call, failure: Failure) -> Self {
        let lacks_column = failure.message.contains(NO_COLUMN);
        Self { call, failure, lacks_column }
    }
}

impl Query<'_> {
    /// Asks a table.
    pub(super) async fn athena(&self, named: Named<'_>) -> Answer {
        let described = Box::pin(self.table(named)).await;
        let table = match &described {
            Ok(table) => table.clone(),
            // It may be asked all the same.
            Err(_) => Table::documented(),
        };
        if let Some(lacks) = table.lacks() {
            return Err((Call::GetTableMetadata, Failure::unusable(lacks)));
        }
        let (rows, table) = match Box::pin(self.run(named, &table)).await {
            Ok(rows) => (rows, table),
            Err(failed) if failed.lacks_column => {
                let older = Table { columns: Table::older().columns, ..table };
                let rows = Box::pin(self.run(named, &older)).await.map_err(|failed| (failed.call, failed.failure))?;
                (rows, older)
            }
            Err(Failed { call, failure, .. }) => return Err((call, failure)),
        };
        let mut found = found(&rows.columns, &rows.cells, rows.scanned, self.sought, &table);
        let asked = statement(self.sought, named.database, named.table, &table);
        let name = format!("{}.{}", named.database, named.table);
        found.unread.extend(
            asked
                .left_out
                .into_iter()
                .filter(|why| why.contains("onbehalfof"))
                .map(|why| Unread { what: name.clone(), why }),
        );
        if let Err(failure) = described {
            let why = format!("what it holds was not told: {}: {}", failure.code, failure.message);
            found.unread.push(Unread { what: name, why });
        }
        Ok(found)
    }

    async fn table(&self, named: Named<'_>) -> Result<Table, Failure> {
        let client = self.clients.athena();
        let send = || {
            let asked = client.get_table_metadata().catalog_name(CATALOG).database_name(named.database);
            asked.table_name(named.table).set_work_group(named.workgroup.map(str::to_owned)).send()
        };
        let reply = self.asker.ask(Call::GetTableMetadata, &self.place, send).await;
        let out = reply.result?;
        let metadata = out.table_metadata().ok_or_else(|| Failure::unusable("the answer has no TableMetadata"))?;
        Ok(table(metadata))
    }

    /// Runs the one statement to its end.
    async fn run(&self, named: Named<'_>, table: &Table) -> Result<Rows, Failed> {
        let asked = statement(self.sought, named.database, named.table, table);
        asked.left_out.iter().for_each(|why| self.asker.say(why));
        self.asker.say(&asked.sql);
        let client = self.clients.athena();
        // The same for each attempt, so that it is begun once.
        let token: String = std::iter::repeat_with(fastrand::alphanumeric).take(40).collect();
        let context = QueryExecutionContext::builder().catalog(CATALOG).database(named.database).build();
        let send = || {
            let start = client.start_query_execution().query_string(&asked.sql).client_request_token(&token);
            let start = start.query_execution_context(context.clone());
            start.set_work_group(named.workgroup.map(str::to_owned)).send()
        };
        let begun = self.asker.ask(Call::StartAthenaQuery, &self.place, send).await.result;
        let begun = begun.map_err(|failure| Failed::new(Call::StartAthenaQuery, with_hint(failure)))?;
        let Some(id) = begun.query_execution_id else {
            let failure = Failure::unusable("the answer has no QueryExecutionId");
            return Err(Failed::new(Call::StartAthenaQuery, failure));
        };
        let scanned = self.end(&id).await.map_err(|failure| Failed::new(Call::GetAthenaQuery, failure))?;
        let (columns, cells) =
            self.all_rows(&id).await.map_err(|failure| Failed::new(Call::GetAthenaQueryResults, failure))?;
        Ok(Rows { columns, cells, scanned })
    }

    /// Waits for its end, and tells how many bytes were scanned.
    async fn end(&self, id: &str) -> Result<Option<u64>, Failure> {
        let client = self.clients.athena();
        let mut asked = 0;
        loop {
            let send = || client.get_query_execution().query_execution_id(id).send();
            let out = self.asker.ask(Call::GetAthenaQuery, &self.place, send).await.result?;
            let execution =
                out.query_execution().ok_or_else(|| Failure::unusable("the answer has no QueryExecution"))?;
            let state = execution.status().and_then(|status| status.state());
            match state {
                Some(QueryExecutionState::Succeeded) => {
                    let scanned = execution.statistics().and_then(QueryExecutionStatistics::data_scanned_in_bytes);
                    return Ok(scanned.and_then(|bytes| u64::try_from(bytes).ok()));
                }
                Some(QueryExecutionState::Queued | QueryExecutionState::Running) => {}
                state => return Err(ended(state, execution)),
            }
            if self.asker.time().left() < SPARE + pause(asked) {
                let stop = || client.stop_query_execution().query_execution_id(id).send();
                // What it costs goes on growing where that fails; there is no more to be done.
                let _ = self.asker.ask(Call::StopAthenaQuery, &self.place, stop).await;
                return Err(Failure::timed_out("the query did not end in time (more of it: --timeout)"));
            }
            tokio::time::sleep(pause(asked)).await;
            asked += 1;
        }
    }

    /// All rows, without the one that has the columns' names.
    async fn all_rows(&self, id: &str) -> Result<(Vec<String>, Vec<Vec<Option<String>>>), Failure> {
        let client = self.clients.athena();
        let send = |token: Option<String>| {
            client.get_query_results().query_execution_id(id).set_next_token(token).max_results(PAGE).send()
        };
        let page = |out: GetQueryResultsOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(set) = out.result_set() else {
                return (Err(Failure::unusable("the answer has no ResultSet")), token);
            };
            let columns = set.result_set_metadata().map(ResultSetMetadata::column_info).unwrap_or_default();
            let names: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
            let rows = set.rows().iter().map(|row| (names.clone(), cells(row))).collect::<Vec<_>>();
            (Ok(rows), token)
        };
        let all = self.asker.pages(Call::GetAthenaQueryResults, &self.place, send, page).await.result?;
        let mut rows = all.into_iter();
        let Some((names, first)) = rows.next() else { return Ok((Vec::new(), Vec::new())) };
        let header: Vec<String> = first.iter().map(|cell| cell.clone().unwrap_or_default()).collect();
        let is_header = names.is_empty() || header.iter().map(String::as_str).eq(names.iter().map(String::as_str));
        let columns = if names.is_empty() { header } else { names };
        let first = (!is_header).then_some(first);
        Ok((columns, first.into_iter().chain(rows.map(|(_, cells)| cells)).collect()))
    }
}

fn cells(row: &Row) -> Vec<Option<String>> {
    row.data().iter().map(|cell| cell.var_char_value().map(str::to_owned)).collect()
}

/// Why a query has no rows.
fn ended(state: Option<&QueryExecutionState>, execution: &QueryExecution) -> Failure {
    let state = state.map_or("no state", QueryExecutionState::as_str);
    let status = execution.status();
    let reason = status.and_then(|status| {
        let error = || status.athena_error().and_then(|error| error.error_message());
        status.state_change_reason().or_else(error)
    });
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    let mut failure = Failure::unusable(format!("the query ended as {state}{reason}"));
    state.clone_into(&mut failure.code);
    failure
}

/// With what helps, where a workgroup does not say where results go.
fn with_hint(mut failure: Failure) -> Failure {
    if failure.kind == Kind::Other && failure.message.to_ascii_lowercase().contains("output location") {
        failure.message.push_str(" (name a workgroup that has one: athena:DATABASE.TABLE@WORKGROUP)");
    }
    failure
}

fn table(metadata: &TableMetadata) -> Table {
    let named = |columns: &[Column]| -> BTreeMap<String, String> {
        let pair =
            |column: &Column| (column.name().to_ascii_lowercase(), column.r#type().unwrap_or_default().to_owned());
        columns.iter().map(pair).collect()
    };
    let parameters: BTreeMap<String, String> =
        metadata.parameters().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect();
    Table {
        columns: named(metadata.columns()),
        partitions: named(metadata.partition_keys()),
        location: parameters.get("location").cloned(),
        parameters,
        is_described: true,
    }
}
