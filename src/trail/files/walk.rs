//! Which files of a folder have to be read. A tree of log files may hold years of hundreds of accounts: most of it is
//! left aside by its path alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::name::{Kind, Name, Standing};
use crate::trail::{Sought, Unread, Window};

/// More than this is not looked at.
const MOST: usize = 2_000_000;
/// Nobody nests folders so deep; the way there is kept for each.
const DEEPEST: usize = 64;
/// How long after an event its file may be written. It is usually some minutes.
const LATE: SignedDuration = SignedDuration::from_hours(6);

/// A file to be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LogFile {
    pub(super) path: PathBuf,
    pub(super) name: Option<Name>,
}

/// From when to when there are files.
pub(super) type Span = (Timestamp, Timestamp);

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: Vec<LogFile>,
    /// By account and Region, as the paths have them, those left aside too.
    pub(super) spans: BTreeMap<(String, String), Span>,
    pub(super) unread: Vec<Unread>,
}

/// Looks through a folder.
pub(super) fn walk(root: &Path, sought: &Sought) -> io::Result<Tree> {
    let real = fs::canonicalize(root)?;
    let mut walk = Walk {
        window: sought.window,
        accounts: sought.accounts.all(),
        regions: sought.regions.iter().map(String::as_str).collect(),
        seen: BTreeSet::from([real.clone()]),
        left: MOST,
        tree: Tree::default(),
    };
    // The folder itself may be one of those that say when and where.
    let standing =
        real.iter().fold(Standing::default(), |at, part| at.within(&part.to_string_lossy()).unwrap_or_default());
    walk.folder(root, &standing, DEEPEST)?;
    walk.tree.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(walk.tree)
}

struct Walk<'a> {
    window: Window,
    accounts: BTreeSet<&'a str>,
    regions: BTreeSet<&'a str>,
    seen: BTreeSet<PathBuf>,
    left: usize,
    tree: Tree,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, standing: &Standing, deeper: usize) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(left) = self.left.checked_sub(1) else {
                if self.tree.unread.iter().all(|unread| unread.why != TOO_MANY) {
                    self.unread(folder, TOO_MANY);
                }
                return Ok(());
            };
            self.left = left;
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // Behind a link too: what it leads to counts.
            match fs::metadata(&path) {
                Ok(found) if found.is_dir() => {
                    self.inner(&path, &file, standing, deeper);
                }
                Ok(_) => self.file(path, &file),
                Err(error) if Kind::of(&file) != Kind::Other => self.unread(&path, &error.to_string()),
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn inner(&mut self, path: &Path, file: &str, standing: &Standing, deeper: usize) {
        let Some(standing) = standing.within(file) else { return };
        let is_meant = |known: &BTreeSet<&str>, here: Option<&str>| here.is_none_or(|here| is_one(known, here));
        if !is_meant(&self.accounts, standing.account.as_deref())
            || !is_meant(&self.regions, standing.region.as_deref())
        {
            return;
        }
        let window = self.window;
        let end = later(window.until);
        if standing.is_before(window.since) || standing.is_after(end) {
            // That there are older ones tells that the newer ones are all there.
            if let (Some(account), Some(region)) = (&standing.account, &standing.region) {
                let at = if standing.is_before(window.since) { Timestamp::MIN } else { end };
                self.spans(account, region, at);
            }
            return;
        }
        let Some(deeper) = deeper.checked_sub(1) else { return self.unread(path, "it is nested too deep") };
        let known = fs::canonicalize(path).map(|real| !self.seen.insert(real));
        match known {
            Ok(true) => {}
            Ok(false) => {
                if let Err(error) = self.folder(path, &standing, deeper) {
                    self.unread(path, &error.to_string());
                }
            }
            Err(error) => self.unread(path, &error.to_string()),
        }
    }

    fn file(&mut self, path: PathBuf, file: &str) {
        let Kind::Log(name) = Kind::of(file) else { return };
        if let Some(Name { account, region, at }) = &name {
            if !is_one(&self.accounts, account) || !is_one(&self.regions, region) {
                return;
            }
            self.spans(account, region, *at);
            let window = self.window;
            // The name has whole minutes.
            if *at + SignedDuration::from_mins(1) < window.since || *at > later(window.until) {
                return;
            }
        }
        self.tree.files.push(LogFile { path, name });
    }

    fn spans(&mut self, account: &str, region: &str, at: Timestamp) {
        let span = self.tree.spans.entry((account.to_owned(), region.to_owned())).or_insert((at, at));
        *span = (span.0.min(at), span.1.max(at));
    }

    fn unread(&mut self, path: &Path, why: &str) {
        self.tree.unread.push(Unread { what: path.display().to_string(), why: why.to_owned() });
    }
}

/// Whether it is one of those, where any are known.
fn is_one(known: &BTreeSet<&str>, here: &str) -> bool {
    known.is_empty() || known.contains(here)
}

const TOO_MANY: &str = "there are too many files to look at";

fn later(at: Timestamp) -> Timestamp {
    at.checked_add(LATE).unwrap_or(Timestamp::MAX)
}
