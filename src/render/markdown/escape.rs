//! Text in Markdown that stays text. What a backslash takes the meaning from gets one. What a reader of Markdown makes
//! active after that, whatever stood before it (a mention, an emoji's code, a reference, an address), is shown as code:
//! there nothing is active, and it can still be copied.

use super::clean;

/// Takes the meaning from every character that has one in Markdown.
pub(in crate::render) fn escape(text: &str) -> String {
    let text = clean(text.trim_start());
    let mut escaped = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        let (before, core, after) = parts(word);
        if is_active(core) {
            escaped.push_str(&plain(before, index == 0));
            escaped.push_str(&code(core));
            escaped.push_str(&plain(after, false));
        } else {
            escaped.push_str(&plain(word, index == 0));
        }
    }
    escaped
}

/// The same for a cell of a table, which a bar would end in code too.
pub(in crate::render) fn cell(text: &str) -> String {
    let harmless = |word: &str| {
        let (_, core, _) = parts(word);
        if is_active(core) && core.contains('|') { word.replace('|', "¦") } else { word.to_owned() }
    };
    escape(&text.split(' ').map(harmless).collect::<Vec<_>>().join(" "))
}

/// How often a character stands in a row at the most.
pub(super) fn longest_run(text: &str, wanted: char) -> usize {
    let longest = text.chars().fold((0, 0), |(longest, run): (usize, usize), c| {
        let run = if c == wanted { run + 1 } else { 0 };
        (longest.max(run), run)
    });
    longest.0
}

/// A word without the punctuation of the sentence around it.
fn parts(word: &str) -> (&str, &str, &str) {
    let core = word.trim_start_matches(['(', '"', '\'', '“', '‘']);
    let before = &word[..word.len() - core.len()];
    let end = core.trim_end_matches([')', '"', '\'', '”', '’', ',', '.', ';', '?']).len();
    // The colon that ends an emoji's code belongs to it.
    let is_sentence = |rest: &&str| !rest.rsplit_once(':').is_some_and(|(_, name)| is_emoji(name));
    let end = core[..end].strip_suffix(':').filter(is_sentence).map_or(end, str::len);
    (before, &core[..end], &core[end..])
}

/// Whether some reader of Markdown would make more of a word than text: GitHub, GitLab, or a chat.
fn is_active(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    word.contains('@')
        || lower.contains("://")
        || lower.contains("www.")
        || ["mailto:", "xmpp:", "tel:"].iter().any(|scheme| lower.contains(scheme))
        || is_host_with_path(word)
        || has_emoji_code(word)
        || has_reference(word)
        || is_numbered(&lower, "gh-")
}

/// `evil.example/path`, which chats make a link of.
fn is_host_with_path(word: &str) -> bool {
    let Some((host, _)) = word.split_once(['/', ':']) else { return false };
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && host.split('.').all(is_label)
        && last.chars().count() > 1
        && last.chars().all(char::is_alphabetic)
}

/// `:tada:`
fn has_emoji_code(word: &str) -> bool {
    let parts: Vec<&str> = word.split(':').collect();
    parts.len() > 2 && parts[1..parts.len() - 1].iter().any(|part| is_emoji(part))
}

/// Whether an emoji may have the name. Of the numbers, which stand between colons in times, two have one.
fn is_emoji(name: &str) -> bool {
    let fits = |c: char| c.is_lowercase() || c.is_numeric() || "_+-'".contains(c);
    !name.is_empty()
        && name.chars().all(fits)
        && (!name.bytes().all(|c| c.is_ascii_digit()) || matches!(name, "100" | "1234"))
}

/// `#12`, `org/repo#12`, and what else GitLab refers to by a sign and a number or a name: `!12`, `$12`, `%12`, `&12`, `~bug`.
fn has_reference(word: &str) -> bool {
    let begins = |c: char| c.is_alphanumeric() || c == '"' || c == '#';
    word.char_indices()
        .any(|(place, sign)| "#!$%&~^".contains(sign) && word[place + sign.len_utf8()..].starts_with(begins))
}

/// Whether the text has the prefix with a number behind it.
fn is_numbered(text: &str, prefix: &str) -> bool {
    text.match_indices(prefix).any(|(place, _)| text[place + prefix.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

/// A word as code: between more backticks than it has in a row.
fn code(word: &str) -> String {
    let fence = "`".repeat(longest_run(word, '`') + 1);
    let space = if word.starts_with('`') || word.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{word}{space}{fence}")
}

/// A word without anything active, with a backslash before what has a meaning by itself.
fn plain(word: &str, is_first: bool) -> String {
    let mut escaped = String::with_capacity(word.len());
    let digits = if is_first { word.bytes().take_while(u8::is_ascii_digit).count() } else { 0 };
    for (index, c) in word.char_indices() {
        match c {
            // At the beginning of a line these make a list.
            '-' | '+' if is_first && index == 0 => escaped.extend(['\\', c]),
            '.' | ')' if index == digits && digits > 0 => escaped.extend(['\\', c]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!' | '$' => {
                escaped.extend(['\\', c]);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_has_a_meaning() {
        for (text, escaped) in [
            ("a|b", r"a\|b"),
            ("# x", r"\# x"),
            ("<b>*x*</b>", r"\<b\>\*x\*\</b\>"),
            ("- x", r"\- x"),
            ("a - x", "a - x"),
            ("1. x", r"1\. x"),
            ("a 1. x", "a 1. x"),
            ("prod-data (123456789012). x", "prod-data (123456789012). x"),
            ("a\u{202e}\nb", r"a\\u{202e}\\nb"),
            (r"\|", r"\\\|"),
            ("iam:ListRoles: denied at 2026-11-22T09:00:00Z: x", "iam:ListRoles: denied at 2026-11-22T09:00:00Z: x"),
            ("100%, 3 + 4 & 5", r"100%, 3 + 4 \& 5"),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }

    #[test]
    fn what_would_be_active_is_code() {
        for (text, shown) in [
            ("in @everyone now", "in `@everyone` now"),
            ("(@org/team),", "(`@org/team`),"),
            ("of jane.doe@acme.example.", "of `jane.doe@acme.example`."),
            ("mailto:x", "`mailto:x`"),
            (":tada: and x:tada:y", "`:tada:` and `x:tada:y`"),
            ("#12 org/repo#12 GH-12 gh-7 user_x#1", "`#12` `org/repo#12` `GH-12` `gh-7` `user_x#1`"),
            ("!12 $12 %12 &12 ~bug", "`!12` `$12` `%12` `&12` `~bug`"),
            ("[a](https://evil.example)", "`[a](https://evil.example`)"),
            ("WWW.evil.example HTTPS://evil.example", "`WWW.evil.example` `HTTPS://evil.example`"),
            ("evil.example/login evil.example:8080", "`evil.example/login` `evil.example:8080`"),
            ("a`@x`b ``@y", "``a`@x`b`` ``` ``@y ```"),
            ("arn:aws:iam::1:role/x", "`arn:aws:iam::1:role/x`"),
        ] {
            assert_eq!(escape(text), shown);
        }
        assert_eq!(cell("a|b @x|y"), r"a\|b `@x¦y`");
    }
}
