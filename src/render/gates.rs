//! What the checks of each gate come to: one row a gate, however many paths there are.

use crate::answers::diagnosis::Diagnosis;
use crate::answers::diagnosis::sentences::way;
use crate::evidence::{Gap, PrincipalType};
use crate::findings::{Effect, Fault, Gate, Outcome};
use crate::verdict::Check;
use crate::wording;

use super::gaps;

/// What a check, or the worst of several, comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    NotApplicable,
    Clear,
    Unknown,
    Fault,
}

impl Mark {
    pub(super) const fn of(check: &Check) -> Self {
        match &check.judged {
            Ok(Outcome::Clear) => Self::Clear,
            Ok(Outcome::NotApplicable) => Self::NotApplicable,
            Ok(Outcome::Fault(_)) => Self::Fault,
            Err(_) => Self::Unknown,
        }
    }

    /// The word for people.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "–",
            Self::Clear => "ok",
            Self::Unknown => "unknown",
            Self::Fault => "fault",
        }
    }
}

/// One gate.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) gate: Gate,
    pub(super) mark: Mark,
    /// What shows it, in a few words.
    pub(super) evidence: String,
}

impl Row {
    /// Whether there is nothing to say of the gate but that it is open.
    pub(super) fn is_just_clear(&self, diagnosis: &Diagnosis) -> bool {
        self.mark == Mark::Clear && !diagnosis.doubted.contains(&self.gate)
    }

    /// Whether it shows of the root cause what the cause's own words do not say.
    pub(super) fn adds_to(&self, diagnosis: &Diagnosis) -> bool {
        let Some(root) = diagnosis.root_cause.as_ref().filter(|root| root.gate == self.gate) else { return false };
        let words = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
        };
        let told = words(&root.fault.message);
        // Small words come and go; what is a name or a number has to be there.
        words(&self.evidence)
            .iter()
            .filter(|word| word.len() > 3 || word.parse::<u64>().is_ok())
            .any(|word| !told.contains(word))
    }
}

/// One row for each gate, in causal order.
pub(super) fn rows(diagnosis: &Diagnosis) -> Vec<Row> {
    Gate::ALL.iter().map(|gate| row(diagnosis, *gate)).collect()
}

fn row(diagnosis: &Diagnosis, gate: Gate) -> Row {
    let of_gate = || diagnosis.checks.iter().filter(|check| check.rule.gate == gate);
    let mark = of_gate().map(Mark::of).max().unwrap_or(Mark::NotApplicable);
    let evidence = match mark {
        Mark::Fault => fault(diagnosis, of_gate()),
        Mark::Unknown => unknown(diagnosis, of_gate()),
        Mark::Clear => clear(diagnosis, gate, of_gate()),
        Mark::NotApplicable => nothing(diagnosis, gate),
    };
    Row { gate, mark, evidence }
}

fn fault<'a>(diagnosis: &Diagnosis, checks: impl Iterator<Item = &'a Check>) -> String {
    let faults: Vec<(&Check, &Fault)> = checks
        .filter_map(|check| match &check.judged {
            Ok(Outcome::Fault(fault)) => Some((check, &**fault)),
            Ok(Outcome::Clear | Outcome::NotApplicable) | Err(_) => None,
        })
        .collect();
    let is_root = |(check, _): &&(&Check, &Fault)| {
        diagnosis.root_cause.as_ref().is_some_and(|root| root.rule == check.rule.id && root.path == check.path)
    };
    let blocks = |(_, fault): &&(&Check, &Fault)| fault.effect == Effect::Blocks;
    let Some((check, fault)) =
        faults.iter().find(is_root).or_else(|| faults.iter().find(blocks)).or_else(|| faults.first())
    else {
        return String::new();
    };
    let says = fault.proof.first().map_or(&fault.message, |proof| &proof.says);
    let paths = distinct(faults.iter().filter_map(|(check, _)| check.path));
    on_path(diagnosis, check.path, paths.len(), says)
}

fn unknown<'a>(diagnosis: &Diagnosis, checks: impl Iterator<Item = &'a Check>) -> String {
    let unread: Vec<(&Check, &[Gap])> =
        checks.filter_map(|check| Some((check, check.judged.as_ref().err()?.0.as_slice()))).collect();
    let Some((check, [first, ..])) = unread.first() else { return String::new() };
    let mut calls: Vec<_> = unread.iter().flat_map(|(_, gaps)| *gaps).map(|gap| (gap.call, &gap.account)).collect();
    calls.sort_unstable();
    calls.dedup();
    let more = match calls.len() {
        0 | 1 => String::new(),
        2 => " (and 1 more call)".to_owned(),
        several => format!(" (and {} more calls)", several - 1),
    };
    let says = format!("{}{more}", gaps::phrase(first));
    let paths = distinct(unread.iter().filter_map(|(check, _)| check.path));
    // What is unread on every path is not about any one of them.
    if paths.len() == diagnosis.paths.len() { says } else { on_path(diagnosis, check.path, paths.len(), &says) }
}

