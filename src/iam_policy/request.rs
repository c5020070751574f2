//! What a policy is asked about: one call, or the calls of a session, with as much of it as is known.

use std::sync::Arc;

/// Stands in a shape for one hex digit in lower case: a character that Unicode gives no meaning, so that no name has it.
pub const HEX_DIGIT: char = '\u{F0000}';

/// A value of which all is known, or only the shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Text {
    /// Exactly this.
    Exact(String),
    /// Something that fits: `*` stands for any run of characters, `?` for one, [`HEX_DIGIT`] for one hex digit.
    Like(String),
}

/// What is known of a condition key in the request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// It is there, with these values.
    Known(Vec<Text>),
    /// One of these is so.
    OneOf(Vec<Self>),
    /// It is not there.
    Absent,
    /// Whoever asks chooses it with the request, as they choose the Region.
    Chosen,
    /// The same, and with most requests it is not there at all.
    ChosenOrAbsent,
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
    known: Arc<Known>,
    /// What whoever asks chose.
    chosen: Vec<(String, Key)>,
    /// The service that is asked, with what is known of its own keys.
    service: Option<(String, Key)>,
}

/// What is known of all requests alike; shared, since many requests are thought out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    /// By names, or by the beginning of names that ends in `/`, such as `aws:PrincipalTag/`; the last counts.
    keys: Vec<(&'static [&'static str], Key)>,
    otherwise: Key,
}

/// Keys that belong to an identity and not to the service that is asked.
const OF_IDENTITIES: [&str; 4] = ["aws", "saml", "identitystore", "identitycenter"];

impl Context {
    /// A context in which any key not named later is as given.
    pub fn new(otherwise: Key) -> Self {
        let known = Known { keys: Vec::new(), otherwise };
        Self { known: Arc::new(known), chosen: Vec::new(), service: None }
    }

    /// Adds keys that are alike, or with a name that ends in `/` all keys that begin with it.
    #[must_use]
    pub fn with(mut self, names: &'static [&'static str], key: Key) -> Self {
        Arc::make_mut(&mut self.known).keys.push((names, key));
        self
    }

    /// The same, once a key is chosen.
    #[must_use]
    pub(super) fn choosing(mut self, name: &str, key: Key) -> Self {
        self.chosen.push((name.to_ascii_lowercase(), key));
        self
    }

    /// The context of calls to one service: the keys of all others are not there.
    #[must_use]
    pub fn of_calls_to(mut self, service: &str, own: Key) -> Self {
        self.service = Some((service.to_ascii_lowercase(), own));
        self
    }

    /// What is known of a key.
    pub fn key(&self, name: &str) -> &Key {
        let name = name.to_ascii_lowercase();
        let chosen = self.chosen.iter().find(|(chosen, _)| *chosen == name).map(|(_, key)| key);
        let of = |is_it: &dyn Fn(&str) -> bool| {
            let mut known = self.known.keys.iter().rev();
            known.find(|(names, _)| names.iter().any(|known| is_it(known))).map(|(_, key)| key)
        };
        let begins = |family: &str| {
            family.ends_with('/') && name.get(..family.len()).is_some_and(|start| start.eq_ignore_ascii_case(family))
        };
        chosen
            .or_else(|| of(&|known| known.eq_ignore_ascii_case(&name)))
            .or_else(|| of(&begins))
            .unwrap_or_else(|| self.key_of_service(&name))
    }

    fn key_of_service(&self, name: &str) -> &Key {
        let Some(((service, own), prefix)) = self.service.as_ref().zip(service_of(name)) else {
            return &self.known.otherwise;
        };
        // s3-object-lambda and ec2-instance-connect have the keys of s3 and ec2.
        if service.starts_with(prefix) { own } else { &Key::Absent }
    }
}

/// The service that a condition key belongs to; `None` for one of the identity that asks.
pub(super) fn service_of(key: &str) -> Option<&str> {
    key.split_once(':').map(|(prefix, _)| prefix).filter(|prefix| !OF_IDENTITIES.contains(prefix))
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

/// One call that a policy is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The action, such as `sts:AssumeRoleWithSAML`.
    pub action: String,
    /// On what.
    pub resource: Text,
    /// By whom.
    pub caller: Caller,
    /// Under which circumstances.
    pub context: Context,
}
