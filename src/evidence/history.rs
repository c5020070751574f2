//! What CloudTrail tells of changes: its records, reduced to what bears on somebody's access. A recording holds these, and
//! never a record as it was logged.

mod events;
mod kinds;
mod read;
#[cfg(test)]
mod tests;
mod who;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::recording::required;
use super::{Call, Fact};

pub use events::{Logged, is_logged, logged};
pub use kinds::{Thing, What};
pub use read::read;

/// What a record says of something. Not an `Option`: that AWS hides a value is not that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// It is named.
    Is(String),
    /// AWS hides it.
    Hidden,
    /// Records of this kind do not have it, or this one does not.
    NotLogged,
}

/// The same in the form of recordings, in which no word of AWS's or ours stands where a name does.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Named", deny_unknown_fields)]
enum RecordedName {
    Is(String),
    Hidden {},
}

/// What is not logged stands in no recording.
fn recorded_names<S: Serializer>(about: &BTreeMap<Thing, Named>, serializer: S) -> Result<S::Ok, S::Error> {
    let recorded = about.iter().filter_map(|(thing, named)| match named {
        Named::Is(value) => Some((thing, RecordedName::Is(value.clone()))),
        Named::Hidden => Some((thing, RecordedName::Hidden {})),
        Named::NotLogged => None,
    });
    serializer.collect_map(recorded)
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Thing, Named>, D::Error> {
    // Keys that are texts are told where something is wrong below them.
    let recorded = BTreeMap::<String, RecordedName>::deserialize(deserializer)?;
    let named = recorded.into_iter().map(|(thing, name)| {
        let thing = Thing::deserialize(IntoDeserializer::<D::Error>::into_deserializer(thing.as_str()))?;
        Ok(match name {
            RecordedName::Is(value) => (thing, Named::Is(value)),
            RecordedName::Hidden {} => (thing, Named::Hidden),
        })
    });
    named.collect()
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was accepted; how it ended, the status of the request tells.
    Accepted {
        /// The id of the request.
        #[serde(deserialize_with = "required")]
        request: Option<String>,
    },
    /// It failed, and changed nothing.
    Refused {
        /// AWS's error code, where there is one.
        #[serde(deserialize_with = "required")]
        code: Option<String>,
    },
}

/// What kind of identity called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// A person, in a role of Identity Center.
    Person,
    /// A role of another kind: mostly a pipeline's.
    Role,
    /// Identity Center itself, which carries out what somebody asked it.
    IdentityCenter,
    /// The identity provider, through SCIM.
    Scim,
    /// A user of Identity Center, by id.
    IdentityCenterUser,
    /// An IAM user.
    IamUser,
    /// The root user of an account.
    Root,
    /// AWS, of its own accord.
    Aws,
    /// Anything else.
    Other,
}

/// With what somebody called, as far as its own words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// The AWS console in a browser.
    Console,
    /// The AWS CLI.
    AwsCli,
    /// Terraform.
    Terraform,
    /// `OpenTofu`.
    OpenTofu,
    /// Pulumi.
    Pulumi,
    /// AWS `CloudFormation`.
    CloudFormation,
    /// The AWS SDK for Python.
    Boto3,
    /// Another AWS SDK.
    AwsSdk,
    /// Okta.
    Okta,
    /// Microsoft Entra ID.
    Entra,
}

/// Who made a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Of what kind.
    pub kind: ActorKind,
    /// The name: of a person, a pipeline's role, an IAM user, or a user's id.
    #[serde(deserialize_with = "required")]
    pub name: Option<String>,
    /// The role they are in, where the name is not its own: a permission set's or a role's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// With what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Tool>,
    /// The IP address that the call came from; absent where a service of AWS made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The access key of the session, which ties together what one run of a pipeline did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_key: Option<String>,
}

/// One record of CloudTrail, reduced to what bears on somebody's access. No credential, no answer of AWS and no text of
/// whoever called is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// CloudTrail's event id.
    pub id: String,
    /// The id that the records of several accounts about one event share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_id: Option<String>,
    /// The request's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// When, by AWS's clock.
    pub at: Timestamp,
    /// The account in which it is logged.
    pub account: String,
    /// The Region in which it is logged.
    pub region: String,
    /// The service and the name of the event: `identitystore:DeleteGroupMembership`.
    pub event: String,
    /// Who.
    pub by: Actor,
    /// What was done.
    pub what: What,
    /// To what.
    #[serde(serialize_with = "recorded_names", deserialize_with = "names")]
    pub about: BTreeMap<Thing, Named>,
    /// What became of it.
    pub outcome: Outcome,
}

