//! What a permission set holds, and its copy in the account. A change reaches an account when the set is provisioned
//! there again, and it is one for every account that has the set.

use super::command::{Form, Line};
use super::credentials::{self, Concerns};
use super::{assign_to, ids};
use crate::evidence::{InAccount, InInstance, PolicyReference};
use crate::findings::{Command, Fix};
use crate::model::SetInAccount;
use crate::model::session_policies;
use crate::wording;

/// The file that a policy is edited in.
const POLICY_FILE: &str = "policy.json";

/// Where a change of the inline policy counts.
const EVERYWHERE: &str =
    "it is the same for everybody with the permission set, in every account once it is provisioned there";

/// Has Identity Center make the account's copy of the permission set: by provisioning it where the assignment stands, else
/// by creating the assignment, which provisions it too.
pub fn provision(here: SetInAccount<'_>) -> Fix {
    let set = here.label();
    if let Some(principal) = here.requested_for {
        let what = format!("Create the assignment of {set} again, which provisions the permission set too");
        return assign_to(here.in_account, here.arn, principal, what);
    }
    let command = ids(here.in_account).and_then(|(instance, account)| {
        let line = Line::new("sso-admin", "provision-permission-set")
            .options([("--instance-arn", instance), ("--permission-set-arn", here.arn)])
            .options([("--target-type", "AWS_ACCOUNT"), ("--target-id", account)]);
        credentials::at_home(here.in_instance(), line, Concerns::PermissionSet(here.in_account, here.arn))
    });
    let again = here.provisioned().in_any_version() != Ok(false);
    let verb = if again { "Reprovision" } else { "Provision" };
    let fix = Fix::new(format!("{verb} permission set {set} to the account"), command);
    match session_policies::left_by_provisioning(here) {
        Some((left, _)) => {
            fix.careful(format!("as the permission set stands now, this leaves its sessions {left}; see the note"))
        }
        None => fix,
    }
}

/// Has an AWS managed policy attached that the reader chooses.
pub fn attach_aws_managed(here: InAccount<'_>, set: &str, what: &str) -> Fix {
    let command = change(here, set, "attach-managed-policy-to-permission-set", |line| {
        line.option("--managed-policy-arn", "POLICY_ARN")
    });
    let caution =
        "everybody with the permission set gets what POLICY_ARN allows, in every account once it is provisioned there";
    Fix::new(what, command).careful(caution)
}

/// Has an AWS managed policy taken out of a permission set.
pub fn detach_aws_managed(here: InAccount<'_>, set: &str, arn: &str) -> Fix {
    let label = here.permission_set_label(set);
    let command =
        change(here, set, "detach-managed-policy-from-permission-set", |line| line.option("--managed-policy-arn", arn));
    Fix::new(format!("Detach {arn} from permission set {label}"), command)
        .careful("every account loses the policy once the permission set is provisioned there")
}

/// Has a permission set's boundary taken away.
pub fn delete_boundary(here: InAccount<'_>, set: &str, what: &str) -> Fix {
    let command = change(here, set, "delete-permissions-boundary-from-permission-set", |line| line);
    Fix::new(what, command).careful(
        "nothing then bounds what the permission set's policies allow, and the boundary no longer bounds anybody with the \
         permission set, in every account once it is provisioned there",
    )
}

/// Has a permission set name the customer managed policy that the account has.
pub fn name_policy(here: InAccount<'_>, set: &str, from: &PolicyReference, to: &PolicyReference) -> Vec<Fix> {
    let label = here.permission_set_label(set);
    let edit = |operation: &str, policy: &PolicyReference| {
        change(here, set, operation, |line| {
            let members = [("Name", policy.name.as_str()), ("Path", policy.path.as_str())];
            line.structure("--customer-managed-policy-reference", &members)
        })
    };
    let detach = edit("detach-customer-managed-policy-reference-from-permission-set", from);
    let attach = edit("attach-customer-managed-policy-reference-to-permission-set", to);
    let detach =
        Fix::new(format!("Either have {label} name the policy that is there: detach {}", from.label()), detach);
    vec![detach.careful(renaming(from)), Fix::new(format!("And attach {} instead", to.label()), attach)]
}

/// Has a permission set's boundary name the customer managed policy that the account has.
pub fn name_boundary(here: InAccount<'_>, set: &str, from: &PolicyReference, to: &PolicyReference) -> Vec<Fix> {
    let label = here.permission_set_label(set);
    let reference = serde_json::json!({"CustomerManagedPolicyReference": {"Name": to.name, "Path": to.path}});
    let command = change(here, set, "put-permissions-boundary-to-permission-set", |line| {
        line.json("--permissions-boundary", &reference)
    });
    let what = format!("Either have {label} name the policy that is there as its boundary: {}", to.label());
    vec![Fix::new(what, command).careful(renaming(from))]
}

fn renaming(from: &PolicyReference) -> String {
    format!(
        "this changes the permission set for every account; one that has only {} cannot get it any more",
        from.label()
    )
}

/// Has a statement taken out of a permission set's inline policy.
pub fn edit_inline_policy(here: InAccount<'_>, set: &str, statement: &str, reason: &str) -> Vec<Fix> {
    let label = here.permission_set_label(set);
    let inline = here.permission_set(set).ok().and_then(|set| set.inline.known().ok()).and_then(Option::as_ref);
    let alone = inline.and_then(|text| text.policy().ok()).is_some_and(|policy| policy.statements.len() == 1);
    if alone {
        let command = change(here, set, "delete-inline-policy-from-permission-set", |line| line);
        let what = format!("{reason}delete the inline policy of permission set {label}: {statement} is all of it");
        return vec![Fix::new(wording::capitalised(&what), command).careful(EVERYWHERE)];
    }
    let what = format!("{reason}take {statement} out of {POLICY_FILE}");
    rewrite_inline_policy(here, set, &what)
}

/// Has a permission set's inline policy read, changed in its file as `what` says, and put back.
pub fn rewrite_inline_policy(here: InAccount<'_>, set: &str, what: &str) -> Vec<Fix> {
    let label = here.permission_set_label(set);
    let get = change(here, set, "get-inline-policy-for-permission-set", |line| {
        line.part_into("InlinePolicy", Form::Text, POLICY_FILE)
    });
    let put =
        change(here, set, "put-inline-policy-to-permission-set", |line| line.document("--inline-policy", POLICY_FILE));
    let what = format!("{}, and put it back", wording::capitalised(what));
    vec![
        Fix::new(format!("Get the inline policy of permission set {label}"), get),
        Fix::new(what, put).careful(EVERYWHERE),
    ]
}

/// Has permission sets switched on for the instance.
pub fn enable_permission_sets(here: InInstance<'_>) -> Option<Command> {
    let instance = here.instance().ok()?;
    let line = Line::new("sso-admin", "update-instance")
        .option("--instance-arn", &instance.arn)
        .flag("--permission-sets-enabled")
        .option("--region", instance.region());
    credentials::by_management(here, line)
}

fn change(here: InAccount<'_>, set: &str, operation: &str, more: impl FnOnce(Line) -> Line) -> Option<Command> {
    let instance = &here.instance().ok()?.arn;
    let line = Line::new("sso-admin", operation)
        .options([("--instance-arn", instance.as_str()), ("--permission-set-arn", set)]);
    credentials::at_home(here.in_instance(), more(line), Concerns::PermissionSet(here, set))
}
