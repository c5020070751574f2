//! The permission set's permissions boundary is not in the account.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::findings::Subject;
use crate::evidence::{Boundary, Fact, PolicyReference};
use crate::model::SetInAccount;
use crate::model::required_policies::Named;
use crate::model::{fixes, permission_set_role, required_policies};

rule! {
    gate: Gate::Policy,
    worst: Worst::BlocksWithoutRole,
    clear: "the permissions boundary is there",
    summary: "the policy that is the permission set's permissions boundary does not exist in the target account",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    let boundary = &here.permission_set(here.arn)?.boundary;
    match boundary.known()? {
        Some(Boundary::CustomerManaged(reference)) => customer_managed(here, boundary, reference),
        Some(Boundary::AwsManaged(arn)) => aws_managed(here, boundary, arn),
        None => Ok(Outcome::NotApplicable),
    }
}

fn customer_managed(here: SetInAccount<'_>, boundary: &Fact<Option<Boundary>>, reference: &PolicyReference) -> Judged {
    let missing = required_policies::missing(here.in_account, std::iter::once(reference))?;
    let Some(first) = missing.first() else { return Ok(Outcome::Clear) };
    let effect = permission_set_role::effect(here)?;
    let name = reference.label();
    let message = format!(
        "Permissions boundary {name} does not exist in account {}, {}.{}",
        here.account_label(),
        required_policies::consequence(here, effect),
        required_policies::near_miss_sentence(first)
    );
    let mut fault =
        Fault::new(effect, message, here.inside().policies.cite(format!("no policy in the account is {name}")))
            .proved_by(boundary.cite(format!("the permission set's boundary is {name}")));
    fault = fault.about([Subject::Policy(reference.clone())]);
    fault.near_misses.clone_from(&first.near_misses);
    required_policies::fix(fault, here, &missing, Named::Boundary).found()
}

fn aws_managed(here: SetInAccount<'_>, boundary: &Fact<Option<Boundary>>, arn: &str) -> Judged {
    let Some(why) = required_policies::missing_aws_managed(here.in_account, arn)? else { return Ok(Outcome::Clear) };
    let effect = permission_set_role::effect(here)?;
    let message = format!(
        "Permissions boundary {arn} does not exist: {}, {}.",
        why.because,
        required_policies::consequence(here, effect)
    );
    let mut fault = Fault::new(effect, message, boundary.cite(format!("the permission set's boundary is {arn}")));
    fault.proof.extend(why.proof);
    fault
        .about([Subject::AwsManagedPolicy(arn.to_owned())])
        .fix("Give the permission set a boundary that exists, in place of this one", None)
        .mended_by([fixes::provision(here)])
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, PolicyReference, sample};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    fn with_boundary(boundary: Option<Boundary>) -> Judged {
        let mut evidence = sample::healthy();
        let set = evidence.permission_sets.get_mut(sample::SET).expect("there");
        set.boundary = sample::known(Call::GetPermissionsBoundaryForPermissionSet, boundary);
        check(&evidence, &path())
    }

    #[test]
    fn looks_for_the_boundary_by_name_and_path() {
        let named =
            |name: &str| Some(Boundary::CustomerManaged(PolicyReference { name: name.into(), path: "/".into() }));
        assert_eq!(with_boundary(None), Ok(Outcome::NotApplicable));
        assert_eq!(with_boundary(named("my-redshift-analyst-policy")), Ok(Outcome::Clear));
        assert!(matches!(with_boundary(named("boundary")), Ok(Outcome::Fault(_))));
        // What was not looked for may be there.
        let aws = |partition| Some(Boundary::AwsManaged(format!("arn:{partition}:iam::aws:policy/PowerUserAccess")));
        assert!(with_boundary(aws("aws")).is_err());
        assert!(matches!(with_boundary(aws("aws-cn")), Ok(Outcome::Fault(_))));
    }
}
