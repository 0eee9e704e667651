//! The documents say what is: what can be checked of them is checked here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn markdown_files() -> Vec<PathBuf> {
    let folders = ["", "docs", "docs/adr", "image-build"];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap());
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut dead = Vec::new();
    for file in markdown_files() {
        let text = fs::read_to_string(&file).unwrap();
        for (at, _) in text.match_indices("](") {
            let link = text[at + 2..].split([')', '#']).next().unwrap();
            if !link.is_empty()
                && !link.contains("://")
                && !file.parent().unwrap().join(link).exists()
            {
                dead.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn source_files_that_are_named_are_there() {
    let mut gone = Vec::new();
    for file in markdown_files() {
        let text = fs::read_to_string(&file).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let is_path = ["src/", "tests/", "web/", "migrations/", "demo/"]
                .iter()
                .any(|folder| quoted.starts_with(folder))
                && !quoted.contains(['*', '{', ' '])
                && !quoted.contains("NAME");
            if is_path && !root().join(quoted).exists() {
                gone.push(format!("{}: {quoted}", file.display()));
            }
        }
    }
    assert!(gone.is_empty(), "{gone:#?}");
}

#[test]
fn every_setting_is_described() {
    let names = read("docs/NAMES.md");
    let settings = serde_json::to_value(qres::platform::config::Settings::default()).unwrap();
    for key in settings.as_object().unwrap().keys() {
        assert!(names.contains(&format!("`{key}`")), "docs/NAMES.md says nothing of {key}");
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let reasons = read("docs/adr/0001-crates.md");
    let manifest = read("Cargo.toml");
    let dependencies = manifest
        .lines()
        .skip_while(|line| !line.starts_with("[dependencies]"))
        .take_while(|line| !line.starts_with("[lints"))
        .filter_map(|line| line.split_once(" = "));
    let mut count = 0;
    for (name, _) in dependencies {
        let is_named = reasons
            .split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
            .any(|word| word == name);
        assert!(is_named, "docs/adr/0001-crates.md gives no reason for {name}");
        count += 1;
    }
    assert!(count > 20, "the dependencies were not found");
}
