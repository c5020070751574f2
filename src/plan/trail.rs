//! What a trail is asked for: the names and ids that the question is about, as far as they are known.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::evidence::{Boundary, Evidence, Instance, PolicyReference, PrincipalType};
use crate::trail::{Accounts, Sought, Window};

/// What is sought for a question: from so long ago on. `administrators` are the accounts that administer Identity Center
/// beside the management account, as far as they are known.
pub fn sought(evidence: &Evidence, since: SignedDuration, now: Timestamp, administrators: &[String]) -> Sought {
    let from = evidence.collected_at.min(now).checked_sub(since).unwrap_or(Timestamp::UNIX_EPOCH);
    let window = Window { since: from, until: now };
    let instance = evidence.instance().ok();
    let user = evidence.user_id().ok().flatten().map(str::to_owned);
    let sets = permission_sets(evidence);
    Sought {
        accounts: accounts(evidence, instance, administrators),
        regions: instance.map(regions).unwrap_or_default(),
        user_name: Some(evidence.user_label().to_owned()),
        others: groups(evidence).into_iter().chain(gone(evidence)).collect(),
        roles: roles(evidence, &sets),
        policies: policies(evidence, &sets),
        organization: organization(evidence),
        permission_sets: sets,
        user,
        ..Sought::within(window)
    }
}

fn accounts(evidence: &Evidence, instance: Option<&Instance>, administrators: &[String]) -> Accounts {
    let organization = evidence.organization.known().ok().and_then(Option::as_ref);
    let management = organization.map(|organization| organization.management_account.clone());
    // Whoever is answered is one of them.
    let caller = evidence.caller.known().ok().map(|caller| caller.account.clone());
    Accounts {
        management: management.or_else(|| instance.and_then(|instance| instance.owner_account.clone())),
        administrators: administrators.iter().cloned().chain(caller).collect(),
        target: evidence.account.id.clone(),
    }
}

/// People sign in to each Region of the instance; IAM and AWS Organizations have one for the partition.
fn regions(instance: &Instance) -> BTreeSet<String> {
    // In a partition that is not known, the global services may log anywhere.
    let Some(global) = instance.global_region() else { return BTreeSet::new() };
    instance.sts_regions().into_iter().chain([global]).map(str::to_owned).collect()
}

/// Groups through which there is, was or should be a way.
fn groups(evidence: &Evidence) -> BTreeSet<String> {
    let assigned = evidence.account.assignments.values().filter_map(|fact| fact.known().ok()).flatten();
    let listed = evidence.user.for_principal.known().ok().into_iter().flatten();
    let entitled = evidence.account.entitlements.values().filter_map(|fact| fact.known().ok()).flatten();
    let principals = assigned.chain(listed).map(|one| &one.principal).chain(entitled.map(|one| &one.principal));
    let groups = principals.filter(|one| one.kind == PrincipalType::Group).map(|one| one.id.clone());
    let asked = evidence.asked_group.as_ref().and_then(|fact| fact.known().ok()).cloned().flatten();
    groups.chain(asked).collect()
}

/// Users that are still assigned and no longer exist: one of them may be this user's former self.
fn gone(evidence: &Evidence) -> impl Iterator<Item = String> {
    let users = evidence.users.iter().filter(|(_, fact)| fact.known() == Ok(&None));
    users.map(|(id, _)| id.clone())
}

fn permission_sets(evidence: &Evidence) -> BTreeSet<String> {
    let listed = evidence.user.for_principal.known().ok().into_iter().flatten();
    let asked = |arn: &&String| {
        let name = evidence.permission_set_name(arn).ok().flatten();
        name.is_some() && name == evidence.question.permission_set.as_deref()
    };
    let asked = evidence.permission_sets.keys().filter(asked);
    let assigned = evidence.account.assignments.keys().chain(listed.map(|one| &one.permission_set));
    assigned.chain(asked).cloned().collect()
}

/// Roles that Identity Center makes, by how their names begin, and those that somebody is entitled to.
fn roles(evidence: &Evidence, sets: &BTreeSet<String>) -> BTreeSet<String> {
    let named = sets.iter().filter_map(|arn| evidence.permission_set_name(arn).ok().flatten());
    let made = named.map(|name| format!("AWSReservedSSO_{name}_"));
    let entitled = evidence.account.inside.entitled_roles.keys();
    made.chain(entitled.map(|arn| arn.rsplit('/').next().unwrap_or(arn).to_owned())).collect()
}

fn policies(evidence: &Evidence, sets: &BTreeSet<String>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for set in sets.iter().filter_map(|arn| evidence.permission_sets.get(arn)) {
        let boundary = match set.boundary.known() {
            Ok(Some(Boundary::CustomerManaged(policy))) => Some(policy),
            Ok(Some(Boundary::AwsManaged(_)) | None) | Err(_) => None,
        };
        let managed = set.customer_managed.known().ok().into_iter().flatten();
        names.extend(managed.chain(boundary).map(|PolicyReference { name, .. }| name.clone()));
    }
    names
}

/// The policies above the account, and what it stands below.
fn organization(evidence: &Evidence) -> BTreeSet<String> {
    let policies = &evidence.policies;
    let attached = policies.attached.values().flat_map(|target| [&target.service_control, &target.resource_control]);
    let attached = attached.filter_map(|fact| fact.known().ok()).flatten();
    // AWS's own policy cannot be changed, and is attached everywhere.
    let own = attached.filter(|policy| !policy.aws_managed).map(|policy| policy.id.clone());
    own.chain(policies.attached.keys().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample;

    #[test]
    fn a_question_is_sought_by_what_is_known_of_it() {
        let evidence = sample::healthy();
        let now = evidence.collected_at + SignedDuration::from_secs(9);
        let sought = sought(&evidence, SignedDuration::from_hours(24), now, &["222233334444".to_owned()]);
        assert_eq!(sought.window.since, evidence.collected_at - SignedDuration::from_hours(24));
        assert_eq!(sought.user.as_deref(), evidence.user_id().ok().flatten());
        assert!(sought.accounts.all().contains("222233334444"), "{sought:#?}");
        assert_eq!(sought.accounts.target, evidence.account.id);
        insta::assert_debug_snapshot!(sought);
    }
}
