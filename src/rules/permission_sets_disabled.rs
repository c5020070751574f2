//! The instance does not support permission sets.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Evidence, Gaps};
use crate::model::paths::Path;
use crate::model::{fixes, paths};

pub(super) static RULE: Rule = Rule {
    id: "permission-sets-disabled",
    gate: Gate::Instance,
    worst: Worst::Blocks,
    clear: "",
    summary: "the instance does not support permission sets",
    explain: include_str!("../../docs/rules/permission-sets-disabled.md"),
    check: Check::SharedAndPerPath(check, check_path),
};

fn check(evidence: &Evidence) -> Judged {
    if !is_disabled(evidence)? {
        return Ok(Outcome::Clear);
    }
    // An entitlement needs no permission set: then it is about each assignment.
    match paths::is_entitled(evidence) {
        Ok(false) => fault(evidence),
        Err(gaps) if paths::find(evidence).list.is_empty() => Err(gaps),
        Ok(true) | Err(_) => Ok(Outcome::NotApplicable),
    }
}

fn check_path(evidence: &Evidence, _: &Path) -> Judged {
    if is_disabled(evidence) == Ok(true) { fault(evidence) } else { Ok(Outcome::NotApplicable) }
}

/// A service that does not send the flag says nothing against permission sets.
fn is_disabled(evidence: &Evidence) -> Result<bool, Gaps> {
    Ok(evidence.instance_details.known()?.permission_sets_enabled == Some(false))
}

fn fault(evidence: &Evidence) -> Judged {
    let details = &evidence.instance_details;
    let instance = evidence.instance()?;
    let message = format!(
        "The Identity Center instance {} does not support permission sets, so it gives nobody access to accounts.",
        instance.arn
    );
    Fault::blocks(message, details.cite("PermissionSetsEnabled is false"))
        .mended_by([Fix::new("Enable permission sets for the instance", fixes::enable_permission_sets(evidence))
            .careful("this cannot be undone")])
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, InstanceDetails, sample};

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
        let judged: Vec<_> = paths::find(&both).list.iter().filter_map(|way| RULE.judge_way(&both, way)).collect();
        assert!(matches!(&judged[..], [Ok(Outcome::Fault(_))]), "{judged:?}");
        assert_eq!(check(&both), Ok(Outcome::NotApplicable));
        evidence.entitlements.applications = sample::denied(Call::ListApplications);
        assert!(check(&evidence).is_err());
    }
}
