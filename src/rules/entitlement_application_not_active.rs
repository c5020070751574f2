//! Account access manager's application is not active, so its entitlements give nothing.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Call, InAccount};
use crate::model::fixes;
use crate::model::paths::Entitled;

rule! {
    gate: Gate::Assignment,
    worst: Worst::Blocks,
    clear: "",
    summary: "the application of account access manager that the entitlement belongs to is not ACTIVE",
    check: Check::Entitlement(check),
}

fn check(here: InAccount<'_>, entitled: &Entitled) -> Judged {
    let arn = &entitled.application;
    let Some(fact) = here.applications().described.get(arn) else {
        return Err(here.unasked(Call::GetApplication, format!("application {arn} was not described")).into());
    };
    let Some(application) = fact.known()? else { return Ok(Outcome::NotApplicable) };
    let status = application.status.as_str();
    let what = match status {
        "ACTIVE" => return Ok(Outcome::Clear),
        "CREATE_IN_PROGRESS" => "is still being created",
        "CREATE_FAILED" => "could not be created",
        "DELETE_IN_PROGRESS" => "is being deleted",
        // What was deleted of it and what still works is not documented.
        "DELETE_FAILED" => "could not be deleted altogether",
        other => {
            return Err(fact.unclear(format!("the application has status {other}, which decides nothing")).into());
        }
    };
    let said = application.error.as_deref().map(|error| format!(" AWS says: {error}")).unwrap_or_default();
    let message = format!(
        "The application of account access manager {what} (status {status}), so that nobody gets to a role by an \
         entitlement.{said}"
    );
    let look = fixes::describe_application(here, arn);
    let fix = match status {
        "CREATE_IN_PROGRESS" => "Wait a minute and ask again; this shows where the application stands",
        "DELETE_IN_PROGRESS" => "Find out who deletes it, and why: all its entitlements go with it",
        _ if application.error.is_some() => {
            "Fix what AWS names as the reason, in account access manager's settings; this shows where it stands"
        }
        _ => "Look at the application in account access manager's settings; this shows where it stands",
    };
    let fault = Fault::blocks(message, fact.cite(format!("the application has status {status}"))).fix(fix, look);
    if status == "DELETE_FAILED" { fault.likely().found() } else { fault.found() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::sample::{self, entitled};
    use crate::findings::Confidence;
    use crate::rules::on_entitlement;

    fn check(evidence: &Evidence, entitled: &Entitled) -> Judged {
        on_entitlement(&RULE, evidence, entitled)
    }

    fn with_status(status: &str) -> Judged {
        let mut evidence = entitled::only();
        let described = evidence.entitlements.described.get_mut(entitled::APPLICATION).expect("there");
        let mut application = described.known().expect("known").clone().expect("there");
        application.status = status.to_owned();
        application.error = Some("AUTHORIZATION_ERROR: not allowed".to_owned());
        *described = sample::known(Call::GetApplication, Some(application));
        check(&evidence, &crate::model::sample::entitlement())
    }

    #[test]
    fn decides_by_the_statuses_it_knows_only() {
        assert_eq!(with_status("ACTIVE"), Ok(Outcome::Clear));
        let Ok(Outcome::Fault(fault)) = with_status("CREATE_FAILED") else { panic!("no fault") };
        assert!(fault.message.contains("AUTHORIZATION_ERROR"), "{}", fault.message);
        let Ok(Outcome::Fault(fault)) = with_status("DELETE_FAILED") else { panic!("no fault") };
        assert_eq!(fault.confidence, Confidence::Likely);
        assert!(with_status("PAUSED").is_err());
    }

    #[test]
    fn never_fires_where_it_could_not_look() {
        let mut evidence = entitled::only();
        evidence.entitlements.described.insert(entitled::APPLICATION.into(), sample::denied(Call::GetApplication));
        assert!(check(&evidence, &crate::model::sample::entitlement()).is_err());
        evidence.entitlements.described.clear();
        assert!(check(&evidence, &crate::model::sample::entitlement()).is_err());
    }
}
