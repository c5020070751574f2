//! `organizations`: the accounts, the tree above them, and the policies attached to it. The management account and the
//! delegated administrator may ask everything, a member only which organization it is in.

use serde_json::{Value, json};

use super::answer::Refusal;
use super::call::is_account;
use super::desk::{Context, unknown};
use super::organization::{Account, Organization, OrganizationPolicy};

/// Answers a call.
pub(crate) fn answer(context: &Context<'_>) -> Result<Value, Refusal> {
    let call = context.call;
    let operation: fn(&Context<'_>) -> Result<Value, Refusal> = match call.operation.as_str() {
        "DescribeOrganization" => |context| Ok(describe_organization(context)),
        "DescribeAccount" => describe_account,
        "ListAccounts" => list_accounts,
        "ListRoots" => list_roots,
        "ListParents" => list_parents,
        "ListPoliciesForTarget" => list_policies_for_target,
        "ListPolicies" => list_policies,
        "ListTargetsForPolicy" => list_targets_for_policy,
        "DescribePolicy" => describe_policy,
        "ListDelegatedAdministrators" => list_delegated_administrators,
        _ => return Err(unknown(call)),
    };
    let organization = &context.world.organization;
    if context.world.account(&call.caller.account).is_none() {
        return Err(Refusal::new(
            400,
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        ));
    }
    let administers = call.caller.account == organization.management_account
        || organization.delegated_administrator.as_ref() == Some(&call.caller.account);
    if !administers && call.operation != "DescribeOrganization" {
        return Err(Refusal::new(400, "AccessDeniedException", "You don't have permissions to access this resource."));
    }
    operation(context)
}

impl Organization {
    fn organizations_arn(&self, rest: &str) -> String {
        format!("arn:{}:organizations::{}:{rest}", self.partition, self.management_account)
    }

    /// The ids above something, nearest first, root last.
    fn above(&self, id: &str) -> Vec<&str> {
        let mut chain = Vec::new();
        let mut next = self.parent(id);
        while let Some(parent) = next {
            chain.push(parent);
            // A tree that bites its tail would never end.
            next = self.parent(parent).filter(|above| !chain.contains(above));
        }
        chain
    }

    fn parent(&self, id: &str) -> Option<&str> {
        let account = self.accounts.iter().find(|account| account.id == id).map(|account| account.parent.as_str());
        let unit = || self.units.iter().find(|unit| unit.id == id).map(|unit| unit.parent.as_str());
        account.or_else(unit).map(|parent| if parent.is_empty() { self.root.id.as_str() } else { parent })
    }
}

fn describe_organization(context: &Context<'_>) -> Value {
    let organization = &context.world.organization;
    let id = &organization.id;
    let management = context.world.account(&organization.management_account);
    json!({"Organization": {
        "Id": id,
        "Arn": organization.organizations_arn(&format!("organization/{id}")),
        "FeatureSet": organization.feature_set,
        "MasterAccountArn": organization.organizations_arn(&format!("account/{id}/{}", organization.management_account)),
        "MasterAccountId": organization.management_account,
        "MasterAccountEmail": management.map(|account| account.email.clone()),
        "AvailablePolicyTypes": [],
    }})
}

fn account_row(context: &Context<'_>, account: &Account) -> Value {
    let organization = &context.world.organization;
    let mut path: Vec<&str> = organization.above(&account.id);
    path.push(&organization.id);
    path.reverse();
    path.push(&account.id);
    json!({
        "Id": account.id,
        "Arn": organization.organizations_arn(&format!("account/{}/{}", organization.id, account.id)),
        "Email": account.email,
        "Name": account.name,
        "Status": account.status,
        "State": account.state,
        "Paths": [path.join("/") + "/"],
        "JoinedMethod": account.joined_method,
        "JoinedTimestamp": account.joined.epoch(),
    })
}

fn describe_account(context: &Context<'_>) -> Result<Value, Refusal> {
    let id = context.call.formed("AccountId", is_account)?;
    let account = context.world.account(id);
    let account = account
        .ok_or_else(|| Refusal::new(400, "AccountNotFoundException", "You specified an account that doesn't exist."))?;
    Ok(json!({"Account": account_row(context, account)}))
}

fn list_accounts(context: &Context<'_>) -> Result<Value, Refusal> {
    let page = context.page(&context.world.organization.accounts, 20)?;
    Ok(page.output(context.call, "Accounts", |account| account_row(context, account)))
}

fn list_roots(context: &Context<'_>) -> Result<Value, Refusal> {
    let organization = &context.world.organization;
    let root = &organization.root;
    let types: Vec<Value> =
        root.policy_types.iter().map(|(kind, status)| json!({"Type": kind, "Status": status})).collect();
    let arn = organization.organizations_arn(&format!("root/{}/{}", organization.id, root.id));
    let row = json!({"Id": root.id, "Arn": arn, "Name": root.name, "PolicyTypes": types});
    Ok(context.page([row], 20)?.output(context.call, "Roots", |row| row))
}

