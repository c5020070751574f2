//! The organization's policies in the healthy sample.

use std::collections::BTreeMap;

use super::{ACCOUNT, ROOT, UNIT, known};
use crate::evidence::{AttachedPolicy, Call, Evidence, OrganizationPolicies, PolicyKind, Root, TargetPolicies};

/// Both kinds of policy are switched on, and nothing but AWS's own allow-all is attached.
pub(super) fn allow_all() -> OrganizationPolicies {
    let enabled = |kind: PolicyKind| (kind.as_str().to_owned(), "ENABLED".to_owned());
    let kinds = [enabled(PolicyKind::ServiceControl), enabled(PolicyKind::ResourceControl)];
    let full = |name: &str| {
        let policy = AttachedPolicy { id: format!("p-{name}"), name: Some(name.to_owned()), aws_managed: true };
        known(Call::ListPoliciesForTarget, vec![policy])
    };
    let everywhere = [ROOT, UNIT, ACCOUNT].map(|target| {
        let (service_control, resource_control) = (full("FullAWSAccess"), full("RCPFullAWSAccess"));
        (target.to_owned(), TargetPolicies { service_control, resource_control })
    });
    OrganizationPolicies {
        roots: known(Call::ListRoots, vec![Root { id: ROOT.to_owned(), policy_types: kinds.into() }]),
        parents: BTreeMap::new(),
        attached: everywhere.into(),
        documents: BTreeMap::new(),
    }
}

/// Attaches a policy with these statements (JSON, separated by commas) to the root, the unit or the account.
pub(crate) fn attach(evidence: &mut Evidence, kind: PolicyKind, target: &str, statements: &str) {
    let id = format!("p-{}", evidence.policies.documents.len());
    let policy = AttachedPolicy { id: id.clone(), name: Some("Guardrails".to_owned()), aws_managed: false };
    let attached = evidence.policies.attached.get_mut(target).unwrap();
    let list = match kind {
        PolicyKind::ServiceControl => &mut attached.service_control,
        PolicyKind::ResourceControl => &mut attached.resource_control,
    };
    let mut policies = list.known().cloned().unwrap_or_default();
    policies.push(policy);
    *list = known(Call::ListPoliciesForTarget, policies);
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    evidence.policies.documents.insert(id, known(Call::DescribePolicy, document.into()));
}
