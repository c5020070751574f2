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

use super::credentials;
use super::whole::Whole;
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
    /// Loads what the AWS environment, a profile and a Region say. Makes no call.
    pub(crate) async fn load(profile: Option<&str>, region: Option<&str>) -> Result<Self, Error> {
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
    pub(crate) async fn signed_in(self, profile: Option<&str>, timeout: Duration) -> Result<Self, Error> {
        let provider = Box::pin(credentials::get(&self.config, timeout)).await;
        let provider =
            provider.map_err(|message| Error::NoCredentials { message, profile: profile.map(str::to_owned) })?;
        Ok(Self { config: self.config.into_builder().credentials_provider(provider).build() })
    }

    async fn from_environment(profile: Option<&str>, region: Option<&str>) -> Result<Self, Error> {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            // Given explicitly, since the SDK panics on a bad AWS_MAX_ATTEMPTS when it reads it itself.
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_secs(5))
                    .operation_attempt_timeout(Duration::from_secs(20))
                    .build(),
            );
        loader = loader.profile_files(credentials::files());
        if let Ok(name) = AppName::new("idc") {
            loader = loader.app_name(name);
        }
        // A variable that is set to nothing counts as not set, and the SDK would look for a profile without a name.
        let is_empty = |variable| std::env::var_os(variable).is_some_and(|value| value.is_empty());
        if let Some(profile) = profile.or_else(|| is_empty("AWS_PROFILE").then_some("default")) {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = region {
            loader = loader.region(Region::new(region.to_owned()));
        }
        if let Some(client) = http_client()? {
            loader = loader.http_client(client);
        }
        let config = Box::pin(loader.load()).await;
        let config = match config.region() {
            Some(region) if !region.as_ref().is_empty() => config,
            Some(_) | None => {
                let named = std::env::var("AWS_DEFAULT_REGION").ok().filter(|region| !region.is_empty());
                let region = Region::new(named.unwrap_or_else(|| FALLBACK_REGION.to_owned()));
                config.into_builder().region(region).build()
            }
        };
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
        aws_sdk_ssoadmin::Client::new(&self.config)
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
        aws_sdk_organizations::Client::new(&self.config)
    }

    pub(crate) fn iam(&self) -> aws_sdk_iam::Client {
        let config = aws_sdk_iam::config::Builder::from(&self.config).interceptor(Whole);
        aws_sdk_iam::Client::from_conf(config.build())
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

/// An HTTP client that trusts the certificates of `AWS_CA_BUNDLE` too. The SDK ignores that variable, and people
/// behind a proxy that inspects TLS depend on it. `None`: the SDK's own client serves.
fn http_client() -> Result<Option<SharedHttpClient>, Error> {
    let Some(path) = std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(None);
    };
    let pem = input::file(&path, 16 << 20)
        .map_err(|error| Error::CaBundle { path: path.clone(), message: error.to_string() })?;
    if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
        return Err(Error::CaBundle { path, message: "it holds no PEM certificate".to_owned() });
    }
    let trust = TrustStore::default().with_pem_certificate(pem);
    let context = TlsContext::builder()
        .with_trust_store(trust)
        .build()
        .map_err(|error| Error::CaBundle { path, message: error.to_string() })?;
    let client = aws_smithy_http_client::Builder::new().build_with_connector_fn(move |settings, components| {
        // A client made by hand goes past every proxy unless told otherwise.
        let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context.clone()).build()
    });
    Ok(Some(client))
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
