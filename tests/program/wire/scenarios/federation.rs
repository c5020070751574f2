//! What AWS STS said when the user last tried.

use crate::wire::scenario::{Scenario, scenario};
use served::{Moment, Organization};

const REFUSED: Option<(&str, &str)> = Some(("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"));

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("assume-role-failed", |acme| refuse(acme, "jane.doe", "prod-data", Moment::hours_ago(1)))
            .blocked_by("assume-role-failed")
            .likely(),
        // Mended since: she got in afterwards. And others' refusals on her role, hers on another role.
        scenario("assume-role-failed--near-miss", |acme| {
            refuse(acme, "jane.doe", "prod-data", Moment::hours_ago(3));
            refuse(acme, "amir.khan", "prod-data", Moment::hours_ago(1));
            refuse(acme, "jane.doe@contractor.example", "prod-data", Moment::hours_ago(1));
            refuse(acme, "jane.doe", "dev-data", Moment::hours_ago(1));
        }),
        // Her role has been made anew; what was refused was the old one.
        scenario("assume-role-failed--near-miss-old-role", |acme| {
            let arn = acme.role_arn("RedshiftAnalyst", "prod-data").replace("_d599bbca596a5d25", "_00000000000000ff");
            acme.saml_event("jane.doe", &arn, Moment::hours_ago(1), REFUSED);
        }),
        // The SAML provider has been made anew since.
        scenario("assume-role-failed--near-miss-new-provider", |acme| {
            refuse(acme, "jane.doe", "prod-data", Moment::hours_ago(1));
            acme.account("prod-data").iam.saml_providers[0].created = Moment::minutes_ago(30);
        }),
        // Longer ago than was asked about.
        scenario("assume-role-failed--near-miss-long-ago", |acme| {
            acme.events.clear();
            refuse(acme, "jane.doe", "prod-data", Moment::days_ago(9));
        }),
    ]
}

fn refuse(acme: &mut Organization, user: &str, account: &str, when: Moment) {
    let role = acme.role_arn("RedshiftAnalyst", account);
    acme.saml_event(user, &role, when, REFUSED);
}
