//! The permission set grants nothing at all.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::model::{SetInAccount, ToCome};
use crate::model::{fixes, permission_set_role};
use crate::wording;

rule! {
    gate: Gate::Provisioning,
    worst: Worst::Degrades,
    clear: "",
    summary: "the permission set grants nothing at all (degrades)",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    let set = here.permission_set(here.arn)?;
    // What it names beside is told only later, and that it is not told tells itself.
    if here.to_come == Some(ToCome::InPart) {
        return Ok(Outcome::NotApplicable);
    }
    // One policy of any kind is enough, whatever else could not be read.
    let known = [
        set.aws_managed.known().map(|policies| !policies.is_empty()),
        set.customer_managed.known().map(|policies| !policies.is_empty()),
        set.inline.known().map(Option::is_some),
    ];
    if known.iter().any(|some| some == &Ok(true)) {
        return Ok(Outcome::Clear);
    }
    for some in known {
        some?;
    }
    let name = here.label();
    let carried = permission_set_role::role_of(here).map(|role| {
        let role = role?;
        let carried = here.inside().role_policies.get(&role.arn)?;
        Some((role, carried, carried.attached.known().ok()?.len() + carried.inline.known().ok()?.len()))
    });
    let latest = here.provisioned().in_latest_version();
    let (consequence, sure) = match (&carried, latest) {
        (Ok(Some((role, _, some @ 1..))), _) => {
            let some = wording::count(*some, "policy");
            let provisioned = "and once the permission set is provisioned there, everything is denied";
            (format!("role {} in the account still carries {some}, {provisioned}", role.name), true)
        }
        (Ok(Some((_, _, 0))), _) | (Ok(None) | Err(_), Ok(true)) => {
            ("people get in, and everything is denied".to_owned(), true)
        }
        (Ok(None) | Err(_), Ok(false) | Err(_)) => {
            ("once it is provisioned to the account, people get in and everything is denied".to_owned(), false)
        }
    };
    let message = format!("Permission set {name} has no policy of any kind: {consequence}.");
    let what = format!("Attach the policy that {name} should have, for example an AWS managed one");
    let mut fault = Fault::degrades(message, set.aws_managed.cite("no AWS managed policy"))
        .proved_by(set.customer_managed.cite("no customer managed policy"))
        .proved_by(set.inline.cite("no inline policy"));
    if let Ok(Some((role, carried, some))) = carried {
        let some = wording::count(some, "policy");
        fault = fault.proved_by(carried.attached.cite(format!("{some} on role {}", role.name)));
    }
    fault = fault.mended_by([
        fixes::attach_aws_managed(here.in_account, here.arn, &what),
        Fix { caution: None, ..fixes::provision(here) },
    ]);
    if sure { fault } else { fault.likely() }.found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, sample};
    use crate::findings::Confidence;
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    #[test]
    fn empty_only_where_all_three_kinds_are_known_to_be() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
        let set = evidence.permission_sets.get_mut(sample::SET).expect("there");
        set.customer_managed = sample::known(call, vec![]);
        assert!(matches!(check(&evidence, &path()), Ok(Outcome::Fault(_))));
        let set = evidence.permission_sets.get_mut(sample::SET).expect("there");
        set.inline = sample::denied(Call::GetInlinePolicyForPermissionSet);
        assert!(check(&evidence, &path()).is_err());
    }
    #[test]
    fn emptied_but_not_provisioned_the_role_goes_on_with_what_it_has() {
        let told = |evidence: &Evidence| match check(evidence, &path()) {
            Ok(Outcome::Fault(fault)) => (fault.message.clone(), fault.confidence),
            other => panic!("no fault: {other:?}"),
        };
        let mut evidence = sample::healthy();
        let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
        evidence.permission_sets.get_mut(sample::SET).expect("there").customer_managed =
            sample::known(call, vec![]);
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        let (message, confidence) = told(&evidence);
        assert!(message.contains("still carries 1 policy, and once"), "{message}");
        assert_eq!(confidence, Confidence::Confirmed);
        let mut unread = evidence.clone();
        unread.account.inside.role_policies.clear();
        let (message, confidence) = told(&unread);
        assert!(message.contains("once it is provisioned") && confidence == Confidence::Likely, "{message}");
        let carried = evidence.account.inside.role_policies.get_mut(sample::ROLE).expect("there");
        carried.attached = sample::known(Call::ListAttachedRolePolicies, vec![]);
        assert!(told(&evidence).0.ends_with("people get in, and everything is denied."));
    }
}
