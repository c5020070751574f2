//! Nothing is wrong, in the several ways in which nothing can be wrong.

use crate::wire::scenario::{Scenario, scenario};
use served::ExternalId;
use served::{DELEGATED_KEY, Moment};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        scenario("healthy--group", |_| {}),
        // Nobody has this name: that is no fault of the user's.
        scenario("healthy--like-nobody", |_| {}).asking("jane.doe 123456789012 --like amir.kahn"),
        scenario("healthy--named-permission-set", |_| {}).asking("jane.doe prod-data -p RedshiftAnalyst --group DataAnalysts"),
        scenario("healthy--direct-assignment", |acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
            acme.assign("RedshiftAnalyst", "jane.doe", "prod-data");
        }),
        // The same permission set twice: each principal is a path of its own.
        scenario("healthy--direct-and-group", |acme| {
            acme.assign("RedshiftAnalyst", "jane.doe", "prod-data");
        }),
        scenario("healthy--two-permission-sets", |acme| {
            acme.assign("ReadOnly", "Developers", "prod-data");
        }),
        // Neither the name nor the id of this user looks like the others'.
        scenario("healthy--provisioned-by-scim", |acme| {
            let user = acme.add_user("Jane.Roe@acme.example");
            user.id = "5b0cf1f6-9d38-4f8e-a5e5-0d2c6f1c9f10".into();
            user.external_ids =
                vec![ExternalId { issuer: "https://scim.us-east-1.amazonaws.com/acme".into(), id: "00u7roe".into() }];
            acme.add_member("DataAnalysts", "Jane.Roe@acme.example");
        })
        .asking("Jane.Roe@acme.example 123456789012"),
        scenario("healthy--home-in-eu-west-1", |_| {}).at_home_in("eu-west-1"),
        // The instance is visible in the Region asked, but answers no question about assignments there.
        scenario("healthy--replicated-to-the-callers-region", |acme| {
            acme.replicate_to("us-east-1");
        })
        .at_home_in("eu-west-1"),
        scenario("healthy--management-account", |_| {}).asking("alex.admin acme-management"),
        scenario("healthy--own-credentials-in-the-account", |_| {})
            .asking("alex.admin 111122223333")
            .without_target_role(),
        // What is provisioned in the management account is hidden from the delegated administrator; here nothing is.
        scenario("healthy--delegated-administrator", |acme| {
            for set in ["AdministratorAccess", "Billing"] {
                acme.unprovision(set, "acme-management");
            }
        })
        .called_by(DELEGATED_KEY),
        scenario("healthy--delegated-administrator-may-list-for-principal", |_| {})
            .called_by(DELEGATED_KEY)
            .where_aws(|mut conduct| {
                conduct.delegated_lists_for_principal = true;
                conduct
            }),
        // An account instance of the caller's own account stands first in the list.
        scenario("healthy--beside-an-account-instance", |acme| {
            acme.add_account_instance("identity").status = "DELETE_IN_PROGRESS".into();
        })
        .called_by(DELEGATED_KEY)
        .where_aws(|mut conduct| {
            conduct.delegated_lists_for_principal = true;
            conduct
        }),
        scenario("healthy--just-added", |acme| {
            acme.group("DataAnalysts").members[0].created = Moment::minutes_ago(1);
        }),
        scenario("healthy--pasted-role", |_| {}).asking(
            "jane.doe arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_RedshiftAnalyst_d599bbca596a5d25/jane.doe",
        ),
        scenario("healthy--pasted-portal-link", |_| {}).asking(
            "jane.doe https://d-9067f0c1d2.awsapps.com/start/#/console?account_id=123456789012&role_name=RedshiftAnalyst",
        ),
    ]
}
