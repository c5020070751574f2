//! What must hold of every answer, whatever is wrong and whoever reads it.

use anstream::adapter::strip_str;
use textwrap::core::display_width;

use super::*;
use crate::render::cases;

mod blocked;
mod not_blocked;

fn table(diagnosis: &Diagnosis, style: Style, verbose: bool) -> String {
    cases::written(|out| write(out, diagnosis, &style, verbose))
}

fn at_80(diagnosis: &Diagnosis) -> String {
    table(diagnosis, Style { width: 80, color: false, unicode: true, height: 40 }, false)
}

fn styles() -> impl Iterator<Item = (Style, bool)> {
    let widths = [40, 80, 120].into_iter();
    widths.flat_map(|width| {
        [(false, false), (false, true), (true, false), (true, true)].into_iter().flat_map(move |(color, unicode)| {
            [false, true].map(|verbose| (Style { width, color, unicode, height: 24 }, verbose))
        })
    })
}

#[test]
fn an_open_way_is_told_before_what_is_not_known() {
    let text = at_80(&cases::half_known());
    let start = "REACHABLE  jane.doe can reach prod-data (123456789012)\n\n\
                 Other through group DataAnalysts and RedshiftAnalyst through group DataAnalysts\n\
                 give access. No fault was found, but not everything could be read.\n";
    assert!(text.starts_with(start) && text.contains("\nNot checked: "), "{text}");
    let text = at_80(&cases::inconclusive());
    assert!(text.contains("\nThe way that is likely: RedshiftAnalyst through group DataAnalysts."), "{text}");
}

#[test]
fn gates_that_are_clear_share_a_line_unless_all_is_wanted() {
    let text = at_80(&cases::missing_policy());
    let line = "\n  ok: all gates but policy, provisioning and role\n  policy  fault  no policy in the account, ";
    assert!(text.contains(line) && !text.contains("\n  role"), "{text}");
    let verbose = table(&cases::missing_policy(), Style { width: 80, color: false, unicode: true, height: 24 }, true);
    assert!(!verbose.contains("  ok: ") && verbose.contains("\n  instance             ok "), "{verbose}");
    assert!(verbose.contains("\n  role                 fault "), "{verbose}");
    assert!(at_80(&cases::inconclusive()).contains("\n  unknown: role"), "{}", at_80(&cases::inconclusive()));
    // What is open and still in doubt keeps its row, which names the note.
    let mut doubted = cases::healthy();
    doubted.doubted = vec![crate::findings::Gate::Session];
    let doubted = at_80(&doubted);
    assert!(doubted.contains("\n  session  ok  nothing is denied for certain; see the note"), "{doubted}");
    assert!(at_80(&cases::healthy()).contains("\n  ok: all gates\n"), "{doubted}");
}

#[test]
fn names_cannot_steer_the_terminal() {
    let text = at_80(&cases::malicious());
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{2066}', '\u{7}']), "{text}");
    assert!(text.contains(r"jane\u{1b}[2J\u{202e}eod.\n|"), "{text}");
    // What is shown of such a name is not the name: there is no command with it.
    assert!(text.contains(r"Create policy a\u{1b}[31m'b\n$(x) in account"), "{text}");
    assert!(!text.contains("--policy-name"), "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal_unless_it_cannot_be_broken() {
    for (name, diagnosis) in cases::all() {
        for (style, verbose) in styles() {
            for line in strip_str(&table(&diagnosis, style, verbose)).to_string().lines() {
                // Commands and lines of files are for copying.
                let copied =
                    ["aws ", "idc ", "is  ", "should be  "].iter().any(|first| line.trim_start().starts_with(first));
                // The deepest indent is 32 columns; what is longer than the rest has to stick out.
                let id = line
                    .split(' ')
                    .next_back()
                    .is_some_and(|word| display_width(word) > style.width.saturating_sub(32));
                assert!(copied || id || display_width(line) <= style.width, "{name} at {}: {line}", style.width);
            }
        }
    }
}

#[test]
fn colour_and_unicode_come_only_where_they_are_wanted() {
    for (name, diagnosis) in cases::all() {
        for (style, verbose) in styles() {
            let text = table(&diagnosis, style, verbose);
            assert_eq!(text.contains('\u{1b}'), style.color, "{name}");
            assert!(style.unicode || text.is_ascii(), "{name}: {text}");
            // Colour adds nothing but colour.
            let plain = table(&diagnosis, Style { color: false, ..style }, verbose);
            assert_eq!(strip_str(&text).to_string(), plain, "{name}");
        }
    }
}

#[test]
fn every_case_says_its_verdict_first_and_leaves_no_ragged_gaps() {
    for (name, diagnosis) in cases::all() {
        for (style, verbose) in styles() {
            let text = table(&diagnosis, style, verbose);
            let first = strip_str(&text).to_string();
            assert!(first.starts_with(verdict_word(diagnosis.verdict)), "{name}: {first}");
            assert!(!text.contains("\n\n\n") && text.ends_with('\n') && !text.ends_with("\n\n"), "{name}: {text}");
            assert!(text.lines().all(|line| line.trim_end() == line), "{name}: {text}");
        }
    }
}

#[test]
fn strange_widths_are_survived() {
    for width in [0, 1, usize::MAX] {
        let text = table(&cases::degraded(), Style { width, color: false, unicode: true, height: 24 }, true);
        assert!(text.starts_with("DEGRADED"));
    }
}

#[test]
fn another_shell_than_the_readers_own_is_named() {
    let fixes = &cases::missing_policy().root_cause.expect("a fault").fault.fixes;
    assert!(shell_note(true, fixes).is_some_and(|note| note.contains("POSIX")));
    assert_eq!((shell_note(false, fixes), shell_note(true, &[])), (None, None));
}
