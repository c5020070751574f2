//! Whether a name was most likely mistyped. A line may only be called wrong for its spelling where the other reading, that
//! it is a name of its own, is all but out of the question.

use crate::wording::suggest;

/// Whether one name is most likely the other with a slip in it: another case or punctuation, a letter too many or too
/// few, two that changed places. One letter or digit for another may well be a name of its own: `TeamA`, `TeamB`.
pub(super) fn is_slip(typed: &str, name: &str) -> bool {
    let (a, b) = (typed.to_lowercase(), name.to_lowercase());
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let slip = a.chars().count() != b.chars().count() || letters(&a) == letters(&b);
    suggest::distance(typed, name) == Some(0) || (slip && digits(&a) == digits(&b) && suggest::is_one_off(&a, &b))
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn a_name_of_its_own_is_no_slip() {
        for (typed, name) in [
            ("redshift-analyst", "RedshiftAnalyst"),
            ("RedshiftAnalysts", "RedshiftAnalyst"),
            ("RedshiftAnalst", "RedshiftAnalyst"),
            ("RedshiftAnaylst", "RedshiftAnalyst"),
        ] {
            assert!(is_slip(typed, name), "{typed}");
        }
        for (typed, name) in [
            ("TeamB", "TeamA"),
            ("Analyst2", "Analyst"),
            ("Analyst2", "Analyst1"),
            ("ReadOnlyAccess", "ReadOnly"),
            ("DataEngineer", "ReadOnly"),
        ] {
            assert!(!is_slip(typed, name), "{typed}");
        }
    }
}
