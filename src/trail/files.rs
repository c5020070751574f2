//! A folder of CloudTrail log files, as `aws s3 sync` makes it from a trail's bucket.

mod name;
mod splitter;
mod walk;

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use flate2::bufread::MultiGzDecoder;
use jiff::Timestamp;
use memchr::memmem;
use serde_json::Value;

use self::splitter::Splitter;
use self::walk::{LogFile, Span, Tree, walk};
use super::found::{MOST, newest};
use super::{Cover, Found, Sought, Unread, Wanted};
use crate::input;

/// How much one file may be unpacked to. CloudTrail's are of some tens of megabytes.
const LARGEST: u64 = 4 << 30;
/// How much is unpacked at a time.
const PIECE: usize = 1 << 17;
/// More threads do not help a disk.
const THREADS: usize = 4;

/// Reads the records that are sought from a folder, until then at the latest.
pub fn read(folder: &Path, sought: &Sought, end: Instant) -> io::Result<Found> {
    let tree = walk(folder, sought)?;
    let reading = Reading { files: &tree.files, next: AtomicUsize::new(0), wanted: Wanted::new(sought), end };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS).min(tree.files.len()).max(1);
    let parts = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let part = reading.some();
                // A thread that panicked has no part to give.
                parts.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(part);
            });
        }
    });
    let parts = parts.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(whole(tree, parts, sought))
}

/// What all threads gave, as one.
fn whole(tree: Tree, parts: Vec<Part>, sought: &Sought) -> Found {
    let mut found = Found { unread: tree.unread, ..Found::default() };
    let mut spans = tree.spans;
    for part in parts {
        found.records.extend(part.records);
        found.read += part.read;
        found.capped |= part.capped;
        found.unread.extend(part.unread);
        for (place, (first, last)) in part.spans {
            let span = spans.entry(place).or_insert((first, last));
            *span = (span.0.min(first), span.1.max(last));
        }
    }
    found.unread.sort();
    found.capped |= newest(&mut found.records);
    let window = sought.window;
    let accounts = sought.accounts.all();
    let cover = |((account, region), (first, last)): ((String, String), Span)| {
        let (since, until) = (first.max(window.since), last.min(window.until));
        let is_meant = accounts.is_empty() || accounts.contains(account.as_str());
        (is_meant && since <= until).then_some(Cover { account, region: Some(region), since, until })
    };
    found.covers = spans.into_iter().filter_map(cover).collect();
    found
}

/// What one thread reads.
#[derive(Default)]
struct Part {
    records: Vec<Value>,
    read: usize,
    capped: bool,
    /// Of files whose name does not say when and where.
    spans: BTreeMap<(String, String), Span>,
    unread: Vec<Unread>,
}

struct Reading<'a> {
    files: &'a [LogFile],
    next: AtomicUsize,
    wanted: Wanted,
    end: Instant,
}

impl Reading<'_> {
    /// Reads one file after the other that no other thread has taken.
    fn some(&self) -> Part {
        let mut part = Part::default();
        while let Some(file) = self.files.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(why) = self.one(file, &mut part) {
                part.unread.push(Unread { what: file.path.display().to_string(), why });
            }
            if part.records.len() > 2 * MOST {
                part.capped |= newest(&mut part.records);
            }
        }
        part
    }

    fn one(&self, file: &LogFile, part: &mut Part) -> Result<(), String> {
        if Instant::now() >= self.end {
            return Err("there was no time left to read it".to_owned());
        }
        let mut open = BufReader::new(input::open(&file.path).map_err(|error| error.to_string())?);
        // Some tools unpack what they copy, and keep the name.
        let is_packed = open.fill_buf().map_err(|error| error.to_string())?.starts_with(&[0x1F, 0x8B]);
        if is_packed { self.records(MultiGzDecoder::new(open), file, part) } else { self.records(open, file, part) }
    }

    /// Reads what there is; what is whole counts, whatever comes after it.
    fn records(&self, mut from: impl Read, file: &LogFile, part: &mut Part) -> Result<(), String> {
        let mut splitter = Splitter::default();
        let mut piece = vec![0; PIECE];
        let (mut unpacked, mut unreadable) = (0_u64, 0_usize);
        loop {
            let length = match from.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(format!("it is damaged, or was not copied whole ({error})")),
            };
            unpacked += length as u64;
            if unpacked > LARGEST {
                return Err(format!("it is larger than {} GiB", LARGEST >> 30));
            }
            if Instant::now() >= self.end {
                return Err("there was no time left to read all of it".to_owned());
            }
            splitter.take(piece.get(..length).unwrap_or_default(), &mut |record| {
                unreadable += usize::from(!self.record(record, file, part));
            });
            if splitter.is_broken {
                break;
            }
        }
        if !splitter.is_whole() {
            return Err("it is no CloudTrail log file, or was not copied whole".to_owned());
        }
        match unreadable + splitter.too_large {
            0 => Ok(()),
            some => Err(format!("{} of it cannot be read", crate::wording::count(some, "record"))),
        }
    }

    /// Keeps a record that is wanted; whether it could be read.
    fn record(&self, text: &[u8], file: &LogFile, part: &mut Part) -> bool {
        let Some(at) = member(text, "eventTime") else { return true };
        part.read += 1;
        if file.name.is_none()
            && let (Ok(at), Some(account), Some(region)) =
                (at.parse::<Timestamp>(), member(text, "recipientAccountId"), member(text, "awsRegion"))
        {
            let span = part.spans.entry((account.to_owned(), region.to_owned())).or_insert((at, at));
            *span = (span.0.min(at), span.1.max(at));
        }
        if !self.wanted.may_hold(text) {
            return true;
        }
        let Ok(record) = serde_json::from_slice(text) else { return false };
        if self.wanted.holds(&record) {
            part.records.push(record);
        }
        true
    }
}

/// A member that is a plain text, without reading the record.
fn member<'t>(text: &'t [u8], name: &str) -> Option<&'t str> {
    let quoted = format!("\"{name}\"");
    let value = |start: usize| {
        let rest = text.get(start + quoted.len()..)?.trim_ascii_start().strip_prefix(b":")?;
        let rest = rest.trim_ascii_start().strip_prefix(b"\"")?;
        let end = memchr::memchr(b'"', rest)?;
        std::str::from_utf8(rest.get(..end)?).ok()
    };
    // It may stand as a value before.
    memmem::find_iter(text, quoted.as_bytes()).find_map(value)
}

#[cfg(test)]
mod tests;
