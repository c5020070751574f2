//! The forms of an answer: each can be read by what it is for, and what they say is the same.

use std::fs;
use std::path::Path;

use serde_json::Value;
use served::{Conduct, MANAGEMENT_KEY, Organization, READ_ROLE, Served};

use crate::wire::run::{Answer, Question};

/// A user's name that is a formula for a spreadsheet, and markup for a browser.
const HOSTILE: &str = "=cmd|'/c calc'!A1<script>alert(1)</script>";

fn organization() -> Organization {
    let mut organization = Organization::acme();
    organization.permission_set("RedshiftAnalyst").customer_managed("team-data-access", "/");
    let jane = organization.users.iter_mut().find(|user| user.user_name == "jane.doe").expect("jane.doe");
    HOSTILE.clone_into(&mut jane.user_name);
    organization
}

/// Asks without a form of its own.
pub(super) fn ask(served: &Served, command: &str) -> Answer {
    let question = Question::of_line(&format!("{command} --target-role {READ_ROLE}"));
    question.environment(served.environment(MANAGEMENT_KEY, "us-east-1")).ask_plainly()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

/// The cells of a line of CSV.
pub(super) fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let (mut quoted, mut letters) = (false, text.chars().peekable());
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().expect("a row");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => row.last_mut().expect("a cell").extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            letter => row.last_mut().expect("a cell").push(letter),
        }
    }
    rows.pop();
    rows
}

