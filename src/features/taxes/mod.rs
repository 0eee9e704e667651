//! How things are taxed: classes of taxes, each with the rates that it had, has and will have.

mod api;
mod doctor;
mod feature;
mod rules;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::Name;
use crate::core::kernel::{Day, TaxRate, Translations};

pub use feature::feature;
pub use rules::{Eaten, LineTax, TaxesOfDay};
pub use store::{
    check_class, class_named, on_day, rates_of, set_usual_rate, usual_rate, write_rates,
};

crate::words! {
    /// Where the tax of a class stands.
    pub enum TaxKind as TaxKind {
        /// In the price.
        Included = "INCLUDED",
        /// Beside the price: the guest pays it on top.
        Added = "ADDED",
    }
}

/// A class of taxes, with its rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaxClass {
    /// Id.
    pub id: i64,
    /// What it is called, in the main language.
    pub name: String,
    /// The same in other languages.
    pub translations: Translations,
    /// Whether the tax is in the price or beside it.
    pub kind: TaxKind,
    /// Whether it is offered for dishes and categories. Those that have it keep it.
    pub is_active: bool,
    /// Its rates, the oldest first; that one holds before all others.
    pub rates: Vec<ClassRate>,
    /// How many dishes and categories name it.
    pub used_by: i64,
}

/// A rate of a class, from a day on until the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClassRate {
    /// The first day on which it holds; none for the one that holds before all others.
    pub valid_from: Option<Day>,
    /// In percent; "0" for no tax.
    pub percent: TaxRate,
    /// Of what guests take away, where that is another.
    #[serde(default)]
    pub takeaway_percent: Option<TaxRate>,
    /// Of what is delivered, where that is another.
    #[serde(default)]
    pub delivery_percent: Option<TaxRate>,
}

/// A new class.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TaxClassCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// The same in other languages.
    #[serde(default)]
    pub translations: Translations,
    /// Whether the tax is in the price or beside it.
    pub kind: TaxKind,
    /// Its rates: one without a day, and one for each day on which it changes.
    #[schema(min_items = 1, max_items = 50)]
    pub rates: Vec<ClassRate>,
}

/// Changes to a class; what is left out stays. What was ordered keeps the rate that it was ordered
/// with.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TaxClassUpdate {
    /// What it is called; no two alike.
    pub name: Option<Name>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
    /// Whether the tax is in the price or beside it.
    pub kind: Option<TaxKind>,
    /// Whether it is offered for dishes and categories.
    pub is_active: Option<bool>,
    /// Takes the place of all rates.
    #[schema(min_items = 1, max_items = 50)]
    pub rates: Option<Vec<ClassRate>>,
}
