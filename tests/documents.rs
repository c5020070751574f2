//! What the documents say is what the program does: the generated parts of README.md are compared with the code
//! (`UPDATE_README=1 cargo test --test documents` writes them), and the files and flags that prose names must exist.

#![expect(clippy::expect_used, reason = "a test that cannot read the project's own files has to stop")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use idc::cli::Cli;
use idc::config;
use idc::diagnosis::diagnose;
use idc::evidence::{self, Call, Site};
use idc::render::{self, Style};
use idc::rules::{RULES, rule};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// README.md with its generated parts as the code has them now.
fn generated(readme: &str) -> String {
    let mut text = replaced(readme, "<!-- permissions -->\n", "<!-- /permissions -->", &permissions());
    text = replaced(&text, "<!-- rules -->\n", "<!-- /rules -->", &rules());
    let start = "<!-- answer: ";
    let at = text.find(start).expect("the answer's marker") + start.len();
    let fixture = text[at..].split_once(" -->").expect("the marker's end").0.to_owned();
    replaced(&text, &format!("<!-- answer: {fixture} -->\n```text\n"), "```\n", &answer(&fixture))
}

fn replaced(text: &str, from: &str, to: &str, with: &str) -> String {
    let start = text.find(from).expect(from) + from.len();
    let end = start + text[start..].find(to).expect(to);
    format!("{}{with}{}", &text[..start], &text[end..])
}

fn permissions() -> String {
    let mut text = String::from("| action | account | for |\n|---|---|---|\n");
    for call in Call::ALL {
        let account = match (call.is_asked_at(Site::Home), call.is_asked_at(Site::Target)) {
            (true, true) => "both",
            (true, false) => "caller's",
            (false, _) => "target",
        };
        writeln!(text, "| `{call}` | {account} | {} |", call.reads()).expect("written");
    }
    text
}

fn rules() -> String {
    let mut text = String::from("| gate | rule | fault |\n|---|---|---|\n");
    for rule in RULES {
        writeln!(text, "| {} | `{}` | {} |", rule.gate.name(), rule.id, rule.summary).expect("written");
    }
    text
}

fn answer(fixture: &str) -> String {
    let diagnosis = diagnose(&evidence::read(&read(fixture)).expect(fixture));
    let mut text = Vec::new();
    let style = Style { width: 100, color: false, unicode: true };
    render::table::write(&mut text, &diagnosis, &style, false).expect("rendered");
    String::from_utf8(text).expect("text")
}

#[test]
fn the_committed_schema_is_that_of_the_answers() {
    let current = format!("{:#}\n", render::json::schema());
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/answer.schema.json"), current).expect("written");
        return;
    }
    assert!(
        read("docs/answer.schema.json") == current,
        "docs/answer.schema.json is behind the code: UPDATE_README=1 cargo test --test documents"
    );
}

#[test]
fn the_readme_says_what_the_code_does() {
    let readme = read("README.md");
    let current = generated(&readme);
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"), current).expect("written");
        return;
    }
    assert!(readme == current, "README.md is behind the code: UPDATE_README=1 cargo test --test documents");
}

/// Words in backticks, and links, of a Markdown file.
fn named(markdown: &str) -> Vec<&str> {
    let in_backticks = markdown.split('`').skip(1).step_by(2);
    let links = markdown.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    in_backticks.chain(links).filter(|word| !word.contains("://")).collect()
}

#[test]
fn files_and_flags_that_prose_names_exist() {
    let command = Cli::command();
    let flags: Vec<String> = command
        .get_subcommands()
        .flat_map(clap::Command::get_arguments)
        .flat_map(|argument| {
            let short = argument.get_short().map(|short| format!("-{short}"));
            let long = argument.get_long().map(|long| format!("--{long}"));
            short.into_iter().chain(long)
        })
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(document);
        for word in named(&text) {
            let in_project = ["src/", "docs/", "tests/", "fixtures/", ".ci/", ".github/", "examples/", "benches/"];
            let path = word.split('#').next().unwrap_or(word);
            if in_project.iter().any(|folder| path.starts_with(folder)) && !path.contains(['<', ' ']) {
                let exists = root.join(path).exists() || root.join(format!("{path}.rs")).exists();
                assert!(exists, "{document} names {path}, which does not exist");
            }
            if let Some(flag) = word.split([' ', '=']).next().filter(|flag| flag.starts_with("--") && flag.len() > 2) {
                let ours =
                    flags.iter().any(|known| known == flag) || flag == "--no-default-features" || flag == "--help";
                assert!(ours, "{document} names {flag}, which is no flag");
            }
        }
    }
}

#[test]
fn the_configuration_file_that_the_readme_shows_can_be_used() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("```toml\n").expect("a configuration file");
    let (shown, _) = rest.split_once("```").expect("its end");
    config::read(Path::new("README.md"), shown).expect("a sound file");
}

#[test]
fn rules_that_documentation_names_exist() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")).expect("docs/rules") {
        let path = entry.expect("an entry").path();
        let id = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        assert!(rule(&id).is_some(), "docs/rules/{id}.md documents no rule");
        let text = fs::read_to_string(&path).expect("read");
        assert!(text.starts_with(&format!("# {id}\n")), "{id} has another title");
        for heading in ["## What it means", "## How we know", "## How to fix", "## Confused with", "## See also"] {
            assert!(text.contains(heading), "{id} lacks {heading}");
        }
        for word in text.split('`').skip(1).step_by(2) {
            let like_an_action = word.split_once(':').is_some_and(|(service, name)| {
                ["sso", "identitystore", "iam", "organizations", "cloudtrail"].contains(&service)
                    && ["List", "Describe", "Get", "Lookup"].iter().any(|verb| name.starts_with(verb))
            });
            assert!(
                !like_an_action || Call::ALL.iter().any(|call| call.action() == word),
                "{id} names {word}, which idc never calls"
            );
        }
    }
}
