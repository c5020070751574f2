//! Identifiers in the forms AWS uses, made from names alone: the same organization has the same ids in every run,
//! so that what is recorded from it can be compared.

/// A well spread number from some strings (FNV-1a with a finishing mix).
pub(crate) fn hash(parts: &[&str]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// 16 hexadecimal digits, as in permission set ARNs and in the names of reserved roles.
pub fn hex(parts: &[&str]) -> String {
    format!("{:016x}", hash(parts))
}

/// A GUID, as in user, group, membership and request ids.
pub(crate) fn guid(parts: &[&str]) -> String {
    let (high, low) = (hash(parts), hash(&[&hex(parts), "low"]));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48 & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

/// A prefix such as `AROA` and 16 capitals and digits, as in IAM's unique ids and access keys.
pub fn unique(prefix: &str, parts: &[&str]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut high, mut low) = (hash(parts), hash(&[&hex(parts), prefix]));
    let mut text = String::from(prefix);
    for place in 0..16 {
        let source = if place % 2 == 0 { &mut high } else { &mut low };
        let letter = usize::try_from(*source & 31).unwrap_or_default();
        text.push(char::from(ALPHABET[letter]));
        *source >>= 5;
    }
    text
}

/// Base64 with padding, as in the issuer of Identity Center's assertions.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
        let sextets =
            [word[0] >> 2, (word[0] & 3) << 4 | word[1] >> 4, (word[1] & 15) << 2 | word[2] >> 6, word[2] & 63];
        for (place, sextet) in sextets.into_iter().enumerate() {
            text.push(if place > chunk.len() { '=' } else { char::from(ALPHABET[usize::from(sextet)]) });
        }
    }
    text
}
