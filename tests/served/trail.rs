//! Events as data, and the few that Identity Center leaves behind, in the shape it really writes them:
//! the target account's `AssumeRoleWithSAML`, the management account's portal and sign-in events.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::identifier::{base64, guid, hex, unique};
use super::moment::Moment;
use super::organization::Organization;

/// One event in the event history of an account and Region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Event {
    /// The account in whose history it stands.
    pub account: String,
    /// The Region in whose history it stands.
    pub region: String,
    /// When it happened.
    pub time: Moment,
    /// A GUID.
    pub id: String,
    /// As `AssumeRoleWithSAML`.
    pub name: String,
    /// As `sts.amazonaws.com`.
    pub source: String,
    /// What the look-up attribute `Username` matches.
    pub username: Option<String>,
    /// The access key that made the call.
    pub access_key_id: Option<String>,
    /// Whether it only read.
    pub read_only: bool,
    /// What it touched.
    pub resources: Vec<EventResource>,
    /// The whole event; a string is sent as it stands, anything else as its JSON.
    pub record: Value,
}

/// Something that an event touched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventResource {
    /// As `AWS::IAM::Role`.
    pub resource_type: String,
    /// An ARN or a name.
    pub resource_name: String,
}

impl Organization {
    /// Plants an `AssumeRoleWithSAML` event in the role's account, in the instance's primary Region: a success, or a
    /// failure with an error code and message (whose shape follows the convention; no real one is public).
    pub fn saml_event(&mut self, user: &str, role_arn: &str, time: Moment, error: Option<(&str, &str)>) -> &mut Event {
        let region = self.organization_instance().primary_region.clone();
        let account = role_arn.split(':').nth(4).unwrap_or_default().to_owned();
        let role = role_arn.rsplit('/').next().unwrap_or_default().to_owned();
        let provider =
            format!("arn:{}:iam::{account}:saml-provider/{}", self.partition, self.saml_provider_name(&account));
        let qualifier = "/nQTosBbaHrvuioiTKQkrbl3/WM=";
        let owner = &self.management_account;
        let issuer = base64(format!("{owner}_ins-{}", hex(&["issuer", owner])).as_bytes());
        let seed = [user, role_arn, &time.rfc3339()];
        let mut event = json!({
            "eventVersion": "1.11",
            "userIdentity": {"type": "SAMLUser", "principalId": format!("{qualifier}:{user}"), "userName": user, "identityProvider": qualifier},
            "eventTime": time.rfc3339(),
            "eventSource": "sts.amazonaws.com",
            "eventName": "AssumeRoleWithSAML",
            "awsRegion": region,
            "sourceIPAddress": "13.239.101.254",
            "userAgent": "aws-sdk-java/2.46.14 md/io#sync md/http#Apache ua/2.1 api/STS#2.46.x os/Linux#4.14.355 lang/java#17.0.19",
            "requestParameters": {
                "sAMLAssertionID": format!("_{}", guid(&["assertion", seed[0], seed[1], seed[2]])),
                "roleSessionName": user, "roleArn": role_arn, "principalArn": provider, "durationSeconds": 43200,
            },
            "responseElements": {
                "credentials": {"accessKeyId": unique("ASIA", &seed), "sessionToken": "…", "expiration": time.plus_seconds(43_200).rfc3339()},
                "assumedRoleUser": {
                    "assumedRoleId": format!("{}:{user}", unique("AROA", &[role_arn])),
                    "arn": format!("arn:{}:sts::{account}:assumed-role/{role}/{user}", self.partition),
                },
                "subject": user, "subjectType": "persistent",
                "issuer": format!("https://portal.sso.{region}.amazonaws.com/saml/assertion/{issuer}"),
                "audience": "https://signin.aws.amazon.com/saml", "nameQualifier": qualifier,
            },
            "additionalEventData": {"RequestDetails": {"endpointType": "regional", "awsServingRegion": region}},
            "requestID": guid(&["request", seed[0], seed[1], seed[2]]),
            "eventID": guid(&["event", seed[0], seed[1], seed[2]]),
            "readOnly": true,
            "resources": [
                {"accountId": account, "type": "AWS::IAM::Role", "ARN": role_arn},
                {"accountId": account, "type": "AWS::IAM::SAMLProvider", "ARN": provider},
            ],
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": account,
            "eventCategory": "Management",
            "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": format!("sts.{region}.amazonaws.com")},
        });
        if let Some((code, message)) = error {
            event["responseElements"] = Value::Null;
            event["errorCode"] = code.into();
            event["errorMessage"] = message.into();
        }
        let resources = [("AWS::IAM::Role", role_arn), ("AWS::IAM::SAMLProvider", &provider)]
            .map(|(kind, name)| EventResource { resource_type: kind.into(), resource_name: name.into() });
        self.plant(&account, event, Some(user), resources.into())
    }

    /// Plants a portal event (`GetRoleCredentials`, `Federate`) of a user who asked for a permission set in an account.
    pub fn portal_event(&mut self, name: &str, user: &str, set: &str, account: &str, time: Moment) -> &mut Event {
        let account = self.account(account).id.clone();
        let details = json!({"role_name": set, "account_id": account});
        let event = self.identity_center_event(name, "sso.amazonaws.com", user, time, &details);
        let owner = self.management_account.clone();
        self.plant(&owner, event, None, Vec::new())
    }

    /// Plants a sign-in event (`CredentialChallenge`, `CredentialVerification`, `UserAuthentication`) with its result,
    /// `Success` or `Failure`, and the kind of credential, as `PASSWORD`. `workflow` ties the steps of one attempt.
    pub fn sign_in_event(
        &mut self,
        name: &str,
        user: &str,
        result: &str,
        credential: &str,
        workflow: &str,
        time: Moment,
    ) -> &mut Event {
        let mut event = self.identity_center_event(name, "signin.amazonaws.com", user, time, &json!({name: result}));
        let mut data = json!({"AuthWorkflowID": guid(&[workflow]), "CredentialType": credential});
        if name != "CredentialVerification" {
            data["UserName"] = user.into();
        }
        event["additionalEventData"] = data;
        event["readOnly"] = false.into();
        let owner = self.management_account.clone();
        self.plant(&owner, event, None, Vec::new())
    }

    /// The frame that the events of the portal and of sign-in share.
    fn identity_center_event(&self, name: &str, source: &str, user: &str, time: Moment, details: &Value) -> Value {
        let instance = self.organization_instance();
        let owner = &self.management_account;
        let store =
            format!("arn:{}:identitystore::{owner}:identitystore/{}", self.partition, instance.identity_store_id);
        let seed = [name, user, &time.rfc3339()];
        json!({
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "IdentityCenterUser", "accountId": owner,
                "onBehalfOf": {"userId": self.user_id(user), "identityStoreArn": store},
                "credentialId": guid(&["credential", user]),
            },
            "eventTime": time.rfc3339(),
            "eventSource": source,
            "eventName": name,
            "awsRegion": instance.primary_region,
            "sourceIPAddress": "203.0.113.7",
            "userAgent": "aws-cli/2.31.0",
            "requestParameters": null,
            "responseElements": null,
            "requestID": guid(&["request", seed[0], seed[1], seed[2]]),
            "eventID": guid(&["event", seed[0], seed[1], seed[2]]),
            "readOnly": true,
            "eventType": "AwsServiceEvent",
            "managementEvent": true,
            "recipientAccountId": owner,
            "serviceEventDetails": details,
            "eventCategory": "Management",
        })
    }

    /// Puts a whole event into the history of an account, in the Region the event names.
    pub fn plant(
        &mut self,
        account: &str,
        event: Value,
        username: Option<&str>,
        resources: Vec<EventResource>,
    ) -> &mut Event {
        let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
        self.events.push(Event {
            account: account.into(),
            region: text("awsRegion"),
            time: Moment::parse(&text("eventTime")).unwrap_or_default(),
            id: text("eventID"),
            name: text("eventName"),
            source: text("eventSource"),
            username: username.map(Into::into),
            access_key_id: event["userIdentity"]["accessKeyId"].as_str().map(Into::into),
            read_only: event["readOnly"].as_bool().unwrap_or_default(),
            resources,
            record: event,
        });
        let last = self.events.len() - 1;
        &mut self.events[last]
    }
}
