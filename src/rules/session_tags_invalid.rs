//! An attribute for access control makes an invalid session tag.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Gaps, Person, Principal, PrincipalType};
use crate::model::{SetInAccount, fixes};

rule! {
    gate: Gate::Session,
    worst: Worst::Blocks,
    clear: "session tags are valid",
    summary: "an attribute for access control makes an invalid session tag",
    check: Check::UserInSession(check),
}

/// What AWS STS takes (AWS Security Token Service API Reference, Tag): at most 50 tags, keys of up to 128 and values of
/// up to 256 characters.
const MOST_TAGS: usize = 50;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

fn check(here: SetInAccount<'_>, person: Person<'_>) -> Judged {
    let fact = here.attributes();
    let Some(attributes) = fact.known()? else { return Ok(Outcome::NotApplicable) };
    match attributes.status.as_deref() {
        Some("ENABLED") => {}
        Some("CREATION_IN_PROGRESS" | "CREATION_FAILED") => return Ok(Outcome::NotApplicable),
        other => {
            let status = other.unwrap_or("no status");
            return Err(fact
                .unclear(format!("attributes for access control have {status}, which decides nothing"))
                .into());
        }
    }
    let described = &person.user.described;
    let Some(user) = described.known()? else { return Ok(Outcome::NotApplicable) };
    let mut wrong = Vec::new();
    let mut passed: Vec<&String> = Vec::new();
    let mut gaps = Gaps::default();
    if attributes.sources.len() > MOST_TAGS {
        wrong.push(format!(
            "{} attributes are configured, and a session takes {MOST_TAGS} tags",
            attributes.sources.len()
        ));
    }
    for (key, sources) in &attributes.sources {
        if key.chars().count() > LONGEST_KEY
            || key.to_ascii_lowercase().starts_with("aws:")
            || !key.chars().all(is_tag_character)
        {
            wrong.push(format!("{key:?} cannot be a tag's key"));
        }
        for source in sources {
            let name = source.strip_prefix("${path:").and_then(|rest| rest.strip_suffix('}')).unwrap_or(source);
            let value = user.attribute(source).map_err(|why| described.unclear(format!("attribute {key}: {why}")));
            // An attribute that the user has not is passed on as no tag at all.
            let Some(Some(value)) = gaps.keep(value) else { continue };
            passed.push(key);
            let length = value.chars().count();
            if length > LONGEST_VALUE {
                wrong.push(format!(
                    "{key}, taken from {name}, has {length} characters, and a tag takes {LONGEST_VALUE}"
                ));
            } else if let Some(character) = value.chars().find(|c| !is_tag_character(*c)) {
                wrong.push(format!("{key}, taken from {name}, holds {character:?}, which no tag may hold"));
            }
        }
    }
    // AWS STS takes no two keys that differ in upper and lower case only.
    if let Some((one, other)) = same_but_for_case(&passed) {
        wrong.push(format!("{one} and {other} are the same key to AWS STS"));
    }
    let Some(first) = wrong.first() else { return gaps.none_or_err().map(|()| Outcome::Clear) };
    let name = person.label();
    let message = format!(
        "The attributes for access control of {name} make a session tag that AWS STS refuses, so no session of permission set \
         {} begins: {first}.",
        here.label()
    );
    let member = Principal { kind: PrincipalType::User, id: user.id.clone() };
    let external = fixes::is_external(here.in_instance(), &member);
    let mend = if external {
        format!("Change that attribute of {name} in your identity provider")
    } else {
        format!("Change that attribute of {name} in the identity store")
    };
    let fault = Fault::blocks(message, fact.cite(wrong.join("; ")))
        .proved_by(described.cite(format!("the attributes of {name}")))
        .fix(mend, None)
        .mended_by([Fix::new("Or take the attribute out of the instance's attributes for access control", None)
            .careful("policies that allow by this tag then allow nobody anything")]);
    // What an identity provider sends itself cannot be seen here, and may stand in the attribute's place.
    if external { fault.likely().found() } else { fault.found() }
}

fn same_but_for_case<'a>(keys: &[&'a String]) -> Option<(&'a str, &'a str)> {
    let pairs = keys.iter().enumerate().flat_map(|(at, one)| keys.iter().skip(at + 1).map(move |other| (one, other)));
    let same = |(one, other): &(&&String, &&String)| one != other && one.to_lowercase() == other.to_lowercase();
    pairs.into_iter().find(same).map(|(one, other)| (one.as_str(), other.as_str()))
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`, as AWS STS has it: letters, separators and numbers of any script, and a few signs. A
/// vowel sign or another mark that a script writes beside its letters is none of these.
fn is_tag_character(c: char) -> bool {
    let group = c.general_category_group();
    matches!(group, GeneralCategoryGroup::Letter | GeneralCategoryGroup::Separator | GeneralCategoryGroup::Number)
        || "_.:/=+-@".contains(c)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{AccessControlAttributes, Call, sample};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    fn with(source: &str, value: &str) -> Judged {
        let mut evidence = sample::healthy();
        let sources = BTreeMap::from([("CostCenter".to_owned(), vec![format!("${{path:{source}}}")])]);
        let attributes = AccessControlAttributes { status: Some("ENABLED".into()), sources };
        let call = Call::DescribeInstanceAccessControlAttributeConfiguration;
        evidence.attributes = sample::known(call, Some(attributes));
        let mut user = evidence.user.described.known().cloned().expect("known").expect("there");
        user.attributes.insert("title".to_owned(), value.to_owned());
        evidence.user.described = sample::known(Call::DescribeUser, Some(user));
        check(&evidence, &path())
    }

    #[test]
    fn a_tag_takes_some_characters_and_not_too_many() {
        assert_eq!(check(&sample::healthy(), &path()), Ok(Outcome::NotApplicable));
        assert_eq!(with("title", "Ärztin: Forschung + Lehre/2"), Ok(Outcome::Clear));
        assert_eq!(with("nickName", "not there"), Ok(Outcome::Clear));
        assert!(matches!(with("title", "R&D"), Ok(Outcome::Fault(_))));
        assert!(matches!(with("title", &"x".repeat(257)), Ok(Outcome::Fault(_))));
        assert!(with("addresses", "x").is_err());
        // A vowel sign is no letter to AWS, and neither is an accent that stands by itself.
        assert!(matches!(with("title", "हिन्दी"), Ok(Outcome::Fault(_))));
        assert!(matches!(with("title", "e\u{301}"), Ok(Outcome::Fault(_))));
        assert_eq!(with("title", "é 李 Ⅷ ½\u{a0}x"), Ok(Outcome::Clear));
    }
}
