//! The walls between the rooms of `src/`, as docs/ARCHITECTURE.md draws them: who may use what.
//! Reads the sources; comments don't count.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod graph;
mod plans;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use graph::{Graph, circle};

/// Longer files are hard to hold in one's head.
const LONGEST_FILE: usize = 450;

struct Source {
    /// As in `orders/api.rs`.
    path: String,
    code: String,
}

impl Source {
    /// Its floor: `core`, `platform`, `features`, `appliance` or `cli`.
    fn floor(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    /// Its room: `features/orders` of `features/orders/api.rs`, `core/clock` of `core/clock.rs`.
    fn room(&self) -> String {
        let mut names = self.path.trim_end_matches(".rs").split('/').take(2);
        names.by_ref().collect::<Vec<_>>().join("/")
    }

    /// Whether it is a feature's part of this kind: `api.rs`, `tables_api.rs`, or in `api/`.
    fn is_part(&self, kind: &str) -> bool {
        let names: Vec<_> = self.path.trim_end_matches(".rs").split('/').collect();
        let Some((stem, folders)) = names.get(2..).and_then(<[_]>::split_last) else {
            return false;
        };
        folders.contains(&kind) || *stem == kind || stem.ends_with(&format!("_{kind}"))
    }

    /// Whether it imports `name`, or speaks of something in it.
    fn uses(&self, name: &str) -> bool {
        let in_a_word = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(name).any(|(at, _)| {
            !self.code[..at].ends_with(|c| in_a_word(c) || c == ':')
                && self.code[at + name.len()..].starts_with([':', ';'])
        })
    }
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
    forbid("SQL belongs in core/store/ and the rooms' stores", |source| {
        source.room() != "core/store"
            && !source.is_part("store")
            && drivers.iter().any(|driver| source.uses(driver))
    });
}

#[test]
fn http_stands_at_the_edge() {
    forbid("axum belongs in the platform, the appliance and the features' api", |source| {
        let is_edge = ["platform", "appliance"].contains(&source.floor());
        let is_route = source.is_part("api") || source.is_part("feature");
        let is_socket = source.path == "features/feed/socket.rs";
        !is_edge && !is_route && !is_socket && source.uses("axum")
    });
}

/// F11: a writer beside the one that marks formulas would run them.
#[test]
fn sheets_are_written_in_one_place() {
    forbid("only platform/sheets.rs writes CSV", |source| {
        let writes = ["csv::Writer", "WriterBuilder", "write_formula"];
        source.path != "platform/sheets.rs" && writes.iter().any(|name| source.code.contains(name))
    });
}

#[test]
fn decisions_are_pure() {
    let impure = ["axum", "rusqlite", "tokio", "reqwest", "std::fs", "std::net", "std::env"];
    let clocks = ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];
    let is_pure = |source: &Source| source.room() == "core/kernel" || source.is_part("rules");
    forbid("kernel and rules.rs do no input, no output, and read no clock", |source| {
        is_pure(source)
            && (impure.iter().any(|name| source.uses(name))
                || clocks.iter().any(|clock| source.code.contains(clock)))
    });
    let pure: BTreeMap<_, _> = sources()
        .into_iter()
        .filter(is_pure)
        .map(|source| (source.path.clone(), source.room()))
        .collect();
    let graph = graph();
    let breaks: Vec<_> = graph
        .edges()
        .into_iter()
        .filter_map(|(file, used)| Some((file, pure.get(file)?, used)))
        .flat_map(|(file, room, used)| used.into_iter().map(move |other| (file, room, other)))
        .filter(|(_, room, other)| {
            !other.starts_with("core/kernel/")
                && !["core/error.rs", "lib.rs"].contains(other)
                && room_of(other) != **room
        })
        .map(|(file, _, other)| format!("{file} uses {other}"))
        .collect();
    assert!(breaks.is_empty(), "kernel and rules.rs use only kernel and error: {breaks:#?}");
}

/// By it the box knows at which drawer somebody stands: who builds on the API must know that.
#[test]
fn what_reads_a_tablets_token_says_so_in_the_api_document() {
    let names = ["X-Device", "AtDrawer", "OnTablet"];
    forbid("a handler with FromDevice names the header in its params", |source| {
        let mut handlers = source.code.split("#[utoipa::path").skip(1);
        source.is_part("api")
            && handlers.any(|handler| {
                let (document, code) = handler.split_once("async fn ").unwrap_or((handler, ""));
                let arguments = code.split(") ->").next().unwrap_or_default();
                arguments.contains("FromDevice")
                    && !names.iter().any(|name| document.contains(name))
            })
    });
}

fn graph() -> Graph {
    Graph::of(&files("src", ".rs"))
}

fn room_of(file: &str) -> String {
    Source { path: file.to_owned(), code: String::new() }.room()
}

/// Whom each floor may know: itself, and those below it.
const FLOORS: [&str; 5] = ["core", "platform", "features", "appliance", "cli"];

