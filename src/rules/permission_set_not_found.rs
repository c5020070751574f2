//! No permission set has the name asked for.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::findings::{Part, Suggestion};
use crate::model::{Case, SetInAccount, paths};

rule! {
    gate: Gate::Assignment,
    worst: Worst::Blocks,
    clear: "",
    summary: "no permission set has the name asked for (close names are suggested), or the one that is assigned no longer exists",
    check: Check::QuestionAndSet(check, check_set),
}

fn check(case: Case<'_>) -> Judged {
    let evidence = case.evidence;
    let Some(asked) = evidence.question.permission_set.as_deref() else { return Ok(Outcome::NotApplicable) };
    match paths::asked_permission_sets(evidence.asked())? {
        Some(found) if found.is_empty() => {}
        Some(_) | None => return Ok(Outcome::Clear),
    }
    let sets = &evidence.permission_sets;
    let described = sets.values().filter_map(|set| set.described.known().ok()?.as_ref());
    let meant = described.map(|set| {
        (set.name.as_str(), Suggestion::named(Part::PermissionSet, &set.name, Some(&set.arn)))
    });
    let list = &evidence.permission_set_arns;
    let proof = match (asked.starts_with("arn:"), sets.get(asked)) {
        (true, Some(set)) => set.described.cite(format!("there is no permission set {asked}")),
        _ => list.cite(format!("none of the instance's {} permission sets has that name", list.known()?.len())),
    };
    let message =
        format!("No permission set is named {asked}. Names are compared exactly, upper and lower case included.");
    let fault = Fault::blocks(message, proof).fix("Ask again with the permission set's name", None);
    fault.suggesting(Suggestion::closest(asked, meant)).found()
}

/// AWS refuses to delete a permission set that is assigned; where one has gone all the same, nothing can be provisioned.
fn check_set(here: SetInAccount<'_>) -> Judged {
    let described = &here.permission_set(here.arn)?.described;
    if described.known()?.is_some() {
        return Ok(Outcome::NotApplicable);
    }
    let message = format!(
        "Permission set {}, which is assigned in account {}, no longer exists: its assignment gives nobody anything.",
        here.arn,
        here.account_label()
    );
    Fault::blocks(message, described.cite(format!("there is no permission set {}", here.arn)))
        .fix(
            "Assign a permission set that exists in its place, and remove the assignment of the one that is gone",
            None,
        )
        .found()
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
    fn only_when_every_permission_set_told_its_name() {
        let mut evidence = sample::healthy();
        evidence.question.permission_set = Some("RedshiftAnalyst".into());
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        evidence.question.permission_set = Some("redshiftanalyst".into());
        assert!(check(&evidence).is_err());
        evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![sample::SET.into()]);
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert_eq!(fault.suggestions, ["RedshiftAnalyst"]);
        let set = evidence.permission_sets.get_mut(sample::SET).expect("there");
        set.described = sample::denied(Call::DescribePermissionSet);
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn one_that_is_gone_shuts_the_paths_through_it() {
        let mut evidence = sample::healthy();
        let on_path = |evidence: &Evidence| {
            let paths = paths::find(evidence.asked());
            RULE.judge(Case { evidence, paths: &paths }).into_iter().filter(|(path, _)| path.is_some()).count()
        };
        assert_eq!(on_path(&evidence), 0);
        evidence.permission_sets.get_mut(sample::SET).expect("there").described =
            sample::known(Call::DescribePermissionSet, None);
        assert_eq!(on_path(&evidence), 1);
        let role = crate::rules::rule("role-missing").expect("a rule");
        assert_eq!(crate::rules::on_path(role, &evidence, &crate::model::sample::path()), Ok(Outcome::NotApplicable));
    }
}
