//! Draws the picture in README.md: an answer as a terminal of 100 columns shows it.
//! `cargo run --no-default-features --example picture > docs/answer.svg`

#![expect(clippy::disallowed_methods, reason = "an example prints for itself")]

use std::error::Error;
use std::io::{self, Write};
use std::{env, fs};

use anstyle_lossy::palette::WIN10_CONSOLE;
use idc::answers::diagnosis::diagnose;
use idc::evidence;
use idc::render::{self, Style};

const COLUMNS: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).unwrap_or_else(|| "fixtures/customer-managed-policy-missing.json".to_owned());
    Ok(io::stdout().write_all(draw(&fs::read_to_string(file)?)?.as_bytes())?)
}

/// The picture of what a recording is answered with.
pub(crate) fn draw(recording: &str) -> Result<String, Box<dyn Error>> {
    let diagnosis = diagnose(&evidence::read(recording)?);
    let mut answer = Vec::new();
    render::table::write(
        &mut answer,
        &diagnosis,
        &Style { width: COLUMNS, color: true, unicode: true, height: 40 },
        false,
    )?;
    let lines: Vec<String> = String::from_utf8(answer)?.lines().map(folded).collect();
    Ok(anstyle_svg::Term::new().palette(WIN10_CONSOLE).render_svg(&lines.join("\n")))
}

/// The line as a terminal breaks it. Only commands are longer than a terminal is wide, and they have no colours.
fn folded(line: &str) -> String {
    if line.contains('\u{1b}') {
        return line.to_owned();
    }
    let letters: Vec<char> = line.chars().collect();
    letters.chunks(COLUMNS).map(String::from_iter).collect::<Vec<_>>().join("\n")
}
