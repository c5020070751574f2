//! What a scan found as a report of tests: GitLab, Jenkins, Azure DevOps and Buildkite show those. A test suite for each
//! account and a test case for each rule: failed where it found something, skipped where it could not be decided.

use std::collections::BTreeMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::organization::effect_word;
use super::{clean, confidence_word, gaps};
use crate::answers::organization::{Scan, ScanFinding};
use crate::verdict::Unread;

/// What is wrong in no one account.
const EVERYWHERE: &str = "the whole organization";

/// What could not be read.
const UNREAD: &str = "what could not be read";

/// What may be new of what is no rule of each account.
const MAY_BE_NEW: &str = "what may be new";

/// The test cases of one suite.
#[derive(Default)]
struct Suite<'a> {
    cases: Vec<(String, Outcome<'a>)>,
}

/// How a test case ended.
enum Outcome<'a> {
    Passed,
    /// By these, in the account of this id.
    Failed(Vec<&'a ScanFinding>, &'a str),
    Skipped(String),
}

/// Writes the report.
pub fn write(out: &mut dyn io::Write, scan: &Scan) -> io::Result<()> {
    let suites = suites(scan);
    let mut writer = Writer::new_with_indent(&mut *out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let at = format!("{:.0}", scan.made.collected_at);
    let (tests, failures, skipped) = suites.iter().fold((0, 0, 0), |sum, (_, suite)| {
        let (tests, failures, skipped) = suite.counts();
        (sum.0 + tests, sum.1 + failures, sum.2 + skipped)
    });
    let counted = |(tests, failures, skipped): (usize, usize, usize)| {
        [("tests", tests), ("failures", failures), ("errors", 0), ("skipped", skipped)]
            .map(|(name, number)| (name, number.to_string()))
    };
    let all = counted((tests, failures, skipped));
    let whole = writer.create_element("testsuites").with_attribute(("name", "idc scan"));
    let whole = whole.with_attributes(all.iter().map(|(name, number)| (*name, number.as_str())));
    whole.write_inner_content(|writer| {
        for (name, suite) in &suites {
            let counts = counted(suite.counts());
            let element = writer.create_element("testsuite").with_attribute(("name", &**name));
            let element = element.with_attributes(counts.iter().map(|(name, number)| (*name, number.as_str())));
            let element = element.with_attribute(("timestamp", at.as_str()));
            element.write_inner_content(|writer| suite.cases.iter().try_for_each(|one| case(writer, name, one)))?;
        }
        Ok(())
    })?;
    writeln!(writer.into_inner())
}

impl Suite<'_> {
    /// Tests, failures, skipped.
    fn counts(&self) -> (usize, usize, usize) {
        let of = |wanted: fn(&Outcome<'_>) -> bool| self.cases.iter().filter(|(_, outcome)| wanted(outcome)).count();
        let failed = of(|outcome| matches!(outcome, Outcome::Failed(..)));
        (self.cases.len(), failed, of(|outcome| matches!(outcome, Outcome::Skipped(_))))
    }
}

/// Test cases that failed.
fn failed<'a>(cases: BTreeMap<&str, Vec<&'a ScanFinding>>, account: &'a str) -> Vec<(String, Outcome<'a>)> {
    cases.into_iter().map(|(rule, findings)| (rule.to_owned(), Outcome::Failed(findings, account))).collect()
}

/// What the older file does not tell of does not count.
fn open<'a>(finding: &ScanFinding, account: &str) -> Outcome<'a> {
    Outcome::Skipped(format!("The older file does not tell whether it is new: {}", finding.said_from(account)))
}