#[test]
fn nobody_knows_the_floor_above() {
    let graph = graph();
    let floor = |file: &str| {
        let floor = file.split(['/', '.']).next().unwrap();
        FLOORS.iter().position(|known| *known == floor)
    };
    for (file, used) in graph.edges() {
        // lib.rs stands beside the house: it holds the version, and names the floors.
        let Some(own) = floor(file) else { continue };
        for other in used {
            let known = floor(other).is_none_or(|other| other <= own);
            assert!(known, "{file} uses {other}, which stands above it");
        }
    }
}

/// A mistake that stands on both ends of a wire is seen by no test.
#[test]
fn simulators_share_nothing_with_the_box() {
    for (file, used) in graph().edges() {
        for other in used {
            let is_simulator = |file: &str| file.starts_with("simulators/");
            let is_said = file == "lib.rs" || file.starts_with("cli/");
            assert!(
                is_simulator(file) == is_simulator(other) || (is_said && is_simulator(other)),
                "{file} uses {other}: a simulator and the box know nothing of each other"
            );
        }
    }
}

#[test]
fn no_file_is_in_a_circle() {
    let graph = graph();
    let edges = graph.edges();
    assert!(edges.len() > 200 && edges.values().flatten().count() > 500, "they were not found");
    if let Some(circle) = circle(&edges) {
        panic!("these use each other in a circle: {}", circle.join(" → "));
    }
}

#[test]
fn features_make_no_circle() {
    let graph = graph();
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, used) in graph.edges().into_iter().filter(|(file, _)| file.starts_with("features/"))
    {
        let others = used.into_iter().filter(|other| other.starts_with("features/")).map(room_of);
        let room = room_of(file);
        rooms.entry(room.clone()).or_default().extend(others.filter(|other| *other != room));
    }
    assert!(rooms.len() > 3, "the features were not found: {rooms:?}");
    let edges = rooms
        .iter()
        .map(|(room, used)| (room.as_str(), used.iter().map(String::as_str).collect()))
        .collect();
    if let Some(circle) = circle(&edges) {
        panic!("these features use each other in a circle: {}", circle.join(" → "));
    }
}

#[test]
fn a_feature_has_one_front_door() {
    forbid("a feature's parts are private; what others need is re-exported by mod.rs", |source| {
        source.floor() == "features"
            && source.path != "features/mod.rs"
            && source.code.contains("pub mod ")
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
    for (path, kind, is_part) in [
        ("features/orders/api.rs", "api", true),
        ("features/floor/tables_api.rs", "api", true),
        ("features/orders/store/add.rs", "store", true),
        ("core/store/rules.rs", "store", false),
        ("core/api.rs", "api", false),
        ("features/menu/mapi.rs", "api", false),
    ] {
        let source = Source { path: path.into(), code: String::new() };
        assert_eq!(source.is_part(kind), is_part, "{path}");
    }
    let code = "use std::fs;\naxum::c;".to_owned();
    let source = Source { path: "features/orders/api.rs".into(), code };
    assert_eq!((source.floor(), source.room().as_str()), ("features", "features/orders"));
    assert!(source.uses("axum") && source.uses("std::fs") && !source.uses("rusqlite"));
    assert!(!Source { path: String::new(), code: "my_axum::z; a::axum::b".into() }.uses("axum"));
}

/// A circle through a front door, one through `super::`, and one of tests that does not count.
#[test]
fn a_circle_is_seen_and_named() {
    let house = |texts: &[(&str, &str)]| {
        let files: Vec<_> =
            texts.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        let graph = Graph::of(&files);
        circle(&graph.edges()).map(|circle| circle.join(" → "))
    };
    let door = ("menu/mod.rs", "mod api; mod dish; pub use dish::Dish; pub use api::routes;");
    let dish = ("menu/dish.rs", "pub struct Dish;");
    let api = ("menu/api.rs", "use super::Dish; pub fn routes(_: Dish) {}");
    let lib = ("lib.rs", "mod menu; mod floor;");
    let floor = ("floor.rs", "use crate::menu::{self, Dish}; fn f(_: Dish) { menu::routes(Dish) }");
    assert_eq!(house(&[lib, door, dish, api, floor]), None);
    let through_door = ("menu/dish.rs", "pub struct Dish; fn f() { crate::floor::g() }");
    let found = house(&[lib, door, through_door, api, floor]).unwrap();
    assert!(found.contains("floor.rs") && found.contains("menu/dish.rs"), "{found}");
    let upwards = ("menu/dish.rs", "pub struct Dish; fn f() { super::routes(Dish) }");
    let found = house(&[lib, door, upwards, api, floor]).unwrap();
    assert!(found.contains("menu/api.rs") && found.contains("menu/dish.rs"), "{found}");
    let tests = (
        "menu/dish.rs",
        "pub struct Dish; #[cfg(test)] mod tests { use super::super::routes; fn f() { crate::floor::g() } }",
    );
    assert_eq!(house(&[lib, door, tests, api, floor]), None);
}
