//! Answers that let them in or leave it open, and the long form, as they look.

use super::{Style, at_80, cases, table};

#[test]
fn reachable() {
    insta::assert_snapshot!(at_80(&cases::healthy()), @"
    REACHABLE  jane.doe can reach prod-data (123456789012)

    RedshiftAnalyst through group DataAnalysts gives access, and nothing is wrong on
    the way.
      ok: all gates

    If they still cannot, sign out of the access portal and in again; on their
    machine:
      idc why --me 123456789012
    ");
}

#[test]
fn inconclusive() {
    insta::assert_snapshot!(at_80(&cases::inconclusive()), @"
    INCONCLUSIVE  cannot tell whether jane.doe can reach prod-data (123456789012)

    The way that is likely: RedshiftAnalyst through group DataAnalysts. No gate on
    it is known to be shut.

    What would settle it
      Denied in account 123456789012, which must allow: iam:ListRoles (the
        AWSReservedSSO roles in the account)
        User: arn:aws:sts::123456789012:assumed-role/idc-read/idc is not authorized
        to perform: iam:ListRoles on resource:
        arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/ because no
        identity-based policy allows the iam:ListRoles action

      jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ── policy
          ──? role ── prod-data (not known: role)
      ok: all gates but role and federation
      unknown: role, federation

    Not checked: sign-ins and changes (needs cloudtrail:LookupEvents in
      123456789012)

    More: idc policy --target
    ");
}

#[test]
fn inconclusive_with_a_fault() {
    insta::assert_snapshot!(at_80(&cases::locked_out()), @"
    INCONCLUSIVE  cannot tell whether jane.doe can reach prod-data (123456789012)

    The way that is likely: RedshiftAnalyst through group DataAnalysts. No gate on
    it is known to be shut.

    What would settle it
      Denied in account 111122223333, which must allow: sts:AssumeRole (enter the
        target account with --target-role)
        not authorized to perform: sts:AssumeRole
      Not asked in account 123456789012: the target account could not be entered. It
        takes: iam:ListPolicies and iam:ListRoles

      jane.doe ── in group ── DataAnalysts ── assigned ── Broken ──? policy
          ──✗ provisioned ── role ── prod-data (stops at provisioning)
      jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ──? policy
          ──? role ── prod-data (not known: policy and role)
      ok: all gates but policy, provisioning, role and federation
      unknown: policy, role, federation

    Found so far
      - Permission set Broken is assigned in account prod-data (123456789012), but
        it is not provisioned there.      permission-set-not-provisioned · confirmed
        1. Provision permission set Broken to the account
           aws sso-admin provision-permission-set --instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336-Broken --target-type AWS_ACCOUNT --target-id 123456789012 --region us-east-1

    Not checked: sign-ins and changes (takes cloudtrail:LookupEvents in
      123456789012, not asked: the target account could not be entered)

    More:
      idc explain permission-set-not-provisioned
      idc policy
      idc policy --target
    ");
}

#[test]
fn degraded_with_two_paths() {
    insta::assert_snapshot!(at_80(&cases::degraded()), @"
    DEGRADED  jane.doe can reach prod-data (123456789012), but something is wrong

    Permission set Broken is assigned in account prod-data (123456789012), but it is
    not provisioned there: the account has no role for it.
                                          permission-set-not-provisioned · confirmed

      jane.doe ── in group ── DataAnalysts ── assigned ── Broken ── policy
          ──✗ provisioned ── role ── prod-data (stops at provisioning)
      jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ── policy
          ── role ── prod-data (open)
      ok: all gates but provisioning and role
      provisioning  fault  Broken through group DataAnalysts: Broken is not among
                           the permission sets provisioned

    Fix
      1. Provision permission set Broken to the account
         aws sso-admin provision-permission-set --instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336-Broken --target-type AWS_ACCOUNT --target-id 123456789012 --region us-east-1

    More: idc explain permission-set-not-provisioned
    ");
}

#[test]
fn verbose_tells_by_which_answers_it_knows() {
    let style = Style { width: 80, color: false, unicode: true, height: 24 };
    let text = table(&cases::missing_policy(), style, true);
    let section = text.split("\n\n").find(|section| section.starts_with("Every check"));
    insta::assert_snapshot!(section.unwrap_or_default(), @"
    Every check
      ok       instance-not-active
      ok       permission-sets-disabled
      ok       account-not-in-organization
      ok       account-not-active
      ok       user-not-found
      ok       user-disabled
      ok       sign-in-failed
      –        group-not-found
      ok       not-in-assigned-group
      –        permission-set-not-found
      ok       assignment-orphaned-principal
      ok       assignment-missing
      ok       assignment-deleting
      –        entitlement-application-not-active
      fault    customer-managed-policy-missing: RedshiftAnalyst through group
                 DataAnalysts
                 no policy in the account, none of them my-redshift-analyst-policy
                   (iam:ListPolicies 123456789012 us-east-1, request
                   request-iam:ListPolicies, 2026-11-22T01:02:03Z)
                 the permission set names my-redshift-analyst-policy
                   (sso:ListCustomerManagedPolicyReferencesInPermissionSet
                   111122223333 us-east-1, request
                   request-sso:ListCustomerManagedPolicyReferencesInPermissionSet,
                   2026-11-22T01:02:03Z)
      –        permissions-boundary-missing
      –        aws-managed-policy-missing
      ok       policies-per-role-quota
      ok       assignment-creating
      ok       assignment-creation-failed
      ok       provisioning-in-progress
      ok       provisioning-failed
      fault    permission-set-not-provisioned: RedshiftAnalyst through group
                 DataAnalysts
                 RedshiftAnalyst is not among the permission sets provisioned
                   (sso:ListPermissionSetsProvisionedToAccount 111122223333
                   us-east-1, request
                   request-sso:ListPermissionSetsProvisionedToAccount,
                   2026-11-22T01:02:03Z)
                 nor among those provisioned in an older version
                   (sso:ListPermissionSetsProvisionedToAccount 111122223333
                   us-east-1, request
                   request-sso:ListPermissionSetsProvisionedToAccount,
                   2026-11-22T01:02:03Z)
      –        permission-set-outdated
      ok       permission-set-empty
      fault    role-missing: RedshiftAnalyst through group DataAnalysts
                 no role of Identity Center in the account, none for RedshiftAnalyst
                   (iam:ListRoles 123456789012 us-east-1, request
                   request-iam:ListRoles, 2026-11-22T01:02:03Z)
      –        role-trust-altered
      –        entitlement-role-trust-missing
      –        saml-provider-missing
      –        role-policies-differ
      ok       resource-control-policy-denies
      ok       service-control-policy-denies-session
      –        session-tags-invalid
      ok       user-denied-by-policy
      –        permission-set-denies-session
      ok       assume-role-failed
    ");
}

#[test]
fn beside_a_colleague_who_is_nobody_or_unread() {
    let section = |diagnosis: &crate::answers::diagnosis::Diagnosis| {
        let text = at_80(diagnosis);
        text[text.find("Compared").expect("the section")..].to_owned()
    };
    insta::assert_snapshot!(section(&cases::like_nobody()), @r"
    Compared with john\u{1b}[2J.ro
      No user in the identity store has the user name john\u{1b}[2J.ro, so there is
      nobody to compare with.
      Did you mean: john.roe?

    If they still cannot, sign out of the access portal and in again; on their
    machine:
      idc why --me 123456789012
    ");
    insta::assert_snapshot!(section(&cases::like_somebody_unread()), @"
    Compared with john.roe
      No way of john.roe to prod-data (123456789012) was found, but not everything
      was read. Ask about them alone.
      Denied in account 111122223333, which must allow:
        sso:ListAccountAssignmentsForPrincipal and
        identitystore:ListGroupMembershipsForMember
      Not asked in account 111122223333. It takes: sso:ListAccountAssignments and
        sso:ListPermissionSets
        assignments of permission set RedshiftAnalyst were not asked for
        an assignment was found

    If they still cannot, sign out of the access portal and in again; on their
    machine:
      idc why --me 123456789012
    ");
}
