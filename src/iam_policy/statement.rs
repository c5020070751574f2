//! One statement, and whether it is about a call. Whom it names is `principal`'s.

use super::classes::Class;
use super::condition::Condition;
use super::document::{Entries, RawStatement, Strings};
use super::listed::{Listed, Reach};
use super::pattern::Pattern;
use super::principal::Principal;
use super::request::{Caller, Context, Key, Request, Text, service_of};
use super::truth::Truth;
use super::{Effect, Undecided};

/// A statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    sid: Option<String>,
    /// Its place in the document, from 1.
    place: usize,
    /// Whether it allows or denies.
    pub effect: Effect,
    principal: Principal,
    actions: Listed,
    /// The same in lower case, as patterns.
    action_patterns: Vec<Pattern>,
    /// Trust policies have none: they are about the role they belong to.
    resources: Option<Listed>,
    pub(super) conditions: Vec<Condition>,
    /// Whether `${…}` is a variable; before version 2012-10-17 it was text.
    variables: bool,
}

/// Whether a statement is about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// It is.
    Applies,
    /// It is not.
    DoesNotApply,
    /// It cannot be told; the reason is a clause.
    Undecided(String),
}

impl Statement {
    pub(super) fn new(raw: RawStatement, place: usize, variables: bool) -> Result<Self, String> {
        let listed = |only: Option<Strings>, all_but: Option<Strings>, name: &str| match (only, all_but) {
            (Some(Strings(names)), None) => Ok(Some(Listed::Only(names))),
            (None, Some(Strings(names))) => Ok(Some(Listed::AllBut(names))),
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err(format!("statement {place} has both {name} and Not{name}")),
        };
        let principal = Principal::new(raw.principal, raw.not_principal)
            .ok_or_else(|| format!("statement {place} has both Principal and NotPrincipal"))?;
        let actions = listed(raw.action, raw.not_action, "Action")?
            .ok_or_else(|| format!("statement {place} names no action"))?;
        let Entries(operators) = raw.condition;
        let conditions = operators.into_iter().flat_map(|(operator, Entries(keys))| {
            keys.into_iter().map(move |(key, Strings(values))| Condition { operator: operator.clone(), key, values })
        });
        Ok(Self {
            sid: raw.sid.filter(|sid| !sid.is_empty()),
            place,
            effect: raw.effect,
            principal,
            action_patterns: actions.listed().iter().map(|name| Pattern::wild(name).in_lower_case()).collect(),
            actions,
            resources: listed(raw.resource, raw.not_resource, "Resource")?,
            conditions: conditions.collect(),
            variables,
        })
    }

    /// How to find it in the document: by its Sid, else by its place.
    pub fn label(&self) -> String {
        self.sid.clone().map_or_else(|| format!("statement {}", self.place), |sid| format!("statement {sid}"))
    }

    /// The ids of the federated principals it names.
    pub fn federated(&self) -> impl Iterator<Item = &str> {
        self.principal.named("Federated")
    }

