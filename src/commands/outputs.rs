//! Where an answer about an organization goes: one form to standard output, any others to files. A file is written whole
//! or not at all and can be read by its owner alone: who may get in where is not for everybody on the machine. One that
//! is there is replaced, so that a pipeline can run again, and that is said.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

#[cfg(feature = "live")]
use super::interrupt;
use crate::cli::organization::{OutputTo, Outputs};
use crate::cli::terminal;
use crate::error::Error;
use crate::evidence::FORMAT;
use crate::input;
use crate::output::{Text, say_line};
use crate::render;
use crate::render::organization::{Answer, Format};

/// What the answer is about, as far as forms differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What is broken.
    Scan,
    /// Who can get in, or where.
    Ways,
}

/// Refuses what cannot be done before AWS is asked: that takes minutes.
pub(super) fn check(outputs: &Outputs, kind: Kind, in_use: &[&Option<PathBuf>]) -> Result<(), Error> {
    let wrong = |what: String| Err(Error::Usage(what));
    let to_stdout = outputs.output.iter().filter(|to| to.file.is_none()).count();
    if to_stdout > 1 {
        return wrong("two forms would go to standard output: give all but one a file, as in -o json=FILE".to_owned());
    }
    for (index, OutputTo { format, file }) in outputs.output.iter().enumerate() {
        if kind == Kind::Ways && *format == Format::Junit {
            return wrong(
                "-o junit is for idc scan alone: a list of ways in has nothing that passes or fails".to_owned(),
            );
        }
        let Some(path) = file else { continue };
        if outputs.output.iter().take(index).any(|other| other.file.as_ref() == Some(path)) {
            return wrong(format!("two forms would go to {}", path.display()));
        }
        // What is read or recorded is no place for an answer, nor is what somebody else recorded.
        if in_use.iter().filter_map(|used| used.as_ref()).any(|used| is_same(used, path)) || is_recording(path) {
            let message =
                format!("{} is read, or is a recording or becomes one: give the answer another file", path.display());
            return wrong(message);
        }
        is_writable(path).map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    Ok(())
}

/// Whether the answer is wanted in this form, wherever it goes.
pub(super) fn has(outputs: &Outputs, wanted: Format) -> bool {
    outputs.output.iter().any(|to| to.format == wanted)
}

/// Writes the answer in every form that was asked for. What cannot be written to a file is said once all that can be told
/// is told; then that is the exit code, in place of the one given.
pub(super) fn tell(outputs: &Outputs, answer: &Answer<'_>, code: u8) -> Result<u8, Error> {
    let mut failed = Vec::new();
    let style = terminal::style(outputs.color);
    // Files first: whoever closes the pipe of standard output early has them all the same.
    let mut forms: Vec<&OutputTo> = outputs.output.iter().collect();
    forms.sort_by_key(|to| to.file.is_none());
    for OutputTo { format, file } in forms {
        let mut text = Vec::new();
        let style = if file.is_some() { terminal::plain() } else { style };
        // A file is read later, and by others: whoever asked for it wants what is in it.
        let is_line = outputs.quiet && file.is_none() && matches!(format, Format::Table | Format::Markdown);
        if is_line {
            render::organization::line(&mut text, answer, &style)?;
        } else {
            render::organization::write(&mut text, answer, *format, &style, outputs.verbose > 0)?;
        }
        match file {
            Some(path) => match write(path, &text) {
                Ok(true) => say_line(&format!("note: {} was there and has been replaced", path.display())),
                Ok(false) => {}
                Err(source) => failed.push(Error::Write { path: path.clone(), source }),
            },
            None => super::print(&text, kind_of(*format, is_line, style.color))?,
        }
    }
    failed.iter().for_each(super::say_error);
    Ok(failed.first().map_or(code, Error::exit_code))
}

/// What a text of this form may hold on its way to standard output.
const fn kind_of(format: Format, is_line: bool, color: bool) -> Text {
    match format {
        Format::Table => super::painted(color),
        Format::Markdown if is_line => super::painted(color),
        Format::Json | Format::Jsonl | Format::Csv | Format::Markdown | Format::Junit | Format::Html => Text::Plain,
    }
}

/// Whether two paths lead to the same file, be it there or not.
fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let whole = fs::canonicalize(path).or_else(|_| {
            fs::canonicalize(folder(path)).map(|folder| folder.join(path.file_name().unwrap_or_default()))
        });
        whole.unwrap_or_else(|_| path.to_owned())
    };
    place(one) == place(other)
}

/// Whether it is a recording: of one question, damaged or not, or the file of an organization, or the log that belongs to
/// one.
fn is_recording(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let of = ["-wal", "-shm", "-journal"].iter().find_map(|end| text.strip_suffix(end));
    super::organization::is_file(path)
        || of.is_some_and(|file| super::organization::is_file(Path::new(file)))
        || input::file(path, super::why::LARGEST).is_ok_and(|bytes| is_of_a_question(&bytes))
}

