//! The answer in Markdown, and what names may do to it.

use super::*;
use crate::evidence::{Observed, sample};
use crate::render::cases;

fn markdown(diagnosis: &Diagnosis) -> String {
    cases::written(|out| write(out, diagnosis))
}

#[test]
fn blocked() {
    insta::assert_snapshot!(markdown(&cases::missing_policy()), @"
    ## BLOCKED: jane.doe cannot reach prod-data (123456789012)

    **Cause:** Customer managed policy my-redshift-analyst-policy does not exist in account prod-data (123456789012), so permission set RedshiftAnalyst cannot be provisioned there. (`customer-managed-policy-missing`, confirmed) So there is no role for it. (`permission-set-not-provisioned`, `role-missing`)

    AWS: <https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html>

    ### Path to the account

    - jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ──✗ policy ── role ── prod-data (stops at policy)

    ### Checked

    | Gate | Outcome | Evidence |
    |---|---|---|
    | instance | ok | active |
    | account | ok | in the organization, active |
    | user | ok | exists, enabled |
    | sign-in | ok | no lasting failure in CloudTrail |
    | membership | ok | in DataAnalysts |
    | assignment | ok | RedshiftAnalyst through group DataAnalysts |
    | policy | fault | no policy in the account, none of them my-redshift-analyst-policy |
    | provisioning | fault | RedshiftAnalyst is not among the permission sets provisioned |
    | role | fault | no role of Identity Center in the account, none for RedshiftAnalyst |
    | organization-policy | ok | RCPs let people in, SCPs leave them something |
    | session | ok | nothing is denied to this user alone |
    | federation | ok | no lasting refusal in CloudTrail |

    ### Fix

    1. Get policy.json from an account that has the policy, or write it

       ```sh
       aws iam get-policy-version --policy-arn arn:aws:iam::ANOTHER_ACCOUNT_ID:policy/my-redshift-analyst-policy --version-id DEFAULT_VERSION_ID --query PolicyVersion.Document --output json --profile PROFILE_IN_ANOTHER_ACCOUNT > policy.json
       ```

    2. Create policy my-redshift-analyst-policy in account 123456789012

       ```sh
       aws iam create-policy --policy-name my-redshift-analyst-policy --path / --policy-document file://policy.json --profile PROFILE_IN_123456789012
       ```

    3. Provision permission set RedshiftAnalyst to the account

       ```sh
       aws sso-admin provision-permission-set --instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336 --target-type AWS_ACCOUNT --target-id 123456789012 --region us-east-1
       ```

    `idc`, 20 calls to AWS, the last at 2026-11-22 01:02:04 UTC
    ");
}

#[test]
fn inconclusive() {
    insta::assert_snapshot!(markdown(&cases::locked_out()), @"
    ## INCONCLUSIVE: cannot tell whether jane.doe can reach prod-data (123456789012)

    The way that is likely: RedshiftAnalyst through group DataAnalysts. No gate on it is known to be shut.

    ### What would settle it

    - Denied in account 111122223333, which must allow:
      - sts:AssumeRole (enter the target account with --target-role): not authorized to perform: sts:AssumeRole
    - Not asked in account 123456789012: the target account could not be entered. It takes:
      - iam:ListPolicies (customer managed policies in the account)
      - iam:ListRoles (the AWSReservedSSO roles in the account)

    ### Path to the account

    - jane.doe ── in group ── DataAnalysts ── assigned ── Broken ──? policy ──✗ provisioned ── role ── prod-data (stops at provisioning)
    - jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ──? policy ──? role ── prod-data (not known: policy and role)

    ### Checked

    | Gate | Outcome | Evidence |
    |---|---|---|
    | instance | ok | active |
    | account | ok | in the organization, active |
    | user | ok | exists, enabled |
    | sign-in | ok | no lasting failure in CloudTrail |
    | membership | ok | in DataAnalysts |
    | assignment | ok | Broken through group DataAnalysts and RedshiftAnalyst through group DataAnalysts |
    | policy | unknown | needs sts:AssumeRole in 111122223333 (and 1 more call) |
    | provisioning | fault | Broken through group DataAnalysts: Broken is not among the permission sets provisioned |
    | role | unknown | needs sts:AssumeRole in 111122223333 (and 1 more call) |
    | organization-policy | ok | RCPs let people in, SCPs leave them something |
    | session | ok | nothing is denied to this user alone |
    | federation | unknown | takes cloudtrail:LookupEvents in 123456789012, not asked: the target account could not be entered |

    ### Found so far

    - Permission set Broken is assigned in account prod-data (123456789012), but it is not provisioned there. (`permission-set-not-provisioned`, confirmed)
      1. Provision permission set Broken to the account

         ```sh
         aws sso-admin provision-permission-set --instance-arn arn:aws:sso:::instance/ssoins-72233af8ea2d1f14 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-a1b9e6bd2d4fb336-Broken --target-type AWS_ACCOUNT --target-id 123456789012 --region us-east-1
         ```

    ### Not checked

    - Not asked in account 123456789012: the target account could not be entered. It takes:
      - cloudtrail:LookupEvents (sign-ins and changes)

    `idc`, 20 calls to AWS, the last at 2026-11-22 01:02:04 UTC
    ");
}

#[test]
fn reachable() {
    let text = markdown(&cases::healthy());
    assert!(text.starts_with("## REACHABLE: jane.doe can reach prod-data (123456789012)\n\nRedshiftAnalyst through"));
    assert!(!text.contains("### Fix") && !text.contains("### Not checked"), "{text}");
}

#[test]
fn a_name_breaks_out_of_nothing() {
    let text = markdown(&cases::malicious());
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{2066}', '\u{7}']), "{text}");
    let outside = without_code(&text);
    assert!(!outside.contains("<b>") && !outside.contains("[a](") && !outside.contains("https://evil"), "{text}");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), crate::findings::Gate::ALL.len() + 2);
    let columns = |row: &&str| row.replace(r"\|", "").matches('|').count();
    assert!(rows.iter().all(|row| columns(row) == 4), "{rows:?}");
    // Fences come in pairs, and nothing but a fence begins like one.
    assert_eq!(text.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2, 0);
}

