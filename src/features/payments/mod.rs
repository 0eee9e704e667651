//! How guests may pay.

mod api;
mod events;
mod feature;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::Name;

pub use events::{MethodsFrom, PaymentMethodsChanged, methods_imported};
pub use feature::feature;
pub use store::{CreateMethod, active_method, active_methods, method, methods_known};

/// A way to pay: cash, card, ….
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaymentMethod {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// An inactive one cannot be chosen.
    pub is_active: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentMethodList {
    /// The page.
    pub payment_methods: Vec<PaymentMethod>,
    /// How many there are in all.
    pub total: i64,
}

/// A new way to pay.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PaymentMethodCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// Whether it can be chosen at once.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// Changes to a way to pay; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PaymentMethodUpdate {
    /// What it is called; no two alike.
    pub name: Option<Name>,
    /// Whether it can be chosen.
    pub is_active: Option<bool>,
}

fn yes() -> bool {
    true
}
