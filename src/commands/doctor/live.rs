//! Tries the calls, and tells.

use jiff::SignedDuration;
use serde_json::Value;

use super::super::{interrupt, painted, policy, print};
use crate::answers::doctor::{Doctor as Found, doctor};
use crate::aws_files::AwsFiles;
use crate::cli::{Aws, Doctor, Form, Output, terminal};
use crate::collect::{Progress, Settings, Show, check};
use crate::error::Error;
use crate::evidence::{self, AccountRef, Question, Site};
use crate::render;

/// Something that decides is lacking: the exit code of an open answer.
const LACKING: u8 = 12;

pub(super) fn run(asked: &Doctor) -> Result<u8, Error> {
    let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
    let account = asked.account.as_ref().map(|pasted| pasted.account.clone());
    let question = Question {
        user: evidence::YOURSELF.to_owned(),
        account: account.clone().unwrap_or_else(|| AccountRef::Name(String::new())),
        permission_set: None,
        group: None,
        since: SignedDuration::ZERO,
        profile: given(&asked.aws.profile),
        target_profile: given(&asked.aws.target_profile),
        target_role: given(&asked.aws.target_role),
    };
    let files = AwsFiles::find();
    files.require_files().map_err(|(path, source)| Error::Read { path, source })?;
    question.profile.iter().chain(&question.target_profile).try_for_each(|profile| files.require_profile(profile))?;
    let settings = settings(&asked.aws, &asked.output);
    let shown = settings.progress.clone();
    interrupt::watch(move || shown.finish());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let checked = runtime.block_on(Box::pin(check(question, account.is_some(), &settings)));
    runtime.shutdown_background();
    let found = doctor(checked?);
    tell(&found, &asked.output, asked.aws.target_role.as_deref())?;
    Ok(if found.suffices { 0 } else { LACKING })
}

fn settings(aws: &Aws, output: &Output) -> Settings {
    let show = match (output.verbose > 1, output.quiet) {
        (true, _) => Show::Calls,
        (_, true) => Show::Nothing,
        (false, false) => Show::Progress,
    };
    let mut settings = Settings::new(aws.timeout);
    settings.region.clone_from(&aws.region);
    settings.progress = Progress::new(show);
    settings
}

fn tell(found: &Found, output: &Output, role: Option<&str>) -> Result<(), Error> {
    let style = terminal::style(output.color);
    let document = |site| -> Option<Value> {
        let calls = found.to_allow(site);
        (!calls.is_empty()).then(|| policy::document(&calls, (site == Site::Home).then(|| role.unwrap_or("idc-read"))))
    };
    let documents = [document(Site::Home), document(Site::Target)];
    let mut text = Vec::new();
    if output.output == Form::Json {
        let [caller, target] = &documents;
        render::json::doctor::write(&mut text, found, caller.as_ref(), target.as_ref())?;
        return print(&text, painted(false));
    }
    if output.quiet {
        render::doctor::write_line(&mut text, found, &style)?;
        return print(&text, painted(style.color));
    }
    let account = |site| match site {
        Site::Target => found.way.as_ref().map(|way| format!("{}, to the role there", way.account)),
        Site::Home | Site::Both | Site::Trail => found.checkup.caller.known().ok().map(|caller| caller.account.clone()),
    };
    let policies = [Site::Home, Site::Target].into_iter().zip(&documents).filter_map(|(site, document)| {
        let text = crate::json::pretty(document.as_ref()?).ok()?;
        Some(render::doctor::Policy { place: account(site).unwrap_or_default(), text })
    });
    let policies: Vec<_> = policies.collect();
    match output.output {
        Form::Markdown => render::doctor::write_markdown(&mut text, found, &policies)?,
        Form::Table | Form::Json => {
            render::doctor::write(&mut text, found, &policies, &style, output.verbose > 0)?;
        }
    }
    print(&text, painted(style.color && output.output == Form::Table))
}
