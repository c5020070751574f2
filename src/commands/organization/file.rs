//! The file of a whole organization: answered from, and written once the answer is there.

use std::path::Path;

use crate::answers::organization as answers;
use crate::error::Error;
use crate::evidence::{About, Evidence, Question, Snapshot};
use crate::model::organization::evidence;
#[cfg(feature = "store")]
use crate::store::{Aside, FindingRow, Store, StoreError};

/// What is written once the answer is there.
pub(super) enum File {
    /// What was written as it came, to be ended.
    #[cfg(all(feature = "store", feature = "live"))]
    Recorded {
        /// The file.
        store: Store,
        /// What went wrong on the way: the answer comes first.
        failed: Option<StoreError>,
    },
    /// All of it under made-up names.
    #[cfg(feature = "store")]
    Redacted {
        /// The file, which is not there yet.
        path: std::path::PathBuf,
        /// What it is to hold, under the real names.
        kept: Box<Aside>,
    },
}

/// Whether a file is one of a whole organization, by its first bytes.
#[cfg(feature = "store")]
pub fn is_file(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; 16];
    // To open a pipe that nobody writes to is to wait for ever.
    let is_plain = std::fs::metadata(path).is_ok_and(|found| found.is_file());
    let file = is_plain.then(|| std::fs::File::open(path).ok()).flatten();
    file.is_some_and(|mut file| file.read_exact(&mut head).is_ok()) && &head == crate::store::MAGIC
}

/// Without `SQLite`, none is.
#[cfg(not(feature = "store"))]
pub const fn is_file(_: &Path) -> bool {
    false
}

/// The evidence of one question, from such a file.
pub fn replay_question(path: &Path, question: Question) -> Result<Evidence, Error> {
    let snapshot = super::until_the_end(answers::prepare(replay(path, About::clone)?));
    let name = question.account.text().to_owned();
    evidence(&snapshot, question).map_err(|ids| Error::AmbiguousAccount { name, ids })
}

/// What a file of an organization holds, asked about something.
pub(super) fn replay(path: &Path, about: impl FnOnce(&About) -> About) -> Result<Snapshot, Error> {
    replay_to_copy(path, about, None).map(|(snapshot, _)| snapshot)
}

/// The same, and where a copy under made-up names is wanted, what that is to be made of.
#[cfg(feature = "store")]
pub(super) fn replay_to_copy(
    path: &Path,
    about: impl FnOnce(&About) -> About,
    copy: Option<&Path>,
) -> Result<(Snapshot, Option<File>), Error> {
    let kept = crate::store::read(path).map_err(|source| Error::Store { path: path.to_owned(), source })?;
    let aside = |copy: &Path| {
        let kept = Aside::of(&kept).map_err(|source| unwritable(copy, source))?;
        Ok::<_, Error>(File::Redacted { path: copy.to_owned(), kept: Box::new(kept) })
    };
    let file = copy.map(aside).transpose()?;
    let about = about(&kept.scope.about);
    Ok((kept.snapshot(about), file))
}

#[cfg(not(feature = "store"))]
pub(super) fn replay_to_copy(
    _: &Path,
    _: impl FnOnce(&About) -> About,
    _: Option<&Path>,
) -> Result<(Snapshot, Option<File>), Error> {
    Err(Error::Usage("this build of idc does not read the files of organizations".to_owned()))
}

#[cfg(all(feature = "store", feature = "live"))]
impl crate::collect::Keeper for File {
    fn keep(&mut self, answer: &crate::evidence::Answer) -> Result<(), Error> {
        match self {
            Self::Recorded { store, failed } => {
                if failed.is_none() {
                    *failed = store.keep(answer).err();
                }
            }
            Self::Redacted { path, kept } => kept.push(answer).map_err(|source| unwritable(path, source))?,
        }
        Ok(())
    }
}

#[cfg(all(feature = "store", feature = "live"))]
impl File {
    /// Leaves nothing of it.
    pub(super) fn discard(self) {
        if let Self::Recorded { store, .. } = self {
            let path = store.path().to_owned();
            drop(store);
            // What went wrong is told already.
            drop(std::fs::remove_file(path));
        }
    }
}

impl File {
    /// Writes what is still to be written.
    pub(super) fn finish(self, snapshot: Snapshot, scan: answers::Scan) -> Result<(), Error> {
        #[cfg(not(feature = "store"))]
        drop((snapshot, scan));
        match self {
            #[cfg(all(feature = "store", feature = "live"))]
            Self::Recorded { store, failed } => {
                let path = store.path().to_owned();
                let because = |source| Error::Store { path: path.clone(), source };
                if let Some(source) = failed {
                    return Err(because(source));
                }
                store.finish(snapshot.calls, snapshot.sso_calls, &rows(&scan)).map_err(because)
            }
            #[cfg(feature = "store")]
            Self::Redacted { path, kept } => {
                // The copy of a large organization needs the room.
                drop((snapshot, scan));
                write_redacted(&path, *kept)
            }
        }
    }
}

/// Writes a file under made-up names. The answer is told with the real ones: whoever asked may know them.
#[cfg(feature = "store")]
fn write_redacted(path: &Path, kept: Aside) -> Result<(), Error> {
    use crate::commands::{made_up_names, recording_file};
    let redacted = made_up_names(|seed| crate::redact::redact_organization(&kept, seed))?;
    drop(kept);
    let whole = || redacted.kept().map_err(|source| unwritable(path, source));
    let about = redacted.head.scope.about.clone();
    let rows = rows(&answers::scan(&answers::prepare(whole()?.snapshot(about))));
    let bytes = Store::whole(&whole()?, &rows).map_err(|source| Error::Store { path: path.to_owned(), source })?;
    recording_file::write(path, &bytes).map_err(|source| unwritable(path, source))
}

#[cfg(feature = "store")]
fn unwritable(path: &Path, source: std::io::Error) -> Error {
    Error::Store { path: path.to_owned(), source: source.into() }
}

#[cfg(feature = "store")]
fn rows(scan: &answers::Scan) -> Vec<FindingRow> {
    scan.findings.iter().map(row).collect()
}

#[cfg(feature = "store")]
fn row(finding: &answers::ScanFinding) -> FindingRow {
    use crate::findings::{Confidence, Effect};
    FindingRow {
        rule: finding.rule.to_owned(),
        effect: match finding.effect {
            Effect::Blocks => "blocks".to_owned(),
            Effect::Degrades => "degrades".to_owned(),
        },
        confidence: match finding.confidence {
            Confidence::Confirmed => "confirmed".to_owned(),
            Confidence::Likely => "likely".to_owned(),
        },
        message: finding.message.clone(),
        permission_set_arn: finding.permission_set.as_ref().map(|set| set.arn.clone()),
        people: finding.people.and_then(|people| i64::try_from(people).ok()),
        accounts: finding.accounts.iter().map(|account| account.id.clone()).collect(),
    }
}
