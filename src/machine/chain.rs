//! How a profile comes to credentials: by the rules of botocore, which the AWS CLI goes by. A role that it assumes comes
//! first, with credentials of another profile, which may assume a role in its turn; then a web identity, a sign-in, keys.

use super::sources::{Merged, Placed, Sources};

/// What a role may take credentials from that is no profile.
pub(super) const CREDENTIAL_SOURCES: [&str; 3] = ["Environment", "Ec2InstanceMetadata", "EcsContainer"];

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

/// Where the AWS CLI gets no further.
#[derive(Debug)]
pub(super) struct Broken<'a> {
    /// The profile that it is at.
    pub(super) profile: Merged<'a>,
    /// The line there.
    pub(super) at: Placed<'a>,
    /// How.
    pub(super) how: How<'a>,
}

/// How a way to credentials ends before it comes there.
#[derive(Debug)]
pub(super) enum How<'a> {
    /// The role has two sources; `at` is the other.
    TwoSources(Placed<'a>),
    /// The role has none.
    NoSource,
    /// The source is one that the AWS CLI does not know.
    UnknownSource,
    /// The source is a profile that is not there; with the names of those that are.
    UnknownProfile(Vec<&'a str>),
    /// The source is a profile that the way has been at before; with all that it has been at.
    Circle(Vec<&'a str>),
    /// The profile has no credentials; with the one that takes them from it.
    Nothing(&'a str),
    /// There is a web identity, and no role.
    NoRole,
    /// There is an access key, and no secret.
    HalfAKey,
}

/// What a walk comes to.
type Way<'a, T> = Result<T, Box<Broken<'a>>>;

/// How a profile comes to credentials, or where that breaks.
pub(super) fn chain<'a>(sources: &Sources<'a>, first: Merged<'a>, whole: bool) -> Way<'a, Chain<'a>> {
    let broken = |profile, at, how| Err(Box::new(Broken { profile, at, how }));
    let (mut roles, mut visited, mut profile) = (Vec::new(), vec![first.name], first);
    while let Some(role) = assumed(&profile) {
        let is_first = roles.is_empty();
        if !is_first && has_keys(&profile) {
            break;
        }
        roles.push(Step { profile: profile.name, role_arn: role.value() });
        match (profile.get("source_profile"), profile.get("credential_source")) {
            (Some(one), Some(other)) => return broken(profile, other, How::TwoSources(one)),
            (None, None) => return broken(profile, role, How::NoSource),
            (None, Some(source)) => {
                if !CREDENTIAL_SOURCES.contains(&source.value()) {
                    return broken(profile, source, How::UnknownSource);
                }
                return Ok(Chain { roles, base: Base::Source(source.value()) });
            }
            (Some(source), None) => {
                let name = source.value();
                let Some(next) = sources.profile(name) else {
                    if whole {
                        return broken(profile, source, How::UnknownProfile(sources.names()));
                    }
                    return Ok(Chain { roles, base: Base::Nothing(name) });
                };
                if name == profile.name && has_keys(&profile) {
                    break;
                }
                if visited.contains(&name) {
                    return broken(profile, source, How::Circle(visited));
                }
                visited.push(next.name);
                profile = next;
            }
        }
    }
    let base = base(profile)?;
    match (&base, roles.last()) {
        (Base::Nothing(_), Some(user)) if whole => broken(profile, profile.header(), How::Nothing(user.profile)),
        _ => Ok(Chain { roles, base }),
    }
}

/// The role that a profile assumes. With a web identity it is that which assumes it.
fn assumed<'a>(profile: &Merged<'a>) -> Option<Placed<'a>> {
    profile.get("role_arn").filter(|_| profile.place("web_identity_token_file").is_none())
}

fn has_keys(profile: &Merged<'_>) -> bool {
    ["aws_access_key_id", "aws_secret_access_key"].iter().any(|key| profile.place(key).is_some())
}

/// Where a profile has credentials from that assumes no role.
fn base(profile: Merged<'_>) -> Way<'_, Base<'_>> {
    let name = profile.name;
    if let Some(token) = profile.place("web_identity_token_file") {
        return match profile.get("role_arn") {
            Some(_) => Ok(Base::WebIdentity(profile)),
            None => Err(Box::new(Broken { profile, at: token, how: How::NoRole })),
        };
    }
    if ["sso_account_id", "sso_role_name"].iter().any(|key| profile.get(key).is_some()) {
        return Ok(Base::SignIn(profile));
    }
    let (id, secret) = ("aws_access_key_id", "aws_secret_access_key");
    for (id, secret) in [
        (profile.in_credentials(id), profile.in_credentials(secret)),
        (profile.in_config(id), profile.in_config(secret)),
    ] {
        match (id, secret) {
            (Some(_), Some(_)) => return Ok(Base::Keys(name)),
            (Some(id), None) => return Err(Box::new(Broken { profile, at: id, how: How::HalfAKey })),
            (None, _) => {}
        }
    }
    let elsewhere = ["login_session", "credential_process"].iter().any(|key| profile.place(key).is_some());
    Ok(if elsewhere { Base::Elsewhere(name) } else { Base::Nothing(name) })
}
