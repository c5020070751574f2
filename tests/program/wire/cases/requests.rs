//! Requests: what their caps and missing dates leave open.

use crate::wire::scenario::{Scenario, scenario};
use served::{Fault, Kind, Moment, Organization};

pub(super) fn scenarios() -> Vec<Scenario> {
    [beside_a_way_in(), without_a_way_in(), without_dates()].concat()
}

const QUOTA: &str = "LimitExceeded: Cannot exceed quota for RolesPerAccount: 1000";

fn beside_a_way_in() -> Vec<Scenario> {
    vec![
        // Her own failure is not among the newest, and another way is open.
        scenario("own-failure-is-the-sixth", |acme| {
            fail_own(acme, 6);
            fail_others(acme, 5, 1);
        })
        .degraded_by("assignment-creation-failed"),
        scenario("own-failure-is-the-twelfth", |acme| {
            fail_own(acme, 50);
            fail_others(acme, 11, 2);
        })
        .degraded_by("assignment-creation-failed"),
        // What was not looked at is said, and does not hide that she gets in.
        scenario("own-failure-is-the-fiftieth", |acme| {
            fail_own(acme, 100);
            fail_others(acme, 49, 1);
        })
        .saying(&["requests that it lists were not described", "\"complete\": false"]),
        scenario("own-failure--near-miss-somebody-else's", |acme| fail_others(acme, 4, 1))
            .saying(&["\"complete\": true"]),
        // One old failure, and so many successes of anybody since that hers may be among them.
        scenario("old-failure-and-a-hundred-successes", |acme| {
            fail_own(acme, 900);
            for hour in 1..=110 {
                acme.creation_request("SUCCEEDED", "Billing", "Finance", "acme-management", Moment::hours_ago(hour));
            }
        })
        .saying(&["\"complete\": false"]),
        // Deletions beyond those that are described may be of her only way in.
        scenario("a-hundred-running-deletions-before-hers", |acme| {
            run_deletions(acme, 100);
            acme.deletion_request("IN_PROGRESS", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::now());
        })
        .inconclusive(),
        scenario("a-hundred-running-deletions-before-hers--near-miss", |acme| {
            run_deletions(acme, 99);
            acme.deletion_request("IN_PROGRESS", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::now());
        })
        .blocked_by("assignment-deleting"),
    ]
}

fn without_a_way_in() -> Vec<Scenario> {
    vec![
        // Assigned and never provisioned: the reason stands in a request that is not among the newest.
        scenario("never-provisioned-and-the-reason-is-the-sixth", |acme| {
            acme.unprovision("RedshiftAnalyst", "prod-data");
            acme.creation_request("FAILED", "RedshiftAnalyst", "DataAnalysts", "prod-data", Moment::hours_ago(10))
                .failure_reason = Some(QUOTA.into());
            fail_others(acme, 5, 1);
        })
        .blocked_by("assignment-creation-failed")
        .saying(&["RolesPerAccount"]),
        // As long as a failed request is not described, one of hers may be among them.
        scenario("thirty-two-failures-not-described", |acme| {
            acme.creation_requests.clear();
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            fail_others(acme, 132, 1);
        })
        .asking("jane.doe 123456789012 -p RedshiftAnalyst")
        .blocked_by("assignment-missing")
        .likely()
        .saying(&["32 of the 132 requests that it lists were not described"]),
        scenario("thirty-two-failures-not-described--near-miss", |acme| {
            acme.creation_requests.clear();
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            fail_others(acme, 99, 1);
        })
        .asking("jane.doe 123456789012 -p RedshiftAnalyst")
        .blocked_by("assignment-missing"),
    ]
}

/// Lists that leave out when their requests were made.
fn without_dates() -> Vec<Scenario> {
    vec![
        scenario("undated-lists--an-old-success-beside-a-newer-failure", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            succeed_and_fail(acme, 40, 2);
        })
        .where_aws(|conduct| conduct.with_fault(undated_lists()))
        .asking("jane.doe 123456789012 -p RedshiftAnalyst")
        .blocked_by("assignment-creation-failed"),
        scenario("undated-lists--near-miss-a-newer-success", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            succeed_and_fail(acme, 2, 40);
        })
        .where_aws(|conduct| conduct.with_fault(undated_lists()))
        .asking("jane.doe 123456789012 -p RedshiftAnalyst")
        .blocked_by("assignment-missing"),
        // Nothing tells which of the two came first.
        scenario("undated-requests", |acme| {
            acme.unassign("RedshiftAnalyst", "DataAnalysts", "prod-data");
            succeed_and_fail(acme, 40, 2);
        })
        .where_aws(|conduct| conduct.with_fault(undated_lists()).with_fault(undated_descriptions()))
        .asking("jane.doe 123456789012 -p RedshiftAnalyst")
        .blocked_by("assignment-missing")
        .likely(),
    ]
}

fn undated_lists() -> Fault {
    Fault::on("sso:ListAccountAssignmentCreationStatus", Kind::MissingField { field: "CreatedDate".into() })
}

fn undated_descriptions() -> Fault {
    Fault::on("sso:DescribeAccountAssignmentCreationStatus", Kind::MissingField { field: "CreatedDate".into() })
}

fn succeed_and_fail(acme: &mut Organization, success: i64, failure: i64) {
    acme.creation_requests.clear();
    let hours = Moment::hours_ago;
    acme.creation_request("SUCCEEDED", "RedshiftAnalyst", "DataAnalysts", "prod-data", hours(success));
    acme.creation_request("FAILED", "RedshiftAnalyst", "DataAnalysts", "prod-data", hours(failure)).failure_reason =
        Some(QUOTA.into());
}

/// A request for another permission set failed for her own group.
fn fail_own(acme: &mut Organization, hours: i64) {
    acme.creation_requests.clear();
    acme.creation_request("FAILED", "RedshiftAnalystV2", "DataAnalysts", "prod-data", Moment::hours_ago(hours))
        .failure_reason = Some(QUOTA.into());
}

/// Requests of others failed, one an hour.
fn fail_others(acme: &mut Organization, count: i64, newest: i64) {
    for hour in 0..count {
        acme.creation_request("FAILED", "Billing", "Finance", "prod-web", Moment::hours_ago(newest + hour))
            .failure_reason = Some(QUOTA.into());
    }
}

fn run_deletions(acme: &mut Organization, count: i64) {
    for minute in 0..count {
        acme.deletion_request("IN_PROGRESS", "Billing", "Finance", "prod-web", Moment::minutes_ago(minute + 1));
    }
}
