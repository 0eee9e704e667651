//! Which of the guests' orders wait for a waiter.

use serde::{Deserialize, Serialize};

/// Whether a guest's order goes straight to the kitchen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuestOrders {
    /// The first order of a visit waits for a waiter, later ones go straight.
    #[default]
    ConfirmFirst,
    /// Every order waits.
    ConfirmAlways,
    /// No order waits.
    Direct,
}

impl GuestOrders {
    /// The word in settings, on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmFirst => "confirm_first",
            Self::ConfirmAlways => "confirm_always",
            Self::Direct => "direct",
        }
    }

    /// The choice by its word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::ConfirmFirst, Self::ConfirmAlways, Self::Direct]
            .into_iter()
            .find(|choice| choice.as_str() == word)
    }

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
