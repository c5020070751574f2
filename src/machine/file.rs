//! The config file as a whole: what keeps the AWS CLI from reading it or parts of it, and what to add to it.

use super::session::token;
use super::{Advice, Check, Found, LocalFault, Look, Rule, is_absent, line, meant, session};
use crate::aws_files::config_file;
use crate::evidence::{AccountRef, Flaw, FlawKind, SsoConfig, SsoSection};
use crate::findings::{Change, Command};

rule!(BROKEN: "the AWS CLI cannot read the config file at all", Check::ConfigFile(broken));
rule!(
    HEADER_WRONG: "the AWS CLI passes over a section, since its header is no profile's",
    Check::ConfigFile(header_wrong),
    Check::Session(session::header_wrong)
);
rule!(
    HIDDEN: "a later section defines the same profile again, and the AWS CLI reads that one alone",
    Check::ConfigFile(hidden)
);
rule!(
    LINE_INDENTED: "a line is indented, and so became a part of the value above it",
    Check::ConfigFile(line_indented)
);

/// How many flaws are told; more are mostly consequences.
const FLAWS: usize = 3;

fn broken(look: &Look<'_>, config: &SsoConfig) -> Vec<Found> {
    config.flaws.iter().take(FLAWS).map(|one| flaw(look, one)).collect()
}

fn header_wrong(look: &Look<'_>, config: &SsoConfig) -> Vec<Found> {
    config.passed_over.iter().filter_map(|section| passed_over(look, section)).collect()
}

fn hidden(look: &Look<'_>, config: &SsoConfig) -> Vec<Found> {
    config.profiles.iter().filter_map(|section| hidden_by_later(look, section)).collect()
}

fn line_indented(look: &Look<'_>, config: &SsoConfig) -> Vec<Found> {
    config.profiles.iter().chain(&config.sessions).flat_map(|section| swallowed(look, section)).collect()
}

fn flaw(look: &Look<'_>, flaw: &Flaw) -> Found {
    let path = look.path();
    let (what, is) = match &flaw.kind {
        FlawKind::NotUtf8 => ("is not UTF-8: save the file as UTF-8, without a byte order mark".to_owned(), None),
        FlawKind::ByteOrderMark => {
            ("begins with a byte order mark: save the file as UTF-8 without one".to_owned(), None)
        }
        FlawKind::BeforeAnySection => ("stands before the first [section]".to_owned(), None),
        FlawKind::NoEqualsSign => ("is neither a [section], a setting nor a comment".to_owned(), None),
        FlawKind::DuplicateSection { header, first } => {
            (format!("begins section [{header}] a second time, after line {first}"), Some(format!("[{header}]")))
        }
        FlawKind::DuplicateSetting { key, first } => {
            (format!("sets {key} a second time in one section, after line {first}"), None)
        }
    };
    let message = format!("The AWS CLI cannot read {path} at all: line {} {what}.", flaw.line);
    let change = Change { path: path.to_owned(), line: flaw.line, is, should_be: Vec::new() };
    Found::new(message).at(change)
}

/// A section for the account whose header is none of a profile's.
fn passed_over(look: &Look<'_>, section: &SsoSection) -> Option<Found> {
    let account = meant(section.value("sso_account_id")?);
    if Some(account) != look.account {
        return None;
    }
    let header = format!("[{}]", section.header);
    let right = config_file::profile_header(config_file::meant_profile(&section.header));
    let message = format!("The AWS CLI passes over the section {header}: the header of a profile has to be {right}.");
    let change = look.change(section.line, &header, [right]);
    Some(Found::new(message).at(change))
}

