//! What a hostile recording costs: time by its size, and not by the square of it.

use std::time::{Duration, Instant};

use crate::hostile::{assert_harmless, file, fixture, idc};

/// Half of a hostile recording is long names: comparing them must not take time by their square.
#[test]
fn long_names_take_no_longer_than_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let mut recording = fixture("customer-managed-policy-missing");
    let policy = recording["evidence"]["target"]["policies"]["observed"]["Known"][0].clone();
    let set = recording["evidence"]["access"]["permission_sets"].as_object_mut().unwrap().values_mut().next().unwrap();
    let long = |at: usize| format!("{at}{}", "a".repeat(1000));
    set["customer_managed"]["observed"]["Known"][0]["name"] = long(1).into();
    let policies = (2..66).map(|at| {
        let mut one = policy.clone();
        if one.is_null() {
            one = serde_json::json!({"name": "", "arn": "", "path": "/"});
        }
        one["name"] = long(at).into();
        one["arn"] = format!("arn:aws:iam::123456789012:policy/{}", long(at)).into();
        one
    });
    recording["evidence"]["target"]["policies"]["observed"]["Known"] = policies.collect();
    let path = file(folder.path(), "long.json", &recording.to_string());
    let started = Instant::now();
    let output = idc(&["why", "--replay"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(10), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());

    let mut recording = fixture("user-not-found");
    recording["evidence"]["question"]["user"] = "q".repeat(10_000).into();
    let path = file(folder.path(), "word.json", &recording.to_string());
    let started = Instant::now();
    let public = folder.path().join("public.json");
    let output = idc(&["why", "--redact", "--record"]).arg(&public).arg("--replay").arg(&path).output().unwrap();
    assert_harmless(&output, "a long word");
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
}

/// Nor must many names take time by their number times their number: each that is missing is compared with each that is
/// there, and this took minutes.
#[test]
fn many_names_take_no_longer_than_their_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut recording = fixture("customer-managed-policy-missing");
    let set = recording["evidence"]["access"]["permission_sets"].as_object_mut().unwrap().values_mut().next().unwrap();
    let wanted = set["customer_managed"]["observed"]["Known"].as_array_mut().unwrap();
    let reference = wanted[0].clone();
    wanted.extend((0..1500).map(|at| {
        let mut one = reference.clone();
        one["name"] = format!("wanted-policy-of-somebody-{at:04}").into();
        one
    }));
    recording["evidence"]["target"]["policies"]["observed"]["Known"] = (0..1500)
        .map(|at| {
            let name = format!("listed-policy-of-whomever-{at:04}");
            serde_json::json!({"name": name, "arn": format!("arn:aws:iam::123456789012:policy/{name}"), "path": "/"})
        })
        .collect();
    let path = file(folder.path(), "many.json", &recording.to_string());
    let started = Instant::now();
    let output = idc(&["why", "-q", "--replay"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(10), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
}

/// Whatever a file says, the operating system need not stop the program: memory and processor time are bounded by the
/// file's size.
#[cfg(target_os = "linux")]
#[test]
fn memory_and_processor_time_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let mut wide = fixture("healthy--group");
    let many: serde_json::Value = std::iter::repeat_n("a", 1_000_000).collect();
    wide["evidence"]["access"]["permission_set_arns"]["observed"] = serde_json::json!({ "Known": many });
    let mut inside = fixture("healthy--group");
    let policy = format!("{{\"Statement\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let sets = inside["evidence"]["access"]["permission_sets"].as_object_mut().unwrap();
    sets.values_mut().next().unwrap()["inline"]["observed"] = serde_json::json!({ "Known": policy });
    for (name, text, code) in [
        ("deep", "[".repeat(1_000_000), 1),
        ("nested", "{\"a\":".repeat(1_000_000), 1),
        ("list", format!("[{}1]", "1,".repeat(4_000_000)), 1),
        ("wide", wide.to_string(), 0),
        ("inside", inside.to_string(), 11),
    ] {
        let path = file(folder.path(), &format!("{name}.json"), &text);
        for command in ["why", "scan", "who 123456789012", "access jane.doe"] {
            let line = format!(
                "ulimit -v 1500000; ulimit -t 60; exec '{}' {command} -o json --replay '{}'",
                env!("CARGO_BIN_EXE_idc"),
                path.display()
            );
            let output = std::process::Command::new("bash").args(["-c", &line]).output().unwrap();
            let due = match command {
                "why" => code,
                _ if cfg!(feature = "store") => 1,
                _ => 2,
            };
            assert_eq!(output.status.code(), Some(due), "{name}, {command}: {output:?}");
        }
    }
}
