//! Who and what is asked about, from what was typed or pasted.

use crate::cli::{KEPT, Why};
use crate::error::Error;
use crate::evidence::{
    self, AccountRef, Oneself, Pasted, Question, account_and_set_of_role, permission_set_of_role, session_in,
};

/// The question, and whether a user was named.
pub(super) fn question(why: &Why) -> Result<(Question, Oneself), Error> {
    of_words(why, Words::of(why, why.user.as_ref(), why.account.as_ref())?)
}

/// A question for each of several people.
pub(super) fn questions(why: &Why, users: &[String]) -> Result<Vec<Question>, Error> {
    // With users of their own, the only word is the account.
    let account = match (&why.user, &why.account) {
        (Some(one), None) => one
            .parse::<Pasted>()
            .map_err(|reason| Error::Usage(format!("ACCOUNT {one:?} cannot be meant: {reason}")))?,
        (Some(one), Some(_)) => {
            return Err(Error::Usage(format!(
                "{} stands beside the users that are named already: give each with -u, and ACCOUNT alone",
                crate::wording::clean(one)
            )));
        }
        (None, _) => return Err(Error::Usage("ACCOUNT is required: idc why -u USER -u USER ACCOUNT".to_owned())),
    };
    let ask = |user: &String| Ok(of_words(why, Words::of(why, Some(user), Some(&account))?)?.0);
    users.iter().map(ask).collect()
}

fn of_words(why: &Why, words: Words) -> Result<(Question, Oneself), Error> {
    let user = words.user.as_deref().map_or(evidence::YOURSELF, str::trim);
    if why.since > KEPT && why.kept.trail.is_none() {
        return Err(Error::Usage("--since: CloudTrail keeps events for 90d (older ones take --trail)".to_owned()));
    }
    if user.is_empty() {
        return Err(Error::Usage("USER is empty: give a user name, an e-mail or a user id".to_owned()));
    }
    let who = if words.user.is_some() { Oneself::Named } else { Oneself::Unnamed };
    let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
    let question = Question {
        user: user.to_owned(),
        account: words.account,
        permission_set: words.permission_set,
        group: given(&why.group),
        since: why.since.min(KEPT),
        profile: given(&why.aws.profile),
        target_profile: given(&why.aws.target_profile),
        target_role: given(&why.aws.target_role),
    };
    refuse_swapped(&question)?;
    Ok((question, who))
}

/// USER, ACCOUNT and `--permission-set` as what they name.
struct Words {
    user: Option<String>,
    account: AccountRef,
    permission_set: Option<String>,
}

impl Words {
    fn of(why: &Why, user: Option<&String>, account: Option<&Pasted>) -> Result<Self, Error> {
        let asked = why.permission_set.as_deref().map(str::trim).filter(|asked| !asked.is_empty());
        let asked = asked.map(permission_set).transpose()?;
        let in_set = || asked.as_ref().and_then(|asked| asked.account.clone());
        let (user, pasted) = match (user, account) {
            // A single word with --me is the account.
            (Some(one), None) if why.me => {
                let wrong = |reason| Error::Usage(format!("ACCOUNT {one:?} cannot be meant: {reason}"));
                (None, one.parse::<Pasted>().map_err(wrong)?)
            }
            (Some(user), Some(account)) => match session_in(user) {
                Some(session) => {
                    let of_role = AccountRef::Id(session.account);
                    same(("USER", &of_role), ("ACCOUNT", &account.account))?;
                    same_set(Some(&session.permission_set), account.permission_set.as_ref())?;
                    (Some(session.user), Pasted { account: of_role, permission_set: Some(session.permission_set) })
                }
                None => (Some(user.clone()), account.clone()),
            },
            (Some(one), None) => match (session_in(one), in_set()) {
                (Some(session), _) => (
                    Some(session.user),
                    Pasted { account: AccountRef::Id(session.account), permission_set: Some(session.permission_set) },
                ),
                (None, Some(account)) => {
                    (Some(one.clone()), Pasted { account: AccountRef::Id(account), permission_set: None })
                }
                (None, None) => return Err(lacking(one)),
            },
            (None, _) if why.me => return Err(Error::Usage("ACCOUNT is required: idc why --me ACCOUNT".to_owned())),
            (None, _) => return Err(Error::Usage("USER and ACCOUNT are required: idc why USER ACCOUNT".to_owned())),
        };
        if let Some(account) = in_set() {
            same(("--permission-set", &AccountRef::Id(account)), ("ACCOUNT", &pasted.account))?;
        }
        let asked = asked.map(|asked| asked.name);
        same_set(asked.as_ref(), pasted.permission_set.as_ref())?;
        Ok(Self { user, account: pasted.account, permission_set: asked.or(pasted.permission_set) })
    }
}

