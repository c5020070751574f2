//! What a statement names as its actions or resources: these, or all but these.

use super::pattern::Pattern;
use super::truth::Truth;

/// What an element names, or names as exceptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Listed {
    Only(Vec<String>),
    AllBut(Vec<String>),
}

/// What a statement says whatever the call: of all calls, or of all but some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach<'a> {
    /// Of all of them.
    Everything,
    /// Of all but these actions, or those on these resources.
    AllBut(&'a [String]),
    /// Only of some.
    Some,
}

impl Listed {
    /// The names, whichever they are.
    pub(super) fn listed(&self) -> &[String] {
        match self {
            Self::Only(names) | Self::AllBut(names) => names,
        }
    }

    /// Whether it names something, by whether that matches a name.
    pub(super) fn names(&self, mut matches: impl FnMut(&str) -> Truth) -> Truth {
        match self {
            Self::Only(names) => Truth::any(names.iter().map(|name| matches(name))),
            Self::AllBut(names) => Truth::any(names.iter().map(|name| matches(name))).not(),
        }
    }

    /// What it leaves out; `forms` are those of everything.
    pub(super) fn reach(&self, forms: &[&str]) -> Reach<'_> {
        let is_all = |name: &String| forms.contains(&name.as_str()) || Pattern::wild(name).is_everything();
        match self {
            Self::Only(names) if names.iter().any(is_all) => Reach::Everything,
            Self::AllBut(names) if names.is_empty() => Reach::Everything,
            Self::AllBut(names) if !names.iter().any(is_all) => Reach::AllBut(names),
            Self::Only(_) | Self::AllBut(_) => Reach::Some,
        }
    }
}
