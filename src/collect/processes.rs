//! The processes of a `credential_process`. The SDK starts them in a shell, takes what they write on standard error for its
//! messages and its log, and leaves them running when the time is over. So the command it is given is another: one that
//! writes nowhere else, and whose processes are known by their environment.

use std::fmt::Write as _;
use std::sync::OnceLock;

/// The variable by which they are known.
const VARIABLE: &str = "IDC_CREDENTIAL_PROCESS";

/// What the variable is in the processes of this one; `None` where it has started none.
static MARK: OnceLock<String> = OnceLock::new();

/// The command that is run in the place of this one, as it stands in the file.
pub(super) fn quiet(command: &str) -> String {
    let mark = MARK.get_or_init(|| format!("{}-{:016x}", std::process::id(), fastrand::u64(..)));
    let mut quoted = String::new();
    for part in without_comment(command).trim().split('\'') {
        let _ = write!(quoted, "{}{part}", if quoted.is_empty() { "'" } else { r"'\''" });
    }
    format!("export {VARIABLE}={mark}; exec sh -c {quoted}' 2>/dev/null")
}

/// A comment begins behind a blank.
fn without_comment(command: &str) -> &str {
    let begins = |at: &usize| command[..*at].ends_with([' ', '\t']);
    let end = command.match_indices(['#', ';']).map(|(at, _)| at).find(begins);
    &command[..end.unwrap_or(command.len())]
}

/// Ends those that still run, and all that these started: nobody waits for their answer any more.
pub(super) fn end() {
    if let Some(mark) = MARK.get() {
        imp::end(&format!("{VARIABLE}={mark}"));
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use std::fs;

    use rustix::process::{Pid, Signal, kill_process};

    pub(super) fn end(mark: &str) {
        let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
        let marked = processes.filter_map(|entry| {
            let id: i32 = entry.file_name().to_str()?.parse().ok()?;
            let environment = fs::read(entry.path().join("environ")).ok()?;
            environment.split(|byte| *byte == 0).any(|pair| pair == mark.as_bytes()).then(|| Pid::from_raw(id))?
        });
        for id in marked.collect::<Vec<_>>() {
            // Whatever has ended by itself meanwhile has ended.
            let _ = kill_process(id, Signal::KILL);
        }
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
mod imp {
    use std::process::Command;

    use rustix::process::{Pid, Signal, kill_process};

    pub(super) fn end(mark: &str) {
        let Ok(listed) = Command::new("/bin/ps").args(["-Eww", "-axo", "pid=,command="]).output() else { return };
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        for line in listed.lines().filter(|line| line.split_whitespace().any(|word| word == mark)) {
            let id = line.split_whitespace().next().and_then(|id| id.parse().ok()).and_then(Pid::from_raw);
            // Whatever has ended by itself meanwhile has ended.
            id.map(|id| kill_process(id, Signal::KILL));
        }
    }
}

#[cfg(not(unix))]
mod imp {
    pub(super) const fn end(_: &str) {}
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn says_the_same_and_nothing_beside() {
        let command = r#"echo "it's" 'a  b' $((1 + 1)); echo secret >&2 # a comment"#;
        let output = Command::new("sh").args(["-c", &quiet(command)]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "it's a  b 2\n");
        assert!(output.stderr.is_empty(), "{:?}", output.stderr);
    }
}
