//! The file of a recording: written whole or not at all, readable by its owner alone, never over another file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

#[cfg(feature = "live")]
use crate::commands::interrupt;

/// Finds out before any call is made whether it could be written.
pub(super) fn check(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if !folder(path).is_dir() {
        return Err(io::ErrorKind::NotFound.into());
    }
    tempfile::tempfile_in(folder(path)).map(drop)
}

/// Writes it. Whatever ends the program meanwhile, nothing is left of it: until all of it is written, it has no name.
pub(super) fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    #[cfg(feature = "live")]
    let _whole = interrupt::hold_off();
    nameless(path, text).unwrap_or_else(|| under_another_name(path, text))
}

/// `None`: the system or the file system has no files without a name, or none that could be given one.
#[cfg(target_os = "linux")]
fn nameless(path: &Path, text: &[u8]) -> Option<io::Result<()>> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};
    use rustix::io::Errno;

    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let mut file = File::from(open(folder(path), flags, Mode::RUSR | Mode::WUSR).ok()?);
    if let Err(error) = file.write_all(text) {
        return Some(Err(error));
    }
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    match linkat(CWD, open, CWD, path, AtFlags::SYMLINK_FOLLOW) {
        Ok(()) => Some(Ok(())),
        Err(Errno::EXIST) => Some(Err(io::ErrorKind::AlreadyExists.into())),
        Err(_) => None,
    }
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &Path, _: &[u8]) -> Option<io::Result<()>> {
    None
}

fn under_another_name(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder(path))?;
    file.write_all(text)?;
    let _: File = file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn is_whole_and_never_written_over_either_way() {
        let folder = tempfile::tempdir().unwrap();
        for is_other in [false, true] {
            let way = if is_other { under_another_name } else { write };
            let path = folder.path().join(is_other.to_string());
            way(&path, b"one").unwrap();
            assert_eq!(way(&path, b"two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read(&path).unwrap(), b"one");
            assert_eq!(way(&folder.path().join("gone/x"), b"").unwrap_err().kind(), io::ErrorKind::NotFound);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "something is left");
    }
}
