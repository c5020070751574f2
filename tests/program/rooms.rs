//! The order of the rooms of `src`, as CONTRIBUTING.md lists them: a room uses only rooms further down.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What starts the program, and what declares the rooms.
const DOORS: [&str; 2] = ["main", "lib"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rooms in the order of the table.
fn listed() -> Vec<String> {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let row = |line: &str| Some(line.strip_prefix("| `src/")?.split_once(".rs`")?.0.to_owned());
    text.lines().filter_map(row).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn room(file: &Path) -> String {
    let first = file.strip_prefix(root().join("src")).unwrap().components().next().unwrap();
    Path::new(first.as_os_str()).file_stem().unwrap().to_str().unwrap().to_owned()
}

/// The rooms that a text of Rust names, however they are written.
fn named(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let heads = match after.strip_prefix('{') {
            Some(tree) => heads(tree),
            None => vec![after],
        };
        let name = |head: &str| {
            head.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned()
        };
        found.extend(heads.into_iter().map(name).filter(|name| !name.is_empty()));
    }
    found
}

/// What stands between the commas of a tree of imports that has been opened, up to its end.
fn heads(tree: &str) -> Vec<&str> {
    let (mut heads, mut depth, mut start) = (Vec::new(), 0_u32, 0);
    for (place, letter) in tree.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                heads.push(&tree[start..place]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(&tree[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    heads
}

#[test]
fn every_room_is_listed() {
    let rooms: BTreeSet<String> = files(&root().join("src")).iter().map(|file| room(file)).collect();
    let listed: BTreeSet<String> = listed().into_iter().collect();
    let expected: BTreeSet<String> = listed.into_iter().chain(DOORS.map(str::to_owned)).collect();
    assert_eq!(rooms, expected);
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    let rooms = listed();
    let place = |room: &str| rooms.iter().position(|one| one == room);
    let (mut arrows, mut wrong) = (BTreeSet::new(), Vec::new());
    for file in files(&root().join("src")) {
        let from = room(&file);
        for to in named(&fs::read_to_string(&file).unwrap()) {
            let (Some(above), Some(below)) = (place(&from), place(&to)) else { continue };
            arrows.insert((from.clone(), to.clone()));
            if above > below {
                wrong.push(format!("{}: {from} uses {to}", file.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(arrows.len() > 40, "too few to be all: {arrows:?}");
}

#[test]
fn reads_imports_however_they_are_written() {
    let text = "use crate::a::B;\nuse crate::{\n    c::{self, D},\n    e,\n};\nlet x = crate::f::g(); // crate::h";
    assert_eq!(named(text), ["a", "c", "e", "f"].map(str::to_owned).into());
}
