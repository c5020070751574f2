//! What is looked for: names and ids of one question, as AWS answered them.

use std::collections::BTreeSet;

use jiff::Timestamp;

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub since: Timestamp,
    /// The last one.
    pub until: Timestamp,
}

impl Window {
    /// Whether a moment is within it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.since <= at && at <= self.until
    }
}

/// The accounts in whose records something may stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    /// The management account.
    pub management: Option<String>,
    /// The delegated administrators of Identity Center.
    pub administrators: BTreeSet<String>,
    /// The account that somebody cannot get into.
    pub target: Option<String>,
}

impl Accounts {
    /// All of them.
    pub fn all(&self) -> BTreeSet<&str> {
        let named = self.management.iter().chain(&self.administrators).chain(&self.target);
        named.map(String::as_str).collect()
    }
}

/// What is looked for. What is not known is left empty, and then not looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// When it happened.
    pub window: Window,
    /// Where it is logged.
    pub accounts: Accounts,
    /// In which Regions.
    pub regions: BTreeSet<String>,
    /// The user's id.
    pub user: Option<String>,
    /// The user's name, or what was typed where there is no such user.
    pub user_name: Option<String>,
    /// Ids of groups, of memberships, and of principals that are gone.
    pub others: BTreeSet<String>,
    /// Permission sets, by ARN.
    pub permission_sets: BTreeSet<String>,
    /// Names of roles, or how they begin.
    pub roles: BTreeSet<String>,
    /// Names of policies in the account.
    pub policies: BTreeSet<String>,
    /// Ids of the organization's policies, and of the units that the account is or was in.
    pub organization: BTreeSet<String>,
    /// The id of the KMS key of the instance.
    pub key: Option<String>,
}

impl Sought {
    /// Nothing yet, in this time.
    pub fn within(window: Window) -> Self {
        Self {
            window,
            accounts: Accounts::default(),
            regions: BTreeSet::new(),
            user: None,
            user_name: None,
            others: BTreeSet::new(),
            permission_sets: BTreeSet::new(),
            roles: BTreeSet::new(),
            policies: BTreeSet::new(),
            organization: BTreeSet::new(),
            key: None,
        }
    }
}
