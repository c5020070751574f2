//! The group that was meant to give access does not exist.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::findings::{Part, Suggestion};
use crate::wording::suggest;
use crate::model::Case;
use crate::model::paths;

rule! {
    gate: Gate::Membership,
    worst: Worst::Blocks,
    clear: "",
    summary: "no group in the identity store has the name given with --group",
    check: Check::Question(check),
}

fn check(case: Case<'_>) -> Judged {
    let evidence = case.evidence;
    let (Some(name), Some(asked)) = (&evidence.question.group, &evidence.asked_group) else {
        // Asked for but not looked up is a gap; not asked for is nothing.
        return paths::asked_group(evidence.asked()).map(|_| Outcome::NotApplicable).map_err(Into::into);
    };
    if asked.known()?.is_some() {
        return Ok(Outcome::Clear);
    }
    let known = || evidence.groups.values().filter_map(|group| group.known().ok()?.as_ref());
    let other = suggest::in_other_case(name, known().filter_map(|group| group.name.as_deref()));
    let message = format!("No group in the identity store is named {name}, so it cannot give access{other}.");
    let fault = Fault::blocks(message, asked.cite(format!("there is no group named {name}"))).fix(
        "Check the group's name; if your identity provider has the group, have it provision the group to AWS",
        None,
    );
    // The groups that matter here were read anyway: the user's own, and those that the account is assigned to.
    let groups = known().filter_map(|group| Some((group.name.as_deref()?, group.id.as_str())));
    let meant = groups.map(|(name, id)| (name, Suggestion::named(Part::Group, name, Some(id))));
    fault.suggesting(Suggestion::closest(name, meant)).found()
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

    #[test]
    fn only_a_group_that_was_asked_for_can_be_missing() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence), Ok(Outcome::NotApplicable));
        evidence.question.group = Some("DataAnalyst".into());
        assert!(check(&evidence).is_err());
        evidence.asked_group = Some(sample::known(Call::GetGroupId, None));
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("a fault") };
        assert_eq!(fault.suggestions, ["DataAnalysts"]);
        evidence.question.group = Some("Payroll".into());
        assert!(matches!(check(&evidence), Ok(Outcome::Fault(fault)) if fault.suggestions.is_empty()));
    }
}