impl Change {
    /// What the record says of something; nothing where records of this kind never tell.
    pub fn named(&self, thing: Thing) -> &Named {
        self.about.get(&thing).unwrap_or(&Named::NotLogged)
    }

    /// The value that the record names.
    pub fn is(&self, thing: Thing) -> Option<&str> {
        match self.named(thing) {
            Named::Is(value) => Some(value),
            Named::Hidden | Named::NotLogged => None,
        }
    }

    /// Whether the record names this very value.
    pub fn names(&self, thing: Thing, value: &str) -> bool {
        self.is(thing) == Some(value)
    }

    /// Whether the call was refused, and so changed nothing.
    pub const fn is_refused(&self) -> bool {
        matches!(self.outcome, Outcome::Refused { .. })
    }
}

/// What one look at a log of changes held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeLog {
    /// Every event from here on was read; older ones were not asked for, or left unread.
    pub since: Timestamp,
    /// Every event up to here was read.
    pub until: Timestamp,
    /// What bears on somebody's access, newest first.
    pub changes: Vec<Change>,
    /// How many events were read, whatever they tell.
    pub read: usize,
    /// Whether older events were left unread.
    pub capped: bool,
    /// The accounts and Regions whose events are there, where one log holds several; else those of the fact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Covered>,
}

/// One account in one Region, whose events a log holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covered {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
}

/// By what `LookupEvents` looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribute {
    /// The event's name, which services share: the source is looked at afterwards.
    EventName,
    /// The resource's name.
    ResourceName,
    /// The access key that was used.
    AccessKeyId,
    /// Whether the event only reads: `false` in a window of minutes.
    ReadOnly,
}

/// One look-up in the event history, and what it held. Its fact has the account and the Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookedUp {
    /// By what.
    pub by: Attribute,
    /// The value: an event's name, a resource, an access key.
    pub looked_for: String,
    /// What it held.
    pub log: Fact<ChangeLog>,
}

/// What is known of changes. No rule reads it: it dates what they found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The accounts that administer Identity Center beside the management account.
    #[serde(rename = "delegated")]
    pub administrators: Fact<Vec<String>>,
    /// What was looked up in event histories.
    pub looked_up: Vec<LookedUp>,
    /// What a trail named by `--trail` held, and then a fact for each part of it that could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Fact<ChangeLog>>,
}

impl History {
    /// Nothing was asked.
    pub fn unasked() -> Self {
        let because = "nothing that is known called for it";
        Self {
            administrators: Fact::not_asked(Call::ListDelegatedAdministrators, because),
            looked_up: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// Whether nothing was asked.
    pub fn is_unasked(&self) -> bool {
        *self == Self::unasked()
    }

    /// Up to when a trail holds the events of an account in a Region, where it holds all of them from then on; without, from
    /// when its own look began.
    pub fn covered_until(&self, account: &str, region: &str, from: Option<Timestamp>) -> Option<Timestamp> {
        let log = self.trail.first()?.known().ok()?;
        let is_whole = !log.capped && from.is_none_or(|from| log.since <= from);
        let is_there = log.covers.iter().any(|one| one.account == account && one.region == region);
        (is_whole && is_there).then_some(log.until)
    }

    /// What each look held, as far as it could be had.
    pub fn logs(&self) -> impl Iterator<Item = &Fact<ChangeLog>> {
        self.looked_up.iter().map(|one| &one.log).chain(&self.trail)
    }

    /// What is known to have happened, each event once, oldest first.
    pub fn changes(&self) -> Vec<&Change> {
        let mut changes: Vec<&Change> =
            self.logs().filter_map(|log| log.known().ok()).flat_map(|log| &log.changes).collect();
        changes.sort_by(|a, b| (a.at, &a.event, &a.id).cmp(&(b.at, &b.event, &b.id)));
        // What two accounts have of one event shares an id; a record without any is told by its request.
        let shared: BTreeMap<&str, &str> =
            changes.iter().filter_map(|change| Some((change.id.as_str(), change.shared_id.as_deref()?))).collect();
        let mut seen = BTreeSet::new();
        changes.retain(|change| {
            let shared = change.shared_id.as_deref().or_else(|| shared.get(change.id.as_str()).copied());
            let own = Some(change.id.as_str()).filter(|id| !id.is_empty());
            shared.or(own).or(change.request.as_deref()).is_none_or(|id| seen.insert(id))
        });
        changes
    }
}
