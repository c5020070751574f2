//! What is left, and why, in words.

use super::stack::{Piece, Stack, TierKind};
use crate::organization_policies::{label, place};
use crate::policy_document::{Cut, Doubt, Effect, Key, Statement};
use crate::policy_requests::NEVER_THERE;
use crate::wording;

/// What together leaves nothing, as a list.
pub fn list_of_cuts(stack: &Stack<'_>, cuts: &[Cut<'_>]) -> String {
    wording::list(cuts.iter().filter_map(|cut| cut_told(stack, cut)), 4)
}

fn cut_told(stack: &Stack<'_>, cut: &Cut<'_>) -> Option<String> {
    match *cut {
        Cut::Denies { layer, policy, statement } => {
            let name = &stack.piece(layer, policy)?.name;
            let reason = reason(statement, stack);
            Some(format!("{name} denies {} ({}{reason})", statement.told(), statement.label()))
        }
        Cut::Lacks { layer } => {
            let tier = stack.tiers.get(layer)?;
            let statements = tier.pieces.iter().filter_map(Piece::policy).flat_map(|policy| &policy.statements);
            let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
            let allowed: Vec<String> = allowing.map(Statement::told).collect();
            let allowed = if allowed.is_empty() { "nothing".to_owned() } else { wording::list(allowed, 3) };
            Some(match tier.kind {
                TierKind::Level(level) => {
                    let policies = wording::list(level.policies.iter().map(label), 3);
                    format!("at {} {policies} allow only {allowed}", place(level.target))
                }
                TierKind::Own => format!("the policies of its own allow only {allowed}"),
                TierKind::Boundary => format!("the permissions boundary allows only {allowed}"),
            })
        }
    }
}

/// Why a denial meets sessions that it may not be meant for, as the end of a sentence; empty where there is no such
/// reason.
pub fn reason(statement: &Statement, stack: &Stack<'_>) -> String {
    let context = stack.context.clone().of_calls_to("-", Key::Absent);
    match statement.met_without(NEVER_THERE, &context) {
        None => String::new(),
        Some((key, operator)) => format!(
            "; its condition on {key} ({operator}) holds where the key is missing, and sessions of Identity Center never \
             carry it"
        ),
    }
}

/// What it depends on whether something is left to these sessions, but for what a statement excepts. Policies that were
/// not read are left out: they are gaps.
pub fn doubts(stack: &Stack<'_>, doubts: &[Doubt], whom: &str, rest: Option<&Statement>) -> Vec<String> {
    let but = rest.and_then(Statement::exceptions).map(|exceptions| wording::list(exceptions.iter().cloned(), 3));
    let but = but.map(|but| format!(" but {but}")).unwrap_or_default();
    let told = doubts.iter().filter_map(|doubt| {
        let why = doubt.statement.as_ref()?;
        let name = capitalised(&stack.piece(doubt.layer, doubt.policy)?.name);
        Some(format!("{name} may leave {whom} nothing{but}: {why}."))
    });
    told.collect()
}

/// A phrase at the beginning of a sentence.
pub fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
