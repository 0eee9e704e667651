//! All of it under a real systemd: the package is installed on a machine that boots, and lives
//! through what a service has to live through. Needs root.

use std::io::Read;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::machine::{Booted, Upstairs, architecture};

/// Asks for the box's health again and again until a file says that it is enough; prints the status
/// line of each answer, and what went wrong.
const GUEST: &str = r#"
while [ ! -e /run/enough ]; do
  if exec 3<>/dev/tcp/127.0.0.1/80; then
    printf 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    read -r line <&3 || line="no answer"
    exec 3>&-
    echo "${line%$'\r'}"
  else
    echo refused
  fi
done"#;

/// Takes the lock that who writes to the database has to take (WAL_WRITE_LOCK, byte 120), and keeps
/// it: nothing can be committed. SQLite itself would not open a file through another's root.
const HOLD_THE_DATABASE: &str = r#"echo $$ > /run/holder; exec perl -e '
  open F, "+<", "/var/lib/qres/qres.db-shm" or die;
  my $lock = pack("s s x4 q q i x4", 1, 0, 120, 1, 0);
  fcntl(F, 7, $lock) or die "not locked: $!";
  sleep 60'"#;

/// Guests who ask all the time.
struct Guests(Vec<Child>);

impl Guests {
    fn come(machine: &Booted) -> Self {
        machine.run("rm -f /run/enough");
        let guest = || machine.command(GUEST).stdout(Stdio::piped()).spawn().unwrap();
        Self((0..3).map(|_| guest()).collect())
    }

    /// They have enough; each of their requests must have been answered.
    fn leave(self, machine: &Booted) {
        machine.run("touch /run/enough");
        let mut answers = 0;
        for mut guest in self.0 {
            let mut said = String::new();
            guest.stdout.take().unwrap().read_to_string(&mut said).unwrap();
            guest.wait().unwrap();
            let failed = said.lines().find(|line| *line != "HTTP/1.1 200 OK");
            assert_eq!(failed, None, "a request was dropped");
            answers += said.lines().count();
        }
        assert!(answers > 30, "only {answers} requests were made");
    }
}

#[test]
fn the_service_lives_under_systemd() {
    let upstairs = Upstairs::new();
    for version in ["0.9.0", "0.9.1"] {
        upstairs.package(version);
    }
    let machine = Booted::start(upstairs);
    // The dog of the package is patient; this one bites soon.
    machine.run(
        "mkdir -p /etc/systemd/system/qres.service.d
         printf '[Service]\\nWatchdogSec=3\\n' > /etc/systemd/system/qres.service.d/test.conf",
    );
    let install = |version| format!("dpkg -i /mnt/packages/qres_{version}_{}.deb", architecture());
    machine.run(&install("0.9.0"));
    machine.eventually("it serves", "systemctl is-active qres.service");
    is_at_home(&machine);

    let guests = Guests::come(&machine);
    machine.run("systemctl restart qres.service");
    machine.run(&install("0.9.1"));
    machine.eventually("it serves", "systemctl is-active qres.service");
    guests.leave(&machine);

    comes_back(&machine);
    makes_backups(&machine);
    stops(&machine);
    machine.run("dpkg -P qres && ! systemctl cat qres.service && test ! -e /var/log/qres");
}

/// It runs as systemd was told: ready, by itself, in its own folders, with its ports.
fn is_at_home(machine: &Booted) {
    let shown = machine.run(
        "systemctl show qres.service -p StatusText -p User -p NoNewPrivileges -p WatchdogUSec",
    );
    for line in ["StatusText=serving", "User=qres", "NoNewPrivileges=yes", "WatchdogUSec=3s"] {
        assert!(shown.lines().any(|said| said == line), "{line}: {shown}");
    }
    let folders = "stat -c '%U %a' /var/lib/qres /var/log/qres /var/lib/qres/qres.db";
    assert_eq!(
        machine.run(folders).lines().collect::<Vec<_>>(),
        ["qres 700", "qres 700", "qres 600"]
    );
    let rights = machine.run("grep CapEff /proc/$(systemctl show qres -P MainPID)/status");
    assert!(rights.ends_with("0000000000000400"), "only the low ports: {rights}");
    // The seventeenth field after the thread's name.
    let nice = |of: &str| {
        let pid = "$(systemctl show qres -P MainPID)";
        let read = format!("cat /proc/{pid}/task/*/stat | grep -F '({of})' | sed 's/.*) //'");
        machine.run(&format!("{read} | cut -d' ' -f17 | sort -u")).parse::<i32>().unwrap()
    };
    assert_eq!(nice("qres-hash"), nice("qres-writer") + 5, "who signs in goes behind orders");
    machine.run("for port in 80 443; do (exec 3<>/dev/tcp/127.0.0.1/$port); done");
    machine.run("journalctl --no-pager -u qres.service | grep -q 'open'");
    machine
        .run("systemctl is-active qres.socket qres-tls.socket qres-backup.timer qres-tidy.timer");
    assert_eq!(machine.run("systemctl list-units --failed --no-legend --plain 'qres*'"), "");
}

/// Killed, or hung: systemd starts it anew.
fn comes_back(machine: &Booted) {
    let restarts =
        || machine.run("systemctl show qres.service -P NRestarts").parse::<u32>().unwrap();
    machine.run("systemctl kill -s KILL qres.service");
    machine.eventually("it comes back", "[ $(systemctl show qres.service -P NRestarts) = 1 ]");
    machine.eventually("it serves", "systemctl is-active qres.service");

    let mut holder = machine.command(HOLD_THE_DATABASE).spawn().unwrap();
    machine.eventually(
        "nothing is committed, so the dog bites",
        "[ $(systemctl show qres.service -P NRestarts) -gt 1 ]",
    );
    machine.run("kill $(cat /run/holder)");
    holder.wait().unwrap();
    machine.run("journalctl --no-pager -u qres.service | grep -qi 'watchdog timeout'");
    machine.eventually("it serves", "systemctl is-active qres.service");
    assert!(restarts() >= 2);
}

/// What the timers start, shut in as it is: a backup on the card and on a stick.
fn makes_backups(machine: &Booted) {
    machine.run("mkdir -p /media/stick && mount -t tmpfs -o mode=777 stick /media/stick");
    machine.run("systemctl start qres-backup.service");
    for folder in ["/var/lib/qres/backups", "/media/stick/QRes"] {
        assert!(machine.run(&format!("ls {folder}")).contains(".tar.zst"), "{folder}");
    }
    machine.run("systemctl start qres-tidy.service");
    let timers = machine.run("systemctl list-timers --all --no-pager --no-legend 'qres-*'");
    assert_eq!(timers.lines().filter(|line| !line.starts_with('-')).count(), 2, "{timers}");
}

fn stops(machine: &Booted) {
    let asked = Instant::now();
    machine.run("systemctl stop qres.socket qres-tls.socket qres.service");
    assert!(asked.elapsed() < Duration::from_secs(5), "it took {:?}", asked.elapsed());
    assert_eq!(machine.run("systemctl show qres.service -P Result"), "success");
    machine.run("journalctl --no-pager -u qres.service | grep -q 'stopped'");
}
