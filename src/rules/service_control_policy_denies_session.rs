//! Service control policies leave the session nothing to do. They never keep anybody from signing in: the call that takes
//! people into the account is not made by an identity of the account, which is all that these policies bind.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::InAccount;
use crate::iam_policy::{Cut, Statement};
use crate::model::{Session, Through};
use crate::model::fixes;
use crate::model::organization_policies::{Level, label, place};
use crate::model::session_policies::{
    Left, Origin, Piece, Stack, TierKind, capitalised, denied as denied_by, list_of_cuts, reason, rest,
    under_organization, unmet,
};
use crate::wording;

rule! {
    gate: Gate::OrganizationPolicy,
    worst: Worst::Degrades,
    clear: "SCPs leave them something",
    summary: "service control policies leave the session nothing (degrades)",
    check: Check::Session(check),
}

const CONSEQUENCE: &str = "People sign in and get their role, and then every call is refused.";

fn check(session: Session<'_>) -> Judged {
    if session.permission_set().is_some_and(|set| !set.has_sessions()) {
        return Ok(Outcome::NotApplicable);
    }
    let whose = session.whose();
    let Some(stack) = under_organization(session)? else { return Ok(Outcome::NotApplicable) };
    let fault = match Left::lost_by_organization(&stack) {
        Some(Left::Nothing(cuts)) => nothing(session, &stack, &cuts, &whose),
        Some(Left::Only(cut)) => denied(session, &stack, &cut, &whose),
        Some(Left::Something | Left::Unclear(..)) | None => None,
    };
    match fault {
        Some(fault) => fault.found(),
        None => stack.unknown().none_or_err().map(|()| Outcome::Clear),
    }
}

fn nothing(session: Session<'_>, stack: &Stack<'_>, cuts: &[Cut<'_>], whose: &str) -> Option<Fault> {
    let here = session.in_account;
    if let [cut] = cuts {
        return match *cut {
            Cut::Denies { .. } => denied(session, stack, cut, whose),
            Cut::Lacks { layer } => match stack.tiers.get(layer)?.kind {
                TierKind::Level(level) => {
                    Some(nothing_allowed(here, &level, whose, unmet(stack.tiers.get(layer)?, stack).as_deref()))
                }
                TierKind::Own | TierKind::Boundary => None,
            },
        };
    }
    let of_own = |cut: &&Cut<'_>| !is_level(stack, cut);
    let what = if cuts.iter().any(|cut| of_own(&cut)) {
        format!("nothing of what {whose} grants")
    } else {
        format!("nothing to sessions of {whose}")
    };
    let message = format!(
        "Together, policies leave {what} in account {}: {}. {CONSEQUENCE}",
        here.account_label(),
        list_of_cuts(stack, cuts)
    );
    let of_organization: Vec<&Cut<'_>> = cuts.iter().filter(|cut| is_level(stack, cut)).collect();
    let mut pieces: Vec<&Piece<'_>> = of_organization.iter().flat_map(|cut| pieces(stack, cut)).collect();
    // Two statements of one policy are one thing to edit.
    pieces.dedup_by_key(|piece| piece.name().into_owned());
    let mut proof = pieces.iter().map(|piece| piece.cite(told(piece)));
    let mut fault = proof.by_ref().take(1).map(|first| Fault::degrades(message.clone(), first)).next()?;
    fault = proof.fold(fault, Fault::proved_by);
    for piece in pieces {
        if let Origin::Organization(_, policy) = piece.origin {
            let what = format!("If that is not meant, let {} allow what is to be done", label(policy));
            fault = fault.about([policy.into()]).mended_by(fixes::edit(here, policy, &what));
        }
    }
    Some(fault)
}

fn is_level(stack: &Stack<'_>, cut: &Cut<'_>) -> bool {
    let (Cut::Denies { layer, .. } | Cut::Lacks { layer }) = *cut;
    stack.tiers.get(layer).is_some_and(|tier| matches!(tier.kind, TierKind::Level(_)))
}

fn pieces<'a, 'b>(stack: &'b Stack<'a>, cut: &Cut<'_>) -> Vec<&'b Piece<'a>> {
    match *cut {
        Cut::Denies { layer, policy, .. } => stack.piece(layer, policy).into_iter().collect(),
        Cut::Lacks { layer } => stack.tiers.get(layer).map(|tier| tier.pieces.iter().collect()).unwrap_or_default(),
    }
}

fn told(piece: &Piece<'_>) -> String {
    let statements = piece.policy().map(|policy| &policy.statements[..]).unwrap_or_default();
    let statements = wording::list(statements.iter().map(Statement::label), 3);
    let name = piece.name();
    let name = name.trim_end_matches(',');
    if statements.is_empty() { name.to_owned() } else { format!("{name}: {statements}") }
}

/// One statement denies everything, or all but what it excepts.
fn denied(session: Session<'_>, stack: &Stack<'_>, cut: &Cut<'_>, whose: &str) -> Option<Fault> {
    let here = session.in_account;
    let Cut::Denies { layer, policy, statement } = *cut else { return None };
    let piece = stack.piece(layer, policy)?;
    let Origin::Organization(level, policy) = piece.origin else { return None };
    let (at, label_of_policy, name) = (place(level.target), label(policy), capitalised(&piece.name()));
    let (statement_label, told) = (statement.label(), denied_by(statement, stack));
    let left = match rest(statement, stack) {
        None => CONSEQUENCE.to_owned(),
        Some(rest) => format!("People sign in and get their role, and can do no more than {rest}."),
    };
    let message = format!(
        "{name} denies {told} to sessions of {whose} in account {} ({statement_label}{}). {left}",
        here.account_label(),
        reason(statement, stack)
    );
    // Nobody gets more by it than they need: the roles of Identity Center, or the one role of an entitlement.
    let (whom, arn) = match session.through {
        Through::PermissionSet(_) => {
            let partition = here.partition();
            ("Identity Center", format!("arn:{partition}:iam::*:role/aws-reserved/sso.amazonaws.com/*"))
        }
        Through::Entitlement(entitled) => (entitled.role_name(), entitled.role_arn.clone()),
    };
    let exemption = format!(
        "If that is not meant, exempt {whom} in {statement_label} with the condition \"ArnNotLike\": \
         {{\"aws:PrincipalArn\": \"{arn}\"}}"
    );
    let attached = level.listed.cite(format!("{label_of_policy} is attached to {at}"));
    let fault = Fault::degrades(message, piece.cite(format!("{statement_label} of {label_of_policy} denies {told}")))
        .proved_by(attached)
        .about([policy.into()])
        .mended_by(fixes::edit(here, policy, &exemption))
        .mended_by([fixes::detach(here, policy, level.target, &statement_label)]);
    Some(fault)
}

/// No policy of a level allows anything.
fn nothing_allowed(here: InAccount<'_>, level: &Level<'_>, whose: &str, unmet: Option<&str>) -> Fault {
    let at = place(level.target);
    let attached = wording::list(level.policies.iter().map(label), 3);
    let (none, nobody) = match unmet {
        None => ("none allows anything".to_owned(), format!("nobody in account {} can do", here.account_label())),
        Some(unmet) => {
            (unmet.to_owned(), format!("they cannot do in account {}: {unmet}", here.account_label()))
        }
    };
    let message = format!(
        "No service control policy attached to {at} allows sessions of {whose} anything, and what one level does not \
         allow, {nobody}. {CONSEQUENCE}",
    );
    Fault::degrades(message, level.listed.cite(format!("{attached} at {at}, and {none}")))
        .mended_by([fixes::allow_everything(here, level.target)])
}

#[cfg(test)]
mod tests;