/// A section for the account whose profile a later section defines again.
fn hidden_by_later(look: &Look<'_>, section: &SsoSection) -> Option<Found> {
    let later = look.sources?.hides(section).filter(|_| section.value("sso_account_id") == look.account)?;
    let message = format!(
        "The AWS CLI does not read the section [{}] of line {}: [{}] in line {} defines profile {} again, and the later one \
         counts. Put the two together, or give one of them another name.",
        section.header, section.line, later.header, later.line, section.name
    );
    let change = look.change(section.line, &format!("[{}]", section.header), []);
    Some(Found::new(message).at(change).of(&section.name))
}

fn swallowed(look: &Look<'_>, section: &SsoSection) -> Vec<Found> {
    let told = section.swallowed.iter().map(|one| {
        let message = format!(
            "Line {} of {} is indented, so that the AWS CLI takes it for a part of {} in [{}].",
            one.line,
            look.path(),
            one.into,
            section.header
        );
        let (path, is) = (look.path().to_owned(), one.text.as_ref().map(|text| format!("  {text}")));
        let should_be = one.text.iter().cloned().collect();
        let change = Change { path, line: one.line, is, should_be };
        Found::new(message).at(change)
    });
    told.collect()
}

/// The faults because of which a profile for the account may be there and not be seen.
const MAY_HIDE_A_PROFILE: [&str; 4] =
    ["config-file-broken", "section-header-wrong", "section-hidden", "sso-settings-missing"];

/// What to add where there is no profile for the account.
pub(super) fn advice(look: &Look<'_>, faults: &[LocalFault]) -> Vec<Advice> {
    let none = |message: String| {
        let command = Some(Command::here(["aws", "configure", "sso"].map(str::to_owned).to_vec()));
        vec![Advice { message, lines: Vec::new(), command }]
    };
    if is_absent(&look.machine.config.content) {
        return none(format!("There is no {}. This asks for what has to be in it:", look.path()));
    }
    let (Some(config), Some(account)) = (look.config, look.account) else { return Vec::new() };
    if faults.iter().any(|fault| MAY_HIDE_A_PROFILE.contains(&fault.rule)) {
        return Vec::new();
    }
    let message = format!("No profile in {} is for {}.", look.path(), look.account_label());
    // The session whose portal lists the account, else the only one.
    let lists = |file: &str| look.answers().any(|(answer, sets)| answer.sign_in == file && !sets.is_empty());
    let listing = look.machine.sign_ins.iter().find(|one| lists(&one.file.path));
    let of_listing =
        listing.and_then(|one| config.sessions.iter().find(|session| Some(&session.name) == one.of.as_ref()));
    let only = if let ([only], None) = (&config.sessions[..], listing) { Some(only) } else { None };
    let mut lines = Vec::new();
    if let Some(session) = of_listing.or(only) {
        lines.push(line("sso_session", &session.name));
    } else if let Some(token) = listing.and_then(token)
        && let (Some(url), Some(region)) = (&token.start_url, &token.region)
    {
        lines.extend([line("sso_start_url", url), line("sso_region", region)]);
    } else {
        return none(format!("{message} This makes one:"));
    }
    let asked = look.evidence.question.permission_set.clone();
    let set = asked.or_else(|| look.some_set().map(str::to_owned));
    let set = set.unwrap_or_else(|| "THE-PERMISSION-SET".to_owned());
    let name = match &look.evidence.question.account {
        AccountRef::Name(name) if !name.contains([' ', '"', ']']) => format!("{name}-{set}"),
        AccountRef::Name(_) | AccountRef::Id(_) => format!("{account}-{set}"),
    };
    lines.insert(0, format!("[profile {name}]"));
    lines.extend([line("sso_account_id", account), line("sso_role_name", &set)]);
    vec![Advice { message: format!("{message} One would be:"), lines, command: None }]
}

#[cfg(test)]
mod tests {
    use super::MAY_HIDE_A_PROFILE;
    use crate::machine::rule;

    #[test]
    fn what_may_hide_a_profile_is_a_rule() {
        assert!(MAY_HIDE_A_PROFILE.iter().all(|id| rule(id).is_some()));
    }
}
