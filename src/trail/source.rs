//! What `--trail` names.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::wording::clean;

/// The forms, as an error and the help show them.
pub const FORMS: &str =
    "athena:DATABASE.TABLE[@WORKGROUP], lake:EVENT-DATA-STORE-ID, logs:LOG-GROUP, or a folder of CloudTrail log files";

/// Where CloudTrail records are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A table of Amazon Athena.
    Athena {
        /// The database.
        database: String,
        /// The table.
        table: String,
        /// The workgroup, where one is named.
        workgroup: Option<String>,
    },
    /// An event data store of CloudTrail Lake: its id, or its ARN.
    Lake(String),
    /// A log group of Amazon CloudWatch Logs: its name, or its ARN.
    Logs(String),
    /// A folder of log files on this machine.
    Files(PathBuf),
}

impl Source {
    /// The Region that the value names: an ARN has one.
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::Lake(text) | Self::Logs(text) => text.strip_prefix("arn:")?.split(':').nth(2),
            Self::Athena { .. } | Self::Files(_) => None,
        }
    }

    /// The folder, where it is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Files(folder) => Some(folder),
            Self::Athena { .. } | Self::Lake(_) | Self::Logs(_) => None,
        }
    }
}

impl std::str::FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = |what: &str| Err(format!("{what}: give {FORMS}"));
        if text.is_empty() {
            return wrong("is empty");
        }
        if text.contains("://") {
            return wrong("an address is not read (copy the log files of a bucket to a folder with aws s3 sync)");
        }
        let Some((kind, rest)) = text.split_once(':').filter(|(kind, _)| is_kind(kind)) else {
            return Ok(Self::Files(PathBuf::from(text)));
        };
        match kind {
            "athena" => athena(rest).ok_or(()).or_else(|()| wrong("athena: takes a database, a dot and a table")),
            "lake" if is_event_data_store(rest) => Ok(Self::Lake(rest.to_owned())),
            "lake" => wrong("lake: takes the id or the ARN of an event data store"),
            // The console and the API show ARNs of log groups with this end; a query takes none.
            "logs" => match rest.strip_suffix(":*").unwrap_or(rest) {
                group if is_log_group(group) => Ok(Self::Logs(group.to_owned())),
                _ => wrong("logs: takes the name or the ARN of a log group"),
            },
            _ => wrong(&format!("there is no kind {} (a folder of that name is ./{})", clean(kind), clean(text))),
        }
    }
}

/// Whether it stands for a kind of source. A single letter is a drive.
fn is_kind(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn athena(text: &str) -> Option<Source> {
    let is_name = |name: &str| {
        let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        (1..=255).contains(&name.len()) && name.chars().all(is_letter)
    };
    let is_workgroup = |name: &str| {
        (1..=128).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let (table, workgroup) = match text.split_once('@') {
        Some((table, workgroup)) => (table, Some(workgroup)),
        None => (text, None),
    };
    let (database, table) = table.split_once('.')?;
    let is_sound = is_name(database) && is_name(table) && workgroup.is_none_or(is_workgroup);
    is_sound.then(|| Source::Athena {
        database: database.to_owned(),
        table: table.to_owned(),
        workgroup: workgroup.map(str::to_owned),
    })
}

/// An event data store's id stands in the statement, so it must be one.
fn is_event_data_store(text: &str) -> bool {
    let is_id = |id: &str| {
        let groups: Vec<usize> = id.split('-').map(str::len).collect();
        groups == [8, 4, 4, 4, 12] && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    match arn(text, "cloudtrail") {
        Some(resource) => resource.strip_prefix("eventdatastore/").is_some_and(is_id),
        None => is_id(text),
    }
}

fn is_log_group(text: &str) -> bool {
    let is_name = |name: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/#".contains(&byte);
        (1..=512).contains(&name.len()) && name.bytes().all(is_letter)
    };
    match arn(text, "logs") {
        Some(resource) => resource.strip_prefix("log-group:").is_some_and(is_name),
        None => is_name(text),
    }
}

/// What an ARN of this service names, where its Region and account are such.
fn arn<'t>(text: &'t str, service: &str) -> Option<&'t str> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let &["arn", partition, of, region, account, resource] = parts.as_slice() else { return None };
    let is_label = |label: &str| {
        !label.is_empty() && label.len() < 64 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (of == service && is_label(partition) && is_label(region) && is_account).then_some(resource)
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Athena { database, table, workgroup } => {
                let workgroup = workgroup.as_ref().map(|name| format!("@{name}")).unwrap_or_default();
                write!(f, "athena:{database}.{table}{workgroup}")
            }
            Self::Lake(id) => write!(f, "lake:{id}"),
            Self::Logs(group) => write!(f, "logs:{group}"),
            Self::Files(folder) => write!(f, "{}", clean(&folder.display().to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0a1b2c3d-0000-4111-8222-333344445555";

    #[test]
    fn each_form_is_read_and_told_again() {
        let arn = format!("lake:arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/{ID}");
        let lake = format!("lake:{ID}");
        for text in [
            "athena:logs.cloudtrail_logs_pp",
            "athena:security-logs.trail@primary",
            &lake,
            &arn,
            "logs:aws-controltower/CloudTrailLogs",
            "logs:arn:aws:logs:eu-west-1:123456789012:log-group:/aws/cloudtrail",
            "logs",
            "./athena:x",
            "/var/trail",
            r"C:\trail",
        ] {
            assert_eq!(text.parse::<Source>().map(|source| source.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(arn.parse::<Source>().unwrap().region(), Some("eu-west-1"));
        let group = "logs:arn:aws:logs:us-east-2:123456789012:log-group:trail".parse::<Source>().unwrap();
        assert_eq!(group.region(), Some("us-east-2"));
        assert_eq!(format!("{group}:*").parse(), Ok(group));
    }

    #[test]
    fn anything_else_is_refused_with_the_forms() {
        for text in [
            "",
            "  ",
            "athena:",
            "athena:table",
            "athena:a.b.c",
            "athena:a.b\"; DROP TABLE x",
            "athena:a.b@",
            "athena:a.b@w g",
            "lake:",
            "lake:trail",
            "lake:arn:aws:cloudtrail:eu-west-1:123456789012:trail/x",
            "logs:",
            "logs:a group",
            "logs:a\" | limit 1",
            "logs:arn:aws:logs:eu-west-1:123456789012:log-stream:x",
            "athenna:a.b",
            "s3://bucket/AWSLogs",
        ] {
            let refused = text.parse::<Source>().expect_err(text);
            assert!(refused.contains(FORMS), "{text}: {refused}");
        }
        assert!("S3:x".parse::<Source>().unwrap_err().contains("./S3:x"));
    }
}
