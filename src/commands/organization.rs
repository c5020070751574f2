//! `idc scan`, `idc who` and `idc access`: collect or replay, judge, tell.

use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::outputs::{self, Kind, tell};
use super::recording_file;
use crate::answers::organization::{self as answers, Outcome};
use crate::cli::config;
use crate::cli::organization::{Access, FailOn, Reach, Scan, Who};
use crate::error::Error;
use crate::evidence::{About, Narrowed, Scope, Snapshot, session_in};
use crate::findings::Effect;
use crate::model::organization::{account_asked, account_not_found, entitled, fitting, person, person_not_found};
use crate::render::organization::{Answer, Format};
use crate::{input, terraform};

mod asking;
mod file;

use asking::{HowToAsk, live, recorded, to_be_redacted};
pub use file::{is_file, replay_question};
use file::{replay, replay_to_copy};

/// The longest file of a review: a million rows.
const LONGEST_REVIEW: u64 = 512 << 20;

/// Finds everything that is broken, and returns the exit code that `--fail-on` asks for.
pub fn scan(scan: &Scan) -> Result<u8, Error> {
    #[cfg(feature = "live")]
    super::interrupt::outlive_full_files();
    let in_use = [&scan.record, &scan.replay, &scan.against, &scan.reviewed, &scan.plan];
    outputs::check(&scan.output, Kind::Scan, &in_use)?;
    let given = |values: &[String]| values.iter().filter(|value| !value.is_empty()).cloned().collect();
    let narrowed = Narrowed {
        accounts: given(&scan.account),
        units: given(&scan.ou),
        permission_sets: given(&scan.permission_set),
        full: scan.full,
        exhaustive: scan.exhaustive,
        last_used: scan.last_used,
        pairs: Vec::new(),
    };
    let reach = HowToAsk { reach: &scan.aws, output: &scan.output, timeout: scan.timeout, rate: Some(scan.rate) };
    let review = scan.reviewed.as_deref().map(review).transpose()?;
    let planned = scan.plan.as_deref().map(plan).transpose()?;
    let copied = copied(scan)?;
    let (snapshot, file) = if let Some(path) = &scan.replay {
        let about = |kept: &About| planned.clone().unwrap_or_else(|| narrowed_anew(kept, &narrowed));
        replay_to_copy(path, about, copied)?
    } else {
        let mut named: BTreeSet<_> = review.iter().flat_map(answers::reviewed_pairs).collect();
        if let Some(path) = &scan.against {
            named.extend(answers::found_pairs(&answers::scan(&answers::prepare(replay(path, About::clone)?))));
        }
        let narrowed = Narrowed { pairs: named.into_iter().collect(), ..narrowed };
        let about = match planned {
            Some(planned) => planned,
            None if scan.before_assign => About::BeforeAssign(narrowed),
            None => About::Everything(narrowed),
        };
        let scope = scope(about, &scan.aws)?;
        match (&scan.record, copied) {
            (_, Some(path)) => to_be_redacted(scope, reach, path)?,
            (Some(path), None) => recorded(scope, reach, path, scan.resume)?,
            (None, None) => (live(scope, reach)?, None),
        }
    };
    let snapshot = until_the_end(answers::prepare(snapshot));
    fitting(&snapshot)?;
    let with_relations = outputs::has(&scan.output, Format::Html);
    let mut answer = match &snapshot.scope.about {
        About::Planned(_) => answers::planned(&snapshot),
        _ if scan.before_assign => answers::before_assign(&snapshot),
        _ if with_relations => answers::scan_with_relations(&snapshot),
        _ => answers::scan(&snapshot),
    };
    if let Some(revoked) = &review {
        answers::reviewed(&mut answer, &snapshot, revoked);
    }
    if let Some(path) = &scan.against {
        let older = answers::prepare(replay(path, About::clone)?);
        answers::compare(&mut answer, &answers::scan(&older), (&snapshot, &older));
    }
    let accepted = config::find()?.accepted;
    // The file holds what is wrong, whatever this answer leaves out of it.
    let is_whole = file.is_none() || accepted.is_empty() && !scan.only_new;
    let all = (!is_whole).then(|| answer.findings.clone());
    answers::accept(&mut answer, &snapshot, &accepted, Offset::UTC.to_datetime(Timestamp::now()).date());
    if scan.only_new {
        answers::only_new(&mut answer, &snapshot);
    }
    if with_relations && answer.relations.is_none() {
        answer.relations = Some(answers::relations(&snapshot));
    }
    let code = tell(&scan.output, &Answer::Scan(&answer), exit_code(scan.fail_on, &answer))?;
    if let Some(file) = file {
        answer.findings = all.unwrap_or(answer.findings);
        // Whether or not the file is whole, the answer is there.
        if let Err(error) = file.finish(ManuallyDrop::into_inner(snapshot), answer) {
            super::say_error(&error);
            return Ok(error.exit_code());
        }
    }
    Ok(code)
}

/// What is known of an organization is millions of pieces, and what ends gives all of them back at once.
const fn until_the_end(snapshot: Snapshot) -> ManuallyDrop<Snapshot> {
    ManuallyDrop::new(snapshot)
}

