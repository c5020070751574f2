//! Whether what AWS STS gave as its reason is still so. Where it is known not to be, the refusal is over although nobody
//! has tried again.

use crate::evidence::{AssumeRoleEvent, Evidence, Gaps, PolicyKind};
use crate::model::{SetInAccount, denials, organization_policies, sign_in_call};

/// Whether the reason is known to be gone; what cannot be told counts as being there.
pub(super) fn is_put_right(evidence: &Evidence, here: SetInAccount<'_>, event: &AssumeRoleEvent) -> bool {
    let said = event.error_message.as_deref().unwrap_or_default().to_lowercase();
    let says = |pieces: &[&str]| pieces.iter().any(|piece| said.contains(piece));
    if says(&["validate tags", "invalid tag", "tag key", "tag value"]) {
        return sign_in_call::passes_tags(evidence.in_instance(), Some(evidence.person())) == Ok(false);
    }
    if says(&["provider doesn't exist", "provider does not exist"]) {
        let listed = evidence.account.inside.saml_providers.known();
        return listed.is_ok_and(|all| all.iter().any(|one| Some(&one.arn) == event.saml_provider.as_ref()));
    }
    if says(&["resource control policy"]) {
        return no_resource_control_policy_denies(here, evidence) == Ok(true);
    }
    false
}

fn no_resource_control_policy_denies(here: SetInAccount<'_>, evidence: &Evidence) -> Result<bool, Gaps> {
    let Some(binding) = organization_policies::binding(here.in_account, PolicyKind::ResourceControl)? else {
        return Ok(true);
    };
    let mut gaps = binding.gaps.clone();
    let role = sign_in_call::role(here.in_account, Some(here));
    let denials = denials::of_sign_in(here.in_account, Some(evidence.person()), &binding, &role, &mut gaps);
    gaps.none_or_err().map(|()| denials.is_empty())
}
