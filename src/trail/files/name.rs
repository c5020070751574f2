//! What the path of a log file tells before it is opened.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What stands in the name that CloudTrail gives: `123456789012_CloudTrail_eu-west-1_20261120T1405Z_Ab3d.json.gz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) account: String,
    pub(super) region: String,
    /// When it was written: what is in it happened before.
    pub(super) at: Timestamp,
}

/// What a file may be, by its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A log file.
    Log(Option<Name>),
    /// Anything else, digests and insights too.
    Other,
}

impl Kind {
    /// By the name of a file.
    pub(super) fn of(file: &str) -> Self {
        let lower = file.to_ascii_lowercase();
        let unpacked = lower.strip_suffix(".gz").unwrap_or(&lower);
        if unpacked.strip_suffix(".json").is_none() || file.contains("_CloudTrail-") {
            return Self::Other;
        }
        Self::Log(named(file))
    }
}

fn named(file: &str) -> Option<Name> {
    let mut parts = file.splitn(5, '_');
    let (account, kind, region, at) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let written = DateTime::strptime("%Y%m%dT%H%MZ", at).ok()?;
    let at = TimeZone::UTC.to_timestamp(written).ok()?;
    (is_account(account) && kind == "CloudTrail" && !region.is_empty()).then(|| Name {
        account: account.to_owned(),
        region: region.to_owned(),
        at,
    })
}

pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where a folder stands in `AWSLogs/[o-…/]ACCOUNT/CloudTrail/REGION/2026/11/20`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    last: String,
    pub(super) account: Option<String>,
    pub(super) region: Option<String>,
    /// Year, month and day, as far as they are given.
    pub(super) date: Vec<i16>,
}

impl Standing {
    /// The same one folder deeper; `None` where nothing there is a log file.
    pub(super) fn within(&self, folder: &str) -> Option<Self> {
        if folder.starts_with("CloudTrail-") {
            return None;
        }
        let mut inner = Self { last: folder.to_owned(), ..self.clone() };
        let is_number = |digits: usize| folder.len() == digits && folder.bytes().all(|byte| byte.is_ascii_digit());
        if is_account(folder) && (self.last == "AWSLogs" || self.last.starts_with("o-")) {
            inner.account = Some(folder.to_owned());
        } else if self.last == "CloudTrail" && self.account.is_some() {
            inner.region = Some(folder.to_owned());
        } else if self.region.is_some() && self.date.len() < 3 && is_number(if self.date.is_empty() { 4 } else { 2 }) {
            inner.date.push(folder.parse().ok()?);
        }
        Some(inner)
    }

    /// Whether it holds only days before this one.
    pub(super) fn is_before(&self, day: Timestamp) -> bool {
        !self.date.is_empty() && self.date.as_slice() < self.same_of(day).as_slice()
    }

    /// Whether it holds only days after this one.
    pub(super) fn is_after(&self, day: Timestamp) -> bool {
        !self.date.is_empty() && self.date.as_slice() > self.same_of(day).as_slice()
    }

    /// Year, month and day of a moment, as far as they are given here.
    fn same_of(&self, at: Timestamp) -> Vec<i16> {
        let day = TimeZone::UTC.to_datetime(at);
        let mut all = vec![day.year(), day.month().into(), day.day().into()];
        all.truncate(self.date.len());
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_cloudtrail_writes_and_leaves_digests() {
        let name = "123456789012_CloudTrail_eu-west-1_20261120T1405Z_Ab3d_x.json.gz";
        let Kind::Log(Some(read)) = Kind::of(name) else { panic!("{name} is a log file") };
        assert_eq!((read.account.as_str(), read.region.as_str()), ("123456789012", "eu-west-1"));
        assert_eq!(read.at.to_string(), "2026-11-20T14:05:00Z");
        for plain in
            ["a.json", "B.JSON.GZ", "12_CloudTrail_x_20261120T1405Z_a.json", "123456789012_CloudTrail_x_y_a.json.gz"]
        {
            assert_eq!(Kind::of(plain), Kind::Log(None), "{plain}");
        }
        for other in [
            "a.txt",
            "json",
            "123456789012_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20261120T140500Z.json.gz",
            "123456789012_CloudTrail-Insight_eu-west-1_20261120T1405Z_a.json.gz",
        ] {
            assert_eq!(Kind::of(other), Kind::Other, "{other}");
        }
    }

    #[test]
    fn a_path_tells_account_region_and_day() {
        let walk = |path: &str| path.split('/').try_fold(Standing::default(), |at, folder| at.within(folder));
        let day = walk("bucket/o-abc/AWSLogs/o-abc/123456789012/CloudTrail/eu-west-1/2026/11/20").unwrap();
        assert_eq!((day.account.as_deref(), day.region.as_deref()), (Some("123456789012"), Some("eu-west-1")));
        let at = |text: &str| text.parse().unwrap();
        assert!(day.is_before(at("2026-11-21T00:00:00Z")) && day.is_after(at("2026-11-19T23:59:59Z")));
        let year = walk("AWSLogs/123456789012/CloudTrail/eu-west-1/2026").unwrap();
        assert!(!year.is_before(at("2026-01-01T00:00:00Z")) && !year.is_after(at("2026-01-01T00:00:00Z")));
        assert!(walk("AWSLogs/123456789012/CloudTrail-Digest").is_none());
        assert_eq!(walk("2026/11/20").unwrap().date, Vec::<i16>::new());
    }
}
