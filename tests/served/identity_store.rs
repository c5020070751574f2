//! `identitystore`: users, groups and memberships. Any account of the organization may ask, in any Region of the
//! instance. The people are those of the organization's instance; an account's own instance has none.

use serde_json::{Value, json};

use super::access::{ExternalId, Group, Member, User};
use super::answer::Refusal;
use super::call::is_id;
use super::desk::{Context, unknown};
use super::organization::{Instance, Organization};

/// Answers a call.
pub(crate) fn answer<'a>(context: &'a Context<'a>) -> Result<Value, Refusal> {
    let operation: fn(&Store<'a>) -> Result<Value, Refusal> = match context.call.operation.as_str() {
        "DescribeIdentityStore" => |store| Ok(store.describe()),
        "GetUserId" => Store::user_id,
        "DescribeUser" => Store::describe_user,
        "ListUsers" => Store::list_users,
        "GetGroupId" => Store::group_id,
        "DescribeGroup" => Store::describe_group,
        "ListGroups" => Store::list_groups,
        "ListGroupMembershipsForMember" => Store::memberships_of_user,
        "ListGroupMemberships" => Store::memberships_of_group,
        "IsMemberInGroups" => Store::is_member,
        _ => return Err(unknown(context.call)),
    };
    operation(&Store::named(context)?)
}

/// An identity store that is being asked.
struct Store<'a> {
    context: &'a Context<'a>,
    instance: &'a Instance,
    organization: &'a Organization,
    id: &'a str,
    /// Whether this store is the one that the organization's people are in.
    peopled: bool,
}

fn not_found(kind: &str, id: &str) -> Refusal {
    let message = format!("{kind} not found.");
    Refusal::new(400, "ResourceNotFoundException", message).with("ResourceType", kind).with("ResourceId", id)
}

impl<'a> Store<'a> {
    fn named(context: &'a Context<'a>) -> Result<Self, Refusal> {
        let (world, call) = (context.world, context.call);
        let store = call.required("IdentityStoreId")?;
        let instance = world.instance_of_store(store).filter(|instance| {
            let here = instance.primary_region == call.region
                || instance.additional_regions.iter().any(|one| one.name == call.region);
            here && (call.caller.account == instance.owner_account_id || world.account(&call.caller.account).is_some())
        });
        let instance = instance.ok_or_else(|| not_found("IDENTITY_STORE", store))?;
        let peopled = world.is_organization_instance(instance);
        Ok(Self { context, instance, organization: &world.organization, id: &instance.identity_store_id, peopled })
    }

    fn arn(&self, kind: &str, id: &str) -> String {
        format!("arn:{}:identitystore:::{kind}/{id}", self.organization.partition)
    }

    fn describe(&self) -> Value {
        let network = self.instance.network_configuration.as_ref();
        json!({
            "IdentityStoreId": self.id,
            "IdentityStoreArn": format!("arn:{}:identitystore::{}:identitystore/{}", self.organization.partition, self.instance.owner_account_id, self.id),
            "NetworkConfiguration": network.map(|network| json!({
                "VpceAccessRequired": network.vpce_access_required,
                "ApiRestrictSourceVpcs": network.restrict_source_vpcs,
                "ApiAllowSourceIps": network.allow_source_ips,
            })),
        })
    }

    /// An alternate identifier: a path and value, or an issuer and id.
    fn alternate(&self) -> Result<(&'a str, &'a str), Refusal> {
        let identifier = &self.context.call.input["AlternateIdentifier"];
        let (path, value) = match (identifier.get("UniqueAttribute"), identifier.get("ExternalId")) {
            (Some(unique), None) => (&unique["AttributePath"], &unique["AttributeValue"]),
            (None, Some(external)) => (&external["Issuer"], &external["Id"]),
            _ => (&Value::Null, &Value::Null),
        };
        path.as_str()
            .zip(value.as_str())
            .ok_or_else(|| Refusal::invalid(self.context.call, "Exactly one alternate identifier must be given."))
    }

    fn is_external(&self) -> bool {
        self.context.call.input["AlternateIdentifier"].get("ExternalId").is_some()
    }

    fn same(&self, stored: &str, asked: &str) -> bool {
        stored == asked || self.context.conduct.names_ignore_case && stored.to_lowercase() == asked.to_lowercase()
    }

