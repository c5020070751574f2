//! Why a request failed, and whether that is still so: what AWS gave as its reason may have been put right since, and
//! then only asking again is left to do.

use crate::evidence::{Boundary, Evidence, Gaps, PrincipalType};
use crate::findings::failure_reasons;
use crate::model::paths::Path;
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
pub fn reason(evidence: &Evidence, path: &Path, said: Option<&str>) -> Reason {
    if let Some(said) = said
        && let Some(since) = put_right_since(evidence, path, said)
    {
        let text = said.trim();
        let full_stop = if text.ends_with(['.', '!']) { "" } else { "." };
        return Reason { explained: format!("AWS says: {text}{full_stop} {since}"), advice: None };
    }
    Reason { explained: failure_reasons::explained(said), advice: Some(failure_reasons::advice(said)) }
}

/// What has been put right since, as a sentence.
fn put_right_since(evidence: &Evidence, path: &Path, said: &str) -> Option<String> {
    match failure_reasons::classify(said)?.rule.as_deref()? {
        "customer-managed-policy-missing" => (policies_are_there(evidence, path) == Ok(true))
            .then(|| "By now the account has every policy that the permission set names.".to_owned()),
        "policies-per-role-quota" => is_within_the_quota(evidence, path).then(|| {
            "By now the permission set carries no more policies than a role may have in the account.".to_owned()
        }),
        "assignment-orphaned-principal" => exists(evidence, path)
            .then(|| "By now the user or group that was not found is in the identity store.".to_owned()),
        _ => None,
    }
}

fn policies_are_there(evidence: &Evidence, path: &Path) -> Result<bool, Gaps> {
    let set = evidence.permission_set(&path.permission_set)?;
    let boundary = match set.boundary.known()? {
        Some(Boundary::CustomerManaged(reference)) => Some(reference),
        Some(Boundary::AwsManaged(_)) | None => None,
    };
    let wanted = set.customer_managed.known()?.iter().chain(boundary);
    Ok(required_policies::missing(evidence, wanted)?.is_empty())
}

fn is_within_the_quota(evidence: &Evidence, path: &Path) -> bool {
    let quota = evidence.target.quotas.known().ok().and_then(|quotas| quotas.attached_policies_per_role);
    let set = evidence.permission_set(&path.permission_set).ok();
    let count =
        set.and_then(|set| Some(set.aws_managed.known().ok()?.len() + set.customer_managed.known().ok()?.len()));
    quota.zip(count).is_some_and(|(quota, count)| usize::try_from(quota).is_ok_and(|quota| count <= quota))
}

fn exists(evidence: &Evidence, path: &Path) -> bool {
    match path.via.kind {
        PrincipalType::User => matches!(evidence.user.described.known(), Ok(Some(user)) if user.id == path.via.id),
        PrincipalType::Group => matches!(evidence.group(&path.via.id), Ok(Some(_))),
    }
}
