//! The user's attributes under the paths by which attributes for access control take them. A path that was not read, or
//! that is of a kind not known here, is not known: it is never "the user has none".

use super::User;

/// Paths that have been read ever since attributes are.
const PLAIN: [&str; 16] = [
    "userName",
    "displayName",
    "nickName",
    "profileUrl",
    "userType",
    "title",
    "preferredLanguage",
    "locale",
    "timezone",
    "name.formatted",
    "name.givenName",
    "name.familyName",
    "name.middleName",
    "name.honorificPrefix",
    "name.honorificSuffix",
    "emails[primary eq true].value",
];
/// Paths of the enterprise extension.
const ENTERPRISE: [&str; 6] = [
    "enterprise.employeeNumber",
    "enterprise.costCenter",
    "enterprise.organization",
    "enterprise.division",
    "enterprise.department",
    "enterprise.manager.value",
];
/// Lists with the members that are read of each entry.
const LISTS: [(&str, &[&str]); 3] = [
    ("addresses", &["streetAddress", "locality", "region", "postalCode", "country", "formatted"]),
    ("emails", &["value"]),
    ("phoneNumbers", &["value"]),
];
/// Which entry of a list is meant.
pub const ENTRIES: [&str; 4] = ["primary eq true", "type eq \"work\"", "type eq \"home\"", "type eq \"other\""];

impl User {
    /// The value that a source of an attribute for access control gives, as `${path:title}`; `None` where the user has
    /// none. `Err`: why that is not known.
    pub fn attribute(&self, source: &str) -> Result<Option<&str>, String> {
        let Some(path) = source.strip_prefix("${path:").and_then(|rest| rest.strip_suffix('}')) else {
            return Err(format!("{source} is not a source that idc reads"));
        };
        if let Some(value) = self.attributes.get(path) {
            return Ok(Some(value));
        }
        // Whoever was only listed by an earlier version of idc has none that were read.
        if self.attributes.is_empty() {
            return Err(format!("{path} was not read"));
        }
        if PLAIN.contains(&path) || (self.extended && is_of_extension(path)) {
            return Ok(None);
        }
        Err(format!("{path} was not read"))
    }
}

fn is_of_extension(path: &str) -> bool {
    let entry = |(list, members): &(&str, &[&str])| {
        let rest = path.strip_prefix(list)?.strip_prefix('[')?;
        let (filter, member) = rest.split_once("].")?;
        Some(ENTRIES.contains(&filter) && members.contains(&member))
    };
    ENTERPRISE.contains(&path) || LISTS.iter().any(|list| entry(list) == Some(true))
}

#[cfg(test)]
mod tests {
    use crate::evidence::sample;

    #[test]
    fn what_was_not_read_is_not_none() {
        let mut user = sample::healthy().user.described.known().cloned().expect("known").expect("there");
        user.extended = false;
        assert_eq!(user.attribute("${path:userName}"), Ok(Some("jane.doe")));
        assert_eq!(user.attribute("${path:title}"), Ok(None));
        let extended = [
            "${path:enterprise.costCenter}",
            "${path:addresses[primary eq true].streetAddress}",
            "${path:addresses[type eq \"work\"].formatted}",
            "${path:phoneNumbers[type eq \"work\"].value}",
        ];
        assert!(extended.iter().all(|source| user.attribute(source).is_err()));
        user.extended = true;
        assert!(extended.iter().all(|source| user.attribute(source) == Ok(None)));
        let unread = crate::evidence::User { attributes: std::collections::BTreeMap::new(), ..user.clone() };
        assert!(unread.attribute("${path:title}").is_err(), "nothing of theirs was read");
        for source in ["${user:email}", "${path:addresses[type eq \"boat\"].formatted}", "${path:roles}", "title"] {
            assert!(user.attribute(source).is_err(), "{source}");
        }
    }
}
