//! Tells the program which commit it is built from: what `IDC_COMMIT` says (for those who package it from an archive), or
//! what git says of the checkout, or nothing. Never fails a build, and asks again only when the commit changes.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=IDC_COMMIT");
    let given = env::var("IDC_COMMIT").ok().map(|commit| commit.trim().to_owned());
    let commit = given.filter(|commit| !commit.is_empty() && !commit.contains('\n')).or_else(of_checkout);
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let commit = commit.map(|commit| format!(" ({commit})")).unwrap_or_default();
    println!("cargo::rustc-env=IDC_LONG_VERSION={version}{commit}");
}

/// The commit and its day, such as `abc1234 2026-11-22`.
fn of_checkout() -> Option<String> {
    // An archive that is unpacked within another project's checkout is not of that project.
    let root = git(&["rev-parse", "--show-toplevel"])?;
    let here = env::var_os("CARGO_MANIFEST_DIR")?;
    if Path::new(&root).canonicalize().ok()? != Path::new(&here).canonicalize().ok()? {
        return None;
    }
    // The log of HEAD grows with each commit and checkout. Where git keeps none, HEAD and the branch it is on tell.
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    if !watch("logs/HEAD") {
        for name in ["HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
            watch(name);
        }
    }
    git(&["log", "-1", "--format=%h %cs", "--abbrev=7"])
}

/// Has the build ask again when this file of git's changes; whether there is one.
fn watch(name: &str) -> bool {
    let file = git(&["rev-parse", "--git-path", name]).filter(|file| Path::new(file).exists());
    file.inspect(|file| println!("cargo::rerun-if-changed={file}")).is_some()
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
