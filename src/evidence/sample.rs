//! Healthy evidence for unit tests: jane.doe reaches 123456789012 through group DataAnalysts.

mod outside;
mod policies;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    Account, AccountFacts, AccountRef, Assignment, AssumeRoleEvent, Call, Caller, CustomerPolicy, EntryMethod,
    EventLog, Evidence, Fact, Group, History, InsideFacts, Instance, InstanceDetails, InstanceFacts, LookupBy,
    Membership, Observed, Organization, PermissionSet, PermissionSetEvidence, PolicyReference, Principal,
    PrincipalType, Question, Quotas, Reason, Request, RequestLog, RequestRow, RequestStatus, Role, RolePolicies,
    SamlProvider, Site, TargetEntry, Touched, User, UserFacts, UserLookup,
};

pub(crate) mod colleague;
pub(crate) mod entitled;
pub(crate) use outside::not_in_the_group;
pub(crate) use policies::attach;
pub(crate) mod signed_in;

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const ROOT: &str = "r-root";
pub(crate) const UNIT: &str = "ou-root-workload";
pub(crate) const USER: &str = "9067f0c1d2-11111111-2222-3333-4444-555555555555";
pub(crate) const GROUP: &str = "9067f0c1d2-aaaaaaaa-2222-3333-4444-555555555555";
pub(crate) const SET: &str = "arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336";
pub(crate) const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/AWSSSO_cd5bfb301b6c971e_DO_NOT_DELETE";
pub(crate) const ROLE: &str =
    "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5";

pub(crate) fn known<T>(call: Call, value: T) -> Fact<T> {
    let account = if call.site() == Site::Home { "111122223333" } else { ACCOUNT };
    Fact {
        call,
        account: Some(account.to_owned()),
        region: Some("us-east-1".to_owned()),
        request_id: Some(format!("request-{call}")),
        at: Some(at("2026-11-22T01:02:03Z")),
        observed: Observed::Known(value),
    }
}

pub(crate) fn denied<T>(call: Call) -> Fact<T> {
    known(call, ()).map_observed(Observed::missing(Reason::Denied, format!("not authorized to perform: {call}")))
}

