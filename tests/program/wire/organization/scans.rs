//! `idc scan`: what it finds is what `idc why` says of each person, and the other way round.

use fastrand::Rng;
use serde_json::Value;

use super::{ask, is_enabled, json, people};
use crate::wire::chance::{SEED, number};
use crate::wire::parallel;
use crate::wire::truth::Case;
use served::{Assignment, Conduct, Organization, Served};

/// Some twenty seconds of a small machine.
const CASES: usize = 10;
/// How many people of each organization are asked about one by one.
const PEOPLE: usize = 5;

/// What only a person decides, or what a scan does not go into.
const NOT_SCANNED: [&str; 6] = [
    "user-disabled",
    "sign-in-failed",
    "assume-role-failed",
    "user-denied-by-policy",
    "role-policies-differ",
    "permission-set-denies-session",
];

/// The findings of a scan about a permission set in an account: rule and effect.
pub(super) fn findings_of<'a>(scan: &'a Value, account: &str, arn: &str) -> Vec<(&'a str, &'a str)> {
    let findings = scan["findings"].as_array().expect("findings");
    let about = |finding: &&Value| {
        let there = finding["accounts"].as_array().expect("accounts").iter().any(|one| one["id"] == account);
        let rule = finding["rule"].as_str().unwrap();
        let set = &finding["permission_set_arn"];
        // A role without a permission set is one that somebody is entitled to.
        let of_entitlement = set.is_null() && (rule == "role-missing" || rule.starts_with("entitlement-"));
        let same = !of_entitlement && (set.is_null() || set == arn);
        let of_people = ["group-empty", "assignment-orphaned-principal"].contains(&rule);
        there && same && !of_people
    };
    let told = |finding: &'a Value| (finding["rule"].as_str().unwrap(), finding["effect"].as_str().unwrap());
    findings.iter().filter(about).map(told).collect()
}

pub(super) fn compare(
    served: &Served,
    organization: &Organization,
    scan: &Value,
    row: &Assignment,
) -> Result<(), String> {
    let Some(id) = people(organization, row).into_iter().find(|id| is_enabled(organization, id)) else { return Ok(()) };
    let user = organization.users.iter().find(|user| user.id == id).expect("a user");
    let set = organization.permission_sets.iter().find(|set| set.arn == row.permission_set).expect("a set");
    let why = ask(served, &format!("why {} {} -p {}", user.user_name, row.account, set.name));
    let why = json(&why)?;
    let (verdict, root) = (why["verdict"].as_str().unwrap_or_default(), why["root_cause"]["rule"].as_str());
    let found = findings_of(scan, &row.account, &row.permission_set);
    let told =
        || format!("{} {} {}: why says {verdict} {root:?}, the scan {found:?}", user.user_name, row.account, set.name);
    // Another of their ways with this set, by a request of their own, may be what the answer is about.
    match (verdict, root) {
        ("blocked" | "degraded", Some(rule)) if NOT_SCANNED.contains(&rule) => Ok(()),
        ("blocked", Some(rule)) if found.contains(&(rule, "blocks")) => beside(&why, &found, told),
        ("degraded", Some(rule)) if found.iter().any(|(one, _)| *one == rule) => beside(&why, &found, told),
        ("reachable", None) if found.is_empty() => Ok(()),
        _ => Err(told()),
    }
}

/// Whether the scan has every other fault too that follows from none.
fn beside(why: &Value, found: &[(&str, &str)], told: impl Fn() -> String) -> Result<(), String> {
    let others = why["also"].as_array().into_iter().flatten().filter(|other| other["follows_from"].is_null());
    let rules = others.filter_map(|other| other["rule"].as_str()).filter(|rule| !NOT_SCANNED.contains(rule));
    let mut missing = rules.filter(|rule| !found.iter().any(|(one, _)| one == rule));
    missing.next().map_or(Ok(()), |rule| Err(format!("{}, and not {rule}", told())))
}

#[test]
fn finds_for_each_pair_what_why_says_of_its_people() {
    let mut rng = Rng::with_seed(number("CHANCE_SEED", SEED) + 2);
    let cases: Vec<(Case, Rng)> =
        (0..number("CHANCE_CASES", CASES)).map(|_| (Case::random(&mut rng), rng.fork())).collect();
    parallel::each(
        &cases,
        |(case, _)| case.changes.clone(),
        |(case, rng)| {
            let served = Served::start(case.organization.clone(), Conduct::default());
            let scan = ask(&served, "scan --full");
            let scan = json(&scan)?;
            if scan["complete"] != true {
                return Err(format!("not complete: {}", scan["gaps"]));
            }
            let mut rows: Vec<&Assignment> = case.organization.assignments.iter().collect();
            rng.clone().shuffle(&mut rows);
            rows.iter().take(PEOPLE).try_for_each(|row| compare(&served, &case.organization, &scan, row))
        },
    );
}

/// The organization without what is wrong in it on purpose.
fn sound() -> Organization {
    let mut organization = Organization::acme();
    organization.creation_requests.clear();
    organization.provisioned.iter_mut().for_each(|one| one.latest = true);
    organization.account("old-sandbox").state = "ACTIVE".into();
    organization.account("old-sandbox").status = Some("ACTIVE".into());
    organization
}

#[test]
fn nothing_is_wrong_where_nothing_is_wrong() {
    let served = Served::start(sound(), Conduct::default());
    let answer = ask(&served, "scan --full");
    assert_eq!(answer.code, 0, "{}{}", answer.stdout, answer.stderr);
    let scan = json(&answer).expect("an answer");
    assert_eq!((scan["outcome"].as_str(), scan["complete"].as_bool()), (Some("clean"), Some(true)), "{scan:#}");
}

#[test]
fn one_cause_in_several_accounts_is_one_finding() {
    let mut organization = sound();
    organization.permission_set("RedshiftAnalyst").customer_managed("team-data-access", "/");
    let served = Served::start(organization, Conduct::default());
    let answer = ask(&served, "scan");
    let scan = json(&answer).expect("an answer");
    let missing: Vec<&Value> = scan["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "customer-managed-policy-missing")
        .collect();
    assert_eq!(missing.len(), 1, "{scan:#}");
    assert_eq!(missing[0]["about"]["name"], "team-data-access");
    assert!(missing[0]["people"].as_u64().is_some_and(|people| people > 0), "{:#}", missing[0]);
}

/// One denied list blinds one permission set, and an account that could not be entered blinds that account.
#[test]
fn what_is_denied_hides_no_more_than_itself() {
    let served = Served::start(sound(), Conduct::default());
    let unhindered = ask(&served, "scan");
    assert_eq!(unhindered.code, 0);
    let mut organization = sound();
    let account = organization.account_id("dev-data");
    organization.account("dev-data").iam.roles.retain(|role| role.name != served::READ_ROLE);
    organization.account("prod-data").iam.policies.clear();
    let served = Served::start(organization, Conduct::default());
    let answer = ask(&served, "scan --fail-on unread");
    let scan = json(&answer).expect("an answer");
    assert_eq!(answer.code, 11, "{scan:#}");
    let gaps = scan["gaps"].as_array().unwrap();
    assert!(gaps.iter().any(|gap| gap["call"] == "sts:AssumeRole"), "{gaps:#?}");
    assert!(gaps.iter().all(|gap| gap["account"] == *account || gap["call"] == "sts:AssumeRole"), "{gaps:#?}");
    assert_eq!(scan["complete"], false);
}
