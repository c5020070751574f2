//! A line of a shell, as far as lines are printed: words, quotes, and a file at the end.

/// A line, read: its words, and the file that the output goes to.
pub(super) struct Pasted {
    pub(super) words: Vec<String>,
    pub(super) into: Option<String>,
}

/// Reads a line as a POSIX shell does, as far as lines are printed.
pub(super) fn read(line: &str) -> Result<Pasted, String> {
    let mut pasted = Pasted { words: Vec::new(), into: None };
    let mut letters = line.chars().peekable();
    let mut redirected = false;
    while let Some(first) = letters.next() {
        if first == ' ' {
            continue;
        }
        if first == '>' {
            redirected = true;
            continue;
        }
        let mut word = String::new();
        let mut next = Some(first);
        while let Some(letter) = next {
            match letter {
                ' ' => break,
                '\'' => loop {
                    match letters.next() {
                        Some('\'') => break,
                        Some(letter) => word.push(letter),
                        None => return Err(format!("a quote is not closed: {line}")),
                    }
                },
                '\\' => word.extend(letters.next()),
                '"' | '$' | '`' | '*' | '?' | '[' | '{' | '(' | ')' | '<' | '>' | '|' | '&' | ';' | '!' | '~' | '#' => {
                    return Err(format!("a shell would take {letter} for itself: {line}"));
                }
                letter => word.push(letter),
            }
            next = letters.next();
        }
        if redirected {
            pasted.into = Some(word);
        } else {
            pasted.words.push(word);
        }
    }
    Ok(pasted)
}

#[test]
fn a_line_is_read_as_a_shell_reads_it() {
    let read = |line: &str| read(line).map(|pasted| (pasted.words.join("|"), pasted.into));
    assert_eq!(
        read(r"aws  a 'it'\''s mine' '' b=c > x.json"),
        Ok(("aws|a|it's mine||b=c".into(), Some("x.json".into())))
    );
    assert!(read("aws $HOME").is_err() && read("aws 'open").is_err());
}
