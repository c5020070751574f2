//! The permission set is being provisioned to the account right now.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::RequestStatus;
use crate::model::SetInAccount;
use crate::model::paths;
use crate::model::{fixes, permission_set_role};

rule! {
    gate: Gate::Provisioning,
    worst: Worst::BlocksWithoutRole,
    clear: "",
    summary: "the permission set is being provisioned to the account right now",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    if !here.stands {
        return Ok(Outcome::NotApplicable);
    }
    if here.provisioned().in_latest_version()? {
        return Ok(Outcome::Clear);
    }
    let Some(account) = here.account_id()? else { return Ok(Outcome::NotApplicable) };
    let log = here.provisioning();
    let Some(newest) = paths::newest_request(log, account, here.arn, None)? else {
        return Ok(Outcome::Clear);
    };
    match newest.request.status {
        Some(RequestStatus::InProgress) => {}
        Some(RequestStatus::Failed | RequestStatus::Succeeded) => return Ok(Outcome::Clear),
        None => return Err(newest.fact.unclear("AWS did not say where the request stands").into()),
    }
    let set = here.label();
    let message = format!("Permission set {set} is being provisioned to account {} right now.", here.account_label());
    let id = &newest.request.id;
    let cite = newest.fact.cite(format!("request {id} is IN_PROGRESS"));
    Fault::new(permission_set_role::effect(here)?, message, cite)
        .fix(
            "Wait a minute and ask again; this shows where the request stands",
            fixes::describe_request(
                here.in_account,
                "describe-permission-set-provisioning-status",
                "--provision-permission-set-request-id",
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
    use crate::findings::Effect;
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    #[test]
    fn blocks_the_first_time_and_degrades_later() {
        let mut evidence = sample::healthy();
        let log = &mut evidence.provisioning;
        sample::add_request(log, "r1", RequestStatus::InProgress, "2026-11-22T01:00:00Z", None);
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        let lists = Call::ListPermissionSetsProvisionedToAccount;
        evidence.account.provisioned_latest = sample::known(lists, vec![]);
        let effect = |evidence: &Evidence| match check(evidence, &path()) {
            Ok(Outcome::Fault(fault)) => Some(fault.effect),
            _ => None,
        };
        assert_eq!(effect(&evidence), Some(Effect::Blocks));
        evidence.account.provisioned_outdated = sample::known(lists, vec![sample::SET.into()]);
        assert_eq!(effect(&evidence), Some(Effect::Degrades));
    }
}
