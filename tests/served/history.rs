//! What administrators leave in the event history, in the shape in which CloudTrail really writes it: people in the
//! console, pipelines, the identity provider through SCIM, and Identity Center itself.

use serde_json::{Value, json};

use super::identifier::guid;
use super::moment::Moment;
use super::organization::{Event, Organization};

/// Who makes a change.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// A person in the console, in a role of Identity Center.
    Person(&'a str),
    /// A pipeline, by its role and the access key of its session.
    Pipeline(&'a str, &'a str),
    /// The identity provider.
    Scim,
    /// Identity Center, for somebody.
    IdentityCenter,
}

impl By<'_> {
    fn identity(self, account: &str) -> Value {
        match self {
            By::Person(name) => {
                assumed(account, "AWSReservedSSO_IdentityAdmin_1f2e3d4c5b6a7988", name, "ASIAPERSON0000000001")
            }
            By::Pipeline(role, key) => assumed(account, role, "aws-go-sdk-1795183321258123522", key),
            By::Scim => {
                json!({"type": "WebIdentityUser", "accountId": account, "accessKeyId": "4f3e2d1c-0b1a-4958-8766-554433221100"})
            }
            By::IdentityCenter => {
                let mut own = assumed(account, "AWSServiceRoleForSSO", "AWS-SSO", "ASIAOWN0000000000001");
                own["invokedBy"] = "sso.amazonaws.com".into();
                own
            }
        }
    }

    fn address_and_agent(self) -> (&'static str, &'static str) {
        match self {
            By::Person(_) => ("203.0.113.24", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36"),
            By::Pipeline(..) => ("198.51.100.17", "aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.25.1"),
            By::Scim => ("198.51.100.201", "Okta SCIM Client 1.0.0"),
            By::IdentityCenter => ("sso.amazonaws.com", "sso.amazonaws.com"),
        }
    }
}

fn assumed(account: &str, role: &str, session: &str, key: &str) -> Value {
    json!({
        "type": "AssumedRole",
        "principalId": format!("AROAEXAMPLE:{session}"),
        "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        "accountId": account,
        "accessKeyId": key,
        "sessionContext": {"sessionIssuer": {
            "type": "Role", "principalId": "AROAEXAMPLE", "accountId": account, "userName": role,
            "arn": format!("arn:aws:iam::{account}:role/{role}"),
        }},
    })
}

impl Organization {
    /// Plants what somebody did: `sso:DeleteAccountAssignment` in the history of an account, with what was asked and
    /// answered. IAM and AWS Organizations are logged in us-east-1, everything else where the instance is at home.
    pub fn change_event(
        &mut self,
        account: &str,
        action: &str,
        by: By<'_>,
        time: Moment,
        (request, response): (Value, Value),
    ) -> &mut Event {
        let (source, name) = action.split_once(':').unwrap_or_default();
        let region = match source {
            "iam" | "organizations" => "us-east-1".to_owned(),
            _ => self.organization_instance().primary_region.clone(),
        };
        let (address, agent) = by.address_and_agent();
        let seed = [action, account, &time.rfc3339(), &request.to_string()];
        let reads = ["Get", "List", "Describe"].iter().any(|verb| name.starts_with(verb));
        let event = json!({
            "eventVersion": "1.11",
            "userIdentity": by.identity(account),
            "eventTime": time.rfc3339(),
            "eventSource": format!("{source}.amazonaws.com"),
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": address,
            "userAgent": agent,
            "requestParameters": request,
            "responseElements": response,
            "requestID": guid(&[seed[0], seed[1], seed[2], seed[3], "request"]),
            "eventID": guid(&seed),
            "readOnly": reads,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": account,
            "eventCategory": "Management",
        });
        self.plant(account, event, None, Vec::new())
    }

    /// Plants the removal of a member in the console, whose record names both.
    pub fn removed_in_console(&mut self, group: &str, user: &str, by: &str, time: Moment) -> &mut Event {
        let request = json!({
            "identityStoreId": self.organization_instance().identity_store_id,
            "groupId": self.group_id(group),
            "member": {"memberId": self.user_id(user)},
        });
        let account = self.management_account.clone();
        self.change_event(&account, "sso-directory:RemoveMemberFromGroup", By::Person(by), time, (request, Value::Null))
    }

    /// Plants the removal of a member through the API, whose record has the membership's id alone.
    pub fn removed_by_api(&mut self, account: &str, membership: &str, by: By<'_>, time: Moment) -> &mut Event {
        let store = self.organization_instance().identity_store_id.clone();
        let request = json!({"identityStoreId": store, "membershipId": membership});
        self.change_event(account, "identitystore:DeleteGroupMembership", by, time, (request, Value::Null))
    }

    /// Plants a change of a group's members through SCIM, whose record hides whom it is about.
    pub fn patched_by_scim(&mut self, group: &str, operation: &str, time: Moment) -> &mut Event {
        let request = json!({
            "httpBody": {
                "operations": [{"op": operation, "path": "members", "value": "HIDDEN_DUE_TO_SECURITY_REASONS"}],
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            },
            "tenantId": "Kx036812345-6789-4abc-8def-0123456789ab",
            "id": self.group_id(group),
        });
        let account = self.management_account.clone();
        self.change_event(&account, "identitystore-scim:PatchGroup", By::Scim, time, (request, Value::Null))
    }

    /// Plants the creation or deletion of an assignment, which is answered with a request that runs.
    pub fn assignment_event(
        &mut self,
        action: &str,
        (set, principal, target): (&str, &str, &str),
        account: &str,
        by: By<'_>,
        time: Moment,
    ) -> &mut Event {
        let (kind, id) = self.principal(principal);
        let request = json!({
            "instanceArn": self.organization_instance().arn,
            "targetId": self.account_id(target), "targetType": "AWS_ACCOUNT",
            "permissionSetArn": self.permission_set_arn(set),
            "principalType": kind, "principalId": id,
        });
        let status = if action.starts_with("sso:Create") {
            "accountAssignmentCreationStatus"
        } else {
            "accountAssignmentDeletionStatus"
        };
        let response =
            json!({status: {"status": "IN_PROGRESS", "requestId": guid(&[action, set, principal, &time.rfc3339()])}});
        self.change_event(account, action, by, time, (request, response))
    }

    /// Plants so many events of other services and other people, one a minute, under names that mean something here too.
    pub fn busy_history(&mut self, count: u32) {
        let account = self.management_account.clone();
        let names = [
            "quicksight:CreateGroupMembership",
            "quicksight:DeleteGroupMembership",
            "identitystore-scim:PatchGroup",
            "iam:DeleteUser",
            "sso:GetRoleCredentials",
        ];
        for number in 0..count {
            let action = names[number as usize % names.len()];
            let time = Moment::minutes_ago(i64::from(number) / 5);
            let request =
                json!({"id": guid(&["busy", &number.to_string()]), "userName": "jane.doe", "memberName": "jane.doe"});
            let by = if action.starts_with("identitystore-scim") {
                By::Scim
            } else {
                By::Pipeline("busy", "ASIABUSY000000000001")
            };
            self.change_event(&account, action, by, time, (request, Value::Null));
        }
    }
}
