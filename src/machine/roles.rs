//! Profiles that come to the account by a role that they assume, and not by a permission set: which they are, how each
//! comes there, and what is wrong on its way.

use super::chain::{Base, Broken, Chain, chain};
use super::profile::Profile;
use super::sources::Merged;
use super::{Look, Seen};

/// A profile whose credentials are a role's.
#[derive(Debug)]
pub(super) struct RoleProfile<'a> {
    pub(super) merged: Merged<'a>,
    /// How it comes to credentials, or what is wrong with that.
    way: Result<Chain<'a>, Box<Broken<'a>>>,
}

impl<'a> RoleProfile<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.merged.name
    }

    /// Whether the AWS CLI takes the role's credentials, whatever the profile says of signing in.
    pub(super) const fn is_sound(&self) -> bool {
        self.way.is_ok()
    }

    /// Where it does not come to credentials.
    pub(super) fn broken(&self) -> Option<&Broken<'a>> {
        self.way.as_ref().err().map(Box::as_ref)
    }
}

/// The profiles that are for the account, and assume a role or would.
pub(super) fn profiles<'a>(look: &Look<'a>, signing_in: &[Profile<'_>]) -> Vec<RoleProfile<'a>> {
    let (Some(sources), Some(account)) = (look.sources, look.account) else { return Vec::new() };
    let whole = sources.is_whole(look.machine);
    let found = sources.names().into_iter().filter_map(|name| sources.profile(name));
    let of_account = found.filter(|merged| {
        let leads_there = || merged.get("role_arn").is_some_and(|role| account_of(role.value()) == Some(account));
        let has_role = merged.get("role_arn").is_some() || merged.place("web_identity_token_file").is_some();
        leads_there() || (has_role && signing_in.iter().any(|profile| profile.name() == merged.name))
    });
    let with_way = |merged| RoleProfile { merged, way: chain(&sources, merged, whole) };
    of_account.map(with_way).collect()
}

/// The account of a role's ARN.
fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

/// The sign-ins that the ways begin with.
pub(super) fn sign_ins<'a>(profiles: &[RoleProfile<'a>]) -> Vec<Merged<'a>> {
    let base = |profile: &RoleProfile<'a>| match profile.way.as_ref().ok().map(|way| &way.base) {
        Some(Base::SignIn(merged)) => Some(*merged),
        Some(Base::WebIdentity(_) | Base::Keys(_) | Base::Elsewhere(_) | Base::Source(_) | Base::Nothing(_)) | None => {
            None
        }
    };
    let mut bases: Vec<Merged<'a>> = profiles.iter().filter_map(base).collect();
    bases.dedup_by_key(|merged| merged.name);
    bases
}

/// Each way in a few words.
pub(super) fn seen(look: &Look<'_>, profiles: &[RoleProfile<'_>]) -> Vec<Seen> {
    let sound = profiles.iter().filter_map(|profile| {
        let way = profile.way.as_ref().ok()?;
        let signs_in = ["sso_account_id", "sso_role_name"].iter().any(|key| profile.merged.get(key).is_some());
        let mut says = describe(profile.name(), way);
        let arrives = profile.merged.get("role_arn").and_then(|role| account_of(role.value()));
        if arrives.is_some() && arrives != look.account {
            says = format!("{says}: it does not come to {}", look.account_label());
        }
        if signs_in {
            says += ". What it says of signing in is not used for that";
        }
        Some(Seen { what: format!("profile {}", profile.name()), says })
    });
    sound.collect()
}

/// `assumes role A in 1, with the credentials of profile b, which assumes role B in 2, with the credentials of profile c,
/// which signs in to 3 with C`
fn describe(name: &str, way: &Chain<'_>) -> String {
    let mut last = name;
    let mut parts = Vec::new();
    for step in &way.roles {
        let who = if step.profile == name { String::new() } else { of_profile(step.profile) };
        parts.push(format!("{who}assumes {}", role(step.role_arn)));
        last = step.profile;
    }
    let of = |profile: &str| if profile == last { "its own".to_owned() } else { format!("profile {profile}'s") };
    parts.push(match &way.base {
        Base::SignIn(merged) => {
            let value = |key, otherwise| merged.get(key).map_or(otherwise, |placed| placed.value());
            let (account, set) = (value("sso_account_id", "an account"), value("sso_role_name", "a permission set"));
            format!("{}signs in to {account} with {set}", of_profile(merged.name))
        }
        Base::WebIdentity(merged) => {
            let who = if way.roles.is_empty() { String::new() } else { of_profile(merged.name) };
            let arn = merged.get("role_arn").map_or("", |placed| placed.value());
            format!("{who}assumes {} with a web identity", role(arn))
        }
        Base::Keys(profile) => format!("with {} keys", of(profile)),
        Base::Elsewhere(profile) => format!("with credentials from {} program or console session", of(profile)),
        Base::Source(source) => format!("with the credentials of {source}"),
        Base::Nothing(profile) => format!("with profile {profile}, of which nothing is known"),
    });
    parts.join(", ")
}

fn of_profile(name: &str) -> String {
    format!("with the credentials of profile {name}, which ")
}

fn role(arn: &str) -> String {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    account_of(arn).map_or_else(|| format!("role {arn}"), |account| format!("role {name} in {account}"))
}
