//! The account is suspended, closing, closed or not yet activated.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::InAccount;

rule! {
    gate: Gate::Account,
    worst: Worst::Blocks,
    clear: "active",
    summary: "the account is suspended, closing, closed or not yet activated",
    check: Check::Account(check),
}

fn check(here: InAccount<'_>) -> Judged {
    if here.account_id()?.is_none() {
        return Ok(Outcome::NotApplicable);
    }
    let described = &here.account().described;
    let Some(account) = described.known()? else { return Ok(Outcome::NotApplicable) };
    let (what, fix) = match account.state.as_deref() {
        Some("ACTIVE") => return Ok(Outcome::Clear),
        Some("SUSPENDED") => {
            ("is suspended", "Have AWS Support reopen the account, or settle what it was suspended for; then ask again")
        }
        Some("PENDING_CLOSURE") => ("is being closed", "If it should stay open, contact AWS Support at once"),
        Some("CLOSED") => ("is closed", "If it is still needed, ask AWS Support whether it can be reopened"),
        Some("PENDING_ACTIVATION") => ("is not activated yet", "Finish the account's sign-up, then ask again"),
        other => {
            let state = other.map_or_else(|| "no state".to_owned(), |state| format!("state {state}"));
            return Err(described.unclear(format!("the account has {state}, which decides nothing")).into());
        }
    };
    let state = account.state.as_deref().unwrap_or_default();
    let label = here.account_label();
    let message = format!(
        "Account {label} {what} ({state}). Identity Center still lists it, but nobody gets in, and trying again does not help."
    );
    Fault::blocks(message, described.cite(format!("account {} has state {state}", account.id))).fix(fix, None).found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Account, Call, sample};
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    fn with_state(state: Option<&str>) -> Judged {
        let mut evidence = sample::healthy();
        let account = Account {
            id: sample::ACCOUNT.into(),
            name: None,
            state: state.map(str::to_owned),
            joined: None,
            path: None,
        };
        evidence.account.described = sample::known(Call::DescribeAccount, Some(account));
        check(&evidence)
    }

    #[test]
    fn an_absent_or_new_state_is_not_a_fault() {
        assert_eq!(with_state(Some("ACTIVE")), Ok(Outcome::Clear));
        for state in ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"] {
            assert!(matches!(with_state(Some(state)), Ok(Outcome::Fault(_))), "{state}");
        }
        assert!(with_state(None).is_err());
        assert!(with_state(Some("FROZEN")).is_err());
    }
}
