//! The account has no role for the permission set, or not the one that the user is entitled to.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{InAccount, PrincipalType, permission_set_of_role};
use crate::findings::NearMiss;
use crate::model::paths::Entitled;
use crate::model::{SetInAccount, entitled_role, fixes, permission_set_role};
use crate::wording;

rule! {
    gate: Gate::Role,
    worst: Worst::Blocks,
    clear: "in the account",
    summary: "the AWSReservedSSO role, or the role that an entitlement names, is not in the account",
    check: Check::Role(check, check_entitled),
}

fn check(here: SetInAccount<'_>) -> Judged {
    // What a permission set is called that is gone, and so its role, nobody knows any more.
    if !here.stands || here.permission_set_name(here.arn)?.is_none() {
        return Ok(Outcome::NotApplicable);
    }
    if permission_set_role::role_of(here)?.is_some() {
        return Ok(Outcome::Clear);
    }
    let set = here.label();
    let roles = &here.inside().roles;
    let all = roles.known()?;
    // A role of that name elsewhere is left over from an earlier instance, or from another Region.
    let stray = all.iter().find(|role| permission_set_of_role(&role.name) == Some(set));
    let stray = stray.map(|role| format!(" {} is a role of another Region or of an earlier instance.", role.arn));
    let message = format!(
        "Account {} has no role AWSReservedSSO_{set}_…, the one that people with permission set {set} get.{}",
        here.account_label(),
        stray.unwrap_or_default()
    );
    let looked = format!("{} of Identity Center in the account, none for {set}", wording::count(all.len(), "role"));
    Fault::blocks(message, roles.cite(looked)).mended_by([fixes::provision(here)]).found()
}

fn check_entitled(here: InAccount<'_>, entitled: &Entitled) -> Judged {
    let fact = entitled_role::asked(here, entitled)?;
    // IAM finds a role by its name alone, in whatever case and under whatever path; an entitlement names the whole ARN.
    let other = match entitled_role::known(here, fact)? {
        Some(role) if role.arn == entitled.role_arn => return Ok(Outcome::Clear),
        other => other,
    };
    let name = entitled.role_name();
    let account = here.account_label();
    let near = other.map(|role| {
        let differs_in = if role.name == name { "path" } else { "case" };
        NearMiss { arn: role.arn.clone(), differs_in }
    });
    let there =
        near.as_ref().map(|near| format!(" The account has {}, which differs in its {}.", near.arn, near.differs_in));
    let message = format!(
        "Role {}, which the entitlement names, does not exist in account {account}.{}",
        entitled.role_arn,
        there.unwrap_or_default()
    );
    let looked = match &near {
        Some(near) => format!("the role of that name is {}", near.arn),
        None => format!("there is no role {name}"),
    };
    let path = entitled.role_arn.split_once(":role").and_then(|(_, path)| path.strip_suffix(name)).unwrap_or("/");
    let trust = entitled_role::trust_policy(entitled);
    let mut fault = Fault::blocks(message, fact.cite(looked));
    fault = match near {
        Some(near) => {
            let right = Entitled { role_arn: near.arn.clone(), ..entitled.clone() };
            fault.near_misses.push(near);
            let whom = match entitled.via.kind {
                PrincipalType::User => here.user_label(&entitled.via.id).to_owned(),
                PrincipalType::Group => format!("group {}", here.group_label(&entitled.via.id)),
            };
            let what = format!("If the role that is there is the one meant, entitle {whom} to it");
            let caution = format!("{whom} then may do whatever that role may");
            fault.mended_by([Fix::new(what, fixes::entitle(here, &right)).careful(caution)])
        }
        None => fault.fix(
            format!(
                "Create role {name} in the account, with a trust policy that lets account access manager in; what people may \
                 do there, the policies say that you attach to it"
            ),
            fixes::create_role(here, name, path, &trust),
        ),
    };
    fault.found()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::sample::entitled;
    use crate::evidence::{Call, sample};
    use crate::model::paths::Assigned;
    use crate::rules::{on_entitlement, on_path};

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    fn check_entitled(evidence: &Evidence, entitled: &Entitled) -> Judged {
        on_entitlement(&RULE, evidence, entitled)
    }

    #[test]
    fn an_entitlement_names_the_whole_arn() {
        let mut evidence = entitled::only();
        let check = |evidence: &Evidence| check_entitled(evidence, &crate::model::sample::entitlement());
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        let mut role = entitled::role(entitled::trust());
        role.arn = "arn:aws:iam::123456789012:role/DataReader".into();
        let found = |role| sample::known(Call::GetRole, role);
        evidence.account.inside.entitled_roles.insert(entitled::ROLE.into(), found(Some(role)));
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        assert_eq!(fault.near_misses[0].differs_in, "path");
        evidence.account.inside.entitled_roles.insert(entitled::ROLE.into(), found(None));
        let Ok(Outcome::Fault(fault)) = check(&evidence) else { panic!("no fault") };
        let command = fault.fixes[0].command.as_ref().expect("a command").shell();
        assert!(command.contains("--role-name DataReader --path /data/ "), "{command}");
        evidence.account.inside.entitled_roles.clear();
        assert!(check(&evidence).is_err());
    }

    fn with_role(name: &str, path: &str) -> Judged {
        let mut evidence = sample::healthy();
        let mut role = evidence.account.inside.roles.known().expect("known")[0].clone();
        (role.name, role.path) = (name.to_owned(), path.to_owned());
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![role]);
        check(&evidence, &crate::model::sample::path())
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
        evidence.account.inside.roles = sample::denied(Call::ListRoles);
        assert!(check(&evidence, &crate::model::sample::path()).is_err());
    }
}
