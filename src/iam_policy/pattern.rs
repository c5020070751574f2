//! Comparing what a policy says with what is known of a request. Either side may hold wildcards: the policy's are
//! IAM's own, those of the request stand for what is not known of a value.

use fit::{compare, fits};

use super::request::{Context, Key, Text};

mod fit;

/// One place of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Token {
    /// Any run of characters, an empty one too.
    Any,
    /// Any one character.
    One,
    /// This character.
    Char(char),
}

/// A value as a policy states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern(Vec<Token>);

impl Pattern {
    /// A value in which `*` and `?` are wildcards.
    pub(super) fn wild(text: &str) -> Self {
        Self(text.chars().map(wildcard).collect())
    }

    /// A value of a policy with its variables filled in. `Err`: why that cannot be done.
    pub(super) fn of_policy(value: &str, wildcards: bool, variables: bool, context: &Context) -> Result<Self, String> {
        let token = if wildcards { wildcard } else { Token::Char };
        let mut tokens = Vec::new();
        let mut rest = value;
        while variables && let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| format!("{value} is not a complete variable"))?;
            tokens.extend(before.chars().map(token));
            tokens.extend(variable(name, context)?.chars().map(Token::Char));
            rest = after;
        }
        tokens.extend(rest.chars().map(token));
        Ok(Self(tokens))
    }

    /// The same for names that are compared without regard to case.
    pub(super) fn in_lower_case(&self) -> Self {
        Self(lower(&self.0))
    }

    /// Its places, in order.
    pub(super) fn tokens(&self) -> &[Token] {
        &self.0
    }

    /// Whether nothing at all escapes it.
    pub(super) fn is_everything(&self) -> bool {
        self.0.contains(&Token::Any) && self.0.iter().all(|token| *token == Token::Any)
    }

    /// Whether it matches a text. `None`: it matches some of what the text may be, and not the rest.
    pub(super) fn matches(&self, text: &Text) -> Option<bool> {
        match text {
            Text::Exact(text) => Some(fits(&self.0, text.chars())),
            Text::Like(shape) => compare(&self.0, &Self::wild(shape).0),
        }
    }

    /// The same without regard to upper and lower case.
    pub(super) fn matches_ignoring_case(&self, text: &Text) -> Option<bool> {
        self.in_lower_case().matches_in_lower_case(text)
    }

    /// The same for a pattern that is in lower case already.
    pub(super) fn matches_in_lower_case(&self, text: &Text) -> Option<bool> {
        match text {
            Text::Exact(text) => Some(fits(&self.0, text.chars().flat_map(char::to_lowercase))),
            Text::Like(shape) => compare(&self.0, &Self::wild(shape).in_lower_case().0),
        }
    }

    /// The same for ARNs, whose six parts between colons are compared one by one: a wildcard does not reach across.
    pub(super) fn matches_arn(&self, text: &Text) -> Option<bool> {
        if self.is_everything() {
            return Some(true);
        }
        match text {
            Text::Exact(text) => {
                let (mut patterns, mut texts) = (parts(&self.0), text.splitn(PARTS, ':'));
                Some(loop {
                    match (patterns.next(), texts.next()) {
                        (None, None) => break true,
                        (Some(pattern), Some(text)) if fits(pattern, text.chars()) => {}
                        _ => break false,
                    }
                })
            }
            Text::Like(shape) => {
                let shape = Self::wild(shape).0;
                if parts(&self.0).count() != parts(&shape).count() {
                    return if shape.contains(&Token::Any) { None } else { Some(false) };
                }
                all(parts(&self.0).zip(parts(&shape)).map(|(pattern, text)| compare(pattern, text)))
            }
        }
    }
}

fn wildcard(c: char) -> Token {
    match c {
        '*' => Token::Any,
        '?' => Token::One,
        other => Token::Char(other),
    }
}

fn lower(tokens: &[Token]) -> Vec<Token> {
    let lower = |token: &Token| match token {
        Token::Char(c) => c.to_lowercase().map(Token::Char).collect(),
        Token::Any | Token::One => vec![*token],
    };
    tokens.iter().flat_map(lower).collect()
}

/// How many parts an ARN has; the last may hold colons of its own.
const PARTS: usize = 6;

/// The parts of an ARN.
fn parts(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    tokens.splitn(PARTS, |token| *token == Token::Char(':'))
}

/// The value of a variable, where the request has exactly one that is known: `${aws:PrincipalTag/team}`, or with what
/// stands for it where there is none, `${aws:PrincipalTag/team, 'all'}`.
fn variable(name: &str, context: &Context) -> Result<String, String> {
    if matches!(name, "*" | "?" | "$") {
        return Ok(name.to_owned());
    }
    let (key, otherwise) = match name.split_once(',') {
        Some((key, otherwise)) => (key.trim(), Some(otherwise.trim().trim_matches('\''))),
        None => (name, None),
    };
    match (context.key(key), otherwise) {
        (Key::Known(values), _) if let [Text::Exact(value)] = &values[..] => Ok(value.clone()),
        (Key::Absent, Some(otherwise)) => Ok(otherwise.to_owned()),
        (Key::Known(_) | Key::OneOf(_) | Key::Absent | Key::Chosen | Key::ChosenOrAbsent | Key::Unknown, _) => {
            Err(format!("the value of policy variable ${{{name}}} is not known"))
        }
    }
}

