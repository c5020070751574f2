//! `idc explain`: a rule's documentation, what an error text means, what has a word in it, or the list of all rules.

use crate::answers::{pages, word_search};
use crate::cli::Explain;
use crate::cli::terminal;
use crate::error::Error;
use crate::findings::failure_reasons;
use crate::render;
use crate::wording::suggest;

/// The longest that an error quotes of what was asked.
const LONGEST: usize = 60;

/// Explains.
pub fn run(explain: &Explain) -> Result<u8, Error> {
    let style = terminal::style(explain.color);
    let mut text = Vec::new();
    if explain.words.is_empty() {
        render::explain::write_list(&mut text, &style)?;
        return super::print(&text, super::painted(style.color)).map(|()| 0);
    }
    let words = explain.words.join(" ");
    let asked = words.trim();
    let named = explain.words.iter().map(|word| pages::page(&as_name(word)));
    if let Some(named) = named.collect::<Option<Vec<_>>>() {
        for (index, page) in named.into_iter().enumerate() {
            text.extend((index > 0).then_some(b'\n'));
            render::explain::write(&mut text, (page.text)(), &style)?;
        }
    } else if let Some(page) = pages::page(&as_name(asked)) {
        render::explain::write(&mut text, (page.text)(), &style)?;
    } else if let Some(known) = failure_reasons::classify_message(asked) {
        render::explain::write_known_text(&mut text, known, &style)?;
    } else {
        let close = close(asked);
        // A name that was mistyped is said to be one; anything else may be a word to look for.
        let mistyped = is_like_a_name(asked) && !close.is_empty();
        let found = if mistyped { Vec::new() } else { word_search::search(asked) };
        if found.is_empty() {
            return Err(Error::UnknownRule { asked: shortened(asked), close });
        }
        render::explain::write_found(&mut text, &found, &style)?;
    }
    super::print(&text, super::painted(style.color)).map(|()| 0)
}

/// A name as it is written in answers, where it came in capitals or as separate words.
fn as_name(asked: &str) -> String {
    asked.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}

fn is_like_a_name(asked: &str) -> bool {
    asked.contains('-') && !asked.contains(char::is_whitespace)
}

/// The beginning of a pasted text, on one line.
fn shortened(asked: &str) -> String {
    let line = asked.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(LONGEST).collect();
    if short == line { line } else { format!("{}…", short.trim_end()) }
}

/// The pages that may be meant: by a name that is nearly right, or else by words of it.
fn close(asked: &str) -> Vec<String> {
    let close = suggest::closest(asked, pages::pages().map(|page| (page.id, page.id.to_owned())));
    if !close.is_empty() {
        return close;
    }
    let words: Vec<String> =
        asked.split([' ', '-', '_']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let has_all = |id: &&str| !words.is_empty() && words.iter().all(|word| id.split('-').any(|part| part == word));
    pages::pages().map(|page| page.id).filter(has_all).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_right_comes_before_words_of_it() {
        assert_eq!(close("user-not-foud"), ["user-not-found"]);
        assert_eq!(close("policy missing"), ["customer-managed-policy-missing", "aws-managed-policy-missing"]);
        assert_eq!(close("Orphaned"), ["assignment-orphaned-principal"]);
        assert!(close("no such thing").is_empty() && close("-").is_empty());
    }

    #[test]
    fn a_name_may_come_in_words() {
        assert_eq!(as_name("User not  found"), "user-not-found");
        assert!(is_like_a_name("user-not-foud") && !is_like_a_name("scim") && !is_like_a_name("a-b c"));
    }

    #[test]
    fn an_error_does_not_repeat_a_whole_page() {
        assert_eq!(shortened("a\n  b"), "a b");
        assert_eq!(shortened(&"word ".repeat(40)).chars().count(), LONGEST);
    }
}
