//! The units by themselves: are they sound, and how much is a service shut in?

use std::process::Command;

use crate::{project, text};

#[test]
fn the_units_are_sound_and_shut_in() {
    let Ok(version) = Command::new("systemd-analyze").arg("--version").output() else {
        panic!("systemd-analyze is needed: install the package systemd");
    };
    println!("{}", text(&version));
    // A root in which the program is, as the units name it.
    let root = tempfile::tempdir().unwrap();
    let units = root.path().join("etc/systemd/system");
    std::fs::create_dir_all(&units).unwrap();
    std::fs::create_dir_all(root.path().join("usr/bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_qres"), root.path().join("usr/bin/qres"))
        .unwrap();
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(project().join("systemd")).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().unwrap_or_default().to_str().unwrap_or_default().to_owned();
        if !["service", "socket", "timer"].contains(&&*ending) {
            continue;
        }
        let unit = std::fs::read_to_string(&path).unwrap();
        // `verify` looks for the programs on this machine.
        let unit = unit.replace("/usr/bin/qres", env!("CARGO_BIN_EXE_qres"));
        let copy = units.join(path.file_name().unwrap());
        std::fs::write(&copy, unit).unwrap();
        paths.push(copy);
    }
    assert!(paths.len() >= 6, "{paths:?}");
    let verify = Command::new("systemd-analyze")
        .args(["verify", "--man=no", "--recursive-errors=no"])
        .args(&paths)
        .output()
        .unwrap();
    assert!(verify.status.success() && verify.stderr.is_empty(), "{}", text(&verify));

    // In tenths. The box itself may use printers on USB.
    for (service, threshold) in
        [("qres.service", 21), ("qres-backup.service", 20), ("qres-tidy.service", 20)]
    {
        let rated = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--no-pager"])
            .arg(format!("--threshold={threshold}"))
            .arg(units.join(service))
            .output()
            .unwrap();
        let said = text(&rated);
        println!("{}", said.lines().last().unwrap_or_default());
        assert!(
            rated.status.success(),
            "{service} is exposed to more than {threshold} tenths: {said}"
        );
    }
}
