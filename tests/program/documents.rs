//! What the documents say is what the program does: the generated parts of README.md and of the pages under docs/ are
//! compared with the code (`UPDATE_README=1 cargo test --test program documents::` writes them), and the files and flags
//! that prose names must exist.

#![expect(clippy::expect_used, reason = "a test that cannot read the project's own files has to stop")]

#[expect(dead_code, reason = "an example has a main function")]
#[path = "../../examples/picture.rs"]
mod picture;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use idc::answers::diagnosis::diagnose;
use idc::answers::pages::page;
use idc::answers::word_search::search;
use idc::cli::config;
use idc::cli::{Cli, Command, Explain};
use idc::evidence::{self, Call, Site};
use idc::findings::Gate;
use idc::findings::failure_reasons::classify_message;
use idc::machine;
use idc::render::{self, Style};
use idc::rules::{RULES, rule};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// README.md with its generated parts as the code has them now.
fn generated(readme: &str) -> String {
    let text = readme.to_owned();
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
            (false, true) => "target",
            (false, false) => "trail's",
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
    let style = Style { width: 100, color: false, unicode: true, height: 40 };
    render::table::write(&mut text, &diagnosis, &style, false).expect("rendered");
    String::from_utf8(text).expect("text")
}

/// Compares a file with what it has to be, or writes it.
fn hold(path: &str, current: &str) {
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(path), current).expect("written");
        return;
    }
    assert!(read(path) == current, "{path} is behind the code: UPDATE_README=1 cargo test --test program documents::");
}

#[test]
fn the_committed_picture_is_of_the_answer_in_the_readme() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("<!-- answer: ").expect("the answer's marker");
    let (fixture, _) = rest.split_once(" -->").expect("the marker's end");
    hold("docs/answer.svg", &picture::draw(&read(fixture)).expect("drawn"));
}

#[test]
fn the_readme_says_what_the_code_does() {
    hold("README.md", &generated(&read("README.md")));
}

#[test]
fn the_long_tables_are_those_of_the_code() {
    let page = read("docs/permissions.md");
    hold("docs/permissions.md", &replaced(&page, "<!-- permissions -->\n", "<!-- /permissions -->", &permissions()));
    let page = read("docs/findings.md");
    hold("docs/findings.md", &replaced(&page, "<!-- rules -->\n", "<!-- /rules -->", &rules()));
}

/// What a person reads to the end; the rest has pages of its own, which it names.
#[test]
fn the_readme_is_short_and_names_every_page() {
    let readme = read("README.md");
    assert!(readme.lines().count() <= 225, "{} lines", readme.lines().count());
    for page in PAGES.iter().filter(|page| page.starts_with("docs/")) {
        assert!(readme.contains(&format!("({page})")) || *page == "docs/threat-model.md", "{page}");
    }
}

/// The documents whose words are held against the program.
const PAGES: [&str; 20] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/threat-model.md",
    "docs/beside-other-tools.md",
    "docs/configuration.md",
    "docs/cost.md",
    "docs/findings.md",
    "docs/forms.md",
    "docs/history.md",
    "docs/install.md",
    "docs/json.md",
    "docs/limits.md",
    "docs/organization-file.md",
    "docs/own-machine.md",
    "docs/permissions.md",
    "docs/recipes.md",
    "docs/recordings.md",
    "docs/trail.md",
];

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
    for document in PAGES {
        let text = read(document);
        for word in named(&text) {
            let in_project =
                ["src/", "docs/", "tests/", "fixtures/", ".ci/", ".github/", "examples/", "scripts/", "deploy/"];
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

/// The words of a line of shell, up to where it is no longer one command's; `None` where it is not a command of ours.
fn our_command(line: &str) -> Option<Vec<String>> {
    // A step of a pipeline is an item of a list.
    let line = line.trim().trim_start_matches("- ").trim_start_matches("eval \"$(").trim_start_matches("source <(");
    let ways = ["idc ", "cargo run -- ", "cargo run --no-default-features -- "];
    let line = ways.iter().find_map(|way| line.strip_prefix(way))?;
    let (mut words, mut word, mut quoted) = (vec!["idc".to_owned()], String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            '#' | '|' | '>' | ')' if !quoted && word.is_empty() => break,
            ')' if !quoted => break,
            c if c.is_whitespace() && !quoted => {
                words.extend(Some(std::mem::take(&mut word)).filter(|w| !w.is_empty()));
            }
            c => word.push(c),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    // What a variable holds is known only there.
    words.retain(|word| !word.starts_with("${"));
    Some(words)
}

#[test]
fn commands_that_prose_shows_can_be_typed() {
    let mut found = 0;
    let documents = [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/recipes.md",
        "docs/trail.md",
        "docs/forms.md",
        "docs/organization-file.md",
    ];
    for document in documents {
        let text = read(document).replace("\\\n", " ");
        let blocks = ["```sh\n", "```yaml\n"].into_iter().flat_map(|open| text.split(open).skip(1));
        let shell = blocks.filter_map(|rest| Some(rest.split_once("```")?.0)).flat_map(str::lines);
        for words in shell.chain(named(&text)).filter_map(our_command) {
            let parsed = Cli::try_parse_from(&words);
            let shown = |error: &clap::Error| {
                matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
                    // A command alone names itself: what it asks for stands elsewhere.
                    || words.len() == 2 && error.kind() == ErrorKind::MissingRequiredArgument
            };
            match parsed {
                Ok(Cli { command: Command::Explain(Explain { words, .. }) }) if !words.is_empty() => {
                    let asked = words.join(" ");
                    let known =
                        page(&asked).is_some() || classify_message(&asked).is_some() || !search(&asked).is_empty();
                    assert!(known || ["RULE", "ERROR TEXT", "WORD"].contains(&asked.as_str()), "{document}: {asked}");
                }
                Ok(_) => {}
                Err(error) => assert!(shown(&error), "{document}: {words:?}: {error}"),
            }
            found += 1;
        }
    }
    assert!(found > 20, "{found} commands");
}

/// A word in backticks that looks like a rule's id is one, or the name of a gate or of something of ours.
#[test]
fn rules_that_prose_names_exist() {
    for document in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(document);
        let like_an_id = |word: &&str| word.contains('-') && word.split('-').all(is_lower);
        for word in named(&text).into_iter().filter(like_an_id).filter(|word| !word.starts_with("idc-")) {
            let is_gate = Gate::ALL.iter().any(|gate| gate.name() == word);
            let known = rule(word).is_some() || machine::rule(word).is_some() || is_gate;
            assert!(known, "{document} names {word}, which is no rule");
        }
    }
}

fn is_lower(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase())
}

/// Targets that `cargo` is told to run.
#[test]
fn tests_and_examples_that_prose_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in ["README.md", "CONTRIBUTING.md"] {
        let text = read(document);
        for (flag, folder) in [("--example ", "examples"), ("--test ", "tests")] {
            for rest in text.split(flag).skip(1) {
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let file = root.join(folder).join(&name);
                assert!(
                    file.with_extension("rs").exists() || file.join("main.rs").exists(),
                    "{document}: {flag}{name}"
                );
            }
        }
    }
}

#[test]
fn the_configuration_file_that_is_shown_can_be_used() {
    let page = read("docs/configuration.md");
    let (_, rest) = page.split_once("```toml\n").expect("a configuration file");
    let (shown, _) = rest.split_once("```").expect("its end");
    config::read(Path::new("configuration.md"), shown).expect("a sound file");
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