    fn user_id(&self) -> Result<Value, Refusal> {
        let (path, value) = self.alternate()?;
        let world = self.context.world;
        let user = match path {
            _ if !self.peopled => None,
            issuer if self.is_external() => {
                self.organization.users.iter().find(|user| issued(&user.external_ids, issuer, value))
            }
            "userName" | "UserName" => world.users_named(value).find(|user| self.same(&user.user_name, value)),
            "emails.value" | "Emails.Value" => {
                world.users_mailed(value).find(|user| user.emails.first().is_some_and(|email| self.same(email, value)))
            }
            other => {
                return Err(Refusal::invalid(
                    self.context.call,
                    &format!("The attribute path {other} is not supported."),
                ));
            }
        };
        let user = user.ok_or_else(|| not_found("USER", value))?;
        Ok(json!({"IdentityStoreId": self.id, "UserId": user.id, "UserArn": self.arn("user", &user.id)}))
    }

    fn group_id(&self) -> Result<Value, Refusal> {
        let (path, value) = self.alternate()?;
        let group = match path {
            _ if !self.peopled => None,
            issuer if self.is_external() => {
                self.organization.groups.iter().find(|group| issued(&group.external_ids, issuer, value))
            }
            "displayName" | "DisplayName" => {
                self.context.world.groups_named(value).find(|group| self.same(&group.display_name, value))
            }
            other => {
                return Err(Refusal::invalid(
                    self.context.call,
                    &format!("The attribute path {other} is not supported."),
                ));
            }
        };
        let group = group.ok_or_else(|| not_found("GROUP", value))?;
        Ok(json!({"IdentityStoreId": self.id, "GroupId": group.id, "GroupArn": self.arn("group", &group.id)}))
    }

