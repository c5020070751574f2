//! An answer from a recording: what the file says is somebody's word, and may be of long ago.

use jiff::{SignedDuration, Timestamp};

use super::Diagnosis;
use crate::wording;

/// The recording that an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// The file, for people.
    pub file: String,
    /// When it was read.
    pub now: Timestamp,
}

/// Says that the answer comes from a file, who collected what is in it, and when.
pub fn origin(diagnosis: &Diagnosis, replayed: &Replayed) -> String {
    let who = diagnosis.caller.as_ref().map_or("somebody it does not name", |caller| caller.arn.as_str());
    let at = diagnosis.collected_at;
    format!(
        "From the recording {} of {} UTC, {}, by {who}",
        // Where it lies is known to whoever named it.
        replayed.file.rsplit(['/', '\\']).next().unwrap_or(&replayed.file),
        at.strftime("%Y-%m-%d %H:%M"),
        age(at.duration_until(replayed.now))
    )
}

/// How long ago something was, for people.
pub(super) fn age(since: SignedDuration) -> String {
    let minutes = since.as_secs().unsigned_abs() / 60;
    let (number, unit) = match minutes {
        0 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    let long = wording::count(usize::try_from(number).unwrap_or(usize::MAX), unit);
    if since.is_negative() { format!("{long} ahead of this machine's clock") } else { format!("{long} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_how_long_ago() {
        for (seconds, told) in [
            (59, "just now"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (7200, "2 hours ago"),
            (86_400, "1 day ago"),
            (400 * 86_400, "400 days ago"),
            (-7200, "2 hours ahead of this machine's clock"),
        ] {
            assert_eq!(age(SignedDuration::from_secs(seconds)), told);
        }
    }
}