/// Three-valued AND.
fn all(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut sure = true;
    for result in results {
        match result {
            Some(false) => return Some(false),
            Some(true) => {}
            None => sure = false,
        }
    }
    sure.then_some(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fit::{Question, table};
    use super::*;
    use crate::iam_policy::request::HEX_DIGIT;

    fn exact(pattern: &str, text: &str) -> Option<bool> {
        Pattern::wild(pattern).matches(&Text::Exact(text.to_owned()))
    }

    fn like(pattern: &str, text: &str) -> Option<bool> {
        Pattern::wild(pattern).matches(&Text::Like(text.to_owned()))
    }

    #[test]
    fn a_known_text_matches_or_does_not() {
        for (pattern, text) in [("*", ""), ("s3:Get*", "s3:GetObject"), ("a?c", "abc"), ("*a*b*", "xxaxxbxx"), ("", "")]
        {
            assert_eq!(exact(pattern, text), Some(true), "{pattern} {text}");
        }
        for (pattern, text) in [("s3:Get*", "s3:PutObject"), ("a?c", "ac"), ("", "a"), ("abc", "ABC"), ("a", "a*")] {
            assert_eq!(exact(pattern, text), Some(false), "{pattern} {text}");
        }
    }

    #[test]
    fn a_text_of_which_only_the_shape_is_known_may_stay_open() {
        assert_eq!(like("*:jane.doe", "AROA*:jane.doe"), Some(true));
        assert_eq!(like("*:john.roe", "AROA*:jane.doe"), Some(false));
        assert_eq!(like("AROAEXAMPLE:jane.doe", "AROA*:jane.doe"), None);
        assert_eq!(like("AIDA*", "AROA*:jane.doe"), Some(false));
        assert_eq!(like("role_????", "role_????"), Some(true));
        assert_eq!(like("role_*", "role_????"), Some(true));
        assert_eq!(like("role_abcd", "role_????"), None);
        assert_eq!(like("role_abcde", "role_????"), Some(false));
    }

    #[test]
    fn a_digit_may_be_any_hex_digit_and_nothing_else() {
        let role = format!("role/Set_{HEX_DIGIT}{HEX_DIGIT}");
        for (pattern, expected) in [
            ("role/Set_*", Some(true)),
            ("role/Set_??", Some(true)),
            ("*_?*", Some(true)),
            ("role/Set_a*", None),
            ("*f", None),
            ("*F", Some(false)),
            ("role/Set_0a", None),
            ("role/Set_x*", Some(false)),
            ("role/Set_?", Some(false)),
            ("role/Set_???", Some(false)),
            ("role/Set*_Set_*", Some(false)),
            ("role/Other_*", Some(false)),
        ] {
            assert_eq!(like(pattern, &role), expected, "{pattern}");
        }
        assert_eq!(like(&role, &role), Some(false), "no pattern means a digit by it");
    }

    #[test]
    fn an_arn_is_compared_part_by_part() {
        let role = Text::Exact("arn:aws:iam::123456789012:role/a/b".to_owned());
        let arn = |pattern: &str| Pattern::wild(pattern).matches_arn(&role);
        assert_eq!(arn("arn:*:iam::*:role/*"), Some(true));
        assert_eq!(arn("arn:aws:*:role/a/b"), Some(false));
        assert_eq!(arn("*"), Some(true));
        assert_eq!(arn("arn:aws:iam::*:user/*"), Some(false));
    }

    #[test]
    fn many_wildcards_are_not_slow() {
        let pattern = "*a".repeat(300);
        assert_eq!(exact(&pattern, &"b".repeat(3000)), Some(false));
    }

    proptest! {
        /// Against the table, which looks at every pair of suffixes.
        #[test]
        fn what_is_quick_says_the_same(pattern in "[ab*?:]{0,9}", text in "[ab:]{0,9}", shape in "[ab*?:]{0,9}") {
            let pattern = Pattern::wild(&pattern).0;
            let of = |text: &[Token], question| table(&pattern, text, question);
            let exact: Vec<Token> = text.chars().map(Token::Char).collect();
            prop_assert_eq!(fits(&pattern, text.chars()), of(&exact, Question::Covers));
            let shape = Pattern::wild(&shape).0;
            let whole = match (of(&shape, Question::Covers), of(&shape, Question::Meets)) {
                (true, _) => Some(true),
                (false, true) => None,
                (false, false) => Some(false),
            };
            prop_assert_eq!(compare(&pattern, &shape), whole);
        }

        /// Against every text that a shape may be.
        #[test]
        fn a_shape_with_digits_is_all_that_it_may_be(pattern in "[ag*?]{0,6}", shape in "[agH]{0,4}") {
            let pattern = Pattern::wild(&pattern);
            let texts = shape.chars().fold(vec![String::new()], |texts, c| {
                // A digit that no pattern names stands for all the others.
                let may_be = if c == 'H' { vec!['a', '0'] } else { vec![c] };
                texts.iter().flat_map(|text| may_be.iter().map(move |c| format!("{text}{c}"))).collect()
            });
            let matched = texts.iter().filter(|text| fits(&pattern.0, text.chars())).count();
            let whole = match matched {
                0 => Some(false),
                all if all == texts.len() => Some(true),
                _ => None,
            };
            prop_assert_eq!(pattern.matches(&Text::Like(shape.replace('H', &HEX_DIGIT.to_string()))), whole);
        }
    }
}
