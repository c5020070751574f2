//! What `idc explain` has a page for, by the name that an answer gives it. The one place where such a name is looked up.

use crate::answers::organization::OWN_RULES;
use crate::machine;
use crate::rules::RULES;

/// A page of documentation.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The name that answers use.
    pub id: &'static str,
    /// What it is about, in one line.
    pub summary: &'static str,
    /// The page: Markdown.
    pub text: fn() -> &'static str,
}

/// Every page, in the order in which a list shows them.
pub fn pages() -> impl Iterator<Item = Page> {
    let rules = RULES.iter().map(|rule| Page { id: rule.id, summary: rule.summary, text: rule.explain });
    let machine = machine::RULES.iter().map(|rule| Page { id: rule.id, summary: rule.summary, text: rule.explain });
    let scan = OWN_RULES.iter().map(|rule| Page { id: rule.id, summary: rule.summary, text: rule.explain });
    rules.chain(scan).chain(machine)
}

/// The page with this name.
pub fn page(id: &str) -> Option<Page> {
    pages().find(|page| page.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::failure_reasons;

    #[test]
    fn a_page_is_found_by_its_name_alone() {
        assert!(page("user-not-found").is_some_and(|page| (page.text)().starts_with("# user-not-found\n")));
        assert!(page("user-not-foud").is_none() && page("").is_none());
    }

    #[test]
    fn no_two_pages_have_one_name() {
        let mut ids: Vec<_> = pages().map(|page| page.id).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|two| two[0] != two[1]), "{ids:?}");
    }

    #[test]
    fn every_rule_that_a_family_names_has_a_page() {
        for message in failure_reasons::messages() {
            let named = message.rule.as_deref();
            assert!(named.is_none_or(|id| page(id).is_some()), "{}: {named:?}", message.name());
            let pages =
                [&message.means, &message.advice].into_iter().flat_map(|text| text.split("idc explain ").skip(1));
            for named in pages.filter_map(|rest| rest.split([' ', '.', ',', ';']).next()).filter(|id| id.contains('-'))
            {
                assert!(page(named).is_some(), "{}: {named}", message.name());
            }
        }
    }
}
