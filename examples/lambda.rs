//! Embeds `idc` in a function that answers questions, shaped as a handler of AWS Lambda: a question as JSON in, the answer
//! as JSON out. Credentials, HTTP client and endpoints are the function's own.
//!
//! ```text
//! echo '{"user": "jane.doe", "account": "123456789012"}' | cargo run --example lambda
//! ```

#![expect(clippy::disallowed_methods, reason = "an example prints for itself")]

use std::io::{self, Read, Write};
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use idc::answers::diagnosis::diagnose;
use idc::collect::{Settings, collect};
use idc::error::Error;
use idc::evidence::{Pasted, Question};
use idc::render;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;

/// Less than the function itself may take.
const TIMEOUT: Duration = Duration::from_secs(45);
const SINCE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    /// A user name, an e-mail or a user id.
    user: String,
    /// An account's id or name, the ARN of a role in it, or a link of the access portal.
    account: String,
    /// One permission set alone.
    #[serde(default)]
    permission_set: Option<String>,
    /// The role with which the account is read.
    #[serde(default)]
    target_role: Option<String>,
}

/// What Lambda's runtime would call. A question that has no answer is answered with an error, in the same form as
/// `idc why --output json` has it.
async fn handler(event: Value, config: &SdkConfig) -> Value {
    let mut text = Vec::new();
    let told = match Box::pin(answer(event, config)).await {
        Ok(answer) => return answer,
        Err(error) => render::json::write_error(&mut text, &error),
    };
    told.ok().and_then(|()| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

async fn answer(event: Value, config: &SdkConfig) -> Result<Value, Error> {
    let event: Event = serde_json::from_value(event).map_err(|error| Error::Usage(error.to_string()))?;
    let account: Pasted = event.account.parse().map_err(Error::Usage)?;
    let question = Question {
        user: event.user,
        account: account.account,
        permission_set: event.permission_set.or(account.permission_set),
        group: None,
        since: SINCE,
        profile: None,
        target_profile: None,
        target_role: event.target_role,
    };
    let mut settings = Settings::new(TIMEOUT);
    settings.config = Some(config.clone());
    let evidence = Box::pin(collect(question, None, &settings)).await?;
    let mut text = Vec::new();
    render::json::write(&mut text, &diagnose(&evidence))?;
    serde_json::from_slice(&text).map_err(|error| Error::Print(error.into()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut asked = String::new();
    io::stdin().read_to_string(&mut asked)?;
    // Once, when the function starts; each question then uses it.
    let config = aws_config::load_defaults(BehaviorVersion::v2026_01_12()).await;
    let answer = Box::pin(handler(serde_json::from_str(&asked)?, &config)).await;
    Ok(writeln!(io::stdout(), "{answer:#}")?)
}
