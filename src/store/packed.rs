//! Long answers, compressed: lists of people and of roles are most of a file, and say the same many times over.

use std::io::{self, Write};
use std::iter;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use miniz_oxide::inflate::decompress_slice_iter_to_slice;

/// From how many bytes on an answer is compressed.
const LONG: usize = 256;

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
pub(super) fn unpack(bytes: &[u8], size: u64) -> io::Result<Vec<u8>> {
    let other = || io::Error::other("it is not as long as it is said to be");
    // Nothing is made room for that cannot be there.
    let length = usize::try_from(size).ok().filter(|_| size / MOST_OF_A_BYTE <= bytes.len() as u64);
    let mut text = vec![0; length.ok_or_else(other)?];
    // Right to its place: a decompressor of streams would make a window for each of some ten thousand short answers.
    let written = decompress_slice_iter_to_slice(&mut text, iter::once(bytes), true, false);
    if written == Ok(text.len()) { Ok(text) } else { Err(other()) }
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
        assert_eq!(unpack(&packed, 9_000).expect("whole"), text.as_bytes());
        assert!(unpack(&packed, 8_999).is_err() && unpack(&packed, 9_001).is_err());
        assert!(unpack(&packed[..packed.len() - 5], 9_000).is_err() && unpack(b"no", 2).is_err());
        assert!(unpack(&packed, 1 << 29).is_err());
    }
}
