//! Which faults are consequences of which. Of two faults on one way the earlier need not be the cause of the later: a
//! policy of the organization that shuts the way does so whatever becomes of the role.

/// What keeps a permission set from being provisioned, or from being provisioned anew.
const KEEP_FROM_PROVISIONING: &[&str] = &[
    "permission-sets-disabled",
    "permission-set-not-found",
    "assignment-deleting",
    "customer-managed-policy-missing",
    "permissions-boundary-missing",
    "aws-managed-policy-missing",
    "policies-per-role-quota",
    "assignment-creating",
    "assignment-creation-failed",
    "provisioning-in-progress",
    "provisioning-failed",
];

/// Why AWS gives up a request: what the permission set names.
const FAIL_A_REQUEST: &[&str] = &[
    "customer-managed-policy-missing",
    "permissions-boundary-missing",
    "aws-managed-policy-missing",
    "policies-per-role-quota",
];

/// What has AWS STS refuse a role that Identity Center asks for.
const REFUSE_THE_ROLE: &[&str] = &[
    "permission-set-not-provisioned",
    "role-missing",
    "role-trust-altered",
    "saml-provider-missing",
    "resource-control-policy-denies",
    "session-tags-invalid",
];

/// The faults, each with those that bring it about.
const CONSEQUENCES: &[(&str, &[&[&str]])] = &[
    ("assignment-creation-failed", &[FAIL_A_REQUEST]),
    ("provisioning-failed", &[FAIL_A_REQUEST]),
    ("permission-set-not-provisioned", &[KEEP_FROM_PROVISIONING]),
    ("permission-set-outdated", &[KEEP_FROM_PROVISIONING]),
    ("role-missing", &[KEEP_FROM_PROVISIONING, &["permission-set-not-provisioned"]]),
    ("assume-role-failed", &[KEEP_FROM_PROVISIONING, REFUSE_THE_ROLE]),
];

/// The rules whose faults others bring about.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    CONSEQUENCES.iter().map(|(rule, _)| *rule)
}

/// Whether one fault brings another about, where both are on the same way.
pub(super) fn follows(fault: &str, from: &str) -> bool {
    let causes = CONSEQUENCES.iter().filter(|(rule, _)| *rule == fault).flat_map(|(_, causes)| causes.concat());
    causes.into_iter().any(|cause| cause == from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn a_cause_is_a_rule_before_its_consequence() {
        let order = |id: &str| RULES.iter().position(|rule| rule.id == id).unwrap_or_else(|| panic!("no rule {id}"));
        for (fault, causes) in CONSEQUENCES {
            assert!(causes.concat().iter().all(|cause| order(cause) < order(fault)), "{fault}");
        }
    }

    #[test]
    fn what_only_comes_later_is_no_consequence() {
        assert!(follows("role-missing", "customer-managed-policy-missing"));
        assert!(follows("assume-role-failed", "role-trust-altered"));
        assert!(!follows("resource-control-policy-denies", "role-trust-altered"));
        assert!(!follows("session-tags-invalid", "permission-set-not-provisioned"));
    }
}
