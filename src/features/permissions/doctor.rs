//! What the doctor looks at: whether every rule that is set can be followed, and somebody can approve.

use super::store::{RulesSet, rules_set};
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the rules; not at those of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    vec![match rules_set(&db) {
        Ok(set) => of_rules(&set),
        Err(error) => Check::new("rights", false, format!("a rule cannot be read: {error}")),
    }]
}

fn of_rules(set: &RulesSet) -> Check {
    let RulesSet { all, limited, wrong, admins } = set;
    if !wrong.is_empty() {
        let detail = format!(
            "{}: the limit is none. Set it anew under Permissions on the admin's page.",
            wrong.join(", ")
        );
        return Check::new("rights", false, detail);
    }
    // A box that was not set up yet has nobody at all.
    if *admins == Some(0) {
        let detail = "no admin can sign in: nobody may approve of everything. \
                      `qres admin create` adds one.";
        return Check::new("rights", false, detail);
    }
    Check::new("rights", true, format!("rules that were set: {all}, with a limit: {limited}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_none_and_a_house_without_an_admin_are_wrong() {
        let set = |wrong: &[&str], admins| RulesSet {
            all: 3,
            limited: 1,
            wrong: wrong.iter().map(ToString::to_string).collect(),
            admins,
        };
        assert!(of_rules(&set(&[], Some(1))).ok && of_rules(&set(&[], None)).ok);
        let check = of_rules(&set(&["COMP"], Some(1)));
        assert!(!check.ok && check.detail.contains("COMP"), "{}", check.detail);
        assert!(!of_rules(&set(&[], Some(0))).ok);
    }
}
