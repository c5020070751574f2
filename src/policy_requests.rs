//! The requests that policies are asked about, with what AWS documents of them: the call with which Identity Center
//! takes somebody into an account, and what the session can do that it is given. See "AWS global condition context
//! keys" in the IAM User Guide for when each key is there.

use crate::account_role::{self, ROLE_PATH};
use crate::evidence::{Evidence, Gap, permission_set_of_role};
use crate::organization_policies;
use crate::paths::Path;
use crate::policy_document::{Action, Caller, Context, Key, Request, Resource, Text};

/// Keys of whoever signs a request with AWS credentials. A SAML assertion is all that the call carries: it is not
/// signed.
const SIGNER: &[&str] = &[
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalTag/",
    "aws:username",
    // Only for OpenID Connect.
    "aws:FederatedProvider",
    "aws:TokenIssueTime",
    "aws:AssumedRoot",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
];

/// Keys of calls that a service makes as itself, or passes on for somebody.
const SERVICE: &[&str] = &[
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
];

/// Keys of calls through a VPC endpoint or from an instance.
const VPC: &[&str] = &[
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceVpcArn",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:Ec2InstanceSourceVpc",
    "aws:Ec2InstanceSourcePrivateIPv4",
];

/// Keys that tell one request of a session from another: from where, about what.
const CIRCUMSTANCES: &[&str] = &[
    "aws:SourceIp",
    "aws:RequestedRegion",
    "aws:UserAgent",
    "aws:Referer",
    "aws:RequestTag/",
    "aws:TagKeys",
    "aws:ResourceTag/",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
];

/// The keys that single out a person in a session of Identity Center.
pub const PERSON: &[&str] = &["identitystore:UserId", "aws:userid"];

/// The audience of the assertions with which AWS sign-in takes people into accounts of a partition, where AWS documents
/// it.
pub fn audience(partition: &str) -> Option<&'static str> {
    match partition {
        "aws" => Some("https://signin.aws.amazon.com/saml"),
        "aws-us-gov" => Some("https://signin.amazonaws-us-gov.com/saml"),
        "aws-cn" => Some("https://signin.amazonaws.cn/saml"),
        _ => None,
    }
}

