//! The box as a service: what systemd is told, sockets that it hands over, its units, and the
//! package that installs them. A stand-in speaks for systemd, which does not run here; the units'
//! real boot is proven with the card image.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The longest that any single thing may take; only a failure takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

/// `qres serve` as a service manager starts it: with a socket to be told things.
struct Service {
    child: Child,
    told: UnixDatagram,
}

impl Service {
    fn start(folder: &TempDir, change: impl FnOnce(&mut Command)) -> Self {
        Self::run(folder, Command::new(env!("CARGO_BIN_EXE_qres")), &["serve"], change)
    }

    fn run(
        folder: &TempDir,
        mut command: Command,
        arguments: &[&str],
        change: impl FnOnce(&mut Command),
    ) -> Self {
        let socket = folder.path().join("notify");
        let _ = std::fs::remove_file(&socket);
        let told = UnixDatagram::bind(&socket).unwrap();
        told.set_read_timeout(Some(PATIENCE)).unwrap();
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("QRES_DATA_DIR", folder.path().join("data"))
            .env("QRES_MDNS", "false")
            .env("QRES_TLS_LISTEN", "off")
            .env("QRES_LISTEN", "127.0.0.1:0")
            .env("NOTIFY_SOCKET", &socket)
            .current_dir(folder.path())
            .stderr(Stdio::null());
        change(&mut command);
        Self { child: command.spawn().unwrap(), told }
    }

    /// What it tells next.
    fn hear(&self) -> std::io::Result<String> {
        let mut buffer = [0; 1024];
        let length = self.told.recv(&mut buffer)?;
        Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
    }

    #[track_caller]
    fn hear_of(&self, word: &str) {
        let began = Instant::now();
        while !self.hear().unwrap().lines().any(|line| line == word) {
            assert!(began.elapsed() < PATIENCE, "{word} is not told");
        }
    }

    fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    fn ended(&mut self) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn systemd_hears_that_it_is_ready_well_and_stopping() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(&folder, |command| {
        command.env("WATCHDOG_USEC", "600000");
    });
    let first = service.hear().unwrap();
    assert!(first.contains("READY=1"), "{first}");
    assert!(folder.path().join("data/qres.db").exists(), "the database is there by then");
    service.hear_of("WATCHDOG=1");
    service.hear_of("WATCHDOG=1");

    // Somebody holds the database, so that nothing can be committed: the dog gets no food.
    let db = rusqlite::Connection::open(folder.path().join("data/qres.db")).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    service.told.set_read_timeout(Some(Duration::from_millis(1500))).unwrap();
    let began = Instant::now();
    // What was on its way may still come; then there is silence, past every deadline.
    while service.hear().is_ok() {
        assert!(began.elapsed() < PATIENCE, "it is fed though nothing is committed");
    }
    db.execute_batch("COMMIT").unwrap();
    service.told.set_read_timeout(Some(PATIENCE)).unwrap();
    service.hear_of("WATCHDOG=1");

    let asked = Instant::now();
    service.terminate();
    service.hear_of("STOPPING=1");
    assert_eq!(service.ended(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(5), "it took {:?}", asked.elapsed());
}

/// As systemd hands a socket over: as file 3, with the process's own number in the environment.
fn with_socket(folder: &TempDir, listener: &TcpListener) -> Service {
    let listener = listener.try_clone().unwrap();
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "LISTEN_PID=$$ exec \"$0\" serve 3<&0 </dev/null",
        env!("CARGO_BIN_EXE_qres"),
    ]);
    Service::run(folder, shell, &[], |command| {
        command
            .env("LISTEN_FDS", "1")
            .env("LISTEN_FDNAMES", "http")
            .stdin(std::os::fd::OwnedFd::from(listener));
    })
}

fn get_health(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    Ok(reply)
}

#[test]
fn a_restart_behind_a_socket_drops_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut service = with_socket(&folder, &listener);
    service.hear_of("READY=1");

    let is_over = AtomicBool::new(false);
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let guests: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        let reply = get_health(port).expect("nobody is turned away");
                        assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for _ in 0..3 {
            // Guests are in the middle of it when the signal comes.
            let before = answered.load(Ordering::Relaxed);
            while answered.load(Ordering::Relaxed) < before + 20 && !guests[0].is_finished() {
                sleep(Duration::from_millis(1));
            }
            service.terminate();
            assert_eq!(service.ended(), Some(0));
            service = with_socket(&folder, &listener);
            service.hear_of("READY=1");
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(answered.load(Ordering::Relaxed) >= 60);
}

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

    for service in ["qres.service", "qres-backup.service", "qres-tidy.service"] {
        let rated = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--no-pager", "--threshold=20"])
            .arg(units.join(service))
            .output()
            .unwrap();
        let said = text(&rated);
        println!("{}", said.lines().last().unwrap_or_default());
        assert!(rated.status.success(), "{service} is exposed to more than 2.0: {said}");
    }
}

/// The machine with a second floor: all that is written here is gone with it.
struct Upstairs {
    folder: TempDir,
}

impl Upstairs {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Runs a script as root of a copy of this machine that is thrown away, without a network.
    fn run(&self, script: &str) -> Output {
        let inside = format!(
            "set -e\n\
             mount -t tmpfs upstairs {0}\n\
             mkdir {0}/new {0}/work {0}/root\n\
             mount -t overlay upstairs -o lowerdir=/,upperdir={0}/new,workdir={0}/work {0}/root\n\
             mount --bind /proc {0}/root/proc\n\
             mount -t tmpfs run {0}/root/run\n\
             mkdir -p {0}/root/mnt/packages\n\
             mount --bind \"$1\" {0}/root/mnt/packages\n\
             echo force-unsafe-io > {0}/root/etc/dpkg/dpkg.cfg.d/fast
             exec chroot {0}/root /bin/sh -ec \"$2\"",
            self.folder.path().display()
        );
        let packages = self.packages();
        Command::new("unshare")
            .args(["--mount", "--net", "--ipc", "sh", "-c", &inside, "sh"])
            .arg(packages)
            .arg(script)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .output()
            .unwrap()
    }

    fn packages(&self) -> PathBuf {
        self.folder.path().with_extension("packages")
    }

    fn package(&self, version: &str) {
        let output = Command::new(project().join("packaging/deb.sh"))
            .arg(self.binary())
            .arg(architecture())
            .arg(self.packages())
            .env("QRES_DEB_VERSION", version)
            .env("QRES_DEB_PACKING", "-Znone")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }

    /// The program without what only a debugger reads: packing that takes longer than the test.
    fn binary(&self) -> PathBuf {
        let small = self.packages().join("qres");
        if !small.exists() {
            std::fs::create_dir_all(self.packages()).unwrap();
            let strip = Command::new("strip")
                .arg("-o")
                .arg(&small)
                .arg(env!("CARGO_BIN_EXE_qres"))
                .status();
            assert!(strip.unwrap().success());
        }
        small
    }
}

impl Drop for Upstairs {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.packages());
    }
}

fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        _ => "armhf",
    }
}

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
