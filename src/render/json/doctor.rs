//! What `idc doctor` found, for scripts.

use std::io;

use serde::Serialize;
use serde_json::Value;

use super::{FORMAT_VERSION, write_harmless};
use crate::answers::doctor::{self, Standing, State};
use crate::evidence::{Call, EntryMethod, Site};
use crate::packed::packed;

/// The schema of what is written here.
pub fn schema() -> &'static str {
    packed!("docs/doctor.schema.json")
}

/// Whether these credentials and the way into an account suffice.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "Answer of idc doctor"))]
pub(super) struct Doctor<'a> {
    /// The version of this format. The first number changes only when a field goes or changes its meaning.
    #[cfg_attr(test, schemars(regex(pattern = r"^1\.[0-9]+$")))]
    format_version: &'static str,
    /// What the answer is of.
    #[cfg_attr(test, schemars(extend("const" = "doctor")))]
    kind: &'static str,
    /// `ready`, or `incomplete` where something is lacking.
    #[cfg_attr(test, schemars(extend("enum" = ["ready", "incomplete"])))]
    outcome: &'static str,
    /// The outcome in a sentence.
    summary: String,
    /// Who asked; null where that is not known.
    caller: Option<Caller<'a>>,
    /// The organization; null where there is none or it is not known.
    organization: Option<Organization<'a>>,
    /// The instance of Identity Center; null where none was found.
    instance: Option<Instance<'a>>,
    /// The way into the account that was named; null without.
    account: Option<Way<'a>>,
    /// Each call that idc may make, and whether it was allowed.
    calls: Vec<Tried<'a>>,
    /// What to allow, as policies; null where nothing is lacking there.
    allow: Allow<'a>,
    /// The account to ask from, where Identity Center does not answer this one; else null.
    ask_from: Option<String>,
    /// How many requests AWS was sent.
    sent: u32,
}

/// Who asked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Caller<'a> {
    /// The account of these credentials.
    account: &'a str,
    /// Who asked.
    arn: &'a str,
    /// `management`, `delegated-administrator`, `member`, or `unknown`.
    #[cfg_attr(test, schemars(extend("enum" = ["management", "delegated-administrator", "member", "unknown"])))]
    standing: &'static str,
}

/// The organization of the caller.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Organization<'a> {
    /// Its id.
    id: &'a str,
    /// The account that it is managed from.
    management_account: &'a str,
}

/// The instance of Identity Center.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Instance<'a> {
    /// Its ARN.
    arn: &'a str,
    /// Its primary Region.
    region: &'a str,
    /// The store of its users and groups.
    identity_store_id: &'a str,
    /// The account that it is in; null where AWS does not tell.
    owner_account: Option<&'a str>,
    /// Its state, as AWS names it; null where AWS does not tell.
    status: Option<&'a str>,
}

/// The way into the account.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Way<'a> {
    /// The account.
    id: &'a str,
    /// `role`, `profile` or `own`; null where it was not entered.
    #[cfg_attr(test, schemars(extend("enum" = ["role", "profile", "own", null])))]
    entered_by: Option<&'static str>,
    /// As whom it was entered; null where it was not.
    arn: Option<&'a str>,
    /// Why it was not entered; else null.
    message: Option<&'a str>,
}

/// A call, and whether it was allowed.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Tried<'a> {
    /// The action, as IAM names it.
    #[cfg_attr(test, schemars(with = "String"))]
    call: Call,
    /// The account whose permissions count; null where it is not known.
    account: Option<&'a str>,
    /// `caller` or `target`: whose permissions it takes.
    #[cfg_attr(test, schemars(extend("enum" = ["caller", "target"])))]
    site: &'static str,
    /// `allowed`, `denied`, `failed` or `not-tried`.
    #[cfg_attr(test, schemars(extend("enum" = ["allowed", "denied", "failed", "not-tried"])))]
    state: &'static str,
    /// What AWS said; null where it said nothing that helps.
    message: Option<&'a str>,
}

/// What to allow.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Allow<'a> {
    /// A policy for whoever asks; null where nothing is lacking.
    caller: Option<&'a Value>,
    /// A policy for the role in the account; null where nothing is lacking.
    target: Option<&'a Value>,
}

/// Writes it, with the policies for the caller and for the role in the account.
pub fn write(
    out: &mut dyn io::Write,
    found: &doctor::Doctor,
    caller: Option<&Value>,
    target: Option<&Value>,
) -> io::Result<()> {
    let checkup = &found.checkup;
    let standing = match found.standing {
        Standing::Management => "management",
        Standing::DelegatedAdministrator => "delegated-administrator",
        Standing::Member => "member",
        Standing::Unknown => "unknown",
    };
    let tried = found.calls.iter().map(|tried| Tried {
        call: tried.call,
        account: tried.account.as_deref(),
        site: if tried.site == Site::Target { "target" } else { "caller" },
        state: match tried.state {
            State::Allowed => "allowed",
            State::Denied => "denied",
            State::Failed => "failed",
            State::NotTried => "not-tried",
        },
        message: Some(tried.message.as_str()).filter(|message| !message.is_empty()),
    });
    let way = found.way.as_ref().map(|way| Way {
        id: &way.account,
        entered_by: way.method.map(|method| match method {
            EntryMethod::Role => "role",
            EntryMethod::Profile => "profile",
            EntryMethod::Own => "own",
        }),
        arn: way.arn.as_deref(),
        message: way.because.as_deref(),
    });
    let answer = Doctor {
        format_version: FORMAT_VERSION,
        kind: "doctor",
        outcome: if found.suffices { "ready" } else { "incomplete" },
        summary: found.summary(),
        caller: checkup.caller.known().ok().map(|one| Caller { account: &one.account, arn: &one.arn, standing }),
        organization: checkup
            .organization
            .known()
            .ok()
            .and_then(Option::as_ref)
            .map(|one| Organization { id: &one.id, management_account: &one.management_account }),
        instance: checkup.instance.as_ref().map(|one| Instance {
            arn: &one.arn,
            region: one.region(),
            identity_store_id: &one.identity_store_id,
            owner_account: one.owner_account.as_deref(),
            status: one.status.as_deref(),
        }),
        account: way,
        calls: tried.collect(),
        allow: Allow { caller, target },
        ask_from: found.ask_from(),
        sent: checkup.sent,
    };
    write_harmless(out, &answer)
}
