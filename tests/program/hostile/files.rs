//! Files that are none, and files that cannot be written.

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{child, file, idc};
use crate::{every, kept};

const BLOCKED: &str = "customer-managed-policy-missing";

#[test]
fn a_standard_stream_is_one_or_an_error() {
    let text = kept::text(BLOCKED).unwrap();
    let output = idc(&["why", "--replay", "-"]).write_stdin(text.clone()).output().unwrap();
    assert_eq!(output.status.code(), Some(10), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("standard input"), "{output:?}");
    let output = idc(&["why", "--replay", "-"]).write_stdin("{").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("cannot read standard input"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let output =
        idc(&["why", "--replay", "-", "--record", "-"]).current_dir(&folder).write_stdin(text).output().unwrap();
    assert_eq!((output.status.code(), fs::read_dir(&folder).unwrap().count()), (Some(2), 0), "{output:?}");
}

/// The answer is there, and comes whole; that it could not be kept is said after it.
#[test]
fn the_answer_comes_though_it_cannot_be_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let case = file(folder.path(), "case.json", &kept::text(BLOCKED).unwrap());
    let plain = idc(&["why", "--replay"]).arg(&case).output().unwrap();
    let long = folder.path().join("x".repeat(300));
    for form in [&[][..], &["-o", "json"], &["--exit-zero"]] {
        let told = idc(&["why", "--replay"]).arg(&case).args(form).output().unwrap();
        let output = idc(&["why", "--replay"]).arg(&case).args(form).arg("--record").arg(&long).output().unwrap();
        assert_eq!((output.status.code(), &output.stdout), (Some(1), &told.stdout), "{form:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.starts_with("error: cannot write "), "{said}");
    }
    assert_eq!(plain.status.code(), Some(10));
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["case.json"]);
}

