//! Where the AWS CLI and the SDKs have their files on this machine, and which profiles these define. The one place that
//! knows, for whoever reads them. It never reads relative to the working directory unless a variable says so.

pub mod config_file;

use std::env;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::evidence::Content;
use crate::input;
use crate::wording::suggest;

/// No such file comes near this size.
const LARGEST: u64 = 1 << 20;

/// The places of the files; `None` where that takes a home directory and there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsFiles {
    home: Option<PathBuf>,
    /// The config file.
    pub config: Option<PathBuf>,
    /// The shared credentials file.
    pub credentials: Option<PathBuf>,
}

/// The profiles that the two files define.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profiles {
    /// Their names, in order.
    pub names: Vec<String>,
    /// Whether no file there is went unread: then what is not among them is not there.
    pub whole: bool,
    /// What stands between the brackets of sections of the config file that are no profile.
    others: Vec<String>,
}

/// A profile was named that is in neither of the files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the profile is not there: `{profile}` was not defined in {} or {}", files[0], files[1])]
pub struct UnknownProfile {
    /// The profile.
    pub profile: String,
    /// The config file and the shared credentials file, for people.
    pub files: [String; 2],
    /// Profiles with a close name.
    pub close: Vec<String>,
    /// The header of a section of the config file that is none of a profile's, and probably meant as this one's.
    pub misnamed: Option<String>,
}

impl UnknownProfile {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match (&self.misnamed, self.close.as_slice()) {
            (Some(header), _) => {
                let right = config_file::profile_header(&self.profile);
                format!("{} has [{header}]: the header of a profile has to be {right}", self.files[0])
            }
            (None, []) => "aws configure list-profiles shows the profiles that there are".to_owned(),
            (None, close) => {
                format!("Did you mean: {}? aws configure list-profiles shows all that there are", close.join(", "))
            }
        }
    }
}

/// The home directory, for whoever looks for a file there; `None` where what is called so is no place of its own.
pub fn home() -> Option<PathBuf> {
    env::home_dir().filter(|home| home.is_absolute())
}

impl AwsFiles {
    /// The files that this process's environment names.
    pub fn find() -> Self {
        Self::of(home(), |name| env::var_os(name))
    }

    /// The same for any environment.
    fn of(home: Option<PathBuf>, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let home = home.filter(|home| home.is_absolute());
        let place = |name: &str, usual: &str| match variable(name).filter(|path| !path.is_empty()) {
            Some(path) => expanded(&path, home.as_deref(), &variable),
            None => home.as_ref().map(|home| home.join(".aws").join(usual)),
        };
        Self {
            config: place("AWS_CONFIG_FILE", "config"),
            credentials: place("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            home,
        }
    }

    /// The folder in which the AWS CLI keeps sign-ins, which no variable moves.
    pub fn sign_ins(&self) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(".aws").join("sso").join("cache"))
    }

    /// A path for people, and without their name in it.
    pub fn shown(&self, path: &Path) -> String {
        match self.home.as_ref().and_then(|home| path.strip_prefix(home).ok()) {
            Some(rest) => Path::new("~").join(rest).display().to_string(),
            None => path.display().to_string(),
        }
    }

    /// The config file's path for people, which has one even where there is no home directory.
    pub fn shown_config(&self) -> String {
        self.config.as_ref().map_or_else(|| "~/.aws/config".to_owned(), |path| self.shown(path))
    }

    /// The shared credentials file's path for people.
    pub fn shown_credentials(&self) -> String {
        self.credentials.as_ref().map_or_else(|| "~/.aws/credentials".to_owned(), |path| self.shown(path))
    }

    /// Refuses what is there in the place of a file and is none: whoever reads a pipe or a device waits for ever. A folder
    /// keeps nobody waiting.
    pub fn require_files(&self) -> Result<(), (PathBuf, io::Error)> {
        for path in [&self.config, &self.credentials].into_iter().flatten() {
            if let Err(error) = input::require_file(path) {
                match error.kind() {
                    ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory => {}
                    _ => return Err((path.clone(), error)),
                }
            }
        }
        Ok(())
    }

    /// The profiles that there are.
    pub fn profiles(&self) -> Profiles {
        let mut found = Profiles { whole: true, ..Profiles::default() };
        for (path, is_config) in [(&self.config, true), (&self.credentials, false)] {
            match contents(path.as_deref()) {
                Content::Read(bytes) => {
                    // The AWS CLI stops at such a flaw, and it may have swallowed a header.
                    found.whole &= config_file::read(&bytes).flaws.is_empty();
                    let text = String::from_utf8_lossy(&bytes);
                    if is_config {
                        found.names.extend(config_file::profiles(&text));
                        found.others.extend(config_file::headers(&text));
                    } else {
                        found.names.extend(config_file::headers(&text));
                    }
                }
                Content::Absent => {}
                Content::Unreadable { .. } => found.whole = false,
            }
        }
        found.names.sort();
        found.names.dedup();
        found
    }

    /// Refuses a profile that neither file defines, as the AWS CLI does, whatever keys there are besides. What cannot be
    /// read may define it.
    pub fn require_profile(&self, name: &str) -> Result<(), UnknownProfile> {
        let profiles = self.profiles();
        if !profiles.whole || profiles.names.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(UnknownProfile {
            profile: name.to_owned(),
            files: [self.shown_config(), self.shown_credentials()],
            close: suggest::closest(name, profiles.names.iter().map(|known| (known.as_str(), known.clone()))),
            misnamed: profiles.others.into_iter().find(|header| config_file::meant_profile(header) == name),
        })
    }
}

