//! Tells the program which commit it is built from: what `IDC_COMMIT` says (for those who package it from an archive), or
//! what git says of the checkout, or nothing. Never fails a build for that, and asks again only when the commit changes.
//! Packs the list of AWS's actions. And has a release's relocations packed where that can be run, which makes it a
//! fifteenth smaller.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
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
    pack_actions()
}

/// Packs the names of all actions of AWS: each is written as the numbers of its words, those that occur most in one byte.
/// `src/redact/known/packed.rs` takes it apart.
fn pack_actions() -> Result<(), Box<dyn Error>> {
    const ACTIONS: &str = "src/redact/known/actions.txt";
    println!("cargo::rerun-if-changed={ACTIONS}");
    let text = fs::read_to_string(ACTIONS)?;
    let names = || text.lines().map(|line| line.split(' '));
    let mut counts = BTreeMap::new();
    names().flatten().flat_map(words_of).for_each(|word| *counts.entry(word).or_insert(0_u32) += 1);
    let mut words: Vec<&str> = counts.keys().copied().collect();
    words.sort_by_key(|word| std::cmp::Reverse(counts[word]));
    let numbers: BTreeMap<&str, usize> = words.iter().enumerate().map(|(number, word)| (*word, number)).collect();
    let mut packed = Vec::new();
    for line in names() {
        for (at, name) in line.enumerate() {
            if at > 0 {
                packed.push(0);
            }
            for word in words_of(name) {
                match numbers[word].checked_sub(222) {
                    None => packed.push(u8::try_from(numbers[word] + 2)?),
                    Some(more) => packed.extend([u8::try_from(224 + (more >> 8))?, u8::try_from(more & 0xff)?]),
                }
            }
        }
        packed.push(1);
    }
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("actions.words"), words.join("\n"))?;
    fs::write(Path::new(&folder).join("actions.packed"), packed)?;
    Ok(())
}

/// The words that a name is made of: each begins with a capital letter.
fn words_of(name: &str) -> impl Iterator<Item = &str> {
    let bytes = name.as_bytes();
    let is_upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let begins =
        move |at: &usize| is_upper(*at) && (!is_upper(at - 1) || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase));
    let ends: Vec<usize> = (1..name.len()).filter(begins).chain([name.len()]).collect();
    let starts: Vec<usize> = std::iter::once(0).chain(ends.iter().copied()).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &name[start..end])
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
