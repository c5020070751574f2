//! `idc explain`: a rule's documentation, the list of rules, or what an error text means.

use crate::cli::Explain;
use crate::error::Error;
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
    let close = suggest::closest(asked, RULES.iter().map(|rule| (rule.id, rule.id.to_owned())));
    Err(Error::UnknownRule { asked: asked.to_owned(), close })
}
