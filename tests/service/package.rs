//! The package: installed, upgraded, removed and purged on a copy of this machine.

use std::process::Command;

use crate::machine::{Upstairs, architecture};
use crate::{project, text};

#[test]
fn the_package_installs_upgrades_removes_and_purges() {
    let upstairs = Upstairs::new();
    for version in ["0.9.0", "0.9.1"] {
        upstairs.package(version);
    }
    let script = format!(
        "cd /mnt/packages
         dpkg -i qres_0.9.0_{0}.deb
         qres --version
         test \"$(stat -c '%U %a' /var/lib/qres)\" = 'qres 700'
         id -nG qres | grep -qw lp && id -nG qres | grep -qw dialout
         test -e /etc/systemd/system/multi-user.target.wants/qres.service
         test -e /etc/systemd/system/sockets.target.wants/qres.socket
         test -e /etc/systemd/system/timers.target.wants/qres-backup.timer
         setpriv --reuid=qres --regid=qres --clear-groups env HOME=/ qres migrate --data-dir /var/lib/qres
         echo '# mine' >> /etc/qres/qres.toml
         dpkg -i qres_0.9.1_{0}.deb
         dpkg-query -W -f '${{Version}}\\n' qres
         grep -q '# mine' /etc/qres/qres.toml
         test -z \"$(dpkg --verify qres | grep -v 'c /etc/qres/qres.toml' || true)\"
         dpkg -r qres
         test ! -e /usr/bin/qres && test ! -e /lib/systemd/system/qres.service
         test -e /etc/qres/qres.toml && test -e /var/lib/qres/qres.db
         dpkg -P qres
         test ! -e /etc/qres
         test -z \"$(find /etc/systemd/system /var/lib/systemd/deb-systemd-helper-enabled -name '*qres*')\"
         test -e /var/lib/qres/qres.db
         rm -rf /var/lib/qres
         dpkg -i qres_0.9.1_{0}.deb
         dpkg -P qres
         test ! -e /var/lib/qres
         echo all is clean",
        architecture()
    );
    let output = upstairs.run(&script);
    let said = text(&output);
    assert!(output.status.success() && said.contains("all is clean"), "{said}");
    assert!(said.contains("0.9.1\n") && said.contains("data stays in /var/lib/qres"), "{said}");
}

/// What a board would say of the package of its binary. The binary is ours with another machine in
/// its header; its own is built and packed with the card's image.
#[test]
fn packages_of_the_boards_name_their_architecture_and_what_they_need() {
    let upstairs = Upstairs::new();
    let mut binary = std::fs::read(upstairs.binary()).unwrap();
    for (machine, architecture) in [(0xb7, "arm64"), (0x28, "armhf"), (0x3e, "amd64")] {
        // e_machine: 64-bit and 32-bit files have it at the same place.
        binary[18] = machine;
        let other = upstairs.packages().join(architecture);
        std::fs::write(&other, &binary).unwrap();
        let output = Command::new(project().join("packaging/deb.sh"))
            .arg(&other)
            .arg(architecture)
            .arg(upstairs.packages())
            .env("QRES_DEB_PACKING", "-Znone")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output));
        let package = String::from_utf8(output.stdout).unwrap();
        let named = format!("qres_{}_{architecture}.deb", env!("CARGO_PKG_VERSION"));
        assert!(package.trim().ends_with(&named), "{package}");
        let said = Command::new("dpkg-deb").args(["-f", package.trim()]).output().unwrap();
        let said = text(&said);
        assert!(said.contains(&format!("Architecture: {architecture}\n")), "{said}");
        assert!(said.contains("Depends: libc6 (>= 2."), "{said}");
        let listed = Command::new("dpkg-deb").args(["-c", package.trim()]).output().unwrap();
        let listed = text(&listed);
        for file in ["./usr/bin/qres", "./lib/systemd/system/qres.service", "./etc/qres/qres.toml"]
        {
            assert!(listed.contains(file), "{file}: {listed}");
        }
    }
}

#[test]
fn a_package_takes_no_binary_of_another_board() {
    let upstairs = Upstairs::new();
    let other = if architecture() == "arm64" { "amd64" } else { "arm64" };
    let output = Command::new(project().join("packaging/deb.sh"))
        .args([env!("CARGO_BIN_EXE_qres"), other])
        .arg(upstairs.packages())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains(&format!("is not for {other}")), "{}", text(&output));
}
