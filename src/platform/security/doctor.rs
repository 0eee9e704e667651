//! What the doctor looks at: settings that leave the door open.

use std::net::Ipv4Addr;

use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the settings.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let open = [
        (
            settings.http_staff == Some(true),
            "http_staff is on: passwords and PINs go readable through the Wi-Fi",
        ),
        (
            settings.allowed_hosts.iter().any(|host| host.trim() == "*"),
            "allowed_hosts is *: foreign pages can call the box under a name of their own",
        ),
        (
            settings.secret_key.as_deref().is_some_and(is_from_a_guide),
            "secret_key is one from a guide: `qres secret generate` makes a good one",
        ),
        (
            settings.trusted_proxies.iter().any(|net| net.has(Ipv4Addr::new(8, 8, 8, 8).into())),
            "trusted_proxies names half of the internet: anybody can say who he is",
        ),
    ];
    let advised = [
        (settings.rate_limit_requests == 0, "rate_limit_requests is 0: nobody is limited"),
        (
            settings.pin_needs_device == Some(false),
            "a PIN signs in on any device: see pin_needs_device",
        ),
    ];
    let mut checks: Vec<_> = open
        .into_iter()
        .filter(|(is_so, _)| *is_so)
        .map(|(_, detail)| Check::new("settings", false, detail))
        .collect();
    if checks.is_empty() {
        checks.push(Check::new("settings", true, "none leaves the door open"));
    }
    let advised = advised.into_iter().filter(|(is_so, _)| *is_so);
    checks.extend(advised.map(|(_, detail)| Check::note("settings", detail)));
    checks
}

/// Words that stand in guides where a key should be.
fn is_from_a_guide(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["your-super-secret", "generate-with", "change", "example", "secret-key"]
        .iter()
        .any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_settings_are_wrong_and_usual_ones_are_not() {
        let is_well = |settings: &Settings| checks(settings).iter().all(|check| check.ok);
        assert!(is_well(&Settings::default()));
        let key = "your-super-secret-cryptographically-strong-key-256-bits-minimum";
        for open in [
            Settings { http_staff: Some(true), ..Settings::default() },
            Settings { allowed_hosts: vec!["*".into()], ..Settings::default() },
            Settings { secret_key: Some(key.into()), ..Settings::default() },
            Settings {
                trusted_proxies: vec!["0.0.0.0/0".to_owned().try_into().unwrap()],
                ..Settings::default()
            },
        ] {
            assert!(!is_well(&open));
        }
    }
}
