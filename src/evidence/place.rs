//! Where in a text its reader stopped, as people say it: `evidence.user.groups[2].name`. The reader tells a line and a
//! column. One that keeps the way to each value while it reads brings all its code once more for that: three quarters
//! of a megabyte of the program.

/// What a value stands in.
enum Around {
    /// An object, with the name that was read last; `true`: its value is next, or is being read.
    Object(String, bool),
    /// A list, with how many values are before.
    List(usize),
}

/// The place that is `column` bytes into a line, both as `serde_json` counts them. Empty: all of the text.
pub(super) fn place(json: &str, line: usize, column: usize) -> String {
    let before: usize = json.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let bytes = json.as_bytes();
    let read = bytes.get(..before.saturating_add(column)).unwrap_or(bytes);
    let mut around = Vec::new();
    let mut at = 0;
    while let Some(byte) = read.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'"' => {
                while read.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if read[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
                if let (Some(Around::Object(name, false)), Some(text)) = (around.last_mut(), json.get(start..at)) {
                    *name = serde_json::from_str(text).unwrap_or_default();
                }
            }
            b'{' => around.push(Around::Object(String::new(), false)),
            b'[' => around.push(Around::List(0)),
            b'}' | b']' => drop(around.pop()),
            b':' => {
                if let Some(Around::Object(_, is_value)) = around.last_mut() {
                    *is_value = true;
                }
            }
            b',' => match around.last_mut() {
                Some(Around::Object(name, is_value)) => (*name, *is_value) = (String::new(), false),
                Some(Around::List(before)) => *before += 1,
                None => {}
            },
            _ => {}
        }
    }
    said(&around)
}

fn said(around: &[Around]) -> String {
    around.iter().fold(String::new(), |place, around| match around {
        Around::Object(name, _) if name.is_empty() => place,
        Around::Object(name, _) if place.is_empty() => name.clone(),
        Around::Object(name, _) => place + "." + name,
        Around::List(before) => format!("{place}[{before}]"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_told_wherever_the_text_ends() {
        let json = "{\"a\": {\"b, c\": [1, {\"\\\"d\": \"}{\"}, 2],\n\"e\": 0}, \"f\": []}";
        let after = |read: &str| {
            assert!(json.starts_with(read), "{read}");
            place(json, read.matches('\n').count() + 1, read.len() - read.rfind('\n').map_or(0, |at| at + 1))
        };
        assert_eq!(after(""), "");
        assert_eq!(after("{\"a\""), "a");
        assert_eq!(after("{\"a\": {"), "a");
        assert_eq!(after("{\"a\": {\"b, c\": [1"), "a.b, c[0]");
        assert_eq!(after("{\"a\": {\"b, c\": [1, {\"\\\"d\": \"}{\""), "a.b, c[1].\"d");
        assert_eq!(after("{\"a\": {\"b, c\": [1, {\"\\\"d\": \"}{\"}"), "a.b, c[1]");
        let line = "{\"a\": {\"b, c\": [1, {\"\\\"d\": \"}{\"}, 2]";
        assert_eq!(after(line), "a.b, c");
        let line = format!("{line},\n");
        assert_eq!(after(&line), "a");
        assert_eq!(after(&format!("{line}\"e\": 0")), "a.e");
        assert_eq!(after(&format!("{line}\"e\": 0}}")), "a");
        assert_eq!(after(&format!("{line}\"e\": 0}}, \"f\": [")), "f[0]");
        assert_eq!(after(&format!("{line}\"e\": 0}}, \"f\": []")), "f");
        assert_eq!(after(json), "");
        // Past its end, and in what is no JSON at all.
        assert_eq!(place(json, 9, 9), "");
        assert_eq!(place("]}\"\\", 1, 4), "");
        assert_eq!(place("{\"ä\": \"ö", 1, 9), "ä");
    }
}
