//! Managed policies: the account's own, and those of AWS that exist.

use serde_json::{Value, json};

use super::super::account::CustomerPolicy;
use super::super::answer::{Refusal, url_encoded};
use super::super::identifier::unique;
use super::super::moment::Moment;
use super::{Iam, no_such_entity};

/// A managed policy, whoever owns it.
struct Policy<'a> {
    arn: String,
    own: Option<&'a CustomerPolicy>,
}

impl Policy<'_> {
    fn path(&self) -> &str {
        let rest = self.arn.splitn(6, ':').nth(5).and_then(|rest| rest.strip_prefix("policy")).unwrap_or("/");
        &rest[..=rest.rfind('/').unwrap_or_default()]
    }

    fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }
}

impl Iam<'_> {
    fn policies(&self) -> impl Iterator<Item = Policy<'_>> {
        let own = self
            .held
            .policies
            .iter()
            .map(|policy| Policy { arn: self.arn("policy", &policy.path, &policy.name), own: Some(policy) });
        own.chain(self.organization.aws_managed_policies.iter().map(|arn| Policy { arn: arn.clone(), own: None }))
    }

    fn policy_row(&self, policy: &Policy<'_>) -> Value {
        let roles = &self.held.roles;
        let created = policy.own.map_or_else(Moment::default, |own| own.created).rfc3339();
        json!({
            "PolicyName": policy.name(),
            "PolicyId": unique("ANPA", &[&policy.arn]),
            "Arn": policy.arn,
            "Path": policy.path(),
            "DefaultVersionId": "v1",
            "AttachmentCount": roles.iter().filter(|role| role.attached_policies.contains(&policy.arn)).count(),
            "PermissionsBoundaryUsageCount": roles.iter().filter(|role| role.permissions_boundary.as_ref() == Some(&policy.arn)).count(),
            "IsAttachable": true,
            "CreateDate": created,
            "UpdateDate": created,
        })
    }

    pub(super) fn list_policies(&self) -> Result<Value, Refusal> {
        let call = self.context.call;
        let own = match call.get("Scope") {
            None | Some("All") => None,
            Some("Local") => Some(true),
            Some("AWS") => Some(false),
            Some(other) => {
                return Err(Refusal::invalid(
                    call,
                    &format!("Value '{other}' at 'scope' failed to satisfy constraint"),
                ));
            }
        };
        let prefix = call.get("PathPrefix").unwrap_or("/");
        let attached = call.get("OnlyAttached") == Some("true");
        let policies = self.policies().filter(|policy| {
            own.is_none_or(|own| policy.own.is_some() == own)
                && policy.path().starts_with(prefix)
                && (!attached || self.held.roles.iter().any(|role| role.attached_policies.contains(&policy.arn)))
        });
        Ok(self.context.page(policies, 1000)?.output(call, "Policies", |policy| self.policy_row(&policy)))
    }

    /// IAM's names are unique whatever their case, and so it finds them; the path must be right.
    fn policy(&self) -> Result<Policy<'_>, Refusal> {
        let arn = self.context.call.required("PolicyArn")?;
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", owner, _] = parts[..] else {
            return Err(Refusal::new(400, "InvalidInput", format!("ARN {arn} is not valid.")));
        };
        if partition != self.organization.partition {
            return Err(Refusal::new(
                400,
                "InvalidInput",
                format!("Partition \"{partition}\" is not valid for resource \"{arn}\"."),
            ));
        }
        if owner != "aws" && owner != self.account {
            return Err(Refusal::new(403, "AccessDenied", format!("Policy {arn} is outside your own account.")));
        }
        let split = |arn: &str| arn.rsplit_once('/').map(|(path, name)| (path.to_owned(), name.to_lowercase()));
        let found = self.policies().find(|policy| split(&policy.arn) == split(arn));
        found.ok_or_else(|| no_such_entity(format!("Policy {arn} was not found.")))
    }

    pub(super) fn get_policy(&self) -> Result<Value, Refusal> {
        Ok(json!({"Policy": self.policy_row(&self.policy()?)}))
    }

    pub(super) fn get_policy_version(&self) -> Result<Value, Refusal> {
        let (policy, version) = (self.policy()?, self.context.call.required("VersionId")?);
        if version != "v1" {
            return Err(no_such_entity(format!(
                "Policy {} version {version} does not exist or is not attachable.",
                policy.arn
            )));
        }
        let everything =
            json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        let document = policy.own.map_or(&everything, |own| &own.document).to_string();
        let created = policy.own.map_or_else(Moment::default, |own| own.created).rfc3339();
        Ok(
            json!({"PolicyVersion": {"Document": url_encoded(&document), "VersionId": "v1", "IsDefaultVersion": true, "CreateDate": created}}),
        )
    }
}
