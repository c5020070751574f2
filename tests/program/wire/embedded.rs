//! The library in somebody else's program: with credentials and endpoints that are handed in, and without a trace.

use std::fs;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use idc::answers::diagnosis::diagnose;
use idc::collect::{Settings, collect};
use idc::evidence::{AccountRef, Question};
use idc::verdict::Verdict;
use jiff::SignedDuration;

use crate::wire::scenarios;
use served::{MANAGEMENT_KEY, READ_ROLE, secret, session_token};

fn question() -> Question {
    Question {
        user: "jane.doe".into(),
        account: AccountRef::Id("123456789012".into()),
        permission_set: None,
        group: None,
        since: SignedDuration::from_hours(24),
        profile: None,
        target_profile: None,
        target_role: Some(READ_ROLE.into()),
    }
}

/// The signals that this process catches, as far as the system tells.
fn caught() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find(|line| line.starts_with("SigCgt")).map(str::to_owned)
}

#[test]
fn asks_with_what_is_handed_in_and_catches_no_signal() {
    let served = scenarios::named("healthy--group").serve();
    let token = session_token(MANAGEMENT_KEY);
    let token = Some(token).filter(|token| !token.is_empty());
    let credentials = Credentials::new(MANAGEMENT_KEY, secret(MANAGEMENT_KEY), token, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .endpoint_url(served.endpoint())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let mut settings = Settings::new(Duration::from_mins(1));
    settings.config = Some(config);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let before = caught();
    let evidence = runtime.block_on(Box::pin(collect(question(), None, &settings))).unwrap();
    assert_eq!(caught(), before);
    assert_eq!(diagnose(&evidence).verdict, Verdict::Reachable);
    assert!(served.count("iam:ListRoles") > 0);
}
