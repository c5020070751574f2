//! Which answers are carried out, and how.

use serde_json::Value;

use super::{Mend, mend, named};
use crate::wire::scenario::scenario;
use served::{DELEGATED_KEY, Moment, Organization};

pub(super) fn all() -> Vec<Mend> {
    [people(), assignments(), policies(), provisioning(), roles(), organization()].into_iter().flatten().collect()
}

fn people() -> Vec<Mend> {
    vec![
        named("account-not-in-organization")
            .after(|acme| {
                assert_eq!(acme.invited, ["123456789021"]);
                acme.add_account("123456789021", "prod-new");
            })
            .then("blocked", "assignment-missing"),
        named("user-not-found").then("blocked", "not-in-assigned-group"),
        mend(scenario("by e-mail", |_| {}).asking("jan.doe@acme.example 123456789012").blocked_by("user-not-found"))
            .then("blocked", "not-in-assigned-group"),
        named("not-in-assigned-group--group-meant"),
        // Each line is for whom it fits.
        named("not-in-assigned-group").without(&[
            "If jane.doe belongs in group Auditors",
            "If jane.doe belongs in group DataEngineers",
            "If jane.doe belongs in group Administrators",
        ]),
        named("not-in-assigned-group--entitled").without(&["If jane.doe belongs in group Auditors"]),
        named("permission-sets-disabled"),
    ]
}

fn assignments() -> Vec<Mend> {
    vec![
        named("assignment-missing").choosing(|acme| vec![("GROUP_ID", acme.group_id("DataAnalysts"))]),
        mend(
            scenario("in one group", |acme| {
                acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
                acme.remove_member("Developers", "jane.doe");
            })
            .asking("jane.doe 123456789012 -p RedshiftAnalyst")
            .blocked_by("assignment-missing"),
        ),
        mend(
            scenario("in no group", |acme| {
                acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
                acme.remove_member("Developers", "jane.doe");
                acme.remove_member("DataAnalysts", "jane.doe");
            })
            .asking("jane.doe 123456789012 -p RedshiftAnalyst")
            .blocked_by("assignment-missing"),
        ),
        // A group that she is not in: assigned, and joined.
        mend(
            scenario("another group is meant", |_| {})
                .asking("jane.doe 123456789012 -p RedshiftAnalyst --group Finance")
                .blocked_by("assignment-missing"),
        ),
        named("assignment-missing--empty-account")
            .choosing(|acme| vec![("PERMISSION_SET_ARN", acme.permission_set_arn("ReadOnly"))]),
        named("assignment-missing--similar-set").choosing(|acme| vec![("GROUP_ID", acme.group_id("Developers"))]),
        named("assignment-missing--role-left-over")
            .choosing(|acme| vec![("PERMISSION_SET_ARN", acme.permission_set_arn("ReadOnly"))]),
        named("assignment-missing--entitled").choosing(|acme| vec![("GROUP_ID", acme.group_id("DataAnalysts"))]),
        named("assignment-orphaned-principal").choosing(|acme| vec![("GROUP_ID", acme.group_id("DataAnalysts"))]),
        mend(
            scenario("she was deleted and made anew", |acme| {
                acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
                let gone = acme.assign("RedshiftAnalyst", "jane.doe", "prod-data");
                gone.principal_id = "9067f0c1d2-11111111-2222-3333-4444-555555555555".into();
            })
            .asking("jane.doe 123456789012 -p RedshiftAnalyst")
            .blocked_by("assignment-orphaned-principal"),
        ),
        // The request has to be done first.
        named("assignment-deleting").before(|acme| {
            acme.deletion_requests.iter_mut().for_each(|request| request.status = "SUCCEEDED".into());
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            acme.unprovision("RedshiftAnalyst", "prod-data");
        }),
    ]
}

fn policies() -> Vec<Mend> {
    let policy = |_: &Organization| {
        vec![("ANOTHER_ACCOUNT_ID", "210987654321".to_owned()), ("DEFAULT_VERSION_ID", "v1".to_owned())]
    };
    vec![
        named("customer-managed-policy-missing").choosing(policy),
        named("customer-managed-policy-missing--no-assignment-stands").choosing(policy),
        named("customer-managed-policy-missing--after-provisioning").choosing(policy),
        named("customer-managed-policy-missing--case"),
        named("customer-managed-policy-missing--path"),
        // A name that shorthand cannot hold.
        mend(
            scenario("an odd name", |acme| {
                acme.permission_set("RedshiftAnalyst").customer_managed_policies.clear();
                acme.permission_set("RedshiftAnalyst").customer_managed("a,b=c", "/");
                acme.add_policy("prod-data", "A,b=c", "/");
                acme.unprovision("RedshiftAnalyst", "prod-data");
            })
            .blocked_by("customer-managed-policy-missing"),
        ),
        named("permissions-boundary-missing")
            .before(|acme| {
                acme.add_policy("dev-data", "analyst-boundary", "/");
            })
            .choosing(policy),
        mend(
            scenario("a boundary in another case", |acme| {
                acme.permission_set("RedshiftAnalyst").boundary("analyst-boundary", "/");
                acme.add_policy("prod-data", "Analyst-Boundary", "/edge/");
                acme.unprovision("RedshiftAnalyst", "prod-data");
            })
            .blocked_by("permissions-boundary-missing"),
        ),
        named("aws-managed-policy-missing").choosing(a_policy),
        named("aws-managed-policy-missing--other-partition").choosing(a_policy),
        named("policies-per-role-quota"),
    ]
}

