//! The file of a whole organization: `SQLite`, so that anybody can query it. The table `fact` is the truth and the only one
//! that is read back: one row for each question, with AWS's answer as JSON, written as it comes. Whatever ends the
//! program, no half answer is in it. The other tables are made from it for people, and may be made anew at any time.
//!
//! While it is written, what came last stands in a log beside it, and is moved into it every few seconds: the file alone
//! is always one of ours. In the end it is one file again.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, params};

use crate::evidence::{About, Answer, Scope, Snapshot};

mod packed;
mod reading;
mod tables;

pub use packed::Aside;
pub use reading::read;

/// `idc` and the number of the form, in the head of the file.
const APPLICATION: i32 = 0x6964_6331;
/// The form of the file.
const FORM: i32 = 2;
/// The form before it, which is read and gone on with.
const OLDER_FORM: i32 = 1;
/// What every `SQLite` file begins with.
pub const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// How often what stands in the log is moved into the file.
const MOVED_EVERY: Duration = Duration::from_secs(2);

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
    /// Nothing was written yet.
    #[error("nothing is in it yet: whatever was to fill it was ended at once")]
    Blank,
    /// Not all of it is there, or not as it was written.
    #[error("it is damaged, or not all of it is there")]
    Broken,
    /// What came last stands in a log beside it, which cannot be read there.
    #[error("what came last stands in {} beside it, which cannot be read there", log.display())]
    LogApart {
        /// The log.
        log: PathBuf,
    },
    /// Somebody else writes it.
    #[error("another idc has it open now")]
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
    /// When the log was moved into the file last.
    moved: Instant,
}

/// What a file holds.
#[derive(Debug, Clone)]
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

impl Kept {
    /// What it amounts to, asked about something.
    pub fn snapshot(self, about: About) -> Snapshot {
        let scope = Scope { about, ..self.scope };
        let last = || self.answers.iter().filter_map(|answer| answer.head().at).max();
        let ended = self.finished.or_else(last);
        let mut snapshot = Snapshot::of(scope, self.answers);
        snapshot.collected_at = ended.unwrap_or(snapshot.collected_at);
        (snapshot.calls, snapshot.sso_calls) = (self.calls, self.sso_calls);
        snapshot.cut_off = self.finished.is_none();
        snapshot
    }
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
        self.connection.execute_batch(tables::META)?;
        self.connection.execute_batch(tables::LOG)?;
        self.say("program", env!("CARGO_PKG_VERSION"))?;
        self.say("scope", &json(scope)?)?;
        self.say("begun", &Timestamp::now().to_string())?;
        transaction.commit()?;
        self.move_log("TRUNCATE")
    }

    /// Moves what stands in the log into the file.
    fn move_log(&self, how: &str) -> Result<(), StoreError> {
        Ok(self.connection.pragma_update(None, "wal_checkpoint", how).or_else(ignore_rows)?)
    }

    /// Goes on with a file: hands out what is known already.
    pub fn resume(path: &Path, scope: &Scope) -> Result<(Self, Kept), StoreError> {
        if reading::is_blank(path)? {
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
        let transaction = store.connection.unchecked_transaction()?;
        transaction.execute("DELETE FROM meta WHERE key = 'finished'", [])?;
        if transaction.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0))? == OLDER_FORM {
            [tables::SET_ASIDE, tables::LOG, tables::TAKE_OVER]
                .iter()
                .try_for_each(|step| transaction.execute_batch(step))?;
            transaction.pragma_update(None, "user_version", FORM)?;
        }
        transaction.commit()?;
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
        Ok(Self { connection, path: path.to_owned(), moved: Instant::now() })
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
                let state = crate::json::value(&missing.reason).map_err(io::Error::from)?;
                let code = Some(missing.code.clone()).filter(|code| !code.is_empty());
                (state.as_str().unwrap_or_default().to_owned(), code, Some(missing.message.clone()))
            }
        };
        let question = match (answer.want(), answer) {
            (Some(want), _) => json(&want)?,
            (None, Answer::Lookup(lookup)) => json(&("Lookup", lookup.by, &lookup.value))?,
            (None, _) => json(&head.call)?,
        };
        let text = json(answer)?;
        let packed = packed::pack(&text)?;
        let (answer, size) = match &packed {
            Some(bytes) => (ValueRef::Blob(bytes), Some(i64::try_from(text.len()).unwrap_or(i64::MAX))),
            None => (ValueRef::Text(text.as_bytes()), None),
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
            ToSqlOutput::Borrowed(answer),
            size,
        ])?;
        if self.connection.is_autocommit() && self.moved.elapsed() >= MOVED_EVERY {
            self.move_log("PASSIVE")?;
            self.moved = Instant::now();
        }
        Ok(())
    }

    /// Ends the file: the tables for people are made, and it is one file again.
    pub fn finish(self, calls: u32, sso_calls: u32, findings: &[tables::Row]) -> Result<(), StoreError> {
        self.end(Some(Timestamp::now()), (calls, sso_calls), findings).map(drop)
    }

    /// The same for what was collected before; `finished`: when that came to its end, if it did.
    fn end(
        self,
        finished: Option<Timestamp>,
        (calls, sso_calls): (u32, u32),
        findings: &[tables::Row],
    ) -> Result<Connection, StoreError> {
        self.say("calls", &calls.to_string())?;
        self.say("sso_calls", &sso_calls.to_string())?;
        if let Some(at) = finished {
            self.say("finished", &at.to_string())?;
        }
        let kept = reading::kept(&self.connection)?;
        tables::make(&self.connection, &kept, findings)?;
        // Rows that came in any order leave pages half empty. Where there is no room for that, the file is as good.
        if let Err(error) = self.connection.execute_batch("VACUUM") {
            let is_full = matches!(error.sqlite_error_code(), Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure));
            is_full.then_some(()).ok_or(error)?;
        }
        self.move_log("TRUNCATE")?;
        self.connection.pragma_update(None, "journal_mode", "DELETE").or_else(ignore_rows)?;
        Ok(self.connection)
    }

    /// A new file of what was collected before, as its bytes: `SQLite` writes one part after the other, and whatever ends the
    /// program would leave half of it.
    pub fn whole(kept: &Kept, findings: &[tables::Row]) -> Result<Vec<u8>, StoreError> {
        let mut store = Self { connection: Connection::open_in_memory()?, path: PathBuf::new(), moved: Instant::now() };
        store.begin(&kept.scope)?;
        store.keep_all(&kept.answers)?;
        let mut connection = store.end(kept.finished, (kept.calls, kept.sso_calls), findings)?;
        Ok(connection.serialize("main")?.to_vec())
    }

    /// Writes answers, all at once.
    fn keep_all(&mut self, answers: &[Answer]) -> Result<(), StoreError> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        answers.iter().try_for_each(|answer| self.keep(answer))?;
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

pub use tables::Row as FindingRow;

/// Some pragmas answer with a row, which is no error.
fn ignore_rows(error: rusqlite::Error) -> Result<(), rusqlite::Error> {
    match error {
        rusqlite::Error::ExecuteReturnedResults => Ok(()),
        other => Err(other),
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    Ok(crate::json::line(value).map_err(io::Error::from)?)
}

#[cfg(test)]
mod tests;
