//! The user may not sign in.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{InInstance, Person, Principal, PrincipalType};
use crate::model::fixes;

rule! {
    gate: Gate::User,
    worst: Worst::Blocks,
    clear: "enabled",
    summary: "the user's status is DISABLED",
    check: Check::User(check),
}

fn check(here: InInstance<'_>, person: Person<'_>) -> Judged {
    if person.id()?.is_none() {
        return Ok(Outcome::NotApplicable);
    }
    let described = &person.user.described;
    let Some(user) = described.known()? else { return Ok(Outcome::NotApplicable) };
    match user.status.as_deref() {
        Some("ENABLED") => return Ok(Outcome::Clear),
        Some("DISABLED") => {}
        // Absent is not disabled: services that do not send the field yet say nothing either way.
        None => return Err(described.unclear("AWS did not say whether the user is enabled (no UserStatus)").into()),
        Some(other) => {
            return Err(described.unclear(format!("the user has status {other}, which decides nothing")).into());
        }
    }
    let name = person.label();
    let message = format!(
        "User {name} is disabled in Identity Center, so they cannot sign in. Sessions they already have go on until they end."
    );
    let principal = Principal { kind: PrincipalType::User, id: user.id.clone() };
    let fix = if fixes::is_external(here, &principal) {
        format!("Activate {name} in your identity provider, which keeps the status of its users here up to date")
    } else {
        format!("Enable {name} in the IAM Identity Center console: Users, {name}, Enable user access")
    };
    Fault::blocks(message, described.cite(format!("user {} has status DISABLED", user.id))).fix(fix, None).found()
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
        let mut user = evidence.user.described.known().cloned().expect("known").expect("there");
        user.status = status.map(str::to_owned);
        evidence.user.described = sample::known(Call::DescribeUser, Some(user));
        check(&evidence)
    }

    #[test]
    fn absent_is_not_disabled() {
        assert_eq!(with_status(Some("ENABLED")), Ok(Outcome::Clear));
        assert!(matches!(with_status(Some("DISABLED")), Ok(Outcome::Fault(_))));
        assert!(with_status(None).is_err());
        assert!(with_status(Some("LOCKED")).is_err());
    }
}
