//! What a URL is that should be an access portal's: a portal's, with the instance and Region that it names, or a page of
//! somebody else's. Whatever may be a portal's is left alone.

/// What a URL is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page<'a> {
    /// That of an access portal.
    Portal(Portal<'a>),
    /// That of an access portal, with nothing behind the host's name where something has to stand.
    Unfinished(&'static str),
    /// Something else, whose it is.
    Other(&'static str),
    /// It may be a portal's.
    Unknown,
}

/// What the URL of an access portal tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Portal<'a> {
    /// The directory: `d-…`, or the name that was chosen for it.
    pub(super) directory: Option<&'a str>,
    /// The instance: `ssoins-…`
    pub(super) instance: Option<&'a str>,
    /// The Region that the portal is in, where it says so.
    pub(super) region: Option<&'a str>,
}

impl Portal<'_> {
    /// Whether two URLs may lead to one portal. A directory may have a name beside its id, and an instance a portal in
    /// several Regions, so that most of them cannot be told apart.
    fn may_be(&self, other: &Self) -> bool {
        let is_id = |name: &&str| name.starts_with("d-");
        match (self.instance, other.instance, self.directory, other.directory) {
            (Some(one), Some(other), ..) => one == other,
            (_, _, Some(one), Some(other)) => one == other || is_id(&one) != is_id(&other),
            _ => true,
        }
    }
}

/// The Region that a start URL names.
pub(super) fn region(url: &str) -> Option<&str> {
    match page(url) {
        Page::Portal(portal) => portal.region,
        Page::Unfinished(_) | Page::Other(_) | Page::Unknown => None,
    }
}

/// Whether two URLs may lead to one portal.
pub(super) fn may_be_same(one: &str, other: &str) -> bool {
    match (page(one), page(other)) {
        (Page::Portal(one), Page::Portal(other)) => one.may_be(&other),
        (Page::Unknown, _) | (_, Page::Unknown) => true,
        _ => false,
    }
}

/// Identity providers by where their pages are.
const PROVIDERS: [(&str, &str); 36] = [
    ("okta.com", "Okta's"),
    ("oktapreview.com", "Okta's"),
    ("okta-emea.com", "Okta's"),
    ("okta-gov.com", "Okta's"),
    ("okta.mil", "Okta's"),
    ("microsoftonline.com", "Microsoft Entra ID's"),
    ("microsoftonline.us", "Microsoft Entra ID's"),
    ("microsoftonline.cn", "Microsoft Entra ID's"),
    ("microsoft.com", "Microsoft Entra ID's"),
    ("windowsazure.com", "Microsoft Entra ID's"),
    ("windowsazure.us", "Microsoft Entra ID's"),
    ("office.com", "Microsoft Entra ID's"),
    ("azure.com", "Microsoft Entra ID's"),
    ("google.com", "Google's"),
    ("pingone.com", "Ping Identity's"),
    ("pingone.eu", "Ping Identity's"),
    ("pingone.asia", "Ping Identity's"),
    ("pingone.ca", "Ping Identity's"),
    ("pingone.com.au", "Ping Identity's"),
    ("pingidentity.com", "Ping Identity's"),
    ("jumpcloud.com", "JumpCloud's"),
    ("onelogin.com", "OneLogin's"),
    ("auth0.com", "Auth0's"),
    ("duosecurity.com", "Duo's"),
    ("cyberark.cloud", "CyberArk's"),
    ("cyberark.com", "CyberArk's"),
    ("idaptive.app", "CyberArk's"),
    ("centrify.com", "CyberArk's"),
    ("rippling.com", "Rippling's"),
    ("salesforce.com", "Salesforce's"),
    ("force.com", "Salesforce's"),
    ("vmwareidentity.com", "Omnissa's"),
    ("workspaceoneaccess.com", "Omnissa's"),
    ("forgerock.io", "ForgeRock's"),
    ("securid.com", "RSA's"),
    ("cloudflareaccess.com", "Cloudflare's"),
];

/// What the paths of identity providers hold that people run under names of their own.
const PROVIDER_PATHS: [&str; 8] =
    ["/adfs/", "/saml", "/realms/", "/oauth2/", "/idp/", "/simplesaml/", "/cas/login", "idpinitiated"];

/// The AWS Management Console, in each partition.
const CONSOLES: [&str; 8] = [
    "console.aws.amazon.com",
    "signin.aws.amazon.com",
    "console.amazonaws-us-gov.com",
    "signin.amazonaws-us-gov.com",
    "console.amazonaws.cn",
    "signin.amazonaws.cn",
    "aws.amazon.com",
    "signin.aws",
];