fn list_parents(context: &Context<'_>) -> Result<Value, Refusal> {
    let organization = &context.world.organization;
    let child = context.call.required("ChildId")?;
    let absent = || {
        Refusal::new(
            400,
            "ChildNotFoundException",
            "You provided an organizational unit or account that doesn't exist.",
        )
    };
    let parent = organization.parent(child).ok_or_else(absent)?;
    let kind = if parent == organization.root.id { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
    Ok(context.page([parent], 20)?.output(context.call, "Parents", |id| json!({"Id": id, "Type": kind})))
}

fn policy_row(organization: &Organization, policy: &OrganizationPolicy) -> Value {
    let kind = policy.policy_type.to_lowercase();
    let arn = if policy.aws_managed {
        format!("arn:{}:organizations::aws:policy/{kind}/{}", organization.partition, policy.id)
    } else {
        organization.organizations_arn(&format!("policy/{}/{kind}/{}", organization.id, policy.id))
    };
    json!({
        "Id": policy.id,
        "Arn": arn,
        "Name": policy.name,
        "Description": policy.description,
        "Type": policy.policy_type,
        "AwsManaged": policy.aws_managed,
    })
}

/// What is attached right there, not what is inherited.
fn list_policies_for_target(context: &Context<'_>) -> Result<Value, Refusal> {
    let organization = &context.world.organization;
    let (target, kind) = (context.call.required("TargetId")?, context.call.required("Filter")?);
    if target != organization.root.id && organization.parent(target).is_none() {
        return Err(Refusal::new(400, "TargetNotFoundException", "You specified a target that doesn't exist."));
    }
    let enabled = organization.root.policy_types.get(kind).is_some_and(|status| status == "ENABLED");
    let attached = organization.policies.iter().filter(|policy| {
        enabled && policy.policy_type == kind && policy.targets.iter().any(|one| one == target || one == "*")
    });
    Ok(context.page(attached, 20)?.output(context.call, "Policies", |policy| policy_row(organization, policy)))
}

/// All policies of a kind, whether the kind is switched on or not.
fn list_policies(context: &Context<'_>) -> Result<Value, Refusal> {
    let organization = &context.world.organization;
    let kind = context.call.required("Filter")?;
    let policies = organization.policies.iter().filter(|policy| policy.policy_type == kind);
    Ok(context.page(policies, 20)?.output(context.call, "Policies", |policy| policy_row(organization, policy)))
}

fn list_targets_for_policy(context: &Context<'_>) -> Result<Value, Refusal> {
    let organization = &context.world.organization;
    let id = context.call.required("PolicyId")?;
    let policy = organization.policies.iter().find(|policy| policy.id == id);
    let policy = policy
        .ok_or_else(|| Refusal::new(400, "PolicyNotFoundException", "You specified a policy that doesn't exist."))?;
    let everything = policy.targets.iter().any(|target| target == "*");
    let root = std::iter::once((&organization.root.id, "ROOT"));
    let units = organization.units.iter().map(|unit| (&unit.id, "ORGANIZATIONAL_UNIT"));
    let accounts = organization.accounts.iter().map(|account| (&account.id, "ACCOUNT"));
    let targets = root.chain(units).chain(accounts).filter(|(id, _)| everything || policy.targets.contains(id));
    Ok(context.page(targets, 20)?.output(context.call, "Targets", |(id, kind)| json!({"TargetId": id, "Type": kind})))
}

fn describe_policy(context: &Context<'_>) -> Result<Value, Refusal> {
    let organization = &context.world.organization;
    let id = context.call.required("PolicyId")?;
    let policy = organization.policies.iter().find(|policy| policy.id == id);
    let policy = policy
        .ok_or_else(|| Refusal::new(400, "PolicyNotFoundException", "You specified a policy that doesn't exist."))?;
    let document = policy.content.as_str().map_or_else(|| policy.content.to_string(), str::to_owned);
    Ok(json!({"Policy": {"PolicySummary": policy_row(organization, policy), "Content": document}}))
}

fn list_delegated_administrators(context: &Context<'_>) -> Result<Value, Refusal> {
    let asked = context.call.get("ServicePrincipal").is_none_or(|service| service == "sso.amazonaws.com");
    let administrator = context.world.organization.delegated_administrator.as_ref();
    let account = administrator.and_then(|id| context.world.account(id)).filter(|_| asked);
    Ok(context.page(account, 20)?.output(context.call, "DelegatedAdministrators", |account| {
        let mut row = account_row(context, account);
        row["Paths"] = Value::Null;
        row["DelegationEnabledDate"] = account.joined.epoch();
        row
    }))
}
