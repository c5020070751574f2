//! Policies of the organization, which bind more accounts than the one asked about, and the way into the organization. All
//! of it is the management account's to change.

use super::command::{Form, Line};
use super::credentials;
use crate::evidence::{AttachedPolicy, InAccount, InInstance};
use crate::findings::{Command, Fix};
use crate::iam_policy::Statement;
use crate::model::organization_policies::{self, Document, label, place as named};
use crate::wording;

/// The file that a policy is edited in.
const POLICY_FILE: &str = "policy.json";

/// How many statements are named that a policy has besides.
const NAMED: usize = 3;

/// Has a policy read, changed as `what` says, and written back.
pub fn edit(here: InAccount<'_>, policy: &AttachedPolicy, what: &str) -> Vec<Fix> {
    let get = Line::new("organizations", "describe-policy").option("--policy-id", &policy.id).part_into(
        "Policy.Content",
        Form::Text,
        POLICY_FILE,
    );
    let put = Line::new("organizations", "update-policy")
        .option("--policy-id", &policy.id)
        .document("--content", POLICY_FILE);
    let caution = "it counts wherever the policy is attached, once it is written back";
    vec![
        Fix::new(format!("Get policy {}", label(policy)), credentials::by_management(here.in_instance(), get)),
        Fix::new(format!("{what}; then write {POLICY_FILE} back"), credentials::by_management(here.in_instance(), put))
            .careful(caution),
    ]
}

/// Has a policy taken off where it is attached, for whoever cannot wait. Off the root it would be off every account, for
/// which there is no command here.
pub fn detach(here: InAccount<'_>, policy: &AttachedPolicy, target: &str, statement: &str) -> Fix {
    let says = match organization_policies::document(here, policy) {
        Ok(Document::Says(_, says)) => Some(says),
        Ok(Document::AllowsEverything) | Err(_) => None,
    };
    let others: Vec<String> = says.iter().flat_map(|policy| &policy.statements).map(Statement::label).collect();
    let others: Vec<String> = others.into_iter().filter(|one| one != statement).collect();
    let (id, policy, at) = (&policy.id, label(policy), named(target));
    let with_it = if others.is_empty() {
        String::new()
    } else {
        format!(", with {} and what they guard", wording::list(others, NAMED))
    };
    let (accounts, is_root) = match target.split('-').next() {
        Some("r") => ("every account of the organization".to_owned(), true),
        Some("ou") => (format!("every account under {at}"), false),
        _ => (format!("account {target}"), false),
    };
    let caution = format!("this takes the whole policy off {accounts}{with_it}");
    if is_root {
        let what =
            format!("If that cannot wait, attach {policy} to the units and accounts it is meant for, and not to {at}");
        return Fix::new(what, None)
            .careful(format!("detached from the root alone, {policy} guards nothing any more{with_it}"));
    }
    let line =
        Line::new("organizations", "detach-policy").options([("--policy-id", id.as_str()), ("--target-id", target)]);
    Fix::new(
        format!("If that cannot wait, detach {policy} from {at}"),
        credentials::by_management(here.in_instance(), line),
    )
    .careful(caution)
}

/// Has the policy attached with which AWS allows everything, where no other allows anything.
pub fn allow_everything(here: InAccount<'_>, target: &str) -> Fix {
    let at = named(target);
    let line = Line::new("organizations", "attach-policy")
        .options([("--policy-id", "p-FullAWSAccess"), ("--target-id", target)]);
    let below = if target.starts_with("r-") || target.starts_with("ou-") { ", for every account under it" } else { "" };
    Fix::new(
        format!("If that is not meant, attach FullAWSAccess to {at}"),
        credentials::by_management(here.in_instance(), line),
    )
    .careful(format!(
        "it allows everything there{below}: only denials, and what other levels leave out, still hold anything back"
    ))
}

/// Has an account invited into the organization.
pub fn invite(here: InInstance<'_>, account: &str) -> Option<Command> {
    let line = Line::new("organizations", "invite-account-to-organization")
        .structure("--target", &[("Id", account), ("Type", "ACCOUNT")]);
    credentials::by_management(here, line)
}
