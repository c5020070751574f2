//! What the values of options may be.

use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};

use crate::wording::clean;

/// How long CloudTrail keeps events by itself.
pub const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// An event data store keeps them for ten years.
const LONGEST: SignedDuration = SignedDuration::from_hours(3660 * 24);

fn duration(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("{} is not a duration such as 90s, 2h or 7d", clean(text));
    let span: Span = text.parse().map_err(|_| wrong())?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok().filter(SignedDuration::is_positive).ok_or_else(wrong)
}

pub(crate) fn since(text: &str) -> Result<SignedDuration, String> {
    let since = duration(text)?;
    if since > LONGEST {
        return Err("nobody keeps events for as long".to_owned());
    }
    Ok(since)
}

pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    duration(text)?.try_into().map_err(|_| format!("{} is too long", clean(text)))
}

/// The name of something. A script whose variable is empty would otherwise be answered about everything there is.
pub(crate) fn named(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations() {
        assert_eq!(timeout("60s"), Ok(Duration::from_mins(1)));
        assert_eq!(since("7d"), Ok(SignedDuration::from_hours(168)));
        for wrong in ["", "x", "0s", "-1d", "4000d"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }
}
