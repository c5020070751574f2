//! Takes the records out of a log file as it comes, without holding more of it than one of them: a log file unpacked may
//! be larger than what there is room for.
//!
//! CloudTrail writes `{"Records":[…]}`. What others make of it is taken too: a list of records, and records one after the
//! other.

/// No record is as large: CloudTrail's own limit is 256 KB.
const LARGEST: usize = 4 << 20;
/// How deep a file is followed before it is taken for none of ours.
const DEEPEST: u32 = 512;
const RECORDS: &[u8] = b"Records";

/// Whether it is within a text.
#[derive(Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    No,
    Text,
    /// What follows means itself.
    Backslash,
}

/// Where in a file it stands.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    /// How many brackets are open.
    depth: u32,
    /// What the outermost one is.
    outermost: u8,
    within: Within,
    /// The last text directly in the outermost object: a member's name, if what follows is its value.
    last: Vec<u8>,
    /// Whether the list of records is open.
    in_records: bool,
    /// Where a record began, in brackets that were open then.
    began: Option<u32>,
    record: Vec<u8>,
    /// Records that were too large.
    pub(super) too_large: usize,
    /// Whether it is not JSON, or nested without an end.
    pub(super) is_broken: bool,
}

impl Splitter {
    /// Takes the next piece, and hands on each record that ends in it.
    pub(super) fn take(&mut self, piece: &[u8], each: &mut impl FnMut(&[u8])) {
        let mut kept = 0;
        let mut at = 0;
        while let Some(&byte) = piece.get(at) {
            if self.is_broken {
                return;
            }
            if self.within != Within::No {
                at = self.within_text(piece, at);
                continue;
            }
            at += 1;
            match byte {
                b'"' => {
                    self.within = Within::Text;
                    self.last.clear();
                }
                b'{' | b'[' => {
                    if self.opens(byte) {
                        kept = at - 1;
                    }
                    self.depth += 1;
                }
                b'}' | b']' => {
                    let Some(depth) = self.depth.checked_sub(1) else {
                        self.is_broken = true;
                        return;
                    };
                    self.depth = depth;
                    if self.began == Some(depth) {
                        self.keep(piece.get(kept..at).unwrap_or_default());
                        self.ends(each);
                    } else if self.in_records && depth == 1 {
                        self.in_records = false;
                    }
                    if depth == 0 {
                        self.outermost = 0;
                    }
                }
                _ if self.depth == 0 && !byte.is_ascii_whitespace() && !matches!(byte, b',' | 0xEF | 0xBB | 0xBF) => {
                    self.is_broken = true;
                }
                _ => {}
            }
        }
        if self.began.is_some() {
            self.keep(piece.get(kept..).unwrap_or_default());
        }
    }

    /// Whether it ended where a file ends.
    pub(super) const fn is_whole(&self) -> bool {
        self.depth == 0 && matches!(self.within, Within::No) && !self.is_broken
    }

    /// Goes on in a text, and returns where to look next.
    fn within_text(&mut self, piece: &[u8], at: usize) -> usize {
        if self.within == Within::Backslash {
            self.within = Within::Text;
            return at + 1;
        }
        let rest = piece.get(at..).unwrap_or_default();
        let end = memchr::memchr2(b'"', b'\\', rest);
        if self.depth == 1 {
            let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            // One letter more than is asked for tells it apart.
            let room = (RECORDS.len() + 1).saturating_sub(self.last.len());
            self.last.extend_from_slice(text.get(..room.min(text.len())).unwrap_or_default());
        }
        let Some(end) = end else { return piece.len() };
        self.within = if rest.get(end) == Some(&b'\\') { Within::Backslash } else { Within::No };
        at + end + 1
    }

    /// An object or list opens; whether a record begins with it.
    fn opens(&mut self, byte: u8) -> bool {
        if self.depth >= DEEPEST {
            self.is_broken = true;
            return false;
        }
        match self.depth {
            0 => self.outermost = byte,
            1 if self.outermost == b'{' && byte == b'[' && self.last == RECORDS && !self.in_records => {
                // What was taken for a record is what holds them.
                (self.in_records, self.began) = (true, None);
                self.record.clear();
                return false;
            }
            _ => {}
        }
        let begins = byte == b'{'
            && self.began.is_none()
            && match self.depth {
                0 => true,
                1 => self.outermost == b'[',
                2 => self.in_records,
                _ => false,
            };
        if begins {
            self.began = Some(self.depth);
        }
        begins
    }

    fn keep(&mut self, more: &[u8]) {
        if self.record.len() <= LARGEST {
            self.record.extend_from_slice(more);
        }
    }

    fn ends(&mut self, each: &mut impl FnMut(&[u8])) {
        self.began = None;
        if self.record.len() > LARGEST {
            self.too_large += 1;
        } else {
            each(&self.record);
        }
        self.record.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of a text that comes in pieces of this size.
    fn split(text: &str, size: usize) -> (Vec<String>, Splitter) {
        let mut splitter = Splitter::default();
        let mut found = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            splitter.take(piece, &mut |record| found.push(String::from_utf8(record.to_vec()).unwrap()));
        }
        (found, splitter)
    }

    #[test]
    fn takes_the_records_of_every_form_however_it_comes() {
        let (one, other) = (r#"{"a":"}]\"Records\\","b":{"Records":[{"c":1}]}}"#, r#"{"a": [ [ {} ] ] }"#);
        for text in [
            format!(r#"{{"Records":[{one},{other}]}}"#),
            format!("{{\n \"x\": {{\"Records\": [1]}}, \"Records\" : [\n{one} , {other}\n ]\n}}\n"),
            format!(r#"{{"Records":[{one}]}}{{"Records":[{other}]}}"#),
            format!("[{one},{other}]"),
            format!("{one}\n{other}\n"),
            format!("{one}{other}"),
            format!("\u{feff}{one}{other}"),
        ] {
            for size in [1, 2, 3, 7, 64, 4096] {
                let (found, splitter) = split(&text, size);
                assert_eq!(found, [one, other], "{text} in pieces of {size}");
                assert!(splitter.is_whole(), "{text}");
            }
        }
    }

    #[test]
    fn an_empty_file_is_whole_and_holds_none() {
        for text in ["", " \n", r#"{"Records":[]}"#, "[]"] {
            let (found, splitter) = split(text, 4);
            assert!(found.is_empty() && splitter.is_whole(), "{text}");
        }
    }

    #[test]
    fn what_ends_in_the_middle_is_not_whole() {
        for text in
            [r#"{"Records":[{"a":1}"#, r#"{"Records":[{"a":1},{"b":"x"#, "garbage", "}", r#"{"Records":[{"a":1}]"#]
        {
            let (found, splitter) = split(text, 5);
            assert!(!splitter.is_whole(), "{text}");
            assert!(found.iter().all(|record| record == r#"{"a":1}"#), "{text}: {found:?}");
        }
        let (_, splitter) = split(&"[".repeat(100_000), 4096);
        assert!(splitter.is_broken);
    }

    #[test]
    fn a_record_that_is_too_large_is_counted_and_the_next_one_read() {
        let huge = "x".repeat(LARGEST + 10);
        let (found, splitter) = split(&format!(r#"{{"Records":[{{"a":"{huge}"}},{{"b":1}}]}}"#), 1 << 16);
        assert_eq!((found, splitter.too_large), (vec![r#"{"b":1}"#.to_owned()], 1));
        assert!(splitter.is_whole());
    }
}
