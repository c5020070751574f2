//! Sentences and commands that must be true.

use serde_json::json;

use crate::wire::scenario::{Scenario, scenario};
use served::{AccessControlAttributes, Boundary, DELEGATED_KEY, Fault, Kind, MEMBER_KEY, Moment, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    [policies(), attributes(), callers()].concat()
}

const NOT_SUPPORTED: &str = "Received a 404 status error: Not supported policy my-redshift-analyst-policy.";

fn policies() -> Vec<Scenario> {
    vec![
        scenario("boundary-of-aws-that-does-not-exist", |acme| {
            never_provisioned_with_boundary(acme, "arn:aws:iam::aws:policy/RetiredBoundary");
        })
        .blocked_by("permissions-boundary-missing")
        .saying(&["Permissions boundary arn:aws:iam::aws:policy/RetiredBoundary does not exist"]),
        scenario("boundary-of-another-partition", |acme| {
            never_provisioned_with_boundary(acme, "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess");
        })
        .blocked_by("permissions-boundary-missing")
        .saying(&["another partition"]),
        scenario("boundary-of-aws--near-miss", |acme| {
            never_provisioned_with_boundary(acme, "arn:aws:iam::aws:policy/ReadOnlyAccess");
        })
        .blocked_by("permission-set-not-provisioned"),
        // The policy was made after the request had failed: only asking again is left to do.
        scenario("policy-made-after-the-failure", |acme| {
            acme.unprovision("RedshiftAnalyst", "prod-data");
            acme.creation_request("FAILED", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::hours_ago(10))
                .failure_reason = Some(NOT_SUPPORTED.into());
        })
        .blocked_by("assignment-creation-failed")
        .saying(&["By now the account has every policy"])
        .silent_on(&["Trying again without", "Create the policy", "create-policy"]),
        scenario("policy-made-after-the-failure--near-miss", |acme| {
            acme.unprovision("RedshiftAnalyst", "prod-data");
            acme.account("prod-data").iam.policies.retain(|policy| policy.name != "my-redshift-analyst-policy");
            acme.creation_request("FAILED", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::hours_ago(10))
                .failure_reason = Some(NOT_SUPPORTED.into());
        })
        .blocked_by("customer-managed-policy-missing")
        .silent_on(&["By now the account has every policy"]),
        // Not provisioned, and yet a role of that name is there.
        scenario("not-provisioned-beside-a-role", |acme| {
            let arn = acme.permission_set_arn("RedshiftAnalyst");
            acme.provisioned.retain(|one| one.account != "123456789012" || one.permission_set != arn);
        })
        .blocked_by("permission-set-not-provisioned")
        .saying(&["although the account has a role of that name, AWSReservedSSO_RedshiftAnalyst_"])
        .silent_on(&["has no role for it"]),
        scenario("not-provisioned-beside-a-role--near-miss", |acme| {
            acme.creation_requests.clear();
            acme.unprovision("RedshiftAnalyst", "prod-data");
        })
        .blocked_by("permission-set-not-provisioned")
        .saying(&["the account has no role for it"]),
    ]
}

