//! The walls between the rooms of `src/`, as docs/ARCHITECTURE.md draws them: who may use what.
//! Reads the sources as text; comments don't count.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Longer files are hard to hold in one's head.
const LONGEST_FILE: usize = 450;

/// Folders of `src/` that every feature stands on; all other folders are features.
const GROUND: [&str; 10] =
    ["audit", "cli", "http", "kernel", "live", "net", "observe", "security", "store", "tls"];

struct Source {
    /// As in `orders/api.rs`.
    path: String,
    code: String,
}

impl Source {
    fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    /// Whether it is a feature's part of this kind: `api.rs`, `tables_api.rs`, or in `api/`.
    fn is_part(&self, kind: &str) -> bool {
        let (folders, file) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let stem = file.trim_end_matches(".rs");
        folders.split('/').skip(1).any(|folder| folder == kind)
            || (!folders.is_empty() && (stem == kind || stem.ends_with(&format!("_{kind}"))))
    }

    /// Whether it imports `name`, or speaks of something in it.
    fn uses(&self, name: &str) -> bool {
        let in_a_word = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(name).any(|(at, _)| {
            !self.code[..at].ends_with(|c| in_a_word(c) || c == ':')
                && self.code[at + name.len()..].starts_with([':', ';'])
        })
    }

    /// The modules of this crate that it names: `crate::a::b` and `crate::{a::b, c}` give a and c.
    fn modules_used(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (at, _) in self.code.match_indices("crate::") {
            let rest = &self.code[at + "crate::".len()..];
            match rest.strip_prefix('{') {
                Some(group) => found.extend(heads_of_group(group)),
                None => found.extend([word_at_start(rest)]),
            }
        }
        found
    }
}

