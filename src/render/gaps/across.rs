//! What could not be read in many accounts: the same reason for the same calls is said once, with how many accounts.

use std::collections::{BTreeMap, BTreeSet};

use super::needs_words;
use crate::evidence::{Call, Gap, Reason};
use crate::verdict::Unread as OpenGap;
use crate::wording;

/// How many accounts are named.
const NAMED: usize = 3;

/// Gaps of one reason, in all the accounts in which it hides the same.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::render) struct Across {
    /// What happened, and what to do about it.
    pub(in crate::render) heading: String,
    /// The calls, each with what it reads.
    pub(in crate::render) calls: Vec<String>,
    /// AWS's words of the first of them, where the heading does not tell.
    pub(in crate::render) said: Option<String>,
    /// Whether it could hide a fault, or a row.
    pub(in crate::render) decides: bool,
}

/// What tells gaps apart, whatever the account.
type Kind<'a> = (bool, Reason, bool, bool, bool, Option<&'a str>);

/// A call that was not answered: how often, and the first time.
type Unanswered<'a> = (Call, usize, &'a Gap);

/// The accounts in which something was not answered; `None` for what is of none.
type Places<'a> = BTreeSet<Option<&'a str>>;

/// Gathers them, those that decide first.
pub(in crate::render) fn across(gaps: &[OpenGap]) -> Vec<Across> {
    let mut by_call: BTreeMap<(Kind<'_>, Call), (Places<'_>, Unanswered<'_>)> = BTreeMap::new();
    for OpenGap { gap, decides } in gaps {
        let told = (gap.reason == Reason::NotAsked).then_some(gap.message.as_str());
        let kind = (!decides, gap.reason, gap.answered, gap.in_vain, gap.is_for_want_of_the_key(), told);
        let new = || (Places::new(), (gap.call, 0, gap));
        let (accounts, (_, count, _)) = by_call.entry((kind, gap.call)).or_insert_with(new);
        accounts.insert(gap.account.as_deref());
        *count += 1;
    }
    let mut groups: BTreeMap<(Kind<'_>, Places<'_>), Vec<Unanswered<'_>>> = BTreeMap::new();
    for ((kind, _), (accounts, unanswered)) in by_call {
        groups.entry((kind, accounts)).or_default().push(unanswered);
    }
    groups.into_iter().map(|((kind, accounts), calls)| told(kind, &accounts, &calls)).collect()
}

fn told(kind: Kind<'_>, accounts: &Places<'_>, calls: &[Unanswered<'_>]) -> Across {
    let (spared, reason, answered, in_vain, key, because) = kind;
    let ids: Vec<String> = accounts.iter().flatten().map(|id| (*id).to_owned()).collect();
    let place = match ids.len() {
        0 => String::new(),
        1 => format!(" in account {}", ids[0]),
        several => format!(" in {several} accounts ({})", wording::list(ids, NAMED)),
    };
    let heading = match reason {
        Reason::Denied | Reason::Failed if key => {
            format!("The instance's KMS key may not be used{place}; allow kms:Decrypt on it, for:")
        }
        Reason::Denied if in_vain => {
            format!(
                "Refused{place}, whatever is allowed there; ask from the management account or a delegated administrator:"
            )
        }
        Reason::Failed if answered => format!("Read{place}, and does not tell:"),
        Reason::Denied => format!("Denied{place}, which must allow:"),
        Reason::Throttled => format!("Throttled{place}; ask again in a minute:"),
        Reason::Failed => format!("Failed{place}:"),
        Reason::TimedOut => format!("No answer in time{place}; try a longer --timeout:"),
        Reason::NotAsked => {
            let because = because.map(|because| format!(": {because}")).unwrap_or_default();
            format!("Not asked{place}{because}. It takes:")
        }
    };
    let line = |(call, count, _): &Unanswered<'_>| {
        let more = if *count > accounts.len() { format!("; {count} of them") } else { String::new() };
        format!("{call} ({}{more})", call.reads())
    };
    let first = calls.first().map(|(_, _, gap)| gap.message.clone()).filter(|message| !message.is_empty());
    // Into which account there was no way in, only the words tell.
    let tells = needs_words(reason) || calls.iter().any(|(call, ..)| *call == Call::AssumeRole);
    let said = first.filter(|_| tells && because.is_none());
    Across { heading, calls: calls.iter().map(line).collect(), said, decides: !spared }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(call: Call, account: usize, reason: Reason, message: &str) -> OpenGap {
        let gap = Gap {
            call,
            account: Some(format!("{account:012}")),
            region: None,
            reason,
            message: message.to_owned(),
            answered: false,
            in_vain: false,
        };
        OpenGap { gap, decides: true }
    }

    #[test]
    fn forty_accounts_are_one_line() {
        let denied = |account| gap(Call::ListRoles, account, Reason::Denied, &format!("not in {account}"));
        let policies = |account| gap(Call::ListPolicies, account, Reason::Denied, "");
        let gaps: Vec<OpenGap> = (1..=40).flat_map(|account| [denied(account), policies(account)]).collect();
        let told = across(&gaps);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(
            told[0].heading,
            "Denied in 40 accounts (000000000001, 000000000002, 000000000003 and 37 more), which must allow:"
        );
        assert_eq!(told[0].calls.len(), 2);
        assert_eq!(told[0].said, None);
    }

    #[test]
    fn reasons_and_what_decides_are_kept_apart() {
        let mut gaps = vec![
            gap(Call::ListRoles, 1, Reason::Failed, "the connection broke"),
            gap(Call::ListRoles, 2, Reason::NotAsked, "it was not entered"),
            gap(Call::ListPolicies, 3, Reason::Throttled, ""),
        ];
        gaps[0].decides = false;
        let told = across(&gaps);
        let headings: Vec<&str> = told.iter().map(|one| one.heading.as_str()).collect();
        assert_eq!(
            headings,
            [
                "Throttled in account 000000000003; ask again in a minute:",
                "Not asked in account 000000000002: it was not entered. It takes:",
                "Failed in account 000000000001:"
            ]
        );
        assert_eq!(told[2].said.as_deref(), Some("the connection broke"));
        assert_eq!(told.iter().map(|one| one.decides).collect::<Vec<_>>(), [true, true, false]);
    }
}
