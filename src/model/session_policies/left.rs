//! What a stack of policies leaves.

use super::own::own_tiers;
use super::stack::{Content, Origin, Piece, Stack, Tier, TierKind};
use crate::evidence::Gaps;
use crate::iam_policy::{
    Context, Cut, Doubt, Effect, Effort, Key, Layer, Policy, Remaining, Says, Statement, cuts, remaining,
};
use crate::model::Session;
use crate::model::sign_in_call::NEVER_THERE;

/// What is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left<'a> {
    /// Something.
    Something,
    /// Nothing, because of these.
    Nothing(Vec<Cut<'a>>),
    /// Only what this statement excepts: it denies all the rest because a key is missing that such sessions never carry.
    Only(Cut<'a>),
    /// It cannot be told. With a statement, the rest of which would be what it excepts.
    Unclear(Vec<Doubt>, Option<&'a Statement>),
}

impl<'a> Left<'a> {
    /// What is certainly lost of what a session would have; `None` where it is not certain that anything is.
    fn if_lost(self) -> Option<Self> {
        match self {
            Self::Something | Self::Unclear(..) => None,
            Self::Nothing(_) | Self::Only(_) => Some(self),
        }
    }

    /// What is certainly lost by the policies of a session's own.
    pub fn lost_by_set(stack: &'a Stack<'_>) -> Option<Self> {
        Self::lost(stack, "own", left_by_set)
    }

    /// What is certainly lost by the service control policies.
    pub fn lost_by_organization(stack: &'a Stack<'_>) -> Option<Self> {
        Self::lost(stack, "organization", left_by_organization)
    }

    fn lost<'s>(stack: &'a Stack<'s>, asked: &'static str, left: fn(&'a Stack<'s>) -> Self) -> Option<Self> {
        let mut lost = None;
        let is_lost = stack.reckon(asked, || {
            lost = left(stack).if_lost();
            lost.is_some()
        });
        lost.or_else(|| if is_lost { left(stack).if_lost() } else { None })
    }
}

/// What the policies of a session's own leave.
pub fn left_by_set<'a>(stack: &'a Stack<'_>) -> Left<'a> {
    let layers = stack.layers(Says::Everything);
    let effort = Effort::default();
    match remaining(&layers, stack.context(), &effort) {
        Remaining::Something => swept(stack, &effort, |_| true),
        Remaining::Nothing => Left::Nothing(cuts(&layers, stack.context(), &effort)),
        Remaining::Undecided(doubts) => Left::Unclear(doubts, None),
    }
}

/// The service control policies above the account, beneath what a session has of its own. `Ok(None)`: none binds it.
pub fn under_organization(session: Session<'_>) -> Result<Option<Stack<'_>>, Gaps> {
    let Some(stack) = Stack::of_organization(session)? else { return Ok(None) };
    let own = session.permission_set().and_then(|set| own_tiers(set).ok().flatten());
    let mut tiers = own.map(|own| own.tiers).unwrap_or_default();
    for piece in tiers.iter_mut().flat_map(|tier| &mut tier.pieces) {
        // What is not known of these is for the rule about them to say.
        if matches!(piece.content, Content::Unread(_)) {
            piece.content = Content::Assumed;
        }
    }
    if tiers.is_empty() {
        tiers.push(assumed(session));
    }
    Ok(Some(stack.beneath(tiers).for_everybody()))
}

/// The same beneath whatever a session may have of its own.
pub(super) fn whatever_under_organization(session: Session<'_>) -> Result<Option<Stack<'_>>, Gaps> {
    let stack = Stack::of_organization(session)?;
    Ok(stack.map(|stack| stack.beneath(vec![assumed(session)]).for_everybody()))
}

/// Policies of its own, whatever they say.
fn assumed(session: Session<'_>) -> Tier<'_> {
    let (called, shown) = (Some("the policies of the role".to_owned()), &session.in_account.policies().roots);
    let pieces = vec![Piece { origin: Origin::Unlisted, called, arn: None, shown, content: Content::Assumed }];
    Tier { kind: TierKind::Own, pieces }
}

/// What the service control policies leave of what a session has of its own.
pub fn left_by_organization<'a>(stack: &'a Stack<'_>) -> Left<'a> {
    let is_level = |tier: usize| stack.tiers.get(tier).is_some_and(|tier| matches!(tier.kind, TierKind::Level(_)));
    let all = stack.layers(Says::Everything);
    let only = |levels: bool| {
        let mut layers = all.clone();
        let others = layers.iter_mut().enumerate().filter(|(tier, _)| is_level(*tier) != levels);
        others.for_each(|(_, layer)| *layer = Layer(vec![Says::Everything]));
        layers
    };
    let effort = Effort::default();
    let left = |layers: &[Layer<'_>]| remaining(layers, stack.context(), &effort);
    match left(&all) {
        Remaining::Something => swept(stack, &effort, |kind| matches!(kind, TierKind::Level(_))),
        Remaining::Undecided(doubts) if doubts.is_empty() || doubts.iter().any(|doubt| is_level(doubt.layer)) => {
            Left::Unclear(doubts, None)
        }
        Remaining::Undecided(_) => Left::Something,
        Remaining::Nothing if left(&only(true)) == Remaining::Nothing => {
            Left::Nothing(cuts(&only(true), stack.context(), &effort))
        }
        // What has nothing of its own loses nothing.
        Remaining::Nothing if left(&only(false)) == Remaining::Nothing => Left::Something,
        Remaining::Nothing => Left::Nothing(cuts(&all, stack.context(), &effort)),
    }
}

/// Where something remains: whether a statement sweeps away all but what it excepts, because of something that such
/// sessions never carry, or perhaps does.
fn swept<'a>(stack: &'a Stack<'_>, effort: &Effort, counts: impl Fn(&TierKind<'_>) -> bool) -> Left<'a> {
    // Services have keys of their own; what sweeps away everything does so without them.
    let context = stack.context().clone().of_calls_to("-", Key::Absent);
    let mut unclear = None;
    for (layer, tier) in stack.tiers.iter().enumerate().filter(|(_, tier)| counts(&tier.kind)) {
        for (policy, piece) in tier.pieces.iter().enumerate() {
            let statements = piece.policy().into_iter().flat_map(|policy| &policy.statements);
            for statement in statements.filter(|one| one.effect == Effect::Deny && is_sweeping(one, &context)) {
                // What is only assumed to allow something may allow nothing but the exceptions: enough for a doubt.
                let takes = |assumed| takes_something(stack, effort, (layer, policy), statement, assumed);
                match statement.applies_in(&context) {
                    Ok(true) if is_for_lack(statement, &context) && takes(Says::Nothing) => {
                        return Left::Only(Cut::Denies { layer, policy, statement });
                    }
                    Err(doubt) if unclear.is_none() && takes(Says::Everything) => {
                        let doubt = Doubt { layer, policy, statement: Some(doubt) };
                        unclear = Some(Left::Unclear(vec![doubt], Some(statement)));
                    }
                    Ok(_) | Err(_) => {}
                }
            }
        }
    }
    // What was not looked at to the end may be swept away.
    let otherwise = if effort.is_spent() { Left::Unclear(Vec::new(), None) } else { Left::Something };
    unclear.unwrap_or(otherwise)
}

/// Whether a statement speaks of all calls but some.
pub(super) fn is_sweeping(statement: &Statement, context: &Context) -> bool {
    let but_of_a_service = || statement.is_about_everything() && statement.met_without_service(context).is_some();
    statement.exceptions().is_some() || but_of_a_service()
}

/// Whether a denial meets sessions only because they, or their calls to all services but one, never carry what it asks
/// for.
pub(super) fn is_for_lack(statement: &Statement, context: &Context) -> bool {
    statement.met_without(NEVER_THERE, context).is_some() || statement.met_without_service(context).is_some()
}

/// Whether, but for the statement, something would be left of what it denies.
fn takes_something<'a>(
    stack: &'a Stack<'_>,
    effort: &Effort,
    (layer, policy): (usize, usize),
    statement: &Statement,
    assumed: Says<'a>,
) -> bool {
    let Some(document) = stack.piece(layer, policy).and_then(Piece::policy) else { return false };
    let mut without = document.clone();
    without.statements.retain(|one| one != statement);
    let context = stack.context().clone().of_calls_to("-", Key::Absent);
    let denied = match statement.met_without_service(&context) {
        Some((key, _)) if statement.is_about_everything() => statement.as_permission_without(key),
        Some(_) | None => statement.as_permission(),
    };
    let denied = Policy { statements: vec![denied] };
    let mut layers = stack.layers(assumed);
    if let Some(says) = layers.get_mut(layer).and_then(|Layer(policies)| policies.get_mut(policy)) {
        *says = Says::Policy(&without);
    }
    layers.push(Layer(vec![Says::Policy(&denied)]));
    remaining(&layers, stack.context(), effort) == Remaining::Something
}
