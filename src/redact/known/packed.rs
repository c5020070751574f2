//! Takes apart what `build.rs` packs: a list of names as words by their number. As text the names would be half a megabyte
//! of the program.

/// What ends a name.
const END_OF_NAME: u8 = 0;
/// What ends a line.
const END_OF_LINE: u8 = 1;
/// The number of the first word in one byte.
const FIRST: u8 = 2;
/// From here on a byte is the first of two.
const FIRST_OF_TWO: u8 = 224;

/// The list as it was: a line for each service, with a space between names.
pub(super) fn unpacked(words: &str, packed: &[u8]) -> String {
    let words: Vec<&str> = words.lines().collect();
    let mut text = String::new();
    let mut bytes = packed.iter().copied();
    while let Some(byte) = bytes.next() {
        let number = match byte {
            END_OF_NAME => {
                text.push(' ');
                continue;
            }
            END_OF_LINE => {
                text.push('\n');
                continue;
            }
            one if one < FIRST_OF_TWO => usize::from(one - FIRST),
            first => {
                let second = bytes.next().unwrap_or_default();
                usize::from(FIRST_OF_TWO - FIRST) + (usize::from(first - FIRST_OF_TWO) << 8) + usize::from(second)
            }
        };
        text.push_str(words.get(number).copied().unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_as_it_was() {
        assert!(*super::super::ACTIONS_TEXT == include_str!("actions.txt"), "what is packed is another list");
    }
}
