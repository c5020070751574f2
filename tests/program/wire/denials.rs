//! Every action that the program may make, refused, one at a time, in each way in which AWS refuses.

use crate::wire::parallel;
use crate::wire::untouched::{Untouched, with_each};
use served::Kind;

/// Refuses everything that each scenario asks for, and looks at what is left of the answer.
fn refuse(names: &[&str], kinds: &[Kind]) {
    let untouched: Vec<Untouched> = names.iter().map(|name| Untouched::ask(name)).collect();
    let cases = with_each(&untouched, |one| {
        one.asked.iter().flat_map(|action| kinds.iter().map(|kind| (*action, kind.clone()))).collect()
    });
    parallel::each(
        &cases,
        |(one, case)| (one.scenario.name, case.clone()),
        |(one, (action, kind))| one.survives(action, kind),
    );
}

#[test]
fn by_want_of_a_policy() {
    let names = [
        "healthy--group",
        "healthy--named-permission-set",
        "not-in-assigned-group",
        "assignment-orphaned-principal",
        "customer-managed-policy-missing",
        "permission-set-outdated--changed-after-a-mended-failure",
        "role-policies-differ--added-by-hand",
        "assume-role-failed",
    ];
    refuse(&names, &[Kind::Denied]);
}

#[test]
fn by_a_service_control_policy_or_for_want_of_the_key() {
    refuse(&["healthy--group", "not-in-assigned-group"], &[Kind::DeniedByScp, Kind::DeniedByKms]);
}

/// Where somebody gets in, what is refused is named, also where nothing hangs on it: a name that is lacking is one, too. Of
/// somebody who is kept out that is not asked for the rest of the way.
#[test]
fn each_is_named_by_a_gap() {
    let names = ["healthy--group", "healthy--named-permission-set", "role-policies-differ"];
    let untouched: Vec<Untouched> = names.iter().map(|name| Untouched::ask(name)).collect();
    let cases = with_each(&untouched, |one| one.asked.clone());
    parallel::each(
        &cases,
        |(one, action)| (one.scenario.name, *action),
        |(one, action)| {
            let answer = one.ask_with(|conduct| conduct.with_fault(served::Fault::on(action, Kind::Denied)));
            // There is a second way to what is assigned, which tells as much.
            if answer.code == 1 || *action == "sso:ListAccountAssignmentsForPrincipal" {
                return Ok(());
            }
            let json = answer.json()?;
            let is_named = json["gaps"].as_array().is_some_and(|gaps| gaps.iter().any(|gap| gap["call"] == *action));
            if is_named && json["complete"] == false { Ok(()) } else { Err(answer.brief()) }
        },
    );
}
