//! Which steps orders and their lines may take, and who may take them. No SQL, no clock.

use super::states::{Actor, ItemStatus, OrderStatus};
use crate::core::error::{Error, Result};

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
    use ItemStatus::{Cancelled, Held, InPreparation, New, Ready, SentToKitchen, Served};
    let (cooks, waiters) = match (from, to) {
        // A waiter's word for what a guest ordered, or against it; and what he serves.
        (New, SentToKitchen | InPreparation | Cancelled)
        // Who may take a line off depends on how far it is: line_rules::check_touch.
        | (Held | SentToKitchen | InPreparation | Ready, Cancelled)
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
            // What is held is fired with its course, and no step of a line.
            (Held, InPreparation, OWN, 400),
            (Held, Ready, Actor::Cook, 400),
            (InPreparation, Held, OWN, 400),
            (Held, Cancelled, OWN, 200),
            (Held, Cancelled, Actor::Cook, 403),
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

    proptest! {
        #[test]
        fn a_closed_order_never_moves(
            from in select(vec![OrderStatus::Completed, OrderStatus::Cancelled]),
            to in select(OrderStatus::ALL),
            actor in select(vec![Actor::Admin, Actor::Cook, OWN, OTHERS]),
        ) {
            prop_assert!(check_order_step(from, to, actor).is_err());
        }

        #[test]
        fn a_served_or_cancelled_line_takes_no_step(
            from in select(vec![ItemStatus::Served, ItemStatus::Cancelled]),
            to in select(ItemStatus::ALL),
        ) {
            prop_assert!(check_item_step(from, to, Actor::Admin).is_err());
        }
    }
}
