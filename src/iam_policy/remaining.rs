//! Whether anything remains that a session may do, where several policies have to allow it and none may deny it. Every
//! call is looked at that the policies tell apart, in two readings: in the one whatever cannot be told is for the
//! session, in the other against it. Which calls AWS has is not known here: where only a call remains that AWS has not,
//! something counts as remaining.

use std::collections::{BTreeMap, BTreeSet};

use super::classes::{Class, Shape, classes};
use super::effort::Effort;
use super::pattern::Pattern;
use super::request::{Caller, Context, Key, Text, service_of};
use super::statement::Statement;
use super::truth::Truth;
use super::{Effect, Policy, Undecided};

/// More choices of condition keys than this are not tried out one by one: each condition on the keys that are left then
/// turns out as the session needs it.
const MOST_CHOICES: usize = 2_000;

/// What one policy says.
#[derive(Debug, Clone, Copy)]
pub enum Says<'a> {
    /// It allows everything, and denies nothing.
    Everything,
    /// It neither allows nor denies anything.
    Nothing,
    /// This.
    Policy(&'a Policy),
    /// That is not known.
    Unread,
}

/// Policies of which one has to allow what is done.
#[derive(Debug, Clone)]
pub struct Layer<'a>(pub Vec<Says<'a>>);

/// What remains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remaining {
    /// Something.
    Something,
    /// Nothing.
    Nothing,
    /// It depends on these; on none of them where the policies are too many to tell.
    Undecided(Vec<Doubt>),
}

/// Something that would have to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The place of the layer.
    pub layer: usize,
    /// The place of the policy in it.
    pub policy: usize,
    /// The statement that cannot be decided; `None` where the policy was not read.
    pub statement: Option<Undecided>,
}

/// One of what together leaves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut<'a> {
    /// A statement that denies.
    Denies {
        /// The place of the layer.
        layer: usize,
        /// The place of the policy in it.
        policy: usize,
        /// The statement.
        statement: &'a Statement,
    },
    /// What the policies of a layer do not allow.
    Lacks {
        /// The place of the layer.
        layer: usize,
    },
}

/// A statement and where it stands.
#[derive(Clone, Copy)]
struct Placed<'a> {
    layer: usize,
    policy: usize,
    statement: &'a Statement,
}

/// What remains under all these layers.
pub fn remaining(layers: &[Layer<'_>], context: &Context, effort: &Effort) -> Remaining {
    remaining_without(layers, context, effort, |_| false)
}

/// Why nothing remains: as few as it takes, a single one where there is one, a denial before what is not allowed, and
/// those of the earlier layers first.
pub fn cuts<'a>(layers: &[Layer<'a>], context: &Context, effort: &Effort) -> Vec<Cut<'a>> {
    let denials = placed(layers).into_iter().filter(|one| one.statement.effect == Effect::Deny);
    let denials = denials.map(|Placed { layer, policy, statement }| Cut::Denies { layer, policy, statement });
    let all: Vec<Cut<'a>> = denials.chain((0..layers.len()).map(|layer| Cut::Lacks { layer })).collect();
    let is_enough =
        |cuts: &[Cut<'a>]| remaining_without(layers, context, effort, |cut| !cuts.contains(&cut)) == Remaining::Nothing;
    if let Some(single) = all.iter().find(|cut| is_enough(&[**cut])) {
        return vec![*single];
    }
    let mut needed = all.clone();
    for cut in all.iter().rev() {
        let fewer: Vec<Cut<'a>> = needed.iter().filter(|one| *one != cut).copied().collect();
        if is_enough(&fewer) {
            needed = fewer;
        }
    }
    needed
}

fn placed<'a>(layers: &[Layer<'a>]) -> Vec<Placed<'a>> {
    let policies = layers.iter().enumerate().flat_map(|(layer, Layer(policies))| {
        policies.iter().enumerate().filter_map(move |(policy, says)| match says {
            Says::Policy(document) => Some((layer, policy, *document)),
            Says::Everything | Says::Nothing | Says::Unread => None,
        })
    });
    let statements = policies.flat_map(|(layer, policy, document)| {
        document.statements.iter().map(move |statement| Placed { layer, policy, statement })
    });
    statements.collect()
}

