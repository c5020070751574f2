//! Who is assigned: users and groups that are gone, the two witnesses that nobody is, and where the user does get in.

use crate::wire::scenario::{Scenario, scenario};
use served::{Moment, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    [dead(), witnesses(), elsewhere()].concat()
}

fn dead() -> Vec<Scenario> {
    vec![
        // Only somebody who has left is assigned; she never was.
        scenario("departed-colleague", |acme| {
            acme.assign("Billing", "amir.khan", "log-archive");
            acme.provision("Billing", "log-archive");
            acme.remove_user("amir.khan");
        })
        .asking("jane.doe log-archive -p Billing")
        .blocked_by("assignment-orphaned-principal")
        .likely()
        .saying(&["\"rule\": \"assignment-missing\""]),
        // She herself was deleted and made anew.
        scenario("her-own-former-id", |acme| {
            acme.assign("Billing", "jane.doe", "log-archive");
            acme.provision("Billing", "log-archive");
            acme.user("jane.doe").id = "9067f0c1d2-5b0a7c11-0000-4000-8000-00000000beef".into();
            acme.user("jane.doe").created = Moment::days_ago(2);
        })
        .asking("jane.doe log-archive -p Billing")
        .blocked_by("assignment-orphaned-principal")
        .likely()
        .saying(&["made anew as user jane.doe"]),
        // Her group was made anew, and administrators are assigned too: she should not be made one of them.
        scenario("group-made-anew-beside-administrators", |acme| {
            made_anew(acme);
            acme.group("DataAnalysts").created = Moment::days_ago(1);
        })
        .blocked_by("assignment-orphaned-principal")
        .likely()
        .saying(&["made anew as group DataAnalysts", "still assigned to group"])
        .silent_on(&["create-group-membership"]),
        // The same where nothing tells which is older.
        scenario("group-made-anew-beside-others", made_anew)
            .blocked_by("not-in-assigned-group")
            .likely()
            .saying(&["\"rule\": \"assignment-orphaned-principal\"", "DataAnalysts"]),
        // A group of hers that is older than the assignment never took its place.
        scenario("group-made-anew--near-miss", |acme| {
            made_anew(acme);
            acme.role("RedshiftAnalyst", "prod-data").created = Moment::days_ago(100);
        })
        .asking("jane.doe 123456789012 -p RedshiftAnalyst")
        .blocked_by("assignment-orphaned-principal")
        .likely()
        .saying(&["\"rule\": \"assignment-missing\""])
        .silent_on(&["made anew as group"]),
        scenario("departed-user-beside-a-stranger's-group", |acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
            acme.remove_user("olga.petrova");
        })
        .blocked_by("not-in-assigned-group")
        .likely()
        .saying(&["\"rule\": \"assignment-orphaned-principal\"", "is still assigned to user"]),
        scenario("departed-user-beside-a-stranger's-group--near-miss", |acme| {
            acme.remove_member("DataAnalysts", "jane.doe");
        })
        .blocked_by("not-in-assigned-group")
        .likely()
        .silent_on(&["\"rule\": \"assignment-orphaned-principal\",\n      \"gate\""]),
        // Many who have left, and nobody else.
        scenario("forty-departed", |acme| {
            acme.provision("Billing", "log-archive");
            for number in 0..40 {
                let name = format!("gone{number}");
                acme.add_user(&name);
                acme.assign("Billing", &name, "log-archive");
                acme.remove_user(&name);
            }
        })
        .asking("jane.doe log-archive -p Billing")
        .blocked_by("assignment-orphaned-principal")
        .likely(),
    ]
}

fn witnesses() -> Vec<Scenario> {
    vec![
        // Two witnesses: what AWS lists for her, and who is assigned the sets that the account has. Others have no role.
        scenario("nothing-assigned-among-many-sets", |acme| {
            add_sets(acme, 40);
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            for group in ["DataEngineers", "Auditors", "Administrators"] {
                acme.remove_group(group);
            }
            acme.assignments.retain(|one| one.account != "123456789012");
        })
        .blocked_by("assignment-missing")
        .saying(&["permission sets that the account does not have were not asked about"]),
        scenario("nothing-assigned-among-few-sets", |acme| {
            acme.assignments.retain(|one| one.account != "123456789012");
        })
        .blocked_by("assignment-missing")
        .silent_on(&["were not asked about"]),
        // A role that belongs to no set of the account may be that of a set of hers.
        scenario("nothing-assigned-beside-a-stray-role", |acme| {
            add_sets(acme, 40);
            acme.assignments.retain(|one| one.account != "123456789012");
            acme.provisioned.retain(|one| one.account != "123456789012");
            acme.assign("RedshiftAnalyst", "DataAnalysts", "prod-data");
        })
        .blocked_by("permission-set-not-provisioned")
        .saying(&["although the account has a role of that name"]),
    ]
}

/// Where she does get in.
fn elsewhere() -> Vec<Scenario> {
    vec![
        scenario("elsewhere", |acme| acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data"))
            .asking("jane.doe 123456789012 -p RedshiftAnalyst")
            .blocked_by("assignment-missing")
            .saying(&[
                "Elsewhere jane.doe is assigned in dev-data (210987654321) with ReadOnly and RedshiftAnalyst, legacy",
                "legacy (012345678901) with ReadOnly",
                "\"suggestions\": []",
            ]),
        scenario("elsewhere--nowhere", |acme| {
            acme.assignments.clear();
            acme.provisioned.clear();
        })
        .blocked_by("assignment-missing")
        .saying(&["AWS lists nothing for jane.doe in any other account"]),
    ]
}

/// Her group was deleted and made anew under the same name, with the same people.
fn made_anew(acme: &mut Organization) {
    let members = acme.group("DataAnalysts").members.clone();
    acme.remove_group("DataAnalysts");
    let group = acme.add_group("DataAnalysts");
    group.id = "7c1f0a52-1c3f-4e1d-8a52-6d6d2b7d9a11".into();
    group.members = members;
}

fn add_sets(acme: &mut Organization, count: usize) {
    for number in 0..count {
        acme.add_permission_set(&format!("Duty-{number:02}")).managed("ReadOnlyAccess");
    }
}
