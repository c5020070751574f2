//! Planted names: what they look like, and where in a recording they are put.

use std::fmt::Write as _;

use idc::aws_files::config_file::{self, File};
use serde_json::{Map, Value, json};

/// Fields of free text.
pub(super) const PROSE: [&str; 7] =
    ["because", "error", "error_message", "failure_reason", "message", "said", "status_reason"];

/// Made-up beginnings of names, none of them twice.
#[derive(Debug, Default)]
pub(super) struct Planted {
    pub(super) cores: Vec<String>,
    pub(super) names: usize,
}

impl Planted {
    /// A core that nothing else is made from: nobody's, and no piece of a word of AWS's.
    pub(super) fn core(&mut self) -> String {
        const LETTERS: [char; 12] = ['b', 'd', 'f', 'g', 'h', 'k', 'm', 'p', 'r', 't', 'v', 'w'];
        let mut number = self.cores.len() * 7 + 5;
        let mut core = String::from("zq");
        for at in 0..4 {
            core.push(if at % 2 == 0 { 'a' } else { 'o' });
            core.push(LETTERS[number % LETTERS.len()]);
            number /= LETTERS.len();
        }
        self.cores.push(core.clone());
        core
    }

    /// Names of every kind that was ever taken for AWS's own, from a core of their own.
    pub(super) fn of_all_kinds(&mut self) -> Vec<String> {
        let core = self.core();
        let (upper, capital) = (core.to_uppercase(), format!("Zq{}", &core[2..]));
        let names = vec![
            format!("{core}-west-2"),
            format!("us-{core}-1"),
            format!("{upper}_PAYROLL_POLICY"),
            format!("{core}-customer-support"),
            format!("Service{capital}Role"),
            format!("gitlab.{core}.com:sub"),
            format!("${{{core}:team}}"),
            format!("${{aws:PrincipalTag/{core}}}"),
            format!("{core}corp:DoThing"),
            format!("s3:Get{capital}"),
            format!("{capital}PayrollException"),
            format!("{core}.amazonaws.com"),
            format!("arn:aws:iam::aws:policy/{capital}Access"),
            format!("arn:{core}:s3:::{core}"),
            format!("https://{core}.awsapps.com/start"),
            format!("AWSReservedSSO_{capital}_0123456789abcdef"),
            format!("o-{core}12"),
            format!("AROA{}12345", upper),
            percent_encoded(&format!("{core} Payroll")),
            base64(&format!("{core}-payroll")),
            base64(&format!("x{core}-payroll")),
            base64(&format!("xx{core}-payroll")),
            format!("{core}@{core}.example"),
            format!("{capital} O'{capital}"),
        ];
        self.names += names.len();
        names
    }

    /// One of the kinds in turn.
    fn one(&mut self) -> String {
        let turn = self.cores.len();
        let names = self.of_all_kinds();
        self.names -= names.len() - 1;
        names.into_iter().cycle().nth(turn).unwrap_or_default()
    }

    fn some(&mut self) -> Vec<String> {
        (0..4).map(|_| self.one()).collect()
    }

