//! What the reader's terminal can show: the one place that looks at it and at the variables that speak for it.

use std::env;
use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use terminal_size::{Height, Width, terminal_size_of};

use crate::cli::Color;
use crate::render::{HEIGHT, Style};

/// Columns where nothing tells how many there are.
const FALLBACK_WIDTH: usize = 100;

/// Whether what goes to standard output, or to standard error, may have colours where nothing was said of them.
pub fn is_coloured(stderr: bool) -> bool {
    #[expect(clippy::disallowed_methods, reason = "they are looked at, not written to")]
    let (is_terminal, choice) = if stderr {
        (io::stderr().is_terminal(), AutoStream::choice(&io::stderr()))
    } else {
        (io::stdout().is_terminal(), AutoStream::choice(&io::stdout()))
    };
    let is_empty = |name| env::var_os(name).is_some_and(|value| value.is_empty());
    // A variable that is set to nothing counts as not set.
    if is_empty("CLICOLOR_FORCE") && !is_terminal { false } else { choice != ColorChoice::Never }
}

/// The style for standard output.
pub fn style(color: Color) -> Style {
    let color = match color {
        Color::Auto => is_coloured(false),
        Color::Always => true,
        Color::Never => false,
    };
    #[expect(clippy::disallowed_methods, reason = "it is looked at, not written to")]
    let stdout = io::stdout();
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let size = terminal_size_of(&stdout);
    let width = columns
        .or_else(|| size.map(|(Width(columns), _)| usize::from(columns)))
        .filter(|columns| *columns > 0)
        .unwrap_or(FALLBACK_WIDTH);
    let height = size.map_or(HEIGHT, |(_, Height(rows))| usize::from(rows).max(HEIGHT));
    Style { width, height, color, unicode: unicode() }
}

/// The style for a file: as wide as a page, and without colours.
pub const fn plain() -> Style {
    Style { width: FALLBACK_WIDTH, color: false, unicode: true, height: 24 }
}

/// Whether the terminal of standard output takes links (OSC 8): those that are known to, or where that is asked for.
pub fn takes_links() -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("FORCE_HYPERLINK") {
        return true;
    }
    #[expect(clippy::disallowed_methods, reason = "it is looked at, not written to")]
    let is_terminal = io::stdout().is_terminal();
    let is = |name: &str, known: &[&str]| env::var(name).is_ok_and(|value| known.iter().any(|one| value.contains(one)));
    is_terminal
        && (["WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION"].into_iter().any(set)
            || is("TERM_PROGRAM", &["iTerm", "WezTerm", "vscode", "ghostty", "Hyper"])
            || is("TERM", &["kitty", "alacritty", "foot", "ghostty"])
            || env::var("VTE_VERSION").is_ok_and(|version| version.parse::<u32>().is_ok_and(|version| version >= 5000)))
}

/// Whether to trust the terminal with more than ASCII: not a dumb one, nor where `IDC_ASCII` asks for no more, nor in a
/// locale that has nothing else. Colours are another matter: without them the glyphs are the same.
fn unicode() -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("IDC_ASCII") || env::var("TERM").is_ok_and(|term| term == "dumb") {
        return false;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(|name| env::var(name).ok());
    let locale = locale.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
    !matches!(locale.as_str(), "C" | "POSIX")
}

/// Has the AWS SDK's own log written to standard error. Never below the level of debugging: what comes below holds
/// whole requests.
#[cfg(feature = "live")]
pub fn log_the_sdk() {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;

    use crate::output::Log;

    let lines = tracing_subscriber::fmt::layer().with_writer(|| Log).with_ansi(false);
    // What signs, and what finds identities and endpoints for them, logs credentials' key ids or signatures.
    let silent =
        ["aws_sigv4", "aws_smithy_runtime::client::orchestrator::endpoints", "aws_smithy_runtime::client::identity"];
    let levels = Targets::new().with_default(LevelFilter::DEBUG);
    let levels = silent.into_iter().fold(levels, |levels, target| levels.with_target(target, LevelFilter::OFF));
    // A second subscriber in one process is refused; the first then stays.
    let _ = tracing_subscriber::registry().with(lines).with(levels).try_init();
}
