//! The assignment is being deleted.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Gaps, Principal, Reason, RequestStatus};
use crate::model::{SetInAccount, fixes};

rule! {
    gate: Gate::Assignment,
    worst: Worst::Blocks,
    clear: "",
    summary: "the assignment is being deleted",
    check: Check::Assignment(check),
}

fn check(here: SetInAccount<'_>, principal: &Principal) -> Judged {
    let Some(account) = here.account_id()? else { return Ok(Outcome::NotApplicable) };
    let log = here.deletion();
    let mut gaps = Gaps::default();
    let running = log.in_progress.known()?;
    for row in running {
        let Some(fact) = log.described.get(&row.id) else {
            let because = format!("{} deletions run, and not all of them were described", running.len());
            gaps.0.push(log.in_progress.gap(Reason::NotAsked, because));
            continue;
        };
        let Some(described) = gaps.keep(fact.known()) else { continue };
        let Some(request) = described else {
            gaps.0.push(fact.unclear(format!("request {} is listed, and then there is none", row.id)));
            continue;
        };
        if !log.is_whole(request) {
            gaps.0.push(fact.unclear(format!("request {} does not say what it is about", row.id)));
            continue;
        }
        let this = request.account.as_deref() == Some(account)
            && request.permission_set.as_deref() == Some(here.arn)
            && request.principal.as_ref() == Some(principal);
        match request.status {
            Some(RequestStatus::InProgress) if this => {}
            None if this => {
                gaps.0.push(fact.unclear("AWS did not say where the request stands"));
                continue;
            }
            Some(_) | None => continue,
        }
        let set = here.label();
        let message = format!(
            "The assignment of {set} in account {} is being deleted right now. A session that is already open goes on until it \
             ends.",
            here.account_label()
        );
        return Fault::blocks(message, fact.cite(format!("request {} is IN_PROGRESS", request.id)))
            .fix(
                "Find out who deletes it, and why, before creating it again; this shows where the request stands",
                fixes::describe_request(
                    here.in_account,
                    "describe-account-assignment-deletion-status",
                    "--account-assignment-deletion-request-id",
                    &request.id,
                ),
            )
            .mended_by([fixes::assign_to(
                here.in_account,
                here.arn,
                principal,
                "If it was deleted by mistake, create the assignment again once the request is done",
            )])
            .found();
    }
    gaps.none_or_err()?;
    Ok(Outcome::Clear)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, Observed, sample};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    #[test]
    fn only_a_running_request_for_this_very_assignment() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        let mut other = sample::group_principal();
        other.id.push('x');
        let log = &mut evidence.deletion;
        sample::add_request(log, "r1", RequestStatus::InProgress, "2026-11-22T01:00:00Z", Some(other));
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        let own = Some(sample::group_principal());
        let log = &mut evidence.deletion;
        sample::add_request(log, "r2", RequestStatus::InProgress, "2026-11-22T01:00:00Z", own);
        assert!(matches!(check(&evidence, &path()), Ok(Outcome::Fault(_))));
        let described = &mut evidence.deletion.described;
        for fact in described.values_mut() {
            if let Observed::Known(Some(request)) = &mut fact.observed {
                request.status = None;
            }
        }
        assert!(check(&evidence, &path()).is_err(), "where the request stands is not known");
        evidence.deletion.in_progress = sample::denied(Call::ListAccountAssignmentDeletionStatus);
        assert!(check(&evidence, &path()).is_err());
    }
}
