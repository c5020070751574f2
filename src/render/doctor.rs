//! What `idc doctor` found, for people: at a terminal, and as Markdown.

use std::io;

use super::Style;
use super::table::Page;
use crate::answers::doctor::{Doctor, Standing, State, Tried};
use crate::evidence::{EntryMethod, Reason};
use crate::wording;

/// The width of the longest label, and a gutter.
const LABEL: usize = 14;

/// Writes what was found; `verbose` adds every call.
pub fn write(
    out: &mut dyn io::Write,
    doctor: &Doctor,
    policies: &[Policy],
    style: &Style,
    verbose: bool,
) -> io::Result<()> {
    let page = &mut Page { out, style };
    let (word, tone) = heading(doctor);
    page.led((word, tone), &format!("  {}", doctor.summary()), "  ")?;
    page.gap()?;
    for (label, text) in facts(doctor) {
        let label = format!("  {label:<LABEL$}");
        page.text(&text, &label, &" ".repeat(label.len()))?;
    }
    let shown = |tried: &&Tried| verbose || matches!(tried.state, State::Denied | State::Failed);
    let told: Vec<&Tried> = doctor.calls.iter().filter(shown).collect();
    // What no permission gives is no list to work through.
    if !told.is_empty() && (verbose || doctor.standing != Standing::Member) {
        page.title("Calls")?;
        told.iter().try_for_each(|tried| page.text(&line(tried, verbose), "  ", "      "))?;
    }
    for policy in policies {
        page.title(&format!("Allow in {}", policy.place))?;
        policy.text.lines().try_for_each(|line| page.command("  ", line))?;
    }
    next(doctor).iter().try_for_each(|(sentence, command)| {
        page.gap()?;
        page.text(sentence, "", "")?;
        command.iter().try_for_each(|command| page.command("  ", command))
    })
}

/// A policy to paste, and where.
#[derive(Debug)]
pub struct Policy {
    /// The account, or the role there.
    pub place: String,
    /// The document.
    pub text: String,
}

fn facts(doctor: &Doctor) -> Vec<(&'static str, String)> {
    let checkup = &doctor.checkup;
    let standing = match doctor.standing {
        Standing::Management => "the management account",
        Standing::DelegatedAdministrator => "the delegated administrator of Identity Center",
        Standing::Member => "a member account",
        Standing::Unknown => "an account of which AWS does not tell more",
    };
    let caller = checkup.caller.known().map_or_else(
        |gap| format!("not known: {}", gap.message),
        |caller| format!("{} in {}, {standing}", caller.arn, caller.account),
    );
    let organization = match checkup.organization.known() {
        Ok(Some(one)) => format!("{}, managed from {}", one.id, one.management_account),
        Ok(None) => "none: the caller's account is in no organization".to_owned(),
        Err(gap) => format!("not known: {}", gap.message),
    };
    let instance = checkup.instance.as_ref().map_or_else(
        || "not known".to_owned(),
        |one| {
            let status = one.status.as_deref().map(|status| format!(", {status}")).unwrap_or_default();
            format!("{} in {}{status}", one.arn, one.region())
        },
    );
    let mut facts = vec![("caller", caller), ("organization", organization), ("instance", instance)];
    facts.extend(doctor.way.as_ref().map(|way| {
        let how = match (way.method, &way.arn) {
            (Some(EntryMethod::Role), Some(arn)) => format!("entered by the role, as {arn}"),
            (Some(EntryMethod::Profile), Some(arn)) => format!("entered by the profile, as {arn}"),
            (Some(EntryMethod::Own), _) => "the caller's own".to_owned(),
            (_, _) if way.unnamed => "not entered: neither a role nor a profile was named".to_owned(),
            (_, _) => format!("not entered: {}", way.because.as_deref().unwrap_or("for reasons unknown")),
        };
        ("account", format!("{}: {how}", way.account))
    }));
    let of = |state, words: &str| match doctor.count(&state) {
        0 => String::new(),
        count => format!(", {count} {words}"),
    };
    let calls = format!(
        "{} of {} allowed{}{}{}",
        doctor.count(&State::Allowed),
        doctor.calls.len(),
        of(State::Denied, "denied"),
        of(State::Failed, "without an answer"),
        of(State::NotTried, "not tried"),
    );
    facts.push(("calls", calls));
    facts
}

