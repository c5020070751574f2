//! Whether the permission set that a profile names is one that the person has in the account. Two can tell: the access
//! portal, whose list is as old as the sign-in, and Identity Center itself. A name that may be right is never changed.

use super::profile::Profile;
use super::{Check, Found, Look, Rule, is_slip, line, login, logout, meant, names};
use crate::evidence::{Setting, permission_set_of_role};
use crate::wording::suggest;

rule!(
    ROLE_NAME_WRONG: "the permission set that a profile names is none that the person has in the account",
    Check::PermissionSet(name_wrong)
);
rule!(
    NOT_LISTED: "the access portal does not list a permission set that may well be assigned",
    Check::PermissionSet(not_listed)
);

/// How the name of a permission set reads beside what is told.
enum Reading {
    /// It is the name of none that the person has.
    Wrong(Found),
    /// It may be right, and the access portal does not list it.
    NotListed(Found),
}

/// What the two say of the account.
struct Told<'a> {
    /// What the access portal lists: to this sign-in, else to any; `None` where it told of nothing.
    listed: Option<&'a [String]>,
    /// All that either of them knows of.
    known: Vec<String>,
}

fn name_wrong(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    match reading(look, profile)? {
        Reading::Wrong(found) => Some(found),
        Reading::NotListed(_) => None,
    }
}

fn not_listed(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    match reading(look, profile)? {
        Reading::NotListed(found) => Some(found),
        Reading::Wrong(_) => None,
    }
}

/// What is wrong with the name of the permission set.
fn reading(look: &Look<'_>, profile: &Profile<'_>) -> Option<Reading> {
    let told = told(look, profile);
    let setting = profile.section.settings.get("sso_role_name")?;
    let (name, value) = (profile.name(), &setting.value);
    let bare = meant(value);
    let of_role = permission_set_of_role(bare.rsplit('/').next().unwrap_or(bare));
    let message = match of_role {
        Some(set) => {
            format!(
                "Profile {name} names the IAM role {value}; sso_role_name is the name of the permission set, which is {set}."
            )
        }
        None if bare != value => format!(
            "Profile {name} names its permission set as {value}: the AWS CLI takes quotes and comments for a part of the \
             name."
        ),
        None => return unknown(look, profile, setting, &told),
    };
    Some(Reading::Wrong(wrong(look, (profile, setting), message, of_role.unwrap_or(bare), &told)))
}

fn told<'a>(look: &'a Look<'_>, profile: &Profile<'a>) -> Told<'a> {
    let own = profile.listed().filter(|sets| !sets.is_empty());
    let listed = own.or_else(|| look.answers().map(|(_, sets)| sets.as_slice()).find(|sets| !sets.is_empty()));
    let mut known: Vec<String> = listed.into_iter().flatten().chain(&look.assigned.open).cloned().collect();
    known.sort();
    known.dedup();
    Told { listed, known }
}

/// No name at all.
pub(super) fn missing(look: &Look<'_>, profile: &Profile<'_>) -> Option<Found> {
    let section = profile.section;
    if section.settings.contains_key("sso_role_name") {
        return None;
    }
    let known = told(look, profile).known;
    let message = format!("Profile {} names no permission set (sso_role_name).", profile.name());
    let wanted = look.evidence.question.permission_set.clone();
    let only = wanted.or_else(|| if let [only] = &known[..] { Some(only.clone()) } else { None });
    let header = format!("[{}]", section.header);
    let should_be = only.map(|set| vec![header.clone(), line("sso_role_name", &set)]).unwrap_or_default();
    let change = look.change_of_header(profile, should_be);
    Some(Found::new(message).at(change).suggesting(known))
}

/// A name in the right form that the access portal does not list, or that Identity Center does not assign.
fn unknown(look: &Look<'_>, profile: &Profile<'_>, setting: &Setting, told: &Told<'_>) -> Option<Reading> {
    let (name, set) = (profile.name(), setting.value.as_str());
    let is = |one: &String| one == set;
    // What is assigned and does not work is told where the way is shut.
    if told.listed.is_some_and(|sets| sets.iter().any(is)) || look.assigned.shut.iter().any(is) {
        return None;
    }
    let account = look.account_label();
    if look.assigned.open.iter().any(is) {
        let listed = profile.listed().filter(|sets| !sets.is_empty())?;
        let message = format!(
            "Profile {name} asks for permission set {set} in {account}, which Identity Center assigns to {}. The access \
             portal lists {} and not {set}: the sign-in is older than the assignment, or another person's. The line is right. \
             Sign out of the access portal in the browser, then of the AWS CLI, and sign in again.",
            look.evidence.user_label(),
            names(listed),
        );
        return Some(unlisted(profile, message, Vec::new()));
    }
    let close = suggest::closest(set, told.known.iter().map(|set| (set.as_str(), set.clone())));
    let settled = look.assigned.settles(look, set);
    match told.listed {
        None if !settled || look.assigned.open.is_empty() => None,
        Some(listed) if !settled && !listed.iter().any(|one| is_slip(set, one)) => {
            let message = format!(
                "Profile {name} asks for permission set {set} in {account} ({}:{}), where the access portal lists {} to the \
                 sign-in. Either the sign-in is older than the assignment of {set}, or that is not its name: only Identity \
                 Center tells whether it is assigned. Before the line is changed, sign out of the access portal in the browser, \
                 then of the AWS CLI, and sign in again.",
                look.place(profile, setting),
                setting.line,
                names(listed),
            );
            Some(unlisted(profile, message, close))
        }
        _ => {
            let (told_by, sets) = match told.listed {
                Some(listed) => ("the access portal lists", listed),
                None => ("Identity Center assigns", look.assigned.open.as_slice()),
            };
            let message = format!(
                "Profile {name} asks for permission set {set} in {account}, where {told_by} {} for you. Upper and lower case \
                 count.",
                names(sets)
            );
            Some(Reading::Wrong(wrong(look, (profile, setting), message, set, told)))
        }
    }
}

fn unlisted(profile: &Profile<'_>, message: String, suggestions: Vec<String>) -> Reading {
    let found = Found::new(message).suggesting(suggestions);
    Reading::NotListed(found.mended_by([logout(), login(profile.name())]))
}

/// The line as it should be, as far as that is known.
fn wrong(
    look: &Look<'_>,
    (profile, setting): (&Profile<'_>, &Setting),
    message: String,
    wanted: &str,
    told: &Told<'_>,
) -> Found {
    let known = told.known.as_slice();
    let close = suggest::closest(wanted, known.iter().map(|set| (set.as_str(), set.clone())));
    let misspelt = known.iter().any(|set| is_slip(wanted, set));
    let may_be = known.is_empty() || !(look.assigned.settles(look, wanted) || misspelt);
    let right = if may_be || known.iter().any(|set| set == wanted) {
        Some(wanted.to_owned())
    } else {
        close.first().cloned().or_else(|| if let [only] = known { Some(only.clone()) } else { None })
    };
    let suggestions = if right.is_some() { close } else { known.to_vec() };
    let change = look.change_of(profile, setting, right.map(|set| line("sso_role_name", &set)));
    Found::new(message).at(change).suggesting(suggestions)
}
