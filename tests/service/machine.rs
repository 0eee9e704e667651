//! Copies of this machine that are thrown away: one that runs a script, and one that boots systemd.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{PATIENCE, project, text};

/// What lies over this machine's disk: all that is written goes to memory.
const OVERLAY: &str = "set -e\n\
    mount -t tmpfs upstairs $0\n\
    mkdir $0/new $0/work $0/root\n\
    mount -t overlay upstairs -o lowerdir=/,upperdir=$0/new,workdir=$0/work $0/root\n\
    mount -t tmpfs run $0/root/run\n\
    mkdir -p $0/root/mnt/packages\n\
    mount --bind \"$1\" $0/root/mnt/packages\n\
    echo force-unsafe-io > $0/root/etc/dpkg/dpkg.cfg.d/fast\n";

/// The machine with a second floor: all that is written here is gone with it.
pub struct Upstairs {
    folder: TempDir,
}

impl Upstairs {
    pub fn new() -> Self {
        let upstairs = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(upstairs.packages()).unwrap();
        upstairs
    }

    /// Runs a script as root of a copy of this machine that is thrown away, without a network.
    pub fn run(&self, script: &str) -> Output {
        let inside = format!(
            "{OVERLAY}mount --bind /proc $0/root/proc\nexec chroot $0/root /bin/sh -ec \"$2\""
        );
        Command::new("unshare")
            .args(["--mount", "--net", "--ipc", "sh", "-c", &inside])
            .arg(self.folder.path())
            .arg(self.packages())
            .arg(script)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .output()
            .unwrap()
    }

    pub fn packages(&self) -> PathBuf {
        self.folder.path().with_extension("packages")
    }

    /// Makes a package of this program, said to be of this version.
    pub fn package(&self, version: &str) {
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
    pub fn binary(&self) -> PathBuf {
        let small = self.packages().join("qres");
        if !small.exists() {
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

pub fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        _ => "armhf",
    }
}

/// A copy of this machine on which systemd is the first process, as in a container: with its own
/// processes, network and control groups. It is gone with this value.
pub struct Booted {
    unshare: Child,
    /// Kept as long as the machine runs.
    _upstairs: Upstairs,
    groups: PathBuf,
}

impl Booted {
    pub fn start(upstairs: Upstairs) -> Self {
        let groups = control_groups().join(format!("qres-test-{}", std::process::id()));
        std::fs::create_dir_all(&groups).unwrap();
        // systemd in a container: what it needs to find is there, what is the host's is read-only.
        let inside = format!(
            "{OVERLAY}\
             cd $0/root\n\
             mount -t proc proc proc\n\
             mount --bind proc/sys proc/sys && mount -o remount,bind,ro proc/sys\n\
             mount -t sysfs -o ro sysfs sys\n\
             mount -t cgroup2 cgroup2 sys/fs/cgroup\n\
             mount -t tmpfs tmp tmp\n\
             mount -t tmpfs -o mode=755 dev dev\n\
             for node in null zero full random urandom tty; do\n\
               touch dev/$node && mount --bind /dev/$node dev/$node\n\
             done\n\
             mkdir dev/shm dev/pts && ln -s /proc/self/fd dev/fd && ln -s pts/ptmx dev/ptmx\n\
             mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts\n\
             rm -rf etc/systemd/system/* usr/sbin/policy-rc.d && : > etc/fstab\n\
             tr -d - < /proc/sys/kernel/random/uuid > etc/machine-id\n\
             ip link set lo up\n\
             mkdir -p old && pivot_root . old && umount -l /old\n\
             exec env -i container=qres PATH=/usr/sbin:/usr/bin:/sbin:/bin \
               /lib/systemd/systemd --system --unit=basic.target"
        );
        let unshare = Command::new("sh")
            .arg("-c")
            .arg(
                "echo $$ > \"$0/cgroup.procs\" && shift && exec unshare --mount --pid --net --ipc \
                 --uts --cgroup --fork --kill-child sh -c \"$@\"",
            )
            .arg(&groups)
            .arg("")
            .arg(inside)
            .arg(upstairs.folder.path())
            .arg(upstairs.packages())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("unshare is there");
        let booted = Self { unshare, _upstairs: upstairs, groups };
        booted.eventually("systemd is up", "systemctl list-units --no-pager");
        booted
    }

    /// The first process of the machine, as this machine numbers it.
    fn first(&self) -> Option<String> {
        let pid = self.unshare.id();
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
        children.split_whitespace().next().map(str::to_owned)
    }

    /// A shell script on the machine.
    pub fn command(&self, script: &str) -> Command {
        let first = self.first().unwrap_or_default();
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &first, "--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup"])
            .args(["--root", "--wd", "bash", "-c", script])
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    }

    /// Runs a script that must go well; returns what it said.
    #[track_caller]
    pub fn run(&self, script: &str) -> String {
        let output = self.command(&format!("set -e\n{script}")).output().unwrap();
        if !output.status.success() {
            let log = "systemctl status --no-pager qres.service qres.socket; journalctl --no-pager \
                       -n 60";
            let log = text(&self.command(log).output().unwrap());
            panic!("{script}: {}\n{log}", text(&output));
        }
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Waits until a script goes well.
    #[track_caller]
    pub fn eventually(&self, what: &str, script: &str) {
        let began = Instant::now();
        loop {
            let output = self.command(script).output().unwrap();
            if output.status.success() {
                return;
            }
            if began.elapsed() > PATIENCE {
                let log = text(&self.command("journalctl --no-pager -n 60").output().unwrap());
                panic!("waited in vain: {what}: {}\n{log}", text(&output));
            }
            sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Booted {
    fn drop(&mut self) {
        // The first process goes with it, and all others with that.
        let _ = self.unshare.kill();
        let _ = self.unshare.wait();
        let tidy = "for i in 1 2 3 4 5; do find \"$0\" -depth -type d -exec rmdir {} + 2>/dev/null; \
                    [ -e \"$0\" ] || exit 0; sleep 0.2; done";
        let _ = Command::new("sh").args(["-c", tidy]).arg(&self.groups).status();
    }
}

/// Where control groups of the second version are.
fn control_groups() -> PathBuf {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap();
    let mut mounts = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let found = mounts.find(|fields| fields.get(2) == Some(&"cgroup2"));
    PathBuf::from(found.expect("control groups of the second version are mounted")[1])
}
