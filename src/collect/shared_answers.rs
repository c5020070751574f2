//! What several questions of one run have in common is asked once: AWS's answers to requests that are the same byte for
//! byte, by the same credentials. Only answers are kept, never refusals, and no longer than the run.

use std::cell::Cell;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use jiff::Timestamp;

use super::history;

/// How many bytes of answers are kept.
const LARGEST: usize = 64 << 20;

tokio::task_local! {
    /// Whether the request that is under way was answered from memory.
    static WAS_KEPT: Cell<bool>;
}

/// Sends a request, and tells whether AWS was spared it.
pub(super) async fn watched<T>(send: impl Future<Output = T>) -> (T, bool) {
    // The SDK's futures are large, and this one would hold two.
    let send = Box::pin(send);
    let both = async { (send.await, WAS_KEPT.with(Cell::get)) };
    WAS_KEPT.scope(Cell::new(false), both).await
}

/// The answers that the questions of one run share, and the time for what they ask of the past.
#[derive(Debug, Clone)]
pub struct SharedAnswers {
    kept: Arc<Mutex<Kept>>,
    begun: Timestamp,
    /// What is left of the time for the past.
    past: Arc<Mutex<Duration>>,
}

#[derive(Debug, Default)]
struct Kept {
    answers: HashMap<Request, Answer>,
    size: usize,
}

/// What makes two requests the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Request {
    /// Whose key signed it, for which Region and service.
    signed_by: String,
    method: String,
    address: String,
    operation: String,
    body: Vec<u8>,
}

#[derive(Debug, Clone)]
struct Answer {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl SharedAnswers {
    /// For a run that takes no longer than that: the past of all of them together takes no larger part than that of one.
    pub fn of_run(timeout: Duration) -> Self {
        let past = Arc::new(Mutex::new(timeout / history::PART));
        Self { kept: Arc::default(), begun: Timestamp::now(), past }
    }

    /// When the run began: what is asked of the same time for each of them is the same request.
    pub(super) const fn begun(&self) -> Timestamp {
        self.begun
    }

    /// How long the past of whoever is next may take.
    pub(super) fn left_for_the_past(&self) -> Duration {
        *self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// That so much of it was taken.
    pub(super) fn took_for_the_past(&self, time: Duration) {
        let mut left = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_sub(time);
    }

    /// The same client, which asks only what it was not told yet.
    pub(super) fn before(&self, client: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(Client { answers: self.clone(), client })
    }

    fn get(&self, request: &Request) -> Option<HttpResponse> {
        let answer = self.kept.lock().unwrap_or_else(PoisonError::into_inner).answers.get(request).cloned()?;
        Some(answer.response())
    }

    fn keep(&self, request: Request, answer: Answer) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let size = request.body.len() + answer.body.len();
        if kept.size + size <= LARGEST {
            kept.size += size;
            kept.answers.insert(request, answer);
        }
    }
}

impl Request {
    /// A request that can be told from every other: its body is in memory and it is signed.
    fn of(request: &HttpRequest) -> Option<Self> {
        let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
        // Whoever asks how far a query is hears something else each time.
        if [header("x-amz-target").as_str(), request.uri()].iter().any(|operation| operation.contains("Query")) {
            return None;
        }
        let authorization = header("authorization");
        let signed_by = authorization.split_once("Credential=")?.1.split(',').next()?.to_owned();
        Some(Self {
            signed_by,
            method: request.method().to_owned(),
            address: request.uri().to_owned(),
            operation: header("x-amz-target"),
            body: request.body().bytes()?.to_vec(),
        })
    }
}

impl Answer {
    fn response(self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status, SdkBody::from(self.body));
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}

#[derive(Debug)]
struct Client {
    answers: SharedAnswers,
    client: SharedHttpClient,
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        SharedHttpConnector::new(Connector { answers: self.answers.clone(), connector })
    }
}

#[derive(Debug)]
struct Connector {
    answers: SharedAnswers,
    connector: SharedHttpConnector,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(asked) = Request::of(&request) else { return self.connector.call(request) };
        if let Some(response) = self.answers.get(&asked) {
            let _ = WAS_KEPT.try_with(|kept| kept.set(true));
            return HttpConnectorFuture::ready(Ok(response));
        }
        let (sent, answers) = (self.connector.call(request), self.answers.clone());
        HttpConnectorFuture::new(async move {
            let response = sent.await?;
            if response.status().as_u16() != 200 {
                return Ok(response);
            }
            let headers = response.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let status = response.status();
            let body = response.into_body().collect().await.map_err(ConnectorError::io)?;
            let answer = Answer { status, headers, body: body.to_bytes().to_vec() };
            answers.keep(asked, answer.clone());
            Ok(answer.response())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_of_all_takes_no_longer_than_that_of_one() {
        let shared = SharedAnswers::of_run(Duration::from_mins(1));
        assert_eq!(shared.left_for_the_past(), Duration::from_secs(15));
        shared.clone().took_for_the_past(Duration::from_secs(10));
        assert_eq!(shared.left_for_the_past(), Duration::from_secs(5));
        shared.took_for_the_past(Duration::from_secs(10));
        assert_eq!(shared.left_for_the_past(), Duration::ZERO);
    }

    #[test]
    fn how_far_a_query_is_is_asked_each_time() {
        let request = |operation: &str| {
            let mut request = HttpRequest::new(SdkBody::from("{}"));
            request.headers_mut().insert("authorization", "AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host");
            request.headers_mut().insert("x-amz-target", operation.to_owned());
            Request::of(&request)
        };
        assert!(request("CloudTrail_20131101.LookupEvents").is_some());
        for operation in
            ["AmazonAthena.GetQueryExecution", "CloudTrail_20131101.DescribeQuery", "Logs_20140328.GetQueryResults"]
        {
            assert_eq!(request(operation), None, "{operation}");
        }
    }
}
