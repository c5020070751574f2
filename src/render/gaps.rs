//! What could not be read, gathered so that a reader sees what to allow and where, however long the list is.

use std::collections::BTreeMap;

use crate::answers::diagnosis::Diagnosis;
use crate::evidence::{Call, Gap, Reason, not_entered};
use crate::verdict::Unread as OpenGap;
use crate::wording;

mod across;

pub(super) use across::{Across, across};

/// Gaps of one reason in one account.
#[derive(Debug)]
pub(super) struct Group<'a> {
    reason: Reason,
    account: Option<&'a str>,
    /// Whether the answers came, and do not tell.
    answered: bool,
    /// Whether no permission of the account would help.
    in_vain: bool,
    /// The message, where all gaps of the group have the same.
    message: Option<&'a str>,
    /// The calls, in the order of [`Call::ALL`].
    pub(super) calls: Vec<Unread<'a>>,
}

/// One call of a group.
#[derive(Debug)]
pub(super) struct Unread<'a> {
    call: Call,
    regions: Vec<&'a str>,
    count: usize,
    /// Whether it is the instance's key that may not be used.
    key: bool,
    /// The message of the first gap.
    pub(super) message: &'a str,
}

/// The gaps that keep the verdict open, and those that do not.
pub(super) fn deciding(diagnosis: &Diagnosis) -> (Vec<&Gap>, Vec<&Gap>) {
    let (decide, rest): (Vec<&OpenGap>, Vec<&OpenGap>) = diagnosis.gaps.iter().partition(|unread| unread.decides);
    (decide.iter().map(|unread| &unread.gap).collect(), rest.iter().map(|unread| &unread.gap).collect())
}

/// What was not read because there was no way into the target account.
#[derive(Debug)]
pub(super) struct Door {
    /// Whether the verdict hangs on it.
    pub(super) decides: bool,
    /// What would have been asked behind it, each call once.
    pub(super) behind: Vec<Call>,
}

/// Takes the gaps out of both lists that are there because nobody said how to get into the account.
pub(super) fn door<'a>(settles: &mut Vec<&'a Gap>, open: &mut Vec<&'a Gap>) -> Option<Door> {
    settles.iter().chain(open.iter()).find(|gap| is_door(gap))?;
    let decides = settles.iter().any(|gap| is_door(gap));
    let mut behind: Vec<Call> =
        settles.iter().chain(open.iter()).filter(|gap| is_behind(gap)).map(|gap| gap.call).collect();
    behind.sort_unstable();
    behind.dedup();
    for gaps in [settles, open] {
        gaps.retain(|gap| !is_door(gap) && !is_behind(gap));
    }
    Some(Door { decides, behind })
}

/// What was not read behind a door that keeps the answer open stands with what keeps it open.
pub(super) fn gather_behind<'a>(settles: &mut Vec<&'a Gap>, open: &mut Vec<&'a Gap>) {
    if settles.iter().any(|gap| is_behind(gap)) {
        settles.extend(open.iter().filter(|gap| is_behind(gap)));
        open.retain(|gap| !is_behind(gap));
    }
}

/// Whether nobody said how to get into the account.
fn is_door(gap: &Gap) -> bool {
    gap.call == Call::AssumeRole && gap.reason == Reason::NotAsked
}

/// Whether it was not asked because its account could not be entered.
fn is_behind(gap: &Gap) -> bool {
    let account = gap.account.as_deref();
    gap.reason == Reason::NotAsked && account.is_some_and(|account| gap.message == not_entered(account))
}

/// The gaps that the caller's own account can do something about, where Identity Center does not answer it.
pub(super) fn within_reach(gaps: &mut Vec<&Gap>) {
    let at_home = |gap: &Gap| gap.reason == Reason::NotAsked && !is_behind(gap) && !is_door(gap);
    gaps.retain(|gap| !gap.in_vain && !at_home(gap));
}

/// What the gaps that keep the verdict open stand under: what was read already is not settled by reading it.
pub(super) fn title(deciding: &[&Gap]) -> &'static str {
    if deciding.iter().all(|gap| gap.answered) { "What keeps it open" } else { "What would settle it" }
}

/// The names of calls.
pub(super) fn names(calls: &[Call]) -> String {
    wording::list(calls.iter().map(ToString::to_string), calls.len())
}

