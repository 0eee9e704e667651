//! What follows from a step: an order follows its lines, and lines follow their order. No SQL, no
//! clock.

use super::states::{Direction, ItemStatus, KitchenStep, OrderStatus};

/// Where a step of the kitchen leads a line: its status, and whether its making has begun. `None`
/// where there is nothing to do, so that a step that is taken twice is taken once.
pub fn after_kitchen_step(
    status: ItemStatus,
    begun: bool,
    step: KitchenStep,
    direction: Direction,
) -> Option<(ItemStatus, bool)> {
    use ItemStatus::{InPreparation, Ready, SentToKitchen};
    match (step, direction, status, begun) {
        (KitchenStep::Start, Direction::Forward, SentToKitchen, _)
        | (KitchenStep::Start, Direction::Forward, InPreparation, false) => {
            Some((InPreparation, true))
        }
        (KitchenStep::Start, Direction::Back, InPreparation, true) => Some((InPreparation, false)),
        (KitchenStep::Ready, Direction::Forward, SentToKitchen | InPreparation, _) => {
            Some((Ready, begun))
        }
        (KitchenStep::Ready, Direction::Back, Ready, _) => Some((InPreparation, begun)),
        _ => None,
    }
}

/// Whether this step of a line is the moment when its making begins. A line that a waiter sends on
/// is only told to the kitchen, and one that is called back was begun or was not.
pub fn begins(from: ItemStatus, to: ItemStatus) -> bool {
    use ItemStatus::{InPreparation, SentToKitchen};
    to == InPreparation && matches!(from, SentToKitchen | InPreparation)
}

/// The order's status after a line moved: it follows its lines. `begun`: whether the kitchen has
/// begun one of them.
pub fn status_from_items(current: OrderStatus, items: &[ItemStatus], begun: bool) -> OrderStatus {
    use OrderStatus::{InProgress, Pending, Ready, Served};
    let live = || items.iter().filter(|status| **status != ItemStatus::Cancelled);
    if !matches!(current, Pending | InProgress | Ready) || live().next().is_none() {
        return current;
    }
    if live().all(|status| *status == ItemStatus::Served) {
        Served
    } else if live().any(|status| *status == ItemStatus::Ready) {
        Ready
    } else if begun || live().any(|status| *status == ItemStatus::Served) {
        // What was ready is served or was called back; the rest is still being made.
        InProgress
    } else {
        Pending
    }
}

/// The order's status after lines were added: what was all served has something to make again.
pub fn status_after_adding(current: OrderStatus) -> OrderStatus {
    match current {
        OrderStatus::Served | OrderStatus::Dining => OrderStatus::InProgress,
        other => other,
    }
}

