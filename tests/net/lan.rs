//! A network made of namespaces: one switch, and machines on it that share only the disk.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

/// The longest that any single thing may take; only a failure takes so long.
const PATIENCE: Duration = Duration::from_secs(40);

/// The switch. Machines on it reach each other and nothing else.
pub struct Lan {
    namespace: Namespace,
    machines: AtomicUsize,
}

impl Lan {
    pub fn new() -> Self {
        let namespace = Namespace::new();
        namespace.ip("link add switch type bridge mcast_snooping 0");
        namespace.ip("link set switch up");
        Self { namespace, machines: AtomicUsize::new(0) }
    }

    /// A machine with a network card for each address, e.g. `10.77.0.1/24`.
    pub fn machine(&self, addresses: &[&str]) -> Machine {
        let machine = Machine { namespace: Namespace::new() };
        machine.ip("link set lo up");
        for (card, address) in addresses.iter().enumerate() {
            let port = format!("port{}", self.machines.fetch_add(1, Ordering::Relaxed));
            let name = &machine.namespace.0;
            self.namespace
                .ip(&format!("link add {port} type veth peer name eth{card} netns {name}"));
            self.namespace.ip(&format!("link set {port} master switch up"));
            machine.ip(&format!("addr add {address} dev eth{card}"));
            machine.ip(&format!("link set eth{card} up"));
        }
        machine
    }
}

/// A machine on the switch.
pub struct Machine {
    namespace: Namespace,
}

impl Machine {
    /// `ip …` about this machine, e.g. `addr add 10.77.0.9/24 dev eth0`.
    pub fn ip(&self, arguments: &str) {
        self.namespace.ip(arguments);
    }

    /// A program that will run here, deaf to the settings of whoever runs the tests.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace.0]).arg(program.as_ref());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.current_dir(std::env::temp_dir());
        command
    }

    /// What `qres discover` finds here.
    pub fn discover(&self) -> Vec<Value> {
        let mut command = self.command(env!("CARGO_BIN_EXE_qres"));
        let output = command.args(["discover", "--seconds", "1", "--json"]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        found.as_array().unwrap().clone()
    }
}

/// A namespace with a name; gone with this value.
struct Namespace(String);

impl Namespace {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("qres-{}-{count}", std::process::id());
        let output = Command::new("ip").args(["netns", "add", &name]).output();
        let made = output.as_ref().is_ok_and(|output| output.status.success());
        assert!(made, "these tests make network namespaces: run them as root, with iproute2");
        Self(name)
    }

    fn ip(&self, arguments: &str) {
        let mut command = Command::new("ip");
        let output = command.args(["-n", &self.0]).args(arguments.split(' ')).output().unwrap();
        assert!(output.status.success(), "ip {arguments}: {}", said(&output));
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["netns", "del", &self.0]).output();
    }
}

/// What a program said, for a failure.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Waits until `probe` finds something.
#[track_caller]
pub fn eventually<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        sleep(Duration::from_millis(20));
    }
}
