//! What policies deny to one person alone, as AWS describes it for people who leave.

use super::own::{named, own};
use super::stack::{Piece, Stack, is_aimed_at_one};
use crate::evidence::Gaps;
use crate::iam_policy::{Context, Cut, Doubt, Effort, Layer, Remaining, Says, cuts, remaining};
use crate::model::Session;
use crate::model::sign_in_call::PERSON;
use crate::wording;

/// A policy that denies, or may deny, everything to one person.
#[derive(Debug)]
pub struct Aimed<'a> {
    /// The policy.
    pub piece: Piece<'a>,
    /// At whom.
    pub aim: Aim,
}

/// At whom a policy is aimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// At the user, by these statements.
    User(String),
    /// At the user, but whether it denies them everything depends on this.
    UserIf(Vec<Doubt>),
    /// Whether it is the user cannot be told.
    Somebody(Vec<Doubt>),
}

/// Every policy that is or may be aimed at the person: the session's own first, then the organization's, the nearest
/// first. Beside them whether those of its own are known to be what the role carries, and what could hide others.
pub fn aimed_at_one(session: Session<'_>) -> (Vec<Aimed<'_>>, bool, Gaps) {
    let mut gaps = Gaps::default();
    let (stack, sure) = of_its_own(session);
    let organization = gaps.keep(Stack::of_organization(session)).flatten();
    gaps.0.extend(organization.iter().flat_map(|stack| stack.gaps.0.iter().cloned()));
    let mut found = Vec::new();
    for stack in [stack, organization].into_iter().flatten() {
        gaps.0.extend(stack.unread());
        let context = stack.context().clone();
        found.extend(stack.tiers.into_iter().flat_map(|tier| tier.pieces).filter_map(|piece| aimed(piece, &context)));
    }
    (found, sure, gaps)
}

/// The policies of the session's own, and whether they are known to be what the role carries.
fn of_its_own(session: Session<'_>) -> (Option<Stack<'_>>, bool) {
    match session.permission_set() {
        None => (None, true),
        Some(set) => match own(set, session.person) {
            Ok(Some(own)) => (Some(own.stack), own.carried || own.latest),
            Ok(None) | Err(_) => (named(set, session.person), set.provisioned().in_latest_version() == Ok(true)),
        },
    }
}

/// Whether any policy that is known means one person alone, whoever that is.
pub fn is_aimed_at_somebody(session: Session<'_>) -> bool {
    let organization = Stack::of_organization(session).ok().flatten();
    let stacks = [of_its_own(session).0, organization];
    let mut pieces = stacks.iter().flatten().flat_map(|stack| &stack.tiers).flat_map(|tier| &tier.pieces);
    pieces.any(|piece| piece.policy().is_some_and(|policy| policy.statements.iter().any(is_aimed_at_one)))
}

fn aimed<'a>(piece: Piece<'a>, context: &Context) -> Option<Aimed<'a>> {
    let mut policy = piece.policy()?.clone();
    policy.statements.retain(is_aimed_at_one);
    if policy.statements.is_empty() {
        return None;
    }
    let layers = [Layer(vec![Says::Everything, Says::Policy(&policy)])];
    let effort = Effort::default();
    let aim = match remaining(&layers, context, &effort) {
        Remaining::Something => return None,
        Remaining::Nothing => {
            let denials = cuts(&layers, context, &effort).into_iter().filter_map(|cut| match cut {
                Cut::Denies { statement, .. } => Some(statement.label()),
                Cut::Lacks { .. } => None,
            });
            Aim::User(wording::list(denials, 3))
        }
        Remaining::Undecided(doubts) if policy.statements.iter().any(|one| one.is_for(PERSON, context).is_err()) => {
            Aim::Somebody(doubts)
        }
        Remaining::Undecided(doubts) => Aim::UserIf(doubts),
    };
    Some(Aimed { piece, aim })
}
