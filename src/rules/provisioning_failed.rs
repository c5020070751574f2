//! The last provisioning of the permission set to the account failed.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::RequestStatus;
use crate::model::SetInAccount;
use crate::model::failed_request::Reason;
use crate::model::paths;
use crate::model::{failed_request, fixes, permission_set_role};

rule! {
    gate: Gate::Provisioning,
    worst: Worst::BlocksWithoutRole,
    clear: "",
    summary: "the last provisioning failed; the reason is quoted and classified",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    if !here.stands {
        return Ok(Outcome::NotApplicable);
    }
    // A set that is there in its latest version is not failed because a request failed once.
    if here.provisioned().in_latest_version()? {
        return Ok(Outcome::Clear);
    }
    let Some(account) = here.account_id()? else { return Ok(Outcome::NotApplicable) };
    let log = here.provisioning();
    let Some(newest) = paths::newest_request(log, account, here.arn, None)? else {
        return Ok(Outcome::Clear);
    };
    if newest.request.status != Some(RequestStatus::Failed) {
        return Ok(Outcome::Clear);
    }
    let set = here.label();
    let reason = newest.request.failure_reason.as_deref().unwrap_or("no reason given");
    let said = newest.request.failure_reason.as_deref();
    let Reason { explained, advice } = failed_request::reason(here, None, said);
    let message = format!(
        "The last provisioning of permission set {set} to account {} failed. {}",
        here.account_label(),
        explained
    );
    let cite = newest.fact.cite(format!("request {} FAILED: {reason}", newest.request.id));
    let fault = Fault::new(permission_set_role::effect(here)?, message, cite);
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
    fn the_state_now_outranks_an_old_failure() {
        let mut evidence = sample::healthy();
        let log = &mut evidence.provisioning;
        sample::add_request(log, "r1", RequestStatus::Failed, "2026-11-21T01:00:00Z", None);
        log.succeeded = sample::known(Call::ListPermissionSetProvisioningStatus, vec![]);
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        assert!(matches!(check(&evidence, &path()), Ok(Outcome::Fault(_))));
        let log = &mut evidence.provisioning;
        sample::add_request(log, "r2", RequestStatus::Succeeded, "2026-11-21T02:00:00Z", None);
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
    }
}
