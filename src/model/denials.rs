//! What the organization's policies deny: the statements that forbid one of the calls that take people into a role.

use std::cell::OnceCell;

use crate::evidence::{AttachedPolicy, Fact, Gaps, InAccount, Person, PolicyDocument, PolicyKind};
use crate::findings::Citation;
use crate::iam_policy::{Effect, Request, Said, Text};
use crate::model::organization_policies::{self, Binding, Document, label, place};
use crate::model::paths::Entitled;
use crate::model::{entitled_role, sign_in_call};

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
    pub document: &'a Fact<PolicyDocument>,
    /// The statement, by its Sid or place.
    pub statement: String,
    /// On which resources and conditions it hangs, as the end of a clause; empty where on none.
    pub provisos: String,
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

/// Every policy with a statement that denies the call, the nearest to the account first. What may deny it but cannot be
/// decided becomes a gap.
pub fn all<'a>(
    here: InAccount<'a>,
    binding: &Binding<'a>,
    request: impl Fn() -> Request,
    gaps: &mut Gaps,
) -> Vec<Denial<'a>> {
    let mut found = Vec::new();
    // Where nothing but AWS's own policies is attached, it is asked nothing.
    let made = OnceCell::new();
    for level in &binding.levels {
        for policy in level.policies {
            let Some(document) = gaps.keep(organization_policies::document(here, policy)) else { continue };
            let Document::Says(fact, says) = document else { continue };
            let request = made.get_or_init(&request);
            match says.says(Effect::Deny, request) {
                Said::Applies(statement) => found.push(Denial {
                    target: level.target,
                    listed: level.listed,
                    policy,
                    document: fact,
                    statement: statement.label(),
                    provisos: statement.provisos(),
                    action: request.action.clone(),
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
pub fn of_sign_in<'a>(
    here: InAccount<'a>,
    person: Option<Person<'_>>,
    binding: &Binding<'a>,
    role: &Text,
    gaps: &mut Gaps,
) -> Vec<Denial<'a>> {
    let ask = |action: &str, gaps: &mut Gaps| {
        all(here, binding, || sign_in_call::saml_call(here, person, action, role.clone(), None), gaps)
    };
    let denials = ask(ASSUME_ROLE, gaps);
    if denials.is_empty() { of_tags(here, person, ask, gaps) } else { denials }
}

/// What denies it whatever the role, as far as that is known.
pub fn of_every_sign_in<'a>(here: InAccount<'a>, person: Option<Person<'_>>, binding: &Binding<'a>) -> Vec<Denial<'a>> {
    of_sign_in(here, person, binding, &sign_in_call::role(here, None), &mut Gaps::default())
}

/// Whether no assignment lets anybody in, of those too that could not be seen.
pub fn shut_every_assignment(here: InAccount<'_>, person: Option<Person<'_>>) -> bool {
    let binding = organization_policies::binding(here, PolicyKind::ResourceControl).ok().flatten();
    binding.is_some_and(|binding| !of_every_sign_in(here, person, &binding).is_empty())
}

/// What denies account access manager the calls with which it takes people into a role.
pub fn of_entitlement<'a>(
    here: InAccount<'a>,
    person: Option<Person<'_>>,
    binding: &Binding<'a>,
    entitled: &Entitled,
    gaps: &mut Gaps,
) -> Vec<Denial<'a>> {
    let ask = |action: &str, gaps: &mut Gaps| all(here, binding, || entitled_role::call(here, action, entitled), gaps);
    for action in entitled_role::ACTIONS {
        let denials = ask(action, gaps);
        if !denials.is_empty() {
            return denials;
        }
    }
    of_tags(here, person, ask, gaps)
}

/// What denies passing session tags: that matters only where some are passed.
fn of_tags<'a>(
    here: InAccount<'_>,
    person: Option<Person<'_>>,
    ask: impl Fn(&str, &mut Gaps) -> Vec<Denial<'a>>,
    gaps: &mut Gaps,
) -> Vec<Denial<'a>> {
    let mut undecided = Gaps::default();
    let denials = ask(TAG_SESSION, &mut undecided);
    if denials.is_empty() && undecided.0.is_empty() {
        return denials;
    }
    match sign_in_call::passes_tags(here.in_instance(), person) {
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
