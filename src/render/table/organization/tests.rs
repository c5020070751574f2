//! What must hold of every table about an organization, and how some of them look.

use anstream::adapter::strip_str;
use textwrap::core::display_width;

use super::*;
use crate::render::cases::written;
use crate::render::organization::cases;
use crate::render::organization::{Answer, Format, line, write};

const AT_80: Style = Style { width: 80, color: false, unicode: true, height: 24 };

fn at_80(answer: &Answer<'_>) -> String {
    written(|out| write(out, answer, Format::Table, &AT_80, false))
}

#[test]
fn a_scan_tells_what_is_wrong_and_what_mends_it() {
    insta::assert_snapshot!(at_80(&Answer::Scan(&cases::broken())));
}

#[test]
fn a_clean_scan_says_what_was_read() {
    insta::assert_snapshot!(at_80(&Answer::Scan(&cases::clean())));
}

#[test]
fn who_can_get_in_is_told_by_way() {
    insta::assert_snapshot!(at_80(&Answer::Who(&cases::who())));
}

#[test]
fn where_they_get_in_is_told_by_account() {
    insta::assert_snapshot!(at_80(&Answer::Access(&cases::access())));
}

#[test]
fn more_is_told_where_it_is_asked_for() {
    let scan = cases::broken();
    let verbose = written(|out| write(out, &Answer::Scan(&scan), Format::Table, &AT_80, true));
    for wanted in ["team-7 (000000000007)", "--target-id 000000000007", "Shown by iam:ListPolicies in 000000000001: "] {
        assert!(verbose.contains(wanted), "{wanted}: {verbose}");
        assert!(!at_80(&Answer::Scan(&scan)).contains(wanted), "{wanted}");
    }
}

#[test]
fn one_line_is_one_line_whatever_the_names() {
    let (scan, who) = (cases::hostile_scan(), cases::hostile_who());
    let (broken, access) = (cases::broken(), cases::access());
    let answers = [Answer::Scan(&scan), Answer::Who(&who), Answer::Scan(&broken), Answer::Access(&access)];
    let lines = answers.map(|answer| written(|out| line(out, &answer, &AT_80)));
    for line in &lines {
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        assert!(!line.contains(['\u{1b}', '\u{202e}', '\t', '\r']), "{line}");
    }
    assert_eq!(
        lines[2],
        "BROKEN  1 fault keeps people out in 7 of 9 accounts; 1 more keeps nobody out. Not everything could be read.\n"
    );
    assert_eq!(lines[3], "kim can get into 2 accounts.\n");
}

#[test]
fn names_cannot_steer_the_terminal() {
    for answer in [Answer::Scan(&cases::hostile_scan()), Answer::Who(&cases::hostile_who())] {
        for verbose in [false, true] {
            let text = written(|out| write(out, &answer, Format::Table, &AT_80, verbose));
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\t', '\r', '\u{0}']), "{text}");
        }
    }
}

#[test]
fn colours_add_nothing_that_is_not_said_in_words() {
    let (scan, who, access) = (cases::broken(), cases::who(), cases::access());
    for answer in [Answer::Scan(&scan), Answer::Who(&who), Answer::Access(&access)] {
        for width in [40, 80, 120] {
            let of = |color| {
                let style = Style { width, color, unicode: true, height: 24 };
                written(|out| write(out, &answer, Format::Table, &style, false))
            };
            let painted = of(true);
            assert!(painted.contains('\u{1b}'));
            assert_eq!(strip_str(&painted).to_string(), of(false));
            for line in of(false).lines().filter(|line| !line.trim_start().starts_with("aws ")) {
                // What is longer than the room that is left sticks out: an id cut in two is no id.
                let word = line.split(' ').map(display_width).max().unwrap_or_default();
                assert!(display_width(line) <= width || word + 16 > width, "{width}: {line}");
            }
        }
    }
}
