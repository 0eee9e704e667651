//! What may still be done to a line once it is ordered, and what moving lines between orders
//! means for where the orders stand. No SQL, no clock.

use super::states::{Actor, ItemStatus, OrderStatus};
use super::types::OrderItem;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Measure, Quantity};

/// A line as somebody wants to change it or take it off.
#[derive(Debug, Clone, Copy)]
pub struct Touched<'a> {
    /// What it is called.
    pub dish: &'a str,
    /// Where it stands.
    pub status: ItemStatus,
    /// Whether the kitchen has begun it.
    pub is_started: bool,
    /// Whether only its weight is said anew.
    pub is_weighed_again: bool,
}

impl<'a> Touched<'a> {
    /// A line as it is.
    pub fn of(item: &'a OrderItem, is_weighed_again: bool) -> Self {
        let is_started = item.preparation_started_at.is_some();
        Self { dish: &item.dish_name, status: item.status, is_started, is_weighed_again }
    }

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
    let is_fixed = match line.status {
        ItemStatus::Served => !line.is_weighed_again,
        status => status == ItemStatus::Cancelled,
    };
    if is_fixed {
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

/// Whether so much of a dish can be ordered.
///
/// # Errors
/// A sentence for the field: a dish by the piece has no halves.
pub fn check_quantity(
    dish: &str,
    measure: Option<Measure>,
    quantity: Quantity,
) -> std::result::Result<(), String> {
    if quantity.fits(measure) {
        return Ok(());
    }
    Err(format!("must be a whole number: “{dish}” is sold by the piece"))
}

/// Whether guests may order a dish by themselves: nobody at a table knows what a piece of meat will
/// weigh.
///
/// # Errors
/// 400 when it is weighed or poured out.
pub fn check_guest_may(dish: &str, measure: Option<Measure>) -> Result<()> {
    if measure.is_none() {
        return Ok(());
    }
    let detail = format!("“{dish}” is sold by weight. Ask the waiter for it.");
    Err(Error::rule("ask_the_waiter", detail).with("dish", dish))
}

/// Whether a line may be carried to another table's order: whatever of it is still on the bill.
///
/// # Errors
/// 400 when it was taken off, more is asked for than there is, or a part of what was weighed.
pub fn check_carry(
    dish: &str,
    status: ItemStatus,
    (has, measure): (Quantity, Option<Measure>),
    wanted: Quantity,
) -> Result<()> {
    if status == ItemStatus::Cancelled {
        let detail = format!("“{dish}” was taken off; there is nothing to move.");
        return Err(Error::rule("line_fixed", detail).with("dish", dish));
    }
    if wanted > has {
        let detail = format!("“{dish}” stands {has} times on this order; {wanted} cannot move.");
        let has = has.to_string();
        return Err(Error::rule("more_than_there_is", detail).with("dish", dish).with("has", has));
    }
    if wanted < has && measure.is_some() {
        let detail = format!("“{dish}” was weighed: it moves whole. Split the bill to share it.");
        return Err(Error::rule("line_moves_whole", detail).with("dish", dish));
    }
    if !wanted.fits(measure) {
        let detail = format!("“{dish}” is sold by the piece: {wanted} of it cannot move.");
        return Err(Error::rule("line_moves_whole", detail).with("dish", dish));
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
            let line = Touched { dish: "Borscht", status, is_started, is_weighed_again: false };
            let checked = check_touch(line, actor).and_then(|()| check_reason(line, has_reason));
            let got = code(checked);
            assert_eq!(got, expected, "{status} started {is_started} by {actor:?} {has_reason}");
        }
    }

    #[test]
    fn a_weight_may_be_said_anew_while_the_line_is_on_the_bill() {
        use ItemStatus::*;
        for (status, has_reason, expected) in [
            (InPreparation, true, "ok"),
            (Served, true, "ok"),
            (Served, false, "reason_needed"),
            (Cancelled, true, "line_fixed"),
        ] {
            let line =
                Touched { dish: "Shashlik", status, is_started: true, is_weighed_again: true };
            let checked = check_touch(line, WAITER).and_then(|()| check_reason(line, has_reason));
            assert_eq!(code(checked), expected, "{status} {has_reason}");
        }
    }

    #[test]
    fn what_is_on_the_bill_can_be_carried() {
        use ItemStatus::*;
        let kg = Some(Measure::Kg);
        for (status, has, measure, wanted, expected) in [
            (New, 1000, None, 1000, "ok"),
            (Served, 3000, None, 2000, "ok"),
            (Served, 3000, None, 1500, "line_moves_whole"),
            (Ready, 2000, None, 3000, "more_than_there_is"),
            (Cancelled, 1000, None, 1000, "line_fixed"),
            (Ready, 350, kg, 350, "ok"),
            (Ready, 350, kg, 100, "line_moves_whole"),
            (Ready, 350, kg, 351, "more_than_there_is"),
        ] {
            let [has, wanted] =
                [has, wanted].map(|thousandths| Quantity::new(thousandths).unwrap());
            let carried = check_carry("Borscht", status, (has, measure), wanted);
            assert_eq!(code(carried), expected, "{status} {wanted} of {has}");
        }
    }

    #[test]
    fn what_is_weighed_has_fractions_and_no_guest_orders_it() {
        let half = Quantity::new(500).unwrap();
        assert!(check_quantity("Borscht", None, half).is_err());
        assert_eq!(check_quantity("Borscht", None, Quantity::pieces(2)), Ok(()));
        assert_eq!(check_quantity("Shashlik", Some(Measure::Kg), half), Ok(()));
        assert_eq!(code(check_guest_may("Borscht", None)), "ok");
        assert_eq!(code(check_guest_may("Shashlik", Some(Measure::Kg))), "ask_the_waiter");
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
