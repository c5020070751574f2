//! An AWS managed policy of the permission set does not exist.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::findings::Subject;
use crate::evidence::Gaps;
use crate::model::SetInAccount;
use crate::model::{fixes, permission_set_role, required_policies};
use crate::wording;

rule! {
    gate: Gate::Policy,
    worst: Worst::BlocksWithoutRole,
    clear: "AWS managed policies exist",
    summary: "an AWS managed policy of the permission set does not exist (retired, or another partition's)",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    let reference = &here.permission_set(here.arn)?.aws_managed;
    let arns = reference.known()?;
    if arns.is_empty() {
        return Ok(Outcome::NotApplicable);
    }
    let mut gaps = Gaps::default();
    let mut missing: Vec<(&str, String)> = Vec::new();
    let mut proof = Vec::new();
    for arn in arns {
        if let Some(Some(why)) = gaps.keep(required_policies::missing_aws_managed(here.in_account, arn)) {
            missing.push((arn, why.because));
            proof.extend(why.proof);
        }
    }
    let Some((_, why)) = missing.first() else { return gaps.none_or_err().map(|()| Outcome::Clear) };
    let effect = permission_set_role::effect(here)?;
    let names = wording::list(missing.iter().map(|(arn, _)| (*arn).to_owned()), 2);
    let message = format!(
        "AWS managed policy {names} does not exist in account {}: {why}, {}.",
        here.account_label(),
        required_policies::consequence(here, effect)
    );
    let mut fault = Fault::new(effect, message, reference.cite(format!("the permission set names {names}")));
    fault = fault.about(missing.iter().map(|(arn, _)| Subject::AwsManagedPolicy((*arn).to_owned())));
    fault.proof.extend(proof);
    for (arn, _) in missing {
        let set = here.arn;
        let what = format!("If people need what {arn} allowed, attach the policy that takes its place first");
        fault = fault.mended_by([
            fixes::attach_aws_managed(here.in_account, set, &what),
            fixes::detach_aws_managed(here.in_account, set, arn),
        ]);
    }
    fault.mended_by([fixes::provision(here)]).found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, sample};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    fn with(arn: &str, exists: Option<bool>) -> Judged {
        let mut evidence = sample::healthy();
        let set = evidence.permission_sets.get_mut(sample::SET).expect("there");
        set.aws_managed = sample::known(Call::ListManagedPoliciesInPermissionSet, vec![arn.to_owned()]);
        let fact = match exists {
            Some(exists) => sample::known(Call::GetPolicy, exists.then(|| "ReadOnlyAccess".to_owned())),
            None => sample::denied(Call::GetPolicy),
        };
        evidence.account.inside.aws_managed.insert(arn.to_owned(), fact);
        check(&evidence, &path())
    }

    #[test]
    fn looks_for_each_policy_and_minds_the_partition() {
        let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        assert_eq!(with(arn, Some(true)), Ok(Outcome::Clear));
        assert!(matches!(with(arn, Some(false)), Ok(Outcome::Fault(_))));
        assert!(with(arn, None).is_err());
        let gov = "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess";
        assert!(matches!(with(gov, Some(true)), Ok(Outcome::Fault(_))));
        assert_eq!(check(&sample::healthy(), &path()), Ok(Outcome::NotApplicable));
    }
}
