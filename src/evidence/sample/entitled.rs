//! Entitlements for unit tests.

use std::collections::BTreeMap;

use super::{ACCOUNT, at, group_principal, known};
use crate::evidence::{
    Application, ApplicationFacts, Applications, Call, Entitlement, Evidence, InsideFacts, Principal, Role,
};

pub(crate) const APPLICATION: &str = "arn:aws:account-access:us-east-1:111122223333:application/1234567890abcdef";
pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/data/DataReader";

/// An organization that does not use account access manager.
pub(crate) fn nobody() -> ApplicationFacts {
    ApplicationFacts {
        applications: known(Call::ListApplications, Applications::Listed(vec![])),
        described: BTreeMap::new(),
    }
}

/// The trust policy of the documentation (IAM User Guide, Prepare your IAM roles).
pub(crate) fn trust() -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"account-access.amazonaws.com"}},"Action":["sts:AssumeRole","sts:SetContext"],"Condition":{{"StringEquals":{{"aws:SourceAccount":"111122223333","aws:SourceArn":"{APPLICATION}"}}}}}}]}}"#
    )
}

pub(crate) fn role(trust_policy: String) -> Role {
    Role {
        arn: ROLE.to_owned(),
        name: "DataReader".to_owned(),
        path: "/data/".to_owned(),
        created: None,
        trust_policy: Some(trust_policy.into()),
    }
}

/// Entitles a user or group to the role, which is as it should be.
pub(crate) fn entitle(evidence: &mut Evidence, principal: Principal) {
    let ApplicationFacts { applications, described } = &mut evidence.entitlements;
    *applications = known(Call::ListApplications, Applications::Listed(vec![APPLICATION.to_owned()]));
    let application = Application {
        arn: APPLICATION.to_owned(),
        instance: Some("arn:aws:sso:::instance/ssoins-72233af8ea2d1f14".to_owned()),
        status: "ACTIVE".to_owned(),
        error: None,
    };
    described.insert(APPLICATION.to_owned(), known(Call::GetApplication, Some(application)));
    let entitlement = Entitlement {
        id: "e-1".to_owned(),
        principal,
        role_arn: ROLE.to_owned(),
        account: ACCOUNT.to_owned(),
        created: Some(at("2026-11-01T00:00:00Z")),
    };
    evidence.account.entitlements.insert(APPLICATION.to_owned(), known(Call::ListEntitlements, vec![entitlement]));
    with_trust(&mut evidence.account.inside, trust());
}

pub(crate) fn with_trust(target: &mut InsideFacts, trust: String) {
    target.entitled_roles.insert(ROLE.to_owned(), known(Call::GetRole, Some(role(trust))));
}

/// Nothing is assigned to the user's group, and the group is entitled.
pub(crate) fn only() -> Evidence {
    let mut evidence = super::healthy();
    evidence.user.for_principal = known(Call::ListAccountAssignmentsForPrincipal, vec![]);
    entitle(&mut evidence, group_principal());
    evidence
}
