//! The request that creates the assignment failed, and none has succeeded since.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Principal, RequestStatus};
use crate::model::failed_request::Reason;
use crate::model::{SetInAccount, failed_request, fixes, paths};

rule! {
    gate: Gate::Provisioning,
    worst: Worst::BlocksWithoutRole,
    clear: "",
    summary: "the request that creates the assignment failed and none has succeeded since; the reason is quoted and classified",
    check: Check::Assignment(check),
}

fn check(here: SetInAccount<'_>, principal: &Principal) -> Judged {
    // What stands and works now outranks the record of an older request.
    if here.stands && here.provisioned().in_any_version()? {
        return Ok(Outcome::Clear);
    }
    let Some(account) = here.account_id()? else { return Ok(Outcome::NotApplicable) };
    let log = here.creation();
    let Some(newest) = paths::newest_request(log, account, here.arn, Some(principal))? else {
        return Ok(Outcome::Clear);
    };
    if newest.request.status != Some(RequestStatus::Failed) {
        return Ok(Outcome::Clear);
    }
    let set = here.label();
    let reason = newest.request.failure_reason.as_deref().unwrap_or("no reason given");
    let said = newest.request.failure_reason.as_deref();
    let Reason { explained, advice } = failed_request::reason(here, Some(principal), said);
    let message = format!(
        "The request to assign {set} in account {} failed, and none has succeeded since. {}",
        here.account_label(),
        explained
    );
    let fault = Fault::blocks(message, newest.fact.cite(format!("request {} FAILED: {reason}", newest.request.id)));
    let fault = match advice {
        Some(advice) => fault.fix(advice, None),
        None => fault,
    };
    fault.mended_by([fixes::provision(here)]).found()
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
    fn a_failure_counts_until_a_later_success() {
        let mut evidence = sample::healthy();
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        let via = Some(sample::group_principal());
        let log = &mut evidence.creation;
        sample::add_request(log, "r1", RequestStatus::Failed, "2026-11-21T01:00:00Z", via.clone());
        // Whether a later request succeeded has not been asked: that is not known, so it is not a fault.
        assert!(check(&evidence, &path()).is_err());
        let log = &mut evidence.creation;
        log.succeeded = sample::known(Call::ListAccountAssignmentCreationStatus, vec![]);
        let Ok(Outcome::Fault(fault)) = check(&evidence, &path()) else { panic!("no fault") };
        assert!(fault.message.contains("Not supported policy"), "{}", fault.message);
        let log = &mut evidence.creation;
        sample::add_request(log, "r2", RequestStatus::Succeeded, "2026-11-21T02:00:00Z", via);
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
    }

    #[test]
    fn a_failure_for_somebody_else_does_not_count() {
        let mut evidence = sample::healthy();
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        let mut other = sample::group_principal();
        other.id.push('x');
        let log = &mut evidence.creation;
        sample::add_request(log, "r1", RequestStatus::Failed, "2026-11-21T01:00:00Z", Some(other));
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
    }
}
