//! `idc explain`: a rule's documentation, the list of rules, or what an error text means.

use crate::cli::Explain;
use crate::error::Error;
use crate::own_machine::Kind;
use crate::rules::{self, RULES};
use crate::{failure_reasons, render, suggest, terminal};

/// Explains.
pub fn run(explain: &Explain) -> Result<u8, Error> {
    let style = terminal::style(explain.color);
    let mut text = Vec::new();
    let Some(asked) = explain.rule.as_deref().map(str::trim) else {
        render::explain::write_list(&mut text, &style)?;
        return super::print(&text).map(|()| 0);
    };
    if let Some(rule) = rules::rule(asked) {
        render::explain::write(&mut text, rule.explain, &style)?;
        return super::print(&text).map(|()| 0);
    }
    if let Some(kind) = Kind::named(asked) {
        render::explain::write(&mut text, kind.explain(), &style)?;
        return super::print(&text).map(|()| 0);
    }
    if let Some(reason) = failure_reasons::classify_message(asked) {
        let mut markdown = format!("{}\n\n{}\n", reason.means, reason.advice);
        if let Some(rule) = &reason.rule {
            markdown.push_str("\nMore: idc explain ");
            markdown.push_str(rule);
            markdown.push('\n');
        }
        render::explain::write(&mut text, &markdown, &style)?;
        return super::print(&text).map(|()| 0);
    }
    Err(Error::UnknownRule { asked: asked.to_owned(), close: close(asked) })
}

/// The rules that may be meant: by a name that is nearly right, or else by words of it.
fn close(asked: &str) -> Vec<String> {
    let close = suggest::closest(asked, RULES.iter().map(|rule| (rule.id, rule.id.to_owned())));
    if !close.is_empty() {
        return close;
    }
    let words: Vec<String> =
        asked.split([' ', '-', '_']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let has_all = |id: &&str| !words.is_empty() && words.iter().all(|word| id.split('-').any(|part| part == word));
    RULES.iter().map(|rule| rule.id).filter(has_all).map(str::to_owned).collect()
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
}
