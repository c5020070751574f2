//! `LookupEvents`: the event history of one account in one Region, by one attribute, the newest first.

use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput;
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use jiff::Timestamp;

use super::ask::{Asker, Place, Reply};
use super::failure::Failure;
use super::identity::lacking;
use crate::evidence::Call;

/// How many events a page holds when AWS fills it. Caps count events: AWS may send shorter pages.
pub(super) const PAGE: usize = 50;

/// The event history of one account in one Region.
#[derive(Debug)]
pub(super) struct EventHistory<'a> {
    pub(super) asker: &'a Asker,
    pub(super) cloud_trail: aws_sdk_cloudtrail::Client,
    pub(super) place: Place,
}

impl EventHistory<'_> {
    /// The events under one attribute since `from`, each as `read` takes it, and on as long as `more` of those so far says
    /// so; and whether older ones were left unread.
    pub(super) async fn look_up<T>(
        &self,
        attribute: (LookupAttributeKey, &str),
        from: Timestamp,
        read: impl Fn(&Event) -> Result<T, Failure>,
        more: impl Fn(&[T]) -> bool,
    ) -> Reply<(Vec<T>, bool)> {
        self.look_up_until(attribute, (from, None), read, more).await
    }

    /// The same, of a window of time.
    pub(super) async fn look_up_until<T>(
        &self,
        (key, value): (LookupAttributeKey, &str),
        (from, until): (Timestamp, Option<Timestamp>),
        read: impl Fn(&Event) -> Result<T, Failure>,
        more: impl Fn(&[T]) -> bool,
    ) -> Reply<(Vec<T>, bool)> {
        let attribute = LookupAttribute::builder().attribute_key(key).attribute_value(value).build().ok();
        let size = i32::try_from(PAGE).ok();
        let send = |token| {
            let request =
                self.cloud_trail.lookup_events().set_lookup_attributes(attribute.clone().map(|one| vec![one]));
            let request = request.start_time(aws_smithy_types::DateTime::from_secs(from.as_second()));
            let until = until.map(|until| aws_smithy_types::DateTime::from_secs(until.as_second()));
            let request = request.set_end_time(until);
            request.set_max_results(size).set_next_token(token).send()
        };
        let page = |out: LookupEventsOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(events) = out.events else { return (Err(lacking("Events")), token) };
            (events.iter().map(&read).collect(), token)
        };
        self.asker.pages_while(Call::LookupEvents, &self.place, send, page, |events, _| more(events)).await
    }
}
