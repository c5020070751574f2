//! The one place where AWS clients are configured. Credentials, Regions, endpoints and proxies come from the standard
//! AWS environment; retries are switched off, because `ask` does them under its own rates and deadline.

use std::path::PathBuf;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::ask::Time;
use super::bounded::bounded;
use super::whole::Whole;
use super::{Settings, SharedAnswers, credentials, failure};
use crate::error::Error;
use crate::input;

/// Where to look first when neither an option nor the environment names a Region.
const FALLBACK_REGION: &str = "us-east-1";

/// Configuration for one set of credentials.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    config: SdkConfig,
}

impl Clients {
    /// What was handed in, or else what the AWS environment, a profile and a Region say; within the time there is.
    pub(crate) async fn load(profile: Option<&str>, settings: &Settings, time: Time) -> Result<Self, Error> {
        let region = settings.region.as_deref();
        if let Some(config) = &settings.config {
            return Ok(Self::given(config.clone(), region).sharing(settings.shared.as_ref()));
        }
        let loading = Box::pin(Self::found(profile, region));
        let found = tokio::time::timeout_at(time.end, loading).await.unwrap_or_else(|_| {
            let message = format!("what the AWS environment says was not read within {} seconds", time.whole.as_secs());
            Err(Error::NoCredentials { message, profile: profile.map(str::to_owned) })
        })?;
        Ok(found.sharing(settings.shared.as_ref()))
    }

    /// The same, which asks only what the other questions of this run were not told.
    fn sharing(self, shared: Option<&SharedAnswers>) -> Self {
        let (Some(shared), Some(client)) = (shared, self.config.http_client()) else { return self };
        let client = shared.before(client);
        Self { config: self.config.into_builder().http_client(client).build() }
    }

    /// Credentials, client and endpoints of whoever calls; how often and how long to try is still for `ask` to say.
    fn given(config: SdkConfig, region: Option<&str>) -> Self {
        let client = config.http_client().map(bounded);
        let region = region.map(|region| Region::new(region.to_owned())).or_else(|| config.region().cloned());
        let mut builder = config.into_builder().retry_config(RetryConfig::disabled()).timeout_config(timeouts());
        builder.set_http_client(client);
        builder.set_region(region.or_else(|| Some(Region::new(FALLBACK_REGION))));
        Self { config: builder.build() }
    }

    async fn found(profile: Option<&str>, region: Option<&str>) -> Result<Self, Error> {
        match profile {
            // What the environment says is left to the SDK's order of sources.
            Some(name) if std::env::var("AWS_PROFILE").as_deref() != Ok(name) => Self::of_profile(name, region).await,
            Some(_) | None => Self::from_environment(profile, region).await,
        }
    }

    /// The same with the credentials of this profile, whatever else there is.
    pub(crate) async fn of_profile(name: &str, region: Option<&str>) -> Result<Self, Error> {
        let Self { config } = Self::from_environment(Some(name), region).await?;
        let provider = credentials::of_profile(&config, name);
        Ok(Self { config: config.into_builder().credentials_provider(provider).build() })
    }

    /// The same with credentials that are there already, or why there are none.
    pub(crate) async fn signed_in(self, profile: Option<&str>, time: Time) -> Result<Self, Error> {
        let provider = Box::pin(credentials::get(&self.config, time)).await.map_err(|message| {
            if failure::tells_of_clock(&message) {
                return Error::WrongClock { message };
            }
            Error::NoCredentials { message, profile: profile.map(str::to_owned) }
        })?;
        Ok(Self { config: self.config.into_builder().credentials_provider(provider).build() })
    }

    async fn from_environment(profile: Option<&str>, region: Option<&str>) -> Result<Self, Error> {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            // Given explicitly, since the SDK panics on a bad AWS_MAX_ATTEMPTS when it reads it itself.
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts());
        loader = loader.profile_files(credentials::files());
        if let Ok(name) = AppName::new("idc") {
            loader = loader.app_name(name);
        }
        require_addresses()?;
        // A variable that is set to nothing counts as not set, and the SDK would look for a profile without a name.
        let is_empty = |variable| std::env::var_os(variable).is_some_and(|value| value.is_empty());
        if let Some(profile) = profile.or_else(|| is_empty("AWS_PROFILE").then_some("default")) {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = region {
            require_region(region)?;
            loader = loader.region(Region::new(region.to_owned()));
        }
        loader = loader.http_client(bounded(http_client()?));
        let config = Box::pin(loader.load()).await;
        let config = match config.region() {
            Some(region) if !region.as_ref().is_empty() => config,
            Some(_) | None => {
                let named = std::env::var("AWS_DEFAULT_REGION").ok().filter(|region| !region.is_empty());
                let region = Region::new(named.unwrap_or_else(|| FALLBACK_REGION.to_owned()));
                config.into_builder().region(region).build()
            }
        };
        require_region(config.region().map_or(FALLBACK_REGION, AsRef::as_ref))?;
        Ok(Self { config })
    }

    /// The same with other credentials: those of an assumed role.
    pub(crate) fn with_credentials(&self, credentials: Credentials) -> Self {
        let provider = SharedCredentialsProvider::new(credentials);
        Self { config: self.config.clone().into_builder().credentials_provider(provider).build() }
    }

    /// The Region that is asked first.
    pub(crate) fn region(&self) -> &str {
        self.config.region().map_or(FALLBACK_REGION, AsRef::as_ref)
    }

