//! What the doctor looks at: whether accounts stand where their entries brought them, and codes on as
//! many orders as they say.

use super::ledger_store::wrong_accounts;
use super::promo_store::wrong_codes;
use crate::core::error::Result;
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at points and codes; not at those of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    let wrong = wrong_accounts(&db).and_then(|accounts| Ok((accounts, wrong_codes(&db)?)));
    vec![of(wrong)]
}

fn of(wrong: Result<(Vec<i64>, Vec<i64>)>) -> Check {
    let (is_sound, detail) = match wrong {
        Ok((accounts, codes)) if accounts.is_empty() && codes.is_empty() => {
            (true, "each account stands where its entries brought it".to_owned())
        }
        Ok((accounts, codes)) => {
            let listed = |ids: &[i64]| {
                let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
                if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
            };
            let (accounts, codes) = (listed(&accounts), listed(&codes));
            let detail = format!(
                "these do not stand where their entries brought them: accounts {accounts}, promo \
                 codes {codes}. Spend nothing of them before somebody has looked."
            );
            (false, detail)
        }
        Err(error) => (false, format!("they cannot be compared: {error}")),
    };
    Check::new("loyalty", is_sound, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        assert!(of(Ok((Vec::new(), Vec::new()))).ok);
        let check = of(Ok((vec![3, 7], Vec::new())));
        assert!(!check.ok && check.detail.contains("accounts 3, 7, promo codes none"));
    }
}
