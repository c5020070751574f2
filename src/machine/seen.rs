//! What was looked at, in a few words: files, sign-ins, the access portal; and what could not be.

use super::profile::Profile;
use super::roles::RoleProfile;
use super::session::token;
use super::sign_in::{is_over, is_renewable};
use super::{Look, Seen, login, names};
use crate::evidence::{Content, Observed, PortalAccount, Reason, SignIn};
use crate::wording::shell::shell;
use crate::wording::{self, suggest};

/// What was looked at.
pub(super) fn seen(look: &Look<'_>, profiles: &[Profile<'_>], roles: &[RoleProfile<'_>]) -> Vec<Seen> {
    let account = look.account_label();
    let own = || profiles.iter().filter(|profile| !profile.is_base());
    let says = match &look.machine.config.content {
        Content::Absent => "not there".to_owned(),
        Content::Unreadable { because } => format!("cannot be read: {because}"),
        Content::Read(_) => {
            let mut all: Vec<(&str, u32)> = own().map(|profile| (profile.name(), profile.section.line)).collect();
            let others = roles.iter().map(|role| (role.name(), role.merged.header().line));
            let others: Vec<(&str, u32)> = others.filter(|(name, _)| all.iter().all(|(one, _)| one != name)).collect();
            all.extend(others);
            let near = if own().any(Profile::is_near_miss) { ", nearly" } else { "" };
            let count = all.len();
            let all = all.into_iter().map(|(name, line)| format!("{name} (line {line})"));
            match count {
                // Profiles name an account by its digits.
                0 if look.account.is_none() => format!("which profile is for {account} is not known"),
                0 => format!("no profile for {account}"),
                count => format!("{} for {account}{near}: {}", wording::count(count, "profile"), wording::list(all, 5)),
            }
        }
    };
    let mut seen = vec![Seen { what: look.path().to_owned(), says }];
    for sign_in in &look.machine.sign_ins {
        let asked = look.machine.portal.iter().any(|answer| answer.sign_in == sign_in.file.path);
        let used = profiles.iter().any(|profile| profile.sign_in.is_some_and(|one| one.file == sign_in.file));
        if !asked && !used {
            continue;
        }
        let of = sign_in.of.as_deref().or_else(|| token(sign_in)?.start_url.as_deref()).unwrap_or("another");
        let says = match &sign_in.file.content {
            Content::Absent => "not signed in".to_owned(),
            Content::Unreadable { because } => format!("cannot be read: {because}"),
            Content::Read(token) if is_over(look, token) => format!("ran out at {}", token.expires),
            Content::Read(token) => format!("holds until {}", token.expires),
        };
        seen.push(Seen { what: format!("sign-in {of}"), says });
    }
    for answer in &look.machine.portal {
        let says = match &answer.permission_sets {
            Observed::Known(sets) if sets.is_empty() => format!("lists nothing in {account}"),
            Observed::Known(sets) => format!("lists {} in {account}", names(sets)),
            Observed::Missing(missing) => match missing.reason {
                Reason::Denied => "does not take the sign-in".to_owned(),
                Reason::NotAsked => missing.message.clone(),
                Reason::Throttled | Reason::TimedOut | Reason::Failed => "gave no answer".to_owned(),
            },
        };
        seen.push(Seen { what: format!("access portal in {}", answer.region), says });
    }
    seen
}

/// What could not be read.
pub(super) fn unread(look: &Look<'_>, profiles: &[Profile<'_>]) -> Vec<String> {
    let mut unread = Vec::new();
    if let Content::Unreadable { because } = &look.machine.config.content {
        unread.push(format!("{}: {because}", look.path()));
    }
    if look.account.is_none() && look.machine.config.content.read().is_some() {
        unread.push(format!(
            "{}: the profiles name accounts by their 12 digits, and those of {} are not known. Ask with them: {}",
            look.path(),
            look.account_label(),
            shell(&["idc", "why", "--me", "123456789012"].map(str::to_owned))
        ));
    }
    for sign_in in &look.machine.sign_ins {
        let profile = profiles.iter().find(|profile| profile.sign_in.is_some_and(|one| one.file == sign_in.file));
        let again = profile.map(|profile| shell(&login(profile.name())));
        let path = &sign_in.file.path;
        match (&sign_in.file.content, profile) {
            (Content::Unreadable { because }, _) => {
                let mends = again.map(|command| format!("; {command} writes it anew")).unwrap_or_default();
                unread.push(format!("{path}: {because}{mends}"));
            }
            (Content::Read(token), Some(profile)) if is_over(look, token) && is_renewable(look, profile, token) => {
                unread.push(format!(
                    "the access portal: the sign-in for {} ran out at {}. The AWS CLI renews it by itself if the session \
                     in the browser still holds; {} does so in any case",
                    sign_in.of.as_deref().unwrap_or_default(),
                    token.expires,
                    again.unwrap_or_default()
                ));
            }
            (Content::Read(_) | Content::Absent, _) => {}
        }
    }
    for answer in &look.machine.portal {
        let Observed::Missing(missing) = &answer.permission_sets else { continue };
        match missing.reason {
            Reason::Throttled | Reason::TimedOut | Reason::Failed => {
                unread.push(format!("the access portal in {}: {}", answer.region, missing.words()));
            }
            Reason::Denied | Reason::NotAsked => {}
        }
    }
    unread
}

