//! Reads what CloudTrail holds of a sign-in, and says whose it is. Three things make that harder than it looks: failures
//! carry no error code; who failed is often not said; and other directories (Amazon `WorkSpaces`) log events of the same
//! names, with namesakes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::failure::Failure;
use crate::evidence::{Anybody, SignInEvent, SignInLog, Unattributed};

/// What matters of an event.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignIn {
    #[serde(rename = "eventID")]
    event_id: Option<String>,
    event_time: Timestamp,
    event_name: String,
    error_code: Option<String>,
    error_message: Option<String>,
    user_identity: Option<Identity>,
    additional_event_data: Option<Additional>,
    service_event_details: Option<Map<String, Value>>,
    response_elements: Option<Map<String, Value>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    user_name: Option<String>,
    on_behalf_of: Option<OnBehalfOf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OnBehalfOf {
    user_id: Option<String>,
    identity_store_arn: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Additional {
    #[serde(rename = "AuthWorkflowID")]
    workflow: Option<String>,
    #[serde(rename = "CredentialType")]
    credential: Option<String>,
    #[serde(rename = "LoginTo")]
    login_to: Option<String>,
    #[serde(rename = "UserName")]
    user_name: Option<String>,
}

/// What AWS writes in place of a name that fits nobody: it may be a password typed into the wrong field.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

impl SignIn {
    /// Reads an event.
    pub(super) fn read(json: &str) -> Result<Self, Failure> {
        serde_json::from_str(json)
            .map_err(|error| Failure::unusable(format!("an event of CloudTrail cannot be read: {error}")))
    }

    fn succeeded(&self) -> bool {
        let mut details = [&self.service_event_details, &self.response_elements].into_iter().flatten();
        match details.find_map(|details| details.get(&self.event_name)?.as_str()) {
            Some(result) => result != "Failure",
            None => self.error_code.is_none() && self.error_message.is_none(),
        }
    }

    fn workflow(&self) -> Option<&str> {
        self.additional_event_data.as_ref()?.workflow.as_deref()
    }

    fn on_behalf_of(&self) -> Option<&OnBehalfOf> {
        self.user_identity.as_ref()?.on_behalf_of.as_ref()
    }

    fn name(&self) -> Option<&str> {
        let typed = self.additional_event_data.as_ref().and_then(|data| data.user_name.as_deref());
        let own = self.user_identity.as_ref().and_then(|identity| identity.user_name.as_deref());
        typed.or(own).filter(|name| *name != HIDDEN && !name.is_empty())
    }

    fn event(&self) -> SignInEvent {
        SignInEvent {
            id: self.event_id.clone().unwrap_or_default(),
            at: self.event_time,
            succeeded: self.succeeded(),
            credential: self.additional_event_data.as_ref().and_then(|data| data.credential.clone()),
            message: self.error_message.clone(),
            workflow: self.workflow().map(str::to_owned),
        }
    }
}

/// The user whose sign-ins are looked for.
#[derive(Debug)]
pub(super) struct Whose {
    pub(super) user_id: String,
    pub(super) user_name: String,
    /// The identity store's id.
    pub(super) store: String,
    /// The instance's id, which the address of the access portal holds.
    pub(super) instance: String,
}

impl Whose {
    /// The user's failures: only what is certain to be theirs, and of our directory.
    pub(super) fn failures_among(&self, (events, capped): (Vec<SignIn>, bool), from: Timestamp) -> SignInLog {
        let in_workflow = |is: &dyn Fn(&SignIn) -> bool| -> BTreeSet<&str> {
            events.iter().filter(|event| is(event)).filter_map(SignIn::workflow).collect()
        };
        let own = in_workflow(&|event| self.is_by_id(event));
        let ours = in_workflow(&|event| self.is_ours(event));
        let is_own = |event: &SignIn| {
            if event.on_behalf_of().is_some() {
                return self.is_by_id(event);
            }
            let is_in = |chains: &BTreeSet<&str>| event.workflow().is_some_and(|id| chains.contains(id));
            is_in(&own) || (self.has_name(event) && (self.is_ours(event) || is_in(&ours)))
        };
        let (mine, others): (Vec<&SignIn>, Vec<&SignIn>) = events.iter().partition(|event| is_own(event));
        let is_nobodys =
            |event: &&&SignIn| event.on_behalf_of().is_none() && event.name().is_none() && !event.succeeded();
        let newest = others.iter().filter(is_nobodys).max_by_key(|event| event.event_time);
        let mut times: Vec<Timestamp> = others.iter().filter(is_nobodys).map(|event| event.event_time).collect();
        times.sort_unstable_by_key(|at| std::cmp::Reverse(*at));
        let unattributed = Unattributed {
            count: times.len(),
            newest: newest.map(|event| event.event_time),
            message: newest.and_then(|event| event.error_message.clone()),
            times,
        };
        log(&events, mine, unattributed, capped, from)
    }

    /// What shows that the user got in: whatever may be theirs, since one success too many only silences the rule.
    pub(super) fn successes_among(&self, (events, capped): &(Vec<SignIn>, bool), from: Timestamp) -> SignInLog {
        let is_own = |event: &&SignIn| match event.on_behalf_of().and_then(|on| on.user_id.as_ref()) {
            Some(id) => *id == self.user_id,
            None => self.has_name(event),
        };
        let mine = events.iter().filter(is_own).collect();
        let nobodys = Unattributed { count: 0, newest: None, message: None, times: Vec::new() };
        log(events, mine, nobodys, *capped, from)
    }

    /// Whether anybody signed in: whoever may be of our directory.
    pub(super) fn anybody_among(&self, (events, capped): &(Vec<SignIn>, bool), from: Timestamp) -> Anybody {
        let is_foreign = |event: &&SignIn| {
            let store = event.on_behalf_of().and_then(|on| on.identity_store_arn.as_deref());
            store.is_some_and(|arn| !self.is_our_store(arn))
        };
        let oldest = events.iter().map(|event| event.event_time).min();
        let signed_in = events.iter().filter(|event| event.succeeded() && !is_foreign(event));
        Anybody {
            since: oldest.filter(|_| *capped).unwrap_or(from),
            newest: signed_in.map(|event| event.event_time).max(),
        }
    }

    fn is_by_id(&self, event: &SignIn) -> bool {
        event.on_behalf_of().is_some_and(|on| {
            on.user_id.as_deref() == Some(&self.user_id)
                && on.identity_store_arn.as_deref().is_none_or(|arn| self.is_our_store(arn))
        })
    }

    /// Whether the event is of our directory, by its store or by the portal that was signed in to.
    fn is_ours(&self, event: &SignIn) -> bool {
        let store = event.on_behalf_of().and_then(|on| on.identity_store_arn.as_deref());
        let portal = event.additional_event_data.as_ref().and_then(|data| data.login_to.as_deref());
        store.is_some_and(|arn| self.is_our_store(arn))
            || portal.is_some_and(|url| {
                let host = url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
                let label = host.split('.').next().unwrap_or_default();
                label == self.instance || label == self.store
            })
    }

    fn is_our_store(&self, arn: &str) -> bool {
        arn.rsplit('/').next() == Some(&self.store)
    }

    fn has_name(&self, event: &SignIn) -> bool {
        event.name().is_some_and(|name| name.eq_ignore_ascii_case(&self.user_name))
    }
}

fn log(all: &[SignIn], mine: Vec<&SignIn>, unattributed: Unattributed, capped: bool, from: Timestamp) -> SignInLog {
    let oldest = all.iter().map(|event| event.event_time).min();
    let mut events: Vec<SignInEvent> = mine.into_iter().map(SignIn::event).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    SignInLog { since: oldest.filter(|_| capped).unwrap_or(from), events, unattributed, read: all.len(), capped }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JANE: &str = "976710cc5d-9d976f61-3b89-4b98-88db-2ea3bbc1f3fa";
    const STORE: &str = "arn:aws:identitystore::111122223333:identitystore/d-976710cc5d";

    fn jane() -> Whose {
        Whose {
            user_id: JANE.to_owned(),
            user_name: "jane.doe".to_owned(),
            store: "d-976710cc5d".to_owned(),
            instance: "ssoins-72233af8ea2d1f14".to_owned(),
        }
    }

    /// A verification, as CloudTrail has it for whoever is named by these members of `userIdentity`.
    fn verification(identity: &str, result: &str, workflow: &str) -> SignIn {
        let text = r#"{"eventID":"e","eventTime":"2026-07-01T00:08:20Z","eventName":"CredentialVerification",
            "userIdentity":{"type":"Unknown","accountId":"111122223333",IDENTITY},"requestParameters":null,
            "responseElements":null,"additionalEventData":{"AuthWorkflowID":"WORKFLOW","CredentialType":"PASSWORD"},
            "serviceEventDetails":{"CredentialVerification":"RESULT"}}"#;
        let text = text.replace("IDENTITY", identity).replace("RESULT", result).replace("WORKFLOW", workflow);
        SignIn::read(&text).expect("an event")
    }

    fn by(user: &str, store: &str) -> String {
        format!(r#""onBehalfOf":{{"userId":"{user}","identityStoreArn":"{store}"}}"#)
    }

    fn failures(events: Vec<SignIn>) -> (usize, usize) {
        let log = jane().failures_among((events, false), Timestamp::UNIX_EPOCH);
        (log.events.iter().filter(|event| !event.succeeded).count(), log.unattributed.count)
    }

    #[test]
    fn a_failure_is_the_users_by_their_id_in_our_store() {
        assert_eq!(failures(vec![verification(&by(JANE, STORE), "Failure", "w")]), (1, 0));
        assert_eq!(failures(vec![verification(&by("somebody else", STORE), "Failure", "w")]), (0, 0));
        let elsewhere = STORE.replace("d-976710cc5d", "d-0000000000");
        assert_eq!(failures(vec![verification(&by(JANE, &elsewhere), "Failure", "w")]), (0, 0));
    }

    #[test]
    fn a_namesake_of_another_directory_is_not_the_user() {
        let named = verification(r#""userName":"jane.doe""#, "Failure", "w");
        assert_eq!(failures(vec![named.clone()]), (0, 0));
        let mut portal = named;
        let data = portal.additional_event_data.as_mut().expect("there");
        data.login_to = Some("https://ssoins-72233af8ea2d1f14.portal.us-east-1.app.aws".to_owned());
        assert_eq!(failures(vec![portal.clone()]), (1, 0));
        let data = portal.additional_event_data.as_mut().expect("there");
        data.login_to = Some("https://clients.amazonaws.com/workspaces".to_owned());
        assert_eq!(failures(vec![portal]), (0, 0));
    }

    #[test]
    fn the_steps_of_one_attempt_belong_together() {
        let password = verification(&by(JANE, STORE), "Success", "w");
        let code = verification(r#""accessKeyId":"""#, "Failure", "w");
        let other = verification(r#""accessKeyId":"""#, "Failure", "x");
        assert_eq!(failures(vec![other, code, password]), (1, 1));
    }

    #[test]
    fn a_refused_assertion_names_nobody() {
        let text = r#"{"eventVersion":"1.11","userIdentity":{"type":"Unknown","arn":"","accountId":"111122223333",
            "accessKeyId":"","credentialId":"c"},"eventTime":"2026-09-30T22:25:48Z","eventSource":"signin.amazonaws.com",
            "eventName":"ExternalIdPDirectoryLogin","errorMessage":"Responses must contain exactly one Assertion",
            "responseElements":{"ExternalIdPDirectoryLogin":"Failure"},"eventID":"e","eventType":"AwsConsoleSignIn"}"#;
        let log = jane().failures_among((vec![SignIn::read(text).expect("an event")], true), Timestamp::UNIX_EPOCH);
        assert!(log.events.is_empty());
        assert_eq!(log.unattributed.message.as_deref(), Some("Responses must contain exactly one Assertion"));
        assert_eq!(log.since.to_string(), "2026-09-30T22:25:48Z");
        assert!(SignIn::read("not json").is_err());
    }

    #[test]
    fn whatever_may_be_the_users_success_is_one() {
        let text = r#"{"eventID":"e","eventTime":"2026-09-30T22:32:39Z","eventName":"UserAuthentication",
            "userIdentity":{"type":"IdentityCenterUser"},"additionalEventData":{"UserName":"Jane.Doe"},
            "serviceEventDetails":{"UserAuthentication":"Success"}}"#;
        let named = SignIn::read(text).expect("an event");
        let portal = text
            .replace("UserAuthentication", "GetRoleCredentials")
            .replace(r#"{"type":"IdentityCenterUser"}"#, &format!("{{{}}}", by(JANE, STORE)));
        let portal =
            SignIn::read(&portal.replace("\"GetRoleCredentials\":\"Success\"", "\"role_name\":\"A\"")).expect("one");
        let refused = SignIn { error_code: Some("ForbiddenException".to_owned()), ..portal.clone() };
        let log = jane().successes_among(&(vec![named, portal, refused], false), Timestamp::UNIX_EPOCH);
        assert_eq!(log.events.iter().map(|event| event.succeeded).collect::<Vec<_>>(), [true, true, false]);
    }
}
