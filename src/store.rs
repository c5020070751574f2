//! The file of a whole organization: `SQLite`, so that anybody can query it. The table `fact` is the truth and the only one
//! that is read back: one row for each question, with AWS's answer as JSON, written as it comes. Whatever ends the
//! program, no half answer is in it. The other tables are made from it for people, and may be made anew at any time.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};

use crate::evidence::{Answer, Scope};
use crate::input;

mod tables;

/// `idc` and the number of the form, in the head of the file.
const APPLICATION: i32 = 0x6964_6331;
/// The form of the file.
const FORM: i32 = 1;
/// What every `SQLite` file begins with.
pub const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The longest answer that is read: the people of the largest identity store are a tenth of that.
const LONGEST: i32 = 512 << 20;
/// The most questions that a file may hold: a hundred times those of the largest organization that AWS allows.
const MOST: usize = 20_000_000;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file system.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// `SQLite`.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// It is another file.
    #[error("it is not the file of an organization that idc wrote")]
    NotOurs,
    /// It is of another version.
    #[error("it has form {found}, and this idc reads form {FORM}")]
    OtherForm {
        /// Its form.
        found: i32,
    },
    /// Somebody else writes it.
    #[error("another idc writes it now")]
    Busy,
    /// A row cannot be read.
    #[error("its question {question} cannot be read: {message}")]
    Damaged {
        /// The question.
        question: String,
        /// Why not.
        message: String,
    },
    /// What it holds was asked about something else.
    #[error("it was made for another question: {asked}")]
    OtherQuestion {
        /// What was asked, as JSON.
        asked: String,
    },
}

/// A file that answers are written to.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// What a file holds.
#[derive(Debug)]
pub struct Kept {
    /// What was asked.
    pub scope: Scope,
    /// The answers, in the order in which they came.
    pub answers: Vec<Answer>,
    /// When collecting ended; `None` where it did not.
    pub finished: Option<Timestamp>,
    /// How many requests it took.
    pub calls: u32,
    /// How many of these went to Identity Center's administration.
    pub sso_calls: u32,
}

impl Store {
    /// Makes a new file, for nobody else to read.
    pub fn create(path: &Path, scope: &Scope) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?;
        let store = Self::open_to_write(path)?;
        store.begin(scope)?;
        Ok(store)
    }

    /// Makes a file ours, all at once: whatever ends the program, it is ours or still blank.
    fn begin(&self, scope: &Scope) -> Result<(), StoreError> {
        let transaction = self.connection.unchecked_transaction()?;
        self.connection.pragma_update(None, "application_id", APPLICATION)?;
        self.connection.pragma_update(None, "user_version", FORM)?;
        self.connection.execute_batch(tables::LOG)?;
        self.say("program", env!("CARGO_PKG_VERSION"))?;
        self.say("scope", &json(scope)?)?;
        self.say("begun", &Timestamp::now().to_string())?;
        transaction.commit()?;
        Ok(())
    }

    /// Goes on with a file: hands out what is known already.
    pub fn resume(path: &Path, scope: &Scope) -> Result<(Self, Kept), StoreError> {
        if is_blank(path)? {
            let store = Self::open_to_write(path)?;
            store.begin(scope)?;
            let (scope, answers) = (scope.clone(), Vec::new());
            return Ok((store, Kept { scope, answers, finished: None, calls: 0, sso_calls: 0 }));
        }
        let kept = read(path)?;
        if kept.scope.about != scope.about {
            return Err(StoreError::OtherQuestion { asked: json(&kept.scope.about)? });
        }
        let store = Self::open_to_write(path)?;
        store.connection.execute("DELETE FROM meta WHERE key = 'finished'", [])?;
        Ok((store, kept))
    }

    fn open_to_write(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::ZERO)?;
        // One writer: a second one is told so at once.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        let of = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            _ => error.into(),
        };
        connection.pragma_update(None, "journal_mode", "WAL").map_err(of)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch("BEGIN IMMEDIATE; COMMIT").map_err(of)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    fn say(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let say =
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.connection.prepare_cached(say)?.execute(params![key, value])?;
        Ok(())
    }

    /// Writes an answer; an older one to the same question goes.
    pub fn keep(&mut self, answer: &Answer) -> Result<(), StoreError> {
        let head = answer.head();
        let (state, code, message) = match head.observed.known() {
            Ok(()) => ("known".to_owned(), None, None),
            Err(missing) => {
                let state = serde_json::to_value(missing.reason).map_err(io::Error::from)?;
                let code = Some(missing.code.clone()).filter(|code| !code.is_empty());
                (state.as_str().unwrap_or_default().to_owned(), code, Some(missing.message.clone()))
            }
        };
        let question = match (answer.want(), answer) {
            (Some(want), _) => json(&want)?,
            (None, Answer::Lookup(lookup)) => json(&("Lookup", lookup.by, &lookup.value))?,
            (None, _) => json(&head.call)?,
        };
        self.connection.prepare_cached(tables::KEEP)?.execute(params![
            question,
            head.call.action(),
            head.account,
            head.region,
            state,
            code,
            message,
            head.request_id,
            head.at.map(|at| at.to_string()),
            json(answer)?,
        ])?;
        Ok(())
    }

    /// Ends the file: the tables for people are made, and it is one file again.
    pub fn finish(self, calls: u32, sso_calls: u32, findings: &[tables::Row]) -> Result<(), StoreError> {
        self.say("calls", &calls.to_string())?;
        self.say("sso_calls", &sso_calls.to_string())?;
        self.say("finished", &Timestamp::now().to_string())?;
        let kept = kept(&self.connection)?;
        tables::make(&self.connection, &kept, findings)?;
        self.connection.pragma_update(None, "wal_checkpoint", "TRUNCATE").or_else(ignore_rows)?;
        self.connection.pragma_update(None, "journal_mode", "DELETE").or_else(ignore_rows)?;
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

pub use tables::Row as FindingRow;

/// Whether nothing is in a file yet: whoever made it was ended before anything was.
fn is_blank(path: &Path) -> Result<bool, StoreError> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() {
        return Ok(false);
    }
    if found.len() == 0 {
        return Ok(true);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    let of = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let count = || connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    // What cannot be read is for the reader to refuse.
    Ok(matches!((of("application_id"), of("user_version"), count()), (Ok(0), Ok(0), Ok(0))))
}

/// Some pragmas answer with a row, which is no error.
fn ignore_rows(error: rusqlite::Error) -> Result<(), rusqlite::Error> {
    match error {
        rusqlite::Error::ExecuteReturnedResults => Ok(()),
        other => Err(other),
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value).map_err(io::Error::from)?)
}