    /// The AWS services it names as principals.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.principal.named("Service")
    }

    /// Whether it asks for one of these keys to have one of some values, each of which `is_one` takes for one person's.
    pub fn singles_out(&self, keys: &[&str], is_one: impl Fn(&str) -> bool) -> bool {
        self.conditions.iter().any(|condition| {
            let is_about = keys.iter().any(|key| condition.key.eq_ignore_ascii_case(key));
            is_about && condition.asks_for_value() && condition.values.iter().all(|value| is_one(value))
        })
    }

    /// Whether its conditions on these keys hold. `Err`: why that cannot be told.
    pub fn is_for(&self, keys: &[&str], context: &Context) -> Result<bool, Undecided> {
        let is_one = |condition: &&Condition| keys.iter().any(|key| condition.key.eq_ignore_ascii_case(key));
        let conditions = self.conditions.iter().filter(is_one);
        self.decided(Truth::all(conditions.map(|condition| condition.holds(context, self.variables))))
    }

    /// What keeps it from being about the call, as the end of a sentence; for a statement that is not.
    pub fn mismatch(&self, request: &Request) -> Option<String> {
        if !self.names_action(&request.action) {
            return Some("names other actions".to_owned());
        }
        if self.names_resource(&request.resource, &request.context) == Truth::No {
            return Some("names other resources".to_owned());
        }
        if self.names(&request.caller) == Truth::No {
            return Some("names other principals".to_owned());
        }
        let failing = self.unmet(&request.context)?;
        Some(format!("has a condition on {} ({}) that does not hold", failing.key, failing.operator))
    }

    /// Whether its conditions hold. `Err`: why that cannot be told. What whoever asks can choose does not hold.
    pub fn applies_in(&self, context: &Context) -> Result<bool, Undecided> {
        self.decided(Truth::all([self.is_met(context), self.names(&Caller::Session)]))
    }

    fn decided(&self, truth: Truth) -> Result<bool, Undecided> {
        match truth {
            Truth::Yes => Ok(true),
            Truth::No | Truth::Partly => Ok(false),
            Truth::Unsure(why) => Err(Undecided { statement: self.label(), why }),
        }
    }

    /// The first of its conditions that does not hold, by its key and operator.
    pub fn fails_by(&self, context: &Context) -> Option<(&str, &str)> {
        self.unmet(context).map(|condition| (condition.key.as_str(), condition.operator.as_str()))
    }

    /// The first of its conditions that does not hold.
    fn unmet(&self, context: &Context) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.holds(context, self.variables) == Truth::No)
    }

    /// The first of its conditions on a key of a service that holds because that key is not there, by key and operator.
    pub fn met_without_service(&self, context: &Context) -> Option<(&str, &str)> {
        let mut lacking = self.conditions.iter().filter(|condition| {
            service_of(&condition.key).is_some()
                && *context.key(&condition.key) == Key::Absent
                && condition.holds(context, self.variables) == Truth::Yes
        });
        lacking.next().map(|condition| (condition.key.as_str(), condition.operator.as_str()))
    }

    /// The first of its conditions that holds because its key is not there, by key and operator, where the key is one of
    /// these. A name that ends in `/` is that of all keys that begin with it.
    pub fn met_without(&self, keys: &[&str], context: &Context) -> Option<(&str, &str)> {
        let is_one = |condition: &&Condition| {
            let name = condition.key.to_ascii_lowercase();
            keys.iter()
                .map(|key| key.to_ascii_lowercase())
                .any(|key| if key.ends_with('/') { name.starts_with(&key) } else { name == key })
        };
        let may_be_absent = |key: &Key| match key {
            Key::Absent => true,
            Key::OneOf(keys) => keys.contains(&Key::Absent),
            Key::Known(_) | Key::Chosen | Key::ChosenOrAbsent | Key::Unknown => false,
        };
        let mut lacking = self.conditions.iter().filter(is_one).filter(|condition| {
            may_be_absent(context.key(&condition.key)) && condition.holds(context, self.variables) == Truth::Yes
        });
        lacking.next().map(|condition| (condition.key.as_str(), condition.operator.as_str()))
    }

    /// Whether it is about the call.
    pub fn judge(&self, request: &Request) -> Match {
        let mut unsure = None;
        let elements = [
            Truth::of(self.names_action(&request.action)),
            self.names_resource(&request.resource, &request.context),
            self.names(&request.caller),
        ];
        for truth in elements.into_iter().chain([self.is_met(&request.context)]) {
            match truth {
                Truth::Yes => {}
                Truth::No => return Match::DoesNotApply,
                Truth::Partly => unsure = unsure.or(Some("it depends on what is asked for".to_owned())),
                Truth::Unsure(why) => unsure = unsure.or(Some(why)),
            }
        }
        unsure.map_or(Match::Applies, Match::Undecided)
    }

    /// Whether all of its conditions hold.
    pub(super) fn is_met(&self, context: &Context) -> Truth {
        Truth::all(self.conditions.iter().map(|condition| condition.holds(context, self.variables)))
    }

    /// What one of its conditions comes to.
    pub(super) fn holds(&self, condition: &Condition, context: &Context) -> Truth {
        condition.holds(context, self.variables)
    }

    /// Whether it has a policy variable, which stands for a key.
    pub(super) fn has_variables(&self) -> bool {
        let resources = self.resources.as_ref().map_or(&[][..], Listed::listed);
        let mut texts = self.conditions.iter().flat_map(|condition| &condition.values).chain(resources);
        self.variables && texts.any(|text| text.contains("${"))
    }

    /// Whether it is about an action.
    pub(super) fn names_action(&self, action: &str) -> bool {
        let action = Text::Exact(action.to_owned());
        let named = self.action_patterns.iter().any(|pattern| pattern.matches_in_lower_case(&action) == Some(true));
        named == matches!(self.actions, Listed::Only(_))
    }

    /// Whether it names resources, or those that it is not about.
    pub(super) const fn names_resources(&self) -> bool {
        self.resources.is_some()
    }

    /// Whether it is about a resource.
    pub(super) fn names_resource(&self, resource: &Text, context: &Context) -> Truth {
        let Some(resources) = &self.resources else { return Truth::Yes };
        resources.names(|name| match Pattern::of_policy(name, true, self.variables, context) {
            Err(why) => Truth::Unsure(why),
            // IAM's wildcards keep to the parts of an ARN, with exceptions: where it matters, it is left open.
            Ok(pattern) => match (pattern.matches(resource), pattern.matches_arn(resource)) {
                (Some(true), Some(true)) => Truth::Yes,
                (Some(false), Some(false)) => Truth::No,
                _ => Truth::Unsure(format!("whether {name} includes the resource is not known")),
            },
        })
    }

    /// Whether it is about whoever asks.
    pub(super) fn names(&self, caller: &Caller) -> Truth {
        self.principal.includes(caller, self.effect)
    }

    /// Whether it is about the actions of a class that its own patterns helped to make.
    pub(super) fn names_class(&self, class: &Class) -> bool {
        let named = self.action_patterns.iter().any(|pattern| class.matches(pattern));
        named == matches!(self.actions, Listed::Only(_))
    }

    /// The patterns of its actions, in lower case.
    pub(super) fn actions(&self) -> &[Pattern] {
        &self.action_patterns
    }

    /// The patterns of its resources, as far as their variables are known.
    pub(super) fn resources(&self, context: &Context) -> impl Iterator<Item = Pattern> {
        let listed = self.resources.as_ref().map_or(&[][..], Listed::listed);
        listed.iter().filter_map(|name| Pattern::of_policy(name, true, self.variables, context).ok())
    }

    /// The patterns of a condition's values; see [`Condition::patterns`].
    pub(super) fn values(&self, condition: &Condition, context: &Context) -> Option<Vec<Pattern>> {
        condition.patterns(context, self.variables)
    }

    /// Of which calls it speaks, whatever its conditions.
    fn reach(&self) -> Reach<'_> {
        let actions = self.actions.reach(&["*", "*:*"]);
        let resources = self.resources.as_ref().map_or(Reach::Everything, |resources| resources.reach(&["*"]));
        match (actions, resources) {
            (Reach::Everything, reach) | (reach, Reach::Everything) => reach,
            (Reach::AllBut(_) | Reach::Some, Reach::AllBut(_) | Reach::Some) => Reach::Some,
        }
    }

    /// What it excepts, where it speaks of all calls but those on these resources or of these actions.
    pub fn exceptions(&self) -> Option<&[String]> {
        match self.reach() {
            Reach::AllBut(exceptions) => Some(exceptions),
            Reach::Everything | Reach::Some => None,
        }
    }

    /// Whether it speaks of all calls, as far as its conditions hold.
    pub fn is_about_everything(&self) -> bool {
        self.reach() == Reach::Everything
    }

    /// Whether it speaks of all calls, whatever their circumstances.
    pub fn is_unconditional(&self) -> bool {
        self.is_about_everything() && self.conditions.is_empty()
    }

    /// The same without conditions and as a permission: whatever it speaks of.
    #[must_use]
    pub fn as_permission(&self) -> Self {
        Self { effect: Effect::Allow, conditions: Vec::new(), ..self.clone() }
    }

    /// The same of everything but what belongs to the service of a condition key.
    #[must_use]
    pub fn as_permission_without(&self, key: &str) -> Self {
        let service = key.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let actions = format!("{service}*:*");
        let action_patterns = vec![Pattern::wild(&actions)];
        Self { actions: Listed::AllBut(vec![actions]), action_patterns, ..self.as_permission() }
    }

    /// On what it hangs besides its actions, as the end of a clause: ` on arn:aws:s3:::logs if aws:RequestedRegion
    /// (StringEquals eu-west-1)`; empty where it is about all resources, whatever the circumstances.
    pub fn provisos(&self) -> String {
        let list = |names: &[String]| crate::wording::list(names.iter().cloned(), 2);
        let on = match self.resources.as_ref().map(|resources| (resources, resources.reach(&["*"]))) {
            None | Some((_, Reach::Everything)) => String::new(),
            Some((_, Reach::AllBut(names))) => format!(" on everything but {}", list(names)),
            Some((resources, Reach::Some)) => format!(" on {}", list(resources.listed())),
        };
        let condition = |one: &Condition| format!("{} ({} {})", one.key, one.operator, list(&one.values));
        let conditions = crate::wording::list(self.conditions.iter().map(condition), 3);
        if conditions.is_empty() { on } else { format!("{on} if {conditions}") }
    }

    /// What it says of which actions, for people: `s3:Get* and s3:List*`, `everything but iam:*`.
    pub fn told(&self) -> String {
        let list = |names: &[String]| crate::wording::list(names.iter().cloned(), 3);
        match (&self.actions, self.actions.reach(&["*", "*:*"])) {
            (_, Reach::Everything) => "everything".to_owned(),
            (_, Reach::AllBut(names)) => format!("everything but {}", list(names)),
            (Listed::Only(names) | Listed::AllBut(names), Reach::Some) => list(names),
        }
    }
}
