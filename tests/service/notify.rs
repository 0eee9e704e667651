//! What systemd is told, and sockets that it hands over. A stand-in speaks for it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::PATIENCE;

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
