//! How a profile comes to credentials: by the rules of botocore, which the AWS CLI goes by. A role that it assumes comes
//! first, with credentials of another profile, which may assume a role in its turn; then a web identity, a sign-in, keys.

use super::sources::{Merged, Placed, Sources};
use super::{Kind, LocalFault, is_slip, line, meant};
use crate::evidence::permission_set_of_role;
use crate::findings::Change;
use crate::wording::suggest;

/// What a role may take credentials from that is no profile.
const CREDENTIAL_SOURCES: [&str; 3] = ["Environment", "Ec2InstanceMetadata", "EcsContainer"];

/// The roles that are assumed one after the other, the profile's own first, and where it begins.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    pub(super) roles: Vec<Step<'a>>,
    pub(super) base: Base<'a>,
}

/// A profile that assumes a role.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) profile: &'a str,
    pub(super) role_arn: &'a str,
}

/// Where credentials come from in the first place.
#[derive(Debug)]
pub(super) enum Base<'a> {
    /// The sign-in of this profile.
    SignIn(Merged<'a>),
    /// A web identity, which assumes this profile's role.
    WebIdentity(Merged<'a>),
    /// Keys in this profile.
    Keys(&'a str),
    /// A program, or a session of the console.
    Elsewhere(&'a str),
    /// The environment, the container or the instance.
    Source(&'a str),
    /// This profile has none.
    Nothing(&'a str),
}

/// How a profile comes to credentials, or what is wrong with that.
pub(super) fn chain<'a>(sources: &Sources<'a>, first: Merged<'a>, whole: bool) -> Result<Chain<'a>, Box<LocalFault>> {
    let (mut roles, mut visited, mut profile) = (Vec::new(), vec![first.name], first);
    while let Some(role) = assumed(&profile) {
        let is_first = roles.is_empty();
        if !is_first && has_keys(&profile) {
            break;
        }
        roles.push(Step { profile: profile.name, role_arn: role.value() });
        match (profile.get("source_profile"), profile.get("credential_source")) {
            (Some(one), Some(other)) => return Err(both(&profile, one, other)),
            (None, None) => return Err(neither(&profile, role)),
            (None, Some(source)) => return named_source(&profile, source).map(|base| Chain { roles, base }),
            (Some(source), None) => {
                let name = source.value();
                let Some(next) = sources.profile(name) else {
                    return if whole { Err(no_such(sources, &profile, source)) } else { Ok(unknown(roles, name)) };
                };
                if name == profile.name && has_keys(&profile) {
                    break;
                }
                if visited.contains(&name) {
                    return Err(again(&visited, &profile, source));
                }
                visited.push(next.name);
                profile = next;
            }
        }
    }
    let base = base(&profile)?;
    match base {
        Base::Nothing(_) if !roles.is_empty() && whole => Err(empty(&visited, &profile)),
        base => Ok(Chain { roles, base }),
    }
}

/// The role that a profile assumes. With a web identity it is that which assumes it.
fn assumed<'a>(profile: &Merged<'a>) -> Option<Placed<'a>> {
    profile.get("role_arn").filter(|_| profile.place("web_identity_token_file").is_none())
}

fn has_keys(profile: &Merged<'_>) -> bool {
    ["aws_access_key_id", "aws_secret_access_key"].iter().any(|key| profile.place(key).is_some())
}

fn unknown<'a>(roles: Vec<Step<'a>>, name: &'a str) -> Chain<'a> {
    Chain { roles, base: Base::Nothing(name) }
}

/// Where a profile has credentials from that assumes no role.
fn base<'a>(profile: &Merged<'a>) -> Result<Base<'a>, Box<LocalFault>> {
    let name = profile.name;
    if let Some(token) = profile.place("web_identity_token_file") {
        return match profile.get("role_arn") {
            Some(_) => Ok(Base::WebIdentity(*profile)),
            None => Err(without_role(profile, token)),
        };
    }
    if ["sso_account_id", "sso_role_name"].iter().any(|key| profile.get(key).is_some()) {
        return Ok(Base::SignIn(*profile));
    }
    let (id, secret) = ("aws_access_key_id", "aws_secret_access_key");
    for (id, secret) in [
        (profile.in_credentials(id), profile.in_credentials(secret)),
        (profile.in_config(id), profile.in_config(secret)),
    ] {
        match (id, secret) {
            (Some(_), Some(_)) => return Ok(Base::Keys(name)),
            (Some(id), None) => return Err(half_a_key(profile, id)),
            (None, _) => {}
        }
    }
    let elsewhere = ["login_session", "credential_process"].iter().any(|key| profile.place(key).is_some());
    Ok(if elsewhere { Base::Elsewhere(name) } else { Base::Nothing(name) })
}

fn named_source<'a>(profile: &Merged<'a>, source: Placed<'a>) -> Result<Base<'a>, Box<LocalFault>> {
    let value = source.value();
    if CREDENTIAL_SOURCES.contains(&value) {
        return Ok(Base::Source(value));
    }
    let right = CREDENTIAL_SOURCES.iter().find(|known| known.eq_ignore_ascii_case(meant(value)));
    let message = format!(
        "Profile {} has credential_source = {value}, which the AWS CLI does not know: it is one of {}, in upper and lower case \
         as they stand here.",
        profile.name,
        CREDENTIAL_SOURCES.join(", ")
    );
    let change = change(source, right.map(|right| line("credential_source", right)));
    Err(fault(Kind::CredentialSourceUnknown, profile, message, change))
}

fn both(profile: &Merged<'_>, one: Placed<'_>, other: Placed<'_>) -> Box<LocalFault> {
    let message = format!(
        "Profile {} has both source_profile ({}:{}) and credential_source ({}:{}): the AWS CLI refuses it. Remove one of the two \
         lines.",
        profile.name, one.path, one.line, other.path, other.line
    );
    fault(Kind::RoleSourceContradicts, profile, message, change(other, None))
}

fn neither(profile: &Merged<'_>, role: Placed<'_>) -> Box<LocalFault> {
    let name = profile.name;
    let what = format!(
        "Profile {name} has role_arn and neither source_profile nor credential_source: the AWS CLI refuses it (Partial \
         credentials found in assume-role, missing: source_profile or credential_source)."
    );
    let signs_in = ["sso_account_id", "sso_role_name", "sso_session", "sso_start_url"];
    let signs_in = signs_in.iter().any(|key| profile.get(key).is_some());
    let is_of_identity_center = permission_set_of_role(role.value().rsplit('/').next().unwrap_or_default()).is_some();
    let do_this = if is_of_identity_center {
        " A role of Identity Center is entered by signing in and never by role_arn: remove the line.".to_owned()
    } else if signs_in {
        format!(
            " Its own sign-in is no source. Remove the line to sign in with the permission set; to go on to the role, move it \
             to a profile of its own, with source_profile = {name}."
        )
    } else {
        " Add source_profile with the profile whose credentials may assume the role.".to_owned()
    };
    fault(Kind::RoleSourceMissing, profile, what + &do_this, change(role, None))
}

fn no_such(sources: &Sources<'_>, profile: &Merged<'_>, source: Placed<'_>) -> Box<LocalFault> {
    let (value, bare) = (source.value(), meant(source.value()));
    let names = sources.names();
    let close = suggest::closest(bare, names.iter().map(|name| (*name, (*name).to_owned())));
    let right = names.iter().find(|name| **name == bare).copied();
    let slips: Vec<&str> = names.iter().filter(|name| is_slip(bare, name)).copied().collect();
    let right = right.or(if let [only] = slips[..] { Some(only) } else { None });
    let message = format!(
        "Profile {} takes its credentials from source_profile {value}, which neither of the two files defines.",
        profile.name
    );
    let change = change(source, right.map(|right| line("source_profile", right)));
    let fault = fault(Kind::RoleSourceUnknown, profile, message, change);
    Box::new(fault.suggesting(close))
}

/// A profile that the chain has been at before.
fn again(visited: &[&str], profile: &Merged<'_>, source: Placed<'_>) -> Box<LocalFault> {
    let message = if source.value() == profile.name {
        format!(
            "Profile {0} names itself as its source_profile, and has no keys of its own: the AWS CLI refuses it. What it signs in \
             with belongs into a profile of its own, for source_profile to name.",
            profile.name
        )
    } else {
        let way = visited.iter().chain([&source.value()]).copied().collect::<Vec<_>>().join(", from ");
        format!(
            "Profile {way}: each takes its credentials from the next, and so from itself. The AWS CLI refuses that."
        )
    };
    fault(Kind::RoleSourceLoop, profile, message, change(source, None))
}

fn empty(visited: &[&str], profile: &Merged<'_>) -> Box<LocalFault> {
    let user = visited.iter().rev().nth(1).copied().unwrap_or_default();
    let message = format!(
        "Profile {user} takes its credentials from profile {}, which has none: no keys, no sign-in and no role.",
        profile.name
    );
    let Placed { path, line, .. } = profile.header();
    let change = Change { path: path.to_owned(), line, is: None, should_be: Vec::new() };
    fault(Kind::RoleSourceEmpty, profile, message, change)
}

fn without_role(profile: &Merged<'_>, token: Placed<'_>) -> Box<LocalFault> {
    let message = format!(
        "Profile {} has web_identity_token_file and no role_arn: the AWS CLI refuses it before it looks at anything else.",
        profile.name
    );
    fault(Kind::WebIdentityRoleMissing, profile, message, change(token, None))
}

fn half_a_key(profile: &Merged<'_>, id: Placed<'_>) -> Box<LocalFault> {
    let message = format!(
        "Profile {} has aws_access_key_id in {} and no aws_secret_access_key there: the AWS CLI refuses it.",
        profile.name, id.path
    );
    fault(Kind::KeysIncomplete, profile, message, change(id, None))
}

fn change(placed: Placed<'_>, should_be: Option<String>) -> Change {
    Change {
        path: placed.path.to_owned(),
        line: placed.line,
        is: placed.setting.map(|setting| setting.text.clone()),
        should_be: should_be.into_iter().collect(),
    }
}

fn fault(kind: Kind, profile: &Merged<'_>, message: String, change: Change) -> Box<LocalFault> {
    Box::new(LocalFault::new(kind, message).at(change).of(profile.name))
}