/// The suites with their names, harmless already.
fn suites(scan: &Scan) -> Vec<(String, Suite<'_>)> {
    let mut found: BTreeMap<Option<&str>, BTreeMap<&str, Vec<&ScanFinding>>> = BTreeMap::new();
    for finding in scan.counted() {
        let mut take = |account| found.entry(account).or_default().entry(finding.rule).or_default().push(finding);
        if finding.accounts.is_empty() {
            take(None);
        }
        finding.accounts.iter().for_each(|account| take(Some(&account.id)));
    }
    let mut suites = Vec::new();
    if let Some(cases) = found.remove(&None) {
        suites.push((EVERYWHERE.to_owned(), Suite { cases: failed(cases, "") }));
    }
    for account in &scan.accounts {
        let mut cases = found.remove(&Some(account.account.id.as_str())).unwrap_or_default();
        let mut suite = Suite::default();
        for rule in scan.judged_by.iter().copied().filter(|_| account.sets() > 0) {
            let may_be_new = scan.may_be_new().find(|finding| {
                finding.rule == rule && finding.accounts.iter().any(|one| one.id == account.account.id)
            });
            let outcome = match (cases.remove(rule), account.undecided.get(rule), may_be_new) {
                (Some(findings), ..) => Outcome::Failed(findings, &account.account.id),
                (None, Some(why), _) => Outcome::Skipped(why.clone()),
                (None, None, Some(finding)) => open(finding, &account.account.id),
                (None, None, None) => Outcome::Passed,
            };
            suite.cases.push((rule.to_owned(), outcome));
        }
        suite.cases.extend(failed(cases, &account.account.id));
        if !suite.cases.is_empty() {
            suites.push((clean(&account.account.label()).into_owned(), suite));
        }
    }
    // Accounts that could not be listed.
    for (id, cases) in found {
        suites.push((
            clean(id.unwrap_or(EVERYWHERE)).into_owned(),
            Suite { cases: failed(cases, id.unwrap_or_default()) },
        ));
    }
    let skipped = |Unread { gap, .. }: &Unread| {
        let place = gap.account.as_ref().map(|account| format!(" in {account}")).unwrap_or_default();
        let why = format!("{}: {}", gaps::phrase(gap), gap.message);
        (clean(&format!("{}{place}", gap.call)).into_owned(), Outcome::Skipped(why))
    };
    if !scan.made.gaps.is_empty() {
        suites.push((UNREAD.to_owned(), Suite { cases: scan.made.gaps.iter().map(skipped).collect() }));
    }
    let others: Vec<&ScanFinding> = scan.may_be_new().filter(|one| !scan.judged_by.contains(&one.rule)).collect();
    if !others.is_empty() {
        let cases = others.into_iter().map(|finding| (finding.rule.to_owned(), open(finding, ""))).collect();
        suites.push((MAY_BE_NEW.to_owned(), Suite { cases }));
    }
    if scan.changes.is_some() {
        // What is otherwise than before neither passes nor fails.
        let case = ("changes since the older file".to_owned(), Outcome::Skipped(scan.changes_alone().join(" ")));
        suites.push((EVERYWHERE.to_owned(), Suite { cases: vec![case] }));
    }
    if let Some(left_out) = scan.accepted_sentence() {
        let case = ("accepted exceptions".to_owned(), Outcome::Skipped(left_out));
        suites.push((EVERYWHERE.to_owned(), Suite { cases: vec![case] }));
    }
    suites
}

fn case(
    writer: &mut Writer<&mut dyn io::Write>,
    suite: &str,
    (name, outcome): &(String, Outcome<'_>),
) -> io::Result<()> {
    let element = writer.create_element("testcase").with_attributes([("classname", suite), ("name", name.as_str())]);
    match outcome {
        Outcome::Passed => element.write_empty().map(drop),
        Outcome::Skipped(why) => element
            .write_inner_content(|writer| {
                writer.create_element("skipped").with_attribute(("message", &*clean(why))).write_empty().map(drop)
            })
            .map(drop),
        Outcome::Failed(findings, account) => element
            .write_inner_content(|writer| {
                let worst = findings.iter().map(|finding| finding.effect).min();
                let messages: Vec<String> = findings.iter().map(|finding| finding.said_from(account)).collect();
                let kind = worst.map(effect_word).unwrap_or_default();
                let text: Vec<String> = findings.iter().map(|finding| told(finding, account)).collect();
                writer
                    .create_element("failure")
                    .with_attributes([("type", kind), ("message", &*clean(&messages.join(" ")))])
                    .write_text_content(BytesText::new(&text.join("\n\n")))
                    .map(drop)
            })
            .map(drop),
    }
}

/// A finding in lines: what is wrong, how sure that is, where, and what to do in this account.
fn told(finding: &ScanFinding, account: &str) -> String {
    let sure = confidence_word(finding.confidence);
    let mut lines = vec![
        clean(&finding.said_from(account)).into_owned(),
        format!("{} ({sure}). {}. {}.", finding.rule, clean(&finding.places(3)), finding.people_touched()),
    ];
    for fix in finding.fixes_in(account) {
        lines.push(format!("Fix: {}", clean(&fix.what)));
        lines.extend(fix.caution.iter().map(|caution| format!("  Careful: {}", clean(caution))));
        lines.extend(fix.command.iter().map(|command| format!("  {}", clean(&command.shell()))));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
