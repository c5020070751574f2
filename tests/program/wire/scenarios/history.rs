//! What the event histories hold of how a cause came about, each way in which CloudTrail tells of it, and what comes near.

use serde_json::{Value, json};

use crate::wire::scenario::{Scenario, scenario};
use served::{By, Moment, Organization};

const MANAGEMENT: &str = "111122223333";
const ADMINISTRATOR: &str = "444455556666";
const TARGET: &str = "123456789012";
const SYNC: By<'static> = By::Pipeline("scim-sync", "ASIASYNC000000000001");
const TERRAFORM: By<'static> = By::Pipeline("terraform-identity", "ASIATERRAFORM0000001");
const MINUTES: fn(i64) -> Moment = Moment::minutes_ago;

pub(super) fn scenarios() -> Vec<Scenario> {
    [members(), others()].concat()
}

fn left_out(acme: &mut Organization) {
    acme.remove_member("DataAnalysts", "jane.doe");
    acme.remove_member("Developers", "jane.doe");
}

fn out_of_it(name: &'static str, change: fn(&mut Organization)) -> Scenario {
    scenario(name, change).blocked_by("not-in-assigned-group")
}

/// What the identity store is asked about a member of DataAnalysts.
fn membership(acme: &Organization, user: &str) -> Value {
    json!({
        "identityStoreId": acme.organization_instance().identity_store_id,
        "groupId": acme.group_id("DataAnalysts"), "memberId": {"userId": acme.user_id(user)},
    })
}

fn members() -> Vec<Scenario> {
    vec![
        out_of_it("not-in-assigned-group--removed-in-the-console", |acme| {
            left_out(acme);
            acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
        }),
        out_of_it("not-in-assigned-group--others-removed-in-the-console", |acme| {
            left_out(acme);
            acme.removed_in_console("DataAnalysts", "amir.khan", "alex.admin", MINUTES(90));
            acme.removed_in_console("Finance", "jane.doe", "alex.admin", MINUTES(80));
        }),
        out_of_it("not-in-assigned-group--removed-and-added-again", |acme| {
            left_out(acme);
            acme.removed_in_console("DataAnalysts", "jane.doe", "alex.admin", MINUTES(90));
            let event = (membership(acme, "jane.doe"), json!({"membershipId": "m-2"}));
            acme.change_event(MANAGEMENT, "identitystore:CreateGroupMembership", SYNC, MINUTES(60), event);
        }),
        out_of_it("not-in-assigned-group--removed-by-a-pipeline", |acme| {
            left_out(acme);
            let event = (membership(acme, "jane.doe"), Value::Null);
            let before = MINUTES(60).plus_seconds(-2);
            acme.change_event(ADMINISTRATOR, "identitystore:GetGroupMembershipId", SYNC, before, event);
            acme.removed_by_api(ADMINISTRATOR, "m-1", SYNC, MINUTES(60));
        }),
        out_of_it("not-in-assigned-group--removed-by-the-membership-alone", |acme| {
            left_out(acme);
            let event = (membership(acme, "jane.doe"), json!({"membershipId": "m-1"}));
            acme.change_event(MANAGEMENT, "identitystore:CreateGroupMembership", SYNC, Moment::days_ago(60), event);
            acme.removed_by_api(ADMINISTRATOR, "m-1", TERRAFORM, MINUTES(60));
        }),
        out_of_it("not-in-assigned-group--changed-through-scim", |acme| {
            left_out(acme);
            let role = acme.role_arn("RedshiftAnalyst", "prod-data");
            acme.events.clear();
            acme.saml_event("jane.doe", &role, MINUTES(120), None);
            acme.patched_by_scim("DataAnalysts", "REMOVE", MINUTES(60));
        }),
    ]
}

fn others() -> Vec<Scenario> {
    vec![
        scenario("assignment-missing--deleted-by-a-pipeline", |acme| {
            acme.assignments.retain(|one| one.account != TARGET);
            let it = ("RedshiftAnalyst", "DataAnalysts", "prod-data");
            acme.assignment_event("sso:DeleteAccountAssignment", it, ADMINISTRATOR, TERRAFORM, MINUTES(50));
        })
        .blocked_by("assignment-missing"),
        scenario("user-disabled--in-the-console", |acme| {
            let user = acme.user("jane.doe");
            user.status = Some("DISABLED".into());
            user.updated = Some((MINUTES(70), "AROAEXAMPLE:alex.admin".into()));
            let store = acme.organization_instance().identity_store_id.clone();
            let event = (json!({"identityStoreId": store, "userId": acme.user_id("jane.doe")}), Value::Null);
            acme.change_event(MANAGEMENT, "sso-directory:DisableUser", By::Person("alex.admin"), MINUTES(70), event);
        })
        .blocked_by("user-disabled"),
        scenario("customer-managed-policy-missing--deleted-by-somebody", |acme| {
            acme.remove_policy("prod-data", "my-redshift-analyst-policy");
            acme.unprovision("RedshiftAnalyst", "prod-data");
            let arn = format!("arn:aws:iam::{TARGET}:policy/my-redshift-analyst-policy");
            let event = (json!({"policyArn": arn}), Value::Null);
            acme.change_event(TARGET, "iam:DeletePolicy", By::Person("alex.admin"), MINUTES(40), event);
        })
        .blocked_by("customer-managed-policy-missing"),
    ]
}
