//! The account or the person that a question is about, by what was typed.

use super::Run;
use crate::collect::ask::{Asker, Place};
use crate::collect::clients::Clients;
use crate::collect::organization_policies::Organizations;
use crate::collect::{Home, account};
use crate::error::Error;
use crate::evidence::{About, AccountRef, Answer, Observed, Want};
use crate::model::organization::{accounts_fit, no_such_account, units_without_accounts};

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
                    [] => Err(no_such_account(&name, &accounts)),
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
}
