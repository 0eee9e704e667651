//! The card's files, as far as a machine that is no board can tell: what its scripts decide, and
//! that shells, systemd and the firewall take them. `make test-image` starts the card itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn card() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("image-build")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    paths
}

/// Runs a program that must succeed.
#[track_caller]
fn succeeds(command: &mut Command) -> String {
    // Where the programs of administrators are.
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    let output = command.env("PATH", path).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

#[test]
fn its_scripts_decide_as_they_should() {
    let mut tests = Command::new("python3");
    tests.args(["-B", "-m", "unittest", "discover", "-s"]).arg(card().join("test"));
    let said = succeeds(&mut tests);
    assert!(said.contains("OK") && !said.contains("Ran 0 tests"), "{said}");
}

#[test]
fn shells_have_nothing_to_say_about_its_scripts() {
    let folders = ["", "test", "root/usr/lib/qres-card", "../packaging/arm"];
    let scripts: Vec<_> = folders
        .iter()
        .flat_map(|folder| files(&card().join(folder)))
        .filter(|path| {
            let text = std::fs::read(path).unwrap();
            text.starts_with(b"#!/bin/sh") || text.starts_with(b"#!/bin/bash")
        })
        .collect();
    assert!(scripts.len() >= 10, "{scripts:?}");
    // Single quotes where another program shall expand what is in them.
    succeeds(Command::new("shellcheck").args(["--exclude=SC2016"]).args(&scripts));
}

#[test]
fn systemd_takes_its_units() {
    let root = tempfile::tempdir().unwrap();
    let mut units = Vec::new();
    for path in files(&card().join("root/etc/systemd/system")) {
        // `verify` looks for the programs on this machine.
        let scripts = card().join("root/usr/lib/qres-card");
        let unit = std::fs::read_to_string(&path).unwrap();
        let unit = unit.replace("/usr/lib/qres-card", scripts.to_str().unwrap());
        let unit = unit.replace("/usr/bin/setfont", "/bin/true");
        let copy = root.path().join(path.file_name().unwrap());
        std::fs::write(&copy, unit).unwrap();
        units.push(copy);
    }
    assert!(units.len() >= 7, "{units:?}");
    let mut verify = Command::new("systemd-analyze");
    verify.args(["verify", "--man=no", "--recursive-errors=no"]).args(&units);
    let said = succeeds(&mut verify);
    assert_eq!(said, "");
}

#[test]
fn the_firewall_takes_its_rules() {
    let rules = card().join("root/etc/nftables.conf");
    let mut check = Command::new("unshare");
    check.args(["--user", "--map-root-user", "--net", "nft", "--check", "--file"]).arg(rules);
    succeeds(&mut check);
}
