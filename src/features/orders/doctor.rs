//! What the doctor looks at: whether the figures of the last days are what their orders brought.

use super::adjustment_rules::holding_nowhere;
use super::store::{Compared, compare};
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// So many days with orders are compared.
const DAYS: usize = 7;
/// And so many orders at most, the last day whole.
const ORDERS: usize = 3000;
/// So many of what differs are named.
const NAMED: usize = 5;

/// Looks at the figures; not at those of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    let figures = match compare(&db, DAYS, ORDERS) {
        Ok(compared) => of_figures(&compared),
        Err(error) => Check::new("figures", false, format!("they cannot be compared: {error}")),
    };
    let rules = match holding_nowhere(&db) {
        Ok((known, gone)) => of_rules(known, &gone),
        Err(error) => Check::new("rules", false, format!("they cannot be read: {error}")),
    };
    vec![figures, rules]
}

fn of_rules(known: usize, gone: &[String]) -> Check {
    if gone.is_empty() {
        return Check::new("rules", true, format!("rules of the house: {known}"));
    }
    let gone = gone.join("”, “");
    let detail = format!("“{gone}” asks for a room or a table that was removed, and holds nowhere");
    Check::note("rules", detail)
}

fn of_figures(compared: &Compared) -> Check {
    let Compared { days, orders, wrong_orders, wrong_days } = compared;
    if compared.is_right() {
        let detail = match days.len() {
            0 => "no orders yet".into(),
            days => format!("those of the last {days} days are what their {orders} orders brought"),
        };
        return Check::new("figures", true, detail);
    }
    let mut wrong = Vec::new();
    if !wrong_orders.is_empty() {
        wrong.push(format!("what is written down of {}", named("orders", wrong_orders)));
    }
    if !wrong_days.is_empty() {
        wrong.push(format!("the sums of {}", named("days", wrong_days)));
    }
    let detail = format!("{} differ from what was sold. Reports may be wrong.", wrong.join("; "));
    Check::new("figures", false, detail)
}

/// As in “2 orders (17, 18)”.
fn named(what: &str, which: &[i64]) -> String {
    let first: Vec<_> = which.iter().take(NAMED).map(ToString::to_string).collect();
    let more = if which.len() > NAMED { ", …" } else { "" };
    format!("{} {what} ({}{more})", which.len(), first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_holds_nowhere_is_named() {
        assert!(!of_rules(2, &[]).is_note);
        let check = of_rules(2, &["Terrace".into()]);
        assert!(check.ok && check.is_note && check.detail.contains("“Terrace”"));
    }

    #[test]
    fn what_differs_is_named() {
        assert!(of_figures(&Compared::default()).ok);
        let compared = Compared {
            days: vec![20_261_129],
            orders: 9,
            wrong_orders: (1..=7).collect(),
            wrong_days: vec![20_261_129],
        };
        let check = of_figures(&compared);
        assert!(!check.ok);
        assert!(check.detail.contains("7 orders (1, 2, 3, 4, 5, …)"), "{}", check.detail);
        assert!(check.detail.contains("1 days (20261129)"), "{}", check.detail);
    }
}
