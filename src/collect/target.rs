//! The target account from inside: the way in, and IAM there, with credentials that may only read.

use aws_credential_types::Credentials;
use aws_sdk_iam::types::PolicyScopeType;
use percent_encoding::percent_decode_str;

use super::ask::{Asker, Place, Reply};
use super::clients::Clients;
use super::failure::{self, Failure};
use super::identity::{lacking, present};
use super::reply::require_account;
use super::{credentials, permissions, timestamp};
use crate::evidence::{
    Call, Caller, CustomerPolicy, EntryMethod, Fact, PolicyDocument, Role, SamlProvider, TargetEntry,
};
use crate::model::permission_set_role::ROLE_PATH;

/// The shortest session that STS gives.
const SESSION_SECONDS: i32 = 900;

/// The target account, entered.
pub(crate) struct Target<'a> {
    pub(crate) asker: &'a Asker,
    pub(crate) clients: &'a Clients,
    pub(crate) account: &'a str,
}

/// Assumes a role in the target account, for reads only, whatever the role could do.
pub(crate) async fn assume(
    asker: &Asker,
    clients: &Clients,
    caller: Option<&Caller>,
    (role_arn, account): (&str, &str),
) -> (Fact<TargetEntry>, Option<Clients>) {
    let sts = clients.sts();
    let place = Place {
        account: caller.map(|caller| caller.account.clone()),
        region: Some(clients.region().to_owned()),
        ..Place::default()
    };
    let name = session_name(caller);
    let policy = permissions::session_policy();
    let send = || {
        let request = sts.assume_role().role_arn(role_arn).role_session_name(&name).policy(&policy);
        request.duration_seconds(SESSION_SECONDS).send()
    };
    let mut reply = asker.ask(Call::AssumeRole, &place, send).await.map(|out| {
        let keys = out.credentials().ok_or_else(|| lacking("Credentials"))?;
        let expires = std::time::SystemTime::try_from(*keys.expiration()).ok();
        let credentials = Credentials::new(
            present(keys.access_key_id(), "AccessKeyId")?,
            present(keys.secret_access_key(), "SecretAccessKey")?,
            Some(present(keys.session_token(), "SessionToken")?),
            expires,
            "AssumeRole",
        );
        let arn = out.assumed_role_user().ok_or_else(|| lacking("AssumedRoleUser"))?.arn().to_owned();
        // Whatever was asked for, it is this account that would be read.
        if arn.split(':').nth(4) != Some(account) {
            return Err(Failure::unusable(format!("its session is {arn}, which is not in account {account}")));
        }
        credentials::require_sendable(&credentials).map_err(Failure::unusable)?;
        Ok((TargetEntry { method: EntryMethod::Role, arn }, credentials))
    });
    if let Err(failure) = &mut reply.result {
        let what = if failure.code == failure::UNUSABLE { "cannot be used" } else { "could not be assumed" };
        failure.message = format!("{role_arn} {what}: {}", failure.message);
    }
    let entered = reply.result.as_ref().ok().map(|(_, credentials)| clients.with_credentials(credentials.clone()));
    (reply.map(|(entry, _)| Ok(entry)).fact(), entered)
}

/// CloudTrail shows the session's name: it should say what this is and who runs it.
fn session_name(caller: Option<&Caller>) -> String {
    let who = caller.and_then(|caller| caller.arn.rsplit('/').next()).unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let who: String = who.chars().filter(|c| allowed(*c)).take(58).collect();
    if who.is_empty() { "idc".to_owned() } else { format!("idc-{who}") }
}

impl Target<'_> {
    pub(crate) fn place(&self, region: Option<&str>) -> Place {
        Place { account: Some(self.account.to_owned()), region: region.map(str::to_owned), ..Place::default() }
    }

    /// All customer managed policies.
    pub(crate) async fn policies(&self) -> Fact<Vec<CustomerPolicy>> {
        let iam = self.clients.iam();
        let send = |marker| iam.list_policies().scope(PolicyScopeType::Local).max_items(1000).set_marker(marker).send();
        let page = |out: aws_sdk_iam::operation::list_policies::ListPoliciesOutput| {
            let marker = out.marker().filter(|_| out.is_truncated()).map(str::to_owned);
            let Some(rows) = out.policies else { return (Err(lacking("Policies")), marker) };
            let rows = rows.iter().map(|row| {
                require_account(row.arn().unwrap_or_default(), self.account)?;
                Ok(CustomerPolicy {
                    arn: present(row.arn().unwrap_or_default(), "Arn")?,
                    name: present(row.policy_name().unwrap_or_default(), "PolicyName")?,
                    path: present(row.path().unwrap_or_default(), "Path")?,
                    default_version: row.default_version_id().map(str::to_owned),
                })
            });
            (rows.collect(), marker)
        };
        self.asker.pages(Call::ListPolicies, &self.place(None), send, page).await.fact()
    }

    /// All roles of Identity Center, under whatever Region's path.
    pub(crate) async fn roles(&self) -> Fact<Vec<Role>> {
        let iam = self.clients.iam();
        let send = |marker| iam.list_roles().path_prefix(ROLE_PATH).max_items(1000).set_marker(marker).send();
        let page = |out: aws_sdk_iam::operation::list_roles::ListRolesOutput| {
            let marker = out.marker().filter(|_| out.is_truncated()).map(str::to_owned);
            let rows = out.roles().iter().map(|row| {
                require_account(row.arn(), self.account)?;
                role(row)
            });
            (rows.collect(), marker)
        };
        self.asker.pages(Call::ListRoles, &self.place(None), send, page).await.fact()
    }

    /// All SAML providers.
    pub(crate) async fn saml_providers(&self) -> Fact<Vec<SamlProvider>> {
        let iam = self.clients.iam();
        let send = || iam.list_saml_providers().send();
        let reply: Reply<Vec<SamlProvider>> =
            self.asker.ask(Call::ListSamlProviders, &self.place(None), send).await.map(|out| {
                let rows = out.saml_provider_list.ok_or_else(|| lacking("SAMLProviderList"))?;
                let rows = rows.iter().map(|row| {
                    require_account(row.arn().unwrap_or_default(), self.account)?;
                    Ok(SamlProvider {
                        arn: present(row.arn().unwrap_or_default(), "Arn")?,
                        created: row.create_date().and_then(timestamp),
                        valid_until: row.valid_until().and_then(timestamp),
                    })
                });
                rows.collect()
            });
        reply.fact()
    }
}

/// A role, as IAM lists and tells it.
pub(crate) fn role(role: &aws_sdk_iam::types::Role) -> Result<Role, Failure> {
    Ok(Role {
        arn: present(role.arn(), "Arn")?,
        name: present(role.role_name(), "RoleName")?,
        path: present(role.path(), "Path")?,
        created: timestamp(role.create_date()),
        trust_policy: role.assume_role_policy_document().map(percent_decoded),
    })
}

/// IAM sends policy documents percent-encoded.
pub(crate) fn percent_decoded(text: &str) -> PolicyDocument {
    percent_decode_str(text).decode_utf8_lossy().into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_session_after_the_caller() {
        let caller = |arn: &str| Caller { account: "1".into(), arn: arn.into() };
        assert_eq!(session_name(None), "idc");
        assert_eq!(session_name(Some(&caller("arn:aws:iam::1:user/on call"))), "idc-oncall");
        assert!(session_name(Some(&caller(&format!("arn/{}", "x".repeat(80))))).len() <= 64);
    }
}
