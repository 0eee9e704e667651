//! Where an order comes from.

use crate::platform::auth::Person;
use crate::platform::config::GuestOrders;

/// Who places an order.
#[derive(Debug, Clone)]
pub enum OrderSource {
    /// A member of staff.
    Staff(Person),
    /// A guest at the order's table.
    Guest {
        /// What of it waits for a word from staff.
        mode: GuestOrders,
        /// Names the phone.
        phone: [u8; 32],
    },
}

impl OrderSource {
    pub(super) fn staff_id(&self) -> Option<i64> {
        match self {
            Self::Staff(person) => Some(person.id),
            Self::Guest { .. } => None,
        }
    }

    pub(super) fn phone(&self) -> Option<[u8; 32]> {
        match self {
            Self::Staff(_) => None,
            Self::Guest { phone, .. } => Some(*phone),
        }
    }
}
