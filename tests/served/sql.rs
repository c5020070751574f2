//! Enough of SQL to carry out a `WHERE`: comparisons, `IN`, `LIKE`, `BETWEEN`, `IS NOT NULL`, `AND`, `OR` and
//! parentheses. What else stands in one is an error, as it would be with a misspelt query.

/// Whether a row, by its columns, is one of those that a statement's `WHERE` selects; and the most rows it wants.
pub(crate) fn selects(
    statement: &str,
    column: &dyn Fn(&str) -> Result<Option<String>, String>,
) -> Result<bool, String> {
    let tokens = tokens(statement)?;
    let start = tokens.iter().position(|token| token.is("WHERE")).ok_or("no WHERE")?;
    let mut reader = Reader { tokens: &tokens[start + 1..], column };
    let holds = reader.any()?;
    if reader.tokens.first().is_some_and(|token| token.is("ORDER")) { Ok(holds) } else { Err(reader.odd()) }
}

/// What stands behind `FROM`.
pub(crate) fn from(statement: &str) -> Option<String> {
    let (_, rest) = statement.split_once("FROM ")?;
    Some(rest.split_whitespace().next()?.replace('"', ""))
}

/// The columns selected, each by the name that it has in the answer, and where it is taken from.
pub(crate) fn columns(statement: &str) -> Vec<(String, String)> {
    let list = statement.strip_prefix("SELECT ").and_then(|rest| rest.split_once("FROM ")).map_or("", |(list, _)| list);
    let pair = |one: &str| match one.trim().split_once(" AS ") {
        Some((from, name)) => (name.to_owned(), from.to_owned()),
        None => (one.trim().to_owned(), one.trim().to_owned()),
    };
    list.split(',').map(pair).collect()
}

/// The most rows.
pub(crate) fn limit(statement: &str) -> usize {
    statement.rsplit_once("LIMIT ").and_then(|(_, count)| count.trim().parse().ok()).unwrap_or(usize::MAX)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Text(String),
    Sign(&'static str),
}

impl Token {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found.eq_ignore_ascii_case(word))
    }
}

fn tokens(statement: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = statement;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if first == '\'' || first == '"' {
            let mut text = String::new();
            let mut letters = rest[1..].char_indices().peekable();
            let end = loop {
                let (at, letter) = letters.next().ok_or("a quote without its end")?;
                if letter != first {
                    text.push(letter);
                } else if letters.peek().is_some_and(|(_, next)| *next == first) {
                    letters.next();
                    text.push(first);
                } else {
                    break at;
                }
            };
            tokens.push(if first == '\'' { Token::Text(text) } else { Token::Quoted(text) });
            rest = &rest[end + 2..];
            continue;
        }
        if let Some(sign) = [">=", "<=", "(", ")", ",", "="].into_iter().find(|sign| rest.starts_with(sign)) {
            tokens.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
            continue;
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_.-".contains(c))).unwrap_or(rest.len());
        if end == 0 {
            return Err(format!("mismatched input at {rest:.20}"));
        }
        tokens.push(Token::Word(rest[..end].to_owned()));
        rest = &rest[end..];
    }
    Ok(tokens)
}

struct Reader<'t> {
    tokens: &'t [Token],
    column: &'t dyn Fn(&str) -> Result<Option<String>, String>,
}

impl Reader<'_> {
    fn odd(&self) -> String {
        format!("mismatched input at {:?}", self.tokens.first())
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = match self.tokens.first() {
            Some(Token::Sign(sign)) => *sign == word,
            Some(token) => token.is(word),
            None => false,
        };
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn needs(&mut self, word: &str) -> Result<(), String> {
        if self.takes(word) { Ok(()) } else { Err(self.odd()) }
    }

    fn any(&mut self) -> Result<bool, String> {
        let mut holds = self.all()?;
        while self.takes("OR") {
            holds |= self.all()?;
        }
        Ok(holds)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut holds = self.one()?;
        while self.takes("AND") {
            holds &= self.one()?;
        }
        Ok(holds)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.takes("(") {
            let holds = self.any()?;
            self.needs(")")?;
            return Ok(holds);
        }
        let name = match self.tokens.first() {
            Some(Token::Word(name) | Token::Quoted(name)) => name.clone(),
            _ => return Err(self.odd()),
        };
        self.tokens = &self.tokens[1..];
        let value = (self.column)(&name)?;
        let holds = |test: &dyn Fn(&str) -> bool| value.as_deref().is_some_and(test);
        if self.takes("IS") {
            self.needs("NOT")?;
            self.needs("NULL")?;
            return Ok(value.is_some());
        }
        if self.takes("IN") {
            self.needs("(")?;
            let mut values = vec![self.literal()?];
            while self.takes(",") {
                values.push(self.literal()?);
            }
            self.needs(")")?;
            return Ok(holds(&|value| values.iter().any(|one| one == value)));
        }
        if self.takes("BETWEEN") {
            let first = self.literal()?;
            self.needs("AND")?;
            let last = self.literal()?;
            return Ok(holds(&|value| (first.as_str()..=last.as_str()).contains(&value)));
        }
        if self.takes("LIKE") {
            let pattern = self.literal()?;
            let escape = if self.takes("ESCAPE") { self.literal()?.chars().next() } else { None };
            let pattern: Vec<Piece> = pieces(&pattern, escape)?;
            return Ok(holds(&|value| like(&value.chars().collect::<Vec<_>>(), &pattern)));
        }
        for (sign, test) in
            [("=", <str as PartialEq>::eq as fn(&str, &str) -> bool), (">=", |a, b| a >= b), ("<=", |a, b| a <= b)]
        {
            if self.takes(sign) {
                let other = self.literal()?;
                return Ok(holds(&|value| test(value, &other)));
            }
        }
        Err(self.odd())
    }

    fn literal(&mut self) -> Result<String, String> {
        self.takes("DATE");
        let text = match self.tokens.first() {
            Some(Token::Text(text)) => text.clone(),
            Some(Token::Word(number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => number.clone(),
            _ => return Err(self.odd()),
        };
        self.tokens = &self.tokens[1..];
        Ok(text)
    }
}

/// A piece of a pattern: a letter, or whatever there may be.
#[derive(Clone, Copy, PartialEq)]
enum Piece {
    Letter(char),
    One,
    Any,
}

fn pieces(pattern: &str, escape: Option<char>) -> Result<Vec<Piece>, String> {
    let mut letters = pattern.chars();
    let mut pieces = Vec::new();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            letter if Some(letter) == escape => {
                Piece::Letter(letters.next().ok_or("Escape character must be followed by another")?)
            }
            '%' => Piece::Any,
            '_' => Piece::One,
            letter => Piece::Letter(letter),
        });
    }
    Ok(pieces)
}

/// Whether a text fits a pattern, by the place after the last `%` to which it can come back.
fn like(text: &[char], pattern: &[Piece]) -> bool {
    let (mut at, mut in_pattern, mut back) = (0, 0, None);
    while at < text.len() {
        match pattern.get(in_pattern) {
            Some(Piece::Any) => {
                back = Some((at, in_pattern));
                in_pattern += 1;
            }
            Some(Piece::One) => (at, in_pattern) = (at + 1, in_pattern + 1),
            Some(Piece::Letter(letter)) if *letter == text[at] => (at, in_pattern) = (at + 1, in_pattern + 1),
            _ => match back {
                Some((from, star)) => {
                    back = Some((from + 1, star));
                    (at, in_pattern) = (from + 1, star + 1);
                }
                None => return false,
            },
        }
    }
    pattern[in_pattern..].iter().all(|piece| *piece == Piece::Any)
}