/// The access portal in a sentence.
pub(super) fn portal(look: &Look<'_>) -> String {
    let account = look.account_label();
    let wanted = look.evidence.question.permission_set.as_deref();
    if let (None, Some(unlisted)) = (look.account, unlisted(look)) {
        return unlisted;
    }
    match (look.listed(), wanted) {
        (None, _) if look.machine.portal.is_empty() => {
            let holds = |one: &SignIn| one.file.content.read().is_some_and(|token| !is_over(look, token));
            let why = if look.machine.sign_ins.iter().any(holds) {
                "neither the sign-in nor the config file tells its Region"
            } else {
                "no sign-in on this machine holds"
            };
            format!("The access portal could not be asked: {why}.")
        }
        (None, _) => "The access portal did not tell.".to_owned(),
        (Some(sets), None) if sets.is_empty() => {
            format!("The access portal lists nothing in {account} to the sign-in on this machine.{}", instead(look))
        }
        (Some(sets), Some(wanted)) if sets.is_empty() => {
            format!("The access portal does not list {wanted} in {account} to the sign-in on this machine.")
        }
        (Some(sets), _) => format!(
            "The access portal lists {} in {account}. So that is assigned; whether the role there works, it does not tell.",
            names(&sets)
        ),
    }
}

/// What the portal lists instead, and what to do before somebody is asked; where nobody else told anything.
fn instead(look: &Look<'_>) -> String {
    if look.machine.organization_unasked.is_none() {
        return String::new();
    }
    let accounts = look.machine.portal.iter().filter_map(|answer| match &answer.accounts {
        Some(Observed::Known(accounts)) => Some(accounts),
        Some(_) | None => None,
    });
    let label = |one: &PortalAccount| one.name.as_ref().map_or(one.id.clone(), |name| format!("{name} ({})", one.id));
    let mut others: Vec<String> = accounts.flatten().map(label).collect();
    others.sort();
    others.dedup();
    let others = if others.is_empty() { String::new() } else { format!(" It lists {}.", wording::list(others, 4)) };
    format!(
        "{others} What was assigned after the sign-in it may not list yet: sign out of the access portal in the browser, run \
         aws sso logout, and sign in again. If it still lists nothing there, nothing is assigned to whoever signed in."
    )
}

/// That the portal lists no account of the name that was typed, with the names that come close.
fn unlisted(look: &Look<'_>) -> Option<String> {
    let name = look.evidence.question.account.text();
    let mut accounts = look.machine.portal.iter().filter_map(|answer| answer.accounts.as_ref()?.known().ok());
    accounts.clone().next()?;
    let named = accounts.by_ref().flatten().filter_map(|one| Some((one.name.as_deref()?, &one.id)));
    let close = suggest::closest(name, named.map(|(name, id)| (name, format!("{name} ({id})"))));
    let meant = if close.is_empty() { String::new() } else { format!(" Did you mean: {}?", close.join(", ")) };
    Some(format!("The access portal lists no account named {name} to the sign-in on this machine.{meant}"))
}

/// Why nothing is known from Identity Center itself, and who can tell.
pub(super) fn alone(look: &Look<'_>) -> String {
    let question = &look.evidence.question;
    let because = look.machine.organization_unasked.clone();
    let because = because.unwrap_or_else(|| "the credentials do not reach it".to_owned());
    let user = if look.evidence.is_of_somebody_unnamed() { "USER" } else { &question.user };
    let account = look.account.unwrap_or_else(|| question.account.text());
    format!(
        "Identity Center itself was not read: {because}. Who administers it can: idc why {} {}",
        quoted(user),
        quoted(account)
    )
}

fn quoted(word: &str) -> String {
    shell(&[word.to_owned()])
}
