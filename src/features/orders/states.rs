//! Where orders and their lines stand, and who moves them, in words.

use crate::features::prices::Channel;
use crate::features::taxes::Eaten;
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
        /// It is of a later course, and waits until that is fired.
        Held = "HELD",
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

impl OrderType {
    /// How it is sold, as prices tell it apart.
    pub fn channel(self) -> Channel {
        match self {
            Self::DineIn => Channel::DineIn,
            Self::Takeaway => Channel::Takeaway,
            Self::Delivery => Channel::Delivery,
        }
    }

    /// Where it is eaten, as taxes tell it apart.
    pub fn eaten(self) -> Eaten {
        match self {
            Self::DineIn => Eaten::Here,
            Self::Takeaway => Eaten::Away,
            Self::Delivery => Eaten::Delivered,
        }
    }
}

impl OrderStatus {
    /// Whether nothing more can happen to it.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }
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

/// What is done with a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CourseStep {
    /// What is held of it goes to the kitchen.
    Fire,
    /// It is taken back from the kitchen, while nobody has begun it.
    Hold,
}

/// Which way a step of the kitchen goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Taken.
    Forward,
    /// Taken back.
    Back,
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