/// As a shell of Windows, a spreadsheet or whoever sent it wrote it.
#[test]
fn a_text_that_is_written_another_way_is_named_as_that() {
    let folder = tempfile::tempdir().unwrap();
    let text = kept::text(BLOCKED).unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let marked = put("marked.json", &[b"\xef\xbb\xbf", text.as_bytes()].concat());
    assert_eq!(idc(&["why", "--replay", &marked]).output().unwrap().status.code(), Some(10));
    let units = |text: &str, little: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    let [little, big] = [true, false].map(|little| units("{\"format\"", little));
    for (name, bytes, what, command) in [
        ("a.json.gz", b"\x1f\x8b\x08\x00\x00".to_vec(), "compressed with gzip", "gzip -dc < "),
        ("b c.json", [&b"\xff\xfe"[..], &little].concat(), "in UTF-16", "iconv -f UTF-16 -t UTF-8 '"),
        ("d.json", [&b"\xfe\xff"[..], &big].concat(), "in UTF-16", "iconv -f UTF-16 -t UTF-8 "),
        ("e.json", little.clone(), "in UTF-16", "iconv -f UTF-16LE -t UTF-8 "),
        ("f.json", big.clone(), "in UTF-16", "iconv -f UTF-16BE -t UTF-8 "),
    ] {
        let path = put(name, &bytes);
        for arguments in [
            &["why", "--replay", &path][..],
            &["scan", "--plan", &path],
            &["scan", "--reviewed", &path],
            &["why", "123456789012", "--users", &path],
        ] {
            let output = idc(arguments).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
            assert!(said.starts_with("error: cannot read ") && said.contains(what), "{arguments:?}: {said}");
            assert!(said.lines().any(|line| line.trim().starts_with(command)), "{arguments:?}: {said}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_written_says_why_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let case = file(folder.path(), "case.json", &kept::text(BLOCKED).unwrap());
    let replay = ["why", "--replay", case.to_str().unwrap(), "--record"];
    let said = |arguments: &[&str]| {
        let output = idc(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let gone = said(&[&replay[..], &["/nonexistent/x"]].concat());
    assert!(gone.contains("cannot write /nonexistent/x: there is no folder /nonexistent"), "{gone}");
    let there = said(&[&replay[..], &[case.to_str().unwrap()]].concat());
    assert!(there.contains("a file of that name is there"), "{there}");
    for form in ["html=/nonexistent/x", "json=/nonexistent/x"] {
        let gone = said(&["scan", "--replay", case.to_str().unwrap(), "-o", form]);
        assert!(gone.contains("cannot write /nonexistent/x: there is no folder /nonexistent"), "{gone}");
    }
    #[cfg(unix)]
    {
        let device = said(&[&replay[..], &["/dev/full"]].concat());
        assert!(device.contains("cannot write /dev/full: a device"), "{device}");
    }
}

#[cfg(unix)]
mod unix {
    use super::*;

    /// At most so long until whatever is no file is told to be none.
    const AT_ONCE: Duration = Duration::from_mins(1);

    fn pipe(folder: &std::path::Path) -> std::path::PathBuf {
        let path = folder.join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn what_is_no_file_is_an_error_and_no_wait() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = pipe(folder.path());
        let large = folder.path().join("large");
        fs::File::create(&large).unwrap().set_len(1 << 40).unwrap();
        let paths = [pipe.as_path(), folder.path(), &large, "/dev/zero".as_ref(), "/dev/urandom".as_ref()];
        for path in paths {
            let started = Instant::now();
            let output = idc(&["why", "--replay"]).arg(path).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.code() == Some(1) && said.starts_with("error: cannot read "), "{output:?}");
            for words in [&["scan", "--replay"][..], &["why", "jane", "1", "--replay"], &["scan", "--resume"]] {
                let output = idc(words).arg(path).output().unwrap();
                assert!(matches!(output.status.code(), Some(1 | 2)), "{words:?}: {output:?}");
            }
            let output = idc(&["why", "jane", "1"]).env("IDC_CONFIG", path).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.code() == Some(2) && said.contains("cannot be read: "), "{output:?}");
            // Completions look at the AWS CLI's files, and have none to offer here.
            let output = idc(&["--", "idc", "why", "--profile", ""])
                .env("COMPLETE", "bash")
                .env("_CLAP_COMPLETE_INDEX", "3")
                .env("AWS_CONFIG_FILE", path)
                .env("AWS_SHARED_CREDENTIALS_FILE", path)
                .output()
                .unwrap();
            assert!(output.status.code().is_some(), "{output:?}");
            assert!(started.elapsed() < AT_ONCE, "{}: {:?}", path.display(), started.elapsed());
        }
        let output = idc(&["why", "--replay", "/dev/null"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert_eq!(idc(&["policy"]).env("IDC_CONFIG", "/dev/null").output().unwrap().status.code(), Some(0));
    }

    #[test]
    fn a_pipe_that_ends_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let text = kept::text(BLOCKED).unwrap();
        let output = idc(&["why", "--replay", "/dev/stdin"]).write_stdin(text.clone()).output().unwrap();
        assert_eq!(output.status.code(), Some(10), "{output:?}");
        let case = file(folder.path(), "case.json", &text);
        let line = format!("'{}' why --replay <(sleep 0.2; cat '{}')", env!("CARGO_BIN_EXE_idc"), case.display());
        let output = std::process::Command::new("bash").args(["-c", &line]).output().unwrap();
        assert_eq!(output.status.code(), Some(10), "{output:?}");
    }

    /// It is waited for, half a minute; `input` tries less each time.
    #[test]
    fn a_pipe_that_is_silent_is_given_up() {
        if !every() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let pipe = pipe(folder.path());
        let (_keep_open, started) =
            (fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap(), Instant::now());
        let output = idc(&["why", "--replay"]).arg(&pipe).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
    }

    /// However few files may be open, there is an answer or an error that says so.
    #[test]
    fn too_few_files_are_an_error_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let case = file(folder.path(), "case.json", &kept::text(BLOCKED).unwrap());
        let mut codes = Vec::new();
        for most in 5..40 {
            let asked = cfg!(feature = "live").then(|| "jane.doe 123456789012".to_owned());
            for rest in asked.into_iter().chain([format!("--replay '{}'", case.display())]) {
                let line = format!("ulimit -n {most}; exec '{}' why {rest} -q", env!("CARGO_BIN_EXE_idc"));
                let mut child = std::process::Command::new("bash");
                child.args(["-c", &line]).env_clear().env("AWS_EC2_METADATA_DISABLED", "true");
                let output = child.output().unwrap();
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                assert!(matches!(output.status.code(), Some(1 | 10)), "{most}: {output:?}");
                let is_answered = output.status.code() == Some(10);
                assert!(is_answered || said.starts_with("error: ") && !said.contains("cannot print"), "{most}: {said}");
                codes.push(output.status.code());
            }
        }
        assert!(codes.first() == Some(&Some(1)) && codes.contains(&Some(10)), "{codes:?}");
    }

    /// The home folder of a service may be no folder: then it has no file of settings.
    #[test]
    fn a_home_that_is_no_folder_has_no_settings() {
        let folder = tempfile::tempdir().unwrap();
        let case = file(folder.path(), "case.json", &kept::text(BLOCKED).unwrap());
        for (name, value) in
            [("HOME", "/dev/null"), ("HOME", "/nowhere"), ("XDG_CONFIG_HOME", "/dev/null"), ("HOME", "x")]
        {
            let mut idc = idc(&["why", "--replay"]);
            idc.arg(&case).env_remove("IDC_CONFIG").env("HOME", folder.path()).env(name, value);
            let output = idc.output().unwrap();
            assert_eq!(output.status.code(), Some(10), "{name}={value}: {output:?}");
        }
    }

    /// A full disk is an error of the recording alone.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_after_the_answer() {
        let folder = tempfile::tempdir().unwrap();
        let case = file(folder.path(), "case.json", &kept::text(BLOCKED).unwrap());
        // No file may grow beyond a kibibyte; the signal for that would end it, or is ignored, as where a disk is full.
        let signals: &[&str] = if cfg!(feature = "live") { &["", "trap '' XFSZ; "] } else { &["trap '' XFSZ; "] };
        for signal in signals {
            let line = format!(
                "{signal}ulimit -f 1; exec '{}' why --replay '{}' --record '{}'",
                env!("CARGO_BIN_EXE_idc"),
                case.display(),
                folder.path().join("new.json").display()
            );
            let output = std::process::Command::new("bash").args(["-c", &line]).output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{output:?}");
            assert!(String::from_utf8_lossy(&output.stdout).starts_with("BLOCKED"), "{output:?}");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(said.contains("cannot write") && said.contains("larger than a file may be"), "{said}");
        }
        let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["case.json"], "something is left");
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = child(&["why", "--replay", case.to_str().unwrap()]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot print"), "{output:?}");
    }

    /// Killed at any moment, it leaves the whole recording or nothing.
    #[test]
    fn whoever_is_killed_leaves_nothing_half_done() {
        let folder = tempfile::tempdir().unwrap();
        let mut recording: Value = serde_json::from_str(&kept::text(BLOCKED).unwrap()).unwrap();
        let users: serde_json::Map<String, Value> =
            (0..2000).map(|at| (format!("9067f0c1d2-{at:08}-2222-3333-4444-555555555555"), Value::Null)).collect();
        let one = recording["evidence"]["groups"].as_object().unwrap().values().next().unwrap().clone();
        let many = users.into_iter().map(|(id, _)| (id, one.clone()));
        recording["evidence"]["groups"].as_object_mut().unwrap().extend(many);
        let case = file(folder.path(), "case.json", &recording.to_string());
        let new = folder.path().join("new.json");
        let arguments = ["why", "--replay", case.to_str().unwrap(), "--record", new.to_str().unwrap()];
        let started = Instant::now();
        child(&arguments).output().unwrap();
        let whole = started.elapsed();
        let rounds = if every() { 40 } else { 12 };
        for (round, signal) in ["-HUP", "-TERM", "-INT", "-KILL"].into_iter().cycle().take(rounds).enumerate() {
            let _ = fs::remove_file(&new);
            let child = child(&arguments).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(whole * u32::try_from(round).unwrap() / u32::try_from(rounds - 4).unwrap());
            std::process::Command::new("kill")
                .args([signal, &child.id().to_string()])
                .stderr(Stdio::null())
                .status()
                .unwrap();
            child.wait_with_output().unwrap();
            let mut left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            left.retain(|name| name != "case.json" && name != "new.json");
            assert!(left.is_empty(), "{signal} in round {round} leaves {left:?}");
            if let Ok(text) = fs::read_to_string(&new) {
                assert!(idc::evidence::read(&text).is_ok(), "{signal} in round {round} leaves half a recording");
            }
        }
    }
}

#[test]
fn a_large_file_takes_time_by_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let mut open = fs::File::create(folder.path().join("x.json")).unwrap();
    for piece in [r#"{"format": "idc-recording", "format_version": 1, "evidence": "#, "["] {
        open.write_all(piece.as_bytes()).unwrap();
    }
    open.write_all("[".repeat(4 << 20).as_bytes()).unwrap();
    let started = Instant::now();
    let output = idc(&["why", "--replay"]).arg(folder.path().join("x.json")).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
}
