//! Account access manager: its application and who is entitled to which role, asked in the caller's account and the
//! instance's primary Region; and the roles that the user is entitled to.

use aws_sdk_accountaccess::operation::get_application::GetApplicationOutput;
use aws_sdk_accountaccess::operation::list_applications::ListApplicationsOutput;
use aws_sdk_accountaccess::operation::list_entitlements::ListEntitlementsOutput;
use aws_sdk_accountaccess::types as aam;

use super::failure::Failure;
use super::identity::present;
use super::reply::{require_account, require_same};
use super::target::{Target, role};
use super::{Home, timestamp};
use crate::evidence::{Application, Applications, Call, Entitlement, Fact, LastUsed, Principal, PrincipalType, Role};

/// The Regions that no account has to opt in to: the only ones in which AWS documents account access manager (IAM User
/// Guide, Getting started with account access manager). Every Region opened since is opt-in, so this list is complete.
const ENABLED_BY_DEFAULT: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

impl Home<'_> {
    /// The applications of account access manager.
    pub(super) async fn applications(&self) -> Fact<Applications> {
        let send = |token| self.account_access.list_applications().max_results(100).set_next_token(token).send();
        let page = |out: ListApplicationsOutput| {
            let token = out.next_token().map(str::to_owned);
            (out.applications().iter().map(|row| present(row.application_arn(), "applicationArn")).collect(), token)
        };
        let reply = self.asker.pages(Call::ListApplications, &self.place, send, page).await;
        let mut reply = reply.map(|arns| Ok(Applications::Listed(arns)));
        let region = self.place.region.as_deref().unwrap_or_default();
        if let Err(failure) = &reply.result
            && let Some(said) = no_such_service(failure, region, self.stand_in)
        {
            reply.result = Ok(Applications::NoSuchService { said });
        }
        reply.fact()
    }

    /// An application. `None`: it has gone since it was listed.
    pub(super) async fn application(&self, arn: &str) -> Fact<Option<Application>> {
        let send = || self.account_access.get_application().application_arn(arn).send();
        let reply = self.asker.ask(Call::GetApplication, &self.place, send).await;
        let reply = reply.map(|out: GetApplicationOutput| {
            let instance = out.identity_source().and_then(|source| source.as_identity_center().ok());
            Ok(Application {
                arn: arn.to_owned(),
                instance: instance.map(|center| center.instance_arn().to_owned()),
                status: present(out.status().as_str(), "status")?,
                error: out.error().map(|error| format!("{}: {}", error.code().as_str(), error.message())),
            })
        });
        reply.or_none().fact()
    }

    /// Everybody's entitlements in the account.
    pub(super) async fn entitlements_in(&self, application: &str, account: &str) -> Fact<Vec<Entitlement>> {
        self.entitlements_by(application, aam::PrincipalRoleEntitlementFilter::builder().account(account).build()).await
    }

    /// The entitlements of a user or group, in all accounts.
    pub(super) async fn entitlements_of(&self, application: &str, principal: &Principal) -> Fact<Vec<Entitlement>> {
        let id = principal.id.clone();
        let principal = match principal.kind {
            PrincipalType::User => aam::IdentityCenterPrincipalFilter::UserId(id),
            PrincipalType::Group => aam::IdentityCenterPrincipalFilter::GroupId(id),
        };
        let principal = aam::PrincipalFilter::IdentityCenter(principal);
        let filter = aam::PrincipalRoleEntitlementFilter::builder().principal(principal).build();
        self.entitlements_by(application, filter).await
    }

    async fn entitlements_by(
        &self,
        application: &str,
        filter: aam::PrincipalRoleEntitlementFilter,
    ) -> Fact<Vec<Entitlement>> {
        let filter = aam::EntitlementFilter::builder().principal_role(filter).build();
        let send = |token| {
            let request = self.account_access.list_entitlements().application_arn(application).filter(filter.clone());
            request.max_results(100).set_next_token(token).send()
        };
        let page = |out: ListEntitlementsOutput| {
            let token = out.next_token().map(str::to_owned);
            (out.entitlements().iter().map(entitlement).collect(), token)
        };
        self.asker.pages(Call::ListEntitlements, &self.place, send, page).await.fact()
    }
}

/// An entitlement of a kind that is not known cannot be judged, and leaving it out could hide a way in.
fn entitlement(row: &aam::EntitlementsListMember) -> Result<Entitlement, Failure> {
    let unknown =
        |what: &str| Failure::unusable(format!("entitlement {} has {what} that is not known", row.entitlement_id()));
    let summary = row.entitlement().and_then(|one| one.as_principal_role().ok()).ok_or_else(|| unknown("a form"))?;
    let principal = summary.principal().and_then(|one| one.as_identity_center().ok());
    let principal = match principal {
        Some(aam::IdentityCenterPrincipal::UserId(id)) => Principal { kind: PrincipalType::User, id: id.clone() },
        Some(aam::IdentityCenterPrincipal::GroupId(id)) => Principal { kind: PrincipalType::Group, id: id.clone() },
        Some(_) | None => return Err(unknown("a principal")),
    };
    Ok(Entitlement {
        id: row.entitlement_id().to_owned(),
        principal,
        role_arn: present(summary.role_arn(), "roleArn")?,
        account: present(summary.account(), "account")?,
        created: timestamp(row.created_at()),
    })
}