/// Whether a SAML provider is the one that Identity Center keeps in the account: `AWSSSO_<16 hex digits>_DO_NOT_DELETE`,
/// in older ones without the digits.
pub fn is_identity_center_provider(arn: &str, partition: &str, account: &str) -> bool {
    let name = arn.strip_prefix(&format!("arn:{partition}:iam::{account}:saml-provider/AWSSSO_"));
    let Some(middle) = name.and_then(|name| name.strip_suffix("DO_NOT_DELETE")) else { return false };
    let digits = middle.strip_suffix('_').unwrap_or_default();
    middle.is_empty() || (digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The role that a path leads to, as far as it is known: without a path, any role of Identity Center.
pub fn role(evidence: &Evidence, path: Option<&Path>) -> Text {
    if let Some(role) = path.and_then(|path| account_role::role_of(evidence, path).ok().flatten()) {
        return Text::Exact(role.arn.clone());
    }
    let partition = evidence.instance().map_or("*", |instance| instance.partition());
    let account = evidence.account.id.as_deref().unwrap_or("*");
    let set = path.and_then(|path| evidence.permission_set_name(&path.permission_set).ok().flatten());
    let name = match set {
        Some(set) => format!("AWSReservedSSO_{set}_????????????????"),
        None => "AWSReservedSSO_*".to_owned(),
    };
    // The home Region may stand between path and name.
    Text::Like(format!("arn:{partition}:iam::{account}:role{ROLE_PATH}*{name}"))
}

/// The permission set of a role of Identity Center, for people.
pub fn permission_set_of(role: &Text) -> Option<&str> {
    let (Text::Exact(arn) | Text::Like(arn)) = role;
    let name = arn.rsplit(['/', '*']).next()?;
    match role {
        Text::Exact(_) => permission_set_of_role(name),
        Text::Like(_) => name.strip_prefix("AWSReservedSSO_")?.strip_suffix("_????????????????"),
    }
}

/// Whether Identity Center passes session tags for the user. `Err` where that cannot be told.
pub fn passes_tags(evidence: &Evidence) -> Result<bool, Gap> {
    let fact = &evidence.attributes;
    let Some(attributes) = fact.known()? else { return Ok(false) };
    match attributes.status.as_deref() {
        Some("ENABLED") => {}
        Some("CREATION_IN_PROGRESS" | "CREATION_FAILED") => return Ok(false),
        other => {
            return Err(fact.unclear(format!("attributes for access control have {}", other.unwrap_or("no status"))));
        }
    }
    let Some(user) = evidence.user.described.known()? else { return Ok(false) };
    let mut sources = attributes.sources.values().flatten();
    if sources.any(|source| matches!(user.attribute(source), Ok(Some(_)))) {
        return Ok(true);
    }
    Err(fact.unclear("attributes that an identity provider sends by itself cannot be seen"))
}

/// An action on a role by Identity Center with a SAML assertion, for whom `provider` vouches where it is known.
pub fn saml_call(evidence: &Evidence, action: &str, role: Text, provider: Option<&str>) -> Request {
    let known = |value: Option<&str>| value.map_or(Key::Unknown, Key::exact);
    let account = evidence.account.id.as_deref();
    let organization = evidence.organization.known().ok().and_then(Option::as_ref);
    let audience = evidence.instance().ok().and_then(|instance| audience(instance.partition()));
    let tags = if passes_tags(evidence) == Ok(false) { Key::Absent } else { Key::Unknown };
    // AWS documents `anonymous` for calls without a signature; an account could only be the role's own.
    let callers = [Some("anonymous"), account].into_iter().flatten().map(|value| Text::Exact(value.to_owned()));
    let context = Context::new(Key::Unknown)
        .with_all(SIGNER, &Key::Absent)
        .with_all(SERVICE, &Key::Absent)
        .with_all(VPC, &Key::Absent)
        .with("aws:PrincipalAccount", Key::OneOf(callers.collect()))
        .with_all(&["aws:PrincipalType", "aws:userid"], &Key::present())
        .with_all(&["aws:CurrentTime", "aws:EpochTime", "aws:RequestedRegion"], &Key::present())
        // An address of AWS's own, and not the user's.
        .with("aws:SourceIp", Key::present())
        .with("aws:SecureTransport", Key::exact("true"))
        .with("aws:ViaAWSService", Key::exact("false"))
        .with_all(&["aws:RequestTag/", "aws:TagKeys"], &tags)
        .with("aws:ResourceAccount", known(account))
        .with("aws:ResourceOrgID", known(organization.map(|organization| organization.id.as_str())))
        .with("aws:ResourceOrgPaths", path_in_organization(evidence))
        .with("SAML:aud", known(audience));
    Request {
        action: Action::One(action.to_owned()),
        resource: Resource::One(role),
        caller: Caller::Saml(provider.map(str::to_owned)),
        context,
    }
}

/// Everything that the user may do under a role of Identity Center, with calls of their own.
pub fn session(evidence: &Evidence, role: Text) -> Request {
    let organization = evidence.organization.known().ok().and_then(Option::as_ref);
    let known = |value: Option<&str>| value.map_or(Key::Unknown, Key::exact);
    let user = evidence.user_id().ok().flatten();
    let described = evidence.user.described.known().ok().and_then(Option::as_ref);
    // The session has the user's name, and the role's id is not read.
    let name = described.and_then(|user| user.user_name.as_deref()).filter(|name| !name.contains(['*', '?']));
    let context = Context::new(Key::Unknown)
        .with("aws:PrincipalArn", Key::Known(vec![role]))
        .with("aws:PrincipalAccount", known(evidence.account.id.as_deref()))
        .with("aws:PrincipalOrgID", known(organization.map(|organization| organization.id.as_str())))
        .with("aws:PrincipalOrgPaths", path_in_organization(evidence))
        .with("aws:PrincipalIsAWSService", Key::exact("false"))
        .with("aws:PrincipalType", Key::exact("AssumedRole"))
        .with("aws:userid", Key::like(format!("AROA*:{}", name.unwrap_or("*"))))
        .with("identitystore:UserId", user.map_or_else(Key::present, Key::exact))
        .with("aws:TokenIssueTime", Key::present())
        // "This condition key is not present for federated identities"
        .with_all(&["aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent"], &Key::Absent)
        .with_all(&["aws:username", "aws:AssumedRoot", "aws:FederatedProvider"], &Key::Absent)
        .with_all(&["aws:CurrentTime", "aws:EpochTime"], &Key::present())
        .with("aws:SecureTransport", Key::exact("true"))
        .with("aws:ViaAWSService", Key::exact("false"))
        .with_all(SERVICE, &Key::Absent)
        .with_all(VPC, &Key::Varies)
        .with_all(CIRCUMSTANCES, &Key::Varies);
    Request { action: Action::Every, resource: Resource::Every, caller: Caller::Session, context }
}

/// Where the account stands in the organization: `o-…/r-…/ou-…/`.
fn path_in_organization(evidence: &Evidence) -> Key {
    let organization = evidence.organization.known().ok().and_then(Option::as_ref);
    let (Some(organization), Some(account)) = (organization, evidence.account.id.as_deref()) else {
        return Key::Unknown;
    };
    let (chain, gaps) = organization_policies::chain(evidence, account);
    if !gaps.0.is_empty() {
        return Key::like(format!("{}/*", organization.id));
    }
    let mut path = vec![organization.id.as_str()];
    path.extend(chain.iter().skip(1).rev());
    Key::exact(path.join("/") + "/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};

    #[test]
    fn tells_identity_center_s_providers_from_others() {
        let is_own = |name: &str| {
            let arn = format!("arn:aws:iam::123456789012:saml-provider/{name}");
            is_identity_center_provider(&arn, "aws", sample::ACCOUNT)
        };
        assert!(is_own("AWSSSO_cd5bfb301b6c971e_DO_NOT_DELETE") && is_own("AWSSSO_DO_NOT_DELETE"));
        assert!(!is_own("Okta") && !is_own("AWSSSO_cd5bfb30_DO_NOT_DELETE") && !is_own("AWSSSO__DO_NOT_DELETE"));
        assert!(!is_identity_center_provider(sample::PROVIDER, "aws-us-gov", sample::ACCOUNT));
        assert!(!is_identity_center_provider(sample::PROVIDER, "aws", "111122223333"));
    }

    #[test]
    fn a_role_is_known_exactly_or_by_its_shape() {
        let mut evidence = sample::healthy();
        let path = sample::path();
        assert_eq!(role(&evidence, Some(&path)), Text::Exact(sample::ROLE.to_owned()));
        assert_eq!(permission_set_of(&role(&evidence, Some(&path))), Some("RedshiftAnalyst"));
        evidence.target.roles = sample::denied(Call::ListRoles);
        let shape = role(&evidence, Some(&path));
        assert!(
            matches!(&shape, Text::Like(arn) if arn.ends_with("com/*AWSReservedSSO_RedshiftAnalyst_????????????????"))
        );
        assert_eq!(permission_set_of(&shape), Some("RedshiftAnalyst"));
        assert_eq!(permission_set_of(&role(&evidence, None)), None);
    }

    #[test]
    fn the_account_s_place_in_the_tree() {
        let mut evidence = sample::healthy();
        assert_eq!(path_in_organization(&evidence), Key::exact("o-exampleorg/r-root/ou-root-workload/"));
        evidence.account.described = sample::denied(Call::DescribeAccount);
        assert_eq!(path_in_organization(&evidence), Key::like("o-exampleorg/*"));
    }
}
