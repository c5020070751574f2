//! A log group of Amazon CloudWatch Logs to which a trail writes, by a query of Logs Insights.

use aws_sdk_cloudtrail::operation::get_event_selectors::GetEventSelectorsOutput;
use aws_sdk_cloudtrail::types::{EventSelector, ReadWriteType, Trail};
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::types::{LogGroup, LogGroupClass, QueryStatistics, QueryStatus, ResultField};
use jiff::Timestamp;

use super::lake::takes_all_management_events;
use super::{Answer, Query, SPARE, pause};
use crate::collect::failure::Failure;
use crate::collect::timestamp;
use crate::evidence::Call;
use crate::plan::history::LAG;
use crate::trail::Reach;
use crate::trail::logs::{found, query};

/// The field that has the record.
const MESSAGE: &str = "@message";
/// How many rows come at a time.
const PAGE: i32 = 1000;

/// The rows of a query that is at its end.
struct Rows {
    texts: Vec<String>,
    scanned: Option<u64>,
}

impl Query<'_> {
    /// Asks a log group.
    pub(super) async fn logs(&self, group: &str) -> Answer {
        let (reach, rows) = tokio::join!(Box::pin(self.log_group(group)), Box::pin(self.log_rows(group)));
        let rows = rows?;
        // What it holds is not known then, which is told; what it gave counts all the same.
        Ok(found(&rows.texts, rows.scanned, self.sought, reach.ok().flatten().as_ref()))
    }

    async fn log_rows(&self, group: &str) -> Result<Rows, (Call, Failure)> {
        let query = query(self.sought);
        self.asker.say(&query);
        let client = self.clients.logs();
        let window = self.sought.window;
        // Rows are taken by when they were written; what is too much is left out afterwards.
        let until = window.until.checked_add(LAG).unwrap_or(window.until);
        let send = || {
            let start = client.start_query().query_string(&query);
            let start = start.start_time(window.since.as_second()).end_time(until.as_second());
            if group.starts_with("arn:") { start.log_group_identifiers(group) } else { start.log_group_name(group) }
                .send()
        };
        let begun = self.asker.ask(Call::StartLogsQuery, &self.place, send).await.result;
        let begun = begun.map_err(|failure| (Call::StartLogsQuery, failure))?;
        let Some(id) = begun.query_id else {
            return Err((Call::StartLogsQuery, Failure::unusable("the answer has no queryId")));
        };
        let failed = |failure| (Call::GetLogsQueryResults, failure);
        let first = self.end_of_logs(&id).await.map_err(failed)?;
        let scanned = first.statistics().map(QueryStatistics::bytes_scanned).and_then(whole);
        let mut rows = texts(&first).map_err(failed)?;
        if let Some(second) = first.next_token().filter(|token| !token.is_empty()) {
            let send = |token: Option<String>| {
                let page = client.get_query_results().query_id(&id).max_items(PAGE);
                page.set_next_token(token.or_else(|| Some(second.to_owned()))).send()
            };
            let read = |out: GetQueryResultsOutput| (texts(&out), out.next_token().map(str::to_owned));
            let others = self.asker.pages(Call::GetLogsQueryResults, &self.place, send, read).await;
            rows.extend(others.result.map_err(failed)?);
        }
        Ok(Rows { texts: rows, scanned })
    }

    /// Waits for the end of the query. What it gives before is only a part.
    async fn end_of_logs(&self, id: &str) -> Result<GetQueryResultsOutput, Failure> {
        let mut asked = 0;
        loop {
            let out = self.first_page(id).await?;
            match out.status() {
                Some(QueryStatus::Complete) => return Ok(out),
                Some(QueryStatus::Scheduled | QueryStatus::Running) => {}
                status => {
                    let status = status.map_or("no status", QueryStatus::as_str);
                    let mut failure = Failure::unusable(format!("the query ended as {status}"));
                    status.clone_into(&mut failure.code);
                    return Err(failure);
                }
            }
            if self.asker.time().left() < SPARE + pause(asked) {
                let client = self.clients.logs();
                let stop = || client.stop_query().query_id(id).send();
                // It ends by itself where that fails.
                let _ = self.asker.ask(Call::StopLogsQuery, &self.place, stop).await;
                return Err(Failure::timed_out("the query did not end in time (more of it: --timeout)"));
            }
            tokio::time::sleep(pause(asked)).await;
            asked += 1;
        }
    }

    async fn first_page(&self, id: &str) -> Result<GetQueryResultsOutput, Failure> {
        let client = self.clients.logs();
        let send = || client.get_query_results().query_id(id).max_items(PAGE).send();
        self.asker.ask(Call::GetLogsQueryResults, &self.place, send).await.result
    }

    /// What the log group is known to hold: what the trail that writes to it takes, since both are there. `None` where no
    /// trail of this account and Region does.
    async fn log_group(&self, group: &str) -> Result<Option<Reach>, Failure> {
        let client = self.clients.cloud_trail();
        let trails = self.asker.ask(Call::DescribeTrails, &self.place, || client.describe_trails().send());
        let (group, trails) = tokio::join!(Box::pin(self.described(group)), Box::pin(trails));
        let (Some(group), trails) = (group?, trails.result?) else { return Ok(None) };
        let arn = group.log_group_arn().or_else(|| group.arn().map(without_streams));
        let writes = |trail: &&Trail| {
            let to = trail.cloud_watch_logs_log_group_arn().map(without_streams);
            to.is_some() && to == arn
        };
        let mut best = None;
        for trail in trails.trail_list().iter().filter(writes) {
            let reach = self.reach(&group, trail).await?;
            let is_wider = |than: &Reach| width(&reach) > width(than);
            if best.as_ref().is_none_or(is_wider) {
                best = Some(reach);
            }
        }
        Ok(best)
    }

    async fn described(&self, group: &str) -> Result<Option<LogGroup>, Failure> {
        let client = self.clients.logs();
        let name = group.rsplit(":log-group:").next().unwrap_or(group);
        let send = || client.describe_log_groups().log_group_name_prefix(name).send();
        // The shortest name comes first.
        let out = self.asker.ask(Call::DescribeLogGroups, &self.place, send).await.result?;
        let is_it = |found: &&LogGroup| {
            found.log_group_name() == Some(name) && (name == group || found.arn().map(without_streams) == Some(group))
        };
        Ok(out.log_groups().iter().find(is_it).cloned())
    }

    async fn reach(&self, group: &LogGroup, trail: &Trail) -> Result<Reach, Failure> {
        let client = self.clients.cloud_trail();
        let arn = trail.trail_arn().unwrap_or_default();
        let (send_status, send_selectors) =
            (|| client.get_trail_status().name(arn).send(), || client.get_event_selectors().trail_name(arn).send());
        let (status, selectors) = tokio::join!(
            Box::pin(self.asker.ask(Call::GetTrailStatus, &self.place, send_status)),
            Box::pin(self.asker.ask(Call::GetEventSelectors, &self.place, send_selectors)),
        );
        let (status, selectors) = (status.result?, selectors.result?);
        let made = group.creation_time().and_then(|at| Timestamp::from_millisecond(at).ok());
        let began = status.start_logging_time().and_then(timestamp);
        Ok(Reach {
            account: arn.split(':').nth(4).map(str::to_owned),
            region: trail.home_region().map(str::to_owned),
            of_organization: trail.is_organization_trail() == Some(true),
            of_every_region: trail.is_multi_region_trail() == Some(true),
            since: made.zip(began).map(|(made, began)| made.max(began)),
            days: group.retention_in_days(),
            // In another class, events have no fields that a query could ask for.
            is_whole: group.log_group_class().is_none_or(|class| *class == LogGroupClass::Standard)
                && status.is_logging() == Some(true)
                && takes_everything(&selectors),
        })
    }
}