/// What was said by whoever does not know account access manager at all; there, nobody can be entitled by it. That is
/// knowledge, unlike a refusal or an outage: without it, no answer of "nothing is assigned" could ever be given in a
/// Region, or by a stand-in for AWS, that lacks the service.
///
/// An operation that does not exist is AWS's own word (`UnknownOperationException`), an HTTP 404 or 501 without one of
/// AWS's codes that of a stand-in. From AWS itself, a page for people with a server error may be anything, and stays a
/// gap; but where the environment names another endpoint than AWS's, that is how stand-ins say that they lack a service
/// (moto does), and so is having no address for it. A name that cannot be resolved tells otherwise only where AWS
/// documents that there is no such service: elsewhere a firewall may be the reason.
pub(super) fn no_such_service(failure: &Failure, region: &str, stand_in: bool) -> Option<String> {
    if stand_in
        && (matches!(failure.code.as_str(), "Http400" | "Http405" | "Http500") || failure.message.contains("dns error"))
    {
        return Some(format!("ListApplications: {}", failure.code));
    }
    let unknown_operation = matches!(failure.code.as_str(), "UnknownOperationException" | "UnknownOperation");
    let no_such_path = failure.status == Some(501) || failure.code == "Http404";
    // "Temporary failure in name resolution" says nothing about the name.
    let no_such_name = failure.message.contains("dns error") && !failure.message.contains("Temporary failure");
    if unknown_operation || no_such_path {
        return Some(format!("ListApplications: {}", failure.code));
    }
    (no_such_name && !ENABLED_BY_DEFAULT.contains(&region)).then(|| "its endpoint has no address there".to_owned())
}

impl Target<'_> {
    /// When a role was used last. `None`: it is gone.
    pub(super) async fn last_used(&self, name: &str) -> Fact<Option<LastUsed>> {
        let iam = self.clients.iam();
        let reply = self.asker.ask(Call::GetRole, &self.place(None), || iam.get_role().role_name(name).send()).await;
        let reply = reply.map(|out| {
            let role = out.role().ok_or_else(|| super::identity::lacking("Role"))?;
            require_same("RoleName", role.role_name(), name)?;
            let used = role.role_last_used().and_then(|used| used.last_used_date());
            Ok(LastUsed { at: used.and_then(timestamp), created: timestamp(role.create_date()) })
        });
        reply.or_none().fact()
    }

    /// A role of a name. `None`: the account has none.
    pub(super) async fn role(&self, name: &str) -> Fact<Option<Role>> {
        let iam = self.clients.iam();
        let reply = self.asker.ask(Call::GetRole, &self.place(None), || iam.get_role().role_name(name).send()).await;
        let reply = reply.map(|out| {
            let found = out.role().ok_or_else(|| super::identity::lacking("Role"))?;
            require_same("RoleName", found.role_name(), name)?;
            require_account(found.arn(), self.account)?;
            role(found)
        });
        reply.or_none().fact()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: &str, status: Option<u16>, message: &str) -> Failure {
        Failure { code: code.to_owned(), status, ..Failure::unusable(message) }
    }

    #[test]
    fn tells_a_missing_service_from_one_that_does_not_answer() {
        let known = |failure: &Failure| no_such_service(failure, "us-east-1", false).is_some();
        assert!(known(&failure("UnknownOperationException", Some(404), "")));
        assert!(known(&failure("Http404", Some(404), "the answer (HTTP 404) is not one of AWS's")));
        assert!(known(&failure("InternalFailure", Some(501), "not implemented")));
        for (code, status) in [
            ("ResourceNotFoundException", Some(404)),
            ("AccessDeniedException", Some(403)),
            ("Http502", Some(502)),
            ("Http403", Some(403)),
            ("ConnectionFailed", None),
        ] {
            assert!(!known(&failure(code, status, "")), "{code}");
        }
    }

    #[test]
    fn a_stand_in_says_otherwise_that_it_lacks_the_service() {
        let page = failure("Http500", Some(500), "the answer (HTTP 500) is not one of AWS's");
        assert!(no_such_service(&page, "us-east-1", true).is_some());
        assert!(no_such_service(&page, "us-east-1", false).is_none());
        let coded = failure("InternalServerException", Some(500), "");
        assert!(no_such_service(&coded, "us-east-1", true).is_none());
    }

    #[test]
    fn a_name_without_address_tells_only_where_there_is_no_such_service() {
        let unresolved =
            failure("ConnectionFailed", None, "client error (Connect): dns error: Name or service not known");
        assert!(no_such_service(&unresolved, "us-east-1", false).is_none());
        assert!(no_such_service(&unresolved, "us-gov-west-1", false).is_some());
        assert!(no_such_service(&unresolved, "eu-south-1", false).is_some());
        let passing = failure("ConnectionFailed", None, "dns error: Temporary failure in name resolution");
        assert!(no_such_service(&passing, "us-gov-west-1", false).is_none());
    }
}