/// The file to which everything is written under made-up names, where that was asked for.
fn copied(scan: &Scan) -> Result<Option<&Path>, Error> {
    let Some(path) = scan.record.as_deref() else { return Ok(None) };
    if scan.redact {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        recording_file::check(path).map_err(failed)?;
        return Ok(Some(path));
    }
    if scan.replay.is_some() {
        return Err(Error::Usage(
            "--record with --replay is for a copy under made-up names: add --redact (as it is, copy the file itself)"
                .to_owned(),
        ));
    }
    Ok(None)
}

/// What a plan of Terraform would do.
fn plan(path: &Path) -> Result<About, Error> {
    let read = |source| Error::Read { path: path.to_owned(), source };
    let bytes = if path == Path::new("-") {
        input::standard_input(terraform::LONGEST).map_err(read)?
    } else {
        input::file_or_pipe(path, terraform::LONGEST).map_err(read)?
    };
    let plan = terraform::read(&bytes).map_err(|source| Error::Plan { path: path.to_owned(), source })?;
    Ok(About::Planned(Box::new(plan)))
}

/// What a review decided to revoke.
fn review(path: &Path) -> Result<answers::Review, Error> {
    let bytes =
        input::file_or_pipe(path, LONGEST_REVIEW).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let because = |message| Error::Read { path: path.to_owned(), source: std::io::Error::other(message) };
    answers::read_review(&bytes).map_err(because)
}

/// Tells who can get into an account.
pub fn who(who: &Who) -> Result<u8, Error> {
    #[cfg(feature = "live")]
    super::interrupt::outlive_full_files();
    outputs::check(&who.output, Kind::Ways, &[&who.replay])?;
    let about = About::Account(who.account.account.clone());
    let reach = HowToAsk { reach: &who.aws, output: &who.output, timeout: who.timeout, rate: None };
    let snapshot = match &who.replay {
        Some(path) => replay(path, |_| about.clone())?,
        None => live(scope(about, &who.aws)?, reach)?,
    };
    let typed = who.account.account.text().to_owned();
    if let Err(several) = account_asked(&snapshot) {
        let ids: Vec<String> = several.into_iter().map(str::to_owned).collect();
        return Err(if ids.is_empty() {
            account_not_found(&snapshot, &who.account.account)
        } else {
            Error::AmbiguousAccount { name: typed, ids }
        });
    }
    let snapshot = until_the_end(answers::prepare(snapshot));
    let answer = answers::who(&snapshot);
    tell(&who.output, &Answer::Who(&answer), code_of(answer.made.complete))
}

/// Tells where a person can get in.
pub fn access(access: &Access) -> Result<u8, Error> {
    // Identity Center names the session of a permission set's role after the user.
    let session = session_in(access.user.trim());
    let typed = session.as_ref().map_or_else(|| access.user.trim(), |session| session.user.as_str());
    if typed.is_empty() {
        return Err(Error::Usage("USER is empty: give a user name, an e-mail or a user id".to_owned()));
    }
    #[cfg(feature = "live")]
    super::interrupt::outlive_full_files();
    outputs::check(&access.output, Kind::Ways, &[&access.replay])?;
    let about = About::Person(typed.to_owned());
    let reach = HowToAsk { reach: &access.aws, output: &access.output, timeout: access.timeout, rate: None };
    let snapshot = match &access.replay {
        Some(path) => {
            let mut snapshot = replay(path, |_| about.clone())?;
            snapshot.user = person(&snapshot, typed).ok_or_else(|| person_not_found(&snapshot, typed))?;
            snapshot.entitlements_of = entitled(&snapshot, &snapshot.user);
            snapshot
        }
        None => live(scope(about, &access.aws)?, reach)?,
    };
    let snapshot = until_the_end(answers::prepare(snapshot));
    let answer = answers::access(&snapshot);
    tell(&access.output, &Answer::Access(&answer), code_of(answer.made.complete))
}

/// The exit code of an answer that is no verdict.
const fn code_of(complete: bool) -> u8 {
    if complete { 0 } else { 12 }
}

fn exit_code(fail_on: FailOn, scan: &answers::Scan) -> u8 {
    match (fail_on, scan.outcome) {
        (FailOn::Never, _) => 0,
        (_, Outcome::Broken) => 10,
        (FailOn::Degrades | FailOn::Unread, Outcome::Degraded) => 11,
        (FailOn::Unread, _) if !scan.made.complete => 12,
        (_, Outcome::Inconclusive) => 12,
        // What was not read may block, and so may what may be new.
        (FailOn::Blocks, Outcome::Degraded)
            if scan.made.gaps.iter().any(|unread| unread.decides)
                || scan.may_be_new().any(|finding| finding.effect == Effect::Blocks) =>
        {
            12
        }
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

/// What a file was made for, narrowed as is asked now: what it does not hold is not asked for.
fn narrowed_anew(kept: &About, now: &Narrowed) -> About {
    match kept {
        About::Everything(then) => {
            let pick = |now: &[String], then: &[String]| if now.is_empty() { then.to_vec() } else { now.to_vec() };
            About::Everything(Narrowed {
                accounts: pick(&now.accounts, &then.accounts),
                units: pick(&now.units, &then.units),
                permission_sets: pick(&now.permission_sets, &then.permission_sets),
                full: then.full,
                exhaustive: then.exhaustive,
                last_used: then.last_used,
                pairs: then.pairs.clone(),
            })
        }
        other => other.clone(),
    }
}
