//! What `idc doctor` found, for scripts.

use std::io;

use serde::Serialize;
use serde_json::Value;

use super::{FORMAT_VERSION, write_harmless};
use crate::answers::doctor::{self, Standing, State};
use crate::evidence::{Call, EntryMethod, Site};

/// Whether these credentials and the way into an account suffice.
#[derive(Serialize)]
struct Doctor<'a> {
    format_version: &'static str,
    kind: &'static str,
    /// `ready`, or `incomplete` where something is lacking.
    outcome: &'static str,
    summary: String,
    caller: Option<Caller<'a>>,
    organization: Option<Organization<'a>>,
    instance: Option<Instance<'a>>,
    /// The way into the account that was named; null without.
    account: Option<Way<'a>>,
    calls: Vec<Tried<'a>>,
    /// What to allow, as policies; null where nothing is lacking there.
    allow: Allow<'a>,
    /// The account to ask from, where Identity Center does not answer this one; else null.
    ask_from: Option<String>,
    /// How many requests AWS was sent.
    sent: u32,
}

#[derive(Serialize)]
struct Caller<'a> {
    account: &'a str,
    arn: &'a str,
    /// `management`, `delegated-administrator`, `member`, or `unknown`.
    standing: &'static str,
}

#[derive(Serialize)]
struct Organization<'a> {
    id: &'a str,
    management_account: &'a str,
}

#[derive(Serialize)]
struct Instance<'a> {
    arn: &'a str,
    region: &'a str,
    identity_store_id: &'a str,
    owner_account: Option<&'a str>,
    status: Option<&'a str>,
}

#[derive(Serialize)]
struct Way<'a> {
    id: &'a str,
    /// `role`, `profile` or `own`; null where it was not entered.
    entered_by: Option<&'static str>,
    arn: Option<&'a str>,
    /// Why it was not entered; else null.
    message: Option<&'a str>,
}

#[derive(Serialize)]
struct Tried<'a> {
    call: Call,
    account: Option<&'a str>,
    /// `caller` or `target`: whose permissions it takes.
    site: &'static str,
    /// `allowed`, `denied`, `failed` or `not-tried`.
    state: &'static str,
    message: Option<&'a str>,
}

#[derive(Serialize)]
struct Allow<'a> {
    caller: Option<&'a Value>,
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