fn a_policy(_: &Organization) -> Vec<(&'static str, String)> {
    vec![("POLICY_ARN", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess".to_owned())]
}

fn provisioning() -> Vec<Mend> {
    vec![
        named("assignment-creation-failed"),
        named("assignment-creation-failed--assignment-stands"),
        named("provisioning-failed"),
        named("provisioning-failed--first-time"),
        named("permission-set-not-provisioned"),
        named("permission-set-outdated"),
        named("permission-set-empty").choosing(a_policy),
        named("permission-set-denies-session").editing(|policy| policy.replace("Deny", "Allow")),
        mend(
            scenario("AWS denies all beside another", |acme| {
                acme.aws_managed_policies.push("arn:aws:iam::aws:policy/AWSDenyAll".into());
                acme.permission_set("RedshiftAnalyst").managed("AWSDenyAll");
                acme.provision("RedshiftAnalyst", "prod-data");
            })
            .degraded_by("permission-set-denies-session"),
        ),
        mend(
            scenario("nothing is allowed", |acme| {
                let set = acme.permission_set("RedshiftAnalyst");
                set.customer_managed_policies.clear();
                set.managed_policies.clear();
                set.inline_policy = Some(
                    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#.into(),
                );
                acme.provision("RedshiftAnalyst", "prod-data");
            })
            .degraded_by("permission-set-denies-session"),
        )
        .editing(|policy| policy.replace("Deny", "Allow")),
        // They show where it stands, and no more.
        named("assignment-creating").then("blocked", "assignment-creating"),
        named("provisioning-in-progress").then("degraded", "provisioning-in-progress"),
        named("entitlement-application-not-active").then("blocked", "entitlement-application-not-active"),
    ]
}

fn roles() -> Vec<Mend> {
    vec![
        named("role-missing"),
        named("role-missing--entitled"),
        named("role-missing--entitled-elsewhere").then("degraded", "role-missing"),
        named("role-trust-altered"),
        named("role-trust-altered--foreign-provider"),
        named("saml-provider-missing"),
        named("role-policies-differ"),
        named("entitlement-role-trust-missing").editing(trust_account_access),
        named("entitlement-role-trust-missing--action").editing(trust_account_access),
    ]
}

/// Puts the statement that the answer shows into the trust policy: here, the one for acme's application.
fn trust_account_access(trust: &str) -> String {
    let mut trust: Value = serde_json::from_str(trust).expect("JSON");
    let mut statement = trust["Statement"][0].clone();
    statement["Action"] = serde_json::json!(["sts:AssumeRole", "sts:SetContext"]);
    statement["Condition"]["StringEquals"]["aws:SourceAccount"] = "111122223333".into();
    trust["Statement"].as_array_mut().expect("statements").push(statement);
    trust.to_string()
}

fn organization() -> Vec<Mend> {
    let spare = |policy: &str| {
        let spared = r#""Condition":{"Null":{"aws:PrincipalOrgID":"false"},"#;
        policy.replace(r#""Condition":{"#, spared)
    };
    vec![
        named("resource-control-policy-denies").editing(spare),
        // The delegated administrator is told to go to the management account.
        named("resource-control-policy-denies--on-the-account")
            .editing(spare)
            .without(&["If that cannot wait"])
            .without_a_fault(),
        named("resource-control-policy-denies--on-the-account")
            .without(&["Get policy", "In statement"])
            .without_a_fault(),
        named("service-control-policy-denies-session")
            .editing(|policy| {
                let spared = r#""Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"}}"#;
                policy.replace(r#""Condition":{}"#, spared)
            })
            .without(&["If that cannot wait"]),
        named("service-control-policy-denies-session").without(&["Get policy", "If that is not meant"]),
        named("service-control-policy-denies-session--nothing-allowed"),
        named("user-denied-by-policy").editing(|policy| policy.replace("UserId\":\"9", "UserId\":\"0")),
        // It was the only statement.
        named("user-denied-by-policy--inline"),
        mend(
            scenario("one statement of two", |acme| {
                acme.permission_set("RedshiftAnalyst").inline_policy = Some(
                    r#"{"Version":"2012-10-17","Statement":[{"Sid":"Work","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"Leaver","Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:userId":"*:jane.doe"}}}]}"#.into(),
                );
                acme.provision("RedshiftAnalyst", "prod-data");
            })
            .degraded_by("user-denied-by-policy"),
        )
        .editing(|policy| {
            let mut policy: Value = serde_json::from_str(policy).expect("JSON");
            policy["Statement"].as_array_mut().expect("statements").retain(|statement| statement["Sid"] == "Work");
            policy.to_string()
        }),
        // The delegated administrator may provision what has no part in the management account.
        mend(
            scenario("delegated", |acme| {
                acme.provisioned("RedshiftAnalyst", "prod-data").latest = false;
                for set in ["AdministratorAccess", "Billing"] {
                    acme.unprovision(set, "acme-management");
                }
                acme.provisioning_requests.retain(|request| request.created > Moment::now());
            })
            .called_by(DELEGATED_KEY)
            .degraded_by("permission-set-outdated"),
        ),
    ]
}