/// The text without what stands between backticks, as the rules of `CommonMark` pair them.
pub(super) fn without_code(text: &str) -> String {
    let (mut outside, mut rest) = (String::new(), text);
    while let Some(place) = rest.find('`') {
        let (before, behind) = rest.split_at(place);
        let fence = behind.len() - behind.trim_start_matches('`').len();
        let is_escaped = (before.len() - before.trim_end_matches('\\').len()) % 2 == 1;
        outside.push_str(before);
        let mut runs = behind[fence..].match_indices('`').map(|(place, _)| place);
        let closes = |place: &usize| {
            let inside = &behind[fence..];
            let run = inside[*place..].len() - inside[*place..].trim_start_matches('`').len();
            run == fence && !inside[..*place].ends_with('`')
        };
        let end = if is_escaped { None } else { runs.find(closes) };
        rest = end.map_or(&behind[fence..], |end| &behind[fence + end + fence..]);
    }
    outside + rest
}

/// What tickets and chats make active wherever it stands.
#[test]
fn nobody_is_called_and_nothing_is_linked() {
    let mut evidence = sample::healthy();
    let name =
        "@everyone @org/team :tada: #12 org/repo#12 GH-12 eve@evil.example www.evil.example https://evil.example";
    for group in evidence.groups.values_mut() {
        if let Observed::Known(Some(group)) = &mut group.observed {
            group.name = Some(name.to_owned());
        }
    }
    let text = markdown(&crate::answers::diagnosis::diagnose(&evidence));
    let outside = without_code(&text);
    for active in ["@", ":tada:", "#12", "GH-12", "evil.example"] {
        assert!(text.contains(active) && !outside.contains(active), "{active}: {text}");
    }
}

#[test]
fn beside_a_colleague() {
    let section = |diagnosis: &Diagnosis| {
        let text = markdown(diagnosis);
        text[text.find("### Compared").expect("the section")..].to_owned()
    };
    insta::assert_snapshot!(section(&cases::unlike_a_colleague()), @"
    ### Compared with john.roe

    john.roe has RedshiftAnalyst through group DataAnalysts. jane.doe does not.

    - jane.doe is not in group DataAnalysts, which gives john.roe RedshiftAnalyst
      1. Add jane.doe to group DataAnalysts
         **Careful:** they get whatever the group has, in every account

         ```sh
         aws identitystore create-group-membership --identity-store-id d-9067f0c1d2 --group-id 9067f0c1d2-aaaaaaaa-2222-3333-4444-555555555555 --member-id UserId=9067f0c1d2-11111111-2222-3333-4444-555555555555 --region us-east-1
         ```

    `idc`, 20 calls to AWS, the last at 2026-11-22 01:02:04 UTC
    ");
    insta::assert_snapshot!(section(&cases::like_nobody()), @r"
    ### Compared with john\\u{1b}\[2J.ro

    No user in the identity store has the user name john\\u{1b}\[2J.ro, so there is nobody to compare with.

    Did you mean: john.roe?

    If they still cannot, sign out of the access portal and in again; on their machine:

    ```sh
    idc why --me 123456789012
    ```

    `idc`, 20 calls to AWS, the last at 2026-11-22 01:02:04 UTC
    ");
    insta::assert_snapshot!(section(&cases::like_somebody_unread()), @"
    ### Compared with john.roe

    No way of john.roe to prod-data (123456789012) was found, but not everything was read. Ask about them alone.

    - Denied in account 111122223333, which must allow:
      - sso:ListAccountAssignmentsForPrincipal (what is assigned to the user and their groups): not authorized to perform: sso:ListAccountAssignmentsForPrincipal
      - identitystore:ListGroupMembershipsForMember (the user's groups): not authorized to perform: identitystore:ListGroupMembershipsForMember
    - Not asked in account 111122223333. It takes:
      - sso:ListAccountAssignments (who is assigned a permission set in the account): assignments of permission set RedshiftAnalyst were not asked for
      - sso:ListPermissionSets (the permission sets of the instance): an assignment was found

    If they still cannot, sign out of the access portal and in again; on their machine:

    ```sh
    idc why --me 123456789012
    ```

    `idc`, 20 calls to AWS, the last at 2026-11-22 01:02:04 UTC
    ");
}
