//! What the doctor looks at: whether goods stand where their moves brought them.

use super::ledger::{being_counted, check_ledger};
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the ledger; not at that of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    let looked_at = check_ledger(&db).and_then(|wrong| Ok((wrong, being_counted(&db)?)));
    vec![match looked_at {
        Ok((wrong, counting)) => of_goods(&wrong, counting),
        Err(error) => Check::new("stock", false, format!("it cannot be compared: {error}")),
    }]
}

fn of_goods(wrong: &[i64], counting: i64) -> Check {
    if wrong.is_empty() {
        let mut detail = "each good stands where its moves brought it".to_owned();
        if counting > 0 {
            detail.push_str(&format!(
                "; what {counting} of them cost is counted anew, by the box while it runs"
            ));
        }
        return Check::new("stock", true, detail);
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
        assert!(of_goods(&[], 0).ok && !of_goods(&[], 0).detail.contains("anew"));
        let counting = of_goods(&[], 2);
        assert!(counting.ok && counting.detail.contains("what 2 of them"), "{}", counting.detail);
        let check = of_goods(&[3, 7], 0);
        assert!(!check.ok && check.detail.contains("goods 3, 7"), "{}", check.detail);
    }
}