/// What an order's own step means for a line: all that the kitchen calls ready is ready, all
/// that a waiter calls served is served, and a cancelled order has no live line. What is held of a
/// later course is still to come.
pub fn item_after_order_step(item: ItemStatus, order: OrderStatus) -> ItemStatus {
    use ItemStatus::{Cancelled, Held, InPreparation, New, Ready, SentToKitchen, Served};
    match (order, item) {
        (OrderStatus::InProgress, SentToKitchen) => InPreparation,
        (OrderStatus::Ready, SentToKitchen | InPreparation) => Ready,
        (OrderStatus::Served, SentToKitchen | InPreparation | Ready) => Served,
        (OrderStatus::Cancelled, New | Held | SentToKitchen | InPreparation | Ready) => Cancelled,
        _ => item,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    #[test]
    fn an_order_follows_its_lines() {
        use ItemStatus as I;
        use OrderStatus::*;
        for (current, items, begun, expected) in [
            (Pending, vec![I::InPreparation, I::Ready], true, Ready),
            (InProgress, vec![I::Ready, I::Cancelled], true, Ready),
            (Ready, vec![I::Served, I::Served, I::Cancelled], true, Served),
            (Pending, vec![I::Served], true, Served),
            (Ready, vec![I::Served, I::InPreparation], false, InProgress),
            (Pending, vec![I::Cancelled], false, Pending),
            (Dining, vec![I::Ready], true, Dining),
            (Pending, vec![I::New, I::InPreparation], false, Pending),
            (Pending, vec![I::InPreparation, I::InPreparation], true, InProgress),
            (InProgress, vec![I::InPreparation], false, Pending),
            (Ready, vec![I::InPreparation], false, Pending),
            // What is held of a later course is still to come.
            (Pending, vec![I::InPreparation, I::Held], false, Pending),
            (Ready, vec![I::Ready, I::Held], true, Ready),
            (Ready, vec![I::Served, I::Held], true, InProgress),
        ] {
            let got = status_from_items(current, &items, begun);
            assert_eq!(got, expected, "{current} {items:?} {begun}");
        }
    }

    #[test]
    fn the_kitchen_steps_forth_and_back() {
        use ItemStatus::*;
        use KitchenStep::{Ready as Done, Start};
        for (status, begun, step, direction, expected) in [
            (SentToKitchen, false, Start, Direction::Forward, Some((InPreparation, true))),
            (InPreparation, false, Start, Direction::Forward, Some((InPreparation, true))),
            (InPreparation, true, Start, Direction::Forward, None),
            (InPreparation, true, Start, Direction::Back, Some((InPreparation, false))),
            (InPreparation, false, Start, Direction::Back, None),
            (Ready, true, Start, Direction::Back, None),
            (InPreparation, false, Done, Direction::Forward, Some((Ready, false))),
            (InPreparation, true, Done, Direction::Forward, Some((Ready, true))),
            (Ready, true, Done, Direction::Forward, None),
            (Ready, true, Done, Direction::Back, Some((InPreparation, true))),
            (Ready, false, Done, Direction::Back, Some((InPreparation, false))),
            (InPreparation, true, Done, Direction::Back, None),
            (New, false, Start, Direction::Forward, None),
            (New, false, Done, Direction::Forward, None),
            (Served, true, Done, Direction::Back, None),
            (Cancelled, false, Start, Direction::Forward, None),
            (Held, false, Start, Direction::Forward, None),
            (Held, false, Done, Direction::Forward, None),
        ] {
            let got = after_kitchen_step(status, begun, step, direction);
            assert_eq!(got, expected, "{status} begun: {begun}, {step} {direction:?}");
        }
    }

    #[test]
    fn a_making_begins_in_the_kitchen_alone() {
        use ItemStatus::*;
        for (from, to, expected) in [
            (New, InPreparation, false),
            (SentToKitchen, InPreparation, true),
            (InPreparation, InPreparation, true),
            (Ready, InPreparation, false),
            (InPreparation, Ready, false),
        ] {
            assert_eq!(begins(from, to), expected, "{from} -> {to}");
        }
    }

    proptest! {
        #[test]
        fn a_closed_order_stays_whatever_its_lines_do(
            closed in select(vec![OrderStatus::Completed, OrderStatus::Cancelled]),
            items in prop::collection::vec(select(ItemStatus::ALL), 0..6),
        ) {
            prop_assert_eq!(status_from_items(closed, &items, true), closed);
        }

        #[test]
        fn an_order_is_served_only_when_every_live_line_is(
            current in select(vec![OrderStatus::Pending, OrderStatus::InProgress, OrderStatus::Ready]),
            items in prop::collection::vec(select(ItemStatus::ALL), 1..8),
            begun in any::<bool>(),
        ) {
            let live: Vec<_> = items.iter().filter(|s| **s != ItemStatus::Cancelled).collect();
            let served = !live.is_empty() && live.iter().all(|s| **s == ItemStatus::Served);
            let status = status_from_items(current, &items, begun);
            prop_assert_eq!(status == OrderStatus::Served, served);
        }

        #[test]
        fn a_served_or_cancelled_line_stays(
            from in select(vec![ItemStatus::Served, ItemStatus::Cancelled]),
            order in select(OrderStatus::ALL),
        ) {
            prop_assert_eq!(item_after_order_step(from, order), from);
        }
    }
}
