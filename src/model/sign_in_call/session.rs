//! What is known of the calls that a user makes in a session: what such sessions always carry, what they never carry, what
//! whoever asks chooses, and what nobody can know from outside, such as where people are.

use super::{INSTANCE, SERVICE, VPC, path_in_organization, role};
use crate::evidence::{InInstance, Person};
use crate::iam_policy::{Context, Key, Text};
use crate::model::{Session, Through};

/// Keys of what is asked for in a session, which whoever asks chooses.
const CHOSEN: &[&str] = &[
    "aws:UserAgent",
    "aws:Referer",
    "aws:RequestTag/",
    "aws:TagKeys",
    "aws:ResourceTag/",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
];

/// Keys that AWS documents for other sessions than those of a SAML assertion: "not present for federated identities".
const MFA: &[&str] = &["aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent"];

/// Keys of other identities than roles.
const NO_ROLE: &[&str] = &["aws:username", "aws:AssumedRoot", "aws:FederatedProvider"];

/// The keys that single out a person in a session of Identity Center.
pub const PERSON: &[&str] = &["identitystore:UserId", "aws:userid"];

/// The keys whose absence tells policies that were not written with sessions of Identity Center in mind. Those of calls
/// that pass through another service are not among them: a session can make such calls too.
pub const NEVER_THERE: &[&str] =
    &["aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent", "aws:PrincipalTag/", "aws:username"];

/// The keys in which sessions with permission sets of one organization differ.
pub const OF_ITS_OWN: &[&str] =
    &["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgPaths", "aws:userid", "identitystore:UserId"];

/// The calls that are made in a session: what is known of all of them.
pub fn session(session: Session<'_>) -> Context {
    let Session { in_account: here, person, through } = session;
    let organization = here.organization().known().ok().and_then(Option::as_ref);
    let known = |value: Option<&str>| value.map_or(Key::Unknown, Key::exact);
    let user = person.and_then(|person| person.id().ok().flatten());
    let described = person.and_then(Person::described);
    // The session has the user's name, and the role's id is not read.
    let name = described.and_then(|user| user.user_name.as_deref()).filter(|name| !name.contains(['*', '?']));
    let (role, mfa, tags) = match through {
        Through::PermissionSet(set) => (role(here, Some(set)), Key::Absent, session_tags(here.in_instance())),
        // The service takes on the role without MFA, which may be said or left out; and the role can have tags.
        Through::Entitlement(entitled) => {
            let mfa = Key::OneOf(vec![Key::Absent, Key::exact("false")]);
            (Text::Exact(entitled.role_arn.clone()), mfa, Key::Unknown)
        }
    };
    Context::new(Key::Unknown)
        .with(&["aws:PrincipalArn"], Key::Known(vec![role]))
        .with(&["aws:PrincipalAccount"], known(here.account().id.as_deref()))
        .with(&["aws:PrincipalOrgID"], known(organization.map(|organization| organization.id.as_str())))
        .with(&["aws:PrincipalOrgPaths"], path_in_organization(here))
        .with(&["aws:PrincipalIsAWSService"], Key::exact("false"))
        .with(&["aws:PrincipalType"], Key::exact("AssumedRole"))
        .with(&["aws:PrincipalTag/"], tags)
        .with(&["aws:userid"], Key::like(format!("AROA*:{}", name.unwrap_or("*"))))
        .with(&["identitystore:UserId"], user.map_or_else(Key::present, Key::exact))
        .with(&["aws:TokenIssueTime"], Key::present())
        .with(MFA, mfa)
        .with(NO_ROLE, Key::Absent)
        .with(&["aws:CurrentTime", "aws:EpochTime"], Key::present())
        .with(&["aws:SecureTransport"], Key::exact("true"))
        .with(&["aws:ViaAWSService"], Key::exact("false"))
        .with(SERVICE, Key::Absent)
        .with(INSTANCE, Key::Absent)
        // Where people are is not known: it is theirs to choose only in part.
        .with(VPC, Key::Unknown)
        .with(&["aws:SourceIp"], Key::Unknown)
        .with(&["aws:RequestedRegion"], Key::Chosen)
        .with(CHOSEN, Key::ChosenOrAbsent)
}

/// What is known of the tags of sessions: roles of Identity Center have none of their own, and it passes some only with
/// attributes for access control.
fn session_tags(here: InInstance<'_>) -> Key {
    match here.attributes().known() {
        Ok(None) => Key::Absent,
        Ok(Some(attributes))
            if matches!(attributes.status.as_deref(), Some("CREATION_IN_PROGRESS" | "CREATION_FAILED")) =>
        {
            Key::Absent
        }
        Ok(Some(_)) | Err(_) => Key::Unknown,
    }
}
