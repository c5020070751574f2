//! `idc scan`, `idc who` and `idc access`: collect, judge, tell.

use crate::answers::organization::{self as answers, Outcome};
use crate::cli::organization::{Access, FailOn, OutputTo, Outputs, Reach, Scan, Who};
use crate::cli::terminal;
use crate::error::Error;
use crate::evidence::{About, Narrowed, Scope, Snapshot};
use crate::render;
use crate::render::organization::Format;

/// Finds everything that is broken, and returns the exit code that `--fail-on` asks for.
pub fn scan(scan: &Scan) -> Result<u8, Error> {
    let given = |values: &[String]| values.iter().filter(|value| !value.is_empty()).cloned().collect();
    let about = About::Everything(Narrowed {
        accounts: given(&scan.account),
        units: given(&scan.ou),
        permission_sets: given(&scan.permission_set),
        full: scan.full,
        exhaustive: scan.exhaustive,
    });
    let scope = scope(about, &scan.aws)?;
    let snapshot = live(scope, &scan.aws, &scan.output, scan.timeout, Some(scan.rate))?;
    let snapshot = answers::prepare(snapshot);
    let answer = answers::scan(&snapshot);
    tell(&scan.output, &render::organization::Answer::Scan(&answer))?;
    Ok(exit_code(scan.fail_on, &answer))
}

/// Tells who can get into an account.
pub fn who(who: &Who) -> Result<u8, Error> {
    let scope = scope(About::Account(who.account.account.clone()), &who.aws)?;
    let snapshot = live(scope, &who.aws, &who.output, who.timeout, None)?;
    let snapshot = answers::prepare(snapshot);
    let answer = answers::who(&snapshot);
    tell(&who.output, &render::organization::Answer::Who(&answer))?;
    Ok(code_of(answer.made.complete))
}

/// Tells where a person can get in.
pub fn access(access: &Access) -> Result<u8, Error> {
    let typed = access.user.trim();
    if typed.is_empty() {
        return Err(Error::Usage("USER is empty: give a user name, an e-mail or a user id".to_owned()));
    }
    let scope = scope(About::Person(typed.to_owned()), &access.aws)?;
    let snapshot = live(scope, &access.aws, &access.output, access.timeout, None)?;
    let snapshot = answers::prepare(snapshot);
    let answer = answers::access(&snapshot);
    tell(&access.output, &render::organization::Answer::Access(&answer))?;
    Ok(code_of(answer.made.complete))
}

/// The exit code of an answer that is no verdict.
const fn code_of(complete: bool) -> u8 {
    if complete { 0 } else { 12 }
}

fn exit_code(fail_on: FailOn, scan: &answers::Scan) -> u8 {
    let unread = scan.made.gaps.iter().any(|unread| unread.decides);
    match (fail_on, scan.outcome) {
        (FailOn::Never, _) => 0,
        (_, Outcome::Broken) => 10,
        (FailOn::Degrades | FailOn::Unread, Outcome::Degraded) => 11,
        (FailOn::Unread, _) if unread => 12,
        (_, Outcome::Inconclusive) => 12,
        (FailOn::Blocks, Outcome::Degraded) | (_, Outcome::Clean) => 0,
    }
}

fn scope(about: About, reach: &Reach) -> Result<Scope, Error> {
    let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let target_role = given(&reach.target_role);
    if let Some(role) = target_role.as_deref().filter(|role| role.starts_with("arn:"))
        && !matches!(about, About::Account(_))
    {
        return Err(Error::Usage(format!(
            "--target-role is assumed in each account: give its name, and not the ARN of that of one account ({role})"
        )));
    }
    Ok(Scope { about, profile: given(&reach.profile), target_role, target_profile: given(&reach.target_profile) })
}

#[cfg(not(feature = "live"))]
fn live(_: Scope, _: &Reach, _: &Outputs, _: std::time::Duration, _: Option<u32>) -> Result<Snapshot, Error> {
    Err(Error::Usage("this build of idc does not ask AWS".to_owned()))
}

#[cfg(feature = "live")]
fn live(
    scope: Scope,
    reach: &Reach,
    output: &Outputs,
    timeout: std::time::Duration,
    rate: Option<u32>,
) -> Result<Snapshot, Error> {
    use super::interrupt;
    use crate::aws_files::AwsFiles;
    use crate::collect::{Progress, Settings, Show, collect_organization};

    let files = AwsFiles::find();
    files.require_files().map_err(|(path, source)| Error::Read { path, source })?;
    scope.profile.iter().chain(&scope.target_profile).try_for_each(|profile| files.require_profile(profile))?;
    let show = match (output.verbose > 0, output.quiet) {
        (true, _) => Show::Calls,
        (_, true) => Show::Nothing,
        (false, false) => Show::Progress,
    };
    if output.verbose > 1 || std::env::var_os("IDC_LOG").is_some_and(|value| !value.is_empty()) {
        terminal::log_the_sdk();
    }
    let mut settings = Settings::new(timeout);
    settings.region = reach.region.clone().filter(|region| !region.is_empty());
    settings.rate = rate;
    settings.progress = Progress::new(show);
    let shown = settings.progress.clone();
    interrupt::watch(move || shown.finish());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let collected = runtime.block_on(Box::pin(collect_organization(scope, Vec::new(), &settings, &mut ())));
    runtime.shutdown_background();
    collected
}

/// Writes the answer in every form that was asked for.
fn tell(outputs: &Outputs, answer: &render::organization::Answer<'_>) -> Result<(), Error> {
    let style = terminal::style(outputs.color);
    for OutputTo { format, file } in &outputs.output {
        let mut text = Vec::new();
        let style = if file.is_some() { terminal::plain() } else { style };
        let painted = *format == Format::Table && style.color;
        if outputs.quiet && *format == Format::Table {
            render::organization::line(&mut text, answer, &style)?;
        } else {
            render::organization::write(&mut text, answer, *format, &style)?;
        }
        match file {
            Some(path) => std::fs::write(path, &text).map_err(|source| Error::Write { path: path.clone(), source })?,
            None => super::print(&text, super::painted(painted))?,
        }
    }
    Ok(())
}