/// Where AWS has services and portals, and may have portals of a form that is newer than this program.
const AWS: [&str; 12] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "awsapps.com",
    "awsapps.cn",
    "amazonwebservices.com",
    "amazonwebservices.com.cn",
    "amazonwebservices.eu",
    "aws",
    "aws.dev",
    "amazon.com",
    "amazonaws-us-gov.com",
];

/// Every domain that tells whose the pages under it are.
pub(crate) fn known_domains() -> impl Iterator<Item = &'static str> {
    PROVIDERS.iter().map(|(domain, _)| *domain).chain(CONSOLES).chain(AWS)
}

/// The domain that a host is under, where it is one that tells whose its pages are.
pub(crate) fn known_domain(host: &str) -> Option<&str> {
    let lower = host.to_ascii_lowercase();
    let longest = known_domains().filter(|domain| is_under(&lower, domain)).map(str::len).max()?;
    host.get(host.len() - longest..)
}

/// Says what a URL is, by its host and path.
pub(super) fn page(url: &str) -> Page<'_> {
    let Some(rest) = url.strip_prefix("https://") else { return Page::Unknown };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.split(':').next().unwrap_or(authority);
    let lower = host.to_ascii_lowercase();
    let under = |domain: &str| is_under(&lower, domain);
    if let Some(found) = portal(host, path) {
        return found;
    }
    if CONSOLES.iter().any(|console| under(console)) {
        return Page::Other("the console's");
    }
    if ["portal.sso.", "device.sso.", "oidc.", "sso.", "scim.", "identitystore."]
        .iter()
        .any(|start| lower.starts_with(start))
        && under("amazonaws.com")
    {
        return Page::Other("an endpoint for programs");
    }
    // A host without a dot or a port of its own stands in for AWS, or is somebody's own business.
    if AWS.iter().any(|domain| under(domain)) || !host.contains('.') || host.parse::<std::net::Ipv4Addr>().is_ok() {
        return Page::Unknown;
    }
    if let Some((_, whose)) = PROVIDERS.iter().find(|(domain, _)| under(domain)) {
        return Page::Other(whose);
    }
    let (path, begins) = (path.to_ascii_lowercase(), ["/start", "/#", "#", "/directory/"]);
    if PROVIDER_PATHS.iter().any(|part| path.contains(part)) {
        Page::Other("an identity provider's")
    } else if begins.iter().any(|start| path.starts_with(start)) {
        Page::Unknown
    } else {
        Page::Other("somebody else's")
    }
}

/// A page under one of the names that access portals have.
fn portal<'a>(host: &'a str, path: &'a str) -> Option<Page<'a>> {
    let labels: Vec<&str> = host.split('.').collect();
    let first = path.trim_matches(['/', '#']).split(['/', '?', '#']).next().unwrap_or_default();
    let directory = || {
        let named = path.strip_prefix("/directory/").and_then(|rest| rest.split(['/', '?', '#']).next());
        named.filter(|name| !name.is_empty())
    };
    let in_directory = |region: Option<&'a str>| match directory() {
        None if first.is_empty() || first == "directory" => Page::Unfinished("/directory/ and the directory's name"),
        None => Page::Unknown,
        directory => Page::Portal(Portal { directory, region, instance: None }),
    };
    let of_instance =
        |instance, region| Page::Portal(Portal { instance: Some(instance), region: Some(region), directory: None });
    Some(match labels[..] {
        ["start", "us-gov-home", "awsapps", "com"] | ["start", "home", "awsapps", "cn"] => in_directory(None),
        ["start", region, "us-gov-home", "awsapps", "com"] | ["start", region, "home", "awsapps", "cn"] => {
            in_directory(Some(region))
        }
        [_, "awsapps", "com"] if first.is_empty() => Page::Unfinished("/start"),
        [directory, "awsapps", "com"] if first.starts_with("start") => {
            Page::Portal(Portal { directory: Some(directory), ..Portal::default() })
        }
        [instance, "portal", region, "app", "aws" | "amazonwebservices", ..]
        | [instance, region, "portal", "amazonaws", ..] => of_instance(instance, region),
        ["identitycenter", .., "amazonaws", "com"] | ["identitycenter", "amazonaws", "com", "cn"]
            if first.starts_with("ssoins-") =>
        {
            Page::Portal(Portal { instance: Some(first), ..Portal::default() })
        }
        _ => return None,
    })
}

fn is_under(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests;