/// A path as botocore takes it: variables first, then `~`.
fn expanded(path: &OsString, home: Option<&Path>, variable: &impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = PathBuf::from(path.to_str().map_or_else(|| path.clone(), |text| with_variables(text, variable)));
    match path.strip_prefix("~") {
        Ok(rest) => home.map(|home| home.join(rest)),
        Err(_) => Some(path),
    }
}

/// `$NAME` and `${NAME}`; one that is not set stays as it is written.
fn with_variables(text: &str, variable: &impl Fn(&str) -> Option<OsString>) -> OsString {
    let (mut whole, mut rest) = (OsString::new(), text);
    while let Some((before, behind)) = rest.split_once('$') {
        whole.push(before);
        let (name, after) = match behind.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((name, after)) => (name, after),
            None => {
                behind.split_at(behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(behind.len()))
            }
        };
        if let Some(value) = variable(name).filter(|_| !name.is_empty()) {
            whole.push(value);
        } else {
            whole.push("$");
            whole.push(&behind[..behind.len() - after.len()]);
        }
        rest = after;
    }
    whole.push(rest);
    whole
}

/// What is in one of the files.
pub fn contents(path: Option<&Path>) -> Content<Vec<u8>> {
    match path.map(|path| input::file(path, LARGEST)) {
        None => Content::Absent,
        Some(Ok(bytes)) => Content::Read(bytes),
        Some(Err(error)) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Content::Absent,
        Some(Err(error)) => Content::Unreadable { because: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn found(home: Option<&str>, pairs: &[(&str, &str)]) -> [Option<String>; 2] {
        let variable = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        let files = AwsFiles::of(home.map(PathBuf::from), variable);
        [files.config, files.credentials].map(|path| path.map(|path| path.display().to_string()))
    }

    fn owned(paths: [Option<&str>; 2]) -> [Option<String>; 2] {
        paths.map(|path| path.map(str::to_owned))
    }

    #[cfg(unix)]
    #[test]
    fn finds_the_files_that_the_aws_cli_reads() {
        let (config, credentials) = (Some("/h/.aws/config"), Some("/h/.aws/credentials"));
        assert_eq!(found(Some("/h"), &[]), owned([config, credentials]));
        assert_eq!(found(Some("/h"), &[("AWS_CONFIG_FILE", "")]), owned([config, credentials]));
        for (given, path) in [
            ("~/x", "/h/x"),
            ("~", "/h/"),
            ("/x", "/x"),
            ("x", "x"),
            ("~x/y", "~x/y"),
            ("$AT/x", "/at/x"),
            ("${AT}x", "/atx"),
            ("$TILDE/x", "/h/x"),
            ("/$NONE/${NONE}$/x", "/$NONE/${NONE}$/x"),
            ("/a${b", "/a${b"),
        ] {
            let variables = [("AWS_CONFIG_FILE", given), ("AT", "/at"), ("TILDE", "~")];
            assert_eq!(found(Some("/h"), &variables), owned([Some(path), credentials]), "{given}");
            let variables = [("AWS_SHARED_CREDENTIALS_FILE", given), ("AT", "/at"), ("TILDE", "~")];
            assert_eq!(found(Some("/h"), &variables), owned([config, Some(path)]), "{given}");
        }
    }

    #[test]
    fn without_a_home_nothing_is_read_where_one_happens_to_be() {
        for home in [None, Some(""), Some("relative")] {
            assert_eq!(found(home, &[]), owned([None, None]), "{home:?}");
            assert_eq!(found(home, &[("AWS_CONFIG_FILE", "~/x")]), owned([None, None]), "{home:?}");
            let files = AwsFiles::of(home.map(PathBuf::from), |_| None);
            assert_eq!((files.sign_ins(), contents(files.config.as_deref())), (None, Content::Absent));
            assert_eq!(files.shown_config(), "~/.aws/config");
        }
    }

    fn with(config: &[u8], credentials: &[u8]) -> (tempfile::TempDir, AwsFiles) {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        fs::write(home.path().join(".aws/config"), config).unwrap();
        fs::write(home.path().join(".aws/credentials"), credentials).unwrap();
        let files = AwsFiles::of(Some(home.path().to_owned()), |_| None);
        (home, files)
    }

    #[test]
    fn a_profile_of_either_file_is_there() {
        let (_home, files) = with(
            b"[default]\n[profile prod]\n[profile \"two words\"]\n[staging]\n[sso-session corp]\n",
            b"[keys]\n[profile odd]\n",
        );
        for name in ["default", "prod", "two words", "keys", "profile odd"] {
            assert!(files.require_profile(name).is_ok(), "{name}");
        }
        let told = |name: &str| {
            let error = files.require_profile(name).expect_err(name);
            (error.to_string(), error.hint())
        };
        let (message, hint) = told("prdo");
        assert!(message.contains("prdo"), "{message}");
        assert!(message.contains("~/.aws/config") && hint.contains("Did you mean: prod?"), "{message} {hint}");
        assert!(told("staging").1.contains("[profile staging]"), "{:?}", told("staging"));
        for name in ["corp", "odd", "Default", "prod ", "nothing at all"] {
            assert!(told(name).1.contains("aws configure list-profiles"), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_would_keep_the_reader_waiting_is_refused() {
        let (home, files) = with(b"", b"");
        assert!(files.require_files().is_ok());
        let config = home.path().join(".aws/config");
        fs::remove_file(&config).unwrap();
        assert!(files.require_files().is_ok(), "none is none");
        assert!(std::process::Command::new("mkfifo").arg(&config).status().unwrap().success());
        assert_eq!(files.require_files().map_err(|(path, _)| path), Err(config));
        for (path, is_file) in [("/dev/null", true), ("/dev/zero", false)] {
            let files = AwsFiles::of(None, |name| (name == "AWS_CONFIG_FILE").then(|| path.into()));
            assert_eq!(files.require_files().is_ok(), is_file, "{path}");
        }
    }

    #[test]
    fn what_cannot_be_read_may_hold_any_profile() {
        let (home, files) = with(b"[profile prod]\n", b"[keys]\n\xff\xfe\n");
        assert!(files.require_profile("nowhere").is_ok());
        fs::write(home.path().join(".aws/credentials"), "").unwrap();
        assert!(files.require_profile("nowhere").is_err());
        fs::remove_file(home.path().join(".aws/config")).unwrap();
        assert!(files.require_profile("default").is_err(), "one that is named has to be there");
        fs::create_dir(home.path().join(".aws/config")).unwrap();
        assert!(files.require_profile("nowhere").is_ok());
    }
}
