//! The findings of a scan in every form: the same rules, permission sets, accounts and counts of people in each.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::forms::{ask, rows};
use super::small;
use served::{Conduct, Organization, Served, Size};

const FORMS: [&str; 6] = ["json", "jsonl", "csv", "markdown", "junit", "html"];

/// A finding, as every form has it: rule, effect, permission set, what it says, how many people, and the accounts.
type Told = (String, String, String, String, Value, Vec<String>);

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn of_json(finding: &Value) -> Told {
    let accounts = finding["accounts"].as_array().expect("accounts").iter();
    let mut accounts: Vec<String> = accounts.map(|account| text(&account["id"])).collect();
    accounts.sort();
    let [rule, effect, set, message] =
        ["rule", "effect", "permission_set_arn", "message"].map(|key| text(&finding[key]));
    (rule, effect, set, message, finding["people"].clone(), accounts)
}

/// The findings of a sheet: each row is of one account.
fn of_csv(text: &str) -> Vec<Told> {
    let rows = rows(text);
    let place = |name: &str| rows[0].iter().position(|one| one == name).unwrap_or_else(|| panic!("no column {name}"));
    let mut found: BTreeMap<[String; 5], Vec<String>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row[0] == "finding") {
        let key = ["rule", "effect", "permission_set_arn", "message", "people"].map(|name| row[place(name)].clone());
        found.entry(key).or_default().push(row[place("account_id")].clone());
    }
    let told = |([rule, effect, set, message, people], mut accounts): ([String; 5], Vec<String>)| {
        accounts.sort();
        let people = people.parse::<u64>().map_or(Value::Null, Value::from);
        (rule, effect, set, message, people, accounts)
    };
    found.into_iter().map(told).collect()
}

/// A text as a form shows it, without what only marks it up.
fn plain(text: &str) -> String {
    let text = text.replace("&#39;", "'").replace("&#x27;", "'").replace("&quot;", "\"").replace("&#34;", "\"");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&apos;", "'");
    text.replace(['\\', '`'], "")
}

/// How many people a finding touches, as sentences say it.
fn people(finding: &Told) -> String {
    match finding.4.as_u64() {
        None => "How many people it touches is not known".to_owned(),
        Some(0) => String::new(),
        Some(1) => "1 person".to_owned(),
        Some(people) => format!("{people} people"),
    }
}

fn compare(organization: Organization) {
    let served = Served::start(organization, Conduct::default());
    let folder = tempfile::tempdir().expect("a folder");
    let outputs = FORMS.map(|form| format!(" -o {form}={}", folder.path().join(form).display()));
    ask(&served, &format!("scan --full --rate 20 -o table{}", outputs.concat()));
    let forms = FORMS.map(|form| fs::read_to_string(folder.path().join(form)).expect("a file"));
    let [whole, lines, csv, markdown, junit, html] = forms;
    let whole: Value = serde_json::from_str(&whole).expect("JSON");
    let findings = whole["findings"].as_array().expect("findings");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let mut told: Vec<Told> = findings.iter().map(of_json).collect();
    assert_eq!(lines.iter().map(of_json).collect::<Vec<_>>(), told);
    let in_prose = told.clone();
    told.sort_by_key(|one| json!([one.0, one.1, one.2, one.3]).to_string());
    let mut of_csv = of_csv(&csv);
    of_csv.sort_by_key(|one| json!([one.0, one.1, one.2, one.3]).to_string());
    assert_eq!(of_csv, told);
    // In the order of the findings, each with its people; an account's name stands for it.
    for (form, text) in [("markdown", plain(&markdown)), ("html", plain(&html))] {
        let mut rest = &*text;
        for finding in &in_prose {
            let at =
                rest.find(&finding.3).unwrap_or_else(|| panic!("{form} lacks, or has in another order: {finding:?}"));
            rest = &rest[at..];
            let next = in_prose.iter().filter_map(|one| rest[1..].find(&one.3)).min().unwrap_or(rest.len() - 1);
            assert!(rest[..=next].contains(&people(finding)) || form == "html", "{form}: {finding:?}\n{rest}");
        }
        let count = in_prose.iter().map(|finding| &finding.3).filter(|message| text.contains(*message)).count();
        assert_eq!(count, in_prose.len(), "{form}");
    }
    let junit = plain(&junit);
    for finding in &in_prose {
        for account in &finding.5 {
            let suite = junit
                .split("<testsuite ")
                .find(|suite| suite.split('>').next().is_some_and(|head| head.contains(account)));
            let suite = suite.unwrap_or_else(|| panic!("junit has no suite of {account}"));
            // The message is of the suite's own account.
            let case = format!("name=\"{}\">\n", finding.0);
            let case = suite.split("<testcase ").find(|one| one.contains(&case)).unwrap_or_default();
            let case = case.split_once('>').unwrap_or_default().1;
            let more = finding.3.rfind(" The same in ").map_or("", |at| &finding.3[at..]);
            let is_told = case.contains(&finding.3) || case.contains(account) && case.contains(more);
            assert!(case.contains("<failure ") && is_told, "{finding:?}: {suite}");
            assert!(case.contains(&people(finding)), "{finding:?}: {suite}");
        }
    }
}

#[test]
fn every_form_has_the_same_findings() {
    compare(small());
    compare(Organization::whole(Size::SMALL).0);
}
