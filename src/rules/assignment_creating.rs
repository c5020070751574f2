//! The request that creates the assignment is still running.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Principal, RequestStatus};
use crate::model::{SetInAccount, fixes, paths};

rule! {
    gate: Gate::Provisioning,
    worst: Worst::BlocksWithoutRole,
    clear: "",
    summary: "the request that creates the assignment, and provisions the permission set with it, is still running",
    check: Check::Assignment(check),
}

/// A request normally takes seconds. One that runs longer than this points to an account that cannot be reached.
const STUCK_AFTER_MINUTES: i64 = 30;

fn check(here: SetInAccount<'_>, principal: &Principal) -> Judged {
    if here.stands && here.provisioned().in_any_version()? {
        return Ok(Outcome::Clear);
    }
    let Some(account) = here.account_id()? else { return Ok(Outcome::NotApplicable) };
    let log = here.creation();
    let Some(newest) = paths::newest_request(log, account, here.arn, Some(principal))? else {
        return Ok(Outcome::Clear);
    };
    match newest.request.status {
        Some(RequestStatus::InProgress) => {}
        Some(RequestStatus::Failed | RequestStatus::Succeeded) => return Ok(Outcome::Clear),
        None => return Err(newest.fact.unclear("AWS did not say where the request stands").into()),
    }
    let set = here.label();
    let minutes = newest.request.created.map_or(0, |created| here.collected_at().duration_since(created).as_mins());
    let stuck = if minutes >= STUCK_AFTER_MINUTES {
        " Requests take seconds as a rule: one that runs this long points to an account that Identity Center cannot reach, \
         because it is suspended or does not have the instance's Region enabled."
    } else {
        ""
    };
    let message = format!(
        "The assignment of {set} to account {} is still being created, for {minutes} minutes now.{stuck}",
        here.account_label()
    );
    let id = &newest.request.id;
    Fault::blocks(message, newest.fact.cite(format!("request {id} is IN_PROGRESS")))
        .fix(
            if minutes >= STUCK_AFTER_MINUTES {
                "See whether the account is suspended, or has the Region of the instance disabled; this shows where the request stands"
            } else {
                "Wait a minute and ask again; this shows where the request stands"
            },
            fixes::describe_request(
                here.in_account,
                "describe-account-assignment-creation-status",
                "--account-assignment-creation-request-id",
                id,
            ),
        )
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, sample};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    #[test]
    fn a_running_request_blocks_until_the_set_is_there() {
        let mut evidence = sample::healthy();
        let via = Some(sample::group_principal());
        sample::add_request(
            &mut evidence.creation,
            "r1",
            RequestStatus::InProgress,
            "2026-11-22T01:00:00Z",
            via,
        );
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        let Ok(Outcome::Fault(fault)) = check(&evidence, &path()) else { panic!("no fault") };
        assert!(fault.message.contains("2 minutes"), "{}", fault.message);
        evidence.creation.in_progress = sample::denied(Call::ListAccountAssignmentCreationStatus);
        assert!(check(&evidence, &path()).is_err());
    }
}