impl Fact<()> {
    fn map_observed<T>(self, observed: Observed<T>) -> Fact<T> {
        Fact {
            call: self.call,
            account: self.account,
            region: self.region,
            request_id: self.request_id,
            at: self.at,
            observed,
        }
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn group_principal() -> Principal {
    Principal { kind: PrincipalType::Group, id: GROUP.to_owned() }
}

pub(crate) fn assignment(principal: Principal) -> Assignment {
    Assignment { account: ACCOUNT.to_owned(), permission_set: SET.to_owned(), principal }
}

pub(crate) fn empty_log(list: Call) -> RequestLog {
    RequestLog {
        in_progress: known(list, vec![]),
        failed: known(list, vec![]),
        succeeded: Fact::not_asked(list, "no failure to mend"),
        described: BTreeMap::new(),
        undescribed: 0,
    }
}

/// Adds a request about the sample's account and set to a log.
pub(crate) fn add_request(
    log: &mut RequestLog,
    id: &str,
    status: RequestStatus,
    created: &str,
    principal: Option<Principal>,
) {
    let row = RequestRow { id: id.to_owned(), created: Some(at(created)) };
    let list_call = log.failed.call;
    let describe = match list_call {
        Call::ListAccountAssignmentCreationStatus => Call::DescribeAccountAssignmentCreationStatus,
        Call::ListAccountAssignmentDeletionStatus => Call::DescribeAccountAssignmentDeletionStatus,
        _ => Call::DescribePermissionSetProvisioningStatus,
    };
    let list = match status {
        RequestStatus::InProgress => &mut log.in_progress,
        RequestStatus::Failed => &mut log.failed,
        RequestStatus::Succeeded => &mut log.succeeded,
    };
    let mut rows = list.known().cloned().unwrap_or_default();
    rows.push(row);
    *list = known(list_call, rows);
    let request = Request {
        id: id.to_owned(),
        status: Some(status),
        failure_reason: (status == RequestStatus::Failed)
            .then(|| "Received a 404 status error: Not supported policy my-redshift-analyst-policy".to_owned()),
        account: Some(ACCOUNT.to_owned()),
        permission_set: Some(SET.to_owned()),
        principal,
        created: Some(at(created)),
    };
    log.described.insert(id.to_owned(), known(describe, Some(request)));
}

/// An `AssumeRoleWithSAML` event of jane.doe on the sample's role.
pub(crate) fn event(id: &str, when: &str, error: Option<&str>) -> AssumeRoleEvent {
    AssumeRoleEvent {
        id: id.to_owned(),
        at: at(when),
        role_arn: ROLE.to_owned(),
        saml_provider: Some(PROVIDER.to_owned()),
        session_name: "jane.doe".to_owned(),
        error_code: error.map(str::to_owned),
        error_message: error.map(|_| "Not authorized to perform sts:AssumeRoleWithSAML".to_owned()),
    }
}

/// Everything of the user's in a Region's event history.
pub(crate) fn event_log(region: &str, events: Vec<AssumeRoleEvent>) -> Fact<EventLog> {
    let (since, read) = (at("2026-11-15T01:02:03Z"), events.len());
    let log = EventLog { since, events, read, capped: false, read_back_to: None, role: None };
    let account = Some(ACCOUNT.to_owned());
    Fact { account, region: Some(region.to_owned()), ..known(Call::LookupEvents, log) }
}

/// Everything in order.
fn analysts() -> Group {
    let name = Some("DataAnalysts".to_owned());
    Group { id: GROUP.to_owned(), name, external_issuers: vec![], created: None, touched: Touched::default() }
}

pub(crate) fn healthy() -> Evidence {
    Evidence {
        question: Question {
            user: "jane.doe".to_owned(),
            account: AccountRef::Id(ACCOUNT.to_owned()),
            permission_set: None,
            group: None,
            since: SignedDuration::from_hours(168),
            profile: None,
            target_profile: None,
            target_role: Some("idc-read".to_owned()),
        },
        collected_at: at("2026-11-22T01:02:04Z"),
        calls: 20,
        shared: shared(),
        account: account(),
        user: user(),
        asked_group: None,
        colleague: None,
        machine: None,
        history: History::unasked(),
    }
}

fn shared() -> InstanceFacts {
    InstanceFacts {
        caller: known(
            Call::GetCallerIdentity,
            Caller { account: "111122223333".to_owned(), arn: "arn:aws:iam::111122223333:user/oncall".to_owned() },
        ),
        organization: known(
            Call::DescribeOrganization,
            Some(Organization {
                id: "o-exampleorg".to_owned(),
                management_account: "111122223333".to_owned(),
                feature_set: Some("ALL".to_owned()),
            }),
        ),
        instances: known(
            Call::ListInstances,
            vec![Instance {
                arn: "arn:aws:sso:::instance/ssoins-72233af8ea2d1f14".to_owned(),
                identity_store_id: "d-9067f0c1d2".to_owned(),
                owner_account: Some("111122223333".to_owned()),
                status: Some("ACTIVE".to_owned()),
                status_reason: None,
                primary_region: Some("us-east-1".to_owned()),
                listed_in: "us-east-1".to_owned(),
                regions: None,
            }],
        ),
        instance_details: known(Call::DescribeInstance, InstanceDetails { permission_sets_enabled: Some(true) }),
        attributes: known(Call::DescribeInstanceAccessControlAttributeConfiguration, None),
        policies: policies::allow_all(),
        groups: BTreeMap::from([(GROUP.to_owned(), known(Call::DescribeGroup, Some(analysts())))]),
        users: BTreeMap::new(),
        permission_set_arns: Fact::not_asked(Call::ListPermissionSets, "an assignment was found"),
        permission_sets: BTreeMap::from([(
            SET.to_owned(),
            PermissionSetEvidence {
                described: known(
                    Call::DescribePermissionSet,
                    Some(PermissionSet { arn: SET.to_owned(), name: "RedshiftAnalyst".to_owned() }),
                ),
                aws_managed: known(Call::ListManagedPoliciesInPermissionSet, vec![]),
                inline: known(Call::GetInlinePolicyForPermissionSet, None),
                customer_managed: known(
                    Call::ListCustomerManagedPolicyReferencesInPermissionSet,
                    vec![PolicyReference { name: "my-redshift-analyst-policy".to_owned(), path: "/".to_owned() }],
                ),
                boundary: known(Call::GetPermissionsBoundaryForPermissionSet, None),
            },
        )]),
        provisioned_in_management: None,
        creation: empty_log(Call::ListAccountAssignmentCreationStatus),
        deletion: empty_log(Call::ListAccountAssignmentDeletionStatus),
        provisioning: empty_log(Call::ListPermissionSetProvisioningStatus),
        entitlements: entitled::nobody(),
        ..InstanceFacts::unasked()
    }
}

fn account() -> AccountFacts {
    AccountFacts {
        id: Some(ACCOUNT.to_owned()),
        described: known(
            Call::DescribeAccount,
            Some(Account {
                id: ACCOUNT.to_owned(),
                name: Some("prod-data".to_owned()),
                state: Some("ACTIVE".to_owned()),
                joined: None,
                path: Some(format!("o-exampleorg/r-root/{UNIT}/{ACCOUNT}/")),
            }),
        ),
        provisioned_latest: known(Call::ListPermissionSetsProvisionedToAccount, vec![SET.to_owned()]),
        provisioned_outdated: known(Call::ListPermissionSetsProvisionedToAccount, vec![]),
        inside: inside(),
        ..AccountFacts::unasked()
    }
}

fn user() -> UserFacts {
    UserFacts {
        lookups: vec![UserLookup {
            by: LookupBy::UserName,
            value: "jane.doe".to_owned(),
            found: known(Call::GetUserId, Some(USER.to_owned())),
        }],
        described: known(
            Call::DescribeUser,
            Some(User {
                id: USER.to_owned(),
                user_name: Some("jane.doe".to_owned()),
                display_name: Some("Jane Doe".to_owned()),
                emails: vec!["jane.doe@example.com".to_owned()],
                status: Some("ENABLED".to_owned()),
                external_issuers: vec![],
                attributes: BTreeMap::from([("userName".to_owned(), "jane.doe".to_owned())]),
                extended: true,
                created: None,
                touched: Touched::default(),
            }),
        ),
        scan: Fact::not_asked(Call::ListUsers, "the user was found"),
        memberships: known(
            Call::ListGroupMembershipsForMember,
            vec![Membership { group_id: GROUP.to_owned(), created: None, touched: Touched::default() }],
        ),
        for_principal: known(Call::ListAccountAssignmentsForPrincipal, vec![assignment(group_principal())]),
        sign_ins: signed_in::quiet(),
        role_events: vec![event_log("us-east-1", vec![])],
        ..UserFacts::unasked()
    }
}

fn inside() -> InsideFacts {
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":["sts:AssumeRoleWithSAML","sts:TagSession"],"Principal":{{"Federated":"{PROVIDER}"}},"Condition":{{"StringEquals":{{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}}}}}}"#
    );
    InsideFacts {
        entry: known(
            Call::AssumeRole,
            TargetEntry {
                method: EntryMethod::Role,
                arn: "arn:aws:sts::123456789012:assumed-role/idc-read/idc".to_owned(),
            },
        ),
        policies: known(
            Call::ListPolicies,
            vec![CustomerPolicy {
                arn: "arn:aws:iam::123456789012:policy/my-redshift-analyst-policy".to_owned(),
                name: "my-redshift-analyst-policy".to_owned(),
                path: "/".to_owned(),
                default_version: Some("v1".to_owned()),
            }],
        ),
        roles: known(
            Call::ListRoles,
            vec![Role {
                arn: ROLE.to_owned(),
                name: "AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5".to_owned(),
                path: "/aws-reserved/sso.amazonaws.com/".to_owned(),
                created: Some(at("2026-01-01T00:00:00Z")),
                trust_policy: Some(trust.into()),
            }],
        ),
        entitled_roles: BTreeMap::new(),
        saml_providers: known(
            Call::ListSamlProviders,
            vec![SamlProvider {
                arn: PROVIDER.to_owned(),
                created: Some(at("2025-01-01T00:00:00Z")),
                valid_until: None,
            }],
        ),
        aws_managed: BTreeMap::new(),
        policy_documents: BTreeMap::from([(
            "arn:aws:iam::123456789012:policy/my-redshift-analyst-policy".to_owned(),
            known(
                Call::GetPolicyVersion,
                Some(r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#.into()),
            ),
        )]),
        quotas: known(Call::GetAccountSummary, Quotas { attached_policies_per_role: Some(10) }),
        role_policies: BTreeMap::from([(
            ROLE.to_owned(),
            RolePolicies {
                attached: known(
                    Call::ListAttachedRolePolicies,
                    vec!["arn:aws:iam::123456789012:policy/my-redshift-analyst-policy".to_owned()],
                ),
                inline: known(Call::ListRolePolicies, vec![]),
                documents: BTreeMap::new(),
            },
        )]),
    }
}
