//! Each kind of fault that an organization can have, several at a time in random places: for each pair a scan finds what
//! `idc why` says of its people, and the other way round. `CHANCE_SEED` draws other places.

use std::collections::BTreeSet;
use std::sync::Mutex;

use fastrand::Rng;
use serde_json::{Value, json};

use super::scans::{compare, findings_of};
use super::{ask, json as answer_of};
use crate::wire::chance::{SEED, draw, number};
use crate::wire::parallel;
use served::{Assignment, Conduct, Moment, Organization, Served};

/// How many assignments of each organization are asked about one by one.
const ROWS: usize = 4;
/// How many faults each has; a kind that nothing is found of in one place is found in another.
const FAULTS: usize = 3;
const ACCOUNTS: [&str; 4] = ["prod-data", "dev-data", "prod-web", "legacy"];

/// A kind of fault: its name, what it does to an assigned permission set in an account, and the rule that a scan tells.
type Kind = (&'static str, fn(&mut Organization, &Place), Option<&'static str>);

/// A permission set that is assigned, and where.
#[derive(Clone, Debug)]
struct Place {
    set: String,
    account: String,
    group: String,
}

const KINDS: [Kind; 19] = [
    (
        "a policy is missing",
        |acme, at| {
            acme.permission_set(&at.set).customer_managed("nowhere", "/");
        },
        Some("customer-managed-policy-missing"),
    ),
    (
        "a boundary is missing",
        |acme, at| {
            acme.permission_set(&at.set).boundary("no-limits", "/");
        },
        Some("permissions-boundary-missing"),
    ),
    (
        "a policy of AWS's is missing",
        |acme, at| {
            acme.permission_set(&at.set).managed("NeverWritten");
        },
        Some("aws-managed-policy-missing"),
    ),
    ("too many policies", too_many, Some("policies-per-role-quota")),
    ("assigning failed", assigning_failed, Some("assignment-creation-failed")),
    ("assigning runs", assigning_runs, Some("assignment-creating")),
    ("provisioning failed", provisioning_failed, Some("provisioning-failed")),
    (
        "provisioning runs",
        |acme, at| {
            acme.provisioning_request("IN_PROGRESS", &at.set, &at.account, Moment::days_ago(0));
        },
        None,
    ),
    ("never provisioned", |acme, at| acme.unprovision(&at.set, &at.account), Some("permission-set-not-provisioned")),
    ("outdated", |acme, at| acme.provisioned(&at.set, &at.account).latest = false, Some("permission-set-outdated")),
    ("the role is gone", |acme, at| acme.remove_role(&at.set, &at.account), Some("role-missing")),
    ("the role's trust is altered", trust_altered, Some("role-trust-altered")),
    (
        "the provider is gone",
        |acme, at| acme.account(&at.account).iam.saml_providers.clear(),
        Some("saml-provider-missing"),
    ),
    ("a service control policy", service_control, Some("service-control-policy-denies-session")),
    ("a resource control policy", resource_control, Some("resource-control-policy-denies")),
    (
        "nobody any more",
        |acme, at| {
            acme.assign(&at.set, "00000000-0000-4000-8000-00000000dead", &at.account);
        },
        Some("assignment-orphaned-principal"),
    ),
    ("nobody yet", nobody_yet, Some("group-empty")),
    ("a disabled user", |acme, _| acme.user("jane.doe").status = Some("DISABLED".into()), None),
    (
        "an entitlement beside it",
        |acme, at| {
            acme.entitle(&at.group, "arn:aws:iam::210987654321:role/gone");
        },
        None,
    ),
];

fn too_many(acme: &mut Organization, at: &Place) {
    for number in 0..11 {
        acme.permission_set(&at.set).managed(&format!("Written-{number:02}"));
    }
    let named = acme.permission_set(&at.set).managed_policies.clone();
    acme.aws_managed_policies.extend(named.into_iter().filter(|arn| arn.contains("/Written-")));
}

fn assigning_failed(acme: &mut Organization, at: &Place) {
    acme.unprovision(&at.set, &at.account);
    let request = acme.creation_request("FAILED", &at.set, &at.group, &at.account, Moment::days_ago(1));
    request.failure_reason = Some("Received a 409 status error: Internal failure.".into());
}

fn assigning_runs(acme: &mut Organization, at: &Place) {
    acme.unprovision(&at.set, &at.account);
    acme.creation_request("IN_PROGRESS", &at.set, &at.group, &at.account, Moment::days_ago(0));
}

