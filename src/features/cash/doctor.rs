//! What the doctor looks at: whether closed shifts are what their payments and moves come to.

use super::report_store::check_shifts;
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// So many of the last closed shifts are compared.
const COMPARED: usize = 100;

/// Looks at the shifts; not at those of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    vec![match check_shifts(&db, COMPARED) {
        Ok(wrong) => of_shifts(&wrong),
        Err(error) => Check::new("cash shifts", false, format!("they cannot be compared: {error}")),
    }]
}

fn of_shifts(wrong: &[i64]) -> Check {
    if wrong.is_empty() {
        return Check::new("cash shifts", true, "each is what its payments and moves come to");
    }
    let which: Vec<_> = wrong.iter().map(ToString::to_string).collect();
    let which = which.join(", ");
    let detail = format!(
        "shifts {which} are not what their payments and moves come to. Keep the drawer's papers, and \
         have somebody look before they are booked."
    );
    Check::new("cash shifts", false, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        assert!(of_shifts(&[]).ok);
        let check = of_shifts(&[3, 7]);
        assert!(!check.ok && check.detail.contains("shifts 3, 7"), "{}", check.detail);
    }
}
