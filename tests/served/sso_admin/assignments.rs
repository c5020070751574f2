//! Account assignments, asked for by permission set and account, and by principal.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::answer::Refusal;
use super::super::call::{is_account, is_id};
use super::super::desk::Context;
use super::super::organization::{Assignment, Instance};

use super::{hidden, permission_sets};

pub(super) fn list(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let account = context.call.formed("AccountId", is_account)?;
    let set = permission_sets::named(context, instance)?;
    let places = context.world.assignments(account, &set.arn);
    let rows = places.iter().map(|place| &context.world.organization.assignments[*place]);
    Ok(context.page(rows, 100)?.output(context.call, "AccountAssignments", row))
}

/// For a user the rows include what comes through groups, each naming the principal that was granted. A permission set
/// that was assigned but never provisioned in the account is left out.
pub(super) fn list_for_principal(context: &Context<'_>, instance: &Instance) -> Result<Value, Refusal> {
    let (world, call) = (context.world, context.call);
    let delegated = call.caller.account != instance.owner_account_id;
    if delegated && !context.conduct.delegated_lists_for_principal {
        return Err(Refusal::off_limits(call));
    }
    if !world.is_organization_instance(instance) {
        return Err(Refusal::new(400, "ValidationException", "The operation is not valid for account instances."));
    }
    let principal = call.formed("PrincipalId", is_id)?;
    let groups: Vec<&str> = match call.required("PrincipalType")? {
        "USER" => world.memberships(principal).map(|(group, _)| group.id.as_str()).collect(),
        "GROUP" => Vec::new(),
        other => {
            return Err(Refusal::invalid(
                call,
                &format!("Value '{other}' at 'principalType' failed to satisfy constraint"),
            ));
        }
    };
    let account = call.input["Filter"]["AccountId"].as_str();
    if let Some(malformed) = account.filter(|account| !is_account(account)) {
        return Err(call.malformed("filter.accountId", malformed));
    }
    let mut seen = HashSet::new();
    let principals = [principal].into_iter().chain(groups).filter(|principal| seen.insert(*principal));
    let places = principals.flat_map(|principal| world.assignments_of(principal));
    let rows = places.map(|place| &world.organization.assignments[*place]).filter(|row| {
        account.is_none_or(|account| row.account == account)
            && world.is_provisioned(&row.permission_set, &row.account)
            && !hidden(context, &row.account)
    });
    Ok(context.page(rows, 100)?.output(call, "AccountAssignments", row))
}

fn row(assignment: &Assignment) -> Value {
    json!({
        "AccountId": assignment.account,
        "PermissionSetArn": assignment.permission_set,
        "PrincipalType": assignment.principal_type,
        "PrincipalId": assignment.principal_id,
    })
}
