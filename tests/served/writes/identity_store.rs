//! Users and memberships. An identity provider that provisions them changes nothing here: the API takes either's.

use serde_json::{Value, json};

use super::super::access::{Member, User};
use super::super::answer::Refusal;
use super::super::call::is_id;
use super::super::desk::Context;
use super::super::identifier::guid;
use super::super::moment::Moment;
use super::super::organization::{Instance, Organization};
use super::Write;

pub(super) fn of(operation: &str) -> Option<Write> {
    Some(match operation {
        "CreateUser" => create_user,
        "CreateGroupMembership" => create_group_membership,
        _ => return None,
    })
}

/// The organization's store; only whoever administers it may change it.
fn store<'a>(context: &Context<'a>) -> Result<&'a Instance, Refusal> {
    let (world, call) = (context.world, context.call);
    let store = call.required("IdentityStoreId")?;
    let instance = world.instance_of_store(store).filter(|one| one.primary_region == call.region);
    let instance =
        instance.ok_or_else(|| Refusal::new(400, "ResourceNotFoundException", "IDENTITY_STORE not found."))?;
    let organization = &world.organization;
    let administrators = [Some(&organization.management_account), organization.delegated_administrator.as_ref()];
    if administrators.contains(&Some(&call.caller.account)) { Ok(instance) } else { Err(Refusal::off_limits(call)) }
}

fn conflict(message: &str) -> Refusal {
    Refusal::new(400, "ConflictException", message).with("Reason", "UNIQUENESS_CONSTRAINT_VIOLATION")
}

fn create_user(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let (instance, call) = (store(context)?, context.call);
    let (name, display_name) = (call.required("UserName")?, call.required("DisplayName")?);
    if name.contains(char::is_whitespace) {
        return Err(call.malformed("UserName", name));
    }
    for part in ["GivenName", "FamilyName"] {
        if call.input["Name"][part].as_str().is_none_or(str::is_empty) {
            return Err(Refusal::invalid(call, &format!("Name.{part} must be given")));
        }
    }
    let emails = call.input["Emails"].as_array().into_iter().flatten();
    let emails: Vec<String> = emails.filter_map(|one| one["Value"].as_str().map(str::to_owned)).collect();
    if organization.users.iter().any(|user| user.user_name.eq_ignore_ascii_case(name)) {
        return Err(conflict("Duplicate UserName"));
    }
    let prefix = instance.identity_store_id.trim_start_matches("d-");
    let id = format!("{prefix}-{}", guid(&["created user", name]));
    organization.users.push(User {
        id: id.clone(),
        user_name: name.into(),
        display_name: display_name.into(),
        emails,
        status: Some("ENABLED".into()),
        created: Moment::now(),
        ..User::default()
    });
    Ok(json!({"IdentityStoreId": instance.identity_store_id, "UserId": id}))
}

fn create_group_membership(context: &Context<'_>, organization: &mut Organization) -> Result<Value, Refusal> {
    let (instance, call) = (store(context)?, context.call);
    let group = call.formed("GroupId", is_id)?;
    let user = call.input["MemberId"]["UserId"].as_str().unwrap_or_default();
    if !is_id(user) {
        return Err(call.malformed("MemberId.UserId", user));
    }
    let absent = |kind: &str| Refusal::new(400, "ResourceNotFoundException", format!("{kind} not found."));
    if !organization.users.iter().any(|one| one.id == user) {
        return Err(absent("USER"));
    }
    let found = organization.groups.iter_mut().find(|one| one.id == group).ok_or_else(|| absent("GROUP"))?;
    if found.members.iter().any(|member| member.user_id == user) {
        return Err(conflict("Member and Group relationship already exists."));
    }
    let membership_id = guid(&["created membership", group, user]);
    let member = Member { user_id: user.into(), membership_id: membership_id.clone(), created: Moment::now() };
    found.members.push(member);
    Ok(json!({"IdentityStoreId": instance.identity_store_id, "MembershipId": membership_id}))
}
