//! The pieces of a text: words that are somebody's, ids, and what is AWS's own or no word at all. Nothing is lost: the
//! pieces in their order are the text.

use super::dictionary::is_hex_id;
use super::known::{self, is_region};

/// What AWS begins names and parts of paths with; where one begins another, the longer one comes first.
const MARKS: [&str; 10] = [
    "aws-reserved/sso.amazonaws.com",
    "aws-reserved",
    "aws-service-role",
    "service-role",
    "sso.amazonaws.com",
    "signin.aws.amazon.com/saml",
    "signin.amazonaws-us-gov.com/saml",
    "signin.amazonaws.cn/saml",
    "AWSReservedSSO_",
    "AWSSSO_",
];

/// What AWS puts into names and addresses wherever that is. No wildcard stands for a piece of it.
const ANYWHERE: [&str; 17] = [
    "_DO_NOT_DELETE",
    "https://",
    ".amazonaws.com",
    ".awsapps.com",
    "https://console.aws.amazon.com",
    "https://signin.aws.amazon.com/saml",
    "https://signin.aws.amazon.com",
    "https://start.us-gov-home.awsapps.com/directory/",
    "https://start.home.awsapps.cn/directory/",
    "http://",
    ".console.aws.amazon.com",
    ".signin.aws.amazon.com/saml",
    ".signin.aws.amazon.com",
    ".awsapps.com/start",
    ".portal.",
    ".app.aws",
    ".app.amazonwebservices.com.cn",
];

/// With what AWS begins ids, before a dash.
const ID_KINDS: [&str; 12] = ["o", "r", "ou", "p", "d", "ssoins", "ps", "apl", "ent", "tmpl", "vpc", "vpce"];

/// With what IAM begins unique ids.
const UNIQUE_IDS: [&str; 8] = ["AROA", "AIDA", "ASIA", "AKIA", "AGPA", "ANPA", "ANVA", "AIPA"];

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// AWS's own, or no word at all.
    Kept(&'a str),
    /// A word of somebody's.
    Word(&'a str),
    /// A random id.
    Id(&'a str),
}

/// Cuts a text into its pieces.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    // Whether a part between slashes or dots begins here, and whether it is an id.
    let (mut begins, mut in_id) = (true, false);
    while let Some(first) = rest.chars().next() {
        let (piece, length) = next_piece(rest, first, begins, &mut in_id);
        begins = matches!(piece, Piece::Kept(text) if text.ends_with(['/', ':', '.', '*']));
        in_id &= !matches!(first, '/' | ':' | ' ');
        pieces.push(piece);
        rest = &rest[length..];
    }
    pieces
}

fn next_piece<'a>(rest: &'a str, first: char, begins: bool, in_id: &mut bool) -> (Piece<'a>, usize) {
    let kept = |length: usize| (Piece::Kept(&rest[..length]), length);
    let ends_there = |mark: &str| !mark.ends_with(is_of_word) || !rest[mark.len()..].starts_with(is_of_word);
    let anywhere = ANYWHERE.iter().filter(|mark| rest.starts_with(**mark) && ends_there(mark));
    let anywhere = anywhere.map(|mark| mark.len()).max();
    let beginning = || if begins { mark(rest).or_else(|| beginning_of_mark(rest)) } else { None };
    if let Some(length) = anywhere.or_else(|| variable(rest)).or_else(beginning) {
        return kept(length);
    }
    if !is_of_word(first) {
        return kept(first.len_utf8());
    }
    if let Some(length) = guid(rest) {
        return (Piece::Id(&rest[..length]), length);
    }
    let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
    let (word, behind) = rest.split_at(end);
    if begins {
        let part = &rest[..rest.find(['/', ':', '.', '*', '?']).unwrap_or(rest.len())];
        let wildcard = rest[part.len()..].starts_with(['*', '?']);
        if is_region(part) {
            return kept(part.len());
        }
        if ID_KINDS.contains(&word) && (wildcard || part.len() > end + 4) && part[end..].starts_with('-') {
            *in_id = true;
            return kept(end + 1);
        }
    }
    if let Some(kind) = UNIQUE_IDS.iter().find(|kind| word.starts_with(**kind)) {
        let more = &word[kind.len()..];
        let unique = more.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if unique && (more.len() > 7 || (more.is_empty() && behind.starts_with(['*', '?']))) {
            return kept(kind.len());
        }
    }
    let random = (*in_id || is_hex_id(word)) && word.is_ascii();
    (if random { Piece::Id(word) } else { Piece::Word(word) }, end)
}

/// The length of what AWS begins a name or a path with. A part of a path is one only where the path goes on: a name may
/// be the same.
fn mark(text: &str) -> Option<usize> {
    let goes_on = |mark: &str| {
        let behind = &text[mark.len()..];
        mark.ends_with('_') || behind.starts_with(['/', '*', '?']) || (behind.is_empty() && mark.contains('.'))
    };
    MARKS.iter().find(|mark| text.starts_with(**mark) && goes_on(mark)).map(|mark| mark.len())
}

/// The length of a beginning of one of AWS's own names, where a wildcard stands for the rest.
fn beginning_of_mark(text: &str) -> Option<usize> {
    let longest = MARKS.iter().map(|mark| mark.len()).max()?;
    let end = text.bytes().take(longest + 1).position(|byte| matches!(byte, b'*' | b'?')).filter(|end| *end > 2)?;
    MARKS.iter().any(|mark| mark.as_bytes().starts_with(&text.as_bytes()[..end])).then_some(end)
}

/// Whether a character belongs to a word; what is beyond ASCII does, unless it is white space.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || !(c.is_ascii() || c.is_whitespace() || c.is_control())
}

