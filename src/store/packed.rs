//! Long answers, compressed: lists of people and of roles are most of a file, and say the same many times over.

use std::io::{self, Write};
use std::iter;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use miniz_oxide::inflate::decompress_slice_iter_to_slice;

use super::Kept;
use crate::evidence::Answer;
use crate::json;

/// From how many bytes on an answer is compressed.
const LONG: usize = 256;

/// What a file holds, with its answers as they stand in one: set aside while something else needs the room.
#[derive(Debug)]
pub struct Aside {
    /// All but the answers.
    pub head: Kept,
    /// Each compressed, with its length.
    answers: Vec<(Vec<u8>, u64)>,
}

impl Aside {
    /// Sets all of it aside.
    pub fn of(kept: &Kept) -> io::Result<Self> {
        let &Kept { ref scope, finished, calls, sso_calls, .. } = kept;
        let head = Kept { scope: scope.clone(), answers: Vec::new(), finished, calls, sso_calls };
        let mut aside = Self { head, answers: Vec::with_capacity(kept.answers.len()) };
        kept.answers.iter().try_for_each(|answer| aside.push(answer))?;
        Ok(aside)
    }

    /// Sets an answer aside.
    pub fn push(&mut self, answer: &Answer) -> io::Result<()> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        let text = json::line(answer)?;
        encoder.write_all(text.as_bytes())?;
        let mut packed = encoder.finish()?;
        packed.shrink_to_fit();
        self.answers.push((packed, text.len() as u64));
        Ok(())
    }

    /// The answers, one after the other.
    pub fn answers(&self) -> impl Iterator<Item = io::Result<Answer>> {
        self.answers.iter().map(|(packed, size)| Ok(serde_json::from_str(&unpack(packed, *size)?)?))
    }

    /// All of it.
    pub fn kept(&self) -> io::Result<Kept> {
        Ok(Kept { answers: self.answers().collect::<io::Result<_>>()?, ..self.head.clone() })
    }
}

/// An answer compressed; `None` where it is short.
pub(super) fn pack(text: &str) -> io::Result<Option<Vec<u8>>> {
    if text.len() < LONG {
        return Ok(None);
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes())?;
    encoder.finish().map(Some)
}

/// No compressed byte stands for more than these.
const MOST_OF_A_BYTE: u64 = 1_032;

/// What was compressed, as long as it is said to be and no longer.
pub(super) fn unpack(bytes: &[u8], size: u64) -> io::Result<String> {
    let other = || io::Error::other("it is not as long as it is said to be");
    // Nothing is made room for that cannot be there.
    let length = usize::try_from(size).ok().filter(|_| size / MOST_OF_A_BYTE <= bytes.len() as u64);
    let mut text = vec![0; length.ok_or_else(other)?];
    // Right to its place: a decompressor of streams would make a window for each of some ten thousand short answers.
    let written = decompress_slice_iter_to_slice(&mut text, iter::once(bytes), true, false);
    if written != Ok(text.len()) {
        return Err(other());
    }
    String::from_utf8(text).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_and_no_longer() {
        assert_eq!(pack("short").expect("packed"), None);
        let text = "the same ".repeat(1_000);
        let packed = pack(&text).expect("packed").expect("long");
        assert!(packed.len() < text.len() / 10);
        assert_eq!(unpack(&packed, 9_000).expect("whole"), text);
        assert!(unpack(&packed, 8_999).is_err() && unpack(&packed, 9_001).is_err());
        assert!(unpack(&packed[..packed.len() - 5], 9_000).is_err() && unpack(b"no", 2).is_err());
        assert!(unpack(&packed, 1 << 29).is_err());
    }
}
