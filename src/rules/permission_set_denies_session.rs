//! The permission set's own policies leave its sessions nothing to do, whoever the user is.

use super::{Check, Fault, Gate, Judged, Outcome, Rule};
use crate::evidence::Evidence;
use crate::fixes;
use crate::paths::Path;
use crate::policy_document::{Cut, Effect, Statement};
use crate::policy_requests::NEVER_THERE;
use crate::session_policies::{
    Left, Origin, Own, Piece, Stack, TierKind, capitalised, left_by_set, list_of_cuts, own, reason,
};
use crate::wording;

pub(super) static RULE: Rule = Rule {
    id: "permission-set-denies-session",
    gate: Gate::Session,
    summary: "the permission set's own policies leave its sessions nothing (degrades)",
    explain: include_str!("../../docs/rules/permission-set-denies-session.md"),
    check: Check::PerPath(check),
};

fn check(evidence: &Evidence, path: &Path) -> Judged {
    if !path.stands {
        return Ok(Outcome::NotApplicable);
    }
    let Some(Own { stack, carried, has_role, .. }) = own(evidence, path)? else { return Ok(Outcome::NotApplicable) };
    let stack = stack.for_everybody();
    let (what, cuts) = match left_by_set(&stack) {
        Left::Nothing(cuts) => (nothing(evidence, path, &stack, &cuts), cuts),
        Left::Only(cut) => (denied(evidence, path, &stack, &cut), vec![cut]),
        // Without its role, there are no sessions yet to say it of.
        Left::Something | Left::Unclear(..) if !has_role => return Ok(Outcome::NotApplicable),
        Left::Something | Left::Unclear(..) => {
            return stack.unknown().none_or_err().map(|()| Outcome::Clear);
        }
    };
    let pieces = involved(&stack, &cuts);
    let Some((first, others)) = pieces.split_first() else { return Ok(Outcome::NotApplicable) };
    let cite = |piece: &&Piece<'_>| piece.cite(shown(piece, &cuts));
    let fault = others.iter().map(cite).fold(Fault::degrades(what, cite(first)), Fault::proved_by);
    let fault = mend(fault, evidence, path, &pieces);
    // What the permission set names, the role may not have yet.
    if carried { fault } else { fault.likely() }.found()
}

