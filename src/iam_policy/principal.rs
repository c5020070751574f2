//! The `Principal` element: whether a statement is about whoever asks.

use super::Effect;
use super::document::{RawPrincipal, Strings};
use super::request::Caller;
use super::truth::Truth;

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Principal {
    /// The policy belongs to whoever asks.
    Implied,
    /// `*`
    Anyone,
    /// Type and id of each.
    Named(Vec<(String, String)>),
    /// `NotPrincipal`: everybody but these; nobody at all where it is `*`.
    AllBut(Option<Vec<(String, String)>>),
}

impl Principal {
    /// Reads the element. `None` where there are two of them.
    pub(super) fn new(principal: Option<RawPrincipal>, not_principal: Option<RawPrincipal>) -> Option<Self> {
        let named = |types: Vec<(String, Strings)>| {
            let ids = |(kind, Strings(ids)): (String, Strings)| ids.into_iter().map(move |id| (kind.clone(), id));
            types.into_iter().flat_map(ids).collect()
        };
        match (principal, not_principal) {
            (None, None) => Some(Self::Implied),
            (Some(RawPrincipal::Anyone), None) => Some(Self::Anyone),
            (Some(RawPrincipal::Named(types)), None) => Some(Self::Named(named(types))),
            (None, Some(RawPrincipal::Anyone)) => Some(Self::AllBut(None)),
            (None, Some(RawPrincipal::Named(types))) => Some(Self::AllBut(Some(named(types)))),
            (Some(_), Some(_)) => None,
        }
    }

    /// The ids of one type that it names, but not as exceptions.
    pub(super) fn named(&self, wanted: &'static str) -> impl Iterator<Item = &str> {
        let named: &[(String, String)] = match self {
            Self::Named(named) => named,
            Self::Implied | Self::Anyone | Self::AllBut(_) => &[],
        };
        named.iter().filter(move |(kind, _)| kind == wanted).map(|(_, id)| id.as_str())
    }

    /// Whether a statement of this effect is about the caller.
    pub(super) fn includes(&self, caller: &Caller, effect: Effect) -> Truth {
        match (self, caller, effect) {
            (Self::Implied, _, _)
            | (Self::Anyone, Caller::Session, _)
            | (Self::Anyone, Caller::Saml(_) | Caller::Service(_), Effect::Deny) => Truth::Yes,
            (Self::Anyone, Caller::Saml(_), Effect::Allow) => {
                Truth::Unsure("AWS does not say whether the principal * lets in a SAML caller".to_owned())
            }
            (Self::Anyone, Caller::Service(_), Effect::Allow) => {
                Truth::Unsure("AWS does not say whether the principal * lets in a service".to_owned())
            }
            (Self::Named(_) | Self::AllBut(Some(_)), Caller::Session, _) => {
                Truth::Unsure("it names principals".to_owned())
            }
            (Self::Named(named), _, _) => names(named, caller),
            (Self::AllBut(None), _, _) => Truth::No,
            (Self::AllBut(Some(named)), _, effect) => match (names(named, caller), effect) {
                (Truth::Yes, _) => Truth::No,
                // Whoever is not excepted is denied; whether they are let in, AWS does not say.
                (Truth::No, Effect::Deny) if !has_accounts(named) => Truth::Yes,
                (Truth::No | Truth::Partly | Truth::Unsure(_), _) => Truth::Unsure("it has a NotPrincipal".to_owned()),
            },
        }
    }
}

/// Whether accounts or identities of one are among them: the account of a role could stand for whoever takes it on.
fn has_accounts(named: &[(String, String)]) -> bool {
    named.iter().any(|(kind, _)| kind == "AWS")
}

fn names(named: &[(String, String)], caller: &Caller) -> Truth {
    match caller {
        Caller::Session => Truth::Unsure("it names principals".to_owned()),
        Caller::Service(service) => Truth::any(named.iter().map(|(kind, id)| match (kind.as_str(), id.as_str()) {
            ("Service", id) if id == service => Truth::Yes,
            ("Service" | "AWS", "*") => {
                Truth::Unsure(format!("whether principal {kind} * includes {service} is not known"))
            }
            _ => Truth::No,
        })),
        Caller::Saml(provider) => {
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
