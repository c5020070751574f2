//! How a name may be written: as it is, escaped, or in Base64.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::IN_BASE64;

/// Escapes within escapes are undone so often.
const LAYERS: usize = 3;

/// A text as it is and as it reads where characters are escaped, as in addresses or in JSON.
pub(super) fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let mut readings = vec![Cow::Borrowed(text)];
    for _ in 0..LAYERS {
        let last = readings[readings.len() - 1].as_ref();
        if !last.contains(['%', '\\', '+']) {
            break;
        }
        let decoded = unescaped(&percent_decode_str(&last.replace('+', " ")).decode_utf8_lossy());
        readings.push(Cow::Owned(decoded));
    }
    readings
}

/// A text in which `\u00e9` is a letter, and of other escapes the backslash is left out.
fn unescaped(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        read.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let code =
            rest.strip_prefix('u').and_then(|rest| rest.get(..4)).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            read.push(c);
            rest = &rest[5..];
        }
    }
    read + rest
}

/// What the runs of letters and digits in a text say if they are Base64, from whichever letter it begins.
pub(super) fn base64_in(text: &str) -> impl Iterator<Item = (&str, String)> {
    let runs = text.split(|c: char| sextet(c).is_none()).filter(|run| run.len() >= IN_BASE64 * 4 / 3);
    runs.flat_map(|run| (0..4).filter_map(move |skipped| Some((run, run.get(skipped..)?)))).map(|(whole, run)| {
        let mut bytes = Vec::with_capacity(run.len());
        let (mut bits, mut held) = (0_u32, 0);
        for value in run.chars().filter_map(sextet) {
            bits = (bits << 6) | value;
            held += 6;
            if held >= 8 {
                held -= 8;
                bytes.extend(u8::try_from((bits >> held) & 0xff));
            }
        }
        (whole, String::from_utf8_lossy(&bytes).into_owned())
    })
}

fn sextet(c: char) -> Option<u32> {
    let from = |first: char, value: u32| Some(u32::from(c) - u32::from(first) + value);
    match c {
        'A'..='Z' => from('A', 0),
        'a'..='z' => from('a', 26),
        '0'..='9' => from('0', 52),
        '+' | '-' => Some(62),
        '/' | '_' => Some(63),
        _ => None,
    }
}
