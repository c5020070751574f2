//! Files that are read: never more of one than can be meant, and never for ever. What a path names may be a pipe that
//! nobody writes to, or a device without an end.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Error, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::wording::shell::shell;

/// How long somebody may take to open a pipe for writing.
const OPENING: Duration = Duration::from_secs(2);
/// How long nothing may come.
const PAUSE: Duration = Duration::from_secs(30);
/// How long all of it may take.
const WHOLE: Duration = Duration::from_mins(1);

const PIPE: &str = "it is a pipe, not a regular file";

/// What a path is.
enum Kind {
    Regular,
    Pipe,
    /// The null device, which is an empty file.
    Nothing,
}

/// A text that is written another way than it is read.
#[derive(Debug)]
pub struct Encoded {
    what: &'static str,
    /// What makes of it what is read.
    pub command: String,
}

impl fmt::Display for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it is {}", self.what)
    }
}

impl std::error::Error for Encoded {}

/// The text without a byte order mark; or what it is in place of one in UTF-8.
fn plain(bytes: Vec<u8>, path: &Path) -> io::Result<Vec<u8>> {
    let name = path.to_string_lossy();
    let file = shell(&[name.clone().into_owned()]);
    let encoded = |what, command| Err(Error::new(io::ErrorKind::InvalidData, Encoded { what, command }));
    let from = |encoding: &str| {
        let to = shell(&[format!("{name}.utf-8")]);
        format!("iconv -f {encoding} -t UTF-8 {file} > {to}")
    };
    match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => Ok(rest.to_vec()),
        [0x1f, 0x8b, ..] => {
            let to = name.strip_suffix(".gz").map_or_else(|| format!("{name}.plain"), str::to_owned);
            encoded("compressed with gzip: write it out first", format!("gzip -dc < {file} > {}", shell(&[to])))
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => encoded("in UTF-16: write it in UTF-8 first", from("UTF-16")),
        // What is not NUL beside what is: letters of ASCII without a mark.
        [1..=0x7f, 0, 1..=0x7f, 0, ..] => encoded("in UTF-16: write it in UTF-8 first", from("UTF-16LE")),
        [0, 1..=0x7f, 0, 1..=0x7f, ..] => encoded("in UTF-16: write it in UTF-8 first", from("UTF-16BE")),
        _ => Ok(bytes),
    }
}

/// Reads a regular file of at most so many bytes.
pub fn file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    match kind(path)? {
        Kind::Nothing => Ok(Vec::new()),
        Kind::Regular => bounded(File::open(path)?, most),
        Kind::Pipe => Err(Error::other(PIPE)),
    }
}

/// Opens a regular file, for those who read it piece by piece.
pub fn open(path: &Path) -> io::Result<File> {
    match kind(path)? {
        Kind::Nothing | Kind::Regular => File::open(path),
        Kind::Pipe => Err(Error::other(PIPE)),
    }
}

/// Refuses what is no regular file, for those who let others read it.
pub fn require_file(path: &Path) -> io::Result<()> {
    match kind(path)? {
        Kind::Nothing | Kind::Regular => Ok(()),
        Kind::Pipe => Err(Error::other(PIPE)),
    }
}

/// Reads a text in UTF-8 from a file, or from a pipe as a shell makes one for `<(…)`, if somebody writes to it and comes to
/// an end.
pub fn file_or_pipe(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let bytes = match kind(path)? {
        Kind::Nothing => Ok(Vec::new()),
        Kind::Regular => bounded(File::open(path)?, most),
        Kind::Pipe => pipe(path.to_owned(), most, (OPENING, PAUSE, WHOLE)),
    };
    plain(bytes?, path)
}

/// Reads standard input for as long as somebody writes to it.
pub fn standard_input(most: u64) -> io::Result<Vec<u8>> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(Error::other("standard input is a terminal: have a file or another program's output there"));
    }
    plain(bounded(stdin.lock(), most)?, Path::new("FILE"))
}

fn kind(path: &Path) -> io::Result<Kind> {
    if cfg!(windows) && path.as_os_str().eq_ignore_ascii_case("nul") {
        return Ok(Kind::Nothing);
    }
    let found = fs::metadata(path)?;
    if found.is_file() {
        return Ok(Kind::Regular);
    }
    if found.is_dir() {
        return Err(Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    of_unix(&found)
}

#[cfg(unix)]
fn of_unix(found: &Metadata) -> io::Result<Kind> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    let is_nothing = || fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == found.rdev());
    let kind = found.file_type();
    if kind.is_fifo() {
        Ok(Kind::Pipe)
    } else if kind.is_char_device() && is_nothing() {
        Ok(Kind::Nothing)
    } else if kind.is_char_device() || kind.is_block_device() {
        Err(Error::other("it is a device, not a regular file"))
    } else {
        Err(Error::other("it is not a regular file"))
    }
}

