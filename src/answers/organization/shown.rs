//! People, accounts and permission sets, as answers show them.

use crate::evidence::{Snapshot, User};
use crate::model::organization;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountShown {
    /// Its name, where it is known.
    pub name: Option<String>,
    /// 12 digits.
    pub id: String,
}

/// A permission set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetShown {
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Its ARN; of one that a plan makes, its address there.
    pub arn: String,
}

/// Where a user comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// An identity provider keeps them up to date.
    Scim,
    /// They were made in the identity store.
    Local,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonShown {
    /// The name they sign in with, where it is known.
    pub user_name: Option<String>,
    /// Their id.
    pub id: String,
    /// Their name for people.
    pub display_name: Option<String>,
    /// Their first e-mail address.
    pub email: Option<String>,
    /// `ENABLED` or `DISABLED`, as AWS says.
    pub status: Option<String>,
    /// Where they come from; `None` where they were not described.
    pub source: Option<Source>,
}

impl AccountShown {
    /// For people: `prod-data (123456789012)`.
    pub fn label(&self) -> String {
        self.name.as_ref().map_or_else(|| self.id.clone(), |name| format!("{name} ({})", self.id))
    }

    /// An account of a snapshot.
    pub fn of(snapshot: &Snapshot, id: &str) -> Self {
        let described = snapshot.accounts.get(id).and_then(|account| account.described.known().ok());
        let name = described.and_then(Option::as_ref).and_then(|account| account.name.clone());
        Self { name, id: id.to_owned() }
    }
}

impl SetShown {
    /// For people: the name, else the ARN.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.arn)
    }

    /// Its ARN, where it has one already.
    pub fn own_arn(&self) -> Option<&str> {
        Some(self.arn.as_str()).filter(|arn| arn.starts_with("arn:"))
    }

    /// A permission set of a snapshot.
    pub fn of(snapshot: &Snapshot, arn: &str) -> Self {
        let name = snapshot.in_instance().permission_set_name(arn).ok().flatten();
        Self { name: name.map(str::to_owned), arn: arn.to_owned() }
    }
}

impl PersonShown {
    /// For people: the user name, else the id.
    pub fn label(&self) -> &str {
        self.user_name.as_deref().unwrap_or(&self.id)
    }

    /// A user of a snapshot, as far as they were described.
    pub fn of(snapshot: &Snapshot, id: &str) -> Self {
        match organization::user(snapshot, id) {
            Ok(Some(user)) => user.into(),
            Ok(None) | Err(_) => {
                Self { user_name: None, id: id.to_owned(), display_name: None, email: None, status: None, source: None }
            }
        }
    }
}

impl From<&User> for PersonShown {
    fn from(user: &User) -> Self {
        let source = if user.external_issuers.is_empty() { Source::Local } else { Source::Scim };
        Self {
            user_name: user.user_name.clone(),
            id: user.id.clone(),
            display_name: user.display_name.clone(),
            email: user.emails.first().cloned(),
            status: user.status.clone(),
            source: Some(source),
        }
    }
}
