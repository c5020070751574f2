//! Where a profile that assumes a role has its credentials from: what is wrong there, by where the walk to them ended.

use super::chain::{Broken, CREDENTIAL_SOURCES, How};
use super::sources::Placed;
use super::{Check, Found, Rule, is_slip, line, meant};
use crate::evidence::permission_set_of_role;
use crate::findings::Change;
use crate::wording::suggest;

rule!(
    MISSING: "a profile has a role to assume, and nothing says with whose credentials",
    Check::Way(missing)
);
rule!(
    CONTRADICTS: "a profile takes credentials for its role from two places at once",
    Check::Way(contradicts)
);
rule!(
    UNKNOWN: "a profile takes credentials for its role from a profile that is not there",
    Check::Way(unknown)
);
rule!(LOOP: "profiles take credentials from each other in a circle", Check::Way(in_a_circle));
rule!(
    EMPTY: "a profile takes credentials for its role from a profile that has none",
    Check::Way(empty)
);
rule!(
    CREDENTIAL_SOURCE_UNKNOWN:
    "a profile takes credentials for its role from a source that the AWS CLI does not know",
    Check::Way(credential_source_unknown)
);
rule!(
    WEB_IDENTITY_ROLE_MISSING: "a profile has a web identity and no role for it to assume",
    Check::Way(web_identity_role_missing)
);

fn credential_source_unknown(way: &Broken<'_>) -> Option<Found> {
    let How::UnknownSource = way.how else { return None };
    let value = way.at.value();
    let right = CREDENTIAL_SOURCES.iter().find(|known| known.eq_ignore_ascii_case(meant(value)));
    let message = format!(
        "Profile {} has credential_source = {value}, which the AWS CLI does not know: it is one of {}, in upper and lower case \
         as they stand here.",
        way.profile.name,
        CREDENTIAL_SOURCES.join(", ")
    );
    Some(found(way, message, right.map(|right| line("credential_source", right))))
}

fn contradicts(way: &Broken<'_>) -> Option<Found> {
    let How::TwoSources(one) = way.how else { return None };
    let message = format!(
        "Profile {} has both source_profile ({}:{}) and credential_source ({}:{}): the AWS CLI refuses it. Remove one of the two \
         lines.",
        way.profile.name, one.path, one.line, way.at.path, way.at.line
    );
    Some(found(way, message, None))
}

fn missing(way: &Broken<'_>) -> Option<Found> {
    let How::NoSource = way.how else { return None };
    let name = way.profile.name;
    let what = format!(
        "Profile {name} has role_arn and neither source_profile nor credential_source: the AWS CLI refuses it (Partial \
         credentials found in assume-role, missing: source_profile or credential_source)."
    );
    let signs_in = ["sso_account_id", "sso_role_name", "sso_session", "sso_start_url"];
    let signs_in = signs_in.iter().any(|key| way.profile.get(key).is_some());
    let is_of_identity_center = permission_set_of_role(way.at.value().rsplit('/').next().unwrap_or_default()).is_some();
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
    Some(found(way, what + &do_this, None))
}

fn unknown(way: &Broken<'_>) -> Option<Found> {
    let How::UnknownProfile(names) = &way.how else { return None };
    let (value, bare) = (way.at.value(), meant(way.at.value()));
    let close = suggest::closest(bare, names.iter().map(|name| (*name, (*name).to_owned())));
    let right = names.iter().find(|name| **name == bare).copied();
    let slips: Vec<&str> = names.iter().filter(|name| is_slip(bare, name)).copied().collect();
    let right = right.or(if let [only] = slips[..] { Some(only) } else { None });
    let message = format!(
        "Profile {} takes its credentials from source_profile {value}, which neither of the two files defines.",
        way.profile.name
    );
    Some(found(way, message, right.map(|right| line("source_profile", right))).suggesting(close))
}

fn in_a_circle(way: &Broken<'_>) -> Option<Found> {
    let How::Circle(visited) = &way.how else { return None };
    let source = way.at.value();
    let message = if source == way.profile.name {
        format!(
            "Profile {0} names itself as its source_profile, and has no keys of its own: the AWS CLI refuses it. What it signs in \
             with belongs into a profile of its own, for source_profile to name.",
            way.profile.name
        )
    } else {
        let way = visited.iter().chain([&source]).copied().collect::<Vec<_>>().join(", from ");
        format!(
            "Profile {way}: each takes its credentials from the next, and so from itself. The AWS CLI refuses that."
        )
    };
    Some(found(way, message, None))
}

fn empty(way: &Broken<'_>) -> Option<Found> {
    let How::Nothing(user) = way.how else { return None };
    let message = format!(
        "Profile {user} takes its credentials from profile {}, which has none: no keys, no sign-in and no role.",
        way.profile.name
    );
    Some(found(way, message, None))
}

fn web_identity_role_missing(way: &Broken<'_>) -> Option<Found> {
    let How::NoRole = way.how else { return None };
    let message = format!(
        "Profile {} has web_identity_token_file and no role_arn: the AWS CLI refuses it before it looks at anything else.",
        way.profile.name
    );
    Some(found(way, message, None))
}

/// Half of a key where the way begins.
pub(super) fn half_a_key(way: &Broken<'_>) -> Option<Found> {
    let How::HalfAKey = way.how else { return None };
    let message = format!(
        "Profile {} has aws_access_key_id in {} and no aws_secret_access_key there: the AWS CLI refuses it.",
        way.profile.name, way.at.path
    );
    Some(found(way, message, None))
}

/// The line where the way ends, and what it should be where that is known.
fn found(way: &Broken<'_>, message: String, should_be: Option<String>) -> Found {
    let Placed { path, line, setting } = way.at;
    let is = setting.map(|setting| setting.text.clone());
    let change = Change { path: path.to_owned(), line, is, should_be: should_be.into_iter().collect() };
    Found::new(message).at(change).of(way.profile.name)
}
