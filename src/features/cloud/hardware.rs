//! What tells this machine from another that runs a copy of its card: the board's serial number,
//! else the addresses of its network cards.

use std::fs;

use aws_lc_rs::digest::{SHA256, digest};

use crate::core::kernel::hex;
use crate::platform::config::Settings;

const SERIALS: [&str; 2] = ["/proc/device-tree/serial-number", "/sys/class/dmi/id/product_uuid"];

/// Sixteen hexadecimal digits that stay the same on this machine.
pub(super) fn id(settings: &Settings) -> String {
    let known = settings.cloud.hardware.clone().or_else(serial).unwrap_or_else(addresses);
    let hash = digest(&SHA256, known.as_bytes());
    hex(&hash.as_ref()[..8])
}

fn serial() -> Option<String> {
    let mut found = SERIALS.iter().filter_map(|path| fs::read_to_string(path).ok());
    found.find(|text| !text.trim_matches(['\0', '\n', ' ', '0']).is_empty())
}

fn addresses() -> String {
    let cards = fs::read_dir("/sys/class/net").into_iter().flatten().flatten();
    let mut found: Vec<String> = cards
        .filter(|card| card.path().join("device").exists())
        .filter_map(|card| fs::read_to_string(card.path().join("address")).ok())
        .collect();
    found.sort();
    found.concat()
}
