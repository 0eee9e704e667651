//! Tips: whether each keeps their own or they are pooled, and what is to be paid out to whom. Nothing of
//! that is stored: it follows from the entries, from who worked, and from the rule of that day.

mod api;
mod feature;
mod rules;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::{Day, Percent};

pub use feature::feature;
pub use store::{Payout, payouts};

crate::words! {
    /// Who gets a share of pooled tips.
    pub enum TipRecipient as TipRecipient {
        /// The house itself.
        House = "HOUSE",
        /// Those who take orders and serve.
        Waiter = "WAITER",
        /// Those who take money.
        Cashier = "CASHIER",
        /// Those who seat guests.
        Host = "HOST",
        /// Cooks and the bar.
        Kitchen = "KITCHEN",
        /// Managers.
        Manager = "MANAGER",
    }
}

crate::words! {
    /// To whom a tip is given.
    pub enum TipTo as TipTo {
        /// To the staff: each keeps their own, or it goes into the pool.
        Staff = "STAFF",
        /// To the house, whatever the pool says.
        House = "HOUSE",
    }
}

/// A share of pooled tips; of a role it goes in equal parts to those who worked that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TipShare {
    /// Whose.
    pub to: TipRecipient,
    /// How much of all tips of a day.
    pub percent: Percent,
}

/// How tips are shared out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct TipRule {
    /// From which day on; none where nobody has chosen yet.
    pub from_day: Option<Day>,
    /// The shares of the pool; each keeps their own where there are none.
    pub shares: Vec<TipShare>,
}

/// A rule for tips as an admin writes it; it holds from today on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TipRuleBody {
    /// The shares of the pool, 100 percent together; none where each is to keep their own.
    #[schema(max_items = 6)]
    pub shares: Vec<TipShare>,
}
