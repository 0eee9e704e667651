//! A control group whose memory is really bounded: version 1 or 2, whichever this machine has.

use std::fs;
use std::path::PathBuf;

/// A control group with a bound on its memory.
pub struct Cell(PathBuf);

impl Cell {
    /// One below our own; none where this machine gives none.
    pub fn new(limit: u64) -> Option<Self> {
        let (parent, file) = memory_control()?;
        let cell = Self(parent.join(format!("qres-test-{}", std::process::id())));
        fs::create_dir(&cell.0).ok()?;
        fs::write(cell.0.join(file), limit.to_string()).ok()?;
        let kept: u64 = fs::read_to_string(cell.0.join(file)).ok()?.trim().parse().ok()?;
        (kept == limit).then_some(cell)
    }

    /// Puts a process in.
    pub fn take_in(&self, pid: u32) {
        fs::write(self.0.join("cgroup.procs"), pid.to_string()).unwrap();
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// The folder of our own control group of memory, and the file of its bound: version 1 or 2.
fn memory_control() -> Option<(PathBuf, &'static str)> {
    let mounts = fs::read_to_string("/proc/mounts").ok()?;
    let mounted = |kind: &str, option: &str| {
        let found = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>()).find(|mount| {
            mount[2] == kind && (option.is_empty() || mount[3].split(',').any(|o| o == option))
        });
        found.map(|mount| PathBuf::from(mount[1]))
    };
    let own = fs::read_to_string("/proc/self/cgroup").ok()?;
    let path_of = |controller: &str| {
        let line = own.lines().map(|line| line.splitn(3, ':').collect::<Vec<_>>());
        let mut own = line.filter(|line| line[1].split(',').any(|c| c == controller));
        own.next().map(|line| line[2].trim_start_matches('/').to_owned())
    };
    if let (Some(mount), Some(path)) = (mounted("cgroup", "memory"), path_of("memory")) {
        return Some((mount.join(path), "memory.limit_in_bytes"));
    }
    let mount = mounted("cgroup2", "")?;
    // A group with processes in it gives its children no bounds; the root does.
    let offers = fs::read_to_string(mount.join("cgroup.subtree_control")).ok()?;
    offers.split_whitespace().any(|offer| offer == "memory").then_some((mount, "memory.max"))
}
