//! Answers that say where it stops, as they look.

use super::{Style, at_80, cases, table};

#[test]
fn blocked_by_a_missing_policy() {
    insta::assert_snapshot!(at_80(&cases::missing_policy()), @"
    BLOCKED  jane.doe cannot reach prod-data (123456789012)

    Customer managed policy my-redshift-analyst-policy does not exist in account
    prod-data (123456789012), so permission set RedshiftAnalyst cannot be
    provisioned there. So there is no role for it.
                                         customer-managed-policy-missing · confirmed

      jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ──✗ policy
          ── role ── prod-data (stops at policy)
      ok: all gates but policy, provisioning and role
      policy  fault  no policy in the account, none of them
                     my-redshift-analyst-policy

    Fix
      1. Get policy.json from an account that has the policy, or write it
         aws iam get-policy-version --policy-arn arn:aws:iam::ANOTHER_ACCOUNT_ID:policy/my-redshift-analyst-policy --version-id DEFAULT_VERSION_ID --query PolicyVersion.Document --output json --profile PROFILE_IN_ANOTHER_ACCOUNT > policy.json
      2. Create policy my-redshift-analyst-policy in account 123456789012
         aws iam create-policy --policy-name my-redshift-analyst-policy --path / --policy-document file://policy.json --profile PROFILE_IN_123456789012
      3. Provision permission set RedshiftAnalyst to the account
         aws sso-admin provision-permission-set --instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336 --target-type AWS_ACCOUNT --target-id 123456789012 --region us-east-1

    More: idc explain customer-managed-policy-missing
    ");
}

#[test]
fn blocked_for_want_of_a_group() {
    insta::assert_snapshot!(at_80(&cases::forty_groups()), @"
    BLOCKED  jane.doe cannot reach prod-data (123456789012)

    jane.doe is in none of the groups that are assigned to account prod-data
    (123456789012): Team00 (RedshiftAnalyst), Team01 (RedshiftAnalyst), Team02
    (RedshiftAnalyst), Team03 (RedshiftAnalyst) and 36 more.
                                                   not-in-assigned-group · confirmed
    Any of these gives RedshiftAnalyst: Team00, Team01, Team02, Team03, Team04,
      Team05, Team06, Team07, Team08, Team09 and 30 more (all with --verbose)

      jane.doe ──✗ in group ── Team00, Team01 or 38 more ── prod-data
          (stops at membership)
      ok: instance, account, user, sign-in
      membership  fault  jane.doe is in no group at all

    Fix
      Careful with each: they get whatever the group has, in every account
      1. If jane.doe belongs in group Team00 (RedshiftAnalyst), add them to it
         aws identitystore create-group-membership --identity-store-id d-9067f0c1d2 --group-id 9067f0c1d2-00000000-2222-3333-4444-555555555555 --member-id UserId=9067f0c1d2-11111111-2222-3333-4444-555555555555 --region us-east-1
      2. If jane.doe belongs in group Team01 (RedshiftAnalyst), add them to it
         aws identitystore create-group-membership --identity-store-id d-9067f0c1d2 --group-id 9067f0c1d2-00000001-2222-3333-4444-555555555555 --member-id UserId=9067f0c1d2-11111111-2222-3333-4444-555555555555 --region us-east-1
      3. If jane.doe belongs in group Team02 (RedshiftAnalyst), add them to it
         aws identitystore create-group-membership --identity-store-id d-9067f0c1d2 --group-id 9067f0c1d2-00000002-2222-3333-4444-555555555555 --member-id UserId=9067f0c1d2-11111111-2222-3333-4444-555555555555 --region us-east-1

    More: idc explain not-in-assigned-group
    ");
}

#[test]
fn blocked_for_want_of_a_user() {
    insta::assert_snapshot!(at_80(&cases::unknown_user()), @r#"
    BLOCKED  jane.do cannot reach prod-data (123456789012)

    No user in the identity store has the user name or e-mail jane.do. Identity
    Center makes no users when they sign in: they have to be there before.
                                                          user-not-found · confirmed
    Did you mean: jane.doe (Jane Doe), jan.doe (Jan Doe)?
      idc why jane.doe 123456789012 --target-role idc-read
      idc why jan.doe 123456789012 --target-role idc-read

      ✗ jane.do ── prod-data (stops at user)
      ok: instance, account

    Fix
      1. If one of the close names is meant, ask again with it
      2. If they come from an identity provider, have it provision them; else create
         the user jane.do, with their name in name.json as {"GivenName": "…",
         "FamilyName": "…"}
         aws identitystore create-user --identity-store-id d-9067f0c1d2 --user-name jane.do --display-name jane.do --name file://name.json --region us-east-1

    More: idc explain user-not-found
    "#);
}

const NARROW: Style = Style { width: 40, color: false, unicode: false, height: 24 };

#[test]
fn narrow_and_plain() {
    insta::assert_snapshot!(table(&cases::near_miss(), NARROW, false), @"
    BLOCKED  jane.doe cannot reach prod-data
      (123456789012)

    Customer managed policy
    my-redshift-analyst-policy does not
    exist in account prod-data
    (123456789012), so permission set
    RedshiftAnalyst cannot be provisioned
    there. The account has
    /My-Redshift-Analyst-Policy, which
    differs in upper and lower case:
    Identity Center compares names exactly,
    although IAM does not. So there is no
    role for it.
    customer-managed-policy-missing -
    confirmed

      jane.doe -- in group -- DataAnalysts
          -- assigned -- RedshiftAnalyst
          --x policy -- role -- prod-data
          (stops at policy)
      ok: all gates but policy,
        provisioning, role and federation
      unknown: federation
      policy  fault  1 policy in the
                     account, none of them
                     my-redshift-analyst-policy

    Fix
      1. Either have RedshiftAnalyst name
         the policy that is there: detach
         my-redshift-analyst-policy
         Careful: this changes the
         permission set for every account;
         one that has only
         my-redshift-analyst-policy cannot
         get it any more
         aws sso-admin detach-customer-managed-policy-reference-from-permission-set --instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336 --customer-managed-policy-reference Name=my-redshift-analyst-policy,Path=/ --region us-east-1
      2. And attach
         My-Redshift-Analyst-Policy instead
         aws sso-admin attach-customer-managed-policy-reference-to-permission-set --instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336 --customer-managed-policy-reference Name=My-Redshift-Analyst-Policy,Path=/ --region us-east-1
      3. Or delete
         My-Redshift-Analyst-Policy in
         account 123456789012 and create
         my-redshift-analyst-policy: the
         names of IAM's policies are unique
         in an account, whatever their case
         and path
         Careful: whatever else the policy
         is attached to loses it
      4. Provision permission set
         RedshiftAnalyst to the account
         aws sso-admin provision-permission-set --instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336 --target-type AWS_ACCOUNT --target-id 123456789012 --region us-east-1

    Not checked: sign-ins and changes (needs
      cloudtrail:LookupEvents in
      123456789012)

    More:
      idc explain customer-managed-policy-missing
      idc policy --target
    ");
}

#[test]
fn beside_a_colleague() {
    insta::assert_snapshot!(at_80(&cases::unlike_a_colleague()), @"
    BLOCKED  jane.doe cannot reach prod-data (123456789012)

    jane.doe is in none of the groups that are assigned to account prod-data
    (123456789012): DataAnalysts (RedshiftAnalyst).
                                                   not-in-assigned-group · confirmed

      jane.doe ──✗ in group ── DataAnalysts ── prod-data (stops at membership)
      ok: instance, account, user, sign-in
      membership  fault  jane.doe is in no group at all

    Fix
      1. Add jane.doe to group DataAnalysts
         Careful: they get whatever the group has, in every account
         aws identitystore create-group-membership --identity-store-id d-9067f0c1d2 --group-id 9067f0c1d2-aaaaaaaa-2222-3333-4444-555555555555 --member-id UserId=9067f0c1d2-11111111-2222-3333-4444-555555555555 --region us-east-1

    Compared with john.roe
      john.roe has RedshiftAnalyst through group DataAnalysts. jane.doe does not.
      - jane.doe is not in group DataAnalysts, which gives john.roe RedshiftAnalyst
        1. Add jane.doe to group DataAnalysts
           Careful: they get whatever the group has, in every account
           aws identitystore create-group-membership --identity-store-id d-9067f0c1d2 --group-id 9067f0c1d2-aaaaaaaa-2222-3333-4444-555555555555 --member-id UserId=9067f0c1d2-11111111-2222-3333-4444-555555555555 --region us-east-1

    More: idc explain not-in-assigned-group
    ");
}