#[cfg(not(unix))]
fn of_unix(_: &Metadata) -> io::Result<Kind> {
    Err(Error::other("it is not a regular file"))
}

fn bounded(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    within(bytes, most)
}

fn within(bytes: Vec<u8>, most: u64) -> io::Result<Vec<u8>> {
    if bytes.len() as u64 > most {
        let size = if most >> 20 > 0 { format!("{} MiB", most >> 20) } else { format!("{most} bytes") };
        return Err(Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {size}")));
    }
    Ok(bytes)
}

/// Reads in a thread of its own, which is left behind where it waits for ever.
fn pipe(path: PathBuf, most: u64, (opening, pause, whole): (Duration, Duration, Duration)) -> io::Result<Vec<u8>> {
    let (sender, receiver) = sync_channel(4);
    let started = Instant::now();
    thread::spawn(move || pieces(&path, &sender));
    let mut bytes = next(&receiver, opening, "nobody writes to that pipe")?.unwrap_or_default();
    let late = "what writes to that pipe does not come to an end";
    while let Some(piece) = next(&receiver, pause.min(whole.saturating_sub(started.elapsed())), late)? {
        bytes.extend(piece);
        if bytes.len() as u64 > most {
            break;
        }
    }
    within(bytes, most)
}

fn next(pieces: &Receiver<io::Result<Vec<u8>>>, most: Duration, late: &str) -> io::Result<Option<Vec<u8>>> {
    match pieces.recv_timeout(most) {
        Ok(piece) => piece.map(Some),
        Err(RecvTimeoutError::Disconnected) => Ok(None),
        Err(RecvTimeoutError::Timeout) => Err(Error::new(io::ErrorKind::TimedOut, late)),
    }
}

/// Sends what is in a pipe, and before that nothing, once it is open.
fn pieces(path: &Path, to: &SyncSender<io::Result<Vec<u8>>>) {
    let mut open = match File::open(path) {
        Ok(open) => open,
        Err(error) => {
            // Nobody waits any more.
            let _ = to.send(Err(error));
            return;
        }
    };
    let mut piece = Ok(Vec::new());
    loop {
        let is_over = piece.is_err();
        if to.send(piece).is_err() || is_over {
            return;
        }
        let mut room = vec![0; 1 << 16];
        piece = match open.read(&mut room) {
            Ok(0) => return,
            Ok(read) => {
                room.truncate(read);
                Ok(room)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Vec::new()),
            Err(error) => Err(error),
        };
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write;
    use std::process::Command;

    use super::*;

    fn said(result: io::Result<Vec<u8>>) -> String {
        result.map_or_else(|error| error.to_string(), |bytes| format!("it is read: {bytes:?}"))
    }

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, "12345").unwrap();
        assert_eq!(file(&path, 5).unwrap(), b"12345");
        assert!(said(file(&path, 4)).contains("larger than 4 bytes"));
        assert!(said(file_or_pipe(folder.path(), 4)).contains("folder"));
        assert_eq!(file(Path::new("/dev/null"), 4).unwrap(), b"");
        for endless in ["/dev/zero", "/dev/urandom", "/dev/full"] {
            assert!(said(file_or_pipe(Path::new(endless), 4)).contains("device"), "{endless}");
        }
    }

    #[test]
    fn a_pipe_is_read_if_somebody_writes_to_it_and_ends() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let short = Duration::from_millis(300);
        let read = |most| pipe(path.clone(), most, (short, short, short * 3));
        assert!(said(read(9)).contains("nobody writes"));
        assert!(said(file(&path, 9)).contains("pipe"));
        // That reader is left behind, and would take what the next one is to get.
        let path = folder.path().join("another");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let read = |most| pipe(path.clone(), most, (short * 20, short, short * 3));
        let write = |pieces: &'static [&'static str], pause: Duration| {
            let path = path.clone();
            thread::spawn(move || {
                let mut open = fs::OpenOptions::new().write(true).open(path).unwrap();
                for piece in pieces {
                    if open.write_all(piece.as_bytes()).is_err() {
                        break;
                    }
                    thread::sleep(pause);
                }
            })
        };
        let writer = write(&["12", "34"], Duration::from_millis(10));
        assert_eq!(read(9).unwrap(), b"1234");
        writer.join().unwrap();
        let writer = write(&["12", "34"], Duration::from_millis(10));
        assert!(said(read(3)).contains("larger than 3 bytes"));
        writer.join().unwrap();
        let writer = write(&["12"], short * 3);
        assert!(said(read(9)).contains("end"));
        writer.join().unwrap();
    }
}
