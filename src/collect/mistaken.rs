//! Words that stand in the wrong place: seen before there is a verdict about them, and answered with what to type.

use super::Home;
use crate::error::Error;
use crate::evidence::{AccountRef, Evidence, Question, is_user_id};

impl Home<'_> {
    /// Where ACCOUNT fits no account: refuses a user in its place, or an account in that of USER.
    pub(super) async fn refuse_swapped(&self, evidence: &Evidence) -> Result<(), Error> {
        let question = &evidence.question;
        let (AccountRef::Name(name), Ok(accounts)) = (&question.account, evidence.accounts.known()) else {
            return Ok(());
        };
        let is_meant = |typed: &str| {
            let same = |name: &Option<String>| name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(typed));
            accounts.iter().find(|one| one.id == typed || same(&one.name))
        };
        let user_is_there = !matches!(evidence.user_id(), Ok(None));
        let looked_up = Box::pin(self.look_up_user(name)).await;
        let is_a_user = looked_up.lookups.iter().any(|lookup| matches!(lookup.found.known(), Ok(Some(_))));
        match is_meant(&question.user) {
            Some(account) if is_a_user || !user_is_there => Err(Error::Swapped {
                user: name.clone(),
                account: question.user.clone(),
                command: question.typed(name, &account.id),
            }),
            _ if is_a_user => {
                let user = if user_is_there { &question.user } else { name };
                Err(Error::UserAsAccount { name: name.clone(), command: question.typed(user, "ACCOUNT") })
            }
            _ => Ok(()),
        }
    }

    /// Where there is no such user: refuses the name of the account that is asked about. A user of that name would be a new
    /// one who gets in nowhere.
    pub(super) fn refuse_account(evidence: &Evidence) -> Result<(), Error> {
        let (typed, Ok(Some(account))) = (&evidence.question.user, evidence.account.described.known()) else {
            return Ok(());
        };
        if !account.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(typed)) {
            return Ok(());
        }
        let command = evidence.question.typed("USER", &account.id);
        Err(Error::AccountAsUser { name: typed.clone(), command })
    }

    /// Where there is no such user: refuses the name of a group.
    pub(super) async fn refuse_group(&self, question: &Question, account: &str) -> Result<(), Error> {
        let name = &question.user;
        if is_user_id(name) || name.contains('@') {
            return Ok(());
        }
        let found = self.group_id(name).await;
        if !matches!(found.known(), Ok(Some(_))) {
            return Ok(());
        }
        let through = Question { group: Some(name.clone()), ..question.clone() };
        Err(Error::GroupAsUser { name: name.clone(), command: through.typed("USER", account) })
    }
}
