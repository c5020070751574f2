//! What attributes for access control may be taken from, by the paths under which their sources name it.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_identitystore::operation::describe_user::DescribeUserOutput;
use aws_sdk_identitystore::types::User;
use aws_smithy_types::Document;

use crate::evidence::ENTRIES;

/// The extension that holds cost centre, department and the like; it comes only where it is asked for.
pub(super) const ENTERPRISE: &str = "aws:identitystore:enterprise";

/// The user's attributes by path.
pub(super) fn of(user: &DescribeUserOutput) -> BTreeMap<String, String> {
    let mut attributes: BTreeMap<String, String> = plain(user);
    for entry in ENTRIES {
        let is_meant = |kind: Option<&str>, primary: bool| match entry {
            "primary eq true" => primary,
            typed => kind.is_some_and(|kind| typed == format!("type eq \"{kind}\"")),
        };
        let mut add = |list: &str, member: &str, value: Option<&str>| {
            if let Some(value) = value {
                attributes.insert(format!("{list}[{entry}].{member}"), value.to_owned());
            }
        };
        if let Some(one) = user.addresses().iter().find(|one| is_meant(one.r#type(), one.primary())) {
            add("addresses", "streetAddress", one.street_address());
            add("addresses", "locality", one.locality());
            add("addresses", "region", one.region());
            add("addresses", "postalCode", one.postal_code());
            add("addresses", "country", one.country());
            add("addresses", "formatted", one.formatted());
        }
        if let Some(one) = user.phone_numbers().iter().find(|one| is_meant(one.r#type(), one.primary())) {
            add("phoneNumbers", "value", one.value());
        }
        if let Some(one) = user.emails().iter().find(|one| is_meant(one.r#type(), one.primary())) {
            add("emails", "value", one.value());
        }
    }
    let extension = user.extensions().and_then(|extensions| extensions.get(ENTERPRISE)).and_then(Document::as_object);
    if let Some(members) = extension {
        flatten("enterprise", members, &mut attributes);
    }
    attributes
}

/// The same of a user of a list, which tells as much of each as describing them does.
pub(super) fn of_listed(user: &User) -> BTreeMap<String, String> {
    let described = DescribeUserOutput::builder()
        .identity_store_id(&user.identity_store_id)
        .user_id(&user.user_id)
        .user_arn(&user.user_arn)
        .revision(&user.revision)
        .set_user_name(user.user_name.clone())
        .set_name(user.name.clone())
        .set_display_name(user.display_name.clone())
        .set_nick_name(user.nick_name.clone())
        .set_profile_url(user.profile_url.clone())
        .set_emails(user.emails.clone())
        .set_addresses(user.addresses.clone())
        .set_phone_numbers(user.phone_numbers.clone())
        .set_user_type(user.user_type.clone())
        .set_title(user.title.clone())
        .set_preferred_language(user.preferred_language.clone())
        .set_locale(user.locale.clone())
        .set_timezone(user.timezone.clone())
        .set_extensions(user.extensions.clone())
        .build();
    described.map(|described| of(&described)).unwrap_or_default()
}

fn plain(user: &DescribeUserOutput) -> BTreeMap<String, String> {
    let name = user.name();
    let email = user.emails().iter().find(|email| email.primary()).or_else(|| user.emails().first());
    let values = [
        ("userName", user.user_name()),
        ("displayName", user.display_name()),
        ("nickName", user.nick_name()),
        ("profileUrl", user.profile_url()),
        ("userType", user.user_type()),
        ("title", user.title()),
        ("preferredLanguage", user.preferred_language()),
        ("locale", user.locale()),
        ("timezone", user.timezone()),
        ("name.formatted", name.and_then(|name| name.formatted())),
        ("name.givenName", name.and_then(|name| name.given_name())),
        ("name.familyName", name.and_then(|name| name.family_name())),
        ("name.middleName", name.and_then(|name| name.middle_name())),
        ("name.honorificPrefix", name.and_then(|name| name.honorific_prefix())),
        ("name.honorificSuffix", name.and_then(|name| name.honorific_suffix())),
        ("emails[primary eq true].value", email.and_then(|email| email.value())),
    ];
    values.into_iter().filter_map(|(path, value)| Some((path.to_owned(), value?.to_owned()))).collect()
}

/// Members of members by their path.
fn flatten(above: &str, members: &HashMap<String, Document>, attributes: &mut BTreeMap<String, String>) {
    for (name, value) in members {
        let path = format!("{above}.{name}");
        match value {
            Document::String(text) => {
                attributes.insert(path, text.clone());
            }
            Document::Object(members) => flatten(&path, members, attributes),
            Document::Array(_) | Document::Number(_) | Document::Bool(_) | Document::Null => {}
        }
    }
}
