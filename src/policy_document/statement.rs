//! One statement, and whether it is about a request.

use super::Effect;
use super::condition::Condition;
use super::document::{Entries, RawPrincipal, RawStatement, Strings};
use super::pattern::Pattern;
use super::request::{Action, Caller, Request, Resource, Text};
use super::truth::Truth;

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
    /// Trust policies have none: they are about the role they belong to.
    resources: Option<Listed>,
    conditions: Vec<Condition>,
    /// Whether `${…}` is a variable; before version 2012-10-17 it was text.
    variables: bool,
}

/// What an element names, or names as exceptions.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Listed {
    Only(Vec<String>),
    AllBut(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Principal {
    /// The policy belongs to whoever asks.
    Implied,
    Anyone,
    /// Type and id.
    Named(Vec<(String, String)>),
    /// `NotPrincipal`.
    AllBut,
}

/// Whether a statement is about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// It is.
    Applies,
    /// It is about some of what was asked for, and not about the rest.
    AppliesInPart,
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
        let principal = match (raw.principal, raw.not_principal) {
            (None, None) => Principal::Implied,
            (Some(RawPrincipal::Anyone), None) => Principal::Anyone,
            (Some(RawPrincipal::Named(types)), None) => {
                let ids = |(kind, Strings(ids)): (String, Strings)| ids.into_iter().map(move |id| (kind.clone(), id));
                Principal::Named(types.into_iter().flat_map(ids).collect())
            }
            (None, Some(_)) => Principal::AllBut,
            (Some(_), Some(_)) => return Err(format!("statement {place} has both Principal and NotPrincipal")),
        };
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
        self.principals("Federated")
    }

    /// The AWS services it names as principals.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.principals("Service")
    }

    fn principals(&self, wanted: &'static str) -> impl Iterator<Item = &str> {
        let named: &[(String, String)] = match &self.principal {
            Principal::Named(named) => named,
            Principal::Implied | Principal::Anyone | Principal::AllBut => &[],
        };
        named.iter().filter(move |(kind, _)| kind == wanted).map(|(_, id)| id.as_str())
    }

    /// Whether it asks for one of these keys to have some value: whether it is aimed at whoever has that value.
    pub fn singles_out(&self, keys: &[&str]) -> bool {
        self.conditions.iter().any(|condition| {
            keys.iter().any(|key| condition.key.eq_ignore_ascii_case(key)) && condition.asks_for_value()
        })
    }

    /// What keeps it from being about the request, as the end of a sentence; for a statement that is not.
    pub fn mismatch(&self, request: &Request) -> Option<String> {
        if self.names_action(request) == Truth::No {
            return Some("names other actions".to_owned());
        }
        if self.names_resource(request) == Truth::No {
            return Some("names other resources".to_owned());
        }
        if self.names(&request.caller) == Truth::No {
            return Some("names other principals".to_owned());
        }
        let fails = |condition: &&Condition| condition.holds(&request.context, self.variables) == Truth::No;
        let failing = self.conditions.iter().find(fails)?;
        Some(format!("has a condition on {} ({}) that does not hold", failing.key, failing.operator))
    }

    /// Whether it is about the request.
    pub fn judge(&self, request: &Request) -> Match {
        let mut in_part = false;
        let mut unsure = None;
        let conditions = self.conditions.iter().map(|condition| condition.holds(&request.context, self.variables));
        let elements = [self.names_action(request), self.names_resource(request), self.names(&request.caller)];
        for truth in elements.into_iter().chain(conditions) {
            match truth {
                Truth::Yes => {}
                Truth::No => return Match::DoesNotApply,
                Truth::Partly => in_part = true,
                Truth::Unsure(why) => unsure = unsure.or(Some(why)),
            }
        }
        match (in_part, unsure, self.effect) {
            (false, None, _) => Match::Applies,
            // Whatever the rest comes to, it does not deny everything that was asked for.
            (true, _, Effect::Deny) | (true, None, Effect::Allow) => Match::AppliesInPart,
            (false, Some(why), _) | (true, Some(why), Effect::Allow) => Match::Undecided(why),
        }
    }

    fn names_action(&self, request: &Request) -> Truth {
        match &request.action {
            Action::Every => self.actions.is_everything(&["*", "*:*"]),
            Action::One(action) => {
                let action = Text::Exact(action.clone());
                self.actions.names(|name| Truth::of(Pattern::wild(name).matches_ignoring_case(&action) == Some(true)))
            }
        }
    }

    fn names_resource(&self, request: &Request) -> Truth {
        let Some(resources) = &self.resources else { return Truth::Yes };
        match &request.resource {
            Resource::Every => resources.is_everything(&["*"]),
            Resource::One(resource) => resources.names(|name| {
                match Pattern::of_policy(name, true, self.variables, &request.context) {
                    Err(why) => Truth::Unsure(why),
                    // IAM's wildcards keep to the parts of an ARN, with exceptions: where it matters, it is left open.
                    Ok(pattern) => match (pattern.matches(resource), pattern.matches_arn(resource)) {
                        (Some(true), Some(true)) => Truth::Yes,
                        (Some(false), Some(false)) => Truth::No,
                        _ => Truth::Unsure(format!("whether resource {name} includes the role is not known")),
                    },
                }
            }),
        }
    }

    fn names(&self, caller: &Caller) -> Truth {
        match (&self.principal, caller) {
            (Principal::Implied, _) | (Principal::Anyone, Caller::Session) => Truth::Yes,
            (Principal::Anyone, Caller::Saml(_) | Caller::Service(_)) if self.effect == Effect::Deny => Truth::Yes,
            (Principal::Anyone, Caller::Saml(_)) => {
                Truth::Unsure("AWS does not say whether the principal * lets in a SAML caller".to_owned())
            }
            (Principal::Anyone, Caller::Service(_)) => {
                Truth::Unsure("AWS does not say whether the principal * lets in a service".to_owned())
            }
            (Principal::AllBut, _) => Truth::Unsure("it has a NotPrincipal".to_owned()),
            (Principal::Named(_), Caller::Session) => Truth::Unsure("it names principals".to_owned()),
            (Principal::Named(named), Caller::Service(service)) => {
                Truth::any(named.iter().map(|(kind, id)| match (kind.as_str(), id.as_str()) {
                    ("Service", id) if id == service => Truth::Yes,
                    ("Service" | "AWS", "*") => {
                        Truth::Unsure(format!("whether principal {kind} * includes {service} is not known"))
                    }
                    _ => Truth::No,
                }))
            }
            (Principal::Named(named), Caller::Saml(provider)) => {
                Truth::any(named.iter().map(|(kind, id)| match (kind.as_str(), id.as_str(), provider) {
                    ("Federated", id, Some(provider)) if id == provider => Truth::Yes,
                    ("Federated", id, Some(_)) if !id.contains(['*', '?']) => Truth::No,
                    ("Federated", _, _) | ("AWS", "*", _) => {
                        Truth::Unsure(format!("whether principal {id} includes Identity Center's is not known"))
                    }
                    _ => Truth::No,
                }))
            }
        }
    }
}

impl Listed {
    fn names(&self, mut matches: impl FnMut(&str) -> Truth) -> Truth {
        match self {
            Self::Only(names) => Truth::any(names.iter().map(|name| matches(name))),
            Self::AllBut(names) => Truth::any(names.iter().map(|name| matches(name))).not(),
        }
    }

    /// Whether it leaves nothing out: it names one of the forms of everything, or has no exception.
    fn is_everything(&self, forms: &[&str]) -> Truth {
        let is_all = |name: &String| forms.contains(&name.as_str()) || Pattern::wild(name).is_everything();
        match self {
            Self::Only(names) if names.iter().any(is_all) => Truth::Yes,
            Self::AllBut(names) if names.is_empty() => Truth::Yes,
            Self::AllBut(names) if names.iter().any(is_all) => Truth::No,
            Self::Only(_) | Self::AllBut(_) => Truth::Partly,
        }
    }
}
