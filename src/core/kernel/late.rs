//! When something that is made is late: here alone. What is sent to the kitchen is due after the
//! minutes that its dish takes, and late from then until it is ready. What is held for a later course
//! is not sent.

use super::Timestamp;

/// When a line is due; none while it is not sent, or where nobody said how long it takes.
pub fn due_at(sent: Option<Timestamp>, minutes: Option<i64>) -> Option<Timestamp> {
    sent.zip(minutes).map(|(sent, minutes)| sent.plus_minutes(minutes))
}

/// The same of a row of `order_items` that SQL calls `i`, in milliseconds.
pub const DUE: &str = "(i.sent_to_kitchen_at + i.estimated_preparation_time * 60000)";

/// Whether a row of `order_items` that SQL calls `i` is with the kitchen: sent, and not gone yet. The
/// words are those of the partial index `order_items_kitchen`, which a query must say to use it.
pub const IS_IN_KITCHEN: &str =
    "i.status <> 'NEW' AND i.status <> 'SERVED' AND i.status <> 'CANCELLED'";

/// Whether it is being made: neither ready, nor held for a later course.
pub const IS_MADE: &str = "i.status <> 'NEW' AND i.status <> 'SERVED' AND i.status <> 'CANCELLED' \
    AND i.status <> 'READY' AND i.status <> 'HELD'";
