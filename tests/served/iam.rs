//! `iam`: what the caller's account holds. An account that the organization doesn't know holds nothing.

mod policies;

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::account::{AccountIam, Role, SamlProvider};
use super::answer::{Refusal, url_encoded};
use super::desk::{Context, unknown};
use super::identifier::{guid, unique};
use super::organization::Organization;

/// What an unknown account holds.
static NOTHING: LazyLock<AccountIam> = LazyLock::new(AccountIam::default);

/// Answers a call.
pub(crate) fn answer<'a>(context: &'a Context<'a>) -> Result<Value, Refusal> {
    let operation: fn(&Iam<'a>) -> Result<Value, Refusal> = match context.call.operation.as_str() {
        "ListRoles" => Iam::list_roles,
        "GetRole" => Iam::get_role,
        "ListAttachedRolePolicies" => Iam::list_attached_role_policies,
        "ListRolePolicies" => Iam::list_role_policies,
        "GetRolePolicy" => Iam::get_role_policy,
        "ListPolicies" => Iam::list_policies,
        "GetPolicy" => Iam::get_policy,
        "GetPolicyVersion" => Iam::get_policy_version,
        "ListSAMLProviders" => |iam| Ok(iam.list_saml_providers()),
        "GetSAMLProvider" => Iam::get_saml_provider,
        "GetAccountSummary" => |iam| Ok(iam.account_summary()),
        _ => return Err(unknown(context.call)),
    };
    let account = context.world.account(&context.call.caller.account);
    let iam = account.map_or(&*NOTHING, |account| &account.iam);
    operation(&Iam {
        context,
        organization: &context.world.organization,
        held: iam,
        account: &context.call.caller.account,
    })
}

/// IAM of one account, being asked.
struct Iam<'a> {
    context: &'a Context<'a>,
    organization: &'a Organization,
    held: &'a AccountIam,
    account: &'a str,
}

fn no_such_entity(message: impl Into<String>) -> Refusal {
    Refusal::new(404, "NoSuchEntity", message)
}

impl Iam<'_> {
    fn arn(&self, kind: &str, path: &str, name: &str) -> String {
        format!("arn:{}:iam::{}:{kind}{path}{name}", self.organization.partition, self.account)
    }

    fn role(&self) -> Result<&Role, Refusal> {
        let name = self.context.call.required("RoleName")?;
        let found = self.held.roles.iter().find(|role| role.name.eq_ignore_ascii_case(name));
        found.ok_or_else(|| no_such_entity(format!("The role with name {name} cannot be found.")))
    }

    fn role_row(&self, role: &Role) -> Value {
        let arn = self.arn("role", &role.path, &role.name);
        json!({
            "Path": role.path,
            "RoleName": role.name,
            "RoleId": unique("AROA", &[&arn]),
            "Arn": arn,
            "CreateDate": role.created.rfc3339(),
            "AssumeRolePolicyDocument": url_encoded(&role.trust_policy),
            "MaxSessionDuration": role.max_session_duration.unwrap_or(3600),
        })
    }

    /// Without boundary and last use, which only `GetRole` tells.
    fn list_roles(&self) -> Result<Value, Refusal> {
        let prefix = self.context.call.get("PathPrefix").unwrap_or("/");
        let roles = self.held.roles.iter().filter(|role| role.path.starts_with(prefix));
        Ok(self.context.page(roles, 1000)?.output(self.context.call, "Roles", |role| self.role_row(role)))
    }

    fn get_role(&self) -> Result<Value, Refusal> {
        let role = self.role()?;
        let mut row = self.role_row(role);
        if let Some(arn) = &role.permissions_boundary {
            row["PermissionsBoundary"] = json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn});
        }
        row["RoleLastUsed"] = role
            .last_used
            .as_ref()
            .map_or_else(|| json!({}), |(time, region)| json!({"LastUsedDate": time.rfc3339(), "Region": region}));
        Ok(json!({"Role": row}))
    }

    fn list_attached_role_policies(&self) -> Result<Value, Refusal> {
        let policies = &self.role()?.attached_policies;
        Ok(self.context.page(policies, 1000)?.output(
            self.context.call,
            "AttachedPolicies",
            |arn| json!({"PolicyName": arn.rsplit('/').next(), "PolicyArn": arn}),
        ))
    }

    fn list_role_policies(&self) -> Result<Value, Refusal> {
        let policies = &self.role()?.inline_policies;
        Ok(self
            .context
            .page(policies, 1000)?
            .output(self.context.call, "PolicyNames", |policy| policy.name.clone().into()))
    }

    fn get_role_policy(&self) -> Result<Value, Refusal> {
        let (role, name) = (self.role()?, self.context.call.required("PolicyName")?);
        let policy = role.inline_policies.iter().find(|policy| policy.name == name);
        let policy =
            policy.ok_or_else(|| no_such_entity(format!("The role policy with name {name} cannot be found.")))?;
        Ok(json!({"RoleName": role.name, "PolicyName": policy.name, "PolicyDocument": url_encoded(&policy.document)}))
    }

    fn saml_provider_row(&self, provider: &SamlProvider) -> Value {
        json!({
            "Arn": self.arn("saml-provider", "/", &provider.name),
            "CreateDate": provider.created.rfc3339(),
            "ValidUntil": provider.valid_until.map(super::moment::Moment::rfc3339),
        })
    }

    /// Not in pages, as IAM does not.
    fn list_saml_providers(&self) -> Value {
        let rows: Vec<Value> =
            self.held.saml_providers.iter().map(|provider| self.saml_provider_row(provider)).collect();
        json!({"SAMLProviderList": rows})
    }

    fn get_saml_provider(&self) -> Result<Value, Refusal> {
        let arn = self.context.call.required("SAMLProviderArn")?;
        let found =
            self.held.saml_providers.iter().find(|provider| self.arn("saml-provider", "/", &provider.name) == arn);
        let provider = found.ok_or_else(|| no_such_entity(format!("Manifest not found for arn {arn}")))?;
        let mut row = self.saml_provider_row(provider);
        row["Arn"] = Value::Null;
        row["SAMLProviderUUID"] = guid(&[arn]).into();
        row["SAMLMetadataDocument"] = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"/>".into();
        Ok(row)
    }

    fn account_summary(&self) -> Value {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let mut summary: Map<String, Value> = [
            ("Roles", count(self.held.roles.len())),
            ("RolesQuota", 1000),
            ("Policies", count(self.held.policies.len())),
            ("PoliciesQuota", 1500),
            ("PolicySizeQuota", 6144),
            ("Providers", count(self.held.saml_providers.len())),
            ("AttachedPoliciesPerRoleQuota", 10),
            ("RolePolicySizeQuota", 10_240),
            ("AssumeRolePolicySizeQuota", 2048),
            ("VersionsPerPolicyQuota", 5),
        ]
        .map(|(name, number)| (name.to_owned(), number.into()))
        .into_iter()
        .collect();
        summary.extend(self.held.summary.iter().map(|(name, number)| (name.clone(), (*number).into())));
        let entries: Vec<Value> = summary.into_iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
        json!({"SummaryMap": {"entry": entries}})
    }
}