/// Reads a file, whoever wrote it: nothing in it is run, and nothing of it is written.
pub fn read(path: &Path) -> Result<Kept, StoreError> {
    input::require_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let of_sqlite = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotOurs,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        _ => error.into(),
    };
    if number("application_id").map_err(of_sqlite)? != APPLICATION {
        return Err(StoreError::NotOurs);
    }
    let form = number("user_version")?;
    if form != FORM {
        return Err(StoreError::OtherForm { found: form });
    }
    // A view of that name could run anything that SQLite can.
    let kinds = "SELECT count(*) FROM sqlite_schema WHERE name IN ('fact', 'meta') AND type = 'table'";
    if connection.query_row(kinds, [], |row| row.get::<_, i64>(0))? != 2 {
        return Err(StoreError::NotOurs);
    }
    kept(&connection)
}

fn kept(connection: &Connection) -> Result<Kept, StoreError> {
    let meta = |key: &str| {
        let value = connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get::<_, String>(0));
        value.map(Some).or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(None),
            other => Err(other),
        })
    };
    let damaged = |question: &str, message: String| StoreError::Damaged { question: question.to_owned(), message };
    let scope = meta("scope")?.ok_or(StoreError::NotOurs)?;
    let scope = serde_json::from_str(&scope).map_err(|error| damaged("scope", error.to_string()))?;
    let count = |key| -> Result<u32, StoreError> { Ok(meta(key)?.and_then(|text| text.parse().ok()).unwrap_or(0)) };
    let mut select = connection.prepare("SELECT question, answer FROM fact ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut answers = Vec::new();
    while let Some(row) = rows.next()? {
        let question: String = row.get(0)?;
        let text = row.get_ref(1)?.as_str().map_err(|error| damaged(&question, error.to_string()))?;
        let answer = serde_json::from_str(text).map_err(|error| damaged(&question, error.to_string()))?;
        if answers.len() == MOST {
            return Err(damaged(&question, format!("there are more than {MOST} questions")));
        }
        answers.push(answer);
    }
    Ok(Kept {
        scope,
        answers,
        finished: meta("finished")?.and_then(|at| at.parse().ok()),
        calls: count("calls")?,
        sso_calls: count("sso_calls")?,
    })
}

#[cfg(test)]
mod tests;
