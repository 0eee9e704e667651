//! What may still be done to a line once it is ordered, and what moving lines between orders
//! means for where the orders stand. No SQL, no clock.

use super::states::{Actor, ItemStatus, OrderStatus};
use crate::core::error::{Error, Result};

/// A line as somebody wants to change it or take it off.
#[derive(Debug, Clone, Copy)]
pub struct Touched<'a> {
    /// What it is called.
    pub dish: &'a str,
    /// Where it stands.
    pub status: ItemStatus,
    /// Whether the kitchen has begun it.
    pub is_started: bool,
}

impl Touched<'_> {
    /// Whether the kitchen has put work or goods into it.
    pub fn is_begun(self) -> bool {
        self.is_started || matches!(self.status, ItemStatus::Ready | ItemStatus::Served)
    }
}

/// Whether a line can be changed or taken off. Who may do it is asked of the permissions.
///
/// # Errors
/// 400 when it can no longer be changed by anybody, 403 for cooks.
pub fn check_touch(line: Touched<'_>, actor: Actor) -> Result<()> {
    let dish = line.dish;
    if actor == Actor::Cook {
        let detail = "The kitchen may move lines on, not change them. Ask the waiter.";
        return Err(Error::forbidden("wrong_role", detail));
    }
    if matches!(line.status, ItemStatus::Served | ItemStatus::Cancelled) {
        let detail = format!("“{dish}” is {} and can no longer be changed.", line.status);
        return Err(Error::rule("line_fixed", detail).with("dish", dish));
    }
    Ok(())
}

/// Whether enough was said to change a line or take it off: what the kitchen has begun costs the
/// house something.
///
/// # Errors
/// 400 when nobody says why.
pub fn check_reason(line: Touched<'_>, has_reason: bool) -> Result<()> {
    if has_reason || !line.is_begun() {
        return Ok(());
    }
    let dish = line.dish;
    let detail = format!("The kitchen has begun “{dish}”. Say why it is changed (reason).");
    Err(Error::rule("reason_needed", detail).with("dish", dish))
}

/// Whether a line may be carried to another table's order: whatever of it is still on the bill.
///
/// # Errors
/// 400 when it was taken off, or more is asked for than there is.
pub fn check_carry(dish: &str, status: ItemStatus, has: i64, wanted: i64) -> Result<()> {
    if status == ItemStatus::Cancelled {
        let detail = format!("“{dish}” was taken off; there is nothing to move.");
        return Err(Error::rule("line_fixed", detail).with("dish", dish));
    }
    if wanted > has {
        let detail = format!("“{dish}” stands {has} times on this order; {wanted} cannot move.");
        return Err(Error::rule("more_than_there_is", detail).with("dish", dish).with("has", has));
    }
    Ok(())
}

/// The status of an order that took lines over from another: `items` are all that it holds now.
pub fn status_after_joining(
    into: OrderStatus,
    from: OrderStatus,
    items: &[ItemStatus],
) -> OrderStatus {
    use OrderStatus::{Dining, InProgress, Pending, Ready, Served};
    let live: Vec<_> = items.iter().filter(|item| **item != ItemStatus::Cancelled).collect();
    if live.is_empty() || into.is_closed() {
        into
    } else if live.iter().all(|item| **item == ItemStatus::Served) {
        if [into, from].contains(&Dining) { Dining } else { Served }
    } else if live.iter().any(|item| **item == ItemStatus::Ready) {
        Ready
    } else if into == Pending && from == Pending {
        Pending
    } else {
        InProgress
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    const WAITER: Actor = Actor::Waiter { own: false };

    fn code(result: Result<()>) -> String {
        result.map_or_else(|error| error.problem().code.to_string(), |()| "ok".into())
    }

    #[test]
    fn what_the_kitchen_has_begun_needs_a_reason() {
        use ItemStatus::*;
        for (status, is_started, actor, has_reason, expected) in [
            (New, false, WAITER, false, "ok"),
            (SentToKitchen, false, WAITER, false, "ok"),
            (InPreparation, false, WAITER, false, "ok"),
            (InPreparation, false, Actor::Admin, false, "ok"),
            (InPreparation, false, Actor::Cook, true, "wrong_role"),
            (InPreparation, true, WAITER, false, "reason_needed"),
            (InPreparation, true, WAITER, true, "ok"),
            (InPreparation, true, Actor::Admin, false, "reason_needed"),
            (InPreparation, true, Actor::Admin, true, "ok"),
            (Ready, true, WAITER, false, "reason_needed"),
            (Ready, false, WAITER, false, "reason_needed"),
            (Ready, true, Actor::Admin, false, "reason_needed"),
            (Ready, true, Actor::Admin, true, "ok"),
            (Served, true, Actor::Admin, true, "line_fixed"),
            (Cancelled, false, WAITER, false, "line_fixed"),
        ] {
            let line = Touched { dish: "Borscht", status, is_started };
            let checked = check_touch(line, actor).and_then(|()| check_reason(line, has_reason));
            let got = code(checked);
            assert_eq!(got, expected, "{status} started {is_started} by {actor:?} {has_reason}");
        }
    }

    #[test]
    fn what_is_on_the_bill_can_be_carried() {
        use ItemStatus::*;
        for (status, has, wanted, expected) in [
            (New, 1, 1, "ok"),
            (Served, 3, 2, "ok"),
            (Ready, 2, 3, "more_than_there_is"),
            (Cancelled, 1, 1, "line_fixed"),
        ] {
            assert_eq!(code(check_carry("Borscht", status, has, wanted)), expected, "{status}");
        }
    }

    #[test]
    fn a_joined_order_stands_where_its_lines_do() {
        use ItemStatus as I;
        use OrderStatus::*;
        for (into, from, items, expected) in [
            (Pending, Pending, vec![I::InPreparation, I::New], Pending),
            (Pending, InProgress, vec![I::InPreparation], InProgress),
            (Dining, Pending, vec![I::Served, I::InPreparation], InProgress),
            (Served, Ready, vec![I::Served, I::Ready], Ready),
            (Served, Dining, vec![I::Served, I::Cancelled], Dining),
            (Pending, Served, vec![I::Served], Served),
            (InProgress, Served, vec![I::Cancelled], InProgress),
            (Cancelled, Ready, vec![I::Ready], Cancelled),
        ] {
            assert_eq!(status_after_joining(into, from, &items), expected, "{into} {from}");
        }
    }

    proptest! {
        #[test]
        fn a_joined_order_is_served_only_when_every_live_line_is(
            into in select(vec![OrderStatus::Pending, OrderStatus::InProgress, OrderStatus::Dining]),
            from in select(OrderStatus::ALL),
            items in prop::collection::vec(select(ItemStatus::ALL), 1..8),
        ) {
            let live: Vec<_> = items.iter().filter(|s| **s != ItemStatus::Cancelled).collect();
            prop_assume!(!live.is_empty());
            let all = live.iter().all(|s| **s == ItemStatus::Served);
            let after = status_after_joining(into, from, &items);
            prop_assert_eq!(matches!(after, OrderStatus::Served | OrderStatus::Dining), all);
        }
    }
}