/// What would remain if some of the cuts were not made.
fn remaining_without<'a>(
    layers: &[Layer<'a>],
    context: &Context,
    effort: &Effort,
    off: impl Fn(Cut<'a>) -> bool,
) -> Remaining {
    let mut statements = placed(layers);
    statements.retain(|Placed { layer, policy, statement }| {
        let cut = Cut::Denies { layer: *layer, policy: *policy, statement };
        statement.effect == Effect::Allow || !off(cut)
    });
    let open = (0..layers.len()).map(|layer| off(Cut::Lacks { layer })).collect();
    let inquiry = Inquiry { layers, statements, open, effort };
    let mut fewest: Option<Vec<Doubt>> = None;
    for action in classes(inquiry.action_patterns(), Shape::Action, effort) {
        let Ok(action) = action else { return Remaining::Undecided(Vec::new()) };
        match inquiry.of_action(&action, context) {
            Remaining::Something => return Remaining::Something,
            Remaining::Nothing => {}
            Remaining::Undecided(doubts) => {
                if doubts.is_empty() {
                    return Remaining::Undecided(doubts);
                }
                if fewest.as_ref().is_none_or(|fewest| doubts.len() < fewest.len()) {
                    fewest = Some(doubts);
                }
            }
        }
    }
    fewest.map_or(Remaining::Nothing, Remaining::Undecided)
}

/// What is asked, with the statements that count.
struct Inquiry<'a, 'b> {
    layers: &'b [Layer<'a>],
    statements: Vec<Placed<'a>>,
    /// The layers that are taken to allow everything.
    open: Vec<bool>,
    effort: &'b Effort,
}

