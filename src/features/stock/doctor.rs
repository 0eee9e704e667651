//! What the doctor looks at: whether goods stand where their moves brought them.

use super::ledger::check_ledger;
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the ledger; not at that of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    vec![match check_ledger(&db) {
        Ok(wrong) => of_goods(&wrong),
        Err(error) => Check::new("stock", false, format!("it cannot be compared: {error}")),
    }]
}

fn of_goods(wrong: &[i64]) -> Check {
    if wrong.is_empty() {
        return Check::new("stock", true, "each good stands where its moves brought it");
    }
    let which: Vec<_> = wrong.iter().map(ToString::to_string).collect();
    let which = which.join(", ");
    let detail = format!(
        "goods {which} do not stand where their moves brought them. Count them before you rely on \
         what is said of them."
    );
    Check::new("stock", false, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        assert!(of_goods(&[]).ok);
        let check = of_goods(&[3, 7]);
        assert!(!check.ok && check.detail.contains("goods 3, 7"), "{}", check.detail);
    }
}
