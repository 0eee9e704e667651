//! What the doctor looks at: whether two parties have one table at one time.

use super::integrity_store::meeting;
use crate::core::clock;
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the book of the last year and of what is to come.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    vec![match meeting(&db, clock::now()) {
        Ok(pairs) => of_book(&pairs),
        Err(error) => Check::new("reservations", false, format!("they cannot be read: {error}")),
    }]
}

fn of_book(pairs: &[(i64, i64)]) -> Check {
    if pairs.is_empty() {
        return Check::new("reservations", true, "no two parties have one table at one time");
    }
    let which: Vec<_> = pairs.iter().map(|(one, other)| format!("{one} and {other}")).collect();
    let detail = format!(
        "reservations {} have one table at one time. Give one of each another table.",
        which.join(", ")
    );
    Check::new("reservations", false, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_meets_is_named() {
        assert!(of_book(&[]).ok);
        let check = of_book(&[(3, 7), (8, 9)]);
        assert!(!check.ok && check.detail.contains("3 and 7, 8 and 9"), "{}", check.detail);
    }
}
