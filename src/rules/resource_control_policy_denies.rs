//! A resource control policy denies the call that takes the user into the account: Identity Center's with a SAML assertion,
//! or account access manager's as a service. The two are denied apart from each other, and role by role.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Gaps, InAccount, PolicyKind};
use crate::model::denials::{self, Denial, TAG_SESSION};
use crate::model::organization_policies::{self, label, place};
use crate::model::paths::Entitled;
use crate::model::{Session, Through};
use crate::model::{fixes, sign_in_call};
use crate::wording;

rule! {
    gate: Gate::OrganizationPolicy,
    worst: Worst::Blocks,
    clear: "RCPs let people in",
    summary: "a resource control policy denies the call that takes the user in",
    check: Check::Session(check),
}

fn check(session: Session<'_>) -> Judged {
    let Session { in_account: here, person, through } = session;
    let Some(binding) = organization_policies::binding(here, PolicyKind::ResourceControl)? else {
        return Ok(Outcome::NotApplicable);
    };
    let mut gaps = Gaps::default();
    let denials = match through {
        Through::PermissionSet(set) => {
            denials::of_sign_in(here, person, &binding, &sign_in_call::role(here, Some(set)), &mut gaps)
        }
        Through::Entitlement(entitled) => denials::of_entitlement(here, person, &binding, entitled, &mut gaps),
    };
    let Some((first, others)) = denials.split_first() else {
        gaps.0.extend(binding.gaps.0.iter().cloned());
        return gaps.none_or_err().map(|()| Outcome::Clear);
    };
    match through {
        Through::PermissionSet(set) => {
            let of_all = denials::of_every_sign_in(here, person, &binding);
            saml_denied(here, first, others, (!of_all.contains(first)).then_some(set.label())).found()
        }
        Through::Entitlement(entitled) => service_denied(here, first, others, entitled).found(),
    }
}

/// Identity Center's call is denied: on all of its roles, or on that of one permission set.
fn saml_denied(here: InAccount<'_>, first: &Denial<'_>, others: &[Denial<'_>], set: Option<&str>) -> Fault {
    let on = set.map(|set| format!(" on the role of permission set {set}")).unwrap_or_default();
    let how = if first.action == TAG_SESSION {
        "and Identity Center passes session tags when it takes people"
    } else {
        "and that is how Identity Center takes people"
    };
    let message = format!("to callers with a SAML assertion{on} ({}{}), {how}", first.statement, first.provisos);
    let spare = match set {
        Some(set) => format!("leave out the role of permission set {set}"),
        None => "leave out sts:AssumeRoleWithSAML, sts:TagSession and sts:SetSourceIdentity, or add the condition \"Null\": \
                 {\"aws:PrincipalOrgID\": \"false\"}, which spares callers without an organization id"
            .to_owned(),
    };
    shut(here, first, others, &message, &spare)
}

/// Account access manager's call is denied.
fn service_denied(here: InAccount<'_>, first: &Denial<'_>, others: &[Denial<'_>], entitled: &Entitled) -> Fault {
    let message = format!(
        "to account access manager ({}{}), and that is how it takes people by entitlements to role {}",
        first.statement,
        first.provisos,
        entitled.role_name()
    );
    let spare = "leave out sts:AssumeRole, sts:SetContext and sts:TagSession for this role, or add the condition \
                 \"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}, which spares AWS services";
    let fault = shut(here, first, others, &message, spare);
    // That account access manager passes tags on, as Identity Center does, AWS does not say.
    if first.action == TAG_SESSION { fault.likely() } else { fault }
}

/// The way is shut by these; `message` says to whom, and `spare` how a statement lets them in.
fn shut(here: InAccount<'_>, first: &Denial<'_>, others: &[Denial<'_>], message: &str, spare: &str) -> Fault {
    let also: Vec<String> = others.iter().map(|denial| label(denial.policy)).collect();
    let also = if also.is_empty() { String::new() } else { format!(" So does {}.", wording::list(also, 3)) };
    let message = format!(
        "Resource control policy {}, attached to {}, denies {} {message} into account {}.{also}",
        label(first.policy),
        place(first.target),
        first.action,
        here.account_label()
    );
    let mut fault = others.iter().map(Denial::cite).fold(Fault::blocks(message, first.cite()), Fault::proved_by);
    fault = fault.about(std::iter::once(first).chain(others).map(|denial| denial.policy.into()));
    let all = || std::iter::once(first).chain(others);
    for denial in all() {
        let what = format!("In {} of {}, {spare}", denial.statement, label(denial.policy));
        fault = fault.proved_by(denial.cite_attachment()).mended_by(fixes::edit(here, denial.policy, &what));
    }
    fault.mended_by(all().map(|denial| fixes::detach(here, denial.policy, denial.target, &denial.statement)))
}

#[cfg(test)]
mod tests;
