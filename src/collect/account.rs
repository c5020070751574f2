//! Who asks, in which organization, through which instance, about which account.

use aws_sdk_ssoadmin::types::RegionScope;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;

use super::Home;
use super::ask::{Asker, Place, Reply};
use super::clients::Clients;
use super::failure::Kind;
use super::identity::{lacking, present};
use super::reply::require_same;
use crate::evidence::{
    AccessControlAttributes, Account, Call, Caller, Fact, Instance, InstanceDetails, InstanceRegion, Organization,
};

/// Asks STS who the caller is. Whatever is wrong with the caller's credentials shows here.
pub(crate) async fn caller(asker: &Asker, clients: &Clients) -> Fact<Caller> {
    let sts = clients.sts();
    let place = Place { account: None, region: Some(clients.region().to_owned()), ..Place::default() };
    let reply = asker.ask(Call::GetCallerIdentity, &place, || sts.get_caller_identity().send()).await;
    asker.note_fatal(&reply);
    identity(reply)
}

/// The same for the credentials of the target account: that they do not work is a gap, and not the end.
pub(crate) async fn caller_inside(asker: &Asker, clients: &Clients) -> Fact<Caller> {
    let sts = clients.sts();
    let place = Place { account: None, region: Some(clients.region().to_owned()), ..Place::default() };
    identity(asker.ask(Call::GetCallerIdentity, &place, || sts.get_caller_identity().send()).await)
}

fn identity(reply: Reply<GetCallerIdentityOutput>) -> Fact<Caller> {
    let reply = reply.map(|out| {
        Ok(Caller {
            account: present(out.account().unwrap_or_default(), "Account")?,
            arn: out.arn().unwrap_or_default().to_owned(),
        })
    });
    let mut fact = reply.fact();
    fact.account = fact.known().ok().map(|caller| caller.account.clone());
    fact
}

/// Asks for the organization that the caller is in.
pub(crate) async fn organization(asker: &Asker, clients: &Clients) -> Fact<Option<Organization>> {
    let organizations = clients.organizations();
    let call = Call::DescribeOrganization;
    let mut reply = asker.ask(call, &Place::default(), || organizations.describe_organization().send()).await;
    if let Err(failure) = &mut reply.result
        && failure.code == "AWSOrganizationsNotInUseException"
    {
        failure.kind = Kind::NotFound;
    }
    let reply = reply.map(|out| {
        let organization = out.organization().ok_or_else(|| lacking("Organization"))?;
        Ok(Organization {
            id: organization.id().unwrap_or_default().to_owned(),
            management_account: present(organization.master_account_id().unwrap_or_default(), "MasterAccountId")?,
            feature_set: organization.feature_set().map(|set| set.as_str().to_owned()),
        })
    });
    reply.or_none().fact()
}

/// Asks for the instances that the caller can see, in all Regions: without that scope the wrong Region answers with an
/// empty list, which looks as if there were none.
pub(crate) async fn instances(asker: &Asker, clients: &Clients) -> Fact<Vec<Instance>> {
    let sso_admin = clients.sso_admin();
    let place = Place { account: None, region: Some(clients.region().to_owned()), ..Place::default() };
    let send = |token| {
        let request = sso_admin.list_instances().region_scope(RegionScope::AllRegions);
        request.set_next_token(token).send()
    };
    let page = |out: aws_sdk_ssoadmin::operation::list_instances::ListInstancesOutput| {
        let token = out.next_token().map(str::to_owned);
        let Some(rows) = out.instances else { return (Err(lacking("Instances")), token) };
        let rows = rows.iter().map(|row| {
            Ok(Instance {
                arn: present(row.instance_arn().unwrap_or_default(), "InstanceArn")?,
                identity_store_id: present(row.identity_store_id().unwrap_or_default(), "IdentityStoreId")?,
                owner_account: row.owner_account_id().map(str::to_owned),
                status: row.status().map(|status| status.as_str().to_owned()),
                status_reason: row.status_reason().map(str::to_owned),
                primary_region: row.primary_region().map(str::to_owned).or_else(|| {
                    let primary = row.regions().iter().find(|region| region.is_primary_region());
                    primary.and_then(|region| region.region_name()).map(str::to_owned)
                }),
                listed_in: clients.region().to_owned(),
                regions: row.regions.as_deref().map(regions),
            })
        });
        (rows.collect(), token)
    };
    let reply = asker.pages(Call::ListInstances, &place, send, page).await;
    asker.note_fatal(&reply);
    reply.fact()
}

