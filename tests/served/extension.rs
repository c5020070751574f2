//! Verbs for what only some organizations have: further Regions, instances of single accounts, policies of the
//! organization, entitlements of account access manager.

use serde_json::Value;

use super::access::{Application, Entitlement};
use super::builder::add;
use super::identifier::{guid, hex};
use super::moment::Moment;
use super::organization::{Instance, InstanceRegion, Organization, OrganizationPolicy};

impl Organization {
    /// Replicates the organization's instance to another Region.
    pub fn replicate_to(&mut self, region: &str) -> &mut InstanceRegion {
        let added = InstanceRegion { name: region.into(), status: "ACTIVE".into(), added: Moment::default() };
        add(&mut self.instance().additional_regions, added)
    }

    /// Gives a member account an instance of its own, in the organization instance's Region.
    pub fn add_account_instance(&mut self, account: &str) -> &mut Instance {
        let owner = self.account_id(account);
        let instance = Instance {
            arn: format!("arn:{}:sso:::instance/ssoins-{}", self.partition, hex(&["instance", &owner])),
            identity_store_id: format!("d-{}", &hex(&["store", &owner])[..10]),
            name: format!("{account}-own"),
            primary_region: self.organization_instance().primary_region.clone(),
            owner_account_id: owner,
            permission_sets_enabled: Some(false),
            ..Instance::default()
        };
        // First, so that whoever takes the first instance takes the wrong one.
        self.instances.insert(0, instance);
        &mut self.instances[0]
    }

    /// Attaches a new policy (`SERVICE_CONTROL_POLICY`, `RESOURCE_CONTROL_POLICY`) to an account, by id or name, or to
    /// a unit or root, by id.
    pub fn attach_policy(&mut self, kind: &str, name: &str, target: &str, content: Value) -> &mut OrganizationPolicy {
        let account = self.accounts.iter().find(|account| account.name == target).map(|account| account.id.clone());
        let policy = OrganizationPolicy {
            id: format!("p-{}", &hex(&["policy", kind, name])[..10]),
            name: name.into(),
            policy_type: kind.into(),
            content,
            targets: vec![account.unwrap_or_else(|| target.into())],
            ..OrganizationPolicy::default()
        };
        add(&mut self.policies, policy)
    }

    /// Entitles a user or group to a role by account access manager; makes its application if there is none.
    pub fn entitle(&mut self, principal: &str, role_arn: &str) -> &mut Entitlement {
        let (principal_type, principal_id) = self.principal(principal);
        let instance = self.organization_instance();
        let (instance_arn, region) = (instance.arn.clone(), instance.primary_region.clone());
        if self.applications.is_empty() {
            let arn = format!(
                "arn:{}:account-access:{region}:{}:application/{}",
                self.partition,
                self.management_account,
                hex(&["application", &instance_arn])
            );
            self.applications.push(Application {
                arn,
                instance_arn,
                status: "ACTIVE".into(),
                ..Application::default()
            });
        }
        let entitlement = Entitlement {
            id: guid(&["entitlement", &principal_id, role_arn]),
            application_arn: self.applications[0].arn.clone(),
            principal_type,
            principal_id,
            role_arn: role_arn.into(),
            account: role_arn.split(':').nth(4).unwrap_or_default().into(),
            created: Moment::default(),
        };
        add(&mut self.entitlements, entitlement)
    }
}
