//! The requests that policies are asked about, with what AWS documents of them: the call with which Identity Center
//! takes somebody into an account, and the calls of the session that it gives. See "AWS global condition context keys"
//! in the IAM User Guide for when each key is there.

mod session;

use crate::evidence::{Gap, InAccount, InInstance, Person};
use crate::iam_policy::{Caller, Context, HEX_DIGIT, Key, Request, Text};
use crate::model::SetInAccount;
use crate::model::organization_policies;
use crate::model::permission_set_role::{self, ROLE_PATH, role_path};

pub use session::{NEVER_THERE, OF_ITS_OWN, PERSON, session};

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

/// Keys of calls through a VPC endpoint.
const VPC: &[&str] = &[
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceVpcArn",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
];

/// Keys of calls with the credentials of an instance.
const INSTANCE: &[&str] = &["aws:Ec2InstanceSourceVpc", "aws:Ec2InstanceSourcePrivateIPv4"];

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
pub fn role(here: InAccount<'_>, set: Option<SetInAccount<'_>>) -> Text {
    if let Some(role) = set.and_then(|set| permission_set_role::role_of(set).ok().flatten()) {
        return Text::Exact(role.arn.clone());
    }
    let partition = here.instance().map_or("*", |instance| instance.partition());
    let account = here.account().id.as_deref().unwrap_or("*");
    let set = set.and_then(|set| set.permission_set_name(set.arn).ok().flatten());
    let name = match set {
        Some(set) => role_name_to_come(set),
        None => "AWSReservedSSO_*".to_owned(),
    };
    // The home Region may stand between path and name.
    let path = role_path(here).unwrap_or_else(|| format!("{ROLE_PATH}*"));
    Text::Like(format!("arn:{partition}:iam::{account}:role{path}{name}"))
}

/// The shape of the name of a permission set's role that is not there yet.
fn role_name_to_come(set: &str) -> String {
    format!("AWSReservedSSO_{set}_{}", HEX_DIGIT.to_string().repeat(16))
}

/// Whether Identity Center passes session tags, for this person or for anybody. `Err` where that cannot be told.
pub fn passes_tags(here: InInstance<'_>, person: Option<Person<'_>>) -> Result<bool, Gap> {
    let fact = here.attributes();
    let Some(attributes) = fact.known()? else { return Ok(false) };
    match attributes.status.as_deref() {
        Some("ENABLED") => {}
        Some("CREATION_IN_PROGRESS" | "CREATION_FAILED") => return Ok(false),
        other => {
            return Err(fact.unclear(format!("attributes for access control have {}", other.unwrap_or("no status"))));
        }
    }
    let Some(person) = person else { return Err(fact.unclear("which of them a session has hangs on the user")) };
    let Some(user) = person.user.described.known()? else { return Ok(false) };
    let mut sources = attributes.sources.values().flatten();
    if sources.any(|source| matches!(user.attribute(source), Ok(Some(_)))) {
        return Ok(true);
    }
    Err(fact.unclear("attributes that an identity provider sends by itself cannot be seen"))
}

/// An action on a role by Identity Center with a SAML assertion, for whom `provider` vouches where it is known.
pub fn saml_call(
    here: InAccount<'_>,
    person: Option<Person<'_>>,
    action: &str,
    role: Text,
    provider: Option<&str>,
) -> Request {
    let account = here.account().id.as_deref();
    let audience = here.instance().ok().and_then(|instance| audience(instance.partition()));
    let tags = if passes_tags(here.in_instance(), person) == Ok(false) { Key::Absent } else { Key::Unknown };
    // AWS documents `anonymous` for calls without a signature; an account could only be the role's own.
    let callers = [Some("anonymous"), account].into_iter().flatten().map(Key::exact);
    let context = call_to_sts(here)
        .with(SIGNER, Key::Absent)
        .with(SERVICE, Key::Absent)
        .with(VPC, Key::Absent)
        .with(INSTANCE, Key::Absent)
        .with(&["aws:PrincipalAccount"], Key::OneOf(callers.collect()))
        .with(&["aws:PrincipalType", "aws:userid"], Key::present())
        .with(&["aws:CurrentTime", "aws:EpochTime", "aws:RequestedRegion"], Key::present())
        // An address of AWS's own, and not the user's.
        .with(&["aws:SourceIp"], Key::present())
        .with(&["aws:RequestTag/", "aws:TagKeys"], tags)
        .with(&["SAML:aud"], audience.map_or(Key::Unknown, Key::exact));
    Request { action: action.to_owned(), resource: role, caller: Caller::Saml(provider.map(str::to_owned)), context }
}

