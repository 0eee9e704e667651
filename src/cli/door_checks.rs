//! What `qres doctor` sees of the machine's own doors: modes of files, and ports. And what no program
//! can see, so that a person looks.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// What is asked of whoever reads it.
pub(super) const UNSEEN: [&str; 6] = [
    "Is the box where no guest can take it or its card out?",
    "Do guests have a Wi-Fi of their own, or at least another password than the router's settings?",
    "Is a copy of the backups kept in another house, and was one restored once?",
    "Does everybody have an account of his own, and are those who left switched off?",
    "Do several people know how to reach an admin's account?",
    "Does the router let nobody in from the internet?",
];

/// How long a port is waited for.
const PATIENCE: Duration = Duration::from_millis(500);

/// What can be checked of the door on the machine itself.
pub(super) fn of_door(settings: &Settings) -> Vec<Check> {
    let mut checks = vec![of_modes(&settings.data_dir)];
    checks.extend(of_ports(settings));
    checks
}

/// Keys and data are the box's alone.
fn of_modes(folder: &Path) -> Check {
    let mode = |path: &Path| fs::metadata(path).map(|file| file.permissions().mode() & 0o777).ok();
    let Some(of_folder) = mode(folder) else {
        return Check::note("modes", "there is no data folder yet");
    };
    let files =
        ["secrets", "tls"].into_iter().filter_map(|name| fs::read_dir(folder.join(name)).ok());
    let mut open: Vec<_> = files
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| mode(path).is_some_and(|mode| mode & 0o077 != 0))
        .collect();
    if of_folder & 0o077 != 0 {
        open.push(folder.to_owned());
    }
    match open.first() {
        None => Check::new("modes", true, "data and keys are readable by the box alone"),
        Some(path) => {
            let path = path.display();
            let detail = format!("others on this machine can read {path}: chmod go= {path}");
            Check::new("modes", false, detail)
        }
    }
}

/// Whether the box answers, and what else of this machine can be reached from the Wi-Fi.
fn of_ports(settings: &Settings) -> Vec<Check> {
    let own: Vec<_> = [Some(settings.listen), settings.tls_listen].into_iter().flatten().collect();
    let answers = |address: &SocketAddr| {
        let ip =
            if address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { address.ip() };
        TcpStream::connect_timeout(&SocketAddr::new(ip, address.port()), PATIENCE).is_ok()
    };
    let silent = own.iter().find(|address| !answers(address));
    let box_answers = match silent {
        None => Check::new("ports", true, "the box answers where it should"),
        Some(address) => {
            Check::note("ports", format!("nothing answers on {address}: is the box running?"))
        }
    };
    let own: Vec<_> = own.iter().map(SocketAddr::port).collect();
    let mut others: Vec<_> = listening()
        .into_iter()
        .filter(|port| !own.contains(port))
        .map(|port| port.to_string())
        .collect();
    others.dedup();
    let others = (!others.is_empty()).then(|| {
        let detail = format!(
            "other programs of this machine listen to the network on {}",
            others.join(", ")
        );
        Check::note("ports", detail)
    });
    [Some(box_answers), others].into_iter().flatten().collect()
}

/// The ports on which something listens for other machines.
fn listening() -> Vec<u16> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(fs::read_to_string);
    let mut ports: Vec<_> =
        tables.iter().flatten().flat_map(|table| table.lines()).filter_map(listens).collect();
    ports.sort_unstable();
    ports
}

/// The port of a line such as `0: 0100007F:1F40 00000000:0000 0A …`, where it is open to others.
fn listens(line: &str) -> Option<u16> {
    let mut words = line.split_whitespace().skip(1);
    let (address, port) = words.next()?.split_once(':')?;
    let is_listening = words.nth(1)? == "0A";
    let is_own = match address.len() {
        8 => Ipv4Addr::from_bits(u32::from_str_radix(address, 16).ok()?.swap_bytes()).is_loopback(),
        _ => IpAddr::from(address_of(address)?).is_loopback(),
    };
    (is_listening && !is_own).then(|| u16::from_str_radix(port, 16).ok()).flatten()
}

/// An IPv6 address as the kernel writes it: four words, each turned round.
fn address_of(text: &str) -> Option<[u16; 8]> {
    let bits = u128::from_str_radix(text, 16).ok()?;
    let words = bits.to_be_bytes();
    let mut bytes = [0; 16];
    for (turned, word) in bytes.chunks_exact_mut(4).zip(words.chunks_exact(4)) {
        turned.copy_from_slice(word);
        turned.reverse();
    }
    Some(std::net::Ipv6Addr::from(bytes).segments())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_that_others_reach_are_told_from_those_that_they_do_not() {
        for (line, port) in [
            ("  0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:0", Some(8000)),
            ("  1: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:0", None),
            ("  2: 1401A8C0:0016 00000000:0000 0A 00000000:00000000 00:0", Some(22)),
            ("  3: 1401A8C0:0016 4201A8C0:D431 01 00000000:00000000 00:0", None),
            ("  0: 00000000000000000000000001000000:0277 0:0 0A 0", None),
            ("  0: 00000000000000000000000000000000:0050 0:0 0A 0", Some(80)),
            ("  sl  local_address rem_address   st tx_queue", None),
        ] {
            assert_eq!(listens(line), port, "{line}");
        }
    }

    #[test]
    fn keys_that_others_can_read_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        set(folder.path(), 0o700);
        let secrets = folder.path().join("secrets");
        fs::create_dir(&secrets).unwrap();
        let key = secrets.join("token.key");
        fs::write(&key, "key").unwrap();
        set(&key, 0o600);
        assert!(of_modes(folder.path()).ok);
        set(&key, 0o640);
        assert!(!of_modes(folder.path()).ok);
        set(&key, 0o600);
        set(folder.path(), 0o755);
        assert!(!of_modes(folder.path()).ok);
    }
}
