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
