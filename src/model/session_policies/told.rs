//! What is left, and why, in words.

use super::stack::{Piece, Stack, Tier, TierKind};
use crate::iam_policy::{Cut, Doubt, Effect, Key, Statement};
use crate::model::organization_policies::{label, place};
use crate::model::sign_in_call::NEVER_THERE;
use crate::wording;

/// What together leaves nothing, as a list.
pub fn list_of_cuts(stack: &Stack<'_>, cuts: &[Cut<'_>]) -> String {
    wording::list(cuts.iter().filter_map(|cut| cut_told(stack, cut)), 4)
}

fn cut_told(stack: &Stack<'_>, cut: &Cut<'_>) -> Option<String> {
    match *cut {
        Cut::Denies { layer, policy, statement } => {
            let name = stack.piece(layer, policy)?.name();
            let reason = reason(statement, stack);
            Some(format!("{name} denies {} ({}{reason})", denied(statement, stack), statement.label()))
        }
        Cut::Lacks { layer } => {
            let tier = stack.tiers.get(layer)?;
            let statements = tier.pieces.iter().filter_map(Piece::policy).flat_map(|policy| &policy.statements);
            let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
            let told = |statement: &Statement| format!("{}{}", statement.told(), statement.provisos());
            let allowed: Vec<String> = allowing.map(told).collect();
            let allowed = if allowed.is_empty() { "nothing".to_owned() } else { wording::list(allowed, 3) };
            Some(match tier.kind {
                TierKind::Level(level) => {
                    let policies = wording::list(level.policies.iter().map(label), 3);
                    let allow = if level.policies.len() == 1 { "allows" } else { "allow" };
                    format!("{policies} at {} {allow} only {allowed}", place(level.target))
                }
                TierKind::Own => format!("the policies of its own allow only {allowed}"),
                TierKind::Boundary => format!("the permissions boundary allows only {allowed}"),
            })
        }
    }
}

/// What a denial denies, and on what that hangs. A condition that holds for want of its key is told by [`reason`].
pub fn denied(statement: &Statement, stack: &Stack<'_>) -> String {
    let provisos = if reason(statement, stack).is_empty() { statement.provisos() } else { String::new() };
    format!("{}{provisos}", statement.told())
}

/// Why statements of a tier that allow something allow these sessions nothing, as a clause; `None` where there are none.
pub fn unmet(tier: &Tier<'_>, stack: &Stack<'_>) -> Option<String> {
    let of_piece = |piece| Piece::policy(piece).into_iter().flat_map(|policy| &policy.statements);
    let mut allowing = tier.pieces.iter().flat_map(|piece| of_piece(piece).map(move |statement| (piece, statement)));
    let (piece, statement) = allowing.find(|(_, statement)| statement.effect == Effect::Allow)?;
    let name = piece.name();
    let Some((key, operator)) = statement.fails_by(stack.context()) else {
        return Some(format!("{} of {name} is met by none of its sessions", statement.label()));
    };
    let lacks = NEVER_THERE.iter().any(|never| key.to_lowercase().starts_with(&never.to_lowercase()));
    let lacks = if lacks { "; sessions of Identity Center never carry that key" } else { "" };
    let label = statement.label();
    Some(format!("{label} of {name} has a condition on {key} ({operator}) that no session of it meets{lacks}"))
}

/// Why a denial meets sessions that it may not be meant for, as the end of a sentence; empty where there is no such
/// reason.
pub fn reason(statement: &Statement, stack: &Stack<'_>) -> String {
    let context = stack.context().clone().of_calls_to("-", Key::Absent);
    let holds = |key, operator| format!("; its condition on {key} ({operator}) holds where the key is missing, and ");
    if let Some((key, operator)) = statement.met_without(NEVER_THERE, &context) {
        format!("{}sessions of Identity Center never carry it", holds(key, operator))
    } else if let Some((key, operator)) = statement.met_without_service(&context) {
        let service = key.split(':').next().unwrap_or_default();
        format!("{}only calls to {service} carry it", holds(key, operator))
    } else {
        String::new()
    }
}

/// What a denial leaves at the most, as a list; `None` where it leaves nothing.
pub fn rest(statement: &Statement, stack: &Stack<'_>) -> Option<String> {
    if let Some(exceptions) = statement.exceptions() {
        return Some(wording::list(exceptions.iter().cloned(), 3));
    }
    let context = stack.context().clone().of_calls_to("-", Key::Absent);
    statement.met_without_service(&context).map(|(key, _)| format!("calls that carry {key}"))
}

/// What it depends on whether something is left to these sessions, but for what a statement excepts. Policies that were
/// not read are left out: they are gaps.
pub fn doubts(stack: &Stack<'_>, doubts: &[Doubt], whom: &str, rest: Option<&Statement>) -> Vec<String> {
    let but = rest.and_then(|statement| self::rest(statement, stack));
    let but = but.map(|but| format!(" but {but}")).unwrap_or_default();
    if doubts.is_empty() {
        return vec![format!("What policies leave {whom} cannot be told: they name too many actions.")];
    }
    let told = doubts.iter().filter_map(|doubt| {
        let why = doubt.statement.as_ref()?;
        let name = capitalised(&stack.piece(doubt.layer, doubt.policy)?.name());
        Some(format!("{name} may leave {whom} nothing{but}: {why}."))
    });
    told.collect()
}

/// A phrase at the beginning of a sentence.
pub fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
