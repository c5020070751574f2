//! What comes close to what is missing, and what would mend it, as sentences.

use crate::answers::diagnosis::{Diagnosis, ask_with};
use crate::findings::{Candidate, Fault, NearMiss};
use crate::wording;

/// How many candidates are named unless all are wanted.
const CANDIDATES: usize = 10;

/// Says what the message does not say already.
pub(super) fn hints(fault: &Fault, all: bool) -> Vec<String> {
    let mut hints = Vec::new();
    hints.extend(did_you_mean(&fault.suggestions));
    // The message has the name already; the ARN is for whoever wants to know all.
    let named = |near: &&NearMiss| all || !fault.message.contains(near.arn.rsplit('/').next().unwrap_or(&near.arn));
    let near_misses = fault.near_misses.iter().filter(named);
    hints.extend(near_misses.map(|near| format!("{CLOSE}{} (differs in {})", near.arn, near.differs_in)));
    let named = |candidate: &Candidate| fault.message.contains(label(candidate));
    if !fault.candidates.iter().all(named) {
        hints.push(candidates(&fault.candidates, all));
    }
    hints
}

const CANDIDATES_ARE: &str = "Groups that come into question: ";
const CLOSE: &str = "Comes close: ";

/// Whether a hint is for whoever wants to know more than what to do.
pub(super) fn is_detail(hint: &str) -> bool {
    hint.starts_with(CLOSE) || hint.starts_with(CANDIDATES_ARE)
}

/// How many commands are offered for what may be meant.
const COMMANDS: usize = 3;

/// The commands that ask again with what may be meant.
pub(super) fn ask_again(diagnosis: &Diagnosis, fault: &Fault) -> Vec<String> {
    ask_with(diagnosis, fault.suggested.get(..COMMANDS).unwrap_or(&fault.suggested))
}

/// Names that come close to what fits nothing.
pub(super) fn did_you_mean(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("Did you mean: {}?", names.join(", ")))
}

fn candidates(candidates: &[Candidate], all: bool) -> String {
    let most = if all { candidates.len() } else { CANDIDATES };
    let rest = if candidates.len() > most + 1 { " (all with --verbose)" } else { "" };
    let grants = candidates.first().map(Candidate::grants).unwrap_or_default();
    let alike = candidates.iter().all(|candidate| candidate.grants() == grants);
    if alike && !grants.is_empty() {
        let names = wording::list(candidates.iter().map(|candidate| label(candidate).to_owned()), most);
        return format!("Any of these gives {}: {names}{rest}", wording::list(grants, 3));
    }
    let names = wording::list(candidates.iter().map(describe), most);
    format!("{CANDIDATES_ARE}{names}{rest}")
}

fn label(candidate: &Candidate) -> &str {
    candidate.name.as_deref().unwrap_or(&candidate.principal.id)
}

fn describe(candidate: &Candidate) -> String {
    let grants = wording::list(candidate.grants(), 3);
    if grants.is_empty() { label(candidate).to_owned() } else { format!("{} ({grants})", label(candidate)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::cases;

    fn told(diagnosis: &Diagnosis, all: bool) -> Vec<String> {
        diagnosis.root_cause.iter().flat_map(|root| hints(&root.fault, all)).collect()
    }

    #[test]
    fn forty_groups_are_ten_unless_all_are_wanted() {
        let ten = "Any of these gives RedshiftAnalyst: Team00, Team01, Team02, Team03, Team04, Team05, Team06, Team07, \
                   Team08, Team09 and 30 more (all with --verbose)";
        assert_eq!(told(&cases::forty_groups(), false), [ten]);
        let all = told(&cases::forty_groups(), true);
        assert!(all.iter().all(|hint| hint.ends_with("Team38 and Team39")) && all.len() == 1, "{all:?}");
    }

    #[test]
    fn close_names_and_policies_are_hints() {
        let names = "Did you mean: jane.doe (Jane Doe), jan.doe (Jan Doe)?";
        assert_eq!(told(&cases::unknown_user(), false), [names]);
        // The message names the policy.
        assert!(told(&cases::near_miss(), false).is_empty());
        let policy = "Comes close: arn:aws:iam::123456789012:policy/My-Redshift-Analyst-Policy (differs in case)";
        assert_eq!(told(&cases::near_miss(), true), [policy]);
    }
}