fn attributes() -> Vec<Scenario> {
    vec![
        scenario("attribute-with-a-comma-in-a-street", |acme| {
            pass_on(acme, "${path:addresses[primary eq true].streetAddress}");
            acme.user("jane.doe").addresses =
                vec![json!({"StreetAddress": "Main Street 1, 2nd floor", "Type": "work", "Primary": true})];
        })
        .blocked_by("session-tags-invalid")
        .saying(&["holds ','"]),
        scenario("attribute-of-another-address--near-miss", |acme| {
            pass_on(acme, "${path:addresses[type eq \"home\"].streetAddress}");
            acme.user("jane.doe").addresses =
                vec![json!({"StreetAddress": "Main Street 1, 2nd floor", "Type": "work", "Primary": true})];
        }),
        scenario("attribute-of-the-enterprise-extension", |acme| {
            pass_on(acme, "${path:enterprise.costCenter}");
            acme.user("jane.doe").enterprise = Some(json!({"costCenter": "R&D"}));
        })
        .blocked_by("session-tags-invalid"),
        scenario("attribute-of-the-enterprise-extension--near-miss", |acme| {
            pass_on(acme, "${path:enterprise.costCenter}");
            acme.user("jane.doe").enterprise = Some(json!({"costCenter": "4711", "department": "R&D"}));
        })
        .saying(&["\"complete\": true"]),
        scenario("attribute-of-a-manager", |acme| {
            pass_on(acme, "${path:enterprise.manager.value}");
            acme.user("jane.doe").enterprise = Some(json!({"manager": {"value": "boss;1"}}));
        })
        .blocked_by("session-tags-invalid"),
        // A source that was not read is not "the user has none".
        scenario("attribute-of-a-source-that-is-not-known", |acme| pass_on(acme, "${user:email}")).inconclusive(),
        // The letters of many scripts come with marks that are no letters to AWS.
        scenario("attribute-with-a-vowel-sign", |acme| {
            pass_on(acme, "${path:displayName}");
            acme.user("jane.doe").display_name = "जेन डो".into();
        })
        .blocked_by("session-tags-invalid"),
        scenario("attribute-in-a-script-of-letters--near-miss", |acme| {
            pass_on(acme, "${path:displayName}");
            acme.user("jane.doe").display_name = "Джейн Доу 李".into();
        }),
    ]
}

fn callers() -> Vec<Scenario> {
    vec![
        scenario("key-denied-in-words", |_| {})
            .where_aws(|conduct| conduct.with_fault(Fault::on("identitystore:*", key_denied())))
            .inconclusive()
            .saying(&["\"allow\": \"kms:Decrypt\""])
            .silent_on(&["\"allow\": \"identitystore:GetUserId\""]),
        scenario("key-denied-by-its-reason", |_| {})
            .where_aws(|conduct| conduct.with_fault(Fault::on("identitystore:*", Kind::DeniedByKms)))
            .inconclusive()
            .saying(&["\"allow\": \"kms:Decrypt\""]),
        scenario("asked-from-a-member-account", |_| {})
            .called_by(MEMBER_KEY)
            .inconclusive()
            .saying(&["Identity Center answers only the management account"]),
        // The delegated administrator asks from the right place, and lacks a permission.
        scenario("asked-from-a-member-account--near-miss", |_| {})
            .called_by(DELEGATED_KEY)
            .where_aws(|conduct| conduct.with_denied("sso:ListPermissionSetsProvisionedToAccount"))
            .inconclusive()
            .silent_on(&["Identity Center answers only the management account"]),
        scenario("asked-from-a-member-account--near-miss-all-denied", |_| {})
            .called_by(DELEGATED_KEY)
            .where_aws(|conduct| conduct.with_denied("sso:List*").with_denied("sso:Describe*"))
            .inconclusive()
            .silent_on(&["Identity Center answers only the management account"]),
    ]
}

fn key_denied() -> Kind {
    Kind::Error {
        status: 400,
        code: "AccessDeniedException".into(),
        message: "User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: kms:Decrypt on resource: \
                  arn:aws:kms:us-east-1:111122223333:key/1 because no identity-based policy allows the kms:Decrypt action"
            .into(),
    }
}

fn never_provisioned_with_boundary(acme: &mut Organization, arn: &str) {
    acme.creation_requests.clear();
    acme.unprovision("RedshiftAnalyst", "prod-data");
    acme.permission_set("RedshiftAnalyst").permissions_boundary = Some(Boundary::ManagedPolicyArn(arn.into()));
}

fn pass_on(acme: &mut Organization, source: &str) {
    acme.instance().access_control_attributes = Some(AccessControlAttributes {
        status: "ENABLED".into(),
        status_reason: None,
        attributes: [("Attribute".to_owned(), source.to_owned())].into(),
    });
}
