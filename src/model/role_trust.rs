//! Through which SAML providers a role's trust policy lets Identity Center in: a provider helps only where some statement
//! lets in whoever comes through it, under conditions that hold for them.

use crate::evidence::{Gap, Gaps, Person, Role};
use crate::iam_policy::{Admission, Caller, Policy, Request, Text, Undecided};
use crate::model::SetInAccount;
use crate::model::denials::{ASSUME_ROLE, TAG_SESSION};
use crate::model::sign_in_call::{self, is_identity_center_provider};

/// A role's trust policy, and what of it is about Identity Center.
#[derive(Debug)]
pub struct Trust<'a> {
    here: SetInAccount<'a>,
    person: Option<Person<'a>>,
    role: &'a Role,
    /// The call of Identity Center, who comes through a provider that is named nowhere.
    call: Request,
    /// The policy.
    pub policy: &'a Policy,
    /// The providers of Identity Center's that it names, in order, each once.
    pub providers: Vec<String>,
}

/// What keeps Identity Center out, who comes through one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// This statement denies it.
    Denied(String),
    /// No statement lets it in.
    NotAllowed,
    /// It may come in, but not pass on session tags, which it does.
    WithoutTags,
}

impl<'a> Trust<'a> {
    /// Reads the trust policy of the permission set's role.
    pub fn read(here: SetInAccount<'a>, person: Option<Person<'a>>, role: &'a Role) -> Result<Self, Gap> {
        let roles = &here.inside().roles;
        let text = role.trust_policy.as_ref();
        let text = text.ok_or_else(|| roles.unclear(format!("role {} came without its trust policy", role.name)))?;
        let unreadable =
            |error| roles.unclear(format!("the trust policy of role {} cannot be read: {error}", role.name));
        let policy = text.policy().map_err(unreadable)?;
        let (partition, account) = (here.instance()?.partition(), here.account().id.as_deref().unwrap_or_default());
        let mut providers: Vec<String> = Vec::new();
        for arn in policy.federated_principals() {
            if is_identity_center_provider(arn, partition, account) && !providers.iter().any(|known| known == arn) {
                providers.push(arn.to_owned());
            }
        }
        let arn = Text::Exact(role.arn.clone());
        let call = sign_in_call::saml_call(here.in_account, person, ASSUME_ROLE, arn, Some("none"));
        Ok(Self { here, person, role, call, policy, providers })
    }

    /// The call of Identity Center who comes through a provider; with none, through one that is named nowhere.
    pub fn call(&self, action: &str, provider: Option<&str>) -> Request {
        let caller = provider.map_or_else(|| self.call.caller.clone(), |arn| Caller::Saml(Some(arn.to_owned())));
        Request { action: action.to_owned(), caller, ..self.call.clone() }
    }

    /// Whether the policy lets in who comes through the provider; with none, by a statement for anybody. `Ok(None)`: it
    /// does.
    pub fn refusal(&self, provider: Option<&str>) -> Result<Option<Refusal>, Gaps> {
        let admits = |action: &str| self.policy.admits(&self.call(action, provider)).owned();
        match admits(ASSUME_ROLE) {
            Owned::Admitted => {}
            Owned::Refused(refusal) => return Ok(Some(refusal)),
            Owned::Undecided(undecided) => return Err(self.gaps(undecided)),
        }
        let tags = admits(TAG_SESSION);
        if tags == Owned::Admitted || !sign_in_call::passes_tags(self.here.in_instance(), self.person)? {
            return Ok(None);
        }
        match tags {
            Owned::Undecided(undecided) => Err(self.gaps(undecided)),
            Owned::Refused(_) | Owned::Admitted => Ok(Some(Refusal::WithoutTags)),
        }
    }

    /// The providers that let Identity Center in; and what hides others.
    pub fn open(&self) -> (Vec<&str>, Vec<(&str, Gaps)>) {
        let (mut open, mut unclear) = (Vec::new(), Vec::new());
        for provider in &self.providers {
            match self.refusal(Some(provider)) {
                Ok(None) => open.push(provider.as_str()),
                Ok(Some(_)) => {}
                Err(gaps) => unclear.push((provider.as_str(), gaps)),
            }
        }
        (open, unclear)
    }

    /// What keeps the statement that names the provider from letting it in, as the end of a sentence.
    pub fn mismatch(&self, provider: &str) -> Option<String> {
        let request = self.call(ASSUME_ROLE, Some(provider));
        let mut naming =
            self.policy.statements.iter().filter(|statement| statement.federated().any(|arn| arn == provider));
        naming.find_map(|one| Some(format!("{} {}", one.label(), one.mismatch(&request)?)))
    }

    fn gaps(&self, undecided: Vec<Undecided>) -> Gaps {
        let roles = &self.here.inside().roles;
        let gap = |one| roles.unclear(format!("the trust policy of role {}: {one}", self.role.name));
        Gaps(undecided.into_iter().map(gap).collect())
    }
}

/// An admission that does not borrow from the policy.
#[derive(Debug, PartialEq, Eq)]
enum Owned {
    Admitted,
    Refused(Refusal),
    Undecided(Vec<Undecided>),
}

impl Admission<'_> {
    fn owned(self) -> Owned {
        match self {
            Self::Admitted => Owned::Admitted,
            Self::Denied(statement) => Owned::Refused(Refusal::Denied(statement.label())),
            Self::NotAllowed => Owned::Refused(Refusal::NotAllowed),
            Self::Undecided(undecided) => Owned::Undecided(undecided),
        }
    }
}
