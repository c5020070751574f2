//! An HTTP client that reads no answer without end: whoever answers in AWS's place must not fill the memory.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;

/// No answer that is asked for here comes near this size.
const LARGEST: usize = 32 << 20;

/// Why an answer was not read.
#[derive(Debug, thiserror::Error)]
#[error("length limit exceeded")]
struct TooLong;

/// The same client, with a limit on what it reads.
pub(super) fn bounded(client: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(Client(client))
}

#[derive(Debug)]
struct Client(SharedHttpClient);

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.0.http_connector(settings, components)))
    }
}

#[derive(Debug)]
struct Connector(SharedHttpConnector);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            // One that says so is not even begun.
            let length = answer.headers().get("content-length").and_then(|length| length.parse::<usize>().ok());
            if length.is_some_and(|length| length > LARGEST) {
                return Err(ConnectorError::other(TooLong.into(), None));
            }
            Ok(answer.map(|body| SdkBody::from_body_1_x(Limited::new(body, LARGEST))))
        })
    }
}