    /// The same in another Region.
    pub(crate) fn in_region(&self, region: &str) -> Self {
        Self { config: self.config.clone().into_builder().region(Region::new(region.to_owned())).build() }
    }

    pub(crate) fn sso_admin(&self) -> aws_sdk_ssoadmin::Client {
        let config = aws_sdk_ssoadmin::config::Builder::from(&self.config).interceptor(Whole);
        aws_sdk_ssoadmin::Client::from_conf(config.build())
    }

    pub(crate) fn identity_store(&self) -> aws_sdk_identitystore::Client {
        let config = aws_sdk_identitystore::config::Builder::from(&self.config).interceptor(Whole);
        aws_sdk_identitystore::Client::from_conf(config.build())
    }

    pub(crate) fn account_access(&self) -> aws_sdk_accountaccess::Client {
        let config = aws_sdk_accountaccess::config::Builder::from(&self.config).interceptor(Whole);
        aws_sdk_accountaccess::Client::from_conf(config.build())
    }

    pub(crate) fn organizations(&self) -> aws_sdk_organizations::Client {
        let config = aws_sdk_organizations::config::Builder::from(&self.config).interceptor(Whole);
        aws_sdk_organizations::Client::from_conf(config.build())
    }

    pub(crate) fn iam(&self) -> aws_sdk_iam::Client {
        let config = aws_sdk_iam::config::Builder::from(&self.config).interceptor(Whole);
        aws_sdk_iam::Client::from_conf(config.build())
    }

    pub(crate) fn logs(&self) -> aws_sdk_cloudwatchlogs::Client {
        aws_sdk_cloudwatchlogs::Client::new(&self.config)
    }

    pub(crate) fn athena(&self) -> aws_sdk_athena::Client {
        aws_sdk_athena::Client::new(&self.config)
    }

    pub(crate) fn cloud_trail(&self) -> aws_sdk_cloudtrail::Client {
        aws_sdk_cloudtrail::Client::new(&self.config)
    }

    /// The access portal, which takes no credentials. It is asked aside from the rates of the other services, so its
    /// client repeats what may pass.
    pub(crate) fn portal(&self, region: &str) -> aws_sdk_sso::Client {
        let retry = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(200));
        let config = aws_sdk_sso::config::Builder::from(&self.config).retry_config(retry);
        aws_sdk_sso::Client::from_conf(config.region(Region::new(region.to_owned())).build())
    }

    pub(crate) fn sts(&self) -> aws_sdk_sts::Client {
        aws_sdk_sts::Client::new(&self.config)
    }
}

/// How long one attempt may take.
fn timeouts() -> TimeoutConfig {
    let builder = TimeoutConfig::builder().connect_timeout(Duration::from_secs(5));
    builder.operation_attempt_timeout(Duration::from_secs(20)).build()
}

/// An HTTP client that trusts the certificates of `AWS_CA_BUNDLE` too. The SDK ignores that variable, and people
/// behind a proxy that inspects TLS depend on it.
fn http_client() -> Result<SharedHttpClient, Error> {
    let path = std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let unusable = |message: String| Error::CaBundle { path: path.clone().unwrap_or_default(), message };
    let mut trust = TrustStore::default();
    if let Some(path) = &path {
        let pem = input::file(path, 16 << 20).map_err(|error| unusable(error.to_string()))?;
        if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err(unusable("it holds no PEM certificate".to_owned()));
        }
        trust = trust.with_pem_certificate(pem);
    }
    let context = TlsContext::builder().with_trust_store(trust).build().map_err(|error| unusable(error.to_string()))?;
    Ok(aws_smithy_http_client::Builder::new().build_with_connector_fn(move |settings, components| {
        // A client made by hand goes past every proxy unless told otherwise.
        let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context.clone()).build()
    }))
}

/// Refuses an endpoint of the environment that is no address: each call would fail for it.
fn require_addresses() -> Result<(), Error> {
    for (name, value) in std::env::vars_os() {
        let variable = name.to_string_lossy();
        let value = value.to_string_lossy();
        if !variable.starts_with("AWS_ENDPOINT_URL") || value.is_empty() {
            continue;
        }
        let host = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
        let is_address = host.is_some_and(|host| host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '['));
        if !is_address || value.chars().any(char::is_whitespace) {
            return Err(Error::Endpoint { variable: variable.into_owned(), value: value.into_owned() });
        }
    }
    Ok(())
}

/// Refuses what cannot be a Region's name: it would be a part of each address.
fn require_region(region: &str) -> Result<(), Error> {
    let is_label =
        !region.is_empty() && region.len() < 64 && region.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_label { Ok(()) } else { Err(Error::Region { region: region.to_owned() }) }
}

/// Whether the environment names an endpoint of its own for any service: then a stand-in for AWS answers.
pub(crate) fn is_stand_in(clients: &Clients) -> bool {
    let named = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        name.to_str().is_some_and(|name| name.starts_with("AWS_ENDPOINT_URL")) && !value.is_empty()
    };
    clients.config.endpoint_url().is_some() || std::env::vars_os().any(named)
}

/// How often to try, where `AWS_MAX_ATTEMPTS` says so in a way that makes sense.
pub(crate) fn attempts_from_environment() -> Option<u32> {
    std::env::var("AWS_MAX_ATTEMPTS").ok()?.parse().ok().filter(|attempts| *attempts >= 1)
}

#[cfg(test)]
mod tests;
