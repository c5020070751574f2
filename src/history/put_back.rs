//! What was taken away is put back: where history names it, the fix is about that, and not about whatever else would do.

use super::causes::{self, Of};
use super::{Certainty, Dated, REPLACED, Since, Story, is_after, membership, who};
use crate::evidence::{Actor, ActorKind, Evidence, Principal, PrincipalType, Thing, Tool, What};
use crate::findings::{Candidate, Fix};
use crate::model::fixes::{self, Choice};
use crate::verdict::{Finding, Judgement};
use crate::wording;

/// Has the fixes of the root cause be about what was taken away. Where that is only likely, they stand before the others.
pub fn put_back(evidence: &Evidence, mut judgement: Judgement, dated: &Dated) -> Judgement {
    let (Some(since), Some(root)) = (&dated.since, &judgement.root_cause) else { return judgement };
    let found = match root.rule {
        "assignment-missing" => assignments(evidence, root, &judgement, since),
        "not-in-assigned-group" => group(evidence, root, &judgement, since),
        _ => None,
    };
    let (Some((fixes, group)), Some(root)) = (found, judgement.root_cause.as_mut()) else { return judgement };
    let others = std::mem::replace(&mut root.fault.fixes, fixes);
    if since.certainty == Certainty::Likely {
        let is_told =
            |fix: &Fix| root.fault.fixes.iter().any(|own| own.command.is_some() && own.command == fix.command);
        let others: Vec<Fix> = others.into_iter().filter(|fix| !is_told(fix)).collect();
        root.fault.fixes.extend(others);
    }
    if let Some(group) = group {
        root.fault.candidates.sort_by_key(|candidate| candidate.principal.id != group);
    }
    judgement
}

/// What to do, and the group that is to be named first.
type Found = (Vec<Fix>, Option<String>);

/// The assignments that were deleted with the one that the cause is dated by.
fn assignments(evidence: &Evidence, root: &Finding, judgement: &Judgement, since: &Since) -> Option<Found> {
    let of = Of { evidence, finding: root, judgement };
    let search = (causes::cause_of(root.rule)?.search)(of)?;
    let story = Story::of(evidence, root, judgement);
    let mut deleted: Vec<(&str, Principal)> = Vec::new();
    for (change, _) in search.fitting(&story) {
        let is_of_the_time = !is_after(since.at, change.at + REPLACED) && !is_after(change.at, since.at);
        let (Some(set), Some(id)) = (change.is(Thing::PermissionSet), change.is(Thing::Principal)) else { continue };
        if change.what != What::AssignmentDeleted || !is_of_the_time || is_gone(evidence, set) {
            continue;
        }
        let kind =
            if evidence.user_id().ok().flatten() == Some(id) { PrincipalType::User } else { PrincipalType::Group };
        let one = (set, Principal { kind, id: id.to_owned() });
        if !deleted.contains(&one) {
            deleted.push(one);
        }
    }
    let is_one = deleted.len() == 1;
    let assign = |(set, principal): &(&str, Principal)| {
        let to = match principal.kind {
            PrincipalType::User => evidence.user_label().to_owned(),
            PrincipalType::Group => format!("group {}", evidence.group_label(&principal.id)),
        };
        let label = evidence.permission_set_label(set);
        let what = if is_one {
            format!("Assign {label} to {to} again")
        } else {
            format!("If that is the one they need, assign {label} to {to} again")
        };
        fixes::assign_to(evidence.in_account(), set, principal, what)
    };
    let fixes: Vec<Fix> = deleted.iter().map(assign).collect();
    (!fixes.is_empty()).then(|| (with_source(fixes, since), None))
}

/// Whether the permission set is known to be gone.
fn is_gone(evidence: &Evidence, set: &str) -> bool {
    let described = evidence.permission_sets.get(set).is_some_and(|facts| matches!(facts.described.known(), Ok(None)));
    described || evidence.permission_set_arns.known().is_ok_and(|all| !all.iter().any(|one| one == set))
}

/// The group that the user was taken out of.
fn group(evidence: &Evidence, root: &Finding, judgement: &Judgement, since: &Since) -> Option<Found> {
    let group = membership::group(&Story::of(evidence, root, judgement), root)?;
    let candidate = root.fault.candidates.iter().find(|one| one.principal.id == group)?;
    let is_sure = since.certainty == Certainty::Confirmed || root.fault.candidates.len() == 1;
    let join = fixes::join(evidence.asked(), &group, &choice(candidate, is_sure));
    // What comes from outside is put back there in any case.
    let is_here = join.command.is_some();
    let fixes = if is_here { with_source(vec![join], since) } else { vec![join] };
    Some((fixes, Some(group)))
}

fn choice(candidate: &Candidate, is_sure: bool) -> Choice {
    if is_sure { Choice::Settled } else { Choice::OneOf(wording::list(candidate.grants(), 2)) }
}

/// What takes things away by itself does so again; whoever did it may have meant it.
fn with_source(fixes: Vec<Fix>, since: &Since) -> Vec<Fix> {
    let Some(by) = &since.by else { return fixes };
    let name = who(by);
    if is_pipeline(by) {
        let what = format!("Put it back at the source of {name} first: what is not there, {name} takes away again");
        return std::iter::once(Fix::new(what, None)).chain(fixes).collect();
    }
    let asking = |fix: Fix| {
        let ask = format!("{name} took it away, perhaps on purpose");
        let caution = fix.caution.as_ref().map_or_else(|| ask.clone(), |caution| format!("{caution}; {ask}"));
        fix.careful(caution)
    };
    fixes.into_iter().map(asking).collect()
}

/// Whether it is a machine that acts by what is written down somewhere.
fn is_pipeline(by: &Actor) -> bool {
    const BY_FILE: [Tool; 4] = [Tool::Terraform, Tool::OpenTofu, Tool::Pulumi, Tool::CloudFormation];
    matches!(by.kind, ActorKind::Role | ActorKind::Scim) && by.through != Some(Tool::Console)
        || by.through.is_some_and(|tool| BY_FILE.contains(&tool))
}
