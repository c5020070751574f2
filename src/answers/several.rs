//! Several people before one account: who fares alike, and for the same reason.

use crate::answers::diagnosis::Diagnosis;
use crate::verdict::Verdict;

/// People who fare alike.
#[derive(Debug)]
pub struct Alike<'a> {
    /// Their answers, in the order in which they were asked about; never empty.
    pub answers: Vec<&'a Diagnosis>,
    /// The rule of the cause that they share; none where there is none.
    pub rule: Option<&'static str>,
    /// The cause, with nobody's name in it.
    pub message: Option<String>,
}

impl<'a> Alike<'a> {
    /// What all of them were answered.
    pub fn verdict(&self) -> Verdict {
        self.answers.first().map_or(Verdict::Inconclusive, |answer| answer.verdict)
    }

    /// Who they are.
    pub fn users(&self) -> Vec<&'a str> {
        self.answers.iter().map(|answer| answer.user_label.as_str()).collect()
    }
}

/// What stands for a name where a cause is that of several people.
const THEY: &str = "USER";

/// Puts those together who have the same verdict for the same cause, the worst first.
pub fn alike(answers: &[Diagnosis]) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    for answer in answers {
        let rule = answer.root_cause.as_ref().map(|root| root.rule);
        let message = answer.root_cause.as_ref().map(|root| root.fault.message.replace(&answer.user_label, THEY));
        let is_same = |group: &&mut Alike<'_>| {
            group.verdict() == answer.verdict && group.rule == rule && group.message == message
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.answers.push(answer),
            None => groups.push(Alike { answers: vec![answer], rule, message }),
        }
    }
    groups.sort_by_key(|group| rank(group.verdict()));
    groups
}

/// The verdict that counts for all of them: the worst.
pub fn worst(answers: &[Diagnosis]) -> Verdict {
    answers.iter().map(|answer| answer.verdict).min_by_key(|verdict| rank(*verdict)).unwrap_or(Verdict::Inconclusive)
}

const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Blocked => 0,
        Verdict::Inconclusive => 1,
        Verdict::Degraded => 2,
        Verdict::Reachable => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::diagnosis::diagnose;
    use crate::evidence::{Call, Observed, Reason, sample};

    #[test]
    fn who_shares_a_cause_is_told_together() {
        let asked = |name: &str| {
            let mut evidence = sample::healthy();
            evidence.question.user = name.to_owned();
            evidence.user.lookups[0].found = sample::known(Call::GetUserId, None);
            evidence.user.described.observed = Observed::missing(Reason::NotAsked, "there is no such user");
            diagnose(&evidence)
        };
        let answers = [diagnose(&sample::healthy()), asked("jane.do"), asked("john.ro")];
        let groups = alike(&answers);
        let told: Vec<_> = groups.iter().map(|group| (group.verdict(), group.users(), group.rule)).collect();
        assert_eq!(told[0], (Verdict::Blocked, vec!["jane.do", "john.ro"], Some("user-not-found")));
        assert_eq!((told[1].0, told.len(), worst(&answers)), (Verdict::Reachable, 2, Verdict::Blocked));
        assert!(groups[0].message.as_ref().is_some_and(|message| message.contains("USER")));
    }
}
