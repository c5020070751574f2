//! What is known, by subject: the instance, one account, one person. A function that takes one of these views says by its
//! type what its answer can hang on; that of a view of the instance or an account never hangs on a person.

mod in_account;
mod in_instance;

use std::ops::Deref;

use jiff::Timestamp;

use super::{AccountFacts, AccountRef, Colleague, Evidence, Fact, Gaps, InstanceFacts, Question, User, UserFacts};
use crate::iam_policy::Reckoned;

/// How and when AWS was asked: what commands repeat, and what people typed.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'e> {
    /// The profile of whoever asks, as it was given.
    pub profile: Option<&'e str>,
    /// The profile for the accounts that are entered, as it was given.
    pub target_profile: Option<&'e str>,
    /// When collecting ended.
    pub collected_at: Timestamp,
    /// The one question that was asked, where it was one: names that were typed stand in for those that are not known.
    pub asked: Option<&'e Evidence>,
    /// What was reckoned already, where many ways of one organization are looked at.
    pub reckoned: Option<&'e Reckoned>,
}

/// What is known of the instance and its organization, whatever the account.
#[derive(Debug, Clone, Copy)]
pub struct InInstance<'e> {
    facts: &'e InstanceFacts,
    terms: Terms<'e>,
}

/// The same, and what is known of one account, whoever wants to get into it.
#[derive(Debug, Clone, Copy)]
pub struct InAccount<'e> {
    in_instance: InInstance<'e>,
    facts: &'e AccountFacts,
    /// The account as it was typed, where it was.
    typed: Option<&'e AccountRef>,
}

/// What is known of one person.
#[derive(Debug, Clone, Copy)]
pub struct Person<'e> {
    /// The user.
    pub user: &'e UserFacts,
    /// What was typed for them.
    pub typed: &'e str,
}

/// One person before one account, and what narrows the question about them.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'e> {
    /// The account.
    in_account: InAccount<'e>,
    /// What is known of the account.
    pub account: &'e AccountFacts,
    /// What is known of the person.
    pub user: &'e UserFacts,
    typed: &'e str,
    /// What was asked.
    pub question: &'e Question,
    /// The id of the group that was asked about.
    pub asked_group: Option<&'e Fact<Option<String>>>,
}

impl<'e> Deref for Asked<'e> {
    type Target = InAccount<'e>;

    /// What is known of the account holds for everybody before it.
    fn deref(&self) -> &InAccount<'e> {
        &self.in_account
    }
}

impl<'e> Deref for InAccount<'e> {
    type Target = InInstance<'e>;

    /// What is known of the instance holds in each of its accounts.
    fn deref(&self) -> &InInstance<'e> {
        &self.in_instance
    }
}

impl Deref for InInstance<'_> {
    type Target = InstanceFacts;

    fn deref(&self) -> &InstanceFacts {
        self.facts
    }
}

impl<'e> Asked<'e> {
    /// The account, whoever wants to get into it.
    pub const fn in_account(self) -> InAccount<'e> {
        self.in_account
    }

    /// What is known of the instance and its organization.
    pub const fn shared(self) -> &'e InstanceFacts {
        self.in_account.shared()
    }

    /// The person.
    pub const fn person(self) -> Person<'e> {
        Person { user: self.user, typed: self.typed }
    }

    /// The person as they were typed.
    pub const fn typed(self) -> &'e str {
        self.typed
    }

    /// The person's id. `Ok(None)`: there is no such user.
    pub fn user_id(self) -> Result<Option<&'e str>, Gaps> {
        self.person().id()
    }

    /// The person's name for people.
    pub fn user_label(self) -> &'e str {
        self.person().label()
    }
}

impl<'e> Person<'e> {
    /// Their id, from the first look-up that found one. `Ok(None)`: there is no such user.
    pub fn id(self) -> Result<Option<&'e str>, Gaps> {
        let mut gaps = Gaps::default();
        for lookup in &self.user.lookups {
            if let Some(Some(id)) = gaps.keep(lookup.found.known()) {
                // An earlier look-up that could not be made would have had precedence.
                gaps.none_or_err()?;
                return Ok(Some(id));
            }
        }
        if self.user.lookups.is_empty() {
            gaps.0.extend(self.user.described.known().err());
        }
        gaps.none_or_err()?;
        Ok(None)
    }

    /// They, where AWS described them.
    pub fn described(self) -> Option<&'e User> {
        self.user.described.known().ok().and_then(Option::as_ref)
    }

    /// Their name for people: the user name, else what was typed.
    pub fn label(self) -> &'e str {
        self.described().and_then(|user| user.user_name.as_deref()).unwrap_or(self.typed)
    }
}

impl Evidence {
    fn terms(&self) -> Terms<'_> {
        Terms {
            profile: self.question.profile.as_deref(),
            target_profile: self.question.target_profile.as_deref(),
            collected_at: self.collected_at,
            asked: Some(self),
            reckoned: None,
        }
    }

    /// The instance, whatever the account.
    pub fn in_instance(&self) -> InInstance<'_> {
        InInstance::new(&self.shared, self.terms())
    }

    /// The account asked about, whoever wants to get into it.
    pub fn in_account(&self) -> InAccount<'_> {
        InAccount { typed: Some(&self.question.account), ..self.in_instance().account(&self.account) }
    }

    /// The person asked about.
    pub fn person(&self) -> Person<'_> {
        Person { user: &self.user, typed: &self.question.user }
    }

    /// The person before the account.
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            in_account: self.in_account(),
            account: &self.account,
            user: &self.user,
            typed: &self.question.user,
            question: &self.question,
            asked_group: self.asked_group.as_ref(),
        }
    }

    /// The colleague before the account, where one was named.
    pub fn asked_of_colleague(&self) -> Option<Asked<'_>> {
        let Colleague { asked, user } = self.colleague.as_ref()?;
        Some(Asked { user, typed: asked, ..self.asked() })
    }
}