fn provisioning_failed(acme: &mut Organization, at: &Place) {
    acme.provisioned(&at.set, &at.account).latest = false;
    let request = acme.provisioning_request("FAILED", &at.set, &at.account, Moment::days_ago(1));
    request.failure_reason = Some("An unexpected internal service exception was encountered".into());
}

fn trust_altered(acme: &mut Organization, at: &Place) {
    let role = acme.role(&at.set, &at.account);
    role.trust_policy = role.trust_policy.replace("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity");
}

fn service_control(acme: &mut Organization, at: &Place) {
    let nothing = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]});
    acme.attach_policy("SERVICE_CONTROL_POLICY", "DenyAll", &at.account, nothing);
}

fn resource_control(acme: &mut Organization, at: &Place) {
    let statement = json!({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithSAML", "Resource": "*"});
    let nobody = json!({"Version": "2012-10-17", "Statement": [statement]});
    acme.attach_policy("RESOURCE_CONTROL_POLICY", "NoSaml", &at.account, nobody);
}

fn nobody_yet(acme: &mut Organization, at: &Place) {
    acme.add_group("Nobody yet");
    acme.assign(&at.set, "Nobody yet", &at.account);
}

/// An organization with so many faults, each in a place of its own, from this kind on.
fn organization(rng: &mut Rng, first: usize) -> (Organization, Vec<String>) {
    let mut acme = Organization::acme();
    // The state of things alone decides here.
    acme.events.clear();
    acme.creation_requests.clear();
    let name_of = |acme: &Organization, row: &Assignment| {
        let set = acme.permission_sets.iter().find(|set| set.arn == row.permission_set)?.name.clone();
        let account = acme.accounts.iter().find(|one| one.id == row.account)?.name.clone();
        let group = acme.groups.iter().find(|group| group.id == row.principal_id)?.display_name.clone();
        ACCOUNTS.contains(&account.as_str()).then_some(Place { set, account, group })
    };
    let mut places: Vec<Place> = acme.assignments.iter().filter_map(|row| name_of(&acme, row)).collect();
    let mut told = Vec::new();
    for step in 0..FAULTS {
        // Kinds that are far from each other, so that each meets others.
        let (name, plant, _) = KINDS[(first + step * 7) % KINDS.len()];
        let place = draw(rng, &places);
        places.retain(|one| one.set != place.set && one.account != place.account);
        plant(&mut acme, &place);
        told.push(format!("{name}: {} in {}", place.set, place.account));
        if places.is_empty() {
            break;
        }
    }
    (acme, told)
}

#[test]
fn finds_each_kind_of_fault_that_why_says_of_its_people() {
    let mut rng = Rng::with_seed(number("CHANCE_SEED", SEED) + 4);
    let cases: Vec<(Organization, Vec<String>)> = (0..KINDS.len()).map(|first| organization(&mut rng, first)).collect();
    let found: Mutex<BTreeSet<String>> = Mutex::default();
    parallel::each(
        &cases,
        |(_, changes)| changes.clone(),
        |(organization, _)| {
            let served = Served::start(organization.clone(), Conduct::default());
            let scan = answer_of(&ask(&served, "scan --full --rate 20"))?;
            if scan["complete"] != true {
                return Err(format!("not complete: {}", scan["gaps"]));
            }
            let rules =
                scan["findings"].as_array().into_iter().flatten().filter_map(|finding| finding["rule"].as_str());
            found.lock().unwrap().extend(rules.map(str::to_owned));
            each_way(&served, organization, &scan)
        },
    );
    let found = found.into_inner().unwrap();
    let unfound: Vec<_> = KINDS.iter().filter(|(.., rule)| rule.is_some_and(|rule| !found.contains(rule))).collect();
    assert!(unfound.is_empty(), "nothing is found of {:?}", unfound.iter().map(|kind| kind.0).collect::<Vec<_>>());
}

/// Asks about people of the assignments, of those first that something is found of.
fn each_way(served: &Served, organization: &Organization, scan: &Value) -> Result<(), String> {
    let mut rows: Vec<&Assignment> = organization.assignments.iter().collect();
    rows.sort_by_key(|row| findings_of(scan, &row.account, &row.permission_set).is_empty());
    rows.iter().take(ROWS).chain(rows.last()).try_for_each(|row| compare(served, organization, scan, row))
}
