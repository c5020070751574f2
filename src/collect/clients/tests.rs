//! Where requests go and for which Region they are signed: the SDK's endpoint rules have the last word on both, in every
//! partition, with FIPS and dual-stack endpoints as well.

use std::sync::{Arc, Mutex};

use aws_sdk_sts::config::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::shared::IntoShared;

use super::*;

/// Sends nothing, and remembers to which host and for which Region it should have gone.
#[derive(Debug, Clone, Default)]
struct Nowhere(Arc<Mutex<Vec<(String, String)>>>);

impl HttpConnector for Nowhere {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = request.uri().split('/').nth(2).unwrap_or_default().to_owned();
        let scope = request.headers().get("authorization").unwrap_or_default().split('/').nth(2);
        if let Ok(mut sent) = self.0.lock() {
            sent.push((host, scope.unwrap_or_default().to_owned()));
        }
        HttpConnectorFuture::ready(Err(ConnectorError::user("not sent".into())))
    }
}

impl HttpClient for Nowhere {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        self.clone().into_shared()
    }
}

/// Where one request to each service goes, in the order of sts, organizations, iam, sso-admin, identity store,
/// CloudTrail and account access manager.
async fn places(region: &'static str, fips: bool, dual_stack: bool) -> Vec<(String, String)> {
    let nowhere = Nowhere::default();
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-west-2"))
        .retry_config(RetryConfig::disabled())
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("AKIA", "secret", None, None, "test")))
        .http_client(nowhere.clone())
        .use_fips(fips)
        .use_dual_stack(dual_stack)
        .build();
    let clients = Clients { config }.in_region(region);
    // Each fails, since nothing is sent.
    assert!(clients.sts().get_caller_identity().send().await.is_err());
    assert!(clients.organizations().describe_organization().send().await.is_err());
    assert!(clients.iam().get_account_summary().send().await.is_err());
    assert!(clients.sso_admin().list_instances().send().await.is_err());
    assert!(clients.identity_store().list_users().identity_store_id("d-1").send().await.is_err());
    assert!(clients.cloud_trail().lookup_events().send().await.is_err());
    assert!(clients.account_access().list_applications().send().await.is_err());
    let sent = nowhere.0.lock().map(|sent| sent.clone()).unwrap_or_default();
    assert_eq!(sent.len(), 7, "{region}: {sent:?}");
    sent
}

#[tokio::test]
async fn follow_the_partition_and_its_global_services() {
    for (region, global, suffix) in [
        ("eu-west-1", "us-east-1", ".amazonaws.com"),
        ("us-gov-east-1", "us-gov-west-1", ".amazonaws.com"),
        ("cn-northwest-1", "cn-north-1", ".amazonaws.com.cn"),
        ("eusc-de-east-1", "eusc-de-east-1", ".amazonaws.eu"),
    ] {
        let sent = places(region, false, false).await;
        for (number, (host, signed)) in sent.iter().enumerate() {
            // Account access manager knows dual-stack addresses only.
            assert!(host.ends_with(suffix) || number == 6, "{region}: {host}");
            // An organization's services and IAM have one control plane in a partition.
            let control_plane =
                if matches!(number, 1 | 2) { signing_region_of(region, number, global) } else { region };
            assert_eq!(signed, control_plane, "{region}: {host}");
        }
    }
}

/// China's Organizations endpoint is in the other Region than its IAM's.
fn signing_region_of(region: &str, number: usize, global: &'static str) -> &'static str {
    if region.starts_with("cn-") && number == 1 { "cn-northwest-1" } else { global }
}

#[tokio::test]
async fn follow_the_wish_for_fips_and_dual_stack() {
    for (region, fips, dual_stack, suffix) in [
        ("us-east-2", true, false, ".amazonaws.com"),
        ("us-east-2", false, true, ".api.aws"),
        ("us-east-2", true, true, ".api.aws"),
        ("us-gov-west-1", true, true, ".api.aws"),
        ("cn-north-1", false, true, ".api.amazonwebservices.com.cn"),
        ("eusc-de-east-1", false, true, ".api.amazonwebservices.eu"),
    ] {
        for (number, (host, _)) in places(region, fips, dual_stack).await.iter().enumerate() {
            assert!(host.ends_with(suffix) || number == 6, "{region}: {host}");
            // IAM and Organizations in GovCloud have no endpoints but those that are FIPS endpoints by themselves.
            let by_itself = region.starts_with("us-gov-") && matches!(number, 1 | 2);
            assert_eq!(host.contains("-fips."), fips && !by_itself, "{region}: {host}");
        }
    }
}