impl<'a> Inquiry<'a, '_> {
    /// The patterns that tell actions apart: those that are named, and the services whose own keys are asked for.
    fn action_patterns(&self) -> BTreeSet<Pattern> {
        let named = self.statements.iter().flat_map(|one| one.statement.actions()).cloned();
        let conditions = self.statements.iter().flat_map(|one| &one.statement.conditions);
        let services = conditions.filter_map(|condition| {
            let service = service_of(&condition.key)?.to_ascii_lowercase();
            Some(Pattern::wild(&format!("{service}*:*")))
        });
        named.chain(services).collect()
    }

    /// What remains of actions of a class.
    fn of_action(&self, action: &Class, context: &Context) -> Remaining {
        if !self.effort.spend(self.statements.len()) {
            return Remaining::Undecided(Vec::new());
        }
        let service = action.text.split(':').next().unwrap_or_default();
        let context = context.clone().of_calls_to(service, Key::ChosenOrAbsent);
        let about: Vec<Placed<'a>> =
            self.statements.iter().filter(|one| one.statement.names_class(action)).copied().collect();
        let may_allow =
            |layer: usize| about.iter().any(|one| one.layer == layer && one.statement.effect == Effect::Allow);
        if !(0..self.layers.len()).all(|layer| self.is_open(layer) || self.is_unread(layer) || may_allow(layer)) {
            return Remaining::Nothing;
        }
        let patterns = about.iter().flat_map(|one| one.statement.resources(&context));
        let mut fewest: Option<Vec<Doubt>> = None;
        for resource in classes(patterns, Shape::Any, self.effort) {
            let Ok(resource) = resource else { return Remaining::Undecided(Vec::new()) };
            let resource = Text::Exact(resource.text);
            let about: Vec<(Placed<'a>, Truth)> = about
                .iter()
                .map(|one| {
                    let names =
                        [one.statement.names_resource(&resource, &context), one.statement.names(&Caller::Session)];
                    (*one, Truth::all(names))
                })
                .filter(|(_, truth)| *truth != Truth::No)
                .collect();
            let choices = choices(&about, &context, self.effort);
            if !self.effort.spend(about.len() * (1 + choices.len())) {
                return Remaining::Undecided(Vec::new());
            }
            for context in choices {
                match self.weigh(&about, &context) {
                    Some(doubts) if doubts.is_empty() => return Remaining::Something,
                    Some(doubts) if fewest.as_ref().is_none_or(|fewest| doubts.len() < fewest.len()) => {
                        fewest = Some(doubts);
                    }
                    Some(_) | None => {}
                }
            }
        }
        fewest.map_or(Remaining::Nothing, Remaining::Undecided)
    }

    /// Whether a single call is let through, and on what that depends. `None`: it is not.
    fn weigh(&self, about: &[(Placed<'a>, Truth)], context: &Context) -> Option<Vec<Doubt>> {
        let mut doubts: Vec<Doubt> = Vec::new();
        let mut allowed = self.open.clone();
        let mut perhaps: BTreeMap<usize, Vec<Doubt>> = BTreeMap::new();
        for (layer, Layer(policies)) in self.layers.iter().enumerate() {
            let unread = |says: &Says<'_>| matches!(says, Says::Unread);
            let unread = policies.iter().enumerate().filter(|(_, says)| unread(says));
            doubts.extend(unread.map(|(policy, _)| Doubt { layer, policy, statement: None }));
        }
        for (Placed { layer, policy, statement }, names) in about {
            let doubt = |why| {
                let statement = Some(Undecided { statement: statement.label(), why });
                Doubt { layer: *layer, policy: *policy, statement }
            };
            match (Truth::all([names.clone(), statement.is_met(context)]), statement.effect) {
                (Truth::Yes, Effect::Deny) => return None,
                (Truth::Unsure(why), Effect::Deny) => doubts.push(doubt(why)),
                (Truth::Yes | Truth::Partly, Effect::Allow) => {
                    if let Some(allowed) = allowed.get_mut(*layer) {
                        *allowed = true;
                    }
                }
                (Truth::Unsure(why), Effect::Allow) => perhaps.entry(*layer).or_default().push(doubt(why)),
                (Truth::No, _) | (Truth::Partly, Effect::Deny) => {}
            }
        }
        for layer in 0..self.layers.len() {
            if self.is_open(layer) || allowed.get(layer) == Some(&true) {
                continue;
            }
            match perhaps.remove(&layer) {
                // One of them is enough.
                Some(mut perhaps) => doubts.extend(perhaps.drain(..1)),
                // What was not read may allow it; that it is in doubt, it is already said.
                None if self.is_unread(layer) => {}
                None => return None,
            }
        }
        Some(doubts)
    }

    fn is_open(&self, layer: usize) -> bool {
        let everything = |Layer(policies): &Layer<'_>| policies.iter().any(|says| matches!(says, Says::Everything));
        self.open.get(layer) == Some(&true) || self.layers.get(layer).is_some_and(everything)
    }

    fn is_unread(&self, layer: usize) -> bool {
        self.layers.get(layer).is_some_and(|Layer(policies)| policies.iter().any(|says| matches!(says, Says::Unread)))
    }
}

/// What the statements ask of a key that is chosen: how many conditions, and the values that they tell apart.
#[derive(Default)]
struct Asked {
    conditions: usize,
    patterns: BTreeSet<Pattern>,
    /// Some condition compares with something else than texts.
    no_texts: bool,
}

/// The contexts that whoever asks can choose among, as far as the statements tell them apart. A key that a single
/// condition asks for need not be chosen beforehand: that condition turns out as it is needed.
fn choices(about: &[(Placed<'_>, Truth)], context: &Context, effort: &Effort) -> Vec<Context> {
    let mut keys: BTreeMap<String, Asked> = BTreeMap::new();
    for (one, _) in about {
        for condition in &one.statement.conditions {
            if !matches!(context.key(&condition.key), Key::Chosen | Key::ChosenOrAbsent) {
                continue;
            }
            let asked = keys.entry(condition.key.to_ascii_lowercase()).or_default();
            asked.conditions += 1;
            match one.statement.values(condition, context) {
                Some(patterns) => asked.patterns.extend(patterns),
                None => asked.no_texts = true,
            }
        }
    }
    let mut contexts = vec![context.clone()];
    for (name, Asked { conditions, patterns, no_texts }) in keys {
        if conditions < 2 || no_texts {
            continue;
        }
        let Ok(texts) = classes(patterns, Shape::Any, effort).collect::<Result<Vec<_>, _>>() else { continue };
        // Some operators take no notice of case.
        let texts: BTreeSet<String> =
            texts.into_iter().flat_map(|class| [class.text.to_uppercase(), class.text]).collect();
        let absent = (*context.key(&name) == Key::ChosenOrAbsent).then_some(Key::Absent);
        let values: Vec<Key> = texts.into_iter().map(Key::exact).chain(absent).collect();
        if contexts.len() * values.len() > MOST_CHOICES {
            break;
        }
        let with_each = |context: &Context| {
            let with = values.iter().map(|value| context.clone().choosing(&name, value.clone()));
            with.collect::<Vec<_>>()
        };
        contexts = contexts.iter().flat_map(with_each).collect();
    }
    contexts
}

#[cfg(test)]
mod tests;