fn regions(rows: &[aws_sdk_ssoadmin::types::RegionMetadata]) -> Vec<InstanceRegion> {
    let named = rows.iter().filter_map(|row| {
        let status = row.status().map(|status| status.as_str().to_owned());
        Some(InstanceRegion { region: row.region_name()?.to_owned(), status })
    });
    named.collect()
}

impl Home<'_> {
    /// What only `DescribeInstance` tells.
    pub(crate) async fn instance_details(&self) -> Fact<InstanceDetails> {
        let send = || self.sso_admin.describe_instance().instance_arn(self.instance).send();
        let reply = self.asker.ask(Call::DescribeInstance, &self.place, send).await;
        reply.map(|out| Ok(InstanceDetails { permission_sets_enabled: out.permission_sets_enabled() })).fact()
    }

    /// The attributes for access control. `None`: they were never switched on.
    pub(crate) async fn access_control_attributes(&self) -> Fact<Option<AccessControlAttributes>> {
        let call = Call::DescribeInstanceAccessControlAttributeConfiguration;
        let send = || {
            let request = self.sso_admin.describe_instance_access_control_attribute_configuration();
            request.instance_arn(self.instance).send()
        };
        let reply = self.asker.ask(call, &self.place, send).await.map(|out| {
            let configuration = out.instance_access_control_attribute_configuration();
            let attributes = match configuration {
                Some(configuration) => configuration.access_control_attributes(),
                None => &[],
            };
            let sources = attributes.iter().map(|attribute| {
                let sources = attribute.value().map(|value| value.source().to_vec()).unwrap_or_default();
                (attribute.key().to_owned(), sources)
            });
            Ok(AccessControlAttributes {
                status: out.status().map(|status| status.as_str().to_owned()),
                sources: sources.collect(),
            })
        });
        reply.or_none().fact()
    }
}

/// Describes an account. `None`: the organization has no such account.
pub(crate) async fn account(asker: &Asker, clients: &Clients, id: &str) -> Fact<Option<Account>> {
    let organizations = clients.organizations();
    let send = || organizations.describe_account().account_id(id).send();
    let reply = asker.ask(Call::DescribeAccount, &Place::default(), send).await;
    let reply = reply.map(|out| {
        let account = account_of(out.account().ok_or_else(|| lacking("Account"))?)?;
        require_same("Id", &account.id, id)?;
        Ok(account)
    });
    reply.or_none().fact()
}

/// Lists all accounts of the organization.
pub(crate) async fn accounts(asker: &Asker, clients: &Clients) -> Fact<Vec<Account>> {
    let organizations = clients.organizations();
    let send = |token| organizations.list_accounts().max_results(20).set_next_token(token).send();
    let page = |out: aws_sdk_organizations::operation::list_accounts::ListAccountsOutput| {
        let token = out.next_token().map(str::to_owned);
        let Some(rows) = out.accounts else { return (Err(lacking("Accounts")), token) };
        (rows.iter().map(account_of).collect(), token)
    };
    asker.pages(Call::ListAccounts, &Place::default(), send, page).await.fact()
}

fn account_of(account: &aws_sdk_organizations::types::Account) -> Result<Account, super::failure::Failure> {
    let state = account.state().map(|state| state.as_str().to_owned());
    Ok(Account {
        id: present(account.id().unwrap_or_default(), "Id")?,
        name: account.name().map(str::to_owned),
        // `Status` was retired in favour of `State`; older services and stand-ins send only the former.
        state: state.or_else(|| account.status().map(|status| status.as_str().to_owned())),
        joined: account.joined_timestamp().and_then(super::timestamp),
        path: account.paths().first().cloned(),
    })
}
