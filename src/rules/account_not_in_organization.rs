//! There is no such account in the organization.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{AccountRef, Evidence};
use crate::findings::Suggestion;
use crate::wording::suggest;
use crate::model::{Case, fixes};

rule! {
    gate: Gate::Account,
    worst: Worst::Blocks,
    clear: "in the organization",
    summary: "no such account in this organization",
    check: Check::Question(check),
}

fn check(case: Case<'_>) -> Judged {
    let evidence = case.evidence;
    let Some(id) = &evidence.account.id else { return no_such_name(evidence) };
    let described = &evidence.account.described;
    if described.known()?.is_some() {
        return Ok(Outcome::Clear);
    }
    let message = format!("Account {id} is not in this organization, so Identity Center cannot give access to it.");
    let fault = Fault::blocks(message, described.cite(format!("there is no account {id} in the organization")))
        .fix("Check the account id: digits are easily lost or swapped", None)
        .mended_by([Fix::new(
            "If the id is right, invite the account into the organization; its owner has to accept",
            fixes::invite(evidence.in_instance(), id),
        )
        .careful("the organization then pays for the account, and its policies bind it")]);
    fault.suggesting(close_accounts(evidence, id)).found()
}

fn no_such_name(evidence: &Evidence) -> Judged {
    let AccountRef::Name(name) = &evidence.question.account else { return Ok(Outcome::NotApplicable) };
    let listed = &evidence.accounts;
    let count = listed.known()?.len();
    let named = listed.known()?.iter().filter_map(|account| account.name.as_deref());
    let other = suggest::in_other_case(name, named);
    let message = format!("No account of this organization is named {name}{other}.");
    let fault =
        Fault::blocks(message, listed.cite(format!("none of the organization's {count} accounts is named {name}")))
            .fix(
                "Ask again with the account's id, or with its name as AWS Organizations has it; an account alias, as in the \
                 address of its sign-in page, is known inside the account alone",
                None,
            );
    fault.suggesting(close_accounts(evidence, name)).found()
}

fn close_accounts(evidence: &Evidence, typed: &str) -> Vec<Suggestion> {
    let Ok(accounts) = evidence.accounts.known() else { return Vec::new() };
    let keys = accounts.iter().flat_map(|account| {
        let label = format!("{} ({})", account.name.as_deref().unwrap_or("unnamed"), account.id);
        let meant = Suggestion::account(&account.id, label);
        [(account.id.as_str(), meant.clone()), (account.name.as_deref().unwrap_or_default(), meant)]
    });
    Suggestion::closest(typed, keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Account, Call, sample};
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    #[test]
    fn fires_only_where_the_organization_says_there_is_none() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        evidence.account.described = sample::known(Call::DescribeAccount, None);
        assert!(matches!(check(&evidence), Ok(Outcome::Fault(_))));
        evidence.account.described = sample::denied(Call::DescribeAccount);
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn suggests_a_close_name() {
        let mut evidence = sample::healthy();
        let account = Account {
            id: "123456789012".into(),
            name: Some("prod-data".into()),
            state: None,
            joined: None,
            path: None,
        };
        evidence.question.account = AccountRef::Name("prod-dta".into());
        evidence.account.id = None;
        evidence.accounts = sample::known(Call::ListAccounts, vec![account]);
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert_eq!(fault.suggestions, ["prod-data (123456789012)"]);
    }
}