/// The length of a GUID at the beginning.
fn guid(text: &str) -> Option<usize> {
    let candidate = text.get(..36)?;
    let ends = !text[36..].starts_with(is_of_word);
    (ends && candidate.as_bytes()[8] == b'-' && crate::evidence::is_user_id(candidate)).then_some(36)
}

/// The length of a variable's name at the beginning: all of `${aws:username}`, and of `${aws:PrincipalTag/team}` what
/// comes before the tag's key.
fn variable(text: &str) -> Option<usize> {
    /// No name of AWS's is longer.
    const LONGEST: usize = 100;
    let inside = text.strip_prefix("${")?;
    let end = inside.bytes().take(LONGEST).position(|byte| byte == b'}')?;
    let name = &inside[..end];
    if let Some((family, _)) = name.split_once('/').filter(|(family, _)| known::is_condition_key(family)) {
        return Some(2 + family.len() + 1);
    }
    let path = name.strip_prefix("path:");
    if path.is_some_and(|path| !known::is_attribute(path)) {
        return Some("${path:".len());
    }
    let is_known = known::is_condition_key(name) || path.is_some() || ["*", "?", "$"].contains(&name);
    is_known.then_some(2 + end + 1)
}

/// All that is AWS's own in names and addresses.
pub(super) fn marks() -> impl Iterator<Item = &'static str> {
    MARKS.into_iter().chain(ANYWHERE).chain(ID_KINDS).chain(UNIQUE_IDS)
}

/// Wildcards before and behind a piece.
pub(super) fn wildcards(pieces: &[Piece<'_>], at: usize) -> (bool, bool) {
    let kept = |piece: Option<&Piece<'_>>, is: fn(&str) -> bool| matches!(piece, Some(Piece::Kept(text)) if is(text));
    let before = at.checked_sub(1).and_then(|at| pieces.get(at));
    (kept(before, |text| text.ends_with(['*', '?'])), kept(pieces.get(at + 1), |text| text.starts_with(['*', '?'])))
}

/// Whether a wildcard stands for the beginning of one of AWS's own names.
pub(super) fn is_end_of_mark(pieces: &[Piece<'_>], at: usize) -> bool {
    let Some(Piece::Word(text)) = pieces.get(at) else { return false };
    text.len() > 2 && wildcards(pieces, at).0 && MARKS.iter().any(|mark| mark.trim_end_matches('_').ends_with(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_text() {
        for text in [
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_b_7243976e43c75fc5",
            "o-ab12cd34ef/r-ab12/ou-ab12-11111111/",
            "${aws:PrincipalTag/team}-*:jane.doe@acme.example",
            "Žané \u{301}☃ +1 AROAEXAMPLEID12345:x",
            "9067f0c1d2-53ceb5a7-7471-470f-997c-6c8ebc2b8bc2",
        ] {
            let text_of = |piece| match piece {
                Piece::Kept(text) | Piece::Word(text) | Piece::Id(text) => text,
            };
            assert_eq!(pieces(text).into_iter().map(text_of).collect::<String>(), text);
        }
    }

    #[test]
    fn tells_ids_and_aws_s_own_from_words() {
        let of = |text: &'static str| {
            pieces(text).into_iter().filter(|piece| !matches!(piece, Piece::Kept(_))).collect::<Vec<_>>()
        };
        assert_eq!(of("o-exampleorg"), [Piece::Id("exampleorg")]);
        assert_eq!(of("o'brien o-b"), [Piece::Word("o"), Piece::Word("brien"), Piece::Word("o"), Piece::Word("b")]);
        assert_eq!(of("AIDAN AIDAEXAMPLEID1"), [Piece::Word("AIDAN"), Piece::Word("EXAMPLEID1")]);
        assert_eq!(of("/aws-reserved/sso.amazonaws.com/us-gov-west-1/"), []);
        assert_eq!(of("x:9d976f61-3b89-4b98-88db-2ea3bbc1f3fa")[1], Piece::Id("9d976f61-3b89-4b98-88db-2ea3bbc1f3fa"));
        assert_eq!(of("${path:name.givenName}${jane}"), [Piece::Word("jane")]);
        assert_eq!(of("${acme:team}"), [Piece::Word("acme"), Piece::Word("team")]);
        assert_eq!(of("${path:acme}"), [Piece::Word("acme")]);
        assert_eq!(of("acme-west-2"), [Piece::Word("acme"), Piece::Word("west"), Piece::Word("2")]);
        assert_eq!(of("service-role"), [Piece::Word("service"), Piece::Word("role")]);
        assert_eq!(of("my-service-role/a")[1..], [Piece::Word("service"), Piece::Word("role"), Piece::Word("a")]);
    }

    #[test]
    fn knows_addresses_of_the_access_portal() {
        let of = |text: &'static str| {
            pieces(text).into_iter().filter(|piece| !matches!(piece, Piece::Kept(_))).collect::<Vec<_>>()
        };
        for (url, own) in [
            ("https://d-9067f0c1d2.awsapps.com/start/#/", vec![Piece::Id("9067f0c1d2")]),
            ("http://acme.awsapps.com/start", vec![Piece::Word("acme")]),
            ("https://start.us-gov-home.awsapps.com/directory/d-9067f0c1d2", vec![Piece::Id("9067f0c1d2")]),
            ("https://ssoins-72233af8ea2d1f14.portal.eu-west-1.app.aws", vec![Piece::Id("72233af8ea2d1f14")]),
            ("https://us-east-1.console.aws.amazon.com/", vec![]),
        ] {
            assert_eq!(of(url), own, "{url}");
        }
    }
}