fn nothing(evidence: &Evidence, path: &Path, stack: &Stack<'_>, cuts: &[Cut<'_>]) -> String {
    let set = evidence.permission_set_label(&path.permission_set);
    let refused = format!("people with permission set {set} get in, and every call is refused");
    let [cut] = cuts else {
        let list = list_of_cuts(stack, cuts);
        return format!(
            "Together, the policies of permission set {set} leave its sessions nothing: {list}; {refused}."
        );
    };
    let Cut::Lacks { layer } = *cut else { return denied(evidence, path, stack, cut) };
    let Some(tier) = stack.tiers.get(layer) else { return String::new() };
    let allowing: Vec<(&Piece<'_>, &Statement)> = statements(&tier.pieces, Effect::Allow).collect();
    let whose = match tier.kind {
        TierKind::Boundary => format!("The permissions boundary of permission set {set}"),
        TierKind::Own | TierKind::Level(_) => format!("What permission set {set} carries"),
    };
    if let Some((piece, statement)) = allowing.first() {
        let unmet = statement.fails_by(&stack.context).map(|(key, operator)| {
            let lacks = NEVER_THERE.iter().any(|never| key.to_lowercase().starts_with(&never.to_lowercase()));
            let lacks = if lacks { "; sessions of Identity Center never carry that key" } else { "" };
            format!(" has a condition on {key} ({operator}) that no session of it meets{lacks}")
        });
        let unmet = unmet.unwrap_or_else(|| " is met by none of its sessions".to_owned());
        return format!("{whose} allows nothing: {} of {}{unmet}; {refused}.", statement.label(), piece.name);
    }
    let denials: Vec<String> = statements(&tier.pieces, Effect::Deny)
        .map(|(piece, statement)| format!("{} of {}", statement.label(), piece.name))
        .collect();
    let only = if denials.is_empty() {
        "no statement of its policies allows anything".to_owned()
    } else {
        format!("its policies only deny ({})", wording::list(denials, 3))
    };
    format!("{whose} allows nothing: {only}; {refused}.")
}

/// One statement denies everything, or all but what it excepts.
fn denied(evidence: &Evidence, path: &Path, stack: &Stack<'_>, cut: &Cut<'_>) -> String {
    let set = evidence.permission_set_label(&path.permission_set);
    let Cut::Denies { layer, policy, statement } = *cut else { return String::new() };
    let name = stack.piece(layer, policy).map(|piece| capitalised(&piece.name)).unwrap_or_default();
    let left = match statement.exceptions() {
        Some(exceptions) if !exceptions.is_empty() => {
            format!("can do no more than {}", wording::list(exceptions.iter().cloned(), 3))
        }
        Some(_) | None => "every call is refused".to_owned(),
    };
    format!(
        "{name} denies {} ({}{}): people with permission set {set} get in, and {left}.",
        statement.told(),
        statement.label(),
        reason(statement, stack)
    )
}

fn statements<'a, 'b>(
    pieces: &'b [Piece<'a>],
    effect: Effect,
) -> impl Iterator<Item = (&'b Piece<'a>, &'b Statement)> + use<'a, 'b> {
    let of_piece = |piece: &'b Piece<'a>| {
        let statements = piece.policy().into_iter().flat_map(|policy| &policy.statements);
        statements.map(move |statement| (piece, statement))
    };
    pieces.iter().flat_map(of_piece).filter(move |(_, statement)| statement.effect == effect)
}

/// The policies that together leave nothing.
fn involved<'a, 'b>(stack: &'b Stack<'a>, cuts: &[Cut<'_>]) -> Vec<&'b Piece<'a>> {
    let of_cut = |cut: &Cut<'_>| match *cut {
        Cut::Denies { layer, policy, .. } => stack.piece(layer, policy).into_iter().collect::<Vec<_>>(),
        Cut::Lacks { layer } => stack.tiers.get(layer).map(|tier| tier.pieces.iter().collect()).unwrap_or_default(),
    };
    cuts.iter().flat_map(of_cut).collect()
}

fn shown(piece: &Piece<'_>, cuts: &[Cut<'_>]) -> String {
    let of_piece = piece.policy().map(|policy| &policy.statements[..]).unwrap_or_default();
    let denies = cuts.iter().find_map(|cut| match cut {
        Cut::Denies { statement, .. } if of_piece.contains(statement) => Some(*statement),
        Cut::Denies { .. } | Cut::Lacks { .. } => None,
    });
    match denies {
        Some(statement) => format!("{} of {} denies {}", statement.label(), piece.name, statement.told()),
        None => format!("{} allows nothing more", piece.name),
    }
}

/// What to do: nothing that a guard is taken away by before somebody was asked.
fn mend(fault: Fault, evidence: &Evidence, path: &Path, pieces: &[&Piece<'_>]) -> Fault {
    let (what, push) = fixes::push_again(evidence, path);
    let mut fault = fault.fix("Ask who wrote these policies first: to deny everything may be meant", None);
    let mut names: Vec<&str> = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.policy().is_some()) {
        if names.contains(&piece.name.as_str()) {
            continue;
        }
        names.push(&piece.name);
        let command = match piece.origin {
            Origin::Inline => fixes::put_inline_policy(evidence, &path.permission_set),
            Origin::AwsManaged | Origin::CustomerManaged | Origin::Organization(..) | Origin::Unlisted => None,
        };
        fault = fault.fix(format!("If it is not, have {} allow what is to be done", piece.name), command);
    }
    fault.fix(what, push)
}
