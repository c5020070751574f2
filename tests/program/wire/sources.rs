//! Where the caller's credentials come from: every source that the AWS environment knows leads to the answer, and each,
//! when broken, to a message that says what to do, soon and without a secret.

use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use crate::wire::run::{Answer, Question};
use crate::wire::sameness::could_not_run;
use crate::wire::scenarios;
use served::{Conduct, MANAGEMENT_KEY, MEMBER_KEY, READ_ROLE, Served, TARGET_KEY};
use served::{INSTANCE, secret, session_token};

const BEARER: &str = "the-bearer-token-of-the-access-portal";
const CONTAINER: &str = "the-token-of-the-container";
const TYPED_SECRET: &str = "the-secret-in-a-file";
/// Where the token of the session `acme` is cached.
const CACHE: &str = ".aws/sso/cache/293abb6b76d7791c0732cc517d38c4b5c734b87f.json";

/// A served organization, and the home of somebody who asks it.
struct Caller {
    served: Served,
    home: TempDir,
    environment: Vec<(String, String)>,
}

impl Caller {
    /// Somebody with neither files nor credentials, in an organization that hands them out for these tokens.
    fn new(tokens: &[&str]) -> Self {
        let mut acme = scenarios::named("healthy--group").organization();
        for token in tokens {
            acme.handed_out.insert((*token).to_owned(), MANAGEMENT_KEY.to_owned());
        }
        let served = Served::start(acme, Conduct::default());
        let home = tempfile::tempdir().unwrap();
        let kept = |(name, _): &(String, String)| {
            !name.contains("KEY") && !name.starts_with("AWS_CONFIG") && !name.starts_with("AWS_SHARED")
        };
        let mut environment = served.environment("", "us-east-1");
        environment.retain(kept);
        let mut caller = Self { served, home, environment };
        let home = caller.home.path().to_str().unwrap().to_owned();
        caller.set("HOME", &home);
        caller.set("PATH", "/usr/bin:/bin");
        caller
    }

    fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Writes a file under the home.
    fn write(&self, file: &str, text: &str) {
        let file = self.home.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Asks, with everything logged that can be.
    fn ask(&self, options: &[&str]) -> Answer {
        let question = Question::new("jane.doe 123456789012 -vv").with(&["--target-role", READ_ROLE]).with(options);
        let answer = question.environment(self.environment.clone()).ask();
        let secrets = [BEARER, CONTAINER, INSTANCE, TYPED_SECRET].map(str::to_owned);
        for secret in secrets.into_iter().chain([secret(MANAGEMENT_KEY), session_token(MANAGEMENT_KEY)]) {
            let told = answer.stderr.contains(&secret) || answer.stdout.contains(&secret);
            assert!(!told, "{secret} is told: {}", answer.stderr);
        }
        answer
    }

    fn gets_the_answer(&self, options: &[&str]) {
        let answer = self.ask(options);
        assert_eq!(answer.code, 0, "{}", answer.brief());
    }

    /// The message with which the program ends at once, behind its log.
    fn gets_no_answer(&self, options: &[&str]) -> String {
        let answer = self.ask(options);
        let at = answer.stderr.find("\nerror: ").map_or(0, |line| line + 1);
        let message = Answer { stderr: answer.stderr[at..].to_owned(), ..answer.clone() };
        could_not_run(&message).unwrap();
        assert!(answer.took < Duration::from_secs(40), "took {:?}", answer.took);
        message.stderr
    }
}

fn tells(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "{word} is not in: {message}");
    }
}

/// A profile that signs in through the access portal.
fn with_portal(caller: &Caller, token: &str, expires: &str) {
    caller.write(
        ".aws/config",
        "[profile acme]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = AdministratorAccess\n\
         region = us-east-1\n[sso-session acme]\nsso_region = us-east-1\nsso_start_url = https://acme.awsapps.com/start\n\
         sso_registration_scopes = sso:account:access\n",
    );
    let cached = format!(
        r#"{{"startUrl":"https://acme.awsapps.com/start","region":"us-east-1","accessToken":"{token}","expiresAt":"{expires}"}}"#
    );
    caller.write(CACHE, &cached);
}