const fn word(state: &State) -> &'static str {
    match state {
        State::Allowed => "allowed",
        State::Denied => "denied",
        State::Failed => "failed",
        State::NotTried => "not tried",
    }
}

fn line(tried: &Tried, verbose: bool) -> String {
    let place = tried.account.as_ref().map(|account| format!(" in {account}")).unwrap_or_default();
    let said = verbose || tried.state == State::Failed;
    let said = if said && !tried.message.is_empty() { format!(": {}", tried.message) } else { String::new() };
    format!("{:<9}  {}{place} ({}){said}", word(&tried.state), tried.call, tried.call.reads())
}

/// What to do next, and the command for it.
fn next(doctor: &Doctor) -> Vec<(String, Option<String>)> {
    let mut next = Vec::new();
    if doctor.standing == Standing::Member {
        return next;
    }
    if let Some(way) = doctor.way.as_ref().filter(|way| way.unnamed) {
        let sentence = "Name a role there that idc may assume; idc policy --target has its policy, deploy/ the files. Where \
                        Organizations made the account, OrganizationAccountAccessRole may do: idc only reads through it.";
        next.push((sentence.to_owned(), Some(format!("idc doctor {} --target-role ROLE", way.account))));
    }
    if doctor.met(Reason::TimedOut) {
        let given = wording::count(usize::try_from(doctor.checkup.timeout.as_secs()).unwrap_or(usize::MAX), "second");
        next.push((format!("Not all of it was answered within {given}. Give it longer:"), doctor.longer()));
    }
    if doctor.met(Reason::Throttled) {
        next.push(("AWS had too many requests to answer all of these: ask again in a minute.".to_owned(), None));
    }
    if doctor.met(Reason::Failed) {
        let sentence = "Where no answer came, no permission is lacking: check the network, the proxy (HTTPS_PROXY, NO_PROXY) \
                        and the endpoint where AWS_ENDPOINT_URL names one, and ask again.";
        next.push((sentence.to_owned(), None));
    }
    // What was not refused is nothing to allow.
    let is_refused = |reason| matches!(reason, Some(Reason::Denied));
    let is_role = doctor.way.as_ref().is_some_and(|way| way.method.is_none() && is_refused(way.reason));
    if is_role && let Some(role) = &doctor.checkup.target_role {
        next.push((
            format!(
                "{} has to exist there, and its trust policy has to name whoever asks; deploy/ has both.",
                wording::clean(role)
            ),
            None,
        ));
    }
    next
}

/// Writes it as Markdown.
pub fn write_markdown(out: &mut dyn io::Write, doctor: &Doctor, policies: &[Policy]) -> io::Result<()> {
    use super::markdown::{cell, escape};
    writeln!(out, "## {}: {}\n", heading(doctor).0, escape(&doctor.summary()))?;
    facts(doctor).iter().try_for_each(|(label, text)| writeln!(out, "- {label}: {}", escape(text)))?;
    writeln!(out, "\n| Call | Account | State |\n|---|---|---|")?;
    for tried in &doctor.calls {
        let account = tried.account.as_deref().unwrap_or_default();
        writeln!(out, "| {} | {} | {} |", tried.call, cell(account), word(&tried.state))?;
    }
    for policy in policies {
        writeln!(out, "\nAllow in {}:\n\n```json\n{}\n```", escape(&policy.place), policy.text.trim_end())?;
    }
    next(doctor).iter().try_for_each(|(sentence, command)| {
        writeln!(out, "\n{}", escape(sentence))?;
        command.iter().try_for_each(|command| writeln!(out, "\n```sh\n{}\n```", wording::clean(command)))
    })
}

/// Writes the answer in one line.
pub fn write_line(out: &mut dyn io::Write, doctor: &Doctor, style: &Style) -> io::Result<()> {
    let (word, tone) = heading(doctor);
    writeln!(out, "{}  {}", style.paint(word, tone), style.text(&doctor.summary()))
}

const fn heading(doctor: &Doctor) -> (&'static str, super::Tone) {
    if doctor.suffices { ("READY", super::Tone::Good) } else { ("INCOMPLETE", super::Tone::Unsure) }
}
