//! What `qres doctor` says of payments over the wire.

use super::store;
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

const NAME: &str = "online payments";

/// Whether something of them needs somebody.
pub fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    let (Ok(late), Ok(refused)) = (store::late(&db), store::refused(&db)) else {
        return vec![Check::new(NAME, false, "they cannot be read")];
    };
    if late.is_empty() && refused.is_empty() {
        return vec![Check::new(NAME, true, "none needs somebody")];
    }
    let detail = format!(
        "{} payments came too late and are to be given back; {} were refused to go back. Look at Online \
         payments in the admin's app.",
        late.len(),
        refused.len()
    );
    vec![Check::new(NAME, false, detail)]
}
