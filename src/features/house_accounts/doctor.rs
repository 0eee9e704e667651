//! What the doctor looks at: whether accounts stand where their moves brought them.

use super::store::check_accounts;
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the accounts; not at those of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    vec![match check_accounts(&db) {
        Ok(wrong) => of_accounts(&wrong),
        Err(error) => Check::new("accounts", false, format!("they cannot be compared: {error}")),
    }]
}

fn of_accounts(wrong: &[i64]) -> Check {
    if wrong.is_empty() {
        return Check::new("accounts", true, "each stands where its moves brought it");
    }
    let which: Vec<_> = wrong.iter().map(ToString::to_string).collect();
    let which = which.join(", ");
    let detail = format!(
        "accounts {which} do not stand where their moves and payments brought them. Settle nothing of \
         them before somebody has looked."
    );
    Check::new("accounts", false, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        assert!(of_accounts(&[]).ok);
        let check = of_accounts(&[3, 7]);
        assert!(!check.ok && check.detail.contains("accounts 3, 7"), "{}", check.detail);
    }
}
