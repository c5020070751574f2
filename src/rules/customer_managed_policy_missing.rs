//! A customer managed policy that the permission set names is not in the account.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::findings::Subject;
use crate::model::SetInAccount;
use crate::model::required_policies::Named;
use crate::model::{permission_set_role, required_policies};
use crate::wording;

rule! {
    gate: Gate::Policy,
    worst: Worst::BlocksWithoutRole,
    clear: "customer managed policies are in the account",
    summary: "a customer managed policy that the permission set names does not exist, by exact name and path, in the target account",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    let references = &here.permission_set(here.arn)?.customer_managed;
    let wanted = references.known()?;
    if wanted.is_empty() {
        return Ok(Outcome::NotApplicable);
    }
    let missing = required_policies::missing(here.in_account, wanted.iter())?;
    let Some(first) = missing.first() else { return Ok(Outcome::Clear) };
    let effect = permission_set_role::effect(here)?;
    let names = wording::list(missing.iter().map(|missing| missing.reference.label()), 3);
    let (noun, verb) = if missing.len() == 1 { ("policy", "does") } else { ("policies", "do") };
    let message = format!(
        "Customer managed {noun} {names} {verb} not exist in account {}, {}.{}",
        here.account_label(),
        required_policies::consequence(here, effect),
        required_policies::near_miss_sentence(first)
    );
    let policies = &here.inside().policies;
    let count = policies.known().map_or(0, Vec::len);
    let looked = format!("{} in the account, none of them {names}", wording::count(count, "policy"));
    let mut fault = Fault::new(effect, message, policies.cite(looked))
        .proved_by(references.cite(format!("the permission set names {names}")));
    fault = fault.about(missing.iter().map(|missing| Subject::Policy(missing.reference.clone())));
    fault.near_misses = missing.iter().flat_map(|missing| missing.near_misses.clone()).collect();
    required_policies::fix(fault, here, &missing, Named::Policy).found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, CustomerPolicy, sample};
    use crate::findings::Effect;
    use crate::model::paths::Assigned;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    fn with_policy(name: &str, path: &str) -> Evidence {
        let mut evidence = sample::healthy();
        let policy = CustomerPolicy {
            arn: format!("arn:aws:iam::123456789012:policy{path}{name}"),
            name: name.to_owned(),
            path: path.to_owned(),
            default_version: None,
        };
        evidence.account.inside.policies = sample::known(Call::ListPolicies, vec![policy]);
        evidence
    }

    fn near_miss(name: &str, path: &str) -> Option<&'static str> {
        match check(&with_policy(name, path), &crate::model::sample::path()) {
            Ok(Outcome::Fault(fault)) => Some(fault.near_misses.first().map_or("none", |near| near.differs_in)),
            _ => None,
        }
    }

    #[test]
    fn compares_name_and_path_exactly() {
        assert_eq!(near_miss("my-redshift-analyst-policy", "/"), None);
        assert_eq!(near_miss("My-Redshift-Analyst-Policy", "/"), Some("case"));
        assert_eq!(near_miss("my-redshift-analyst-policy", "/data/"), Some("path"));
        assert_eq!(near_miss("my-redshift-analysts-policy", "/"), Some("spelling"));
        assert_eq!(near_miss("something-else", "/"), Some("none"));
    }

    #[test]
    fn degrades_where_the_role_works_and_blocks_where_there_is_none() {
        let mut evidence = with_policy("other", "/");
        let effect = |evidence: &Evidence| match check(evidence, &crate::model::sample::path()) {
            Ok(Outcome::Fault(fault)) => Some(fault.effect),
            _ => None,
        };
        assert_eq!(effect(&evidence), Some(Effect::Degrades));
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        assert_eq!(effect(&evidence), Some(Effect::Blocks));
    }

    #[test]
    fn an_unreadable_account_proves_nothing() {
        let mut evidence = sample::healthy();
        evidence.account.inside.policies = sample::denied(Call::ListPolicies);
        assert!(check(&evidence, &crate::model::sample::path()).is_err());
    }
}
