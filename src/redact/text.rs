//! Names, ids, paths and ARNs: what of them is AWS's own stays, and every other word is replaced.

use super::dictionary::Dictionary;
use super::known;
use super::pieces::{Piece, is_end_of_mark, pieces, wildcards};
use super::policy;

/// Whole values that are AWS's own.
const CONSTANTS: [&str; 5] =
    ["FullAWSAccess", "RCPFullAWSAccess", "p-FullAWSAccess", "p-RCPFullAWSAccess", "AwsSSOInlinePolicy"];

/// With what the resource of an ARN begins, where that is no name.
const RESOURCES: [&str; 20] = [
    "role",
    "assumed-role",
    "federated-user",
    "user",
    "group",
    "policy",
    "saml-provider",
    "oidc-provider",
    "instance-profile",
    "mfa",
    "permissionSet",
    "instance",
    "application",
    "identitystore",
    "membership",
    "account",
    "organization",
    "ou",
    "root",
    "key",
];

/// Every word of AWS's own in names and ARNs.
pub(super) fn own() -> impl Iterator<Item = &'static str> {
    CONSTANTS.into_iter().chain(RESOURCES).chain(["arn"])
}

/// Replaces every word of a value that is not AWS's own.
pub(super) fn replaced(dictionary: &mut Dictionary, text: &str) -> String {
    if CONSTANTS.contains(&text) {
        return text.to_owned();
    }
    if text.starts_with("arn:") {
        return arn(dictionary, text);
    }
    if text.trim_start().starts_with('{')
        && let Some(policy) = policy::replaced(dictionary, text)
    {
        return policy;
    }
    words(dictionary, text)
}

/// Replaces the account and the resource of an ARN, or of a pattern for ARNs, and what else of it is not AWS's own.
fn arn(dictionary: &mut Dictionary, text: &str) -> String {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = fields[..] else { return words(dictionary, text) };
    let mut kept_if = |field: &str, keep: bool| if keep { field.to_owned() } else { words(dictionary, field) };
    let partition = kept_if(partition, known::are_partitions(partition));
    let service = kept_if(service, known::are_services(service));
    let region = kept_if(region, known::are_regions(region));
    let account = kept_if(account, account == "aws");
    let end = resource.find(['/', ':']).unwrap_or(resource.len());
    let (kind, rest) = if RESOURCES.contains(&&resource[..end]) { resource.split_at(end) } else { ("", resource) };
    let rest = if dictionary.gathered().is_policy_of_aws(text) { rest.to_owned() } else { words(dictionary, rest) };
    format!("{arn}:{partition}:{service}:{region}:{account}:{kind}{rest}")
}

/// Replaces the words of a text.
pub(super) fn words(dictionary: &mut Dictionary, text: &str) -> String {
    let pieces = pieces(text);
    if dictionary.is_gathering() {
        note(dictionary, text, &pieces);
    }
    let replace = |(at, piece): (usize, &Piece<'_>)| match *piece {
        Piece::Kept(text) => text.to_owned(),
        Piece::Word(text) if is_end_of_mark(&pieces, at) => text.to_owned(),
        Piece::Word(text) => dictionary.word(text),
        Piece::Id(text) => dictionary.id(text),
    };
    pieces.iter().enumerate().map(replace).collect()
}

/// The words of a text that are replaced, each with the number of characters before it.
pub(super) fn words_of(text: &str) -> Vec<(usize, &str)> {
    let mut before = 0;
    let mut words = Vec::new();
    for piece in pieces(text) {
        let (Piece::Kept(text) | Piece::Word(text) | Piece::Id(text)) = piece;
        if !matches!(piece, Piece::Kept(_)) {
            words.push((before, text));
        }
        before += text.chars().count();
    }
    words
}

/// Takes note of a text, and of the pieces of words in it that wildcards stand beside.
fn note(dictionary: &mut Dictionary, text: &str, pieces: &[Piece<'_>]) {
    let gathered = dictionary.gathered_mut();
    if pieces.iter().any(|piece| !matches!(piece, Piece::Kept(_))) {
        gathered.add_text(text);
    }
    for (at, piece) in pieces.iter().enumerate() {
        let (after_wildcard, before_wildcard) = wildcards(pieces, at);
        let (Piece::Word(text) | Piece::Id(text)) = piece else { continue };
        if (after_wildcard || before_wildcard) && !is_end_of_mark(pieces, at) {
            gathered.add_piece(text, after_wildcard, before_wildcard);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::draw::Draw;

    fn all(texts: &[&str]) -> Vec<String> {
        let mut dictionary = Dictionary::new(Draw::new(0));
        for text in texts {
            assert_eq!(replaced(&mut dictionary, text), *text, "gathering changes nothing");
        }
        dictionary.finish();
        let mut dictionary = dictionary.with_draw(Draw::new(5));
        texts.iter().map(|text| replaced(&mut dictionary, text)).collect()
    }

    #[test]
    fn what_is_aws_s_own_stays() {
        let own = [
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "FullAWSAccess",
            "/aws-reserved/sso.amazonaws.com/eu-west-1/",
            "https://signin.aws.amazon.com/saml",
            "eu-central-1",
            "${path:name.givenName}",
            "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*",
            "arn:aws:iam::*:role/aws-res*",
        ];
        assert_eq!(all(&own), own);
    }

    #[test]
    fn what_is_somebody_s_is_replaced_and_keeps_its_form() {
        let role = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Data_Analyst_7243976e43c75fc5";
        let texts = [
            role,
            "Data_Analyst",
            "123456789012",
            "o-exampleorg/r-ab12/ou-ab12-11111111/123456789012/",
            "ou-ab12-11111111",
        ];
        let [role, set, account, path, unit] = &all(&texts)[..] else { panic!("five") };
        let name = role.rsplit('/').next().unwrap();
        assert_eq!(crate::evidence::permission_set_of_role(name), Some(set.as_str()));
        assert!(role.starts_with(&format!("arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/")));
        assert!(path.ends_with(&format!("/{unit}/{account}/")) && path.starts_with("o-"), "{path}");
        for word in ["example", "ab12", "1111", "analyst", "data"] {
            assert!(![role, set, path].iter().any(|text| text.to_lowercase().contains(word)), "{word}");
        }
    }

    #[test]
    fn a_pattern_matches_what_it_matched() {
        let texts = ["Redshift*", "RedshiftAnalyst", "*:jane.doe", "*/redshift-?nalyst"];
        let [pattern, name, user, other] = &all(&texts)[..] else { panic!("four") };
        assert!(name.starts_with(pattern.trim_end_matches('*')), "{name} {pattern}");
        assert!(user.starts_with("*:") && !user.contains("jane"), "{user}");
        assert!(other.starts_with("*/") && other.contains("-?"), "{other}");
    }

    #[test]
    fn people_named_like_aws_words_are_replaced() {
        for name in ["user", "iam", "a", "aws", "arn", "role", "AIDAN"] {
            assert_ne!(all(&[name])[0], name);
        }
    }
}
