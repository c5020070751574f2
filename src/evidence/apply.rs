//! Takes in the answers to one question. Nothing else writes facts that were asked for; a later answer to the same question
//! counts.

use std::collections::BTreeMap;

use super::{Answer, Call, Colleague, Elsewhere, Evidence, Fact, Observed, UserFacts};

impl Evidence {
    /// Takes in an answer.
    pub fn apply(&mut self, answer: Answer) {
        let Some(answer) = self.shared.apply(answer) else { return };
        match answer {
            Answer::Accounts(fact) => self.shared.accounts = fact,
            Answer::SetsIn(_, fact) => self.shared.provisioned_in_management = Some(fact),
            Answer::GroupNamed(_, fact) => self.asked_group = Some(fact),
            Answer::Account(id, fact) if self.account.id.as_ref() != Some(&id) => {
                self.user.elsewhere.iter_mut().for_each(|elsewhere| {
                    elsewhere.accounts.insert(id.clone(), fact.clone());
                });
            }
            Answer::LookUp(typed, fact) => {
                let lookups = fact.known().cloned().unwrap_or_default();
                let has_account = matches!(self.account_id(), Ok(Some(_)));
                self.people(|asked, _| asked == typed).for_each(|user| {
                    user.lookups.clone_from(&lookups);
                    if has_account && user.found().is_none() {
                        let because = "there is no such user, or they could not be looked up";
                        user.for_principal = Fact::not_asked(Call::ListAccountAssignmentsForPrincipal, because);
                    }
                });
            }
            Answer::CloseUsers(typed, fact) => {
                self.people(|asked, _| asked == typed).for_each(|user| user.scan = fact.clone());
            }
            Answer::Person(id, fact) => self.of_id(&id).for_each(|user| user.described = fact.clone()),
            Answer::Memberships(id, fact) => self.of_id(&id).for_each(|user| user.memberships = fact.clone()),
            Answer::AssignmentsIn(id, _, fact) => {
                self.of_id(&id).for_each(|user| user.for_principal = fact.clone());
            }
            Answer::AssignmentsOfPerson(_, mut fact) => {
                if let Observed::Known(rows) = &mut fact.observed {
                    rows.retain(|row| Some(&row.account) != self.account.id.as_ref());
                }
                self.user.elsewhere = Some(Elsewhere { assignments: fact, accounts: BTreeMap::new() });
            }
            other => self.account.apply(other),
        }
    }

    /// The user, the colleague or both, by what was typed and what is known.
    fn people(&mut self, is_meant: impl Fn(&str, &UserFacts) -> bool) -> impl Iterator<Item = &mut UserFacts> {
        let colleague = self.colleague.iter_mut().map(|Colleague { asked, user }| (asked.as_str(), &mut **user));
        let all = std::iter::once((self.question.user.as_str(), &mut self.user)).chain(colleague);
        all.filter(move |(asked, user)| is_meant(asked, user)).map(|(_, user)| user)
    }

    fn of_id(&mut self, id: &str) -> impl Iterator<Item = &mut UserFacts> {
        self.people(move |_, user| user.found() == Some(id))
    }
}
