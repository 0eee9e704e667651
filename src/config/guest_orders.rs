//! Which of the guests' orders wait for a waiter.

use serde::{Deserialize, Serialize};

/// Whether a guest's order goes straight to the kitchen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuestOrders {
    /// The first order of a visit waits for a waiter, later ones go straight.
    ConfirmFirst,
    /// Every order waits.
    ConfirmAlways,
    /// No order waits.
    Direct,
}

impl GuestOrders {
    /// Whether a guest's new lines wait for a waiter, given that a member of staff has or has
    /// not taken the visit's order on.
    pub fn wait(self, order_is_confirmed: bool) -> bool {
        match self {
            Self::ConfirmAlways => true,
            Self::ConfirmFirst => !order_is_confirmed,
            Self::Direct => false,
        }
    }
}
