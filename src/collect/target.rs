//! The target account from inside: IAM and CloudTrail, with credentials that may only read.

use aws_credential_types::Credentials;
use aws_sdk_cloudtrail::types::{LookupAttribute, LookupAttributeKey};
use aws_sdk_iam::types::PolicyScopeType;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::ask::{Asker, Place, Reply};
use super::clients::Clients;
use super::failure::Failure;
use super::identity::{lacking, present};
use super::{permissions, timestamp};
use crate::account_role::ROLE_PATH;
use crate::evidence::{
    AssumeRoleEvent, Call, Caller, CustomerPolicy, EntryMethod, EventLog, Fact, Role, SamlProvider, TargetEntry,
};

/// How many pages of events are read in one Region: at two requests a second this takes five seconds.
const EVENT_PAGES: usize = 10;
/// The shortest session that STS gives.
const SESSION_SECONDS: i32 = 900;

/// The target account, entered.
pub(crate) struct Target<'a> {
    pub(crate) asker: &'a Asker,
    pub(crate) clients: &'a Clients,
    pub(crate) account: &'a str,
}

/// Assumes a role in the target account, for reads only, whatever the role could do.
pub(crate) async fn assume(
    asker: &Asker,
    clients: &Clients,
    caller: Option<&Caller>,
    role_arn: &str,
) -> (Fact<TargetEntry>, Option<Clients>) {
    let sts = clients.sts();
    let place =
        Place { account: caller.map(|caller| caller.account.clone()), region: Some(clients.region().to_owned()) };
    let name = session_name(caller);
    let policy = permissions::session_policy();
    let send = || {
        let request = sts.assume_role().role_arn(role_arn).role_session_name(&name).policy(&policy);
        request.duration_seconds(SESSION_SECONDS).send()
    };
    let mut reply = asker.ask(Call::AssumeRole, &place, send).await.map(|out| {
        let keys = out.credentials().ok_or_else(|| lacking("Credentials"))?;
        let expires = std::time::SystemTime::try_from(*keys.expiration()).ok();
        let credentials = Credentials::new(
            present(keys.access_key_id(), "AccessKeyId")?,
            present(keys.secret_access_key(), "SecretAccessKey")?,
            Some(present(keys.session_token(), "SessionToken")?),
            expires,
            "AssumeRole",
        );
        let arn = out.assumed_role_user().map_or_else(|| role_arn.to_owned(), |user| user.arn().to_owned());
        Ok((TargetEntry { method: EntryMethod::Role, arn }, credentials))
    });
    if let Err(failure) = &mut reply.result {
        failure.message = format!("{role_arn} could not be assumed: {}", failure.message);
    }
    let entered = reply.result.as_ref().ok().map(|(_, credentials)| clients.with_credentials(credentials.clone()));
    (reply.map(|(entry, _)| Ok(entry)).fact(), entered)
}

/// CloudTrail shows the session's name: it should say what this is and who runs it.
fn session_name(caller: Option<&Caller>) -> String {
    let who = caller.and_then(|caller| caller.arn.rsplit('/').next()).unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let who: String = who.chars().filter(|c| allowed(*c)).take(58).collect();
    if who.is_empty() { "idc".to_owned() } else { format!("idc-{who}") }
}

