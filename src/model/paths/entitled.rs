//! The ways that account access manager opens: user or group → role, with no permission set in between.

use std::collections::BTreeSet;

use super::{Assigned, Scope};
use crate::evidence::{Applications, Asked, Call, Entitlement, Evidence, Fact, Gap, Gaps, Principal, PrincipalType};

/// A way to the account through an entitlement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entitled {
    /// The ARN of the application that the entitlement belongs to.
    pub application: String,
    /// The ARN of the role.
    pub role_arn: String,
    /// The user, or one of their groups.
    pub via: Principal,
}

/// One way to the account, of either kind. Rules about permission sets never see an entitlement: they take a [`Assigned`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// An assignment: through a permission set.
    Assigned(Assigned),
    /// An entitlement: straight to a role.
    Entitled(Entitled),
}

impl Path {
    /// The user or group.
    pub const fn via(&self) -> &Principal {
        match self {
            Self::Assigned(path) => &path.via,
            Self::Entitled(entitled) => &entitled.via,
        }
    }

    /// The assignment, where it is one.
    pub const fn assigned(&self) -> Option<&Assigned> {
        match self {
            Self::Assigned(path) => Some(path),
            Self::Entitled(_) => None,
        }
    }

    /// The entitlement, where it is one.
    pub const fn entitled(&self) -> Option<&Entitled> {
        match self {
            Self::Assigned(_) => None,
            Self::Entitled(entitled) => Some(entitled),
        }
    }
}

impl Entitled {
    /// The role's name, without its path.
    pub fn role_name(&self) -> &str {
        self.role_arn.rsplit('/').next().unwrap_or(&self.role_arn)
    }
}

/// Whether the user is entitled to a role in the account. `Err` where that cannot be said.
pub fn is_entitled(evidence: &Evidence) -> Result<bool, Gaps> {
    let Some(scope) = Scope::new(evidence.asked())? else { return Ok(false) };
    let mut gaps = Gaps::default();
    if scope.entitled(&mut gaps).is_empty() {
        return gaps.none_or_err().map(|()| false);
    }
    Ok(true)
}

/// Whether the answer that there is no application may be owed to the account that asked: an application belongs to the
/// management account, and only that account and a delegated administrator of account access manager see it. The
/// delegated administrator of Identity Center need not be one.
pub fn may_be_out_of_sight(evidence: &Evidence) -> bool {
    let none = matches!(evidence.entitlements.applications.known(), Ok(Applications::Listed(arns)) if arns.is_empty());
    let management = evidence.organization.known().ok().and_then(Option::as_ref).map(|org| &org.management_account);
    none && evidence.question.permission_set.is_none()
        && evidence.caller.known().ok().map(|caller| &caller.account) != management
}

/// The entitlements of an application in the account.
pub fn entitlements_of<'a>(evidence: Asked<'a>, application: &str) -> Result<&'a Fact<Vec<Entitlement>>, Gap> {
    evidence.account.entitlements.get(application).ok_or_else(|| {
        evidence.unasked(Call::ListEntitlements, format!("entitlements of {application} were not asked for"))
    })
}

/// The ARNs of the roles that a user or group is known to be entitled to, as far as the question is about these.
pub fn roles_entitled_to<'a>(evidence: &'a Evidence, principal: &Principal) -> BTreeSet<&'a str> {
    let Ok(Some(scope)) = Scope::new(evidence.asked()) else { return BTreeSet::new() };
    let rows = scope.entitlements(&mut Gaps::default()).into_iter();
    rows.filter(|(_, row)| row.principal == *principal).map(|(_, row)| row.role_arn.as_str()).collect()
}

impl<'a> Scope<'a> {
    /// The user's entitlements. Whoever asks about a permission set does not ask about these.
    pub(super) fn entitled(&self, hidden: &mut Gaps) -> BTreeSet<Entitled> {
        let mut found = BTreeSet::new();
        for (application, row) in self.entitlements(hidden) {
            if hidden.keep(self.includes_user(&row.principal)) == Some(true) {
                found.insert(Entitled {
                    application: application.to_owned(),
                    role_arn: row.role_arn.clone(),
                    via: row.principal.clone(),
                });
            }
        }
        found
    }

    /// Everybody's entitlements that the question is about, each with its application.
    pub(super) fn entitlements(&self, gaps: &mut Gaps) -> Vec<(&'a str, &'a Entitlement)> {
        if self.sets.is_some() {
            return Vec::new();
        }
        let applications = &self.evidence.shared().entitlements.applications;
        let Some(Applications::Listed(arns)) = gaps.keep(applications.known()) else { return Vec::new() };
        let mut rows = Vec::new();
        for arn in arns {
            // Until it is known to be ours, nothing follows from it.
            if gaps.keep(self.is_ours(arn)) != Some(true) {
                continue;
            }
            let listed = gaps.keep(entitlements_of(self.evidence, arn)).and_then(|fact| gaps.keep(fact.known()));
            let concerned = listed.into_iter().flatten().filter(|row| {
                let group = row.principal.kind == PrincipalType::Group;
                row.account == self.account && self.group.is_none_or(|asked| group && row.principal.id == asked)
            });
            rows.extend(concerned.map(|row| (arn.as_str(), row)));
        }
        rows
    }