/// Who wants one line on the screen wants the file all the same.
#[test]
fn a_file_is_whole_however_quiet_it_is() {
    let served = Served::start(organization(), Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    for command in ["scan", "who prod-data", "access alex.admin"] {
        for form in ["markdown", "table"] {
            let [loud, quiet] = ["loud", "quiet"].map(|name| folder.path().join(name));
            let other = if form == "markdown" { "table" } else { "markdown" };
            let told = ask(&served, &format!("{command} -o {other} -o {form}={}", loud.display()));
            let line = ask(&served, &format!("{command} -q -o {other} -o {form}={}", quiet.display()));
            assert_eq!((line.code, line.stdout.lines().count()), (told.code, 1), "{command}: {}", line.stdout);
            let lines = |path: &Path| read(path).lines().count();
            assert_eq!(lines(&quiet), lines(&loud), "{command} {form}: {}", read(&quiet));
            assert!(lines(&quiet) > 2, "{command} {form}: {}", read(&quiet));
        }
    }
}

/// The answer is told whole, then what could not be kept, whether the system's signal for that is ignored or not.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_grow_is_told_after_the_answer() {
    let served = Served::start(organization(), Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let words = |more: &str| format!("scan --full --target-role {READ_ROLE} {more}");
    let whole =
        ask(&served, &format!("scan --full --record {} -o table -o html={}", file("whole.db"), file("whole.html")));
    assert_eq!(whole.code, 10, "{}", whole.stderr);
    // Three quarters of what it takes, in kibibytes: it can be begun, and not be ended.
    let most = |name: &str| fs::metadata(folder.path().join(name)).expect("a file").len() * 3 / 4 / 1024;
    for (more, most) in [
        (format!("--record {}", file("org.db")), most("whole.db")),
        (format!("-o table -o html={}", file("x.html")), most("whole.html")),
    ] {
        let question = Question::of_line(&words(&more)).environment(served.environment(MANAGEMENT_KEY, "us-east-1"));
        let program = question.command();
        let mut limited = std::process::Command::new("bash");
        limited
            .arg("-c")
            .arg(format!("ulimit -f {most}; exec \"$0\" \"$@\""))
            .arg(program.get_program())
            .args(program.get_args());
        limited.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = limited.output().expect("it runs");
        let [answer, said] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        assert_eq!(output.status.code(), Some(1), "{more}: {answer}{said}");
        assert!(answer.starts_with("BROKEN  ") && answer.lines().count() > 5, "{more}: {answer}{said}");
        let path = more.rsplit([' ', '=']).next().expect("a path");
        assert!(said.contains("error: cannot ") && said.contains(path), "{more}: {said}");
        assert!(said.contains("ulimit -f"), "{more}: {said}");
    }
}

#[test]
fn all_forms_of_a_scan_tell_the_same() {
    let served = Served::start(organization(), Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name);
    let forms =
        ["json", "jsonl", "csv", "markdown", "junit", "html"].map(|form| format!("-o {form}={}", file(form).display()));
    let answer = ask(&served, &format!("scan --full -o table {}", forms.join(" ")));
    assert_eq!(answer.code, 10, "{}{}", answer.stdout, answer.stderr);
    assert!(answer.stdout.starts_with("BROKEN  "), "{}", answer.stdout);
    let json: Value = serde_json::from_str(&read(&file("json"))).expect("JSON");
    let findings = json["findings"].as_array().expect("findings");
    assert!(findings.len() > 2);
    assert_eq!(read(&file("jsonl")).lines().count(), findings.len());
    let places: usize = findings.iter().map(|finding| finding["accounts"].as_array().unwrap().len()).sum();
    let csv = rows(&read(&file("csv")));
    assert!(csv.iter().all(|row| row.len() == csv[0].len()), "{csv:?}");
    assert_eq!(csv.iter().filter(|row| row[0] == "finding").count(), places);
    let (junit, markdown, html) = (read(&file("junit")), read(&file("markdown")), read(&file("html")));
    assert_eq!(junit.matches("<failure ").count(), places, "{junit}");
    for finding in findings {
        let (rule, message) = (finding["rule"].as_str().unwrap(), finding["message"].as_str().unwrap());
        for form in [&junit, &markdown, &html, &answer.stdout] {
            assert!(form.contains(rule), "{rule} is not in {form}");
        }
        assert!(csv.iter().any(|row| row.contains(&message.to_owned())), "{message}");
    }
    let accounts = json["accounts"].as_array().expect("accounts");
    assert_eq!(accounts.len(), json["coverage"]["accounts"]["read"]);
    assert!(accounts.iter().all(|account| html.contains(account["id"].as_str().unwrap())));
    #[cfg(unix)]
    for name in ["json", "csv", "html"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(file(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_name_is_no_formula_and_no_markup() {
    let served = Served::start(organization(), Conduct::default());
    let answer = ask(&served, "who prod-data -o csv");
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let rows = rows(&answer.stdout);
    let place = rows[0].iter().position(|name| name == "user_name").expect("a column");
    let names: Vec<&str> = rows.iter().map(|row| row[place].as_str()).collect();
    assert!(names.contains(&format!("'{HOSTILE}").as_str()), "{names:?}");
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
    let markdown = ask(&served, "who prod-data -o markdown").stdout;
    // Every other part is code, where nothing is active.
    let prose: String = markdown.split('`').step_by(2).collect();
    assert!(markdown.contains("script") && !prose.replace("\\<", "").contains("<script"), "{markdown}");
}

#[test]
fn who_and_access_are_rows_in_every_form() {
    let served = Served::start(organization(), Conduct::default());
    for command in ["who prod-data", "access maria.garcia"] {
        let json: Value = serde_json::from_str(&ask(&served, &format!("{command} -o json")).stdout).expect("JSON");
        let ways = json["access"].as_array().expect("rows").len();
        let dead = json["dead"].as_array().map_or(0, Vec::len);
        assert!(ways > 0);
        assert_eq!(ask(&served, &format!("{command} -o jsonl")).stdout.lines().count(), ways);
        assert_eq!(rows(&ask(&served, &format!("{command} -o csv")).stdout).len(), 2 + ways + dead);
        let markdown = ask(&served, &format!("{command} -o markdown")).stdout;
        assert_eq!(markdown.lines().filter(|line| line.starts_with("| ")).count(), 1 + ways, "{markdown}");
        let table = ask(&served, command).stdout;
        for row in json["access"].as_array().unwrap() {
            assert!(table.contains(row["permission_set"].as_str().unwrap()), "{table}");
        }
        let line = ask(&served, &format!("{command} -q")).stdout;
        assert_eq!(line.lines().count(), 1);
        assert!(table.replace("\n  ", " ").starts_with(line.trim_end()), "{table}");
    }
}

/// Rows that could be missing are rows.
#[test]
fn what_could_not_be_read_is_said_in_every_form() {
    let conduct = Conduct::default().with_denied("sso:ListAccountAssignments");
    let served = Served::start(organization(), conduct);
    let csv = ask(&served, "who prod-data -o csv");
    assert_eq!(csv.code, 12);
    assert!(rows(&csv.stdout).iter().any(|row| row[0] == "unread"), "{}", csv.stdout);
    let table = ask(&served, "who prod-data").stdout;
    assert!(table.starts_with("INCOMPLETE  ") && table.contains("sso:ListAccountAssignments"), "{table}");
    let markdown = ask(&served, "who prod-data -o markdown").stdout;
    assert!(markdown.contains("Could hide something") && markdown.contains("ListAccountAssignments"), "{markdown}");
    let mut blind = organization();
    blind.account("dev-data").iam.roles.retain(|role| role.name != READ_ROLE);
    let served = Served::start(blind, Conduct::default());
    let junit = ask(&served, "scan -o junit").stdout;
    assert!(junit.contains("<skipped message=") && junit.contains("could not be assumed"), "{junit}");
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is_asked() {
    let served = Served::start(organization(), Conduct::default());
    let cases = [
        ("scan -o json -o table", "standard output"),
        ("who prod-data -o junit", "junit"),
        ("access jane.doe -o junit=x.xml", "junit"),
        ("scan -o csv=/nonexistent/folder/x.csv", "/nonexistent/folder/x.csv"),
    ];
    for (command, said) in cases {
        let answer = ask(&served, command);
        assert!(answer.code == 2 || answer.code == 1, "{command}: {}", answer.code);
        assert!(answer.stderr.contains(said), "{command}: {}", answer.stderr);
    }
    assert!(served.calls().is_empty(), "something was asked");
}

#[test]
fn a_file_that_is_there_is_replaced_and_that_is_said() {
    let served = Served::start(organization(), Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("who.json");
    let command = format!("who prod-data -o json={}", file.display());
    let first = ask(&served, &command);
    assert!(first.stdout.is_empty() && !first.stderr.contains("replaced"), "{}", first.stderr);
    fs::write(&file, "something else").expect("written");
    let second = ask(&served, &command);
    assert!(second.stderr.contains("has been replaced"), "{}", second.stderr);
    assert!(serde_json::from_str::<Value>(&read(&file)).is_ok());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn schemas_are_those_of_the_answers() {
    for command in ["scan", "who", "access"] {
        let printed = Question::of_line(&format!("schema {command}")).ask_plainly().stdout;
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{command}.schema.json"));
        assert_eq!(printed, read(&committed));
    }
}
