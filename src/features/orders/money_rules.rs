//! What has to hold before money moves or a sum goes. No SQL, no clock.

use super::states::ItemStatus;
use super::types::{OrderItem, OrderWithDetails};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;

/// Whether a sum is still the one that a person saw and agreed to. Who names none takes it as it
/// is.
///
/// # Errors
/// 409 with the sum as it is now: it is to be shown, and agreed to again.
pub fn check_expected(number: i64, expected: Option<Money>, total: Money) -> Result<()> {
    let Some(expected) = expected.filter(|expected| *expected != total) else { return Ok(()) };
    let detail = format!(
        "Order {number} was changed meanwhile: it is {total} now, not {expected}. \
         Nothing was done; look at it and confirm again."
    );
    Err(Error::conflict("bill_changed", detail)
        .with("number", number)
        .with("expected_total", expected.to_string())
        .with("total_price", total.to_string()))
}

/// The lines that are still on the bill.
pub fn live(order: &OrderWithDetails) -> impl Iterator<Item = &OrderItem> {
    order.items.iter().filter(|item| item.status != ItemStatus::Cancelled)
}

/// Whether an order has anything on it. Without a line there is nothing to make, to serve or to
/// pay: it can only end.
///
/// # Errors
/// 400 when all of it was taken off.
pub fn check_not_empty(order: &OrderWithDetails) -> Result<()> {
    if live(order).next().is_some() {
        return Ok(());
    }
    let number = order.order.number;
    let detail = format!("Nothing is on order {number} any more. Cancel it to free the table.");
    Err(Error::rule("order_empty", detail).with("number", number))
}

/// Whether the kitchen has put work or goods into a line.
fn is_begun(item: &OrderItem) -> bool {
    item.preparation_started_at.is_some()
        || matches!(item.status, ItemStatus::Ready | ItemStatus::Served)
}

/// Whether the kitchen has put work or goods into an order.
pub fn has_begun(order: &OrderWithDetails) -> bool {
    live(order).any(is_begun)
}

/// Whether enough was said to cancel a whole order: what one begun line needs, an order with a begun
/// line needs too.
///
/// # Errors
/// 400 when nobody says why.
pub fn check_cancel(order: &OrderWithDetails, has_reason: bool) -> Result<()> {
    let Some(begun) = live(order).find(|item| is_begun(item)).filter(|_| !has_reason) else {
        return Ok(());
    };
    let dish = &begun.dish_name;
    let detail =
        format!("“{dish}” of this order is begun or served. Say why it is cancelled (reason).");
    Err(Error::rule("reason_needed", detail).with("dish", dish.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sum_moves_only_as_it_was_seen(seen in 0_i64..1000, now in 0_i64..1000) {
            let checked = check_expected(1, Some(Money(seen)), Money(now));
            prop_assert_eq!(checked.is_ok(), seen == now);
            prop_assert!(check_expected(1, None, Money(now)).is_ok());
        }
    }
}
