//! Reads a file of ours, whoever wrote it and wherever it lies: nothing in it is run, nothing of it is written, and
//! nothing is left beside it.

use std::fs::File;
use std::io::Read;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{APPLICATION, FORM, Kept, MAGIC, OLDER_FORM, StoreError, packed};
use crate::evidence::Answer;
use crate::{cores, input};

/// The longest answer that is read: the people of the largest identity store are a tenth of that.
const LONGEST: i32 = 512 << 20;
/// The longest that all answers may be together: ten times those of the largest organization that AWS allows.
const LONGEST_WHOLE: u64 = 8 << 30;
/// The most questions that a file may hold: a hundred times those of the largest organization that AWS allows.
const MOST: usize = 20_000_000;
/// How long somebody else who reads a file with a log is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// What stands for itself in the address of a file.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// What a file of `SQLite` says of itself at its beginning.
struct Head {
    /// Whether its changes go to a log beside it.
    has_log: bool,
    /// How long it says that it is, where it says so; else 0.
    length: u64,
}

/// Reads a file.
pub fn read(path: &Path) -> Result<Kept, StoreError> {
    input::require_file(path)?;
    let connection = open(path)?;
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (application, form) =
        (number("application_id").map_err(of_sqlite)?, number("user_version").map_err(of_sqlite)?);
    if application != APPLICATION {
        return Err(if is_untouched(&connection) { StoreError::Blank } else { StoreError::NotOurs });
    }
    if form != FORM && form != OLDER_FORM {
        return Err(StoreError::OtherForm { found: form });
    }
    // A view of that name could run anything that SQLite can.
    let kinds = "SELECT count(*) FROM sqlite_schema WHERE name IN ('fact', 'meta') AND type = 'table'";
    if connection.query_row(kinds, [], |row| row.get::<_, i64>(0)).map_err(of_sqlite)? != 2 {
        return Err(StoreError::NotOurs);
    }
    kept(&connection).map_err(|error| match error {
        StoreError::Sqlite(error) => of_sqlite(error),
        other => other,
    })
}

/// Whether nothing is in a file yet: whoever made it was ended before anything was.
pub(super) fn is_blank(path: &Path) -> Result<bool, StoreError> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() {
        return Ok(false);
    }
    match open(path) {
        Ok(connection) => Ok(is_untouched(&connection)),
        Err(StoreError::Blank) => Ok(true),
        // What cannot be read is for the reader to refuse.
        Err(_) => Ok(false),
    }
}

/// Whether a database holds nothing at all.
fn is_untouched(connection: &Connection) -> bool {
    let of = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let count = || connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    matches!((of("application_id"), of("user_version"), count()), (Ok(0), Ok(0), Ok(0)))
}

/// Opens a file to read it.
fn open(path: &Path) -> Result<Connection, StoreError> {
    let log = [beside(path, "-wal"), beside(path, "-journal")].into_iter().find(|log| length(log) > 0);
    let head = Head::of(path)?;
    // With a log beside it, the file may grow by what stands there.
    if log.is_none() && length(path) < head.length {
        return Err(StoreError::Broken);
    }
    let connection = match &log {
        Some(log) => with_log(path).map_err(|error| match of_sqlite(error) {
            StoreError::Sqlite(_) => StoreError::LogApart { log: log.clone() },
            other => other,
        })?,
        None => alone(path, &head).map_err(of_sqlite)?,
    };
    let ready = |connection: &Connection| {
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)
    };
    ready(&connection).map_err(of_sqlite)?;
    Ok(connection)
}

/// Opens a file with its log. For one reader alone `SQLite` needs no third file to share the log, and lets it be in the end;
/// but one that may not write it cannot be alone.
fn with_log(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// Opens a file that is all there is. Where its changes would go to a log, `SQLite` would make one even to read it, and
/// cannot in a folder that is not to be written: unless it is told that nothing changes.
fn alone(path: &Path, head: &Head) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !head.has_log {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        return Ok(connection);
    }
    Connection::open_with_flags(unchanging(path), flags | OpenFlags::SQLITE_OPEN_URI)
}

/// The address of a file that nothing changes.
fn unchanging(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let bytes = path.as_os_str().as_encoded_bytes();
    let bytes: Vec<u8> = bytes.iter().map(|byte| if cfg!(windows) && *byte == b'\\' { b'/' } else { *byte }).collect();
    let root = if bytes.starts_with(b"/") { "" } else { "/" };
    format!("file://{root}{}?immutable=1", percent_encode(&bytes, PLAIN))
}

