//! Each call denied by itself, in each question about an organization: nothing is invented, nothing is lost without a gap
//! that names what was denied, and nothing is hidden but what it tells. Which calls there are is seen in a run, so that a
//! new one is among them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ask, json as answer_of, small};
use crate::wire::parallel;
use crate::wire::run::Answer;
use served::{CallRecord, Conduct, Fault, Kind, Served};

/// One of each question.
pub(super) const COMMANDS: [&str; 4] = ["scan --rate 20", "scan --full --rate 20", "who prod-data", "access jane.doe"];

/// One thing that an answer says: where, of which permission set, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    account: String,
    set: String,
    what: String,
}

/// What a question is answered where nothing is denied, what it asks, and what a full scan keeps.
pub(super) struct Whole {
    command: &'static str,
    answer: Value,
    pub(super) calls: Vec<CallRecord>,
    kept: TempDir,
}

impl Whole {
    pub(super) fn of(command: &'static str) -> Self {
        let kept = tempfile::tempdir().expect("a folder");
        let served = served(None);
        let record = if is_full(command) { format!(" --record {}", old(&kept)) } else { String::new() };
        let answer = answer_of(&ask(&served, &format!("{command}{record}"))).expect("an answer");
        assert_eq!(answer["complete"], true, "{command}: {:#}", answer["gaps"]);
        assert!(said(&answer).len() > 3, "{command} has something to lose: {answer:#}");
        Self { command, answer, calls: served.calls(), kept }
    }

    /// The actions of these calls.
    pub(super) fn actions(&self, is_wanted: impl Fn(&CallRecord) -> bool) -> BTreeSet<String> {
        self.calls.iter().filter(|call| is_wanted(call)).map(|call| call.action.clone()).collect()
    }

    /// Asks the same again, of a full scan with what was otherwise before. `is_hidden`: of what nothing need be said.
    pub(super) fn holds(
        &self,
        served: &Served,
        more: &str,
        action: &str,
        is_hidden: impl Fn(&Said) -> bool,
    ) -> Result<(), String> {
        let mut command = format!("{}{more}", self.command);
        if command.starts_with("scan") {
            command.push_str(" --fail-on unread");
        }
        if is_full(&command) {
            command = format!("{command} --against {}", old(&self.kept));
        }
        let answer = ask(served, &command);
        if let Some(error) = answer.error() {
            // Without the instance or the account there is nothing to say.
            let is_named = error.to_string().contains(action);
            return if is_named { Ok(()) } else { Err(format!("an error that does not name it: {error}")) };
        }
        let told = answer_of(&answer)?;
        self.nothing_is_turned_round(&told, &answer, action, is_hidden)?;
        if is_full(&command) { nothing_old_vanishes(&self.answer, &told) } else { Ok(()) }
    }

    fn nothing_is_turned_round(
        &self,
        told: &Value,
        answer: &Answer,
        action: &str,
        is_hidden: impl Fn(&Said) -> bool,
    ) -> Result<(), String> {
        let (before, now) = (said(&self.answer), said(told));
        let known = faults(&self.answer);
        let is_invented = |one: &&Said| {
            let rule = one.what.split(' ').next().unwrap_or_default();
            !known.contains(&(one.account.clone(), one.set.clone(), rule.to_owned()))
        };
        let invented: Vec<&Said> = now.difference(&before).filter(is_invented).collect();
        if !invented.is_empty() {
            return Err(format!("invented: {invented:#?}"));
        }
        let lost: Vec<&Said> = before.difference(&now).collect();
        let more_lost: Vec<&&Said> = lost.iter().filter(|one| !is_hidden(one)).collect();
        if !more_lost.is_empty() {
            return Err(format!("it hides more than itself: {more_lost:#?}\n{:#}", told["gaps"]));
        }
        // What another answer tells as well is not missing.
        let is_the_same = lost.is_empty() && told["complete"] == true && now == before;
        if !is_the_same && (told["complete"] != false || !names(told, action)) {
            return Err(format!("no gap names it, and {} things are lost: {:#}", lost.len(), told["gaps"]));
        }
        if told["outcome"] == "clean" || answer.code == 0 && !is_the_same {
            return Err(format!("outcome {}, exit code {}", told["outcome"], answer.code));
        }
        let counted_before = counted(&self.answer);
        for (finding, numbers) in counted(told) {
            let Some((_, then)) = counted_before.iter().find(|(one, _)| *one == finding) else { continue };
            if numbers.iter().zip(then).any(|(now, then)| !now.is_null() && now != then) {
                return Err(format!("{finding} counts {numbers:?} and not {then:?}"));
            }
        }
        Ok(())
    }
}