/// Gathers gaps by reason and account, and within these by call.
pub(super) fn group<'a>(gaps: &[&'a Gap]) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<(Reason, Option<&str>, bool, bool), Vec<&'a Gap>> = BTreeMap::new();
    for gap in gaps {
        groups.entry((gap.reason, gap.account.as_deref(), gap.answered, gap.in_vain)).or_default().push(gap);
    }
    let groups = groups.into_iter().map(|((reason, account, answered, in_vain), gaps)| {
        let mut calls: BTreeMap<Call, Vec<&Gap>> = BTreeMap::new();
        for gap in &gaps {
            calls.entry(gap.call).or_default().push(gap);
        }
        let first = gaps.first().map(|gap| gap.message.as_str());
        let message = first.filter(|first| gaps.iter().all(|gap| gap.message == *first));
        Group { reason, account, answered, in_vain, message, calls: calls.into_iter().filter_map(unread).collect() }
    });
    groups.collect()
}

fn unread((call, gaps): (Call, Vec<&Gap>)) -> Option<Unread<'_>> {
    let mut regions: Vec<&str> = gaps.iter().filter_map(|gap| gap.region.as_deref()).collect();
    regions.sort_unstable();
    regions.dedup();
    let first = gaps.first()?;
    Some(Unread { call, regions, count: gaps.len(), key: first.is_for_want_of_the_key(), message: &first.message })
}

impl Group<'_> {
    /// What happened and what to do about it, as the start of a list of calls.
    pub(super) fn heading(&self) -> String {
        let place = self.account.map(|account| format!(" in account {account}")).unwrap_or_default();
        match self.reason {
            Reason::Denied if self.in_vain => {
                format!(
                    "Refused{place}, whatever it allows; ask from the management account or a delegated administrator:"
                )
            }
            Reason::Failed if self.answered => format!("Read{place}, and does not tell:"),
            Reason::Denied => format!("Denied{place}, which must allow:"),
            Reason::Throttled => format!("Throttled{place}; ask again in a minute:"),
            Reason::Failed => format!("Failed{place}:"),
            Reason::TimedOut => format!("No answer in time{place}; try a longer --timeout:"),
            Reason::NotAsked if self.is_behind() => {
                format!("Not read, since account {} could not be entered:", self.account.unwrap_or_default())
            }
            Reason::NotAsked => {
                let because = self.message.map(|because| format!(": {because}")).unwrap_or_default();
                format!("Not asked{place}{because}. It takes:")
            }
        }
    }
}

impl Group<'_> {
    /// Whether the heading leaves the message to be told.
    pub(super) fn needs_words(&self) -> bool {
        needs_words(self.reason) && !self.heading_tells()
    }

    fn is_behind(&self) -> bool {
        self.reason == Reason::NotAsked && self.account.is_some_and(|a| self.message == Some(not_entered(a).as_str()))
    }

    /// The calls on a line: with what they read where there are few.
    pub(super) fn together(&self) -> String {
        if let [one] = &self.calls[..] {
            return one.line();
        }
        let key =
            if self.calls.iter().all(|call| call.key) { "kms:Decrypt on the instance's KMS key, for " } else { "" };
        let name = |unread: &Unread<'_>| {
            if unread.key && key.is_empty() {
                format!("kms:Decrypt for {}", unread.call)
            } else {
                unread.call.to_string()
            }
        };
        format!("{key}{}", wording::list(self.calls.iter().map(name), self.calls.len()))
    }

    /// The calls, and why they tell nothing: `iam:ListRoles in 123456789012 (denied)`.
    pub(super) fn in_a_clause(&self) -> String {
        let place = self.account.map(|account| format!(" in {account}")).unwrap_or_default();
        let why = match self.reason {
            Reason::Denied => "denied",
            Reason::Failed if self.answered => "read, and does not tell",
            Reason::Failed => "failed",
            Reason::Throttled => "throttled",
            Reason::TimedOut => "no answer in time",
            Reason::NotAsked => "not asked",
        };
        format!("{}{place} ({why})", wording::list(self.calls.iter().map(|unread| unread.call.to_string()), 4))
    }

    /// AWS's own words, where they differ from call to call by more than the call's name: each once.
    pub(super) fn words(&self) -> Vec<&str> {
        let mut seen: Vec<(String, &str)> = Vec::new();
        for unread in &self.calls {
            let kind = unread.message.replace(unread.call.action(), "");
            let kind = kind.split(" on resource: ").next().unwrap_or_default().trim().to_owned();
            if seen.iter().all(|(known, _)| *known != kind) {
                seen.push((kind, unread.message));
            }
        }
        seen.into_iter().map(|(_, message)| message).collect()
    }

    /// Whether the heading holds the message.
    pub(super) fn heading_tells(&self) -> bool {
        self.reason == Reason::NotAsked && self.message.is_some()
    }
}

