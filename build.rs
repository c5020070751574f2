//! Tells the program which commit it is built from: what `IDC_COMMIT` says (for those who package it from an archive), or
//! what git says of the checkout, or nothing. Never fails a build, and asks again only when the commit changes. And has a
//! release's relocations packed where that can be run, which makes it a fifteenth smaller.

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
    if env::var("PROFILE").as_deref() == Ok("release") && takes_packed_relocations() {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Whether the program can be loaded with packed relocations (`DT_RELR`): where musl is linked in, which Rust's own has
/// known since 1.2.4, or by a glibc that knows them. Of other machines' glibc nothing is known here.
fn takes_packed_relocations() -> bool {
    let is = |name: &str, value: &str| env::var(name).as_deref() == Ok(value);
    let is_static = is("CARGO_CFG_TARGET_ENV", "musl") && is("CARGO_CFG_TARGET_ARCH", "x86_64");
    let is_here = is("CARGO_CFG_TARGET_ENV", "gnu") && env::var("HOST").is_ok_and(|host| is("TARGET", &host));
    is("CARGO_CFG_TARGET_OS", "linux") && (is_static || (is_here && glibc().is_some_and(|version| version >= (2, 36))))
}

/// The version of this machine's glibc.
fn glibc() -> Option<(u32, u32)> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
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
