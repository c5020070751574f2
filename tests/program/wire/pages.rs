//! Lists that come in pages: small ones, empty ones, lost ones, endless ones.

use crate::wire::parallel;
use crate::wire::sameness::{lasting, same_or_none};
use crate::wire::untouched::{Untouched, with_each};
use served::{Conduct, Fault, Kind};

fn untouched() -> Vec<Untouched> {
    let names = [
        "healthy--two-permission-sets",
        "not-in-assigned-group",
        "permission-set-not-found",
        "user-not-found",
        "customer-managed-policy-missing--case",
    ];
    names.map(Untouched::ask).into()
}

/// The lists that a scenario asks for, as far as AWS sends them in pages.
fn lists(one: &Untouched) -> Vec<&'static str> {
    let in_pages = |action: &&str| action.contains(":List") && *action != "iam:ListSAMLProviders";
    one.asked.iter().copied().filter(in_pages).collect()
}

#[test]
fn small_or_empty_pages_change_nothing() {
    let untouched = untouched();
    let cases = with_each(&untouched, |one| {
        let empty = |conduct: Conduct, action: &&str| conduct.with_fault(Fault::on(action, Kind::EmptyPageWithToken));
        vec![
            ("pages of one", Conduct::default().with_page_size(1)),
            ("pages of two", Conduct::default().with_page_size(2)),
            ("empty first pages", lists(one).iter().fold(Conduct::default(), empty)),
        ]
    });
    parallel::each(
        &cases,
        |(one, (pages, _))| (one.scenario.name, *pages),
        |(one, (_, conduct))| {
            let answer = one.ask_with(|_| conduct.clone());
            let (untouched, answer) = (lasting(&one.answer)?, lasting(&answer)?);
            if untouched == answer { Ok(()) } else { Err(format!("was {untouched}\nis  {answer}")) }
        },
    );
}

#[test]
fn tokens_that_lead_to_each_other_are_noticed_at_once() {
    let untouched = untouched();
    parallel::each(
        &with_each(&untouched, lists),
        |(one, action)| (one.scenario.name, *action),
        |(one, action)| {
            let (served, question) = one.serve(|conduct| conduct.with_fault(Fault::on(action, Kind::TokenCycle)));
            same_or_none(&one.answer, &question.ask(), Some(action))?;
            // Followed round until the time is over, one list alone would be asked for a thousand times.
            let count = served.count(action);
            if count < 300 { Ok(()) } else { Err(format!("asked {count} times")) }
        },
    );
}

#[test]
fn a_page_lost_is_the_list_lost() {
    let untouched = untouched();
    parallel::each(
        &with_each(&untouched, lists),
        |(one, action)| (one.scenario.name, *action),
        |(one, action)| {
            let lost = Fault::on(action, Kind::Denied).after(1);
            let answer = one.ask_with(|conduct| conduct.with_page_size(1).with_fault(lost));
            same_or_none(&one.answer, &answer, Some(action))
        },
    );
}

#[test]
fn a_list_without_end_is_no_list() {
    let untouched = untouched();
    parallel::each(
        &with_each(&untouched, lists),
        |(one, action)| (one.scenario.name, *action),
        |(one, action)| one.survives(action, &Kind::RepeatedToken),
    );
}
