//! Text as people paste it, made comparable: out of a terminal's box, out of a chat that quotes it, with the quotation
//! marks of a word processor and the colours of a tool. For comparing alone; what is shown to people stays as it came.

/// A border, after [`Plain::of`] has made all of them one.
const BORDER: char = '│';

/// Spellings of characters in HTML and JSON, which come along where a page's source or an answer is pasted.
const SPELT: [(&str, &str); 9] = [
    ("&#39;", ""),
    ("&#x27;", ""),
    ("&apos;", ""),
    ("&quot;", ""),
    ("&nbsp;", " "),
    ("\\u0027", ""),
    ("\\\"", ""),
    ("\\r", ""),
    ("\\n", "\n"),
];

/// A text without what its surroundings added: in lower case, without quotation marks, colours, borders and padding. A
/// line break stays, since it may stand for a space or inside of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain(Vec<char>);

impl Plain {
    /// The text made plain.
    pub fn of(text: &str) -> Self {
        let mut text = without_colours(text);
        for (spelt, meant) in SPELT {
            if text.contains(spelt) {
                text = text.replace(spelt, meant);
            }
        }
        let counts = |c: &char| !is_invisible(*c) && !is_quotation_mark(*c) && !is_variation(*c);
        let text: String = text.chars().filter(counts).map(usual).collect();
        let text = text.replace('…', "...").to_lowercase();
        let lines = text.split('\n').filter_map(without_borders).collect::<Vec<_>>().join("\n");
        let mut plain: Vec<char> = lines.chars().map(|c| if c == BORDER { ' ' } else { c }).collect();
        plain.dedup_by(|next, before| *next == ' ' && *before == ' ');
        Self(plain)
    }

    /// Whether the piece, itself plain, occurs in it, however the lines are broken.
    pub fn contains(&self, piece: &Self) -> bool {
        !piece.0.is_empty() && (0..self.0.len()).any(|start| starts_with(&self.0[start..], &piece.0))
    }

    /// Letters and digits alone: what stays the same however a short text is set.
    pub fn letters(&self) -> String {
        self.0.iter().filter(|c| c.is_alphanumeric()).collect()
    }

    /// The words, for a search.
    pub fn words(&self) -> impl Iterator<Item = String> {
        self.0.split(|c| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| word.iter().collect())
    }
}

/// Whether a character takes no room, or only turns the direction of writing round.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether the text begins with the piece. A space of the piece may be a line break in the text, and a word may be
/// broken where a line was full.
fn starts_with(text: &[char], piece: &[char]) -> bool {
    let mut at = 0;
    for &wanted in piece {
        let is_space = |c: char| c == ' ' || c == '\n';
        if is_space(wanted) {
            let spaces = text[at..].iter().take_while(|c| is_space(**c)).count();
            if spaces == 0 {
                return false;
            }
            at += spaces;
            continue;
        }
        if at > 0 && text.get(at) == Some(&'\n') {
            at += 1;
        }
        if text.get(at) != Some(&wanted) {
            return false;
        }
        at += 1;
    }
    true
}

/// A line without the borders and the padding around it; `None` where it is nothing but a border.
fn without_borders(line: &str) -> Option<&str> {
    let is_frame = |c: char| c == BORDER || c == ' ' || "|-+=_*#~.:".contains(c);
    if line.chars().all(is_frame) {
        return None;
    }
    let line = line.trim_start_matches(|c| c == BORDER || "|> ".contains(c));
    Some(line.trim_end_matches(|c| c == BORDER || "| ".contains(c)))
}

/// The usual character for one of many that look or mean the same.
fn usual(c: char) -> char {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        // Box drawing and blocks; the rest are bars that tools draw borders with.
        '\u{2500}'..='\u{259f}' | '¦' | '❘' | '｜' | '⎜' | '⎟' | '⎢' | '⎥' | '∣' => BORDER,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        c if c.is_whitespace() => ' ',
        other => other,
    }
}

/// Quotation marks and apostrophes of every kind: the same text is set with any of them, or with none.
fn is_quotation_mark(c: char) -> bool {
    matches!(c,
        '"' | '\'' | '`' | '´' | '«' | '»' | '\u{2018}'..='\u{201f}' | '\u{2032}'..='\u{2037}' | '\u{2039}' | '\u{203a}'
        | '\u{2b9}'..='\u{2be}' | '\u{2c8}' | '\u{2ca}' | '\u{2cb}' | '\u{275b}'..='\u{275e}' | '\u{300c}'..='\u{300f}'
        | '\u{301d}'..='\u{301f}' | '\u{ff02}' | '\u{ff07}' | '\u{ff40}')
}

/// Whether a character only says how the one before it is drawn.
fn is_variation(c: char) -> bool {
    ('\u{fe00}'..='\u{fe0f}').contains(&c)
}

/// The text without a terminal's control sequences, whole or without the character that begins them.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        rest = match c {
            '\u{1b}' | '\u{241b}' => behind_sequence(behind),
            '\u{9b}' => behind_parameters(behind),
            '[' => behind_colour(behind).unwrap_or_else(|| {
                plain.push(c);
                behind
            }),
            _ => {
                plain.push(c);
                behind
            }
        };
    }
    plain
}

/// What follows a sequence of which the first character is read.
fn behind_sequence(text: &str) -> &str {
    if let Some(parameters) = text.strip_prefix('[') {
        return behind_parameters(parameters);
    }
    // A link or a title: up to a bell, or to the sequence's own end.
    if let Some(command) = text.strip_prefix(']') {
        let end = command.find(['\u{7}', '\u{1b}', '\u{9c}']).unwrap_or(command.len());
        let behind = &command[end..];
        return behind.strip_prefix("\u{1b}\\").or_else(|| behind.strip_prefix(['\u{7}', '\u{9c}'])).unwrap_or(behind);
    }
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

/// What follows a sequence's parameters and the letter that ends it.
fn behind_parameters(text: &str) -> &str {
    let end = text.find(|c: char| !(' '..='?').contains(&c)).unwrap_or(text.len());
    let mut chars = text[end..].chars();
    chars.next();
    chars.as_str()
}

/// What follows a colour that lost its first character on the way through a clipboard: `[31m`.
fn behind_colour(text: &str) -> Option<&str> {
    let behind = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
    if behind.len() == text.len() { None } else { behind.strip_prefix('m') }
}

#[cfg(test)]
mod tests;
