//! To which hosts the program turns when no endpoint is given: what a proxy is asked to connect to.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::wire::run::Question;
use served::MANAGEMENT_KEY;

/// A proxy that connects to nothing, and remembers to what it should have.
struct Proxy {
    address: SocketAddr,
    hosts: Arc<Mutex<BTreeSet<String>>>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let hosts = Arc::new(Mutex::new(BTreeSet::new()));
        let heard = Arc::clone(&hosts);
        // Ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Some(host) = refuse(stream) {
                    heard.lock().unwrap().insert(host);
                }
            }
        });
        Self { address, hosts }
    }

    /// The hosts asked for by `idc why` in this environment.
    fn hosts(&self, environment: &[(&str, &str)]) -> BTreeSet<String> {
        self.hosts.lock().unwrap().clear();
        let common = [
            ("HTTPS_PROXY", format!("http://{}", self.address)),
            ("AWS_ACCESS_KEY_ID", MANAGEMENT_KEY.into()),
            ("AWS_SECRET_ACCESS_KEY", "secret".into()),
            ("AWS_MAX_ATTEMPTS", "1".into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ];
        let given = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let question = Question::new("jane.doe 123456789012 --timeout 20s")
            .environment(common.map(|(name, value)| (name.to_owned(), value)))
            .environment(given);
        let answer = question.ask();
        // Nothing that is needed first can be connected to.
        let error = answer.error().unwrap_or_default();
        assert_eq!((answer.code, error["code"].as_str()), (1, Some("unreachable")), "{}", answer.brief());
        self.hosts.lock().unwrap().clone()
    }
}

/// Reads what is asked for, and refuses it.
fn refuse(mut stream: TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut request = String::new();
    reader.read_line(&mut request).ok()?;
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        line.clear();
    }
    stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").ok()?;
    let target = request.strip_prefix("CONNECT ")?.split(' ').next()?;
    Some(target.trim_end_matches(":443").to_owned())
}

fn set(hosts: &[&str]) -> BTreeSet<String> {
    hosts.iter().map(|&host| host.to_owned()).collect()
}

#[test]
fn follow_the_environment_and_the_profile() {
    let proxy = Proxy::start();
    let plain = proxy.hosts(&[("AWS_REGION", "eu-west-1")]);
    assert_eq!(
        plain,
        set(&["sts.eu-west-1.amazonaws.com", "sso.eu-west-1.amazonaws.com", "organizations.us-east-1.amazonaws.com"])
    );
    let gov = proxy.hosts(&[("AWS_REGION", "us-gov-west-1"), ("AWS_USE_DUALSTACK_ENDPOINT", "true")]);
    assert_eq!(
        gov,
        set(&["sts.us-gov-west-1.api.aws", "sso.us-gov-west-1.api.aws", "organizations.us-gov-west-1.api.aws"])
    );
    let fips = set(&[
        "sts-fips.us-east-2.amazonaws.com",
        "sso-fips.us-east-2.amazonaws.com",
        "organizations-fips.us-east-1.amazonaws.com",
    ]);
    assert_eq!(proxy.hosts(&[("AWS_REGION", "us-east-2"), ("AWS_USE_FIPS_ENDPOINT", "true")]), fips);
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    fs::write(&config, "[profile fips]\nregion = us-east-2\nuse_fips_endpoint = true\n").unwrap();
    let config = config.to_str().unwrap();
    assert_eq!(proxy.hosts(&[("AWS_CONFIG_FILE", config), ("AWS_PROFILE", "fips")]), fips);
}

/// Whoever needs certificates of their own needs them because of a proxy.
#[test]
fn go_through_the_proxy_with_certificates_of_ones_own_too() {
    let proxy = Proxy::start();
    let roots = ["/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem", "/etc/pki/tls/certs/ca-bundle.crt"];
    let bundle =
        roots.into_iter().find(|path| fs::exists(path).unwrap_or_default()).expect("the system's certificates");
    let hosts = proxy.hosts(&[("AWS_REGION", "eu-west-1"), ("AWS_CA_BUNDLE", bundle)]);
    assert!(hosts.contains("sts.eu-west-1.amazonaws.com"), "{hosts:?}");
}
