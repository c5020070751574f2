//! What the organization's policies deny: the statements that forbid a request, and the levels that allow nothing.

use crate::evidence::{AttachedPolicy, Evidence, Fact, Gaps};
use crate::organization_policies::{self, Binding, Document, Level, label, place};
use crate::policy_document::{Action, Effect, Request, Said, Statement, Text};
use crate::policy_requests;
use crate::rules::Citation;

/// With which Identity Center takes somebody into an account.
pub const ASSUME_ROLE: &str = "sts:AssumeRoleWithSAML";
/// Which that call needs too where it passes session tags.
pub const TAG_SESSION: &str = "sts:TagSession";

/// A statement that denies, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial<'a> {
    /// The root, unit or account that the policy is attached to.
    pub target: &'a str,
    /// What is attached there.
    pub listed: &'a Fact<Vec<AttachedPolicy>>,
    /// The policy.
    pub policy: &'a AttachedPolicy,
    /// What it says.
    pub document: &'a Fact<String>,
    /// The statement, by its Sid or place.
    pub statement: String,
    /// What it denies, for people.
    pub action: String,
}

impl Denial<'_> {
    /// Cites the statement.
    pub fn cite(&self) -> Citation {
        self.document.cite(format!("{} of {} denies {}", self.statement, label(self.policy), self.action))
    }

    /// Cites where the policy is attached.
    pub fn cite_attachment(&self) -> Citation {
        self.listed.cite(format!("{} is attached to {}", label(self.policy), place(self.target)))
    }
}

/// Every policy with a statement that denies all of the request, the nearest to the account first. `counts` chooses
/// among the statements; what may deny it but cannot be decided becomes a gap.
pub fn all<'a>(
    evidence: &'a Evidence,
    binding: &Binding<'a>,
    request: &Request,
    counts: impl Fn(&Statement) -> bool,
    gaps: &mut Gaps,
) -> Vec<Denial<'a>> {
    let mut found = Vec::new();
    for level in &binding.levels {
        for policy in level.policies {
            let Some(document) = gaps.keep(organization_policies::document(evidence, policy)) else { continue };
            let Document::Says(fact, mut says) = document else { continue };
            says.statements.retain(|statement| counts(statement));
            match says.says(Effect::Deny, request) {
                Said::Applies(statement) => found.push(Denial {
                    target: level.target,
                    listed: level.listed,
                    policy,
                    document: fact,
                    statement: statement.label(),
                    action: match &request.action {
                        Action::One(action) => action.clone(),
                        Action::Every => "everything".to_owned(),
                    },
                }),
                Said::Undecided(undecided) => {
                    let undecided = undecided.iter().map(|one| organization_policies::undecided(fact, policy, one));
                    gaps.0.extend(undecided);
                }
                Said::Nothing => {}
            }
        }
    }
    found
}

/// What denies Identity Center the call with which it takes people into a role.
pub fn of_sign_in<'a>(evidence: &'a Evidence, binding: &Binding<'a>, role: &Text, gaps: &mut Gaps) -> Vec<Denial<'a>> {
    let ask = |action: &str, gaps: &mut Gaps| {
        let request = policy_requests::saml_call(evidence, action, role.clone(), None);
        all(evidence, binding, &request, |_| true, gaps)
    };
    let denials = ask(ASSUME_ROLE, gaps);
    if !denials.is_empty() {
        return denials;
    }
    let mut undecided = Gaps::default();
    let denials = ask(TAG_SESSION, &mut undecided);
    if denials.is_empty() && undecided.0.is_empty() {
        return denials;
    }
    match policy_requests::passes_tags(evidence) {
        Ok(true) => {
            gaps.0.extend(undecided.0);
            denials
        }
        Ok(false) => Vec::new(),
        Err(gap) => {
            gaps.0.push(gap);
            Vec::new()
        }
    }
}

/// Whether anything is allowed at a level. What is not known counts as allowed, and becomes a gap.
pub fn allows_anything(evidence: &Evidence, level: &Level<'_>, request: &Request, gaps: &mut Gaps) -> bool {
    if level.policies.is_empty() {
        gaps.0.push(
            level.listed.unclear(format!("AWS shows no policy at {}, where there is always one", place(level.target))),
        );
        return true;
    }
    let mut unknown = Gaps::default();
    for policy in level.policies {
        match unknown.keep(organization_policies::document(evidence, policy)) {
            None => {}
            Some(Document::AllowsEverything) => return true,
            Some(Document::Says(fact, says)) => match says.says(Effect::Allow, request) {
                Said::Applies(_) => return true,
                Said::Undecided(undecided) => {
                    unknown.0.extend(undecided.iter().map(|one| organization_policies::undecided(fact, policy, one)));
                }
                Said::Nothing => {}
            },
        }
    }
    let nothing = unknown.0.is_empty();
    gaps.0.extend(unknown.0);
    !nothing
}
