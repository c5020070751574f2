//! Why a file cannot be written, in words for whoever named it.

use std::io::{Error, ErrorKind};
use std::path::Path;

#[cfg(feature = "store")]
use crate::store::StoreError;

/// Why a file cannot be written.
pub(super) fn unwritable(path: &Path, error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => missing(path),
        ErrorKind::AlreadyExists => format!("{} of that name is there", what(path)),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::PermissionDenied => "you may not write there".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "nothing can be written there: the file system is read-only".to_owned(),
        ErrorKind::StorageFull => "no room is left there".to_owned(),
        ErrorKind::QuotaExceeded => "your quota of room there is used up".to_owned(),
        ErrorKind::FileTooLarge => "it would be larger than a file may be here (ulimit -f)".to_owned(),
        ErrorKind::InvalidFilename => "a file cannot have that name".to_owned(),
        // What else there is has words of its own.
        _ => error.to_string(),
    }
}

/// Why the file of an organization cannot be used.
#[cfg(feature = "store")]
pub(super) fn unusable(path: &Path, error: &StoreError) -> String {
    match error {
        StoreError::Io(error) => unwritable(path, error),
        other => other.to_string(),
    }
}

/// What is not there: the file, or the folder that it would be in.
fn missing(path: &Path) -> String {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        Some(folder) if folder.exists() => format!("{} is not a folder", folder.display()),
        Some(folder) => format!("there is no folder {}", folder.display()),
        None => "there is no such file".to_owned(),
    }
}

/// What stands in a file's place.
fn what(path: &Path) -> &'static str {
    match path.metadata() {
        Ok(found) if found.is_dir() => "a folder",
        Ok(found) if !found.is_file() => "a device or a pipe, and no file,",
        Ok(_) | Err(_) => "a file",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_and_not_what_the_system_calls_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        let said = |path: &Path, kind: ErrorKind| unwritable(path, &kind.into());
        assert_eq!(said(Path::new("/none/x"), ErrorKind::NotFound), "there is no folder /none");
        assert!(said(&file.join("x"), ErrorKind::NotFound).ends_with("file is not a folder"));
        assert_eq!(said(&file, ErrorKind::AlreadyExists), "a file of that name is there");
        assert_eq!(said(folder.path(), ErrorKind::AlreadyExists), "a folder of that name is there");
        assert!(said(&file, ErrorKind::FileTooLarge).contains("ulimit -f"));
        assert_eq!(unwritable(&file, &Error::other("own words")), "own words");
        #[cfg(unix)]
        assert!(said(Path::new("/dev/full"), ErrorKind::AlreadyExists).contains("device"));
    }
}
