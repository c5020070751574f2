//! What the program says of itself: help, man pages, version.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::process::{Command, Output};

fn idc(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idc"));
    command.args(arguments).env_clear().env("LANG", "en_US.UTF-8");
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn help_leads_with_examples_and_fits_a_small_terminal() {
    for command in ["", "why", "explain", "policy", "schema", "completions", "man"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let help = stdout(&idc(&arguments).env("COLUMNS", "80").output().unwrap());
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
        if ["", "why", "explain", "man"].contains(&command) {
            let (examples, options) = (help.find("\nExamples:\n"), help.find("\nOptions:\n"));
            assert!(examples.is_some() && examples < options, "{command}: {help}");
        }
        // An example that is too long is wrapped, and can then no longer be copied.
        let examples = help.lines().skip_while(|line| *line != "Examples:").skip(1).take_while(|line| !line.is_empty());
        for example in examples {
            assert!(example.starts_with("  idc "), "{command}: {example}");
        }
    }
}

#[test]
fn every_command_has_a_man_page() {
    let page = stdout(&idc(&["man"]).output().unwrap());
    let commands: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("idc\\-")?.strip_suffix("(1)")).collect();
    assert!(commands.contains(&"why") && commands.contains(&"man"), "{page}");
    for command in commands {
        let page = stdout(&idc(&["man", command]).output().unwrap());
        assert!(page.contains(&format!(".TH idc-{command} 1")), "{command}: {page}");
    }
    let page = stdout(&idc(&["man", "why"]).output().unwrap());
    assert!(page.contains("idc why jane.doe") && page.contains("10 blocked"), "{page}");
    let output = idc(&["man", "wyh"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("there is why"), "{said}");
}

#[test]
fn the_long_version_adds_what_it_is_built_from() {
    let short = stdout(&idc(&["-V"]).output().unwrap());
    assert_eq!(short, format!("idc {}\n", env!("CARGO_PKG_VERSION")));
    let long = stdout(&idc(&["--version"]).output().unwrap());
    let of_checkout = || {
        let git = Command::new("git")
            .args(["log", "-1", "--format=%h %cs", "--abbrev=7"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output();
        let inside = Path::new(env!("CARGO_MANIFEST_DIR")).join(".git").exists();
        git.ok().filter(|output| inside && output.status.success()).map(|output| stdout(&output).trim().to_owned())
    };
    let given = option_env!("IDC_COMMIT").filter(|commit| !commit.is_empty()).map(str::to_owned);
    let built_from = given.or_else(of_checkout).map(|commit| format!(" ({commit})")).unwrap_or_default();
    assert_eq!(long, format!("{}{built_from}\n", short.trim_end()));
}
