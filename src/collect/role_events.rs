//! `AssumeRoleWithSAML` in the target account's event history, in each Region where it may be logged. First the newest
//! events on all roles, which is all that most accounts hold; where there are more, those on the user's own roles, which
//! other people's do not hide; and only where CloudTrail knows nothing under the role's name, more of all.

use std::collections::BTreeSet;

use aws_sdk_cloudtrail::types::{Event, LookupAttributeKey};
use futures_util::future::join_all;
use jiff::Timestamp;
use serde::Deserialize;

use super::event_history::{EventHistory, PAGE};
use super::failure::Failure;
use super::target::Target;
use crate::evidence::{AssumeRoleEvent, EventLog, Evidence, Fact};
use crate::model::refusals::{self, Standing};
use crate::model::{SetInAccount, paths, permission_set_role, sign_ins};

/// How many events of one Region are read at first, which AWS fills one page with: all there is in most accounts.
const FIRST: usize = PAGE;
/// How many at the most under one name: at two requests a second this takes five seconds.
const MOST: usize = 500;
/// How many of the user's roles are looked up one by one.
const ROLES: usize = 5;

/// What the user is known by, and from when on their events count.
#[derive(Debug, Clone, Copy)]
struct Search<'a> {
    region: &'a str,
    user_name: &'a str,
    from: Timestamp,
}

/// What is left to be read of one Region's events.
#[derive(Debug)]
struct Wanted {
    region: String,
    from: Timestamp,
    /// The roles whose own events are wanted.
    roles: Vec<String>,
    /// Whether those on all roles are.
    all: bool,
}

impl Target<'_> {
    /// The user's newest events on roles of Identity Center, in one Region.
    pub(super) async fn events(&self, region: &str, user_name: &str, from: Timestamp) -> Fact<EventLog> {
        self.on_all_roles(Search { region, user_name, from }, FIRST).await
    }

    async fn on_all_roles(&self, search: Search<'_>, most: usize) -> Fact<EventLog> {
        self.look_up(search, LookupAttributeKey::EventName, "AssumeRoleWithSAML", None, most).await.0
    }

    /// Reads further where what was read so far leaves open what matters.
    pub(super) async fn look_closer(&self, evidence: &mut Evidence) {
        let user_name = evidence.user_label().to_owned();
        let wanted = wanted(evidence);
        let asking = wanted.iter().map(|wanted| self.read_on(wanted, &user_name));
        for (region, log) in join_all(asking).await.into_iter().flatten() {
            let events = &mut evidence.user.role_events;
            let of_all = |fact: &&mut Fact<EventLog>| fact.region.as_deref() == Some(region);
            match log.known().map(|log| log.role.is_some()) {
                Ok(true) => events.push(log),
                Ok(false) => events.iter_mut().filter(of_all).take(1).for_each(|fact| *fact = log.clone()),
                // What was read before is better than nothing.
                Err(_) => {}
            }
        }
    }

    async fn read_on<'a>(&self, wanted: &'a Wanted, user_name: &str) -> Vec<(&'a str, Fact<EventLog>)> {
        let Wanted { region, from, roles, all } = wanted;
        let search = Search { region, user_name, from: *from };
        let mut logs = Vec::new();
        let mut all = *all;
        for role in roles {
            match self.on_role(search, role).await {
                Some(log) => logs.push((region.as_str(), log)),
                None => all = true,
            }
        }
        if all {
            logs.push((region.as_str(), self.on_all_roles(search, MOST).await));
        }
        logs
    }

    /// Everybody's events on one role. AWS does not document whether it knows a role by its ARN or by its name: `None`
    /// where it knows it by neither.
    async fn on_role(&self, search: Search<'_>, role: &str) -> Option<Fact<EventLog>> {
        for name in [role, role.rsplit('/').next()?] {
            let key = LookupAttributeKey::ResourceName;
            let (log, knows_it) = self.look_up(search, key, name, Some(role), MOST).await;
            if knows_it {
                return Some(log);
            }
            log.known().ok()?;
        }
        None
    }

    /// The user's events among those under one attribute, newest first, and whether there was any of the kind.
    async fn look_up(
        &self,
        search: Search<'_>,
        key: LookupAttributeKey,
        value: &str,
        role: Option<&str>,
        most: usize,
    ) -> (Fact<EventLog>, bool) {
        let Search { region, user_name, from } = search;
        let read = |event: &Event| {
            let (at, read) = event_of(event.cloud_trail_event().unwrap_or_default())?;
            let at = event.event_time().and_then(super::timestamp).or(at);
            Ok((at, read.filter(|event| role.is_none_or(|role| event.role_arn == role))))
        };
        let by_user = |event: &AssumeRoleEvent| event.session_name.eq_ignore_ascii_case(user_name);
        let lets_in = |event: &AssumeRoleEvent| by_user(event) && event.error_code.is_none();
        // The newest come first, and only the newest of each role counts: one success ends the search.
        let more = |events: &[(Option<Timestamp>, Option<AssumeRoleEvent>)]| {
            events.len() < most && !events.iter().filter_map(|(_, event)| event.as_ref()).any(lets_in)
        };
        let cloud_trail = self.clients.in_region(region).cloud_trail();
        let history = EventHistory { asker: self.asker, cloud_trail, place: self.place(Some(region)) };
        let reply = history.look_up((key, value), from, read, more).await;
        let knows_it = reply.result.as_ref().is_ok_and(|(events, _)| events.iter().any(|(_, event)| event.is_some()));
        let log = reply.map(|(events, cut)| {
            let read = events.len();
            let oldest = events.iter().filter_map(|(at, _)| *at).min();
            let mut events: Vec<_> = events.into_iter().filter_map(|(_, event)| event).filter(by_user).collect();
            let found = events.iter().any(lets_in);
            events.sort_by_key(|event| std::cmp::Reverse(event.at));
            Ok(EventLog {
                since: from,
                events,
                read,
                capped: cut && !found,
                read_back_to: cut.then(|| oldest.unwrap_or_else(Timestamp::now)),
                role: role.map(str::to_owned),
            })
        });
        (log.fact(), knows_it)
    }
}