    /// Whether the application takes its users and groups from our instance. Not any more, where it has gone since it
    /// was listed.
    fn is_ours(&self, application: &str) -> Result<bool, Gap> {
        let Some(fact) = self.evidence.entitlements.described.get(application) else {
            return Err(self.evidence.unasked(Call::GetApplication, format!("{application} was not described")));
        };
        let Some(application) = fact.known()? else { return Ok(false) };
        let Some(bound) = &application.instance else {
            return Err(fact.unclear("AWS did not say which instance the application is bound to"));
        };
        Ok(*bound == self.evidence.instance()?.arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::sample::{self, entitled};
    use crate::model::paths::{find, groups_assigned_without_user};
    use crate::model::sample::path;

    fn ways(evidence: &Evidence) -> Vec<Path> {
        find(evidence.asked()).list
    }

    #[test]
    fn an_entitlement_of_the_user_or_a_group_of_theirs_is_a_way() {
        let evidence = entitled::only();
        assert_eq!(ways(&evidence), [Path::Entitled(crate::model::sample::entitlement())]);
        assert!(find(evidence.asked()).hidden_assignments.0.is_empty());
        let mut evidence = evidence;
        let user = Principal { kind: PrincipalType::User, id: sample::USER.to_owned() };
        entitled::entitle(&mut evidence, user.clone());
        assert_eq!(ways(&evidence)[0].via(), &user);
        entitled::entitle(&mut evidence, Principal { kind: PrincipalType::User, id: "somebody else".into() });
        assert!(ways(&evidence).is_empty());
    }

    #[test]
    fn comes_after_the_assignments() {
        let mut evidence = sample::healthy();
        entitled::entitle(&mut evidence, sample::group_principal());
        assert_eq!(ways(&evidence), [Path::Assigned(path()), Path::Entitled(crate::model::sample::entitlement())]);
    }

    #[test]
    fn does_not_answer_a_question_about_a_permission_set_or_another_group() {
        let mut evidence = sample::healthy();
        entitled::entitle(&mut evidence, sample::group_principal());
        evidence.question.permission_set = Some("RedshiftAnalyst".into());
        evidence.entitlements.applications = sample::denied(Call::ListApplications);
        assert_eq!(ways(&evidence), [Path::Assigned(path())]);
        assert!(find(evidence.asked()).hidden_assignments.0.is_empty());
        let mut evidence = entitled::only();
        evidence.question.group = Some("Other".into());
        evidence.asked_group = Some(sample::known(Call::GetGroupId, Some("other".into())));
        assert!(ways(&evidence).is_empty());
    }

    #[test]
    fn what_cannot_be_read_may_hide_a_way() {
        let hidden = |evidence: &Evidence| !find(evidence.asked()).hidden_assignments.0.is_empty();
        let mut evidence = sample::healthy();
        evidence.entitlements.applications = sample::denied(Call::ListApplications);
        assert!(hidden(&evidence));
        let mut evidence = entitled::only();
        evidence.account.entitlements.insert(entitled::APPLICATION.into(), sample::denied(Call::ListEntitlements));
        assert!(hidden(&evidence) && ways(&evidence).is_empty());
        let mut evidence = entitled::only();
        evidence.user.memberships = sample::denied(Call::ListGroupMembershipsForMember);
        assert!(hidden(&evidence));
    }

    #[test]
    fn an_application_of_another_instance_is_none_of_ours() {
        let mut evidence = entitled::only();
        let described = evidence.entitlements.described.get_mut(entitled::APPLICATION).expect("there");
        let mut application = described.known().expect("known").clone().expect("there");
        application.instance = Some("arn:aws:sso:::instance/ssoins-0000000000000000".into());
        *described = sample::known(Call::GetApplication, Some(application));
        assert!(ways(&evidence).is_empty());
        // Whose it is must be known before anything follows from it.
        evidence.instances = sample::denied(Call::ListInstances);
        assert!(ways(&evidence).is_empty() && !find(evidence.asked()).hidden_assignments.0.is_empty());
    }

    #[test]
    fn an_entitled_group_would_help_who_is_not_in_it() {
        let mut evidence = entitled::only();
        evidence.user.memberships = sample::known(Call::ListGroupMembershipsForMember, vec![]);
        evidence.permission_set_arns = sample::known(Call::ListPermissionSets, vec![]);
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        assert_eq!(groups_assigned_without_user(&evidence), Ok(BTreeSet::from([sample::GROUP])));
    }

    #[test]
    fn an_empty_list_says_little_outside_the_management_account() {
        let mut evidence = sample::healthy();
        assert!(!may_be_out_of_sight(&evidence));
        let mut caller = evidence.caller.known().expect("known").clone();
        caller.account = "444455556666".into();
        evidence.caller = sample::known(Call::GetCallerIdentity, caller);
        assert!(may_be_out_of_sight(&evidence));
        entitled::entitle(&mut evidence, sample::group_principal());
        assert!(!may_be_out_of_sight(&evidence));
    }
}
