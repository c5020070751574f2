//! The role's policies are not the permission set's.

use std::collections::BTreeSet;

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Call, Gaps};
use crate::model::SetInAccount;
use crate::model::{fixes, permission_set_role};
use crate::{iam_policy, wording};

rule! {
    gate: Gate::Role,
    worst: Worst::Degrades,
    clear: "",
    summary: "the role's policies are not the permission set's (degrades)",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    let Some(role) = permission_set_role::role_of(here)? else { return Ok(Outcome::NotApplicable) };
    // A role that waits for a newer version of the set differs from it by nature.
    if !here.provisioned().in_latest_version()? {
        return Ok(Outcome::NotApplicable);
    }
    let set = here.permission_set(here.arn)?;
    let carried = here.inside().role_policies.get(&role.arn).ok_or_else(|| {
        here.unasked(Call::ListAttachedRolePolicies, format!("the policies of role {} were not read", role.name))
    })?;
    let (partition, account) = (here.instance()?.partition(), here.account().id.as_deref().unwrap_or_default());
    let mut gaps = Gaps::default();
    let aws_managed = gaps.keep(set.aws_managed.known());
    let customer_managed = gaps.keep(set.customer_managed.known());
    let attached = gaps.keep(carried.attached.known());
    let inline = gaps.keep(set.inline.known());
    let names = gaps.keep(carried.inline.known());
    let (Some(aws_managed), Some(customer_managed), Some(attached), Some(inline), Some(names)) =
        (aws_managed, customer_managed, attached, inline, names)
    else {
        return Err(gaps);
    };
    let customer_managed = customer_managed.iter().map(|reference| reference.arn(partition, account));
    let wanted: BTreeSet<String> = aws_managed.iter().cloned().chain(customer_managed).collect();
    let has: BTreeSet<String> = attached.iter().cloned().collect();
    let lacks: Vec<String> = wanted.difference(&has).cloned().collect();
    let extra: Vec<String> = has.difference(&wanted).cloned().collect();
    let mut differences = Vec::new();
    if !lacks.is_empty() {
        differences.push(format!("it lacks {}", wording::list(lacks, 3)));
    }
    if !extra.is_empty() {
        differences.push(format!("it carries {} too", wording::list(extra, 3)));
    }
    let mut documents = Vec::new();
    for name in names {
        let document = carried.documents.get(name).ok_or_else(|| {
            here.unasked(Call::GetRolePolicy, format!("inline policy {name} of role {} was not read", role.name))
        })?;
        documents.extend(document.known()?.clone());
    }
    match (inline, documents.as_slice()) {
        (None, []) => {}
        (Some(_), []) => differences.push("it lacks the inline policy".to_owned()),
        (None, [_, ..]) => differences.push("it carries an inline policy that the permission set has not".to_owned()),
        (Some(wanted), [..]) if documents.iter().all(|document| iam_policy::is_same(document, wanted)) => {}
        (Some(_), [..]) => differences.push("its inline policy is another".to_owned()),
    }
    if differences.is_empty() {
        return Ok(Outcome::Clear);
    }
    let name = here.label();
    let message = format!(
        "Role {} does not carry the policies of permission set {name}, although the set counts as provisioned in its latest \
         version: {}.",
        role.name,
        differences.join("; ")
    );
    Fault::degrades(
        message,
        carried.attached.cite(format!("{} attached to the role", wording::count(has.len(), "policy"))),
    )
    .proved_by(carried.inline.cite(format!("{} on the role", wording::count(names.len(), "inline policy"))))
    .proved_by(set.customer_managed.cite("the customer managed policies that the permission set names"))
    .mended_by([fixes::provision(here)])
    .likely_where(permission_set_role::is_one_of_several(here))
    .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::sample;
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    fn fault_of(evidence: &Evidence) -> Option<String> {
        match check(evidence, &path()) {
            Ok(Outcome::Fault(fault)) => Some(fault.message),
            _ => None,
        }
    }

    #[test]
    fn compares_attached_and_inline_policies() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        let carried = evidence.account.inside.role_policies.get_mut(sample::ROLE).expect("there");
        carried.attached = sample::known(Call::ListAttachedRolePolicies, vec![]);
        assert!(fault_of(&evidence).is_some_and(|message| message.contains("lacks arn:aws:iam")));
        let mut evidence = sample::healthy();
        let set = evidence.permission_sets.get_mut(sample::SET).expect("there");
        set.inline = sample::known(Call::GetInlinePolicyForPermissionSet, Some(r#"{"a":1,"b":2}"#.into()));
        assert!(fault_of(&evidence).is_some());
        let carried = evidence.account.inside.role_policies.get_mut(sample::ROLE).expect("there");
        carried.inline = sample::known(Call::ListRolePolicies, vec!["AwsSSOInlinePolicy".to_owned()]);
        let document = sample::known(Call::GetRolePolicy, Some(r#"{ "b": 2, "a": 1 }"#.into()));
        carried.documents.insert("AwsSSOInlinePolicy".to_owned(), document);
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
    }

    #[test]
    fn an_outdated_role_differs_by_nature() {
        let mut evidence = sample::healthy();
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        assert_eq!(check(&evidence, &path()), Ok(Outcome::NotApplicable));
    }
}
