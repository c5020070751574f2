//! Long answers, compressed: lists of people and of roles are most of a file, and say the same many times over.

use std::io::{self, Write};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};

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

/// Takes answers apart, one after the other: what it needs for that is made once.
pub(super) struct Unpacker(Decompress);

impl Unpacker {
    pub(super) fn new() -> Self {
        Self(Decompress::new(true))
    }

    /// What was compressed, as long as it is said to be and no longer.
    pub(super) fn unpack(&mut self, bytes: &[u8], size: u64) -> io::Result<Vec<u8>> {
        let other = || io::Error::other("it is not as long as it is said to be");
        // Nothing is made room for that cannot be there.
        let length = usize::try_from(size).ok().filter(|_| size / MOST_OF_A_BYTE <= bytes.len() as u64);
        let mut text = vec![0; length.ok_or_else(other)?];
        self.0.reset(true);
        let status = self.0.decompress(bytes, &mut text, FlushDecompress::Finish)?;
        let is_whole = status == Status::StreamEnd && self.0.total_out() == size;
        if is_whole { Ok(text) } else { Err(other()) }
    }
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
        let mut unpacker = Unpacker::new();
        let mut unpack = |bytes: &[u8], size| unpacker.unpack(bytes, size);
        assert_eq!(unpack(&packed, 9_000).expect("whole"), text.as_bytes());
        assert!(unpack(&packed, 8_999).is_err() && unpack(&packed, 9_001).is_err());
        assert!(unpack(&packed[..packed.len() - 5], 9_000).is_err() && unpack(b"no", 2).is_err());
        assert!(unpack(&packed, 1 << 29).is_err());
        assert_eq!(unpack(&packed, 9_000).expect("whole"), text.as_bytes());
    }
}
