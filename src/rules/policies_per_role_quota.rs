//! The permission set carries more policies than a role may have in the account.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst, inside_target};
use crate::model::SetInAccount;
use crate::model::{fixes, permission_set_role, required_policies};

rule! {
    gate: Gate::Policy,
    worst: Worst::BlocksWithoutRole,
    clear: "within the quota of a role",
    summary: "the permission set carries more policies than a role may have in that account",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    let set = here.permission_set(here.arn)?;
    let count = set.aws_managed.known()?.len() + set.customer_managed.known()?.len();
    if count == 0 {
        return Ok(Outcome::NotApplicable);
    }
    let quotas = &here.inside().quotas;
    let quota = inside_target(here.in_account, quotas)?
        .attached_policies_per_role
        .ok_or_else(|| quotas.unclear("IAM did not say how many policies a role may have"))?;
    if usize::try_from(quota).is_ok_and(|quota| count <= quota) {
        return Ok(Outcome::Clear);
    }
    let effect = permission_set_role::effect(here)?;
    let name = here.label();
    let message = format!(
        "Permission set {name} carries {count} managed policies, but a role may have {quota} in account {}, {}.",
        here.account_label(),
        required_policies::consequence(here, effect)
    );
    Fault::new(effect, message, quotas.cite(format!("AttachedPoliciesPerRoleQuota is {quota}")))
        .proved_by(set.customer_managed.cite("customer managed policies of the permission set"))
        .proved_by(set.aws_managed.cite("AWS managed policies of the permission set"))
        .fix("Merge policies of the permission set, so that it carries fewer", None)
        .fix(
            format!("Or ask AWS for {count} managed policies on a role of this account (its quota \"Managed policies per role\"), and wait until they are granted"),
            fixes::raise_policies_per_role(here.in_account, count),
        )
        .mended_by([fixes::provision(here)])
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, Quotas, sample};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    #[test]
    fn compares_with_the_accounts_own_quota() {
        let with = |attached_policies_per_role| {
            let mut evidence = sample::healthy();
            evidence.account.inside.quotas = sample::known(Call::GetAccountSummary, Quotas { attached_policies_per_role });
            check(&evidence, &path())
        };
        assert_eq!(with(Some(1)), Ok(Outcome::Clear));
        assert!(matches!(with(Some(0)), Ok(Outcome::Fault(_))));
        assert!(with(None).is_err());
    }
}
