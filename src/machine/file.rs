//! The config file as a whole: what keeps the AWS CLI from reading it or parts of it, and what to add to it.

use super::session::token;
use super::{Advice, Kind, LocalFault, Look, is_absent, line, meant};
use crate::aws_files::config_file;
use crate::evidence::{AccountRef, Flaw, FlawKind, SsoSection};
use crate::findings::{Change, Command};

/// How many flaws are told; more are mostly consequences.
const FLAWS: usize = 3;

/// What is wrong with the file.
pub(super) fn faults(look: &Look<'_>) -> Vec<LocalFault> {
    let Some(config) = look.config else { return Vec::new() };
    let mut faults: Vec<LocalFault> = config.flaws.iter().take(FLAWS).map(|one| flaw(look, one)).collect();
    faults.extend(config.passed_over.iter().filter_map(|section| passed_over(look, section)));
    faults.extend(config.profiles.iter().filter_map(|section| hidden(look, section)));
    for section in config.profiles.iter().chain(&config.sessions) {
        faults.extend(swallowed(look, section));
    }
    faults
}

fn flaw(look: &Look<'_>, flaw: &Flaw) -> LocalFault {
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
    LocalFault::new(Kind::ConfigFileBroken, message).at(change)
}

/// A section for the account whose header is none of a profile's.
fn passed_over(look: &Look<'_>, section: &SsoSection) -> Option<LocalFault> {
    let account = meant(section.value("sso_account_id")?);
    if Some(account) != look.account {
        return None;
    }
    let header = format!("[{}]", section.header);
    let right = config_file::profile_header(config_file::meant_profile(&section.header));
    let message = format!("The AWS CLI passes over the section {header}: the header of a profile has to be {right}.");
    let change = look.change(section.line, &header, [right]);
    Some(LocalFault::new(Kind::SectionHeaderWrong, message).at(change))
}

/// A section for the account whose profile a later section defines again.
fn hidden(look: &Look<'_>, section: &SsoSection) -> Option<LocalFault> {
    let later = look.sources?.hides(section).filter(|_| section.value("sso_account_id") == look.account)?;
    let message = format!(
        "The AWS CLI does not read the section [{}] of line {}: [{}] in line {} defines profile {} again, and the later one \
         counts. Put the two together, or give one of them another name.",
        section.header, section.line, later.header, later.line, section.name
    );
    let change = look.change(section.line, &format!("[{}]", section.header), []);
    Some(LocalFault::new(Kind::SectionHidden, message).at(change).of(&section.name))
}

fn swallowed(look: &Look<'_>, section: &SsoSection) -> Vec<LocalFault> {
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
        LocalFault::new(Kind::LineIndented, message).at(change)
    });
    told.collect()
}

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
    let about_account = |fault: &LocalFault| {
        matches!(
            fault.kind,
            Kind::ConfigFileBroken | Kind::SectionHeaderWrong | Kind::SectionHidden | Kind::SsoSettingsMissing
        )
    };
    if faults.iter().any(about_account) {
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
