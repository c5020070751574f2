//! Assigned, but the account has no copy of the permission set.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::model::SetInAccount;
use crate::model::{fixes, permission_set_role};

rule! {
    gate: Gate::Provisioning,
    worst: Worst::Blocks,
    clear: "provisioned",
    summary: "assigned, but the permission set is not provisioned to the account",
    check: Check::SetInAccount(check),
}

fn check(here: SetInAccount<'_>) -> Judged {
    if !here.stands {
        return Ok(Outcome::NotApplicable);
    }
    if here.provisioned().in_any_version()? {
        return Ok(Outcome::Clear);
    }
    let set = here.label();
    let role = match permission_set_role::role_of(here) {
        Ok(Some(role)) => format!(", although the account has a role of that name, {}", role.name),
        Ok(None) => ": the account has no role for it".to_owned(),
        Err(_) => String::new(),
    };
    let message = format!(
        "Permission set {set} is assigned in account {}, but it is not provisioned there{role}.",
        here.account_label()
    );
    Fault::blocks(
        message,
        here.provisioned().cite_latest(format!("{set} is not among the permission sets provisioned")),
    )
    .proved_by(here.provisioned().cite_older("nor among those provisioned in an older version"))
    .mended_by([fixes::provision(here)])
    .found()
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

    #[test]
    fn both_lists_must_lack_it() {
        let mut evidence = sample::healthy();
        let lists = Call::ListPermissionSetsProvisionedToAccount;
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
        evidence.account.provisioned_latest = sample::known(lists, vec![]);
        assert!(matches!(check(&evidence, &path()), Ok(Outcome::Fault(_))));
        evidence.account.provisioned_outdated = sample::denied(lists);
        assert!(check(&evidence, &path()).is_err());
        evidence.account.provisioned_outdated = sample::known(lists, vec![sample::SET.into()]);
        assert_eq!(check(&evidence, &path()), Ok(Outcome::Clear));
    }
}
