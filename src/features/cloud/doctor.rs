//! What the doctor looks at: whether a copy goes to the cloud.

use super::store::current_error;
use crate::core::store::open_for_look;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Troubles that pass by themselves.
const AWAY: [&str; 4] = ["cloud_unreachable", "cloud_silent", "cloud_busy", "box_busy"];

/// Looks at the copy.
pub(super) fn copy(settings: &Settings) -> Check {
    match settings.cloud.check() {
        Ok(Some(_)) => match last_trouble(settings) {
            // A restaurant without internet is well.
            Some((code, words)) if AWAY.contains(&code.as_str()) => Check::note("cloud", words),
            Some((_, words)) => Check::new("cloud", false, words),
            None => Check::new(
                "cloud",
                true,
                "a copy goes to the cloud; `qres cloud status` says how far",
            ),
        },
        Ok(None) => Check::note("cloud", "no copy goes to the cloud: backups are the only ones"),
        Err(reason) => Check::new("cloud", false, reason),
    }
}

/// What the box noted last of its cloud. A database that cannot be read is told of elsewhere.
fn last_trouble(settings: &Settings) -> Option<(String, String)> {
    let db = open_for_look(&settings.data_dir).ok()?;
    current_error(&db).ok()?
}
