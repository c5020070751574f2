//! Texts that the program brings with it: pages, schemas, tables. `build.rs` compresses them; as they stand they would be a
//! twentieth of the program.

use std::io::Read;

use flate2::read::DeflateDecoder;

/// A text by its path in the project, unpacked when it is first read. `build.rs` has a list of them.
macro_rules! packed {
    ($($path:expr),+) => {{
        static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
            $crate::packed::unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/", $($path,)+ ".deflate")))
        });
        TEXT.as_str()
    }};
}

pub(crate) use packed;

/// What `build.rs` compressed.
pub(crate) fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    // A test reads every one of them: none can be damaged in a build that passed.
    let _ = DeflateDecoder::new(bytes).read_to_string(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn every_text_is_as_it_was() {
        let mut count = 0;
        for (path, text) in include!(concat!(env!("OUT_DIR"), "/packed.rs")) {
            assert!(super::unpacked(text) == fs::read_to_string(path).expect("a file"), "{path} is another text");
            count += 1;
        }
        assert!(count > 80, "{count}");
    }
}
