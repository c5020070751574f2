//! An event data store of CloudTrail Lake.

use std::collections::HashMap;

use aws_sdk_cloudtrail::operation::get_event_data_store::GetEventDataStoreOutput;
use aws_sdk_cloudtrail::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudtrail::types::{AdvancedEventSelector, EventDataStoreStatus, QueryStatistics, QueryStatus};

use super::{Answer, Query, SPARE, pause};
use crate::collect::failure::Failure;
use crate::collect::timestamp;
use crate::evidence::Call;
use crate::trail::Reach;
use crate::trail::lake::{found, statement};

/// How many rows come at a time.
const PAGE: i32 = 1000;

/// The rows of a query that is at its end.
struct Rows {
    texts: Vec<String>,
    scanned: Option<i64>,
}

impl Query<'_> {
    /// Asks an event data store.
    pub(super) async fn lake(&self, id: &str) -> Answer {
        let statement = statement(self.sought, id);
        self.asker.say(&statement);
        let (store, rows) = tokio::join!(Box::pin(self.store(id)), Box::pin(self.rows(statement)));
        let rows = rows?;
        // What it holds is not known then, which is told; what it gave counts all the same.
        Ok(found(&rows.texts, rows.scanned, self.sought, store.ok().as_ref()))
    }

    async fn store(&self, id: &str) -> Result<Reach, Failure> {
        let client = self.clients.cloud_trail();
        let send = || client.get_event_data_store().event_data_store(id).send();
        let reply = self.asker.ask(Call::GetEventDataStore, &self.place, send).await;
        reply.result.map(|out| store(&out))
    }

    async fn rows(&self, statement: String) -> Result<Rows, (Call, Failure)> {
        let client = self.clients.cloud_trail();
        let send = || client.start_query().query_statement(&statement).send();
        let begun = self.asker.ask(Call::StartLakeQuery, &self.place, send).await.result;
        let begun = begun.map_err(|failure| (Call::StartLakeQuery, failure))?;
        let Some(query) = begun.query_id else {
            return Err((Call::StartLakeQuery, Failure::unusable("the answer has no QueryId")));
        };
        let failed = |failure| (Call::GetLakeQueryResults, failure);
        let page =
            |token| client.get_query_results().query_id(&query).set_next_token(token).max_query_results(PAGE).send();
        let mut asked = 0;
        let first = loop {
            let out = self.asker.ask(Call::GetLakeQueryResults, &self.place, || page(None)).await.result;
            let out = out.map_err(failed)?;
            match out.query_status() {
                Some(QueryStatus::Finished) => break out,
                Some(QueryStatus::Queued | QueryStatus::Running) => {}
                status => return Err(failed(ended(status, out.error_message()))),
            }
            if self.asker.time().left() < SPARE + pause(asked) {
                let cancel = || client.cancel_query().query_id(&query).send();
                // It ends by itself where that fails.
                let _ = self.asker.ask(Call::CancelLakeQuery, &self.place, cancel).await;
                return Err(failed(Failure::timed_out("the query did not end in time (more of it: --timeout)")));
            }
            tokio::time::sleep(pause(asked)).await;
            asked += 1;
        };
        let scanned = first.query_statistics().and_then(QueryStatistics::bytes_scanned);
        let mut rows = texts(&first).map_err(failed)?;
        if let Some(second) = first.next_token().filter(|token| !token.is_empty()) {
            let send = |token: Option<String>| page(token.or_else(|| Some(second.to_owned())));
            let read = |out: GetQueryResultsOutput| (texts(&out), out.next_token().map(str::to_owned));
            let others = self.asker.pages(Call::GetLakeQueryResults, &self.place, send, read).await;
            rows.extend(others.result.map_err(failed)?);
        }
        Ok(Rows { texts: rows, scanned })
    }
}

/// Why a query has no rows.
fn ended(status: Option<&QueryStatus>, message: Option<&str>) -> Failure {
    let status = status.map_or("no status", QueryStatus::as_str);
    let message = message.map(|message| format!(": {message}")).unwrap_or_default();
    let mut failure = Failure::unusable(format!("the query ended as {status}{message}"));
    status.clone_into(&mut failure.code);
    failure
}

/// The one column of each row.
fn texts(page: &GetQueryResultsOutput) -> Result<Vec<String>, Failure> {
    let column = |row: &Vec<HashMap<String, String>>| {
        let mut cells = row.iter().flatten();
        cells.find(|(name, _)| name.eq_ignore_ascii_case("eventJson")).map(|(_, text)| text.clone())
    };
    let lacking = || Failure::unusable("a row of the answer has no eventJson");
    page.query_result_rows().iter().map(|row| column(row).ok_or_else(lacking)).collect()
}

fn store(out: &GetEventDataStoreOutput) -> Reach {
    let arn: Vec<&str> = out.event_data_store_arn().unwrap_or_default().split(':').collect();
    let part = |place: usize| arn.get(place).filter(|part| !part.is_empty()).map(|&part| part.to_owned());
    Reach {
        account: part(4),
        region: part(3),
        of_organization: out.organization_enabled() == Some(true),
        of_every_region: out.multi_region_enabled() == Some(true),
        since: out.created_timestamp().and_then(timestamp),
        days: out.retention_period(),
        is_whole: out.status() == Some(&EventDataStoreStatus::Enabled)
            && out.advanced_event_selectors().iter().any(takes_all_management_events),
    }
}

/// Whether nothing but the category is asked for.
pub(super) fn takes_all_management_events(selector: &AdvancedEventSelector) -> bool {
    let [only] = selector.field_selectors() else { return false };
    only.field() == "eventCategory" && only.equals().iter().any(|category| category == "Management")
}