/// What of the two a single word is not.
fn lacking(one: &str) -> Error {
    let is_account = matches!(one.parse(), Ok(Pasted { account: AccountRef::Id(_), .. }));
    Error::Usage(if is_account {
        format!("USER is required beside ACCOUNT: idc why USER {}", crate::wording::clean(one))
    } else {
        format!("ACCOUNT is required beside USER: idc why {} ACCOUNT", crate::wording::clean(one))
    })
}

/// What `--permission-set` names, and the account where it is a role's ARN.
struct AskedSet {
    name: String,
    account: Option<String>,
}

fn permission_set(typed: &str) -> Result<AskedSet, Error> {
    if let Some((account, name)) = account_and_set_of_role(typed) {
        let Some(name) = name else {
            return Err(Error::Usage(format!(
                "--permission-set takes a permission set or a role made from one, and {typed} is a role that Identity \
                 Center did not make"
            )));
        };
        return Ok(AskedSet { name, account: Some(account) });
    }
    Ok(AskedSet { name: permission_set_of_role(typed).unwrap_or(typed).to_owned(), account: None })
}

fn same((one, meant): (&str, &AccountRef), (other, named): (&str, &AccountRef)) -> Result<(), Error> {
    match (meant, named) {
        (AccountRef::Id(meant), AccountRef::Id(named)) if meant != named => {
            Err(Error::Usage(format!("{one} is of account {meant}, but {other} is {named}: leave one of them out")))
        }
        // Whether the name is that account's is not known before anything is asked, and it may be another's.
        (AccountRef::Id(meant), AccountRef::Name(named)) => Err(Error::Usage(format!(
            "{one} is of account {meant}, and {other} is {}: give {meant} there, or leave it out",
            crate::wording::clean(named)
        ))),
        _ => Ok(()),
    }
}

fn same_set(asked: Option<&String>, pasted: Option<&String>) -> Result<(), Error> {
    match (asked, pasted) {
        (Some(asked), Some(pasted)) if asked != pasted => Err(Error::Usage(format!(
            "--permission-set asks about {asked}, but the role or link that was given is of {pasted}"
        ))),
        _ => Ok(()),
    }
}

/// An account in the place of the user, and no account in its own: nothing is asked before that is put right.
fn refuse_swapped(question: &Question) -> Result<(), Error> {
    let user = &question.user;
    if user.starts_with("arn:") && user.contains(":iam::") && user.contains(":user/") {
        return Err(Error::Usage(format!(
            "USER is a user of IAM Identity Center, and {} is one of IAM, who gets in without it",
            crate::wording::clean(user)
        )));
    }
    let AccountRef::Name(name) = &question.account else { return Ok(()) };
    let digits = user.chars().filter(char::is_ascii_digit).count();
    let written_out = digits == 12 && user.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' '));
    let is_account = written_out || user.starts_with("arn:") || user.contains("account_id=");
    match user.parse() {
        Ok(Pasted { account: AccountRef::Id(id), permission_set }) if is_account => {
            let asked = permission_set.or_else(|| question.permission_set.clone());
            let turned = Question { permission_set: asked, ..question.clone() };
            Err(Error::Swapped { user: name.clone(), account: user.clone(), command: turned.typed(name, &id) })
        }
        _ => Ok(()),
    }
}
