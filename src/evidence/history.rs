//! What CloudTrail tells of changes: its records, reduced to what bears on somebody's access. A recording holds these, and
//! never a record as it was logged.

mod events;
mod read;
#[cfg(test)]
mod tests;
mod who;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::recording::required;
use super::{Call, Fact};

pub use events::{Logged, is_logged, logged};
pub use read::read;

/// What a record tells was done, or asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Somebody came into a group.
    MemberAdded,
    /// Somebody was taken out of a group.
    MemberRemoved,
    /// The members of a group were changed through SCIM; whose membership, AWS hides.
    MembersPatched,
    /// A membership was looked up by group and member. Changes nothing; may tell whom a removal without names was about.
    MembershipLookedUp,
    /// Somebody's memberships were listed. Changes nothing; may tell whom a removal without names was about.
    MembershipsListed,
    /// A group was made.
    GroupCreated,
    /// A group was renamed, or otherwise changed.
    GroupUpdated,
    /// A group was deleted.
    GroupDeleted,
    /// A user was made.
    UserCreated,
    /// A user was renamed, or otherwise changed.
    UserUpdated,
    /// A user was disabled.
    UserDisabled,
    /// A user was enabled.
    UserEnabled,
    /// Whether a user may sign in was set through SCIM; to what, AWS may hide.
    UserActiveSet,
    /// A user was deleted.
    UserDeleted,
    /// An assignment was asked for.
    AssignmentCreated,
    /// The deletion of an assignment was asked for.
    AssignmentDeleted,
    /// An assignment was made or deleted in the console's form of before 2020, which names neither account nor permission
    /// set.
    ProfileChanged,
    /// A permission set was made.
    PermissionSetCreated,
    /// A permission set was changed, but for its policies.
    PermissionSetUpdated,
    /// A permission set was deleted.
    PermissionSetDeleted,
    /// A policy, or the boundary, of a permission set was put or attached.
    PermissionSetPolicyAdded,
    /// A policy, or the boundary, of a permission set was deleted or detached.
    PermissionSetPolicyRemoved,
    /// A permission set was to be provisioned anew.
    PermissionSetProvisioned,
    /// The attributes for access control were changed.
    AccessControlAttributesChanged,
    /// The instance, its sessions or its rules for a second factor were changed.
    InstanceChanged,
    /// The identity source was changed, or the external identity provider and its certificates.
    IdentitySourceChanged,
    /// A token for SCIM was made.
    ScimTokenCreated,
    /// A token for SCIM, or all of SCIM, was deleted.
    ScimTokenDeleted,
    /// A role was made.
    RoleCreated,
    /// A role was deleted.
    RoleDeleted,
    /// A role's policies or boundary were changed.
    RolePoliciesChanged,
    /// A role's trust policy was changed.
    RoleTrustChanged,
    /// A SAML provider was made.
    SamlProviderCreated,
    /// A SAML provider was changed.
    SamlProviderUpdated,
    /// A SAML provider was deleted.
    SamlProviderDeleted,
    /// A customer managed policy was made.
    PolicyCreated,
    /// A customer managed policy was changed.
    PolicyUpdated,
    /// A customer managed policy was deleted.
    PolicyDeleted,
    /// An organization's policy was made.
    OrganizationPolicyCreated,
    /// An organization's policy was attached.
    OrganizationPolicyAttached,
    /// An organization's policy was detached.
    OrganizationPolicyDetached,
    /// An organization's policy was changed.
    OrganizationPolicyUpdated,
    /// An organization's policy was deleted.
    OrganizationPolicyDeleted,
    /// A kind of policy was switched on in the organization.
    PolicyTypeEnabled,
    /// A kind of policy was switched off in the organization.
    PolicyTypeDisabled,
    /// An account was moved to another organizational unit.
    AccountMoved,
    /// An account was closed.
    AccountClosed,
    /// An account was taken out of the organization, or left it.
    AccountRemoved,
    /// An entitlement of account access manager was made.
    EntitlementCreated,
    /// An entitlement of account access manager was deleted.
    EntitlementDeleted,
    /// A KMS key was disabled, is to be deleted, or has another policy.
    KeyChanged,
    /// Somebody signed in, or tried to.
    SignedIn,
    /// Somebody opened a role from the access portal, in the browser or on the command line.
    RoleOpened,
    /// AWS STS let somebody into a role, or did not.
    RoleAssumed,
}

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// A group's id.
    Group,
    /// A user's id.
    User,
    /// A user's name, as typed or as it was at that time.
    UserName,
    /// A membership's id.
    Membership,
    /// What was done to the members, of `add`, `remove` and `replace`, behind commas.
    Operation,
    /// Whether the user may sign in: `true` or `false`.
    Active,
    /// An account's id.
    Account,
    /// A permission set's ARN.
    PermissionSet,
    /// A permission set's name, as the access portal has it.
    PermissionSetName,
    /// The id of the group or user that something is assigned to.
    Principal,
    /// A role's name or ARN.
    Role,
    /// A SAML provider's name or ARN.
    SamlProvider,
    /// A policy's name, ARN or id.
    Policy,
    /// The account, organizational unit or root that an organization's policy is attached to.
    Target,
    /// Where an account was.
    From,
    /// Where an account went.
    To,
    /// The kind of an organization's policy.
    PolicyType,
    /// An application's ARN.
    Application,
    /// An entitlement's id.
    Entitlement,
    /// A KMS key's id or ARN.
    Key,
}

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

impl What {
    /// Whether something is otherwise afterwards. A look-up, a sign-in and a session change nothing.
    pub const fn changes(self) -> bool {
        !matches!(
            self,
            Self::MembershipLookedUp | Self::MembershipsListed | Self::SignedIn | Self::RoleOpened | Self::RoleAssumed
        )
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
        let mut seen = std::collections::BTreeSet::new();
        changes.retain(|change| {
            let shared = change.shared_id.as_deref().map(|id| ("shared", id));
            let same = [Some(("own", change.id.as_str())), shared];
            let ids: Vec<_> = same.into_iter().flatten().filter(|(_, id)| !id.is_empty()).collect();
            let known = ids.iter().any(|id| seen.contains(id));
            seen.extend(ids);
            !known
        });
        changes
    }
}