impl Unread<'_> {
    /// The action, and what it reads.
    pub(super) fn line(&self) -> String {
        let reads = self.call.reads();
        let more = match (self.count, self.regions.len()) {
            (0 | 1, _) => String::new(),
            (count, regions) if count == regions => {
                format!("; in {}", wording::list(self.regions.iter().map(|region| (*region).to_owned()), 4))
            }
            (count, _) => format!("; {count} of them"),
        };
        if self.key {
            return format!("kms:Decrypt on the instance's KMS key, for {} ({reads}{more})", self.call);
        }
        format!("{} ({reads}{more})", self.call)
    }
}

/// Whether the reason says nothing without its message.
const fn needs_words(reason: Reason) -> bool {
    match reason {
        Reason::Failed | Reason::NotAsked => true,
        Reason::Denied | Reason::Throttled | Reason::TimedOut => false,
    }
}

/// One gap in a sentence, with AWS's own words where they are wanted.
pub(super) fn sentence(gap: &Gap, words: bool) -> String {
    let said = if words && !needs_words(gap.reason) { format!(": {}", gap.message) } else { String::new() };
    format!("{} ({}){said}", gap.call.reads(), phrase(gap))
}

/// One gap in a few words, with the action it takes.
pub(super) fn phrase(gap: &Gap) -> String {
    let call = gap.call;
    let place = gap.account.as_ref().map(|account| format!(" in {account}")).unwrap_or_default();
    match gap.reason {
        Reason::Denied | Reason::Failed if gap.is_for_want_of_the_key() => {
            format!("needs kms:Decrypt on the instance's KMS key{place}")
        }
        Reason::Denied if gap.in_vain => format!("{call} is refused{place}, whatever is allowed there"),
        Reason::Failed if gap.answered => format!("{call}{place} was read, and does not tell: {}", gap.message),
        Reason::Denied => format!("needs {call}{place}"),
        Reason::Throttled => format!("{call}{place} was throttled"),
        Reason::Failed => format!("{call}{place} failed: {}", gap.message),
        Reason::TimedOut => format!("{call}{place} did not answer in time"),
        Reason::NotAsked => format!("takes {call}{place}, not asked: {}", gap.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Observed, sample};
    use crate::render::cases;

    #[test]
    fn forty_gaps_are_one_line() {
        let gaps: Vec<Gap> = (0..40)
            .map(|i| Gap {
                call: Call::DescribePermissionSet,
                account: Some("111122223333".into()),
                region: Some("us-east-1".into()),
                reason: Reason::Throttled,
                message: format!("Rate exceeded {i}"),
                answered: false,
                in_vain: false,
            })
            .collect();
        let gaps: Vec<&Gap> = gaps.iter().collect();
        let groups = group(&gaps);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].heading(), "Throttled in account 111122223333; ask again in a minute:");
        assert_eq!(groups[0].calls[0].line(), "sso:DescribePermissionSet (a permission set's name; 40 of them)");
    }

    #[test]
    fn what_was_read_and_does_not_tell_did_not_fail() {
        let fact = sample::known(Call::DescribePolicy, String::new());
        let read = fact.unclear("policy P: it depends on aws:SourceIp");
        assert_eq!(group(&[&read])[0].heading(), "Read in account 111122223333, and does not tell:");
        assert_eq!(title(&[&read]), "What keeps it open");
        let failed = Observed::<String>::missing(Reason::Failed, "try again");
        let failed = crate::evidence::Fact { observed: failed, ..fact }.known().expect_err("failed");
        assert_eq!(group(&[&failed])[0].heading(), "Failed in account 111122223333:");
        assert_eq!(title(&[&read, &failed]), "What would settle it");
    }

    #[test]
    fn what_no_permission_gives_is_not_asked_for() {
        let denied = sample::denied::<()>(Call::DescribeInstance).known().expect_err("denied");
        assert!(group(&[&denied])[0].heading().ends_with("which must allow:"));
        let in_vain = Gap { in_vain: true, ..denied };
        assert!(!group(&[&in_vain])[0].heading().contains("must allow") && in_vain.allow().is_none());
    }

    #[test]
    fn cloud_trail_alone_decides_nothing() {
        let diagnosis = cases::inconclusive();
        let (decide, rest) = deciding(&diagnosis);
        assert!(decide.iter().all(|gap| gap.call == Call::ListRoles) && !decide.is_empty());
        assert!(rest.iter().all(|gap| gap.call == Call::LookupEvents) && !rest.is_empty());
    }
}
