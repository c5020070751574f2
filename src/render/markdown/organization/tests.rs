//! Answers about an organization in Markdown.

use super::*;
use crate::render::cases::written;
use crate::render::organization::cases::{self, HOSTILE};

#[test]
fn a_scan_fits_a_pipelines_summary() {
    insta::assert_snapshot!(written(|out| scan(out, &cases::broken())));
}

#[test]
fn ways_are_a_table() {
    insta::assert_snapshot!(written(|out| who(out, &cases::who())));
    insta::assert_snapshot!(written(|out| access(out, &cases::access())));
}

#[test]
fn names_stay_text() {
    let texts = [written(|out| scan(out, &cases::hostile_scan())), written(|out| who(out, &cases::hostile_who()))];
    for text in texts {
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\t', '\r', '\u{0}']), "{text}");
        // Markup and mentions have lost their meaning; commands stand in blocks of code.
        let prose = text.lines().filter(|line| !line.trim_start().starts_with("aws "));
        for line in prose {
            assert!(!line.contains("</td><script>") && !line.contains(" **d**"), "{line}");
            assert!(!line.contains(" @everyone") && !line.contains(" https://evil"), "{line}");
        }
    }
}

#[test]
fn every_row_of_a_table_has_its_columns() {
    let text = written(|out| who(out, &cases::hostile_who()));
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), HOSTILE.len() + 2);
    for row in rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 7, "{row}");
    }
}