/// A profile whose credentials a program prints.
fn with_process(caller: &Caller, script: &str) {
    caller.write("credentials.sh", script);
    let script = caller.home.path().join("credentials.sh");
    caller.write(".aws/config", &format!("[profile printed]\ncredential_process = /bin/sh {}\n", script.display()));
}

fn in_metadata(caller: &mut Caller) {
    let endpoint = caller.served.endpoint();
    caller.set("AWS_EC2_METADATA_DISABLED", "false");
    caller.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &endpoint);
}

fn in_container(caller: &mut Caller, token: &str) {
    let uri = format!("{}/container", caller.served.endpoint());
    caller.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &uri);
    caller.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", token);
}

fn static_profile(name: &str) -> String {
    format!("[{name}]\naws_access_key_id = {MANAGEMENT_KEY}\naws_secret_access_key = {TYPED_SECRET}\n")
}

#[test]
fn the_environment() {
    let mut caller = Caller::new(&[]);
    caller.set("AWS_ACCESS_KEY_ID", MANAGEMENT_KEY);
    caller.set("AWS_SECRET_ACCESS_KEY", TYPED_SECRET);
    caller.gets_the_answer(&[]);
    // A profile that is named outranks it, and one that is not there is not passed over in silence.
    let message = caller.gets_no_answer(&["--profile", "nowhere"]);
    tells(&message, &["the profile is not there", "nowhere", "aws configure list-profiles"]);
    caller.write(".aws/credentials", &static_profile("target"));
    caller.set("AWS_ACCESS_KEY_ID", MEMBER_KEY);
    caller.gets_the_answer(&["--profile", "target"]);
}

#[test]
fn a_profile_with_a_key() {
    let caller = Caller::new(&[]);
    caller.write(".aws/credentials", &static_profile("plain"));
    caller.gets_the_answer(&["--profile", "plain"]);
    tells(&caller.gets_no_answer(&["--profile", "plane"]), &["`plane` was not defined", "aws configure list-profiles"]);
    let mut caller = caller;
    caller.set("AWS_PROFILE", "plain");
    caller.gets_the_answer(&[]);
}

/// The caller's key is in the environment, and does not stand in for the profile of the target account.
#[test]
fn a_profile_for_the_target_account() {
    let mut caller = Caller::new(&[]);
    caller.set("AWS_ACCESS_KEY_ID", MANAGEMENT_KEY);
    caller.set("AWS_SECRET_ACCESS_KEY", TYPED_SECRET);
    caller.write(".aws/credentials", &static_profile("inside").replace(MANAGEMENT_KEY, TARGET_KEY));
    let question = Question::new("jane.doe 123456789012 --target-profile inside");
    let answer = question.environment(caller.environment.clone()).ask();
    assert_eq!(answer.code, 0, "{}", answer.brief());
    assert_eq!(caller.served.count("sts:AssumeRole"), 0);
}

#[test]
fn a_profile_whose_credentials_a_program_prints() {
    let caller = Caller::new(&[]);
    let printed = format!(
        r#"{{"Version":1,"AccessKeyId":"{MANAGEMENT_KEY}","SecretAccessKey":"{TYPED_SECRET}","Expiration":"2099-01-01T00:00:00Z"}}"#
    );
    with_process(&caller, &format!("echo '{printed}'"));
    caller.gets_the_answer(&["--profile", "printed"]);
    with_process(&caller, &format!("echo 'the vault opens with {TYPED_SECRET}' >&2; echo '{TYPED_SECRET}'; exit 3"));
    let told = caller.gets_no_answer(&["--profile", "printed"]);
    tells(&told, &["credential_process", "printed"]);
    assert!(!told.contains("vault"), "{told}");
    with_process(&caller, "echo no credentials");
    tells(&caller.gets_no_answer(&["--profile", "printed"]), &["credential_process", "printed"]);
    // One that asks for a second factor takes its time, though not for ever.
    with_process(&caller, &format!("sleep 6; echo '{printed}'"));
    caller.gets_the_answer(&["--profile", "printed"]);
    // Then it ends, and so does all that it has started.
    let alive = caller.home.path().join("alive");
    let script = format!("(while :; do date > {0}; sleep 0.1; done) & sleep 30 & wait", alive.display());
    with_process(&caller, &script);
    tells(&caller.gets_no_answer(&["--profile", "printed", "--timeout", "2s"]), &["within 2 seconds"]);
    assert!(fs::exists(&alive).unwrap(), "it was started");
    fs::remove_file(&alive).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    assert!(!fs::exists(&alive).unwrap(), "what it started still runs");
}

