//! The way into the target account: a role, a profile, or the caller's own credentials.

use super::account;
use super::ask::Asker;
use super::clients::Clients;
use super::target;
use crate::error::Error;
use crate::evidence::{Call, Caller, EntryMethod, Fact, Observed, Question, Reason, TargetEntry};

/// Refuses a role of another account than the one asked about, before anything is asked of it.
pub(super) fn require_role_of(question: &Question, account: &str) -> Result<(), Error> {
    let role = question.target_role.as_deref().filter(|role| role.starts_with("arn:"));
    let Some(role) = role.filter(|role| role.split(':').nth(4) != Some(account)) else { return Ok(()) };
    Err(Error::Usage(format!("--target-role has to be a role of account {account}, and {role} is not")))
}

/// By which way accounts are to be entered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door<'a> {
    /// The role to assume.
    pub(super) role: Option<&'a str>,
    /// Or a profile.
    pub(super) profile: Option<&'a str>,
    /// Whoever asks.
    pub(super) caller: &'a Fact<Caller>,
}

impl<'a> Door<'a> {
    /// The way that a question names.
    pub(super) fn of(question: &'a Question, caller: &'a Fact<Caller>) -> Self {
        Self { role: question.target_role.as_deref(), profile: question.target_profile.as_deref(), caller }
    }
}

impl Door<'_> {
    /// Enters an account.
    pub(super) async fn open(
        self,
        asker: &Asker,
        clients: &Clients,
        account: &str,
        partition: &str,
    ) -> (Fact<TargetEntry>, Option<Clients>) {
        let caller = self.caller.known().ok();
        if let Some(role) = self.role {
            let arn = if role.starts_with("arn:") {
                role.to_owned()
            } else {
                format!("arn:{partition}:iam::{account}:role/{}", role.trim_start_matches('/'))
            };
            return target::assume(asker, clients, caller, (&arn, account)).await;
        }
        if let Some(profile) = self.profile {
            let loading = Box::pin(Clients::of_profile(profile, Some(clients.region())));
            let inside = match tokio::time::timeout_at(asker.time().end, loading).await {
                Ok(Ok(inside)) => inside,
                Ok(Err(error)) => return (Fact::not_asked(Call::GetCallerIdentity, error.to_string()), None),
                Err(_) => {
                    return (
                        Fact::not_asked(Call::GetCallerIdentity, format!("profile {profile} took too long")),
                        None,
                    );
                }
            };
            let identity = account::caller_inside(asker, &inside).await;
            let other = match identity.known() {
                Ok(caller) if caller.account != account => {
                    Some(format!("profile {profile} is in account {}, not in {account}", caller.account))
                }
                Ok(_) | Err(_) => None,
            };
            let entry = identity.map(|caller| TargetEntry { method: EntryMethod::Profile, arn: caller.arn });
            if let Some(other) = other {
                return (unsuited(entry, other), None);
            }
            let inside = entry.known().is_ok().then_some(inside);
            return (entry, inside);
        }
        match caller {
            Some(caller) if caller.account == account => {
                let own = TargetEntry { method: EntryMethod::Own, arn: caller.arn.clone() };
                (self.caller.clone().map(|_| own), Some(clients.clone()))
            }
            _ => {
                let because = format!(
                    "no credentials for account {account}: name a role there with --target-role, or a profile with --target-profile"
                );
                let mut entry = Fact::not_asked(Call::AssumeRole, because);
                entry.account = caller.map(|caller| caller.account.clone());
                (entry, None)
            }
        }
    }
}

/// An entry that leads to another account.
fn unsuited(entry: Fact<TargetEntry>, because: String) -> Fact<TargetEntry> {
    match entry.known() {
        Ok(_) => Fact { observed: Observed::missing(Reason::NotAsked, because), ..entry },
        Err(_) => entry,
    }
}
