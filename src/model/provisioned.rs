//! Whether an account has a permission set, and in which version: the only reader of AWS's lists of that, so that every
//! answer comes with the list that shows it.

use crate::evidence::{AccountFacts, Fact, Gap, Gaps};
use crate::findings::Citation;
use crate::model::SetInAccount;

/// What AWS lists of a permission set in an account.
#[derive(Debug, Clone, Copy)]
pub struct Provisioned<'e> {
    arn: &'e str,
    latest: &'e Fact<Vec<String>>,
    outdated: &'e Fact<Vec<String>>,
}

impl<'e> Provisioned<'e> {
    /// What is listed of one permission set.
    pub fn of(here: SetInAccount<'e>) -> Self {
        let [latest, outdated] = lists(here.account());
        Self { arn: here.arn, latest, outdated }
    }

    /// Whether the account has it, in whatever version.
    pub fn in_any_version(self) -> Result<bool, Gaps> {
        let mut gaps = Gaps::default();
        for list in [self.latest, self.outdated] {
            if gaps.keep(self.is_in(list)) == Some(true) {
                return Ok(true);
            }
        }
        gaps.none_or_err().map(|()| false)
    }

    /// Whether the account has its latest version.
    pub fn in_latest_version(self) -> Result<bool, Gaps> {
        self.is_in(self.latest)
    }

    /// Whether the account has an older version.
    pub fn in_older_version(self) -> Result<bool, Gaps> {
        self.is_in(self.outdated)
    }

    /// Cites the list of the latest versions.
    pub fn cite_latest(self, says: impl Into<String>) -> Citation {
        self.latest.cite(says)
    }

    /// Cites the list of the older versions.
    pub fn cite_older(self, says: impl Into<String>) -> Citation {
        self.outdated.cite(says)
    }

    /// The two lists do not fit together.
    pub fn unclear(self, because: &str) -> Gap {
        self.outdated.unclear(because)
    }

    fn is_in(self, list: &Fact<Vec<String>>) -> Result<bool, Gaps> {
        Ok(list.known()?.iter().any(|arn| arn == self.arn))
    }
}

/// AWS's two lists of what an account has: those in their latest version, and those in an older one.
pub fn lists(account: &AccountFacts) -> [&Fact<Vec<String>>; 2] {
    [&account.provisioned_latest, &account.provisioned_outdated]
}

/// The permission sets that the account has, as far as they were read, in whatever version.
pub fn permission_sets(account: &AccountFacts) -> impl Iterator<Item = &str> {
    lists(account).into_iter().filter_map(|list| list.known().ok()).flatten().map(String::as_str)
}