/// What is left to be read: in Regions with more events than were read, where none of the user's says that they get in,
/// or where a success after a refusal, or after sign-ins that failed, may be hidden.
fn wanted(evidence: &Evidence) -> Vec<Wanted> {
    let found = paths::find(evidence.asked());
    let roles = found.assigned().filter_map(|path| {
        Some((path, permission_set_role::role_of(SetInAccount::of(evidence.in_account(), path)).ok()??))
    });
    let mut seen = BTreeSet::new();
    let roles: Vec<_> = roles.filter(|(_, role)| seen.insert(role.arn.as_str())).take(ROLES).collect();
    let refused = |path| match refusals::standing(evidence, path) {
        Ok(Standing::Refused(seen, _)) => Some(seen.event.at),
        Ok(Standing::Nothing | Standing::Over | Standing::Passing(_) | Standing::PutRight(_)) | Err(_) => None,
    };
    let failing = sign_ins::failing(evidence);
    let failing = Some(failing).filter(|failing| sign_ins::are_telling(failing, Timestamp::now()));
    let failed = failing.and_then(|failing| Some(failing.get(failing.len() - sign_ins::KEEPS_FAILING)?.1.at));
    let logs = evidence.user.role_events.iter().filter_map(|fact| {
        let (log, region) = (fact.known().ok()?, fact.region.clone()?);
        let cut = log.read_back_to?;
        let is_hidden = |since: Option<Timestamp>| since.is_some_and(|since| since < cut);
        let wants = |path| log.capped || is_hidden(refused(path));
        let roles: Vec<String> =
            roles.iter().filter(|(path, _)| wants(path)).map(|(_, role)| role.arn.clone()).collect();
        Some(Wanted { region, from: log.since, roles, all: is_hidden(failed) })
    });
    logs.filter(|wanted| wanted.all || !wanted.roles.is_empty()).collect()
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
    response_elements: Option<RawResponse>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawParameters {
    role_arn: Option<String>,
    principal_arn: Option<String>,
    role_session_name: Option<String>,
}

#[derive(Deserialize)]
struct RawResponse {
    issuer: Option<String>,
}

/// Reads an event, and when it happened. `None`: it is not Identity Center's, or does not say who and which role.
fn event_of(json: &str) -> Result<(Option<Timestamp>, Option<AssumeRoleEvent>), Failure> {
    let raw: RawEvent = serde_json::from_str(json)
        .map_err(|error| Failure::unusable(format!("an event of CloudTrail cannot be read: {error}")))?;
    Ok((raw.event_time, event_of_identity_center(raw)))
}

fn event_of_identity_center(raw: RawEvent) -> Option<AssumeRoleEvent> {
    let issuer = raw.response_elements.and_then(|response| response.issuer);
    let RawParameters { role_arn, principal_arn, role_session_name } = raw.request_parameters?;
    let event = AssumeRoleEvent {
        id: raw.event_id.unwrap_or_default(),
        at: raw.event_time?,
        role_arn: role_arn?,
        saml_provider: principal_arn,
        session_name: role_session_name?,
        error_code: raw.error_code,
        error_message: raw.error_message,
    };
    let own = raw.event_name.as_deref() == Some("AssumeRoleWithSAML")
        && issuer.as_deref().is_none_or(is_aws)
        && refusals::is_of_identity_center(&event);
    own.then_some(event)
}

/// Whether who issued an assertion is at a host of AWS's, as Identity Center is: `https://portal.sso.eu-west-1.…`.
fn is_aws(issuer: &str) -> bool {
    let host = issuer.split_once("://").map_or(issuer, |(_, rest)| rest).split(['/', ':', '?']).next();
    let host = host.unwrap_or_default().to_ascii_lowercase();
    [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".aws"].iter().any(|end| host.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str =
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_7243976e43c75fc5";
    const OWN: &str = "arn:aws:iam::123456789012:saml-provider/AWSSSO_cd5bfb301b6c971e_DO_NOT_DELETE";

    fn session(role: &str, provider: &str, more: &str) -> Option<String> {
        let text = format!(
            r#"{{"eventID":"e","eventTime":"2026-07-01T00:08:20Z","eventName":"AssumeRoleWithSAML",{more}
                "requestParameters":{{"roleSessionName":"jane.doe","roleArn":"{role}","principalArn":"{provider}"}}}}"#
        );
        event_of(&text).ok().and_then(|(_, event)| event).map(|event| event.session_name)
    }

    #[test]
    fn reads_events_of_identity_center_only() {
        assert_eq!(session(ROLE, OWN, "").as_deref(), Some("jane.doe"));
        assert_eq!(session("arn:aws:iam::123456789012:role/Okta", OWN, ""), None);
        assert_eq!(session(ROLE, "arn:aws:iam::123456789012:saml-provider/Okta", ""), None);
        let (at, event) = event_of(r#"{"eventTime":"2026-07-01T00:08:20Z"}"#).expect("an event");
        assert!(at.is_some() && event.is_none());
        assert!(event_of("not json").is_err());
    }

    #[test]
    fn who_issued_the_assertion_is_aws_where_it_is_told() {
        let issued =
            |issuer: &str| session(ROLE, OWN, &format!(r#""responseElements":{{"issuer":"{issuer}"}},"#)).is_some();
        assert!(issued("https://portal.sso.eu-west-1.amazonaws.com/saml/assertion/MTEx"));
        assert!(issued("https://portal.sso.cn-north-1.amazonaws.com.cn/saml/assertion/MTEx"));
        assert!(!issued("https://acme.okta.com/portal.sso.eu-west-1.amazonaws.com"));
        assert!(session(ROLE, OWN, r#""responseElements":null,"#).is_some());
    }
}
