//! Words of a command line, so that a shell and the program that is called read each as it was meant.

/// Joins the words of a command for a POSIX shell.
pub fn shell(words: &[String]) -> String {
    let quote = |word: &String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+%".contains(c);
        // Some shells look up a command for a word that begins with an equals sign.
        if !word.is_empty() && !word.starts_with('=') && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// An option with its value, which may begin like an option.
pub fn option(name: &str, value: &str) -> Vec<String> {
    if value.starts_with('-') { vec![format!("{name}={value}")] } else { vec![name.to_owned(), value.to_owned()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_for_a_posix_shell() {
        let words = ["aws", "--profile", "it's mine", "UserId=a-b", "", "=ls", "$HOME"].map(str::to_owned);
        assert_eq!(shell(&words), r"aws --profile 'it'\''s mine' UserId=a-b '' '=ls' '$HOME'");
        assert_eq!(shell(&option("--profile", "-x y")), "'--profile=-x y'");
        assert_eq!(shell(&option("--profile", "x")), "--profile x");
    }
}
