//! What the doctor looks at: whether browsers trust the certificate.

use super::cert_manager::is_own_good;
use super::owners::{Files, Good};
use crate::core::clock;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the certificate.
pub(super) fn certificate(settings: &Settings) -> Check {
    let new = |ok, detail: &str| Check::new("tls", ok, detail);
    if settings.tls_listen.is_none() {
        let detail = match settings.trusted_proxies.as_slice() {
            [] => "HTTPS is off: staff can work on the box itself only",
            _ => "HTTPS is what the proxy in front serves; look at its certificate there",
        };
        return Check::note("tls", detail);
    }
    let now = clock::now();
    let Some(files) = Files::of(settings) else {
        return match is_own_good(&settings.data_dir, now) {
            None => Check::note("tls", "the box makes its own certificate at its first start"),
            Some(true) => new(true, "the box's own certificate is good, and is renewed by the box"),
            Some(false) => new(
                false,
                "the box's own certificate is old; is the clock right? A start renews it",
            ),
        };
    };
    match (files.look(now), settings.hsts) {
        (Err(error), _) => Check::new("tls", false, error.to_string()),
        (Ok(Good::Everywhere), _) => {
            new(true, "every browser trusts the certificate for two weeks and more")
        }
        (Ok(Good::Ending), _) => new(false, "the certificate ends within two weeks: renew it"),
        (Ok(Good::Nowhere), true) => {
            new(false, "hsts is on, but browsers do not trust the certificate now: it is not sent")
        }
        (Ok(Good::Nowhere), false) => Check::note(
            "tls",
            "no public authority stands behind the certificate now; its end cannot be seen here",
        ),
    }
}
