//! Why a request failed, and whether that is still so: what AWS gave as its reason may have been put right since, and
//! then only asking again is left to do.

use crate::evidence::{Boundary, Gaps, Principal, PrincipalType};
use crate::findings::failure_reasons;
use crate::model::SetInAccount;
use crate::model::required_policies;

/// The reason of a failed request.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    /// AWS's own words, and what they mean.
    pub explained: String,
    /// What to do before the request is made again; `None` where that is all that is left to do.
    pub advice: Option<&'static str>,
}

/// Explains the reason that AWS gave, by what is so now.
pub fn reason(here: SetInAccount<'_>, principal: Option<&Principal>, said: Option<&str>) -> Reason {
    if let Some(said) = said
        && let Some(since) = put_right_since(here, principal, said)
    {
        let text = said.trim();
        let full_stop = if text.ends_with(['.', '!']) { "" } else { "." };
        return Reason { explained: format!("AWS says: {text}{full_stop} {since}"), advice: None };
    }
    Reason { explained: failure_reasons::explained(said), advice: Some(failure_reasons::advice(said)) }
}

/// What has been put right since, as a sentence.
fn put_right_since(here: SetInAccount<'_>, principal: Option<&Principal>, said: &str) -> Option<String> {
    match failure_reasons::classify(said)?.rule.as_deref()? {
        "customer-managed-policy-missing" => (policies_are_there(here) == Ok(true))
            .then(|| "By now the account has every policy that the permission set names.".to_owned()),
        "policies-per-role-quota" => is_within_the_quota(here).then(|| {
            "By now the permission set carries no more policies than a role may have in the account.".to_owned()
        }),
        "assignment-orphaned-principal" => principal
            .is_some_and(|principal| exists(here, principal))
            .then(|| "By now the user or group that was not found is in the identity store.".to_owned()),
        _ => None,
    }
}

fn policies_are_there(here: SetInAccount<'_>) -> Result<bool, Gaps> {
    let set = here.permission_set(here.arn)?;
    let boundary = match set.boundary.known()? {
        Some(Boundary::CustomerManaged(reference)) => Some(reference),
        Some(Boundary::AwsManaged(_)) | None => None,
    };
    let wanted = set.customer_managed.known()?.iter().chain(boundary);
    Ok(required_policies::missing(here.in_account, wanted)?.is_empty())
}

fn is_within_the_quota(here: SetInAccount<'_>) -> bool {
    let quota = here.inside().quotas.known().ok().and_then(|quotas| quotas.attached_policies_per_role);
    let set = here.permission_set(here.arn).ok();
    let count =
        set.and_then(|set| Some(set.aws_managed.known().ok()?.len() + set.customer_managed.known().ok()?.len()));
    quota.zip(count).is_some_and(|(quota, count)| usize::try_from(quota).is_ok_and(|quota| count <= quota))
}

fn exists(here: SetInAccount<'_>, principal: &Principal) -> bool {
    match principal.kind {
        PrincipalType::User => matches!(here.user(&principal.id), Ok(Some(_))),
        PrincipalType::Group => matches!(here.group(&principal.id), Ok(Some(_))),
    }
}
