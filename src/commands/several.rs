//! `idc why -u USER -u USER ACCOUNT`: several people before one account, and what they share.

use std::path::Path;

use super::live::Live;
use super::{asked, painted, print, why::exit_code};
use crate::answers::diagnosis::{Diagnosis, diagnose};
use crate::answers::several::worst;
use crate::cli::{Form, Output, Why, terminal};
use crate::error::Error;
use crate::evidence::Oneself;
use crate::input;
use crate::render;

/// No list of people who wait is longer.
const LARGEST: u64 = 1 << 20;

/// Answers for each, and returns the exit code of the worst.
pub(super) fn run(why: &Why) -> Result<u8, Error> {
    let mut users: Vec<String> = why.each.clone();
    if let Some(file) = &why.users {
        users.extend(listed(file)?);
    }
    let mut once: Vec<String> = Vec::new();
    for user in users.iter().map(|user| user.trim().to_owned()) {
        if !once.contains(&user) {
            once.push(user);
        }
    }
    let questions = asked::questions(why, &once)?;
    let mut answers: Vec<Diagnosis> = Vec::new();
    let live = Live::for_several(why)?;
    for question in questions {
        let evidence = live.ask(question, Oneself::Named)?;
        answers.push(diagnose(&evidence));
    }
    tell(&answers, &why.output)?;
    Ok(if why.exit_zero { 0 } else { exit_code(worst(&answers)) })
}

/// The users of a file: one on each line; empty lines and what is behind a `#` are left out.
fn listed(path: &Path) -> Result<Vec<String>, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let text = String::from_utf8(input::file_or_pipe(path, LARGEST).map_err(failed)?);
    let text =
        text.map_err(|error| failed(std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error())))?;
    let lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim().to_owned());
    let users: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    if users.is_empty() { Err(Error::Usage(format!("{} names nobody", path.display()))) } else { Ok(users) }
}

fn tell(answers: &[Diagnosis], output: &Output) -> Result<(), Error> {
    let style = terminal::style(output.color);
    let mut text = Vec::new();
    match output.output {
        Form::Json => render::json::several::write(&mut text, answers)?,
        Form::Markdown if !output.quiet => render::several::write_markdown(&mut text, answers)?,
        Form::Table | Form::Markdown => render::several::write(&mut text, answers, &style, output.quiet)?,
    }
    print(&text, painted(style.color && output.output != Form::Json && (output.quiet || output.output == Form::Table)))
}
