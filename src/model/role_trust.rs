//! Through which SAML providers a role's trust policy lets Identity Center in: a provider helps only where some statement
//! lets in whoever comes through it, under conditions that hold for them.

use std::cell::OnceCell;

use crate::evidence::{Gap, Gaps, Person, Role};
use crate::iam_policy::{Admission, Caller, Part, Policy, Reckoned, Reckoning, Request, Text, Undecided};
use crate::model::SetInAccount;
use crate::model::denials::{ASSUME_ROLE, TAG_SESSION};
use crate::model::sign_in_call::{self, is_identity_center_provider};

/// A role's trust policy, and what of it is about Identity Center.
#[derive(Debug)]
pub struct Trust<'a> {
    here: SetInAccount<'a>,
    person: Option<Person<'a>>,
    role: &'a Role,
    /// The call of Identity Center, who comes through a provider that is named nowhere, once that is asked for.
    call: OnceCell<Request>,
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
        Ok(Self { here, person, role, call: OnceCell::new(), policy, providers })
    }

    /// The call of Identity Center who comes through a provider; with none, through one that is named nowhere.
    pub fn call(&self, action: &str, provider: Option<&str>) -> Request {
        let call = self.call.get_or_init(|| {
            let arn = Text::Exact(self.role.arn.clone());
            sign_in_call::saml_call(self.here.in_account, self.person, ASSUME_ROLE, arn, Some("none"))
        });
        let caller = provider.map_or_else(|| call.caller.clone(), |arn| Caller::Saml(Some(arn.to_owned())));
        Request { action: action.to_owned(), caller, ..call.clone() }
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
        let kept = self.reckoning();
        if kept.as_ref().is_some_and(|(reckoned, reckoning)| reckoned.known(reckoning) == Some(true)) {
            return (self.providers.iter().map(String::as_str).collect(), Vec::new());
        }
        let (open, unclear) = self.judged();
        if let Some((reckoned, reckoning)) = kept {
            reckoned.keep(reckoning, open.len() == self.providers.len());
        }
        (open, unclear)
    }

    /// Whether each provider lets Identity Center in, as a question whose answer holds for all roles of the account that
    /// share the policy; `None` where answers are not kept, or hang on more.
    fn reckoning(&self) -> Option<(&'a Reckoned, Reckoning)> {
        let reckoned = self.here.in_account.reckoned()?;
        if self.person.is_some() || self.policy.names_resources() {
            return None;
        }
        let account = self.here.account().id.clone()?;
        let says = Part::Says(self.policy.mark_of_all());
        Some((reckoned, Reckoning { asked: "trust", account: Some(account), tiers: vec![(false, vec![says])] }))
    }

    fn judged(&self) -> (Vec<&str>, Vec<(&str, Gaps)>) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, Evidence, PolicyDocument, sample};
    use crate::model::permission_set_role::role_of;
    use crate::model::sample::path;

    const SECOND: &str = "111122223333";

    /// The healthy sample with this trust policy, which others may share.
    fn trusting(policy: &PolicyDocument) -> Evidence {
        let mut evidence = sample::healthy();
        let mut role = evidence.account.inside.roles.known().expect("known")[0].clone();
        role.trust_policy = Some(policy.clone());
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![role]);
        evidence
    }

    /// How many providers let Identity Center in.
    fn open(evidence: &Evidence, reckoned: Option<&Reckoned>) -> usize {
        let path = path();
        let here = SetInAccount::of(evidence.in_account(), &path);
        let here = reckoned.map_or(here, |reckoned| here.reckoning(reckoned));
        let role = role_of(here).expect("known").expect("there");
        Trust::read(here, None, role).expect("readable").open().0.len()
    }

    fn policy(resource: &str, condition: &str) -> PolicyDocument {
        let second = sample::PROVIDER.replace(sample::ACCOUNT, SECOND);
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":["sts:AssumeRoleWithSAML","sts:TagSession"],
                "Principal":{{"Federated":["{}","{second}"]}}{resource},"Condition":{{"StringEquals":{{{condition}}}}}}}}}"#,
            sample::PROVIDER
        )
        .into()
    }

    #[test]
    fn what_is_kept_of_a_policy_is_told_of_one_account_and_never_of_a_role_that_it_names() {
        let of_one_account = policy("", &format!(r#""aws:ResourceAccount":"{}""#, sample::ACCOUNT));
        let of_one_role = policy(&format!(r#","Resource":"{}""#, sample::ROLE), r#""aws:SecureTransport":"true""#);
        for shared in [of_one_account, of_one_role] {
            let first = trusting(&shared);
            let mut other = trusting(&shared);
            other.account.id = Some(SECOND.to_owned());
            let mut roles = other.account.inside.roles.known().expect("known").clone();
            roles[0].arn = roles[0].arn.replace(sample::ACCOUNT, SECOND);
            other.account.inside.roles = sample::known(Call::ListRoles, roles);
            let reckoned = Reckoned::default();
            for (evidence, expected) in [(&first, 1), (&other, 0), (&first, 1), (&other, 0)] {
                assert_eq!(open(evidence, None), expected, "{}", &*shared);
                assert_eq!(open(evidence, Some(&reckoned)), expected, "{}", &*shared);
            }
        }
    }

    #[test]
    fn roles_that_one_policy_names_apart_are_judged_each() {
        let shared = policy(&format!(r#","Resource":"{}""#, sample::ROLE), r#""aws:SecureTransport":"true""#);
        let first = trusting(&shared);
        let mut other = trusting(&shared);
        let mut roles = other.account.inside.roles.known().expect("known").clone();
        let suffix = "_7243976e43c75fc5";
        roles[0].arn = roles[0].arn.replace(suffix, "_0123456789abcdef");
        roles[0].name = roles[0].name.replace(suffix, "_0123456789abcdef");
        other.account.inside.roles = sample::known(Call::ListRoles, roles);
        let reckoned = Reckoned::default();
        assert_eq!((open(&first, Some(&reckoned)), open(&other, Some(&reckoned))), (1, 0));
    }
}
