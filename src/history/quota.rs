//! A permission set with more policies than a role may have: the one that was too many.

use super::causes::Of;
use super::search::Search;
use super::{Certainty, Dated, Since, Story};
use crate::evidence::What;

/// Counts back from what the permission set has now to the change that took it over the quota.
pub(super) fn date(story: &Story<'_>, search: &Search<'_>, of: Of<'_>) -> Dated {
    let Some((mut count, quota)) = now(of) else { return Dated::default() };
    let changes: Vec<_> = search.fitting(story).map(|(change, _)| change).collect();
    for change in changes.into_iter().rev() {
        if change.what == What::PermissionSetPolicyRemoved {
            count += 1;
            continue;
        }
        count = count.saturating_sub(1);
        if count <= quota {
            let since = Some(Since::of(change, Certainty::Likely));
            return Dated { since, explains: vec![change.id.clone()], ..Dated::default() };
        }
    }
    Dated::default()
}

/// How many policies the permission set has, and how many a role may have.
fn now(of: Of<'_>) -> Option<(usize, usize)> {
    let (way, _) = of.judgement.paths.get(of.finding.path?)?;
    let set = of.evidence.permission_sets.get(&way.assigned()?.permission_set)?;
    let count = set.aws_managed.known().ok()?.len() + set.customer_managed.known().ok()?.len();
    let quota = of.evidence.account.inside.quotas.known().ok()?.attached_policies_per_role?;
    Some((count, usize::try_from(quota).ok()?))
}