/// Whether a text says of itself that it is a recording. An answer in JSON does not.
fn is_of_a_question(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let format = format!("\"{FORMAT}\"");
    text.starts_with(b"{") && memchr::memmem::find(text, format.as_bytes()).is_some()
}

/// Whether something could be written there.
fn is_writable(path: &Path) -> io::Result<()> {
    let target = match fs::metadata(path) {
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => return Ok(()),
        Ok(_) => fs::canonicalize(path)?,
        Err(_) if folder(path).is_dir() => path.to_owned(),
        Err(_) => return Err(io::ErrorKind::NotFound.into()),
    };
    // The file is written beside it first, and takes its place then.
    tempfile::tempfile_in(folder(&target)).map(drop)
}

/// Writes a file, and returns whether one was there. What is no file, such as a pipe, is written to.
fn write(path: &Path, text: &[u8]) -> io::Result<bool> {
    #[cfg(feature = "live")]
    let _whole = interrupt::hold_off();
    let there = fs::metadata(path).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        fs::OpenOptions::new().write(true).open(path)?.write_all(text)?;
        return Ok(false);
    }
    // A link stays, and what it leads to is replaced.
    let target = if there.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
    let mut file = NamedTempFile::new_in(folder(&target))?;
    file.write_all(text)?;
    let _: File = file.persist(&target).map_err(|error| error.error)?;
    Ok(there.is_some())
}

fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(forms: &[&str]) -> Outputs {
        Outputs {
            output: forms.iter().map(|form| form.parse().unwrap()).collect(),
            color: crate::cli::Color::Never,
            quiet: false,
            verbose: 0,
        }
    }

    #[test]
    fn one_form_goes_to_standard_output() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x").display().to_string();
        assert!(check(&outputs(&["table", &format!("json={file}")]), Kind::Scan, &[]).is_ok());
        assert!(matches!(check(&outputs(&["table", "json"]), Kind::Scan, &[]), Err(Error::Usage(_))));
        let same = [format!("csv={file}"), format!("json={file}")];
        assert!(matches!(check(&outputs(&[&same[0], &same[1]]), Kind::Scan, &[]), Err(Error::Usage(_))));
        assert!(check(&outputs(&["junit"]), Kind::Scan, &[]).is_ok());
        assert!(matches!(check(&outputs(&["junit"]), Kind::Ways, &[]), Err(Error::Usage(_))));
        let gone = format!("json={file}/y");
        assert!(matches!(check(&outputs(&[&gone]), Kind::Scan, &[]), Err(Error::Write { .. })));
        let folder = format!("json={}", folder.path().display());
        assert!(matches!(check(&outputs(&[&folder]), Kind::Scan, &[]), Err(Error::Write { .. })));
    }

    /// Whatever name leads there, an answer is never written over what is read, recorded, or was recorded by somebody.
    #[test]
    fn a_recording_is_no_place_for_an_answer() {
        let folder = tempfile::tempdir().unwrap();
        let (there, new) = (folder.path().join("there"), folder.path().join("new.db"));
        fs::write(&there, b"x").unwrap();
        let refused = |path: &Path, used: &Path| {
            let to = outputs(&[&format!("csv={}", path.display())]);
            matches!(check(&to, Kind::Scan, &[&None, &Some(used.to_owned())]), Err(Error::Usage(_)))
        };
        let other_way = folder.path().join(".").join("there");
        assert!(refused(&there, &there) && refused(&other_way, &there) && refused(&new, &new));
        assert!(refused(&folder.path().join("./new.db"), &new) && !refused(&there, &new));
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&there, &link).unwrap();
            assert!(refused(&link, &there));
        }
        #[cfg(feature = "store")]
        {
            let (database, log) = (folder.path().join("org.db"), folder.path().join("org.db-wal"));
            fs::write(&database, [crate::store::MAGIC.as_slice(), &[0; 100]].concat()).unwrap();
            assert!(refused(&database, &new) && refused(&log, &new));
        }
        let recording = folder.path().join("case.json");
        for text in
            ["{\"format\": \"idc-recording\", \"format", "\u{feff} {\"evidence\": {}, \"format\":\"idc-recording\"}"]
        {
            fs::write(&recording, text).unwrap();
            assert!(refused(&recording, &new), "{text}");
        }
        fs::write(&recording, "{\"format_version\": \"1.0\", \"findings\": []}").unwrap();
        assert!(!refused(&recording, &new));
    }

    #[test]
    fn a_file_is_whole_its_owners_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.json");
        assert!(!write(&path, b"one, and longer").unwrap());
        assert!(write(&path, b"two").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt, symlink};
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            let link = folder.path().join("link");
            symlink(&path, &link).unwrap();
            assert!(write(&link, b"three").unwrap());
            assert!(link.is_symlink());
            assert_eq!(fs::read(&path).unwrap(), b"three");
            assert!(!write(Path::new("/dev/null"), b"four").unwrap());
        }
    }
}
