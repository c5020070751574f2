//! What is AWS's own, by the kind of word it is. Whatever is not in a list here is taken for somebody's, however much it
//! looks like AWS's: a name that is newer than the lists is replaced too, which harms nobody.
//!
//! `known/actions.txt` and `known/condition_keys.txt` are those of the Service Authorization Reference and of the AWS SDK's
//! models, a line for each service, and the global condition keys of the IAM User Guide (`scripts/known_words.py` writes
//! them anew); `known/codes.txt` has the errors, states, types of policy and ways to sign in of the services that idc asks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::packed::packed;

const REGIONS: [&str; 42] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-west-1",
    "us-west-2",
];
/// Regions of partitions that few people see.
const SECRET_REGIONS: [&str; 4] = ["us-isob-east-1", "us-isob-west-1", "us-isof-east-1", "us-isof-south-1"];

const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-us-gov"];

/// AWS managed policies that are known without asking: those that grant or deny everything, and those for jobs. That
/// AWS keeps another one counts as shown where AWS itself said so.
pub(super) const POLICIES: [&str; 18] = [
    "AWSDenyAll",
    "AWSLambdaFullAccess",
    "AdministratorAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "IAMFullAccess",
    "IAMReadOnlyAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "job-function/Billing",
    "job-function/DataScientist",
    "job-function/DatabaseAdministrator",
    "job-function/NetworkAdministrator",
    "job-function/SupportUser",
    "job-function/SystemAdministrator",
    "job-function/ViewOnlyAccess",
    "ViewOnlyAccess",
];

/// What the parts of paths to a user's attributes are called.
const ATTRIBUTES: [&str; 44] = [
    "addresses",
    "costCenter",
    "country",
    "department",
    "displayName",
    "division",
    "emails",
    "employeeNumber",
    "enterprise",
    "eq",
    "familyName",
    "formatted",
    "givenName",
    "groups",
    "home",
    "honorificPrefix",
    "honorificSuffix",
    "id",
    "locale",
    "locality",
    "manager",
    "middleName",
    "name",
    "nickName",
    "organization",
    "other",
    "phoneNumbers",
    "photos",
    "postalCode",
    "preferredLanguage",
    "primary",
    "profileUrl",
    "region",
    "roles",
    "streetAddress",
    "timezone",
    "title",
    "true",
    "type",
    "userName",
    "userType",
    "value",
    "website",
    "work",
];

type ByService = BTreeMap<String, Vec<&'static str>>;

static ACTIONS: LazyLock<ByService> = LazyLock::new(|| by_service(packed!("src/redact/known/actions.txt")));
static CONDITION_KEYS: LazyLock<ByService> =
    LazyLock::new(|| by_service(packed!("src/redact/known/condition_keys.txt")));
static CODES: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| packed!("src/redact/known/codes.txt").split_whitespace().collect());

fn by_service(table: &'static str) -> ByService {
    let line = |line: &'static str| {
        let mut words = line.split(' ');
        Some((words.next()?.to_ascii_lowercase(), words.collect()))
    };
    table.lines().filter_map(line).collect()
}

/// Whether a text is the name of a Region.
pub(super) fn is_region(text: &str) -> bool {
    REGIONS.contains(&text) || SECRET_REGIONS.contains(&text)
}

/// Whether a text names Regions, perhaps by a pattern, or is the empty field of a global service.
pub(super) fn are_regions(pattern: &str) -> bool {
    pattern.is_empty() || REGIONS.iter().chain(&SECRET_REGIONS).any(|region| fits(pattern, region))
}

/// Whether a text names partitions, perhaps by a pattern.
pub(super) fn are_partitions(pattern: &str) -> bool {
    PARTITIONS.iter().any(|partition| fits(pattern, partition))
}

/// Whether a text names a service as actions and ARNs do.
pub(super) fn is_service(name: &str) -> bool {
    // The prefix of actions is not always that of ARNs or of the service's principal.
    const OTHERS: [&str; 4] = ["identitycenter", "monitoring", "saml", "stacksets.cloudformation"];
    ACTIONS.contains_key(&name.to_ascii_lowercase()) || OTHERS.contains(&name)
}

/// Whether a text names services, perhaps by a pattern.
pub(super) fn are_services(pattern: &str) -> bool {
    is_service(pattern) || (has_wildcard(pattern) && ACTIONS.keys().any(|service| fits(pattern, service)))
}

/// Whether a text names actions, perhaps by a pattern: `*`, `s3:Get*`.
pub(super) fn are_actions(text: &str) -> bool {
    let Some((service, pattern)) = text.split_once(':') else { return text == "*" };
    match ACTIONS.get(&service.to_ascii_lowercase()) {
        Some(actions) => pattern == "*" || actions.iter().any(|action| fits(pattern, action)),
        None => pattern == "*" && are_services(service),
    }
}

