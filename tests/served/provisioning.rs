//! What Identity Center leaves in an account when it provisions a permission set there: the reserved role with the
//! set's policies, the SAML provider it trusts, and the record that it did. Also what can go amiss with them by hand.

#![expect(clippy::panic, reason = "a scenario that names something absent must not run")]

use super::access::Boundary;
use super::account::{CustomerPolicy, InlinePolicy, Role, SamlProvider};
use super::builder::add;
use super::identifier::hex;
use super::moment::Moment;
use super::organization::{Organization, Provisioned};

impl Organization {
    /// Provisions a permission set in an account, as it is now: the record, the role, and the SAML provider.
    pub fn provision(&mut self, set: &str, account: &str) -> &mut Role {
        let (account, permission_set) = (self.account_id(account), self.permission_set_arn(set));
        let name = self.reserved_role_name(set, &account);
        self.provisioned.retain(|one| one.account != account || one.permission_set != permission_set);
        self.account(&account).iam.roles.retain(|known| known.name != name);
        self.put(set, &account)
    }

    /// The same where it is known not to be there yet.
    pub(crate) fn put(&mut self, set: &str, account: &str) -> &mut Role {
        let account = self.account_id(account);
        let role = self.reserved_role(set, &account);
        let provider = self.saml_provider_name(&account);
        let permission_set = self.permission_set_arn(set);
        self.provisioned.push(Provisioned { account: account.clone(), permission_set, latest: true });
        let iam = &mut self.account(&account).iam;
        if iam.saml_providers.iter().all(|known| known.name != provider) {
            let valid_until = Some(Moment::default().plus_seconds(99 * 365 * 86_400));
            iam.saml_providers.push(SamlProvider { name: provider, created: Moment::default(), valid_until });
        }
        add(&mut iam.roles, role)
    }

    /// Takes a permission set out of an account, with its role, as if it had never been there: nobody was let in by it.
    /// Assignments stay.
    pub fn unprovision(&mut self, set: &str, account: &str) {
        let (account, arn) = (self.account_id(account), self.permission_set_arn(set));
        self.provisioned.retain(|one| one.account != account || one.permission_set != arn);
        let role = self.role_arn(set, &account);
        self.events.retain(|event| {
            let (details, refused) = (&event.record["serviceEventDetails"], &event.record["errorCode"]);
            let by_role = event.record["requestParameters"]["roleArn"] == role.as_str();
            let by_set = details["role_name"] == set && details["account_id"] == account.as_str();
            !refused.is_null() || !(by_role || by_set)
        });
        self.remove_role(set, &account);
    }

    /// Deletes the role of a permission set in an account, behind Identity Center's back.
    pub fn remove_role(&mut self, set: &str, account: &str) {
        let account = self.account_id(account);
        let name = self.reserved_role_name(set, &account);
        self.account(&account).iam.roles.retain(|role| role.name != name);
    }

    /// The role of a permission set in an account.
    pub fn role(&mut self, set: &str, account: &str) -> &mut Role {
        let account = self.account_id(account);
        let name = self.reserved_role_name(set, &account);
        let found = self.account(&account).iam.roles.iter_mut().find(|role| role.name == name);
        found.unwrap_or_else(|| panic!("no role {name} in {account}"))
    }

    /// The ARN that the role of a permission set has, or would have, in an account.
    pub fn role_arn(&self, set: &str, account: &str) -> String {
        let account = self.account_id(account);
        format!(
            "arn:{}:iam::{account}:role{}{}",
            self.partition,
            self.reserved_path(),
            self.reserved_role_name(set, &account)
        )
    }

    /// `AWSReservedSSO_<set>_<16 hex>`
    pub fn reserved_role_name(&self, set: &str, account: &str) -> String {
        let account = self.account_id(account);
        format!("AWSReservedSSO_{set}_{}", hex(&["role", &self.permission_set_arn(set), &account]))
    }

    /// `AWSSSO_<16 hex>_DO_NOT_DELETE`
    pub fn saml_provider_name(&self, account: &str) -> String {
        format!("AWSSSO_{}_DO_NOT_DELETE", hex(&["saml provider", &self.organization_instance().arn, account]))
    }

    /// Creates a customer managed policy in an account.
    pub fn add_policy(&mut self, account: &str, name: &str, path: &str) -> &mut CustomerPolicy {
        let document = serde_json::json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "redshift:Describe*", "Resource": "*"}]});
        let policy = CustomerPolicy { name: name.into(), path: path.into(), document, created: Moment::default() };
        add(&mut self.account(account).iam.policies, policy)
    }

    /// Deletes a customer managed policy from an account, and detaches it from every role there.
    pub fn remove_policy(&mut self, account: &str, name: &str) {
        let iam = &mut self.account(account).iam;
        iam.policies.retain(|policy| policy.name != name);
        for role in &mut iam.roles {
            role.attached_policies.retain(|arn| arn.rsplit('/').next() != Some(name));
        }
    }

    /// The path of reserved roles: with the Region, save where the instance lives in us-east-1.
    fn reserved_path(&self) -> String {
        match self.organization_instance().primary_region.as_str() {
            "us-east-1" => "/aws-reserved/sso.amazonaws.com/".into(),
            region => format!("/aws-reserved/sso.amazonaws.com/{region}/"),
        }
    }

    fn reserved_role(&mut self, set: &str, account: &str) -> Role {
        let audience = match self.partition.as_str() {
            "aws-us-gov" => "https://signin.amazonaws-us-gov.com/saml",
            "aws-cn" => "https://signin.amazonaws.cn/saml",
            "aws-eusc" => "https://signin.amazonaws-eusc.eu/saml",
            _ => "https://signin.aws.amazon.com/saml",
        };
        let provider =
            format!("arn:{}:iam::{account}:saml-provider/{}", self.partition, self.saml_provider_name(account));
        // One statement, not a list of them: so Identity Center writes it.
        let trust_policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
                "Condition": {"StringEquals": {"SAML:aud": audience}},
            },
        });
        let (path, name, partition) =
            (self.reserved_path(), self.reserved_role_name(set, account), self.partition.clone());
        let region = self.organization_instance().primary_region.clone();
        let set = self.permission_set(set);
        let local = |path: &str, name: &str| format!("arn:{partition}:iam::{account}:policy{path}{name}");
        let customer_managed = set.customer_managed_policies.iter().map(|policy| local(&policy.path, &policy.name));
        let inline = set
            .inline_policy
            .iter()
            .map(|document| InlinePolicy { name: "AwsSSOInlinePolicy".into(), document: document.clone() });
        Role {
            path,
            name,
            created: Moment::default(),
            trust_policy: trust_policy.to_string(),
            attached_policies: set.managed_policies.iter().cloned().chain(customer_managed).collect(),
            inline_policies: inline.collect(),
            permissions_boundary: set.permissions_boundary.as_ref().map(|boundary| match boundary {
                Boundary::CustomerManagedPolicyReference(policy) => local(&policy.path, &policy.name),
                Boundary::ManagedPolicyArn(arn) => arn.clone(),
            }),
            last_used: Some((Moment::days_ago(1), region)),
            max_session_duration: Some(43_200),
        }
    }
}
