//! The role that somebody is entitled to, and what its trust policy must say for account access manager to take it on.

use serde_json::{Value, json};

use crate::evidence::{Call, Fact, Gap, Gaps, InAccount, Role};
use crate::iam_policy::{Caller, Key, Request, Text};
use crate::model::inside_target;
use crate::model::paths::Entitled;
use crate::model::sign_in_call;

/// The service that takes on the role for the user.
pub const SERVICE: &str = "account-access.amazonaws.com";

/// What the role must allow it (IAM User Guide, Prepare your IAM roles). `sts:TagSession` is optional there, so that its
/// absence proves nothing.
pub const ACTIONS: [&str; 2] = ["sts:AssumeRole", "sts:SetContext"];

/// The question whether the account has the role.
pub fn asked<'a>(here: InAccount<'a>, entitled: &Entitled) -> Result<&'a Fact<Option<Role>>, Gaps> {
    here.inside().entitled_roles.get(&entitled.role_arn).ok_or_else(|| {
        let entry = here.inside().entry.known().err();
        let unasked = here.unasked(Call::GetRole, format!("role {} was not looked for", entitled.role_name()));
        Gaps(entry.into_iter().chain([unasked]).collect::<Vec<Gap>>())
    })
}

/// Its answer. `Ok(None)`: the account has no role of that name.
pub fn known<'a>(here: InAccount<'_>, fact: &'a Fact<Option<Role>>) -> Result<Option<&'a Role>, Gaps> {
    inside_target(here, fact).map(Option::as_ref)
}

/// Keys of callers that are identities of some account, which a service is not.
const IDENTITY: &[&str] = &[
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalTag/",
    "aws:username",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
];

/// An action on the role by account access manager, on behalf of its application. What it sends beside the keys that
/// AWS recommends a condition on, and those that AWS documents for every call of a service, is not documented.
pub fn call(here: InAccount<'_>, action: &str, entitled: &Entitled) -> Request {
    let organization = here.organization().known().ok().and_then(Option::as_ref);
    let organization = organization.map(|organization| organization.id.as_str());
    let context = sign_in_call::call_to_sts(here)
        .with(IDENTITY, Key::Absent)
        .with(&["aws:SourceAccount"], Key::exact(account_of(entitled)))
        .with(&["aws:SourceArn"], Key::exact(entitled.application.as_str()))
        // The application is in the management account, and so in the organization.
        .with(&["aws:SourceOrgID"], organization.map_or(Key::Unknown, Key::exact))
        .with(&["aws:SourceOrgPaths"], organization.map_or(Key::Unknown, |id| Key::like(format!("{id}/*"))))
        .with(&["aws:PrincipalIsAWSService"], Key::exact("true"))
        .with(&["aws:PrincipalServiceName"], Key::exact(SERVICE));
    Request {
        action: action.to_owned(),
        resource: Text::Exact(entitled.role_arn.clone()),
        caller: Caller::Service(SERVICE.to_owned()),
        context,
    }
}

/// The same before the role's own trust policy. AWS's samples of resource control policies count on the organization
/// being there wherever the account is; but of account access manager no more is documented than the account and the
/// application, so that a trust policy that asks for the organization may shut it out.
pub fn call_to_role(here: InAccount<'_>, action: &str, entitled: &Entitled) -> Request {
    let mut request = call(here, action, entitled);
    for names in [&["aws:SourceOrgID"], &["aws:SourceOrgPaths"]] {
        let or_absent = Key::OneOf(vec![request.context.key(names[0]).clone(), Key::Absent]);
        request.context = request.context.with(names, or_absent);
    }
    request
}

/// The account of the application: the management account.
fn account_of(entitled: &Entitled) -> &str {
    entitled.application.split(':').nth(4).unwrap_or_default()
}

/// The statement that the trust policy needs.
pub fn statement(entitled: &Entitled) -> Value {
    json!({
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": [ACTIONS[0], ACTIONS[1], "sts:TagSession"],
        "Condition": {"StringEquals": {
            "aws:SourceAccount": account_of(entitled),
            "aws:SourceArn": entitled.application,
        }},
    })
}

/// A trust policy that lets account access manager in, and nobody else.
pub fn trust_policy(entitled: &Entitled) -> Value {
    json!({"Version": "2012-10-17", "Statement": [statement(entitled)]})
}