    /// Puts names into everything below a value: into each text that people or policies wrote, and in the place of some
    /// of the values that may hold anything.
    pub(super) fn plant(&mut self, value: &mut Value, field: &str, kind: &str, takes: &mut dyn FnMut(&str) -> bool) {
        match value {
            Value::String(text) if PROSE.contains(&field) => {
                for name in self.some() {
                    let _ = write!(text, " {name} ({name})");
                }
            }
            Value::String(text) if text.starts_with('{') => {
                let Ok(mut policy) = serde_json::from_str::<Value>(text) else { return };
                if let Some(statements) = policy.get_mut("Statement").and_then(Value::as_array_mut) {
                    statements.push(self.statement());
                    *text = policy.to_string();
                }
            }
            Value::String(text) => {
                if takes(kind) {
                    *text = self.one();
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.plant(item, field, &format!("{kind}/*"), takes);
                }
            }
            Value::Object(entries) => {
                if field == "policy_types" {
                    entries.insert(self.of_all_kinds()[2].clone(), json!("ENABLED"));
                }
                let by_id = entries.keys().any(|name| name.contains(|c: char| !c.is_ascii_alphabetic() && c != '_'));
                for (name, value) in entries {
                    let step = if by_id { "*" } else { name };
                    self.plant(value, name, &format!("{kind}/{step}"), takes);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A statement about nothing, with everything in it that can be somebody's, in every place of one.
    fn statement(&mut self) -> Value {
        let mut compared = Map::new();
        for name in self.some() {
            compared.insert(name.clone(), json!(name));
            compared.insert(format!("aws:ResourceTag/{name}"), json!([name.to_lowercase()]));
        }
        compared.insert("aws:SourceAccount".to_owned(), json!(super::NUMBER));
        let (actions, resources, principals) = (self.some(), self.some(), self.some());
        let mut statement = json!({
            "Sid": self.one(),
            "Effect": "Deny",
            "Action": actions,
            "Resource": resources,
            "NotPrincipal": { "AWS": principals, "Service": self.some(), "Federated": self.some() },
            "Condition": { "StringEquals": compared },
        });
        statement[self.one()] = json!(self.some());
        statement["Condition"][self.one()] = json!({ "aws:PrincipalType": self.some() });
        statement
    }

    /// A machine on which everything has such a name.
    pub(super) fn machine(&mut self) -> Value {
        let names = self.of_all_kinds();
        let at = |index: usize| names[index].clone();
        let config = format!(
            "[profile {}]\nsso_session = {}\nsso_account_id = {}\nsso_role_name = {}\n{} = {}\nregion = {}\n\
             [sso-session {}]\nsso_start_url = {}\nsso_region = {}\n[{}]\nsso_role_name = {}\n\
             [profile x]\nrole_arn = arn:aws:iam::{}:role/{}\nsource_profile = {}\ncredential_process = /opt/{}/x\n",
            at(0),
            at(3),
            super::ACCOUNT,
            at(4),
            at(3),
            at(8),
            at(0),
            at(3),
            at(14),
            at(1),
            at(2),
            at(4),
            super::ACCOUNT,
            at(10),
            at(0),
            at(3)
        );
        let message = self.of_all_kinds().join(" ");
        json!({
            "config": { "path": format!("/home/{}/.aws/config", at(3)),
                "content": { "Read": config_file::read(config.as_bytes()) } },
            "sign_ins": [
                { "of": at(3), "file": { "path": format!("~/.aws/sso/cache/{}.json", at(3)), "content": { "Read": {
                    "start_url": at(14), "region": at(0), "expires": "2030-01-01T00:00:00Z", "renewable_until": null } } } },
                { "of": null, "file": { "path": "~/.aws/sso/cache/x.json", "content": { "Unreadable": { "because": message } } } }
            ],
            "portal": [{ "sign_in": format!("~/.aws/sso/cache/{}.json", at(3)), "region": at(0),
                "permission_sets": { "Known": self.of_all_kinds() },
                "accounts": { "Known": [{ "id": super::ACCOUNT, "name": at(22) }] } }],
            "organization_unasked": message,
            "oneself": "Named",
            "keys": {
                "environment": { "access_key": true, "secret_key": false, "web_identity": false, "profile": at(0),
                    "default_profile": at(18) },
                "config": config_file::key_profiles(config.as_bytes(), File::Config),
                "credentials": { "path": "~/.aws/credentials", "content": { "Read":
                    config_file::key_profiles(config.replace("profile ", "").as_bytes(), File::Credentials) } }
            }
        })
    }

    /// Names of which something is still there, each with where.
    pub(super) fn left_in(&self, written: &str) -> Vec<String> {
        let plain = written.to_lowercase();
        let decoded = percent_decoded(&plain);
        let mut left = Vec::new();
        for core in &self.cores {
            for text in [&plain, &decoded] {
                if let Some(at) = text.find(core.as_str()) {
                    let from = text.floor_char_boundary(at.saturating_sub(60));
                    left.push(format!("{core}: {}", &text[from..text.ceil_char_boundary((at + 30).min(text.len()))]));
                }
            }
            for before in ["", "x", "xx"] {
                // Of the first and the last letters of a run the neighbours tell too.
                let whole = base64(&format!("{before}{core}-payroll"));
                if written.contains(&whole[3..10]) {
                    left.push(format!("{core} as Base64"));
                }
            }
        }
        left
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let hex = more.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => (bytes.push(byte), rest = &more[2..]),
            None => (bytes.push(*first), rest = more),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn base64(text: &str) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let encoded = |chunk: &[u8]| {
        let bits = chunk.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        (0..=chunk.len()).map(|at| char::from(SIGNS[(bits >> (18 - 6 * at)) as usize & 63])).collect::<String>()
    };
    text.as_bytes().chunks(3).map(encoded).collect()
}
