//! Tells the program which commit it is built from: what `IDC_COMMIT` says (for those who package it from an archive), or
//! what git says of the checkout, or nothing. Never fails a build for that, and asks again only when the commit changes.
//! Compresses the texts that the program brings with it. And has a release for Linux linked without what it never reads, which makes it a fifth
//! smaller.

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=IDC_COMMIT");
    let given = env::var("IDC_COMMIT").ok().map(|commit| commit.trim().to_owned());
    let commit = given.filter(|commit| !commit.is_empty() && !commit.contains('\n')).or_else(of_checkout);
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let commit = commit.map(|commit| format!(" ({commit})")).unwrap_or_default();
    println!("cargo::rustc-env=IDC_LONG_VERSION={version}{commit}");
    if env::var("PROFILE").as_deref() == Ok("release") {
        link_small()?;
    }
    pack_texts()
}

/// The texts that `src/packed.rs` reads: files, and folders of Markdown.
const TEXTS: &[&str] = &[
    "docs/access.schema.json",
    "docs/answer.schema.json",
    "docs/doctor.schema.json",
    "docs/scan.schema.json",
    "docs/several.schema.json",
    "docs/who.schema.json",
    "docs/error-messages.json",
    "docs/failure-reasons.json",
    "docs/machine",
    "docs/rules",
    "docs/scan",
    "src/redact/known/actions.txt",
    "src/redact/known/codes.txt",
    "src/redact/known/condition_keys.txt",
    "templates/organization.css",
    "templates/organization.js",
];

/// Compresses the texts that the program brings with it, and lists them for the test that reads them all.
fn pack_texts() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut list = Vec::new();
    for name in TEXTS {
        println!("cargo::rerun-if-changed={name}");
        let path = Path::new(name);
        let mut files = vec![path.to_owned()];
        if path.is_dir() {
            files = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
            files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
            files.sort();
        }
        for file in files {
            let packed = folder.join(format!("{}.deflate", file.display()));
            packed.parent().map_or(Ok(()), fs::create_dir_all)?;
            let mut encoder = DeflateEncoder::new(fs::File::create(&packed)?, Compression::best());
            encoder.write_all(&fs::read(&file)?)?;
            encoder.finish()?;
            let (path, packed) = (root.join(file), packed.to_string_lossy());
            writeln!(list, "({:?}, &include_bytes!({packed:?})[..]),", path.to_string_lossy())?;
        }
    }
    fs::write(folder.join("packed.rs"), [&b"[\n"[..], &list, b"]\n"].concat())?;
    Ok(())
}

/// Links a release without what it never reads.
fn link_small() -> Result<(), Box<dyn Error>> {
    if takes_packed_relocations() {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    if takes_linker_scripts() {
        // A release aborts where it would unwind, so nobody reads how; yet Rust's own library brings its tables, and with
        // them come those of all else. What C's start-up code has of it is looked for there when all is static.
        let script = Path::new(&env::var("OUT_DIR")?).join("no-unwind-tables.ld");
        let discarded = "*(EXCLUDE_FILE(*crt*.o) .eh_frame) *(.gcc_except_table .gcc_except_table.*)";
        fs::write(&script, format!("SECTIONS {{ /DISCARD/ : {{ {discarded} }} }} INSERT AFTER .text;\n"))?;
        println!("cargo::rustc-link-arg-bins=-Wl,--no-eh-frame-hdr");
        println!("cargo::rustc-link-arg-bins=-T{}", script.display());
    }
    Ok(())
}

/// Whether the linker is the one that Rust or the C compiler brings on x86-64 Linux: LLVM's and GNU's read the same
/// scripts. Of others, and of other machines, nothing is known here.
fn takes_linker_scripts() -> bool {
    let is = |name: &str, value: &str| env::var(name).as_deref() == Ok(value);
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && env::var_os("RUSTC_LINKER").is_none()
        && !flags.contains("link")
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
