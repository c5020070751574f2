//! The file of an organization under made-up names: nothing of the original is in any byte of it, and whatever is asked of
//! it is answered as before.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use idc::store::{Kept, read};
use serde_json::{Value, json};

use super::{ask, json as answer_of};
use crate::wire::run::Question;
use served::{Conduct, Fault, Kind, Organization, Served, Size};

/// What is put where people write what they like.
const SECRETS: [&str; 14] = [
    "zanzibar",
    "quokka",
    "wombat",
    "jabberwocky",
    "xylophone",
    "kumquat",
    "pterodactyl",
    "vuvuzela",
    "zephyrine",
    "gobbledygook",
    "balderdash",
    "fandango",
    "hullabaloo",
    "skullduggery",
];

/// Fields of answers that hold one of a few words, and no name.
const WORDS: [&str; 17] = [
    "call",
    "certainty",
    "code",
    "confidence",
    "effect",
    "gate",
    "kind",
    "outcome",
    "privileged",
    "reason",
    "rule",
    "source",
    "state",
    "status",
    "type",
    "verdict",
    "via_type",
];

/// Asks without any AWS.
fn replay(command: &str, file: &Path) -> Value {
    let answer = Question::of_line(command).with(&["--replay", file.to_str().unwrap()]).ask();
    answer_of(&answer).unwrap_or_else(|error| panic!("{command}: {error}"))
}

/// An answer without the names in it, nor the order that hangs on them.
fn shape(value: &Value, field: &str) -> Value {
    match value {
        Value::String(text) if WORDS.contains(&field) => json!(text),
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => json!("a moment"),
        Value::String(_) => json!("a name"),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| shape(item, field)).collect();
            items.sort_by_cached_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(entries) => entries.iter().map(|(name, value)| (name.clone(), shape(value, name))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// The accounts and the people of a file, in the order in which AWS listed them.
fn listed(kept: &Kept) -> (Vec<String>, Vec<String>) {
    let snapshot = kept.clone().snapshot(kept.scope.about.clone());
    let accounts = snapshot.shared.accounts.known().expect("accounts").iter().map(|one| one.id.clone()).collect();
    let people = snapshot.people.known().expect("people").iter().map(|one| one.id.clone()).collect();
    (accounts, people)
}

/// Whether everything is answered the same of both files.
fn answer_alike(original: &Path, redacted: &Path, most: usize) {
    let alike = |before: &str, after: &str| {
        let (told, made_up) = (replay(before, original), replay(after, redacted));
        assert_eq!(shape(&told, ""), shape(&made_up, ""), "{before}: {told:#}\n{made_up:#}");
    };
    alike("scan --fail-on never", "scan --fail-on never");
    let (accounts, people) = listed(&read(original).expect("a file of ours"));
    let (their_accounts, their_people) = listed(&read(redacted).expect("a file of ours"));
    for (account, theirs) in accounts.iter().zip(&their_accounts).take(most) {
        alike(&format!("who {account}"), &format!("who {theirs}"));
    }
    for (person, theirs) in people.iter().zip(&their_people).take(most) {
        alike(&format!("access {person}"), &format!("access {theirs}"));
        for (account, their_account) in accounts.iter().zip(&their_accounts).take(most / 4) {
            alike(&format!("why {person} {account} --exit-zero"), &format!("why {theirs} {their_account} --exit-zero"));
        }
    }
}

/// Something of everybody's in each text that somebody may write.
fn with_secrets(mut organization: Organization) -> Organization {
    let secret = |number: usize| SECRETS[number];
    let user = organization.user("lee.chen");
    user.display_name = format!("Lee {} Chen", secret(0));
    user.emails = vec![format!("lee@{}.example", secret(1))];
    user.enterprise = Some(json!({"department": secret(2), "manager": {"value": secret(3)}}));
    user.external_ids.push(served::ExternalId { issuer: format!("https://{}.example", secret(4)), id: "00u1".into() });
    organization.user("amir.khan").user_name = format!("amir.{}", secret(5));
    organization.add_group(&format!("Team {}", secret(6)));
    organization.account("prod-web").name = format!("prod-{}", secret(7));
    organization.permission_set("ReadOnly").customer_managed(secret(8), &format!("/{}/", secret(9)));
    organization.permission_set("RedshiftAnalyst").inline_policy = Some(
        json!({"Version": "2012-10-17", "Statement": [{"Sid": secret(10), "Effect": "Allow", "Action": "s3:GetObject",
            "Resource": format!("arn:aws:s3:::{}/*", secret(11))},
            {"Sid": secret(12), "Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*",
            "Condition": {"StringLike": {"aws:PrincipalTag/team": format!("{}*", secret(13))}}}]})
        .to_string(),
    );
    organization
}

/// Every byte of a file, and what is compressed in it.
fn text(path: &Path) -> String {
    let bytes = fs::read(path).expect("bytes");
    let answers = serde_json::to_string(&read(path).expect("a file of ours").answers).expect("JSON");
    (String::from_utf8_lossy(&bytes).into_owned() + &answers).to_lowercase()
}

#[test]
fn nothing_of_the_original_is_in_any_byte_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, shared) = (folder.path().join("org.db"), folder.path().join("shared.db"));
    let organization = with_secrets(Organization::acme());
    // That something could not be read is told in AWS's words, with names in them.
    let conduct = Conduct::default().with_fault(Fault::on("iam:GetAccountSummary", Kind::Denied));
    let served = Served::start(organization, conduct);
    let scan = ask(&served, &format!("scan --full --last-used --fail-on never --record {}", file.display()));
    assert_eq!(scan.code, 0, "{}", scan.stderr);
    let copied = format!("scan --fail-on never --replay {} --record {} --redact", file.display(), shared.display());
    let copy = Question::of_line(&copied).ask();
    assert_eq!((copy.code, copy.stderr.as_str()), (0, ""), "{}", copy.stdout);
    assert!(copy.stdout.contains("RedshiftAnalyst"), "the answer is told under the real names");
    let names: BTreeSet<_> = fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(names, ["org.db", "shared.db"].map(Into::into).into(), "something is left");

    let (original, redacted) = (text(&file), text(&shared));
    for secret in SECRETS {
        assert!(original.contains(secret), "{secret} is nowhere");
        assert!(!redacted.contains(secret), "{secret} is still there");
    }
    let kept = read(&file).expect("a file of ours");
    let snapshot = kept.clone().snapshot(kept.scope.about.clone());
    let mut telling: Vec<&str> = Vec::new();
    for user in snapshot.people.known().unwrap() {
        telling.extend(user.user_name.iter().chain(&user.display_name).chain(&user.emails).map(String::as_str));
        telling.push(&user.id);
    }
    for account in snapshot.shared.accounts.known().unwrap() {
        telling.extend([account.id.as_str(), account.name.as_deref().unwrap_or_default()]);
    }
    let groups = snapshot.groups.known().unwrap();
    telling.extend(groups.iter().flat_map(|group| [Some(group.id.as_str()), group.name.as_deref()]).flatten());
    telling.extend(snapshot.shared.permission_set_arns.known().unwrap().iter().map(String::as_str));
    // An account of the sample is called as AWS calls one of its services.
    for name in telling.into_iter().filter(|name| name.len() > 3 && *name != "identity") {
        assert!(!redacted.contains(&name.to_lowercase()), "{name} is still there");
    }
    answer_alike(&file, &shared, 8);
}

