//! Answers that lack a member, or hold a value that no version of the program knows: half an answer is none. A newer
//! value is neither the good one nor the bad one, and a list left out is not an empty list.

use crate::wire::parallel;
use crate::wire::sameness::same_or_none;
use crate::wire::untouched::{Untouched, with_each};
use served::{Fault, Kind};

/// Members that decide, wherever they stand.
const DECIDING: [&str; 39] = [
    "Account",
    "AccountAssignments",
    "AccountId",
    "Accounts",
    "Arn",
    "AssumeRolePolicyDocument",
    "AttachedManagedPolicies",
    "AttachedPolicies",
    "CreatedDate",
    "CustomerManagedPolicyReferences",
    "DisplayName",
    "Events",
    "GroupId",
    "GroupMemberships",
    "IdentityStoreId",
    "InstanceArn",
    "Instances",
    "IsTruncated",
    "MasterAccountId",
    "Name",
    "OwnerAccountId",
    "Path",
    "PermissionSet",
    "PermissionSetArn",
    "Policies",
    "PolicyArn",
    "PolicyName",
    "PrimaryRegion",
    "PrincipalId",
    "PrincipalType",
    "RequestId",
    "RoleName",
    "Roles",
    "SAMLProviderList",
    "State",
    "Status",
    "TargetId",
    "UserId",
    "UserStatus",
];

/// Members whose values are words that AWS may add to.
const WORDS: [&str; 5] = ["PrincipalType", "State", "Status", "UserStatus", "TargetType"];

fn untouched() -> Vec<Untouched> {
    let names = [
        "healthy--group",
        "not-in-assigned-group",
        "customer-managed-policy-missing--no-assignment-stands",
        "provisioning-failed",
    ];
    names.map(Untouched::ask).into()
}

fn in_each(faults: impl Fn() -> Vec<(&'static str, Kind)>) {
    let untouched = untouched();
    parallel::each(
        &with_each(&untouched, |_| faults()),
        |(one, (field, _))| (one.scenario.name, *field),
        |(one, (_, kind))| {
            let answer = one.ask_with(|conduct| conduct.with_fault(Fault::on("*", kind.clone())));
            same_or_none(&one.answer, &answer, None)
        },
    );
}

#[test]
fn a_member_left_out_is_not_a_no() {
    in_each(|| DECIDING.map(|field| (field, Kind::MissingField { field: field.into() })).into());
}

#[test]
fn a_word_that_is_new_is_not_a_no() {
    in_each(|| {
        WORDS.map(|field| (field, Kind::UnknownEnum { field: field.into(), value: "A_NEWER_WORD".into() })).into()
    });
}