fn is_full(command: &str) -> bool {
    command.contains("--full")
}

/// The file of the scan before.
fn old(kept: &TempDir) -> String {
    kept.path().join("old.db").display().to_string()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list<'a>(answer: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    answer[key].as_array().into_iter().flatten()
}

/// What a finding is about, by what AWS knows it by: names may be what is not known.
fn about(finding: &Value) -> String {
    let mut about = finding["about"].clone();
    if let Some(members) = about.as_object_mut()
        && ["arn", "id"].iter().any(|key| members.contains_key(*key))
    {
        members.remove("name");
    }
    about.to_string()
}

/// All that an answer says to be so: each finding in each account, each way with its state, each dead principal.
fn said(answer: &Value) -> BTreeSet<Said> {
    let of_finding = |finding: &Value| -> Vec<Said> {
        let what = format!("{} {} {}", text(&finding["rule"]), text(&finding["effect"]), about(finding));
        let set = text(&finding["permission_set_arn"]);
        let accounts = list(finding, "accounts").map(|account| text(&account["id"]));
        accounts.map(|account| Said { account, set: set.clone(), what: what.clone() }).collect()
    };
    let here = text(&answer["account"]["id"]);
    let of_row = |row: &Value| {
        let state = match row["state"].as_str() {
            Some("open" | "degraded") => "enters",
            Some("shut") => "does not enter",
            _ => return None,
        };
        let account = if row["account_id"].is_null() { here.clone() } else { text(&row["account_id"]) };
        let what = format!("{} by {} {state}", text(&row["user_id"]), text(&row["via"]["id"]));
        Some(Said { account, set: text(&row["permission_set_arn"]), what })
    };
    let of_dead = |dead: &Value| Said {
        account: here.clone(),
        set: text(&dead["permission_set_arn"]),
        what: format!("{} is dead", text(&dead["id"])),
    };
    let found = list(answer, "findings").flat_map(of_finding);
    found.chain(list(answer, "access").filter_map(of_row)).chain(list(answer, "dead").map(of_dead)).collect()
}

/// The faults that there are, those too that follow from another: account, permission set and rule.
fn faults(answer: &Value) -> BTreeSet<(String, String, String)> {
    let of = |finding: &Value| -> Vec<(String, String, String)> {
        let rules: Vec<String> = std::iter::once(&finding["rule"]).chain(list(finding, "follows")).map(text).collect();
        let set = text(&finding["permission_set_arn"]);
        let accounts = list(finding, "accounts").map(|account| text(&account["id"]));
        accounts
            .flat_map(|id| rules.iter().map(|rule| (id.clone(), set.clone(), rule.clone())).collect::<Vec<_>>())
            .collect()
    };
    list(answer, "findings").flat_map(of).collect()
}

/// How many people a finding touches and keeps out, by what it is.
fn counted(answer: &Value) -> Vec<(String, [&Value; 2])> {
    let of = |finding: &Value| {
        let name = ["rule", "effect", "about", "permission_set_arn", "accounts"].map(|key| finding[key].to_string());
        name.join(" ")
    };
    list(answer, "findings").map(|finding| (of(finding), [&finding["people"], &finding["kept_out"]])).collect()
}

pub(super) fn names(answer: &Value, action: &str) -> bool {
    list(answer, "gaps").any(|gap| gap["call"] == action)
}

