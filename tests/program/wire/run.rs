//! Runs the program, with nothing in its environment but what is given.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use serde_json::{Value, json};

/// No question takes longer; a program that does hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// One run of `idc why`, not yet made.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Question {
    /// `idc why` with these arguments, told in one line.
    pub(crate) fn new(arguments: &str) -> Self {
        let arguments = std::iter::once("why").chain(arguments.split_whitespace()).map(str::to_owned).collect();
        Self { arguments, environment: Vec::new() }
    }

    /// `idc` with these arguments, told in one line: any command.
    pub(crate) fn of_line(arguments: &str) -> Self {
        Self { arguments: arguments.split_whitespace().map(str::to_owned).collect(), environment: Vec::new() }
    }

    /// `idc why --replay FILE`, without AWS.
    pub(crate) fn replay(recording: &Path) -> Self {
        Self::new("").with(&["--replay", recording.to_str().expect("a path in UTF-8")])
    }

    /// The same about somebody or something else.
    pub(crate) fn about(mut self, user_and_account: &str) -> Self {
        self.arguments.splice(1..3, user_and_account.split_whitespace().map(str::to_owned));
        self
    }

    /// The same options behind another command and other words than those of the question.
    pub(crate) fn of_command(mut self, command: &str, words: &str) -> Self {
        let words = std::iter::once(command).chain(words.split_whitespace()).map(str::to_owned);
        let options = self.arguments.iter().skip(3).cloned();
        self.arguments = words.chain(options).collect();
        self
    }

    /// With more arguments.
    pub(crate) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// Recording what is collected.
    pub(crate) fn recording(self, file: &Path) -> Self {
        self.with(&["--record", file.to_str().expect("a path in UTF-8")])
    }

    /// In this environment.
    pub(crate) fn environment(mut self, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment.extend(pairs);
        self
    }

    /// The program with this question, not yet started.
    pub(crate) fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_idc"));
        command.args(&self.arguments).env_clear().envs(self.environment.iter().cloned());
        command
    }

    /// Puts the question, and asks for JSON.
    pub(crate) fn ask(&self) -> Answer {
        self.clone().with(&["--output", "json"]).ask_plainly()
    }

    /// Puts the question as it stands.
    pub(crate) fn ask_plainly(&self) -> Answer {
        let started = Instant::now();
        let output = Command::from_std(self.command()).timeout(PATIENCE).output().expect("the program runs");
        let answer = Answer {
            code: output.status.code().expect("the program ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
            took: started.elapsed(),
        };
        if let Some(file) = env::var_os("ANSWERS_SEEN") {
            self.keep(&answer, Path::new(&file));
        }
        answer
    }

    /// Keeps an answer with commands, for `tests/commands` to read them.
    fn keep(&self, answer: &Answer, file: &Path) {
        // Those about one person: the commands of the others are the same.
        let is_wanted = |json: &Value| json.get("root_cause").is_some() && json.to_string().contains("\"command\":\"");
        let Some(json) = answer.json().ok().filter(is_wanted) else { return };
        let kept = json!({"arguments": self.arguments, "environment": self.environment, "answer": json});
        let file = OpenOptions::new().create(true).append(true).open(file);
        // One write, so that answers of tests that run at once stay whole.
        file.expect("a file to keep answers in").write_all(format!("{kept}\n").as_bytes()).expect("written");
    }
}

impl Answer {
    /// The answer as JSON, where it came to one.
    pub(crate) fn json(&self) -> Result<Value, String> {
        let Self { code, stdout, stderr, .. } = self;
        let json: Value = serde_json::from_str(stdout)
            .map_err(|error| format!("no JSON ({error}), exit code {code}: {stdout}{stderr}"))?;
        match json.get("error") {
            None => Ok(json),
            Some(_) => Err(format!("no answer, exit code {code}: {stdout}{stderr}")),
        }
    }

    /// Why there is no answer, as scripts are told: the error's code, message and hint.
    pub(crate) fn error(&self) -> Option<Value> {
        let mut json: Value = serde_json::from_str(&self.stdout).ok()?;
        json.get_mut("error").map(Value::take)
    }

    /// What was printed, without where a recording comes from: all else is what was printed when it was made.
    pub(crate) fn without_source(&self) -> String {
        let Some((before, source)) = self.stdout.split_once("From the recording ") else { return self.stdout.clone() };
        let after = source.find("\n\n").map_or("", |end| &source[end..]);
        format!("{}{after}", before.trim_end())
    }

    /// What a failed test should show of it.
    pub(crate) fn brief(&self) -> String {
        let Ok(json) = self.json() else { return format!("exit code {}: {}{}", self.code, self.stdout, self.stderr) };
        let faults = [vec![&json["root_cause"]], json["also"].as_array().into_iter().flatten().collect()].concat();
        let faults: Vec<String> = faults
            .iter()
            .filter(|fault| !fault.is_null())
            .map(|fault| format!("    {} ({}): {}", fault["rule"], fault["confidence"], fault["message"]))
            .collect();
        let gaps: Vec<String> = json["gaps"].as_array().into_iter().flatten().map(|gap| format!("    {gap}")).collect();
        format!("  {}\n  faults:\n{}\n  gaps:\n{}", json["summary"], faults.join("\n"), gaps.join("\n"))
    }
}