#[test]
fn no_sign_in_is_looked_for_where_the_program_is_run() {
    let mut caller = Caller::new(&[BEARER]);
    with_portal(&caller, BEARER, "2099-01-01T00:00:00Z");
    let config = caller.home.path().join(".aws/config");
    caller.set("AWS_CONFIG_FILE", config.to_str().unwrap());
    for home in ["", "."] {
        caller.set("HOME", home);
        let question = Question::new("jane.doe 123456789012").with(&["--profile", "acme"]);
        let mut command = question.environment(caller.environment.clone()).command();
        let output = command.current_dir(caller.home.path()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        tells(&told, &["HOME names no folder"]);
    }
}

#[test]
fn a_profile_of_the_access_portal() {
    let caller = Caller::new(&[BEARER]);
    with_portal(&caller, BEARER, "2099-01-01T00:00:00Z");
    caller.gets_the_answer(&["--profile", "acme"]);
    with_portal(&caller, BEARER, "2020-01-01T00:00:00Z");
    tells(&caller.gets_no_answer(&["--profile", "acme"]), &["expired", "aws sso login --profile acme"]);
    with_portal(&caller, "revoked", "2099-01-01T00:00:00Z");
    tells(&caller.gets_no_answer(&["--profile", "acme"]), &["aws sso login --profile acme"]);
    fs::remove_file(caller.home.path().join(CACHE)).unwrap();
    tells(&caller.gets_no_answer(&["--profile", "acme"]), &["token", "aws sso login --profile acme"]);
}

#[test]
fn a_profile_that_assumes_a_role() {
    let caller = Caller::new(&[]);
    let role = |name: &str| {
        format!(
            "{}[base]\nregion = us-east-1\n",
            format_args!(
                "[profile chained]\nrole_arn = arn:aws:iam::111122223333:role/{name}\nsource_profile = plain\n"
            )
        )
    };
    caller.write(".aws/credentials", &static_profile("plain"));
    caller.write(".aws/config", &role(READ_ROLE));
    caller.gets_the_answer(&["--profile", "chained"]);
    assert!(caller.served.count("sts:AssumeRole") >= 2);
    caller.write(".aws/config", &role("Nobody"));
    tells(&caller.gets_no_answer(&["--profile", "chained"]), &["role/Nobody", "chained"]);
}

#[test]
fn a_container() {
    let mut caller = Caller::new(&[CONTAINER]);
    in_container(&mut caller, CONTAINER);
    caller.gets_the_answer(&[]);
    in_container(&mut caller, "another token");
    tells(&caller.gets_no_answer(&[]), &["container"]);
}

#[test]
fn an_instance() {
    let mut caller = Caller::new(&[INSTANCE]);
    in_metadata(&mut caller);
    caller.gets_the_answer(&[]);
    // An instance without a role.
    let mut caller = Caller::new(&[]);
    in_metadata(&mut caller);
    tells(&caller.gets_no_answer(&[]), &["no AWS credentials"]);
    // No metadata at all: whoever listens there says nothing, or nobody listens.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut caller = Caller::new(&[]);
    caller.set("AWS_EC2_METADATA_DISABLED", "false");
    caller.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &format!("http://{}", silent.local_addr().unwrap()));
    tells(&caller.gets_no_answer(&[]), &["no AWS credentials"]);
    drop(silent);
    tells(&caller.gets_no_answer(&[]), &["no AWS credentials"]);
}

#[test]
fn a_file_that_cannot_be_read() {
    let caller = Caller::new(&[]);
    caller.write(".aws/config", "[profile broken\nrole_arn\n");
    tells(&caller.gets_no_answer(&["--profile", "broken"]), &["could not parse", "~/.aws/config"]);
}
