//! Whether a pattern fits a text, of which all is known or only the shape.

use super::Token;
use crate::iam_policy::request::HEX_DIGIT;

/// Whether a pattern matches a text of which all is known. A `*` stands for as little as it can, and for more only where
/// what comes after it does not fit: the last `*` alone ever has to be tried again.
pub(super) fn fits(pattern: &[Token], text: impl Iterator<Item = char> + Clone) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    let mut again = None;
    loop {
        let before = text.clone();
        match (pattern.split_first(), text.next()) {
            (Some((Token::Any, behind)), _) => {
                again = Some((behind, before.clone()));
                (pattern, text) = (behind, before);
            }
            (Some((Token::One, behind)), Some(_)) => pattern = behind,
            (Some((Token::Char(wanted), behind)), Some(c)) if *wanted == c => pattern = behind,
            (None, None) => return true,
            // With less of the text left, still less would fit.
            (Some(_), None) => return false,
            (_, Some(_)) => {
                let Some((behind, from)) = &mut again else { return false };
                from.next();
                (pattern, text) = (*behind, from.clone());
            }
        }
    }
}

/// The same of a text of which only the shape is known. `None`: the pattern matches some of what it may be.
pub(super) fn compare(pattern: &[Token], text: &[Token]) -> Option<bool> {
    // What begins alike decides nothing, and what does not is told apart at once.
    let is_alike = |(one, other): &(&Token, &Token)| matches!((one, other), (Token::Char(one), Token::Char(other)) if is_of(*one, *other, Question::Covers));
    let alike = pattern.iter().zip(text).take_while(is_alike).count();
    let (pattern, text) = (&pattern[alike..], &text[alike..]);
    if let (Some(Token::Char(one)), Some(Token::Char(other))) = (pattern.first(), text.first())
        && !is_of(*one, *other, Question::Meets)
    {
        return Some(false);
    }
    if table(pattern, text, Question::Covers) {
        Some(true)
    } else if table(pattern, text, Question::Meets) {
        None
    } else {
        Some(false)
    }
}

/// What is asked of a pattern and a text that may both hold wildcards.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether the pattern matches whatever the text may be.
    Covers,
    /// Whether it matches anything that the text may be.
    Meets,
}

/// Whether a character of a pattern is that of a text, which may be any hex digit.
const fn is_of(pattern: char, text: char, question: Question) -> bool {
    if text == HEX_DIGIT {
        return matches!(question, Question::Meets) && matches!(pattern, '0'..='9' | 'a'..='f');
    }
    pattern == text
}

/// Answers for every pair of suffixes, shortest first, so that no number of wildcards makes it slow.
pub(super) fn table(pattern: &[Token], text: &[Token], question: Question) -> bool {
    let meets = question == Question::Meets;
    let mut below = vec![false; text.len() + 1];
    for i in (0..=pattern.len()).rev() {
        let mut row = vec![false; text.len() + 1];
        for j in (0..=text.len()).rev() {
            row[j] = match (pattern.get(i), text.get(j)) {
                (None, None) => true,
                (Some(Token::Any), None) => below[j],
                (Some(Token::Any), Some(_)) => below[j] || row[j + 1],
                (None, Some(Token::Any)) => meets && row[j + 1],
                (Some(_), Some(Token::Any)) => meets && (row[j + 1] || below[j]),
                (None, Some(_)) | (Some(_), None) => false,
                (Some(Token::One), Some(_)) => below[j + 1],
                (Some(Token::Char(_)), Some(Token::One)) => meets && below[j + 1],
                (Some(Token::Char(one)), Some(Token::Char(other))) => below[j + 1] && is_of(*one, *other, question),
            };
        }
        below = row;
    }
    below[0]
}
