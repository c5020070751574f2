//! A home directory of somebody who uses the AWS CLI: its config file, and its cache of sign-ins.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::wire::run::Question;
use served::Served;

/// The config file in which all is right.
pub(crate) const CONFIG: &str = "\
[default]
aws_secret_access_key = SECRET-in-the-config-file

[profile prod]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = RedshiftAnalyst

[sso-session corp]
sso_start_url = https://d-9067f0c1d2.awsapps.com/start
sso_region = us-east-1
";
/// Where the AWS CLI keeps the sign-in: `printf corp | sha1sum`.
pub(crate) const CACHED: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
/// What must not leave the home directory.
pub(crate) const SECRETS: [&str; 4] =
    ["token-of-jane.doe", "SECRET-to-refresh", "SECRET-of-the-client", "SECRET-in-the-config-file"];

/// A home directory that is gone when this is.
pub(crate) struct Home(TempDir);

impl Home {
    /// With a config file, and jane.doe signed in until then.
    pub(crate) fn new(config: &str, expires: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.write(".aws/config", config);
        home.sign_in(CACHED, "jane.doe", expires)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn sign_in(self, file: &str, user: &str, expires: &str) -> Self {
        let text = format!(
            r#"{{"startUrl": "https://d-9067f0c1d2.awsapps.com/start", "region": "us-east-1", "accessToken": "token-of-{user}",
            "expiresAt": "{expires}", "clientId": "c", "clientSecret": "SECRET-of-the-client", "refreshToken":
            "SECRET-to-refresh", "registrationExpiresAt": "2001-01-01T00:00:00Z"}}"#
        );
        self.write(file, text);
        self
    }

    /// The question from this home, with this caller's keys in the environment.
    pub(crate) fn ask_as(&self, served: &Served, key: &str, arguments: &str) -> Question {
        let environment = served.environment(key, "us-east-1").into_iter();
        let environment = environment.filter(|(name, _)| !name.ends_with("_FILE"));
        let home = ("HOME".to_owned(), self.path().to_str().unwrap().to_owned());
        Question::new(arguments).environment(environment).environment([home])
    }

    /// The question from this home, without credentials.
    pub(crate) fn ask(&self, served: &Served, arguments: &str) -> Question {
        let own = [("HOME", self.path().to_str().unwrap()), ("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment = served.environment("", "us-east-1").into_iter().filter(|(name, _)| name != "AWS_CONFIG_FILE");
        Question::new(arguments).environment(environment).environment(own)
    }
}

/// The same with a sign-in that holds.
pub(crate) fn signed_in(config: &str) -> Home {
    Home::new(config, "2099-01-01T00:00:00Z")
}
