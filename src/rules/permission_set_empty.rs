//! The permission set grants nothing at all.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::Evidence;
use crate::fixes;
use crate::paths::Path;

pub(super) static RULE: Rule = Rule {
    id: "permission-set-empty",
    gate: Gate::Provisioning,
    worst: Worst::Degrades,
    clear: "",
    summary: "the permission set grants nothing at all (degrades)",
    explain: include_str!("../../docs/rules/permission-set-empty.md"),
    check: Check::PerPath(check),
};

fn check(evidence: &Evidence, path: &Path) -> Judged {
    let set = evidence.permission_set(&path.permission_set)?;
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
    let name = evidence.permission_set_label(&path.permission_set);
    let message = format!("Permission set {name} has no policy of any kind: people get in, and everything is denied.");
    let what = format!("Attach the policy that {name} should have, for example an AWS managed one");
    Fault::degrades(message, set.aws_managed.cite("no AWS managed policy"))
        .proved_by(set.customer_managed.cite("no customer managed policy"))
        .proved_by(set.inline.cite("no inline policy"))
        .mended_by([fixes::attach_aws_managed(evidence, &path.permission_set, &what), fixes::provision(evidence, path)])
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};

    #[test]
    fn empty_only_where_all_three_kinds_are_known_to_be() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence, &sample::path()), Ok(Outcome::Clear));
        let call = Call::ListCustomerManagedPolicyReferencesInPermissionSet;
        let set = evidence.access.permission_sets.get_mut(sample::SET).expect("there");
        set.customer_managed = sample::known(call, vec![]);
        assert!(matches!(check(&evidence, &sample::path()), Ok(Outcome::Fault(_))));
        let set = evidence.access.permission_sets.get_mut(sample::SET).expect("there");
        set.inline = sample::denied(Call::GetInlinePolicyForPermissionSet);
        assert!(check(&evidence, &sample::path()).is_err());
    }
}
