//! What runs on the machines: a box, and Avahi, which knows nothing of our code.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::lan::{Machine, eventually, said};

/// A program that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const PASSWORD: &str = "correct horse battery";

/// `qres serve` with an empty restaurant.
pub struct Box {
    process: Running,
    folder: TempDir,
}

impl Box {
    pub fn start(machine: &Machine, restaurant: &str) -> Self {
        Self::start_with(machine, restaurant, &[])
    }

    /// With settings, e.g. `("QRES_MDNS", "false")`.
    pub fn start_with(machine: &Machine, restaurant: &str, settings: &[(&str, &str)]) -> Self {
        Self::in_folder(machine, restaurant, settings, tempfile::tempdir().unwrap())
    }

    /// With an admin.
    pub fn start_owned(machine: &Machine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = machine.command(env!("CARGO_BIN_EXE_qres"));
        command.args(["admin", "create", "--username", "admin", "--password-stdin"]);
        command.env("QRES_DATA_DIR", folder.path().join("data"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(child.wait().unwrap().success());
        Self::in_folder(machine, "Anna", &[("QRES_HTTP_STAFF", "true")], folder)
    }

    /// The reply to what the admin of the box on a machine asks there.
    pub fn asked_on(machine: &Machine, path: &str) -> Value {
        let post = |path: &str, token: &str, body: &Value| {
            let mut command = machine.command("curl");
            command.args(["-sS", "--fail-with-body", "-H", "Content-Type: application/json"]);
            command.args([
                "-H",
                &format!("Authorization: Bearer {token}"),
                "-d",
                &body.to_string(),
            ]);
            let output = command.arg(format!("http://127.0.0.1:8000{path}")).output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout);
            output.status.success().then(|| serde_json::from_str::<Value>(&text).unwrap())
        };
        let sign_in = json!({"username": "admin", "password": PASSWORD});
        let signed_in = eventually("a sign-in", || post("/auth/login", "", &sign_in));
        let token = signed_in["access_token"].as_str().unwrap();
        eventually(path, || post(path, token, &json!({})))
    }

    fn in_folder(
        machine: &Machine,
        restaurant: &str,
        settings: &[(&str, &str)],
        folder: TempDir,
    ) -> Self {
        let log = File::create(folder.path().join("log")).unwrap();
        let mut command = machine.command(env!("CARGO_BIN_EXE_qres"));
        command
            .arg("serve")
            .env("QRES_DATA_DIR", folder.path().join("data"))
            .env("RESTAURANT_NAME", restaurant)
            .envs(settings.iter().copied())
            .stderr(log);
        Self { process: Running(command.spawn().unwrap()), folder }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Asks it to stop, as a service manager does, and waits until it has.
    pub fn stop(&mut self) {
        let pid = self.process.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let status = eventually("the box stops", || self.process.0.try_wait().unwrap());
        assert!(status.success(), "{status}: {}", self.log());
    }
}

impl Drop for Box {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

const BUS: &str = "<busconfig><listen>unix:path=SOCKET</listen><auth>EXTERNAL</auth>\
    <policy context=\"default\"><allow send_destination=\"*\"/><allow receive_sender=\"*\"/>\
    <allow own=\"*\"/></policy></busconfig>";

/// Avahi on a machine, with a message bus of its own.
pub struct Avahi {
    _bus: Running,
    _daemon: Running,
    address: String,
    _folder: TempDir,
}

impl Avahi {
    /// One that only listens.
    pub fn start(machine: &Machine) -> Self {
        Self::start_with(machine, "[publish]\ndisable-publishing=yes\n")
    }

    /// One that tells the network that its machine is called `name`.local.
    pub fn named(machine: &Machine, name: &str) -> Self {
        Self::start_with(machine, &format!("[server]\nhost-name={name}\n"))
    }

    fn start_with(machine: &Machine, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (socket, bus_file, settings_file) = (path("bus"), path("bus.xml"), path("avahi.conf"));
        std::fs::write(&bus_file, BUS.replace("SOCKET", &socket)).unwrap();
        std::fs::write(&settings_file, settings).unwrap();
        let address = format!("unix:path={socket}");

        let bus = machine
            .command("dbus-daemon")
            .args([&format!("--config-file={bus_file}"), "--nofork", "--nopidfile"])
            .stderr(Stdio::null())
            .spawn();
        let bus = Running(bus.expect("dbus-daemon is there"));
        eventually("the bus", || Path::new(&socket).exists().then_some(()));
        // Its /run is its own, so that it meets no other Avahi.
        let start = "mount -t tmpfs tmpfs /run && exec avahi-daemon --no-drop-root --no-chroot \
                     --no-rlimits -f \"$0\"";
        let daemon = machine
            .command("unshare")
            .args(["-m", "sh", "-c", start, &settings_file])
            .env("DBUS_SYSTEM_BUS_ADDRESS", &address)
            .stderr(Stdio::null())
            .spawn();
        let daemon = Running(daemon.expect("avahi-daemon is there"));
        let avahi = Self { _bus: bus, _daemon: daemon, address, _folder: folder };
        eventually("Avahi", || {
            let output = avahi.command("avahi-browse", &["-tp", "_qres._tcp"]).output().unwrap();
            output.status.success().then_some(())
        });
        avahi
    }

    /// Tells the network of a service until what is returned ends.
    pub fn publish(&self, machine: &Machine, name: &str, kind: &str, port: u16) -> impl Drop {
        let mut command = machine.command("avahi-publish-service");
        command.args([name, kind, &port.to_string()]);
        command.env("DBUS_SYSTEM_BUS_ADDRESS", &self.address).stderr(Stdio::null());
        Running(command.spawn().unwrap())
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).env("DBUS_SYSTEM_BUS_ADDRESS", &self.address);
        command
    }

    /// The services of a kind, one `=;…` line of avahi-browse each.
    pub fn browse(&self, kind: &str) -> Vec<String> {
        self.lines("-tpr", kind, '=')
    }

    /// The names of the services of a kind. Avahi keeps each for 75 minutes, or until its goodbye.
    pub fn names(&self, kind: &str) -> BTreeSet<String> {
        let lines = self.lines("-tp", kind, '+');
        lines.iter().map(|line| line.split(';').nth(3).unwrap().to_owned()).collect()
    }

    fn lines(&self, how: &str, kind: &str, beginning: char) -> Vec<String> {
        let output = self.command("avahi-browse", &[how, kind]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|line| line.starts_with(beginning)).map(str::to_owned).collect()
    }

    /// The IPv4 address behind a name such as `qres.local`.
    pub fn resolve(&self, name: &str) -> Option<String> {
        let output = self.command("avahi-resolve", &["-4n", name]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_whitespace().nth(1).map(str::to_owned)
    }
}
