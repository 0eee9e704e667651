//! How orders and their lines move on, and who may move them. No SQL, no clock.

use crate::core::error::{Error, Result};
use crate::words;

words! {
    /// Where an order stands.
    pub enum OrderStatus as OrderStatus {
        /// Placed.
        Pending = "PENDING",
        /// The kitchen has begun.
        InProgress = "IN_PROGRESS",
        /// There is something to serve.
        Ready = "READY",
        /// All is on the table.
        Served = "SERVED",
        /// The guests are eating.
        Dining = "DINING",
        /// Done.
        Completed = "COMPLETED",
        /// Called off.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// Where a line of an order stands.
    pub enum ItemStatus as OrderItemStatus {
        /// Waits for a waiter's word: a guest ordered it.
        New = "NEW",
        /// The kitchen has been told.
        SentToKitchen = "SENT_TO_KITCHEN",
        /// It is being made.
        InPreparation = "IN_PREPARATION",
        /// It can be served.
        Ready = "READY",
        /// It is on the table.
        Served = "SERVED",
        /// It was taken off.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// Whether an order is paid.
    pub enum PaymentStatus as PaymentStatus {
        /// Not yet.
        Unpaid = "UNPAID",
        /// Yes.
        Paid = "PAID",
        /// The money was given back.
        Refunded = "REFUNDED",
    }
}

words! {
    /// Where an order is eaten.
    pub enum OrderType as OrderType {
        /// At a table.
        DineIn = "DINE_IN",
        /// Picked up.
        Takeaway = "TAKEAWAY",
        /// Brought home.
        Delivery = "DELIVERY",
    }
}

/// In which capacity somebody moves an order on: the part of their role that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// An admin: may do all that the flow allows.
    Admin,
    /// A waiter; `own` when the order is theirs, or nobody's yet.
    Waiter {
        /// Whether the order is theirs.
        own: bool,
    },
    /// A cook.
    Cook,
}

impl OrderStatus {
    /// Whether nothing more can happen to it.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }
}

/// Whether an order may be moved from one status to another by this person.
///
/// # Errors
/// 400 when the flow has no such step, 403 when it is another's to take.
pub fn check_order_step(from: OrderStatus, to: OrderStatus, actor: Actor) -> Result<()> {
    use OrderStatus::{Cancelled, Completed, Dining, InProgress, Pending, Ready, Served};
    let kitchens = matches!((from, to), (Pending, InProgress) | (Pending | InProgress, Ready));
    let waiters = matches!((from, to), (Ready, Served) | (Served, Dining) | (Dining, Completed));
    let cancels = to == Cancelled && !from.is_closed();
    if !kitchens && !waiters && !cancels {
        let detail = format!("An order cannot go from {from} to {to}.");
        return Err(Error::rule("step_not_allowed", detail)
            .with("from", from.as_str())
            .with("to", to.as_str()));
    }
    let allowed = match actor {
        Actor::Admin => true,
        Actor::Cook => kitchens,
        // Whose order they may cancel, and when, is asked of the permissions.
        Actor::Waiter { .. } => waiters || cancels,
    };
    if allowed {
        return Ok(());
    }
    let detail = format!("Your role may not move an order to {to}.");
    Err(Error::forbidden("step_not_yours", detail).with("to", to.as_str()))
}

/// Whether a line may be moved from one status to another by this person.
///
/// # Errors
/// 400 when the flow has no such step, 403 when it is another's to take.
pub fn check_item_step(from: ItemStatus, to: ItemStatus, actor: Actor) -> Result<()> {
    use ItemStatus::{Cancelled, InPreparation, New, Ready, SentToKitchen, Served};
    let (cooks, waiters) = match (from, to) {
        // A waiter's word for what a guest ordered, or against it; and what he serves.
        (New, SentToKitchen | InPreparation | Cancelled)
        // Who may take a line off depends on how far it is: line_rules::check_touch.
        | (SentToKitchen | InPreparation | Ready, Cancelled)
        | (Ready, Served) => (false, true),
        // A line is begun, made, or called back: it was marked too early or must be made again.
        (SentToKitchen | InPreparation | Ready, InPreparation)
        | (SentToKitchen | InPreparation, Ready) => (true, false),
        _ => {
            let detail = format!("A line cannot go from {from} to {to}.");
            return Err(Error::rule("step_not_allowed", detail)
                .with("from", from.as_str())
                .with("to", to.as_str()));
        }
    };
    let allowed = match actor {
        Actor::Admin => true,
        Actor::Cook => cooks,
        Actor::Waiter { .. } => waiters,
    };
    if allowed {
        return Ok(());
    }
    let detail = format!("Your role may not move a line from {from} to {to}.");
    Err(Error::forbidden("step_not_yours", detail).with("to", to.as_str()))
}

words! {
    /// A step of the kitchen over several lines at once, or back.
    pub enum KitchenStep as KitchenStep {
        /// The making begins.
        Start = "START",
        /// It is made.
        Ready = "READY",
    }
}

/// Which way a step of the kitchen goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Taken.
    Forward,
    /// Taken back.
    Back,
}

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
/// that a waiter calls served is served, and a cancelled order has no live line.
pub fn item_after_order_step(item: ItemStatus, order: OrderStatus) -> ItemStatus {
    use ItemStatus::{Cancelled, InPreparation, New, Ready, SentToKitchen, Served};
    match (order, item) {
        (OrderStatus::InProgress, SentToKitchen) => InPreparation,
        (OrderStatus::Ready, SentToKitchen | InPreparation) => Ready,
        (OrderStatus::Served, SentToKitchen | InPreparation | Ready) => Served,
        (OrderStatus::Cancelled, New | SentToKitchen | InPreparation | Ready) => Cancelled,
        _ => item,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    const OWN: Actor = Actor::Waiter { own: true };
    const OTHERS: Actor = Actor::Waiter { own: false };

    fn outcome(result: Result<()>) -> u16 {
        result.map_or_else(|error| error.status(), |()| 200)
    }

    #[test]
    fn the_wire_and_the_database_use_the_same_words() {
        fn agree<T: serde::Serialize>(all: &[T], word: fn(&T) -> &'static str) {
            for one in all {
                assert_eq!(serde_json::to_value(one).unwrap(), word(one));
            }
        }
        agree(OrderStatus::ALL, |s| s.as_str());
        agree(ItemStatus::ALL, |s| s.as_str());
        agree(PaymentStatus::ALL, |s| s.as_str());
        agree(OrderType::ALL, |s| s.as_str());
        agree(KitchenStep::ALL, |s| s.as_str());
    }

    #[test]
    fn orders_move_along_the_contracts_flow() {
        use OrderStatus::*;
        for (from, to, actor, expected) in [
            (Pending, InProgress, Actor::Cook, 200),
            (Pending, Ready, Actor::Cook, 200),
            (InProgress, Ready, Actor::Admin, 200),
            (InProgress, Ready, OWN, 403),
            (Ready, Served, OWN, 200),
            (Ready, Served, OTHERS, 200),
            (Ready, Served, Actor::Cook, 403),
            (Served, Dining, OWN, 200),
            (Dining, Completed, OWN, 200),
            (Pending, Completed, Actor::Admin, 400),
            (Pending, Served, OWN, 400),
            (Completed, Cancelled, Actor::Admin, 400),
            (Cancelled, Pending, Actor::Admin, 400),
            (Pending, Pending, Actor::Admin, 400),
            (Dining, Cancelled, OWN, 200),
            (Pending, Cancelled, OTHERS, 200),
            (Pending, Cancelled, Actor::Cook, 403),
        ] {
            let got = outcome(check_order_step(from, to, actor));
            assert_eq!(got, expected, "{from} -> {to} by {actor:?}");
        }
    }

    #[test]
    fn lines_move_along_their_flow() {
        use ItemStatus::*;
        for (from, to, actor, expected) in [
            (New, InPreparation, OWN, 200),
            (New, InPreparation, Actor::Cook, 403),
            (New, Ready, Actor::Admin, 400),
            (InPreparation, Ready, Actor::Cook, 200),
            (InPreparation, Ready, OWN, 403),
            (InPreparation, Served, OWN, 400),
            (InPreparation, InPreparation, Actor::Cook, 200),
            (InPreparation, InPreparation, OWN, 403),
            (Ready, InPreparation, Actor::Cook, 200),
            (Ready, Served, OWN, 200),
            (Ready, Served, Actor::Cook, 403),
            (Ready, Cancelled, OWN, 200),
            (Ready, Cancelled, Actor::Cook, 403),
            (Served, Cancelled, Actor::Admin, 400),
            (Cancelled, New, Actor::Admin, 400),
        ] {
            assert_eq!(
                outcome(check_item_step(from, to, actor)),
                expected,
                "{from} -> {to} {actor:?}"
            );
        }
    }

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
        fn a_closed_order_never_moves(
            from in select(vec![OrderStatus::Completed, OrderStatus::Cancelled]),
            to in select(OrderStatus::ALL),
            actor in select(vec![Actor::Admin, Actor::Cook, OWN, OTHERS]),
            items in prop::collection::vec(select(ItemStatus::ALL), 0..6),
        ) {
            prop_assert!(check_order_step(from, to, actor).is_err());
            prop_assert_eq!(status_from_items(from, &items, true), from);
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
            to in select(ItemStatus::ALL),
            order in select(OrderStatus::ALL),
        ) {
            prop_assert!(check_item_step(from, to, Actor::Admin).is_err());
            prop_assert_eq!(item_after_order_step(from, order), from);
        }
    }
}
