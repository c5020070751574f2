//! The account has no role for the permission set.

use super::{Check, Fault, Gate, Judged, Outcome, Rule};
use crate::evidence::{Evidence, permission_set_of_role};
use crate::paths::Path;
use crate::{account_role, fixes, wording};

pub(super) static RULE: Rule = Rule {
    id: "role-missing",
    gate: Gate::Role,
    summary: "the AWSReservedSSO role is not in the account",
    explain: include_str!("../../docs/rules/role-missing.md"),
    check: Check::PerPath(check),
};

fn check(evidence: &Evidence, path: &Path) -> Judged {
    if !path.stands {
        return Ok(Outcome::NotApplicable);
    }
    if account_role::role_of(evidence, path)?.is_some() {
        return Ok(Outcome::Clear);
    }
    let set = evidence.permission_set_label(&path.permission_set);
    let roles = &evidence.target.roles;
    let all = roles.known()?;
    // A role of that name elsewhere is left over from an earlier instance, or from another Region.
    let stray = all.iter().find(|role| permission_set_of_role(&role.name) == Some(set));
    let stray = stray.map(|role| format!(" {} is a role of another Region or of an earlier instance.", role.arn));
    let message = format!(
        "Account {} has no role AWSReservedSSO_{set}_…, the one that people with permission set {set} get.{}",
        evidence.account_label(),
        stray.unwrap_or_default()
    );
    let looked = format!("{} of Identity Center in the account, none for {set}", wording::count(all.len(), "role"));
    let (what, command) = fixes::push_again(evidence, path);
    Fault::blocks(message, roles.cite(looked)).fix(what, command).found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};

    fn with_role(name: &str, path: &str) -> Judged {
        let mut evidence = sample::healthy();
        let mut role = evidence.target.roles.known().expect("known")[0].clone();
        (role.name, role.path) = (name.to_owned(), path.to_owned());
        evidence.target.roles = sample::known(Call::ListRoles, vec![role]);
        check(&evidence, &sample::path())
    }

    #[test]
    fn takes_only_the_permission_sets_own_role_at_its_own_path() {
        let path = "/aws-reserved/sso.amazonaws.com/";
        assert_eq!(with_role("AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5", path), Ok(Outcome::Clear));
        for (name, path) in [
            ("AWSReservedSSO_RedshiftAnalyst_Admin_7243976e43c75fc5", path),
            ("AWSReservedSSO_redshiftanalyst_7243976e43c75fc5", path),
            ("AWSReservedSSO_RedshiftAnalyst_7243976e43c75fc5", "/aws-reserved/sso.amazonaws.com/eu-west-1/"),
        ] {
            assert!(matches!(with_role(name, path), Ok(Outcome::Fault(_))), "{path}{name}");
        }
    }

    #[test]
    fn an_unreadable_account_proves_nothing() {
        let mut evidence = sample::healthy();
        evidence.target.roles = sample::denied(Call::ListRoles);
        assert!(check(&evidence, &sample::path()).is_err());
    }
}
