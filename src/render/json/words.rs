//! The words that the format has a closed list of.

use serde::Serialize;

/// Whether they get in: `reachable`, every gate is open on at least one path and nothing is wrong; `degraded`, they get
/// in but something is wrong; `blocked`, they cannot get in and it is proven where it stops; `inconclusive`, something
/// that decides could not be read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Reachable,
    Degraded,
    Blocked,
    Inconclusive,
}

/// What a fault does: it keeps them out, or lets them in to something old or less.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Effect {
    Blocks,
    Degrades,
}

/// How sure it is: `likely` where an earlier gate could not be read, where the evidence is an event rather than a state,
/// or where another reading fits as well.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Confidence {
    Confirmed,
    Likely,
}

/// What a rule said. `unknown` is never a no: something that it needs could not be read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    Clear,
    Fault,
    Unknown,
    NotApplicable,
}

/// An assignment of a permission set, or an entitlement of account access manager.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum PathKind {
    Assignment,
    Entitlement,
}

/// A part of a question: USER, ACCOUNT, `--permission-set` or `--group`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Part {
    User,
    Account,
    PermissionSet,
    Group,
}

/// What is known of one path.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum PathState {
    Open,
    Degraded,
    Shut,
    Unknown,
}

/// What a comparison comes to: the two differ; they have the same ways; the colleague has no access either; there is no
/// such colleague; or something that decides could not be read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Likeness {
    Differs,
    Same,
    NoModel,
    NotFound,
    Unknown,
}

/// Whether access is given to the user or to a group.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum PrincipalType {
    User,
    Group,
}

/// Why something could not be read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reason {
    Denied,
    Throttled,
    Failed,
    TimedOut,
    NotAsked,
}