/// With several paths, says on which.
fn on_path(diagnosis: &Diagnosis, path: Option<usize>, count: usize, says: &str) -> String {
    let ways = diagnosis.paths.len();
    match path.filter(|_| ways > 1).and_then(|index| diagnosis.paths.get(index)) {
        None => says.to_owned(),
        Some(report) if count > 1 => format!("{}: {says} (on {count} of {ways} ways)", way(report)),
        Some(report) => format!("{}: {says}", way(report)),
    }
}

fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for item in items {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}

/// What is known where a gate is open: the names of what is there, else what those rules vouch for that were clear.
fn clear<'a>(diagnosis: &Diagnosis, gate: Gate, checks: impl Iterator<Item = &'a Check>) -> String {
    let paths = &diagnosis.paths;
    let is_doubted = diagnosis.doubted.contains(&gate);
    let named = match gate {
        Gate::Membership => groups(diagnosis),
        Gate::Assignment if paths.is_empty() => {
            diagnosis.question.permission_set.as_ref().map(|set| format!("permission set {set} exists"))
        }
        Gate::Assignment => Some(wording::list(paths.iter().map(way), 3)),
        Gate::Role => {
            let role = |arn: &String| arn.rsplit('/').next().unwrap_or(arn).to_owned();
            Some(wording::list(distinct(paths.iter().filter_map(|path| path.role_arn.as_ref()).map(role)), 3))
        }
        Gate::OrganizationPolicy if is_doubted => {
            Some("none shuts people out; see the note on what is left".to_owned())
        }
        Gate::Session if is_doubted => Some("nothing is denied for certain; see the note".to_owned()),
        Gate::Instance
        | Gate::Account
        | Gate::User
        | Gate::SignIn
        | Gate::Policy
        | Gate::Provisioning
        | Gate::OrganizationPolicy
        | Gate::Session
        | Gate::Federation => None,
    };
    let clear = checks.filter(|check| Mark::of(check) == Mark::Clear).map(|check| check.rule.clear);
    let vouched = || distinct(clear.filter(|clear| !clear.is_empty()));
    named.filter(|named| !named.is_empty()).unwrap_or_else(|| vouched().join(", "))
}

/// The groups through which the user gets what they have.
fn groups(diagnosis: &Diagnosis) -> Option<String> {
    let paths = &diagnosis.paths;
    let group = |path: &crate::answers::diagnosis::PathReport| {
        let named = path.via_name.clone().unwrap_or_else(|| path.via.id.clone());
        (path.via.kind == PrincipalType::Group).then_some(named)
    };
    match (paths.is_empty(), wording::list(distinct(paths.iter().filter_map(group)), 3)) {
        (true, _) => diagnosis.question.group.as_ref().map(|group| format!("group {group} exists")),
        (false, groups) if groups.is_empty() => Some("assigned directly, without a group".to_owned()),
        (false, groups) => Some(format!("in {groups}")),
    }
}

fn nothing(diagnosis: &Diagnosis, gate: Gate) -> String {
    let stop = diagnosis.root_cause.as_ref().filter(|root| root.fault.effect == Effect::Blocks);
    match stop.map(|root| root.gate) {
        Some(stop) if stop < gate => "not reached".to_owned(),
        _ if diagnosis.paths.is_empty() => "no way found to look at".to_owned(),
        Some(_) | None => "nothing to check".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::cases;

    fn told(diagnosis: &Diagnosis, gate: Gate) -> (&'static str, String) {
        let row = row(diagnosis, gate);
        (row.mark.word(), row.evidence)
    }

    #[test]
    fn one_row_a_gate_whatever_the_number_of_paths() {
        let diagnosis = cases::many_paths(40);
        assert_eq!(rows(&diagnosis).len(), Gate::ALL.len());
        let expected =
            "Set00 through group DataAnalysts: Set00 is not among the permission sets provisioned (on 39 of 40 ways)";
        assert_eq!(told(&diagnosis, Gate::Provisioning), ("fault", expected.to_owned()));
    }

    #[test]
    fn says_what_was_not_reached_and_what_would_be_needed() {
        let diagnosis = cases::unknown_user();
        assert_eq!(told(&diagnosis, Gate::Role), ("–", "not reached".to_owned()));
        let diagnosis = cases::inconclusive();
        assert_eq!(told(&diagnosis, Gate::Role), ("unknown", "needs iam:ListRoles in 123456789012".to_owned()));
    }

    #[test]
    fn names_what_is_open() {
        let diagnosis = cases::healthy();
        assert_eq!(told(&diagnosis, Gate::Membership), ("ok", "in DataAnalysts".to_owned()));
        assert_eq!(told(&diagnosis, Gate::Assignment), ("ok", "RedshiftAnalyst through group DataAnalysts".to_owned()));
    }
}