fn word_at_start(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first words of the entries of a `{…}` whose opening brace is already behind us.
fn heads_of_group(group: &str) -> Vec<String> {
    let mut heads = vec![word_at_start(group)];
    let mut depth = 1;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => heads.push(word_at_start(&group[at + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let without_comments = |text: &str| -> String {
        let lines = text.split_inclusive('\n');
        lines.filter(|line| !line.trim_start().starts_with("//")).collect()
    };
    let sources: Vec<_> = files("src", ".rs")
        .into_iter()
        .map(|(path, text)| Source { path, code: without_comments(&text) })
        .collect();
    assert!(sources.len() > 20, "the sources were not found");
    sources
}

/// Fails with every file that breaks a wall.
fn forbid(wall: &str, breaks: impl Fn(&Source) -> bool) {
    let broken: Vec<_> = sources().into_iter().filter(breaks).map(|source| source.path).collect();
    assert!(broken.is_empty(), "{wall}: {broken:?}");
}

#[test]
fn sql_stands_in_the_stores() {
    let drivers = ["rusqlite", "refinery"];
    forbid("SQL belongs in store/ and the features' stores", |source| {
        source.room() != "store"
            && !source.is_part("store")
            && drivers.iter().any(|driver| source.uses(driver))
    });
}

#[test]
fn http_stands_at_the_edge() {
    let edge = ["app", "http", "live", "observe", "router", "security", "server", "web"];
    forbid(
        "axum belongs in the features' api, auth/guard.rs and the rooms at the edge",
        |source| {
            !edge.contains(&source.room())
                && !source.is_part("api")
                && source.path != "auth/guard.rs"
                && source.uses("axum")
        },
    );
}

/// F11: a writer beside the one that marks formulas would run them.
#[test]
fn sheets_are_written_in_one_place() {
    forbid("only sheets.rs writes CSV", |source| {
        let writes = ["csv::Writer", "WriterBuilder", "write_formula"];
        source.path != "sheets.rs" && writes.iter().any(|name| source.code.contains(name))
    });
}

#[test]
fn decisions_are_pure() {
    let impure = ["axum", "rusqlite", "tokio", "reqwest", "std::fs", "std::net", "std::env"];
    let clocks = ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];
    let allowed = ["kernel", "error", "words"];
    let is_pure = |source: &Source| source.room() == "kernel" || source.is_part("rules");
    forbid("kernel and rules.rs do no input, no output, and read no clock", |source| {
        is_pure(source)
            && (impure.iter().any(|name| source.uses(name))
                || clocks.iter().any(|clock| source.code.contains(clock)))
    });
    forbid("kernel and rules.rs use only kernel and error", |source| {
        is_pure(source)
            && source.modules_used().iter().any(|module| !allowed.contains(&module.as_str()))
    });
}

#[test]
fn the_ground_knows_no_feature() {
    let rooms: BTreeSet<_> = features().into_keys().collect();
    forbid("kernel, store, http, error and event know no feature", |source| {
        ["kernel", "store", "http", "error", "event"].contains(&source.room())
            && source.modules_used().iter().any(|module| rooms.contains(module))
    });
}

/// Every feature with the features that it uses.
fn features() -> BTreeMap<String, BTreeSet<String>> {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let room = source.room().to_owned();
        if source.path.contains('/') && !GROUND.contains(&room.as_str()) {
            uses.entry(room).or_default().extend(source.modules_used());
        }
    }
    let names: BTreeSet<_> = uses.keys().cloned().collect();
    for (name, used) in &mut uses {
        used.retain(|other| names.contains(other) && other != name);
    }
    uses
}

#[test]
fn features_make_no_circle() {
    let mut left = features();
    assert!(left.len() > 3, "the features were not found: {left:?}");
    // Take away, again and again, every feature that uses none of those left.
    loop {
        let free: Vec<_> =
            left.iter().filter(|(_, uses)| uses.is_empty()).map(|(name, _)| name.clone()).collect();
        if free.is_empty() {
            break;
        }
        for name in free {
            left.remove(&name);
            for uses in left.values_mut() {
                uses.remove(&name);
            }
        }
    }
    assert!(left.is_empty(), "these features use each other in a circle: {left:?}");
}

#[test]
fn a_feature_has_one_door() {
    let rooms = features();
    forbid("a feature's parts are private; what others need is re-exported by mod.rs", |source| {
        rooms.contains_key(source.room()) && source.code.contains("pub mod ")
    });
}

#[test]
fn files_fit_in_a_head() {
    let folders = [("src", ".rs"), ("tests", ".rs"), ("benches", ".rs"), ("web/src", ".ts")];
    let more = [("web/src", ".svelte"), ("web/src", ".css"), ("web/e2e", ".ts")];
    let long: Vec<_> = folders
        .into_iter()
        .chain(more)
        .flat_map(|(folder, ending)| {
            files(folder, ending).into_iter().map(move |(path, text)| (folder, path, text))
        })
        .filter(|(_, path, text)| {
            !path.ends_with("api.d.ts") && text.lines().count() > LONGEST_FILE
        })
        .map(|(folder, path, text)| format!("{folder}/{path}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "split these, each part with a purpose of its own: {long:?}");
}

#[test]
fn the_reader_of_sources_sees_what_stands_there() {
    let source = Source {
        path: "orders/api.rs".into(),
        code: "use crate::{auth::{By, ADMIN}, menu};\nlet x = crate::floor::y();\naxum::c; use std::fs;"
            .into(),
    };
    let used: Vec<_> = source.modules_used().into_iter().collect();
    assert_eq!(used, ["auth", "floor", "menu"]);
    assert_eq!(source.room(), "orders");
    for (path, kind, is_part) in [
        ("orders/api.rs", "api", true),
        ("floor/tables_api.rs", "api", true),
        ("orders/store/add.rs", "store", true),
        ("store/rules.rs", "store", false),
        ("api.rs", "api", false),
        ("menu/mapi.rs", "api", false),
    ] {
        let source = Source { path: path.into(), code: String::new() };
        assert_eq!(source.is_part(kind), is_part, "{path}");
    }
    assert!(source.uses("axum") && source.uses("std::fs") && !source.uses("rusqlite"));
    assert!(!Source { path: String::new(), code: "my_axum::z; a::axum::b".into() }.uses("axum"));
}
