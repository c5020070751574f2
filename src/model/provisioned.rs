//! Whether an account has a permission set, and in which version: the only reader of AWS's lists of that, so that every
//! answer comes with the list that shows it.

use crate::evidence::{AccountFacts, AccountsOf, Fact, Gap, Gaps, InAccount};
use crate::findings::Citation;
use crate::model::SetInAccount;

/// What AWS lists of a permission set in an account.
#[derive(Debug, Clone, Copy)]
pub struct Provisioned<'e> {
    latest: Listed<'e>,
    outdated: Listed<'e>,
}

/// A permission set and an account, as far as one version is listed: among those of the account, and among the accounts
/// of the permission set.
#[derive(Debug, Clone, Copy)]
struct Listed<'e> {
    of_account: &'e Fact<Vec<String>>,
    of_set: Option<&'e Fact<Vec<String>>>,
    set: &'e str,
    account: &'e str,
}

impl<'e> Provisioned<'e> {
    /// What is listed of one permission set.
    pub fn of(here: SetInAccount<'e>) -> Self {
        let in_account: InAccount<'e> = here.in_account;
        let [latest, outdated] = lists(in_account.account());
        let account = in_account.account().id.as_deref();
        let accounts = account.and_then(|_| in_account.shared().accounts_of.get(here.arn));
        let listed = |of_account, of_set: fn(&AccountsOf) -> &Fact<Vec<String>>| Listed {
            of_account,
            of_set: accounts.map(of_set),
            set: here.arn,
            account: account.unwrap_or_default(),
        };
        Self { latest: listed(latest, |of| &of.latest), outdated: listed(outdated, |of| &of.outdated) }
    }

    /// Whether the account has it, in whatever version.
    pub fn in_any_version(self) -> Result<bool, Gaps> {
        let mut gaps = Gaps::default();
        for listed in [self.latest, self.outdated] {
            if gaps.keep(listed.is_there()) == Some(true) {
                return Ok(true);
            }
        }
        gaps.none_or_err().map(|()| false)
    }

    /// Whether the account has its latest version.
    pub fn in_latest_version(self) -> Result<bool, Gaps> {
        self.latest.is_there()
    }

    /// Whether the account has an older version.
    pub fn in_older_version(self) -> Result<bool, Gaps> {
        self.outdated.is_there()
    }

    /// Cites the list of the latest versions.
    pub fn cite_latest(self, says: impl Into<String>) -> Citation {
        self.latest.witness().cite(says)
    }

    /// Cites the list of the older versions.
    pub fn cite_older(self, says: impl Into<String>) -> Citation {
        self.outdated.witness().cite(says)
    }

    /// The two lists do not fit together.
    pub fn unclear(self, because: &str) -> Gap {
        self.outdated.witness().unclear(because)
    }
}

impl<'e> Listed<'e> {
    /// Where both lists were read and differ, something changed in between: neither is taken.
    fn is_there(self) -> Result<bool, Gaps> {
        // Ids and ARNs of one organization begin alike: their ends tell most of them apart.
        let is_one = |one: &String, what: &str| one.as_bytes().last() == what.as_bytes().last() && one == what;
        let among = |list: &Fact<Vec<String>>, what: &str| Ok(list.known()?.iter().any(|one| is_one(one, what)));
        let of_set = self.of_set.map(|list| (list, among(list, self.account)));
        match (among(self.of_account, self.set), of_set) {
            (Ok(one), Some((list, Ok(other)))) if one != other => {
                Err(list.unclear("the lists of the account and of the permission set do not fit together").into())
            }
            // A second witness is asked where the first is in doubt: without its answer the doubt stands.
            (Ok(false), Some((list, Err(gap)))) if !list.is_not_asked() => Err(Gaps(vec![gap])),
            (Ok(one), _) | (Err(_), Some((_, Ok(one)))) => Ok(one),
            // The question that was put tells more than the one that was left out.
            (Err(_), Some((list, Err(gap)))) if !list.is_not_asked() => Err(Gaps(vec![gap])),
            (Err(gap), _) => Err(Gaps(vec![gap])),
        }
    }

    /// The list that tells.
    fn witness(self) -> &'e Fact<Vec<String>> {
        let of_set = self.of_set.filter(|list| list.known().is_ok());
        if self.of_account.known().is_ok() { self.of_account } else { of_set.unwrap_or(self.of_account) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, Evidence, sample};

    fn with_sets_list(latest: Fact<Vec<String>>) -> Evidence {
        let mut evidence = sample::healthy();
        let outdated = sample::known(Call::ListAccountsForProvisionedPermissionSet, vec![]);
        evidence.accounts_of.insert(sample::SET.to_owned(), AccountsOf { latest, outdated });
        evidence
    }

    fn latest(evidence: &Evidence) -> Result<bool, Gaps> {
        SetInAccount::standing(evidence.in_account(), sample::SET).provisioned().in_latest_version()
    }

    #[test]
    fn either_list_tells_and_neither_where_they_differ() {
        let call = Call::ListAccountsForProvisionedPermissionSet;
        let here = || sample::known(call, vec![sample::ACCOUNT.to_owned()]);
        assert_eq!(latest(&with_sets_list(here())), Ok(true));
        assert!(latest(&with_sets_list(sample::known(call, vec![]))).is_err());
        let mut evidence = with_sets_list(here());
        evidence.account.provisioned_latest = sample::denied(Call::ListPermissionSetsProvisionedToAccount);
        assert_eq!(latest(&evidence), Ok(true));
        let mut evidence = with_sets_list(sample::denied(call));
        assert_eq!(latest(&evidence), Ok(true));
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        assert_eq!(latest(&evidence).map_err(|gaps| gaps.0[0].call), Err(call));
        evidence.account.provisioned_latest = Fact::not_asked(Call::ListPermissionSetsProvisionedToAccount, "no");
        assert_eq!(latest(&evidence).map_err(|gaps| gaps.0[0].call), Err(call));
    }
}
