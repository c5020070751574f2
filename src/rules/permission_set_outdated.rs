//! The role carries an older version of the permission set.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::model::SetInAccount;
use crate::model::fixes;

rule! {
    gate: Gate::Provisioning,
    worst: Worst::Degrades,
    clear: "in the latest version",
    summary: "the role carries an older version of the permission set (degrades)",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    if !here.stands {
        return Ok(Outcome::NotApplicable);
    }
    let provisioned = here.provisioned();
    match (provisioned.in_older_version()?, provisioned.in_latest_version()?) {
        (false, true) => return Ok(Outcome::Clear),
        (false, false) => return Ok(Outcome::NotApplicable),
        (true, true) => {
            return Err(provisioned.unclear("AWS lists the permission set both as latest and as outdated").into());
        }
        (true, false) => {}
    }
    let set = here.label();
    let message = format!(
        "Permission set {set} was changed after it was last provisioned to account {}: people get in, with the policies \
         it had before.",
        here.account_label()
    );
    Fault::degrades(message, provisioned.cite_older(format!("{set} is LATEST_PERMISSION_SET_NOT_PROVISIONED")))
        .mended_by([fixes::provision(here)])
        .found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, sample};
    use crate::findings::Effect;
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    #[test]
    fn degrades_and_never_blocks() {
        let mut evidence = sample::healthy();
        let lists = Call::ListPermissionSetsProvisionedToAccount;
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        evidence.account.provisioned_outdated = sample::known(lists, vec![sample::SET.into()]);
        assert!(check(&evidence, &path()).is_err());
        evidence.account.provisioned_latest = sample::known(lists, vec![]);
        let Ok(Outcome::Fault(fault)) = check(&evidence, &path()) else { panic!("no fault") };
        assert_eq!(fault.effect, Effect::Degrades);
    }
}
