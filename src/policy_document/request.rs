//! What a policy is asked about: one call, or everything that a session may do, with as much of it as is known.

use std::collections::BTreeMap;

/// A value of which all is known, or only the shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Exactly this.
    Exact(String),
    /// Something that fits: `*` stands for any run of characters, `?` for one.
    Like(String),
}

/// What is known of a condition key in the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// It is there, with these values.
    Known(Vec<Text>),
    /// It is there, with one of these values.
    OneOf(Vec<Text>),
    /// It is not there.
    Absent,
    /// It differs between the requests of one session: where they come from, what they are about.
    Varies,
    /// Neither its value nor whether it is there is known.
    Unknown,
}

impl Key {
    /// A single value, all of it known.
    pub fn exact(value: impl Into<String>) -> Self {
        Self::Known(vec![Text::Exact(value.into())])
    }

    /// A single value of which only the shape is known.
    pub fn like(shape: impl Into<String>) -> Self {
        Self::Known(vec![Text::Like(shape.into())])
    }

    /// There, with a value that is not known.
    pub fn present() -> Self {
        Self::like("*")
    }
}

/// The condition keys of a request. Names are compared without regard to case, as IAM does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    keys: BTreeMap<String, Key>,
    /// Keys named by their beginning, such as `aws:PrincipalTag/`.
    families: BTreeMap<String, Key>,
    otherwise: Key,
}

impl Context {
    /// A context in which any key not named later is as given.
    pub fn new(otherwise: Key) -> Self {
        Self { keys: BTreeMap::new(), families: BTreeMap::new(), otherwise }
    }

    /// Adds a key, or with a name that ends in `/` all keys that begin with it.
    #[must_use]
    pub fn with(mut self, name: &str, key: Key) -> Self {
        let name = name.to_ascii_lowercase();
        if name.ends_with('/') {
            self.families.insert(name, key)
        } else {
            self.keys.insert(name, key)
        };
        self
    }

    /// Adds keys that are all alike.
    #[must_use]
    pub fn with_all(self, names: &[&str], key: &Key) -> Self {
        names.iter().fold(self, |context, name| context.with(name, key.clone()))
    }

    /// What is known of a key.
    pub(super) fn key(&self, name: &str) -> &Key {
        let name = name.to_ascii_lowercase();
        let family = || self.families.iter().find(|(family, _)| name.starts_with(family.as_str())).map(|(_, key)| key);
        self.keys.get(&name).or_else(family).unwrap_or(&self.otherwise)
    }
}

/// The action asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// One action, such as `sts:AssumeRoleWithSAML`.
    One(String),
    /// All of them: a statement about some applies in part.
    Every,
}

/// The resource asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// One resource.
    One(Text),
    /// All of them: a statement about some applies in part.
    Every,
}

/// Who asks, as the `Principal` element sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Somebody with a SAML assertion, for whom this provider (an ARN) vouches where it is known.
    Saml(Option<String>),
    /// An AWS service, by its principal's name.
    Service(String),
    /// A session of a role, under policies that have no `Principal` element.
    Session,
}

/// What a policy is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is to be done.
    pub action: Action,
    /// On what.
    pub resource: Resource,
    /// By whom.
    pub caller: Caller,
    /// Under which circumstances.
    pub context: Context,
}