impl Target<'_> {
    pub(crate) fn place(&self, region: Option<&str>) -> Place {
        Place { account: Some(self.account.to_owned()), region: region.map(str::to_owned) }
    }

    /// All customer managed policies.
    pub(crate) async fn policies(&self) -> Fact<Vec<CustomerPolicy>> {
        let iam = self.clients.iam();
        let send = |marker| iam.list_policies().scope(PolicyScopeType::Local).max_items(1000).set_marker(marker).send();
        let page = |out: aws_sdk_iam::operation::list_policies::ListPoliciesOutput| {
            let marker = out.marker().filter(|_| out.is_truncated()).map(str::to_owned);
            let Some(rows) = out.policies else { return (Err(lacking("Policies")), marker) };
            let rows = rows.iter().map(|row| {
                Ok(CustomerPolicy {
                    arn: present(row.arn().unwrap_or_default(), "Arn")?,
                    name: present(row.policy_name().unwrap_or_default(), "PolicyName")?,
                    path: present(row.path().unwrap_or_default(), "Path")?,
                    default_version: row.default_version_id().map(str::to_owned),
                })
            });
            (rows.collect(), marker)
        };
        self.asker.pages(Call::ListPolicies, &self.place(None), send, page).await.fact()
    }

    /// All roles of Identity Center, under whatever Region's path.
    pub(crate) async fn roles(&self) -> Fact<Vec<Role>> {
        let iam = self.clients.iam();
        let send = |marker| iam.list_roles().path_prefix(ROLE_PATH).max_items(1000).set_marker(marker).send();
        let page = |out: aws_sdk_iam::operation::list_roles::ListRolesOutput| {
            let marker = out.marker().filter(|_| out.is_truncated()).map(str::to_owned);
            let rows = out.roles().iter().map(role);
            (rows.collect(), marker)
        };
        self.asker.pages(Call::ListRoles, &self.place(None), send, page).await.fact()
    }

    /// All SAML providers.
    pub(crate) async fn saml_providers(&self) -> Fact<Vec<SamlProvider>> {
        let iam = self.clients.iam();
        let send = || iam.list_saml_providers().send();
        let reply: Reply<Vec<SamlProvider>> =
            self.asker.ask(Call::ListSamlProviders, &self.place(None), send).await.map(|out| {
                let rows = out.saml_provider_list.ok_or_else(|| lacking("SAMLProviderList"))?;
                let rows = rows.iter().map(|row| {
                    Ok(SamlProvider {
                        arn: present(row.arn().unwrap_or_default(), "Arn")?,
                        created: row.create_date().and_then(timestamp),
                        valid_until: row.valid_until().and_then(timestamp),
                    })
                });
                rows.collect()
            });
        reply.fact()
    }

    /// The user's `AssumeRoleWithSAML` events on roles of Identity Center, in one Region's event history.
    pub(crate) async fn events(&self, region: &str, user_name: &str, since: SignedDuration) -> Fact<EventLog> {
        let cloud_trail = self.clients.in_region(region).cloud_trail();
        let from = Timestamp::now().checked_sub(since).unwrap_or(Timestamp::UNIX_EPOCH);
        let attribute = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventName)
            .attribute_value("AssumeRoleWithSAML")
            .build()
            .ok();
        let send = |token| {
            let request = cloud_trail.lookup_events().set_lookup_attributes(attribute.clone().map(|one| vec![one]));
            let request = request.start_time(aws_smithy_types::DateTime::from_secs(from.as_second()));
            request.max_results(50).set_next_token(token).send()
        };
        let page = |out: aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput| {
            let token = out.next_token().map(str::to_owned);
            let Some(events) = out.events else { return (Err(lacking("Events")), token) };
            let events: Result<Vec<Option<AssumeRoleEvent>>, Failure> =
                events.iter().map(|event| event_of(event.cloud_trail_event().unwrap_or_default())).collect();
            (events, token)
        };
        let by_user = |event: &AssumeRoleEvent| event.session_name.eq_ignore_ascii_case(user_name);
        // The newest come first, and only the newest of each role counts: one success ends the search.
        let more = |events: &[Option<AssumeRoleEvent>], pages: usize| {
            let success = events.iter().flatten().any(|event| by_user(event) && event.error_code.is_none());
            pages < EVENT_PAGES && !success
        };
        let reply = self.asker.pages_while(Call::LookupEvents, &self.place(Some(region)), send, page, more).await.map(
            |(events, capped)| {
                let read = events.len();
                let mut events: Vec<_> = events.into_iter().flatten().filter(by_user).collect();
                let found = events.iter().any(|event| event.error_code.is_none());
                events.sort_by_key(|event| std::cmp::Reverse(event.at));
                Ok(EventLog { since: from, events, read, capped: capped && !found })
            },
        );
        reply.fact()
    }
}

/// A role, as IAM lists and tells it.
pub(crate) fn role(role: &aws_sdk_iam::types::Role) -> Result<Role, Failure> {
    Ok(Role {
        arn: present(role.arn(), "Arn")?,
        name: present(role.role_name(), "RoleName")?,
        path: present(role.path(), "Path")?,
        created: timestamp(role.create_date()),
        trust_policy: role.assume_role_policy_document().map(percent_decoded),
    })
}

/// IAM sends policy documents percent-encoded.
pub(crate) fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What matters of an `AssumeRoleWithSAML` event. Credentials in it are never read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEvent {
    #[serde(rename = "eventID")]
    event_id: Option<String>,
    event_time: Option<Timestamp>,
    event_name: Option<String>,
    error_code: Option<String>,
    error_message: Option<String>,
    request_parameters: Option<RawParameters>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawParameters {
    role_arn: Option<String>,
    principal_arn: Option<String>,
    role_session_name: Option<String>,
}

/// Reads an event. `None`: it is not about a role of Identity Center, or does not say who and which role.
fn event_of(json: &str) -> Result<Option<AssumeRoleEvent>, Failure> {
    let raw: RawEvent = serde_json::from_str(json)
        .map_err(|error| Failure::unusable(format!("an event of CloudTrail cannot be read: {error}")))?;
    let (Some(at), Some(RawParameters { role_arn: Some(role_arn), principal_arn, role_session_name: Some(name) })) =
        (raw.event_time, raw.request_parameters)
    else {
        return Ok(None);
    };
    let of_identity_center = role_arn.contains(&format!(":role{ROLE_PATH}"));
    if raw.event_name.as_deref() != Some("AssumeRoleWithSAML") || !of_identity_center {
        return Ok(None);
    }
    Ok(Some(AssumeRoleEvent {
        id: raw.event_id.unwrap_or_default(),
        at,
        role_arn,
        saml_provider: principal_arn,
        session_name: name,
        error_code: raw.error_code,
        error_message: raw.error_message,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_events_of_identity_center_only() {
        let event = |role: &str| {
            let text = r#"{"eventID":"e","eventTime":"2026-07-01T00:08:20Z","eventName":"AssumeRoleWithSAML",
                "requestParameters":{"roleSessionName":"jane.doe","roleArn":"ROLE","principalArn":"p"}}"#;
            event_of(&text.replace("ROLE", role)).map(|event| event.map(|event| event.session_name)).ok().flatten()
        };
        let role = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_7243976e43c75fc5";
        assert_eq!(event(role).as_deref(), Some("jane.doe"));
        assert_eq!(event("arn:aws:iam::123456789012:role/Okta"), None);
        assert!(event_of("not json").is_err());
    }

    #[test]
    fn names_the_session_after_the_caller() {
        let caller = |arn: &str| Caller { account: "1".into(), arn: arn.into() };
        assert_eq!(session_name(None), "idc");
        assert_eq!(session_name(Some(&caller("arn:aws:iam::1:user/on call"))), "idc-oncall");
        assert!(session_name(Some(&caller(&format!("arn/{}", "x".repeat(80))))).len() <= 64);
    }
}