fn width(reach: &Reach) -> (bool, bool, bool) {
    (reach.is_whole, reach.of_organization, reach.of_every_region)
}

/// An ARN without the end that stands for all streams of the log group.
fn without_streams(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}

/// Whether a trail takes every management event. Events of the RDS Data API may be left out: nothing of them matters.
fn takes_everything(selectors: &GetEventSelectorsOutput) -> bool {
    let is_whole = |selector: &EventSelector| {
        selector.include_management_events() == Some(true)
            && selector.read_write_type() == Some(&ReadWriteType::All)
            && selector.exclude_management_event_sources().iter().all(|source| source == "rdsdata.amazonaws.com")
    };
    selectors.event_selectors().iter().any(is_whole)
        || selectors.advanced_event_selectors().iter().any(takes_all_management_events)
}

/// The record of each row.
fn texts(page: &GetQueryResultsOutput) -> Result<Vec<String>, Failure> {
    let text = |row: &Vec<ResultField>| {
        let message = row.iter().find(|field| field.field() == Some(MESSAGE)).and_then(ResultField::value);
        message.map(str::to_owned).ok_or_else(|| Failure::unusable(format!("a row of the answer has no {MESSAGE}")))
    };
    page.results().iter().map(text).collect()
}

/// A number of bytes, which comes as one that may have a fraction.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a number that can be one")]
fn whole(bytes: f64) -> Option<u64> {
    (bytes.is_finite() && bytes >= 0.0).then_some(bytes as u64)
}
