//! Why something was taken off, cancelled, given back or given away: the reasons that screens offer.

mod api;
mod doctor;
mod feature;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Translations;
use crate::core::kernel::fields::Name;

pub use feature::feature;
pub use store::{next_place, replace_untouched};

crate::words! {
    /// What a reason is for.
    pub enum ReasonKind as ReasonKind {
        /// A line is taken off.
        Void = "VOID",
        /// An order is cancelled.
        Cancel = "CANCEL",
        /// Money is given back.
        Refund = "REFUND",
        /// Something is on the house.
        Comp = "COMP",
        /// A discount is given.
        Discount = "DISCOUNT",
        /// A check that was presented is taken back.
        Reopen = "REOPEN",
    }
}

/// A reason that a screen offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// Id.
    pub id: i64,
    /// What it is for.
    pub kind: ReasonKind,
    /// Its words, in the main language.
    pub name: String,
    /// The same in other languages.
    pub translations: Translations,
    /// Whether what was made goes to waste.
    pub is_waste: bool,
    /// Its place among those of its kind.
    pub sort_order: i64,
}

/// A new reason.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReasonCreate {
    /// What it is for.
    pub kind: ReasonKind,
    /// Its words, in the main language; no two alike of a kind.
    pub name: Name,
    /// The same in other languages.
    #[serde(default)]
    pub translations: Translations,
    /// Whether what was made goes to waste.
    #[serde(default)]
    pub is_waste: bool,
}

/// Changes to a reason; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReasonUpdate {
    /// Its words, in the main language; no two alike of a kind.
    pub name: Option<Name>,
    /// The same in other languages.
    pub translations: Option<Translations>,
    /// Whether what was made goes to waste.
    pub is_waste: Option<bool>,
}