/// Made-up names are all that ever comes on the disk.
#[test]
fn a_scan_can_be_recorded_under_made_up_names_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, shared) = (folder.path().join("org.db"), folder.path().join("shared.db"));
    let served = Served::start(Organization::acme(), Conduct::default());
    ask(&served, &format!("scan --full --record {}", file.display()));
    let scan = ask(&served, &format!("scan --full --record {} --redact", shared.display()));
    assert!(scan.stdout.contains("prod-data"), "{}", scan.stderr);
    assert!(!text(&shared).contains("prod-data"));
    answer_alike(&file, &shared, 4);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&shared).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let code = |command: &str| {
        let answer = ask(&served, command);
        (answer.code, answer.error().map(|error| error["code"].clone()))
    };
    let again = format!("scan --record {} --redact", shared.display());
    assert_eq!(code(&again), (1, Some("unwritable-file".into())));
    let new = folder.path().join("new.db");
    let bare = format!("scan --replay {} --record {}", file.display(), new.display());
    assert_eq!(code(&bare), (2, Some("usage".into())));
    for command in ["scan --redact", &format!("scan --record {} --redact --resume", new.display())] {
        assert_eq!(ask(&served, command).code, 2, "{command}");
    }
    assert!(!new.exists());
}

/// Half a copy would be gone on with, under real names.
#[test]
fn a_copy_is_whole_or_not_there_whoever_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, copy) = (folder.path().join("org.db"), folder.path().join("copy.db"));
    let served = Served::start(Organization::acme(), Conduct::default());
    ask(&served, &format!("scan --full --record {}", file.display()));
    let begin = || {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_idc"));
        child.args(["scan", "--redact", "--replay"]).arg(&file).arg("--record").arg(&copy);
        child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started")
    };
    let started = Instant::now();
    begin().wait().expect("ended");
    let whole = started.elapsed();
    assert!(read(&copy).is_ok());
    for round in 0..16 {
        fs::remove_file(&copy).ok();
        let mut child = begin();
        std::thread::sleep(whole * round / 15);
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert!(!copy.exists() || read(&copy).is_ok_and(|kept| kept.finished.is_some()), "round {round}");
        let mut left: Vec<_> =
            fs::read_dir(&folder).expect("a folder").map(|one| one.expect("one").file_name()).collect();
        left.retain(|name| name != "org.db" && name != "copy.db");
        assert!(left.is_empty(), "round {round} leaves {left:?}");
    }
}

/// Of a file that was cut off, and of one of many accounts.
#[test]
fn what_a_file_holds_is_what_its_copy_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, shared) = (folder.path().join("org.db"), folder.path().join("shared.db"));
    let (organization, _) = Organization::whole(Size::SMALL);
    let served = Served::start(organization, Conduct::default());
    ask(&served, &format!("scan --full --rate 20 --record {}", file.display()));
    let copy = |from: &Path, to: &Path| {
        let command = format!("scan --fail-on never --replay {} --record {} --redact", from.display(), to.display());
        let answer = Question::of_line(&command).ask();
        assert_eq!(answer.code, 0, "{}", answer.stderr);
    };
    copy(&file, &shared);
    answer_alike(&file, &shared, 8);
    let mut kept = read(&file).expect("a file of ours");
    kept.answers.truncate(kept.answers.len() * 3 / 4);
    kept.finished = None;
    let (cut, cut_shared) = (folder.path().join("cut.db"), folder.path().join("cut-shared.db"));
    fs::write(&cut, idc::store::Store::whole(&kept, &[]).expect("a file")).expect("written");
    copy(&cut, &cut_shared);
    assert!(replay("scan --fail-on never", &cut_shared)["notes"].to_string().contains("file-cut-off"));
    let scan = |file: &Path| shape(&replay("scan --fail-on never", file), "");
    assert_eq!(scan(&cut), scan(&cut_shared));
}
