//! The account or the person that a question is about, by what was typed.

use super::Run;
use crate::collect::ask::{Asker, Place};
use crate::collect::clients::Clients;
use crate::collect::organization_policies::Organizations;
use crate::collect::{Home, account};
use crate::error::Error;
use crate::evidence::{About, AccountRef, Answer, Observed, Want, is_user_id};
use crate::model::organization::{
    account_as_person, accounts_fit, group_as_person, no_such_account, units_without_accounts, user_as_account,
};

/// What AWS says where no account and no organizational unit has the id.
const NO_SUCH_UNIT: &str = "ChildNotFoundException";

impl Run<'_> {
    /// The account or the person that was typed.
    pub(super) async fn who_and_where(
        &mut self,
        asker: &Asker,
        clients: &Clients,
        home: &Home<'_>,
    ) -> Result<(), Error> {
        match self.snapshot.scope.about.clone() {
            About::Planned(_) => Ok(()),
            About::Everything(narrowed) | About::BeforeAssign(narrowed)
                if narrowed.accounts.is_empty() && narrowed.units.is_empty() =>
            {
                Ok(())
            }
            About::Everything(narrowed) | About::BeforeAssign(narrowed) => {
                if !self.asked.contains(&Want::Accounts()) {
                    self.take(Answer::Accounts(account::accounts(asker, clients).await))?;
                    self.asked.insert(Want::Accounts());
                }
                // A unit without accounts is in no account's path, as one that does not exist.
                let units = units_without_accounts(&self.snapshot, &narrowed);
                let place = Place { region: None, ..home.place.clone() };
                let organizations = Organizations::new(asker, clients, place);
                for unit in units {
                    let parent = organizations.parent(unit).await;
                    let is_told = match &parent.observed {
                        Observed::Known(_) => true,
                        Observed::Missing(missing) => missing.code == NO_SUCH_UNIT,
                    };
                    if let (false, Err(gap)) = (is_told, parent.known()) {
                        return Err(Error::Unanswered { gap: Box::new(gap) });
                    }
                    self.asked.insert(Want::Parent(unit.to_owned()));
                    self.take(Answer::Parent(unit.to_owned(), parent))?;
                }
                accounts_fit(&self.snapshot, &narrowed)
            }
            About::Account(AccountRef::Id(id)) => {
                let described = account::account(asker, clients, &id).await;
                self.asked.insert(Want::Account(id.clone()));
                if let Ok(None) = described.known() {
                    let accounts = account::accounts(asker, clients).await;
                    let accounts = accounts.known().cloned().unwrap_or_default();
                    return Err(no_such_account(&id, &accounts));
                }
                self.take(Answer::Account(id, described))
            }
            About::Account(AccountRef::Name(name)) => {
                let listed = account::accounts(asker, clients).await;
                let accounts = match listed.known() {
                    Ok(accounts) => accounts.clone(),
                    Err(gap) => return Err(Error::Unanswered { gap: Box::new(gap) }),
                };
                let named: Vec<_> = accounts.iter().filter(|one| one.name.as_deref() == Some(&name)).collect();
                match &named[..] {
                    [] => Err(match self.instead_of_account(home, &name).await {
                        Some(instead) => instead,
                        None => no_such_account(&name, &accounts),
                    }),
                    [one] => {
                        let id = one.id.clone();
                        let described = account::account(asker, clients, &id).await;
                        self.asked.insert(Want::Account(id.clone()));
                        // The list describes it too.
                        let described = match described.known() {
                            Ok(_) => described,
                            Err(_) => listed.map(|all| all.into_iter().find(|one| one.id == id)),
                        };
                        self.take(Answer::Account(id, described))
                    }
                    several => {
                        let ids = several.iter().map(|one| one.id.clone()).collect();
                        Err(Error::AmbiguousAccount { name, ids })
                    }
                }
            }
            About::Person(typed) => {
                let looked_up = Box::pin(home.look_up_user(&typed)).await;
                for lookup in looked_up.lookups {
                    self.take(Answer::Lookup(lookup))?;
                }
                match self.snapshot.person().id() {
                    Ok(Some(id)) => {
                        let id = id.to_owned();
                        let described = match looked_up.described {
                            Some(described) => described,
                            None => home.user(&id).await,
                        };
                        self.asked.insert(Want::Person(id.clone()));
                        self.take(Answer::Person(id, described))
                    }
                    Ok(None) => {
                        if let Some(instead) = self.instead_of_person(asker, clients, home, &typed).await {
                            return Err(instead);
                        }
                        let scan = home.close_users(&typed).await;
                        let close = scan.known().map(|scan| scan.close.clone()).unwrap_or_default();
                        let close = close.into_iter().filter_map(|user| user.user_name).collect();
                        Err(Error::NoSuchUser { typed, close })
                    }
                    Err(_) => Ok(()),
                }
            }
        }
    }

    /// What a word that fits no account is instead.
    async fn instead_of_account(&self, home: &Home<'_>, typed: &str) -> Option<Error> {
        let looked_up = Box::pin(home.look_up_user(typed)).await;
        if looked_up.lookups.iter().any(|lookup| matches!(lookup.found.known(), Ok(Some(_)))) {
            return Some(user_as_account(typed, self.snapshot.scope.profile.as_deref()));
        }
        let is_group = matches!(home.group_id(typed).await.known(), Ok(Some(_)));
        is_group.then(|| Error::GroupAsAccount { name: typed.to_owned() })
    }

    /// What a word that fits no person is instead.
    async fn instead_of_person(&self, asker: &Asker, clients: &Clients, home: &Home<'_>, typed: &str) -> Option<Error> {
        if is_user_id(typed) || typed.contains('@') {
            return None;
        }
        if matches!(home.group_id(typed).await.known(), Ok(Some(_))) {
            return Some(group_as_person(typed));
        }
        let listed = account::accounts(asker, clients).await;
        let accounts = listed.known().ok()?;
        account_as_person(typed, accounts, self.snapshot.scope.profile.as_deref())
    }
}
