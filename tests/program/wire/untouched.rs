//! A scenario with its organization and the answer that it gets when nothing goes wrong: what the same question is
//! compared with when something does.

use idc::evidence::Call;

use crate::wire::run::{Answer, Question};
use crate::wire::sameness::same_or_none;
use crate::wire::scenario::Scenario;
use crate::wire::scenarios;
use served::{Conduct, Fault, Kind, Organization, Served};

/// The scenario, untouched.
#[derive(Debug)]
pub(crate) struct Untouched {
    pub(crate) scenario: Scenario,
    pub(crate) answer: Answer,
    /// What was asked for, of all that the program may ask for.
    pub(crate) asked: Vec<&'static str>,
    organization: Organization,
}

impl Untouched {
    /// Asks the scenario of that name.
    pub(crate) fn ask(name: &str) -> Self {
        let scenario = scenarios::named(name);
        let organization = scenario.organization();
        let served = Served::start(organization.clone(), scenario.conduct());
        let answer = scenario.question(&served).ask();
        let asked = Call::ALL.iter().map(|call| call.action()).filter(|action| served.count(action) > 0).collect();
        Self { scenario, answer, asked, organization }
    }

    /// Serves the same organization, while something goes wrong.
    pub(crate) fn serve(&self, more: impl FnOnce(Conduct) -> Conduct) -> (Served, Question) {
        let served = Served::start(self.organization.clone(), more(self.scenario.conduct()));
        let question = self.scenario.question(&served);
        (served, question)
    }

    /// Asks the same of the same organization, while something goes wrong.
    pub(crate) fn ask_with(&self, more: impl FnOnce(Conduct) -> Conduct) -> Answer {
        let (_served, question) = self.serve(more);
        question.ask()
    }

    /// Asks while an action goes wrong in this way: the answer stays, or there is none.
    pub(crate) fn survives(&self, action: &str, kind: &Kind) -> Result<(), String> {
        let answer = self.ask_with(|conduct| conduct.with_fault(Fault::on(action, kind.clone())));
        same_or_none(&self.answer, &answer, Some(action))
    }
}

/// Pairs every scenario of these names with every case that it gives rise to.
pub(crate) fn with_each<T>(all: &[Untouched], cases: impl Fn(&Untouched) -> Vec<T>) -> Vec<(&Untouched, T)> {
    all.iter().flat_map(|one| cases(one).into_iter().map(move |case| (one, case))).collect()
}
