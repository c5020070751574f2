//! Any scenario with any fault, drawn by chance from a seed that is told: whatever goes wrong, the answer stays or there is
//! none. `CHANCE_SEED` draws others, `CHANCE_CASES` more of them.

use std::env;

use fastrand::Rng;

use crate::wire::parallel;
use crate::wire::sameness::same_or_none;
use crate::wire::scenario::Scenario;
use crate::wire::scenarios;
use crate::wire::untouched::Untouched;
use served::{Conduct, Fault, Kind};

/// What is drawn when nothing else is said; some twenty seconds of a small machine.
pub(crate) const SEED: u64 = 20_261_122;
const CASES: usize = 90;

pub(crate) fn number<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

pub(crate) fn draw<T: Clone>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())].clone()
}

fn kind(rng: &mut Rng) -> Kind {
    let words = ["Status", "State", "UserStatus", "PrincipalType"];
    let members = ["Status", "State", "PrincipalId", "Name", "Arn", "Path", "RequestId", "UserStatus"];
    let (word, member) = (draw(rng, &words).to_owned(), draw(rng, &members).to_owned());
    let kinds = [
        Kind::Denied,
        Kind::DeniedByScp,
        Kind::DeniedByKms,
        Kind::Throttled { retry_after: None },
        Kind::ServerError,
        Kind::BadGateway,
        Kind::Reset,
        Kind::Truncated,
        Kind::Hang,
        Kind::Delay(300),
        Kind::RepeatedToken,
        Kind::UnknownEnum { field: word, value: "A_NEWER_WORD".into() },
        Kind::MissingField { field: member },
    ];
    draw(rng, &kinds)
}

/// One fault, or two; on one action or on a whole service; now and then, or always; with pages of any size.
pub(crate) fn conduct(rng: &mut Rng, conduct: Conduct, asked: &[&'static str]) -> Conduct {
    let mut conduct = conduct.with_page_size(draw(rng, &[1, 2, 3, 100]));
    for _ in 0..draw(rng, &[1, 1, 2]) {
        let action = draw(rng, asked);
        let service = format!("{}:*", action.split(':').next().unwrap_or_default());
        let mut fault =
            Fault::on(draw(rng, &[action, action, action, &service]), kind(rng)).after(draw(rng, &[0, 0, 1]));
        fault.times = draw(rng, &[None, None, Some(1), Some(2)]);
        conduct = conduct.with_fault(fault);
    }
    conduct
}

#[test]
fn whatever_goes_wrong_the_answer_stays_or_there_is_none() {
    let seed = number("CHANCE_SEED", SEED);
    let mut rng = Rng::with_seed(seed);
    let scenarios: Vec<Scenario> = scenarios::all();
    let cases: Vec<(&str, Rng)> =
        (0..number("CHANCE_CASES", CASES)).map(|_| (draw(&mut rng, &scenarios).name, rng.fork())).collect();
    parallel::each(
        &cases,
        |(name, _)| (*name, seed),
        |(name, rng)| {
            let one = Untouched::ask(name);
            let conduct = conduct(&mut rng.clone(), one.scenario.conduct(), &one.asked);
            let (_served, question) = one.serve(|_| conduct.clone());
            let answer = question.with(&["--timeout", "4s"]).ask();
            same_or_none(&one.answer, &answer, None).map_err(|error| format!("{error}\n  {:?}", conduct.faults))
        },
    );
}
