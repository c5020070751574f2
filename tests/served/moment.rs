//! A point in time as the data writes it (RFC 3339, or `2h ago`) and as the two protocols send it
//! (epoch seconds, ISO 8601). It knows no time zones and no leap seconds.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Default for Moment {
    /// 2025-01-15T09:00:00Z: long enough ago that no rule takes it for recent.
    fn default() -> Self {
        Self(1_736_931_600_000)
    }
}

impl Moment {
    /// The present, in whole seconds, as AWS tells most of its times.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_secs()).unwrap_or_default() * 1000)
    }

    /// So many minutes before the present.
    pub fn minutes_ago(minutes: i64) -> Self {
        Self(Self::now().0 - minutes * MINUTE)
    }

    /// So many hours before the present.
    pub fn hours_ago(hours: i64) -> Self {
        Self(Self::now().0 - hours * HOUR)
    }

    /// So many days before the present.
    pub fn days_ago(days: i64) -> Self {
        Self(Self::now().0 - days * DAY)
    }

    /// A later (or, with a negative number, an earlier) point in time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// Epoch seconds, with a fraction, as `awsJson` sends them.
    pub fn epoch(self) -> Value {
        let text = format!("{}.{:03}", self.0.div_euclid(1000), self.0.rem_euclid(1000));
        text.parse::<f64>().map_or(Value::Null, Value::from)
    }

    /// Reads epoch seconds, or an RFC 3339 string, from a request.
    pub fn from_json(value: &Value) -> Option<Self> {
        if let Some(text) = value.as_str() {
            return Self::parse(text);
        }
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of any date that a request can mean fit")]
        value.as_f64().map(|seconds| Self((seconds * 1000.0).round() as i64))
    }

    /// RFC 3339 in UTC, with milliseconds only where there are some.
    pub fn rfc3339(self) -> String {
        let (days, within) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let (hour, minute) = (within / HOUR, within % HOUR / MINUTE);
        let (second, fraction) = (within % MINUTE / 1000, within % 1000);
        let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:03}") };
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    /// Reads `2026-11-22T01:02:03Z`, the same with a fraction, or `90s|15m|2h|3d ago`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(span) = text.strip_suffix("ago") {
            let span = span.trim();
            let (count, unit) = span.split_at_checked(span.len().checked_sub(1)?)?;
            let unit = match unit {
                "s" => 1000,
                "m" => MINUTE,
                "h" => HOUR,
                "d" => DAY,
                _ => return None,
            };
            return Some(Self(Self::now().0 - count.trim().parse::<i64>().ok()? * unit));
        }
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (date.next()??, date.next()??, date.next()??);
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let mut time = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
        let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
        let fraction = format!("{fraction:0<3}").get(..3)?.parse::<i64>().ok()?;
        Some(Self(days(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * 1000 + fraction))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom(format!("{text:?} is neither RFC 3339 in UTC nor like \"2h ago\"")))
    }
}

/// The date of a day counted from 1970-01-01, in the Gregorian calendar (Howard Hinnant's algorithm).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
