//! What the doctor looks at: whether everything that is sold has a tax that is known.

use super::store::unsure_classes;
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the classes; not at those of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    vec![match unsure_classes(&db) {
        Ok((known, unsure)) if unsure.is_empty() => {
            Check::new("taxes", true, format!("tax classes: {known}, each with a rate"))
        }
        Ok((_, unsure)) => Check::new(
            "taxes",
            false,
            format!(
                "{}: without a rate, or removed while something is still taxed so. Open Taxes on the \
                 admin's page and say how it is taxed.",
                unsure.join(", ")
            ),
        ),
        Err(error) => Check::new("taxes", false, format!("they cannot be read: {error}")),
    }]
}