/// Whether a text is a condition key: `aws:PrincipalOrgID`, `SAML:aud`; of the key of a tag, what stands before the slash.
pub(super) fn is_condition_key(name: &str) -> bool {
    name.split_once(':').is_some_and(|(service, name)| {
        let keys = CONDITION_KEYS.get(&service.to_ascii_lowercase());
        keys.is_some_and(|keys| keys.iter().any(|key| key.eq_ignore_ascii_case(name)))
    })
}

/// Whether a text is the name of an error, a state, a type of policy or a way to sign in, or several of them.
pub(super) fn is_code(text: &str) -> bool {
    let of_http = |code: &str| {
        code.strip_prefix("Http").is_some_and(|status| status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit()))
    };
    text.split(',').all(|code| CODES.contains(code) || of_http(code))
}

/// Whether a text is a path to a user's attribute: `name.givenName`, `emails[primary eq true].value`.
pub(super) fn is_attribute(path: &str) -> bool {
    let signs = |c: char| ".:[] \"".contains(c);
    path.chars().all(|c| c.is_ascii_alphanumeric() || signs(c))
        && path.split(signs).filter(|part| !part.is_empty()).all(|part| ATTRIBUTES.contains(&part))
}

/// Every word of the lists in lower case: what is spelt like one cannot be told from it.
pub(super) fn words() -> BTreeSet<String> {
    let names = [&*ACTIONS, &*CONDITION_KEYS].into_iter().flatten();
    let names = names.flat_map(|(service, names)| names.iter().copied().chain([service.as_str()]));
    let others = REGIONS.iter().chain(&SECRET_REGIONS).chain(&PARTITIONS).chain(&POLICIES).chain(&ATTRIBUTES);
    let all = names.chain(others.copied()).chain(CODES.iter().copied());
    all.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric())).map(str::to_ascii_lowercase).collect()
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether a name fits a pattern with `*` and `?`, whatever its case.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut read) = (0, 0);
    // Where the last `*` was, and how far the name was read then.
    let mut star = None;
    while read < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(b'?') => (at, read) = (at + 1, read + 1),
            Some(letter) if letter.eq_ignore_ascii_case(&name[read]) => (at, read) = (at + 1, read + 1),
            _ => match star.as_mut() {
                Some((before, taken)) => {
                    *taken += 1;
                    (at, read) = (*before + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_regions_and_nothing_like_them() {
        for region in
            ["us-east-1", "us-gov-west-1", "ap-southeast-7", "us-iso-east-1", "mx-central-1", "us-isof-south-1"]
        {
            assert!(is_region(region), "{region}");
        }
        for other in ["acme-west-2", "us-east", "us-west-3", "prod-data-1", "us-east-1a", "", "*"] {
            assert!(!is_region(other), "{other}");
        }
        assert!(are_regions("us-*") && are_regions("") && !are_regions("acme-*"));
        assert!(are_partitions("aws*") && are_partitions("*") && !are_partitions("acme"));
    }

    #[test]
    fn knows_actions_and_nothing_like_them() {
        for action in
            ["*", "s3:*", "S3:getobject", "ec2:Describe*", "sts:AssumeRoleWith????", "*:*", "account-access:Get*"]
        {
            assert!(are_actions(action), "{action}");
        }
        for other in ["acmecorp:DoThing", "acmecorp:*", "s3:GetPayroll", "s3:*Payroll*", "GetObject", "", "acme*:*"] {
            assert!(!are_actions(other), "{other}");
        }
        let own = crate::evidence::Call::ALL.iter().map(|call| call.action());
        for action in own {
            assert!(are_actions(action), "{action}");
        }
    }

    #[test]
    fn knows_condition_keys_and_codes_and_nothing_like_them() {
        for key in ["aws:PrincipalOrgID", "SAML:aud", "saml:AUD", "identitystore:UserId", "aws:PrincipalTag"] {
            assert!(is_condition_key(key), "{key}");
        }
        for other in ["gitlab.acmecorp.com:sub", "aws:Acme", "acme:team", "SAML", "saml:acme"] {
            assert!(!is_condition_key(other), "{other}");
        }
        for code in ["AccessDeniedException", "IN_PROGRESS", "PASSWORD,TOTP", "SERVICE_CONTROL_POLICY", "Http502"] {
            assert!(is_code(code), "{code}");
        }
        for other in ["ACME_PAYROLL_POLICY", "AcmePayrollException", "", "TOTP,ACME", "Http5021"] {
            assert!(!is_code(other), "{other}");
        }
    }

    #[test]
    fn every_key_that_policies_are_judged_by_is_known() {
        let known = words();
        for key in ["principalarn", "principaltag", "sourcevpce", "assumerolewithsaml", "userid", "throttlingexception"]
        {
            assert!(known.contains(key), "{key}");
        }
        assert!(is_attribute("emails[primary eq true].value") && !is_attribute("acme.value"));
    }
}
