//! The quiet answer: one line.

use std::io;

use super::gaps;
use super::{Style, verdict_tone, verdict_word};
use crate::answers::diagnosis::{Diagnosis, sentences};
use crate::verdict::Verdict;

/// Writes the verdict and its reason on one line, however long.
pub fn write(out: &mut dyn io::Write, diagnosis: &Diagnosis, style: &Style) -> io::Result<()> {
    let word = style.paint(verdict_word(diagnosis.verdict), verdict_tone(diagnosis.verdict));
    writeln!(out, "{word}  {}{}", style.text(&diagnosis.summary), style.text(&missing(diagnosis)))
}

/// What an open answer lacks.
pub(super) fn missing(diagnosis: &Diagnosis) -> String {
    if diagnosis.verdict != Verdict::Inconclusive {
        return String::new();
    }
    if let Some(refused) = sentences::refused(diagnosis) {
        return format!(" {refused}");
    }
    let (mut settles, mut open) = gaps::deciding(diagnosis);
    let door = gaps::door(&mut settles, &mut open).filter(|door| door.decides);
    let door = door.map(|_| format!("a role in account {} (--target-role)", diagnosis.account));
    let rest = gaps::group(&settles).into_iter().map(|group| group.in_a_clause());
    let missing: Vec<String> = door.into_iter().chain(rest).collect();
    if missing.is_empty() { String::new() } else { format!(" Missing: {}.", missing.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::cases;

    fn line(diagnosis: &Diagnosis, color: bool) -> String {
        cases::written(|out| write(out, diagnosis, &Style { width: 80, color, unicode: true, height: 24 }))
    }

    #[test]
    fn is_one_line_whatever_the_names() {
        for (name, diagnosis) in cases::all() {
            let line = line(&diagnosis, false);
            assert_eq!(line.matches('\n').count(), 1, "{name}: {line}");
            assert!(!line.contains(['\u{1b}', '\u{202e}', '\u{2066}', '\u{7}']), "{name}: {line}");
        }
    }

    #[test]
    fn begins_with_the_verdict() {
        let healthy = "REACHABLE  jane.doe can reach prod-data (123456789012) with RedshiftAnalyst; nothing is wrong on the way.\n";
        assert_eq!(line(&cases::healthy(), false), healthy);
        assert!(line(&cases::disabled_user(), false).starts_with("BLOCKED  jane.doe cannot reach prod-data"));
        assert!(line(&cases::healthy(), true).starts_with("\u{1b}["));
    }
}