/// A call to AWS STS about a role of the account, of which only that is known.
pub fn call_to_sts(here: InAccount<'_>) -> Context {
    let organization = here.organization().known().ok().and_then(Option::as_ref);
    let known = |value: Option<&str>| value.map_or(Key::Unknown, Key::exact);
    Context::new(Key::Unknown)
        .of_calls_to("sts", Key::Unknown)
        .with(&["aws:SecureTransport"], Key::exact("true"))
        .with(&["aws:ViaAWSService"], Key::exact("false"))
        .with(&["aws:ResourceAccount"], known(here.account().id.as_deref()))
        .with(&["aws:ResourceOrgID"], known(organization.map(|organization| organization.id.as_str())))
        .with(&["aws:ResourceOrgPaths"], path_in_organization(here))
}

/// Where the account stands in the organization: `o-…/r-…/ou-…/`.
fn path_in_organization(here: InAccount<'_>) -> Key {
    let organization = here.organization().known().ok().and_then(Option::as_ref);
    let (Some(organization), Some(account)) = (organization, here.account().id.as_deref()) else {
        return Key::Unknown;
    };
    let (chain, gaps) = organization_policies::chain(here, account);
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
    use crate::evidence::{Call, Evidence, sample};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;

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

    fn of(evidence: &Evidence, path: &Assigned) -> Text {
        let here = evidence.in_account();
        role(here, Some(SetInAccount::of(here, path)))
    }

    #[test]
    fn a_role_is_known_exactly_or_by_its_shape() {
        let mut evidence = sample::healthy();
        let path = path();
        assert_eq!(of(&evidence, &path), Text::Exact(sample::ROLE.to_owned()));
        evidence.account.inside.roles = sample::denied(Call::ListRoles);
        let shape = |evidence: &Evidence| match of(evidence, &path) {
            Text::Like(arn) => arn.replace(HEX_DIGIT, "#"),
            Text::Exact(arn) => panic!("{arn} is not known"),
        };
        let name = "AWSReservedSSO_RedshiftAnalyst_################";
        let root = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/";
        assert_eq!(shape(&evidence), format!("{root}{name}"));
        let mut instances = evidence.instances.known().expect("known").clone();
        for (region, path) in [(Some("eu-west-1"), "eu-west-1/"), (None, "*")] {
            instances[0].primary_region = region.map(str::to_owned);
            evidence.instances = sample::known(Call::ListInstances, instances.clone());
            assert_eq!(shape(&evidence), format!("{root}{path}{name}"));
        }
        evidence.organization = sample::denied(Call::DescribeOrganization);
        instances[0].primary_region = Some("eu-west-1".to_owned());
        evidence.instances = sample::known(Call::ListInstances, instances);
        assert_eq!(shape(&evidence), format!("{root}*{name}"), "it may be the management account");
    }

    #[test]
    fn the_account_s_place_in_the_tree() {
        let mut evidence = sample::healthy();
        assert_eq!(path_in_organization(evidence.in_account()), Key::exact("o-exampleorg/r-root/ou-root-workload/"));
        evidence.account.described = sample::denied(Call::DescribeAccount);
        assert_eq!(path_in_organization(evidence.in_account()), Key::like("o-exampleorg/*"));
    }
}