    fn user(&self, id: &str) -> Result<&'a User, Refusal> {
        self.context.world.user(id).filter(|_| self.peopled).ok_or_else(|| not_found("USER", id))
    }

    fn group(&self, id: &str) -> Result<&'a Group, Refusal> {
        self.context.world.group(id).filter(|_| self.peopled).ok_or_else(|| not_found("GROUP", id))
    }

    fn describe_user(&self) -> Result<Value, Refusal> {
        let user = self.user(self.context.call.formed("UserId", is_id)?)?;
        Ok(self.extended_row(user))
    }

    /// With the extension, where it is asked for.
    fn extended_row(&self, user: &User) -> Value {
        let mut row = self.user_row(user);
        let asked = self.context.call.input["Extensions"].as_array().into_iter().flatten();
        if let (true, Some(enterprise)) =
            (asked.into_iter().any(|name| name == "aws:identitystore:enterprise"), &user.enterprise)
        {
            row["Extensions"] = json!({"aws:identitystore:enterprise": enterprise});
        }
        row
    }

    fn describe_group(&self) -> Result<Value, Refusal> {
        Ok(self.group_row(self.group(self.context.call.formed("GroupId", is_id)?)?))
    }

    /// The value of the one filter there may be.
    fn filter(&self, attribute: &str) -> Result<Option<&'a str>, Refusal> {
        let filters = self.context.call.input["Filters"].as_array().map(Vec::as_slice).unwrap_or_default();
        match filters {
            [] => Ok(None),
            [filter] if filter["AttributePath"] == attribute => Ok(filter["AttributeValue"].as_str()),
            _ => Err(Refusal::invalid(self.context.call, &format!("Only one filter, on {attribute}, is supported."))),
        }
    }

    fn list_users(&self) -> Result<Value, Refusal> {
        let named = self
            .filter("UserName")?
            .filter(|_| self.peopled)
            .map(|name| self.context.world.users_named(name).filter(|user| self.same(&user.user_name, name)));
        let all = if self.peopled { self.organization.users.as_slice() } else { &[] };
        let page = match named {
            Some(users) => self.context.page(users, 100),
            None => self.context.page(all, 100),
        };
        Ok(page?.output(self.context.call, "Users", |user| self.extended_row(user)))
    }

    fn list_groups(&self) -> Result<Value, Refusal> {
        let named = self
            .filter("DisplayName")?
            .filter(|_| self.peopled)
            .map(|name| self.context.world.groups_named(name).filter(|group| self.same(&group.display_name, name)));
        let all = if self.peopled { self.organization.groups.as_slice() } else { &[] };
        let page = match named {
            Some(groups) => self.context.page(groups, 100),
            None => self.context.page(all, 100),
        };
        Ok(page?.output(self.context.call, "Groups", |group| self.group_row(group)))
    }

    fn member(&self) -> Result<&'a User, Refusal> {
        let id = self.context.call.input["MemberId"]["UserId"].as_str();
        let id = id.ok_or_else(|| Refusal::invalid(self.context.call, "MemberId.UserId must be given."))?;
        if is_id(id) { self.user(id) } else { Err(self.context.call.malformed("MemberId.UserId", id)) }
    }

    fn memberships_of_user(&self) -> Result<Value, Refusal> {
        let rows = self.context.world.memberships(&self.member()?.id);
        Ok(self
            .context
            .page(rows, 100)?
            .output(self.context.call, "GroupMemberships", |(group, member)| self.membership_row(group, member)))
    }

    fn memberships_of_group(&self) -> Result<Value, Refusal> {
        let group = self.group(self.context.call.formed("GroupId", is_id)?)?;
        Ok(self
            .context
            .page(&group.members, 100)?
            .output(self.context.call, "GroupMemberships", |member| self.membership_row(group, member)))
    }

    fn is_member(&self) -> Result<Value, Refusal> {
        let user = self.member()?;
        let groups = self.context.call.input["GroupIds"].as_array().map(Vec::as_slice).unwrap_or_default();
        if groups.is_empty() || groups.len() > 100 {
            return Err(Refusal::invalid(self.context.call, "GroupIds must hold 1 to 100 groups."));
        }
        let results = groups.iter().filter_map(Value::as_str).map(|id| {
            let group = self.group(id)?;
            let exists = self.context.world.is_member(&group.id, &user.id);
            Ok(json!({"GroupId": group.id, "MemberId": {"UserId": user.id}, "MembershipExists": exists}))
        });
        Ok(json!({"Results": results.collect::<Result<Vec<Value>, Refusal>>()?}))
    }

    fn user_row(&self, user: &User) -> Value {
        let (given, family) = user.display_name.split_once(' ').unwrap_or((user.display_name.as_str(), ""));
        let emails = user
            .emails
            .iter()
            .enumerate()
            .map(|(place, email)| json!({"Value": email, "Type": "work", "Primary": place == 0}));
        json!({
            "IdentityStoreId": self.id,
            "UserId": user.id,
            "UserArn": self.arn("user", &user.id),
            "Revision": "1",
            "UserName": user.user_name,
            "ExternalIds": external(&user.external_ids),
            "Name": {"GivenName": given, "FamilyName": family},
            "DisplayName": user.display_name,
            "Addresses": Some(&user.addresses).filter(|addresses| !addresses.is_empty()),
            "Emails": Some(emails.collect::<Vec<_>>()).filter(|emails| !emails.is_empty()),
            "UserStatus": user.status,
            "CreatedAt": user.created.epoch(),
            "UpdatedAt": user.updated.as_ref().map_or(user.created, |(at, _)| *at).epoch(),
            "UpdatedBy": user.updated.as_ref().map(|(_, by)| by),
        })
    }

    fn group_row(&self, group: &Group) -> Value {
        json!({
            "IdentityStoreId": self.id,
            "GroupId": group.id,
            "GroupArn": self.arn("group", &group.id),
            "Revision": "1",
            "DisplayName": group.display_name,
            "Description": group.description,
            "ExternalIds": external(&group.external_ids),
            "CreatedAt": group.created.epoch(),
            "UpdatedAt": group.created.epoch(),
        })
    }

    fn membership_row(&self, group: &Group, member: &Member) -> Value {
        json!({
            "IdentityStoreId": self.id,
            "MembershipId": member.membership_id,
            "MembershipArn": self.arn("membership", &member.membership_id),
            "GroupId": group.id,
            "MemberId": {"UserId": member.user_id},
            "CreatedAt": member.created.epoch(),
            "UpdatedAt": member.created.epoch(),
        })
    }
}

fn issued(ids: &[ExternalId], issuer: &str, id: &str) -> bool {
    ids.iter().any(|known| known.issuer == issuer && known.id == id)
}

/// Left out where the object was not provisioned from outside.
fn external(ids: &[ExternalId]) -> Option<Vec<Value>> {
    let rows: Vec<Value> = ids.iter().map(|id| json!({"Issuer": id.issuer, "Id": id.id})).collect();
    Some(rows).filter(|rows| !rows.is_empty())
}
