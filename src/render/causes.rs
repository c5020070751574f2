//! Which of the faults beside the root cause are told, and which only follow from one that is told.

use crate::answers::diagnosis::Diagnosis;
use crate::verdict::Finding;
use crate::wording;

/// A fault to tell.
#[derive(Debug)]
pub(super) struct Told<'a> {
    /// The fault.
    pub(super) finding: &'a Finding,
    /// Other paths on which the very same is wrong.
    pub(super) same: Vec<usize>,
    /// The rules whose faults follow from it: later on the same path, and no worse.
    pub(super) follows: Vec<&'static str>,
}

/// Faults to tell, of which many may be alike.
#[derive(Debug, Default)]
pub(super) struct Causes<'a> {
    /// The root cause.
    pub(super) root: Option<Told<'a>>,
    /// The others, in causal order; of those of one rule the first [`ALIKE`].
    pub(super) also: Vec<Told<'a>>,
    /// How many more there are of a rule, where there are more.
    pub(super) more: Vec<(&'static str, usize)>,
}

/// How many faults of one rule are told in full.
const ALIKE: usize = 3;

/// Orders the faults of a diagnosis for telling.
pub(super) fn causes(diagnosis: &Diagnosis) -> Causes<'_> {
    let mut root = diagnosis.root_cause.as_ref().map(Told::new);
    let mut told: Vec<Told<'_>> = Vec::new();
    for finding in &diagnosis.also {
        let mut before = root.iter_mut().chain(&mut told);
        if let Some(told) = before.find(|told| told.explains(finding)) {
            told.follows.push(finding.rule);
            continue;
        }
        let mut before = root.iter_mut().chain(&mut told);
        match (before.find(|told| told.is_same_as(finding)), finding.path) {
            (Some(told), Some(path)) => told.same.push(path),
            (Some(_) | None, _) => told.push(Told::new(finding)),
        }
    }
    let mut causes = Causes { root, ..Causes::default() };
    for item in told {
        let rule = item.finding.rule;
        if causes.also.iter().filter(|told| told.finding.rule == rule).count() < ALIKE {
            causes.also.push(item);
        } else if let Some((_, count)) = causes.more.iter_mut().find(|(id, _)| *id == rule) {
            *count += 1;
        } else {
            causes.more.push((rule, 1));
        }
    }
    causes
}

/// A fault as what comes of another, of a permission set and a person that were named before.
fn consequence(rule: &str) -> String {
    match rule {
        "assignment-creation-failed" => "the request to assign it failed".to_owned(),
        "provisioning-failed" => "provisioning it failed".to_owned(),
        "permission-set-not-provisioned" => "it is not provisioned there".to_owned(),
        "permission-set-outdated" => "the role carries an older version of it".to_owned(),
        "role-missing" => "there is no role for it".to_owned(),
        "assume-role-failed" => "AWS refuses them the role".to_owned(),
        other => format!("{other} holds too"),
    }
}

/// Words by which a cause says already what comes of it.
fn said_by(rule: &str) -> &'static [&'static str] {
    match rule {
        "permission-set-not-provisioned" => &["cannot be provisioned", "not provisioned"],
        "role-missing" => &["no role for it", "has no role"],
        "assume-role-failed" => &["AWS STS refuses"],
        _ => &[],
    }
}

impl<'a> Told<'a> {
    const fn new(finding: &'a Finding) -> Self {
        Self { finding, same: Vec::new(), follows: Vec::new() }
    }

    /// What follows from it, as a sentence.
    pub(super) fn follows_in_words(&self) -> Option<String> {
        let message = &self.finding.fault.message;
        let is_said = |rule: &&str| said_by(rule).iter().any(|words| message.contains(words));
        let mut words: Vec<String> =
            self.follows.iter().copied().filter(|rule| !is_said(rule)).map(consequence).collect();
        words.dedup();
        (!words.is_empty()).then(|| format!("So {}.", wording::list(words, self.follows.len())))
    }

    /// Whether a later fault is this one's consequence, and needs no telling beside it.
    fn explains(&self, later: &Finding) -> bool {
        let on_its_path = later.path.is_some_and(|path| self.finding.path == Some(path) || self.same.contains(&path));
        on_its_path && later.follows_from == Some(self.finding.rule)
    }

    /// Whether the same is wrong on another path: one permission set through two groups, say.
    fn is_same_as(&self, other: &Finding) -> bool {
        self.finding.path.is_some()
            && self.finding.rule == other.rule
            && self.finding.fault.effect == other.fault.effect
            && self.finding.fault.message == other.fault.message
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::cases;

    #[test]
    fn what_follows_is_not_told_again() {
        let diagnosis = cases::missing_policy();
        let causes = causes(&diagnosis);
        assert_eq!(causes.root.map(|root| root.follows), Some(vec!["permission-set-not-provisioned", "role-missing"]));
        assert!(causes.also.is_empty());
    }

    #[test]
    fn every_consequence_has_words() {
        for rule in crate::verdict::consequences() {
            assert!(!consequence(rule).contains(rule), "{rule}");
        }
        let diagnosis = cases::missing_policy();
        let causes = causes(&diagnosis);
        let words = causes.root.and_then(|root| root.follows_in_words());
        assert_eq!(words.as_deref(), Some("So there is no role for it."));
    }

    #[test]
    fn forty_broken_sets_are_three_and_the_rest_counted() {
        let diagnosis = cases::many_paths(40);
        let causes = causes(&diagnosis);
        assert_eq!(causes.also.len(), ALIKE);
        assert_eq!(causes.more, [("permission-set-not-provisioned", 35)]);
    }
}