/// What was found before is found again, or told as not looked at: nothing was put right.
fn nothing_old_vanishes(before: &Value, told: &Value) -> Result<(), String> {
    let changes = &told["changes"];
    if changes["put_right"] != json!([]) {
        return Err(format!("nothing was put right: {:#}", changes["put_right"]));
    }
    let now = faults(told);
    let not_compared: Vec<String> = list(changes, "not_compared").map(text).collect();
    for finding in list(before, "findings") {
        let one = json!({"findings": [finding]});
        let is_there = |fault: &(String, String, String)| now.contains(fault);
        let rule = text(&finding["rule"]);
        let here: Vec<_> = faults(&one).into_iter().filter(|fault| fault.2 == rule).collect();
        let message = text(&finding["message"]);
        let is_told =
            not_compared.iter().any(|what| what.starts_with(&message) && what.contains("was not looked at now"));
        if !is_told && !here.iter().all(is_there) {
            return Err(format!("neither found nor told as not looked at: {message}\n{not_compared:#?}"));
        }
    }
    Ok(())
}

fn served(fault: Option<Fault>) -> Served {
    let conduct = fault.into_iter().fold(Conduct::default(), Conduct::with_fault);
    Served::start(small(), conduct)
}

/// Each question, with each of these actions that it takes.
fn cases<'w>(wholes: &'w [Whole], is_wanted: impl Fn(&CallRecord) -> bool) -> Vec<(&'w Whole, String)> {
    let of = |whole: &'w Whole| {
        let actions = whole.actions(&is_wanted);
        assert!(!actions.is_empty(), "{}", whole.command);
        actions.into_iter().map(move |action| (whole, action)).collect::<Vec<_>>()
    };
    wholes.iter().flat_map(of).collect()
}

#[test]
fn each_call_denied_alone_is_named_and_turns_nothing_round() {
    let wholes = COMMANDS.map(Whole::of);
    parallel::each(
        &cases(&wholes, |_| true),
        |(whole, action)| format!("{}, without {action}", whole.command),
        |(whole, action)| whole.holds(&served(Some(Fault::on(action, Kind::Denied))), "", action, |_| true),
    );
}

/// A permission set about which everything is denied hides what there is of it, and nothing of the others.
#[test]
fn a_denied_permission_set_blinds_that_one_alone() {
    let small = small();
    let arn = small.permission_set_arn("ReadOnly");
    // What is wrong with an account is seen by what is in it.
    let has_others =
        |account: &str| small.provisioned.iter().any(|one| one.account == account && one.permission_set != arn);
    let is_of_it = |one: &Said| one.set == arn || one.set.is_empty() && !has_others(&one.account);
    let wholes = COMMANDS.map(Whole::of);
    parallel::each(
        &cases(&wholes, |call| call.body.contains(&arn)),
        |(whole, action)| format!("{}, without {action} of one", whole.command),
        |(whole, action)| {
            let served = served(Some(Fault::on(action, Kind::Denied).containing(&arn)));
            whole.holds(&served, "", action, is_of_it)
        },
    );
}

/// An account that cannot be entered, or in which a call is denied, hides what there is in it, and nothing of the others.
#[test]
fn an_account_that_cannot_be_entered_blinds_that_one_alone() {
    let account = small().account_id("dev-data");
    let wholes = [COMMANDS[1], COMMANDS[3]].map(Whole::of);
    parallel::each(
        &cases(&wholes, |call| {
            call.action == "sts:AssumeRole" && call.body.contains(&account)
                || call.action.starts_with("iam:") && call.account == account
        }),
        |(whole, action)| format!("{}, without {action} in one", whole.command),
        |(whole, action)| {
            let fault = Fault::on(action, Kind::Denied);
            let is_entry = action == "sts:AssumeRole";
            let fault = if is_entry { fault.containing(&account) } else { fault.called_from(&account) };
            let served = served(Some(fault));
            whole.holds(&served, "", action, |one| one.account == account)
        },
    );
}
