//! What an older file tells, held against a newer one in which one fact after the other could not be read: nothing that
//! was wrong is put right by that, and none of it goes unsaid.

use std::collections::BTreeSet;

use idc::answers::organization::{Changes, Scan, ScanFinding, compare, prepare, scan};
use idc::evidence::{Answer, Snapshot};
use idc::store::{Kept, read};

use super::unread::refused;
use super::{ask, json, small};
use served::{Conduct, Served};

/// The answers of a full scan of an organization in which much is wrong.
fn recorded() -> Kept {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("org.db");
    let served = Served::start(small(), Conduct::default());
    let scan = ask(&served, &format!("scan --full --rate 20 --record {}", file.display()));
    assert_eq!(json(&scan).expect("an answer")["complete"], true, "{}", scan.stdout);
    read(&file).expect("a file of ours")
}

/// The same of an instance that says it takes no permission sets.
fn without_permission_sets(answers: &[Answer]) -> Vec<Answer> {
    let disabled = |answer: &Answer| {
        let mut value = serde_json::to_value(answer).expect("JSON");
        if matches!(answer, Answer::InstanceDetails(_)) {
            value["InstanceDetails"]["observed"]["Known"]["permission_sets_enabled"] = false.into();
        }
        serde_json::from_value(value).expect("an answer")
    };
    answers.iter().map(disabled).collect()
}

/// The rules that are told of each account, those too that follow from another.
fn told(scan: &Scan) -> BTreeSet<(&'static str, String)> {
    let of = |finding: &ScanFinding| {
        let rules: Vec<&'static str> = finding.follows.iter().copied().chain([finding.rule]).collect();
        let accounts = finding.accounts.iter().map(|account| account.id.clone());
        accounts.flat_map(|id| rules.iter().map(|rule| (*rule, id.clone())).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    scan.findings.iter().flat_map(of).collect()
}

/// What goes unsaid of what was wrong before.
fn unsaid(before: &Scan, now: &Scan, changes: &Changes) -> Vec<String> {
    let there = told(now);
    let is_said = |finding: &&ScanFinding| {
        let here = finding.accounts.iter().all(|account| there.contains(&(finding.rule, account.id.clone())));
        let unseen = |what: &String| what.starts_with(&finding.message) && what.contains("was not looked at now");
        here || changes.not_compared.iter().any(unseen)
    };
    before.findings.iter().filter(|finding| !is_said(finding)).map(|finding| finding.message.clone()).collect()
}

#[test]
fn what_was_wrong_and_is_not_seen_now_is_told_for_every_fact() {
    let kept = recorded();
    let of = |answers: Vec<Answer>| prepare(Snapshot::of(kept.scope.clone(), answers));
    // Of the second kind each call alone: what hides one fact of it hides less.
    for (answers, by_fact) in [(kept.answers.clone(), true), (without_permission_sets(&kept.answers), false)] {
        let then = of(answers.clone());
        let before = scan(&then);
        assert!(before.findings.len() > 2, "{:#?}", before.findings);
        let mut wrong = BTreeSet::new();
        let mut calls = BTreeSet::new();
        // One fact; and all of its call, as a permission that is missing hides them.
        let facts = (0..answers.len()).filter(|_| by_fact).map(|number| BTreeSet::from([number]));
        let of_call = |call| {
            let numbers = answers.iter().enumerate().filter(|(_, answer)| answer.call() == call);
            numbers.map(|(number, _)| number).collect::<BTreeSet<usize>>()
        };
        let all = answers.iter().filter(|answer| calls.insert(answer.call())).map(|answer| of_call(answer.call()));
        for hidden in facts.chain(all) {
            let each = answers.iter().enumerate();
            let without = each.map(|(number, one)| if hidden.contains(&number) { refused(one) } else { one.clone() });
            let now = of(without.collect());
            let mut after = scan(&now);
            compare(&mut after, &before, (&now, &then));
            let changes = after.changes.clone().expect("changes");
            let names: Vec<String> = hidden.iter().map(|number| format!("{:?}", answers[*number].want())).collect();
            let put_right = changes.put_right.iter().map(|what| format!("{names:?} puts right: {what}"));
            wrong.extend(put_right);
            wrong.extend(
                unsaid(&before, &after, &changes).iter().map(|what| format!("{names:?} leaves unsaid: {what}")),
            );
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
