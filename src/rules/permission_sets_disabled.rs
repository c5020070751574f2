//! The instance does not support permission sets.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::InInstance;
use crate::model::fixes;

rule! {
    gate: Gate::Instance,
    worst: Worst::Blocks,
    clear: "",
    summary: "the instance does not support permission sets",
    check: Check::PermissionSets(check),
}

fn check(here: InInstance<'_>) -> Judged {
    // A service that does not send the flag says nothing against permission sets.
    if here.instance_details().known()?.permission_sets_enabled != Some(false) {
        return Ok(Outcome::Clear);
    }
    let details = here.instance_details();
    let instance = here.instance()?;
    let message = format!(
        "The Identity Center instance {} does not support permission sets, so it gives nobody access to accounts.",
        instance.arn
    );
    Fault::blocks(message, details.cite("PermissionSetsEnabled is false"))
        .mended_by([Fix::new("Enable permission sets for the instance", fixes::enable_permission_sets(here))
            .careful("this cannot be undone")])
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, InstanceDetails, sample};
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    #[test]
    fn an_absent_flag_is_not_a_no() {
        let with = |permission_sets_enabled| {
            let mut evidence = sample::healthy();
            evidence.instance_details =
                sample::known(Call::DescribeInstance, InstanceDetails { permission_sets_enabled });
            check(&evidence)
        };
        assert_eq!(with(Some(true)), Ok(Outcome::Clear));
        assert_eq!(with(None), Ok(Outcome::Clear));
        assert!(matches!(with(Some(false)), Ok(Outcome::Fault(_))));
        let mut evidence = sample::healthy();
        evidence.instance_details = sample::denied(Call::DescribeInstance);
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn does_not_shut_an_entitlement() {
        let mut evidence = sample::entitled::only();
        let disabled = InstanceDetails { permission_sets_enabled: Some(false) };
        evidence.instance_details = sample::known(Call::DescribeInstance, disabled);
        assert_eq!(check(&evidence), Ok(Outcome::NotApplicable));
        // Beside an entitlement, it shuts each assignment.
        let mut both = sample::healthy();
        sample::entitled::entitle(&mut both, sample::group_principal());
        both.instance_details = evidence.instance_details.clone();
        let paths = crate::model::paths::find(both.asked());
        let said = RULE.judge(crate::model::Case { evidence: &both, paths: &paths });
        assert!(
            matches!(&said[..], [(None, Ok(Outcome::NotApplicable)), (Some(_), Ok(Outcome::Fault(_)))]),
            "{said:?}"
        );
        assert_eq!(check(&both), Ok(Outcome::NotApplicable));
        evidence.entitlements.applications = sample::denied(Call::ListApplications);
        assert!(check(&evidence).is_err());
    }
}
