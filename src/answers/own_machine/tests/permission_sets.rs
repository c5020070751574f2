use super::super::sample::{CONFIG, FILE, diagnosed, lists, machine, with_organization};
use super::{commands, one, told};
use crate::answers::diagnosis::diagnose;
use crate::evidence::{Call, Machine, sample};
use crate::verdict::Verdict;

/// The set came through a group that the browser's session does not know yet.
#[test]
fn a_permission_set_that_is_assigned_is_never_called_wrong() {
    let again = ["aws sso logout", "aws sso login --profile prod"];
    for listed in [&["ReadOnly"][..], &["RedshiftAnalysts"], &["redshiftanalyst", "ReadOnly"], &["Billing", "ReadOnly"]]
    {
        let found = Machine { portal: vec![lists(FILE, listed)], ..machine(CONFIG) };
        let diagnosis = diagnose(&with_organization(found.clone()));
        assert_eq!((told(&diagnosis), diagnosis.verdict), (one("permission-set-not-listed", 0, ""), Verdict::Degraded));
        assert_eq!(commands(&diagnosis), again);
        let message = &diagnosis.own_machine.unwrap().faults[0].fault.message;
        assert!(
            message.contains("The line is right") && message.contains("Sign out of the access portal"),
            "{message}"
        );
        // The name of its role is another matter, and so is what the set is called in it.
        let role = CONFIG.replace("= RedshiftAnalyst", "= AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5");
        let found = Machine { portal: vec![lists(FILE, listed)], ..machine(&role) };
        let right = one("sso-role-name-wrong", 4, "sso_role_name = RedshiftAnalyst");
        assert_eq!(told(&diagnose(&with_organization(found))), right);
    }
    // Where it is assigned and does not work, that is the answer, and nothing of it is on the machine.
    let mut evidence = with_organization(Machine { portal: vec![lists(FILE, &["ReadOnly"])], ..machine(CONFIG) });
    evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
    evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![]);
    evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
    let diagnosis = diagnose(&evidence);
    assert_eq!((told(&diagnosis), diagnosis.verdict), (vec![], Verdict::Blocked));
}

/// Identity Center tells that it is not assigned, nor does the portal list it.
#[test]
fn a_permission_set_that_nobody_knows_of_is_wrong() {
    for (typed, listed, right) in [
        ("Billing", &["ReadOnly"][..], ""),
        ("Readonly", &["ReadOnly"], "sso_role_name = ReadOnly"),
        ("RedshiftAnalyst2", &["ReadOnly"], "sso_role_name = RedshiftAnalyst"),
    ] {
        let config = CONFIG.replace("= RedshiftAnalyst", &format!("= {typed}"));
        let found = Machine { portal: vec![lists(FILE, listed)], ..machine(&config) };
        let diagnosis = diagnose(&with_organization(found));
        assert_eq!(told(&diagnosis), one("sso-role-name-wrong", 4, right), "{typed}");
    }
}

/// Where nobody can tell, what is known is said, and no line is to be changed that may be right.
#[test]
fn a_permission_set_that_may_be_assigned_is_left_alone() {
    let listed = |typed: &str, listed: &[&str]| {
        let config = CONFIG.replace("= RedshiftAnalyst", &format!("= {typed}"));
        Machine { portal: vec![lists(FILE, listed)], ..machine(&config) }
    };
    for (typed, sets) in [
        ("Billing", &["ReadOnly", "RedshiftAnalyst"][..]),
        ("Billing", &["ReadOnly"]),
        ("TeamB", &["TeamA"]),
        ("RedshiftAnalyst2", &["RedshiftAnalyst"]),
        ("RedshiftAnalystPlus", &["RedshiftAnalyst"]),
    ] {
        let diagnosis = diagnosed(listed(typed, sets));
        assert_eq!(told(&diagnosis), one("permission-set-not-listed", 0, ""), "{typed}");
        assert_eq!(commands(&diagnosis), ["aws sso logout", "aws sso login --profile prod"]);
        let message = &diagnosis.own_machine.unwrap().faults[0].fault.message;
        assert!(message.contains("~/.aws/config:4") && message.contains("Before the line is changed"), "{message}");
    }
    // Only a part of it was asked about, or could be read.
    let mut part = with_organization(listed("Billing", &["ReadOnly"]));
    part.question.permission_set = Some("RedshiftAnalyst".into());
    assert_eq!(told(&diagnose(&part))[0].0, "permission-set-not-listed");
    let mut hidden = with_organization(listed("Billing", &["ReadOnly"]));
    hidden.user.memberships = sample::denied(Call::ListGroupMembershipsForMember);
    hidden.user.for_principal = sample::denied(Call::ListAccountAssignmentsForPrincipal);
    assert_eq!(told(&diagnose(&hidden))[0].0, "permission-set-not-listed");
    // The name in a role is what it is called.
    let role = listed("AWSReservedSSO_Billing_7243976e43c75fc5", &["ReadOnly"]);
    assert_eq!(told(&diagnosed(role)), one("sso-role-name-wrong", 4, "sso_role_name = Billing"));
}
