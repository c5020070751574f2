//! The Identity Center instance is not in service.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::InInstance;

rule! {
    gate: Gate::Instance,
    worst: Worst::Blocks,
    clear: "active",
    summary: "the instance's status is not ACTIVE",
    check: Check::Instance(check),
}

fn check(here: InInstance<'_>) -> Judged {
    let instance = here.instance()?;
    let what = match instance.status.as_deref() {
        Some("ACTIVE") => return Ok(Outcome::Clear),
        Some("CREATE_IN_PROGRESS") => "is still being created",
        Some("CREATE_FAILED") => "could not be created",
        Some("DELETE_IN_PROGRESS") => "is being deleted",
        other => {
            let status = other.unwrap_or("no status");
            return Err(here.instances().unclear(format!("the instance has {status}, which decides nothing")).into());
        }
    };
    let status = instance.status.as_deref().unwrap_or_default();
    let reason = instance.status_reason.as_deref().map(|reason| format!(" AWS says: {reason}")).unwrap_or_default();
    let message =
        format!("The Identity Center instance {} {what}, so nobody can sign in through it.{reason}", instance.arn);
    Fault::blocks(message, here.instances().cite(format!("{} has status {status}", instance.arn)))
        .fix(
            if status == "CREATE_IN_PROGRESS" {
                "Wait until the instance is ACTIVE, then ask again"
            } else {
                "Look at the instance in the IAM Identity Center console of the account that owns it, and set it up again"
            },
            None,
        )
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, sample};
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    fn with_status(status: Option<&str>) -> Judged {
        let mut evidence = sample::healthy();
        let mut instance = evidence.instance().cloned().expect("the sample has one");
        instance.status = status.map(str::to_owned);
        evidence.instances = sample::known(Call::ListInstances, vec![instance]);
        check(&evidence)
    }

    #[test]
    fn decides_by_the_statuses_it_knows_only() {
        assert_eq!(with_status(Some("ACTIVE")), Ok(Outcome::Clear));
        assert!(matches!(with_status(Some("DELETE_IN_PROGRESS")), Ok(Outcome::Fault(_))));
        assert!(with_status(Some("SOMETHING_NEW")).is_err());
        assert!(with_status(None).is_err());
    }
}
