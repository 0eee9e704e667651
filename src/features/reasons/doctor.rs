//! What the doctor looks at: whether a reason is offered wherever one is asked for.

use super::{ReasonKind, store};
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the reasons; not at those of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    let reasons = match store::list(&db, None) {
        Ok(reasons) => reasons,
        Err(error) => {
            return vec![Check::new("reasons", false, format!("they cannot be read: {error}"))];
        }
    };
    let is_there = |kind: &&ReasonKind| reasons.iter().any(|reason| reason.kind == **kind);
    let missing: Vec<_> = ReasonKind::ALL.iter().filter(|kind| !is_there(kind)).collect();
    if missing.is_empty() {
        return vec![Check::new("reasons", true, format!("reasons: {}", reasons.len()))];
    }
    let missing = missing.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    let detail = format!("none is offered for {missing}: staff write their own words each time");
    vec![Check::note("reasons", detail)]
}
