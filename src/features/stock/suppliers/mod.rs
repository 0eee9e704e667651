//! Suppliers, and what was agreed with them.

mod api;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amount::{AboveZero, Amount};
use crate::core::kernel::fields::{Id, Label, Name, Text};
use crate::core::kernel::money::Price;
use crate::core::kernel::{Money, Patch, Timestamp};

pub(super) use api::router;
pub(super) use store::{
    CreateSupplier, SetPrices, UpdateSupplier, agreed, check_supplier, prices, supplier,
};

/// With one supplier no more prices are agreed than this.
const MOST_PRICES: usize = 2_000;

/// Of whom goods are bought.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Supplier {
    /// Id.
    pub id: i64,
    /// What they are called.
    pub name: String,
    /// Their telephone.
    pub phone: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// When they were written down.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub updated_at: Timestamp,
}

/// One page of suppliers, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierList {
    /// The page.
    pub suppliers: Vec<Supplier>,
    /// How many there are in all.
    pub total: i64,
}

/// A new supplier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SupplierCreate {
    /// What they are called.
    pub name: Name,
    /// Their telephone.
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Option<Label<0, 30>>,
    /// What staff should know.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub note: Option<Text<0, 500>>,
}

/// Changes of a supplier; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SupplierUpdate {
    /// What they are called.
    pub name: Option<Name>,
    /// Their telephone; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Patch<Label<0, 30>>,
    /// What staff should know; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub note: Patch<Text<0, 500>>,
}

/// What was agreed for a good.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupplierPrice {
    /// The good.
    pub good_id: i64,
    /// What it is called.
    pub good_name: String,
    /// For so much of it.
    pub quantity: Amount,
    /// So much money.
    pub price: Money,
}

/// All that was agreed with a supplier.
#[derive(Debug, Serialize, ToSchema)]
pub struct SupplierPriceList {
    /// By the names of goods.
    pub prices: Vec<SupplierPrice>,
}

/// A price as it is agreed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SupplierPriceBody {
    /// The good.
    pub good_id: Id,
    /// For so much of it.
    #[schema(value_type = Amount)]
    pub quantity: AboveZero,
    /// So much money.
    pub price: Price,
}

impl SupplierPriceBody {
    /// A price as it is; none where it could not be written so today.
    pub(super) fn of(price: &SupplierPrice) -> Option<Self> {
        Some(Self {
            good_id: Id::new(price.good_id).ok()?,
            quantity: AboveZero::new(price.quantity)?,
            price: Price::new(price.price).ok()?,
        })
    }
}

/// All that is agreed with a supplier: a good that is not named has no agreed price.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SupplierPricesBody {
    /// Each good at most once.
    pub prices: Vec<SupplierPriceBody>,
}