impl Head {
    fn of(path: &Path) -> Result<Self, StoreError> {
        let mut file = File::open(path)?;
        let mut head = Vec::new();
        file.by_ref().take(100).read_to_end(&mut head)?;
        if head.is_empty() {
            return Err(StoreError::Blank);
        }
        if !head.starts_with(MAGIC) {
            return Err(StoreError::NotOurs);
        }
        let number = |at: usize| head.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
        let (Some(pages), Some(changed), Some(counted)) = (number(28), number(24), number(92)) else {
            return Err(StoreError::Broken);
        };
        let page = match u16::from_be_bytes([head[16], head[17]]) {
            1 => 65_536,
            other => u64::from(other),
        };
        // Old programs left the number of pages as it was, and then it counts for nothing.
        let length = if changed == counted { page * u64::from(pages) } else { 0 };
        Ok(Self { has_log: head[18] == 2 || head[19] == 2, length })
    }
}

/// A file that belongs to another.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

/// What `SQLite` means.
pub(super) fn of_sqlite(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotOurs,
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Broken,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        _ => error.into(),
    }
}

/// What a database of ours holds.
pub(super) fn kept(connection: &Connection) -> Result<Kept, StoreError> {
    let meta = |key: &str| {
        let value = connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get::<_, String>(0));
        value.map(Some).or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(None),
            other => Err(other),
        })
    };
    let scope = meta("scope")?.ok_or(StoreError::NotOurs)?;
    let scope = serde_json::from_str(&scope).map_err(|error| damaged("scope", error.to_string()))?;
    let count = |key| -> Result<u32, StoreError> { Ok(meta(key)?.and_then(|text| text.parse().ok()).unwrap_or(0)) };
    Ok(Kept {
        scope,
        answers: answers(&rows(connection)?)?,
        finished: meta("finished")?.and_then(|at| at.parse().ok()),
        calls: count("calls")?,
        sso_calls: count("sso_calls")?,
    })
}

fn damaged(question: &str, message: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged { question: question.to_owned(), message: message.to_string() }
}

/// A row of the log: its question, and its answer as it stands there.
struct Row {
    question: String,
    /// Gone once it is read, since all answers together need much room.
    answer: Mutex<Vec<u8>>,
    /// How long the answer is, where it is compressed.
    size: Option<u64>,
}

fn rows(connection: &Connection) -> Result<Vec<Row>, StoreError> {
    let has_size = connection.prepare("SELECT size FROM fact").is_ok();
    let size = if has_size { "size" } else { "NULL" };
    let mut select = connection.prepare(&format!("SELECT question, answer, {size} FROM fact ORDER BY id"))?;
    let mut rows = select.query([])?;
    let (mut log, mut whole) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let question: String = row.get(0)?;
        let answer = match row.get_ref(1)? {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_owned(),
            other => return Err(damaged(&question, format!("its answer is {}", other.data_type()))),
        };
        let size = match row.get_ref(2)? {
            ValueRef::Null => None,
            ValueRef::Integer(size) => {
                let size = u64::try_from(size).ok().filter(|size| *size <= u64::from(LONGEST.unsigned_abs()));
                Some(size.ok_or_else(|| damaged(&question, "its answer is longer than any"))?)
            }
            other => return Err(damaged(&question, format!("its size is {}", other.data_type()))),
        };
        whole += size.unwrap_or_default();
        if log.len() == MOST || whole > LONGEST_WHOLE {
            return Err(damaged(&question, format!("there are more than {MOST} questions, or they are too long")));
        }
        log.push(Row { question, answer: Mutex::new(answer), size });
    }
    Ok(log)
}

impl Row {
    fn read(&self) -> Result<Answer, StoreError> {
        let of = |error: &dyn std::error::Error| damaged(&self.question, error);
        let answer = mem::take(&mut *self.answer.lock().unwrap_or_else(PoisonError::into_inner));
        let text = match self.size {
            None => String::from_utf8(answer).map_err(|error| of(&error))?,
            Some(size) => packed::unpack(&answer, size).map_err(|error| of(&error))?,
        };
        // As text, as recordings are: bytes would need code of their own for every fact.
        serde_json::from_str(&text).map_err(|error| of(&error))
    }
}

/// The answers in their order: a large organization's are some fifty megabytes.
fn answers(log: &[Row]) -> Result<Vec<Answer>, StoreError> {
    cores::map(log, Row::read).into_iter().collect()
}
