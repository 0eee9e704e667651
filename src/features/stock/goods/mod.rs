//! Goods: what is bought, made and taken, each counted in one unit.

mod api;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amount::{AboveZero, Amount};
use crate::core::kernel::fields::{Id, Name};
use crate::core::kernel::{Money, Patch, Timestamp};
use crate::features::menu::Barcode;
use crate::words;

pub(super) use api::router;
pub(super) use store::{CreateGood, GOODS, UpdateGood, check_good, packed, read};

/// A good has no more packs than this.
const MOST_PACKS: usize = 50;

/// In what a good is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BaseUnit {
    /// Grams.
    G,
    /// Millilitres.
    Ml,
    /// Pieces.
    Pc,
}

impl BaseUnit {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::G => "g",
            Self::Ml => "ml",
            Self::Pc => "pc",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::G, Self::Ml, Self::Pc].into_iter().find(|unit| unit.as_str() == word)
    }

    /// Thousandths in what people name a price of: a kilogram, a litre, a piece.
    pub fn priced(self) -> i64 {
        match self {
            Self::G | Self::Ml => 1_000_000,
            Self::Pc => 1_000,
        }
    }
}

words! {
    /// What sort of good it is.
    pub enum GoodKind as StockGoodKind {
        /// It is cooked with.
        Raw = "RAW",
        /// It is made here, of others.
        Prep = "PREP",
        /// It is sold as it is bought.
        Resale = "RESALE",
    }
}

words! {
    /// What is done when a good runs out.
    pub enum Watch as StockWatch {
        /// Nothing.
        Off = "OFF",
        /// What cannot be made of it is on the stop-list, from the next move of goods on.
        Stop = "STOP",
    }
}

/// A good.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StockGood)]
pub struct Good {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// In what it is counted.
    pub base_unit: BaseUnit,
    /// What sort it is.
    pub kind: GoodKind,
    /// Whether it is made by a document before it is needed.
    pub made_in_advance: bool,
    /// What is done when it runs out.
    pub watch: Watch,
    /// To be bought again from here down.
    pub low_at: Option<Amount>,
    /// The ingredient of the menu that it is: guests read its allergens there.
    pub ingredient_id: Option<i64>,
    /// In what it is bought.
    pub packs: Vec<Pack>,
    /// How much there is; below 0 where more went than was known to be there.
    pub quantity: Amount,
    /// What that is worth.
    pub value: Money,
    /// What a kilogram, a litre or a piece costs by the moving average; null while nobody bought any.
    pub unit_cost: Option<Money>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a good is bought in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StockPack)]
pub struct Pack {
    /// Id.
    pub id: i64,
    /// What it is called: bottle, box.
    pub name: String,
    /// Its barcode.
    pub barcode: Option<String>,
    /// How much is in it.
    pub quantity: Amount,
}

/// One page of goods, by name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockGoodList)]
pub struct GoodList {
    /// The page.
    pub goods: Vec<Good>,
    /// How many there are in all.
    pub total: i64,
}

/// A new good.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = StockGoodCreate)]
pub struct GoodCreate {
    /// What it is called.
    pub name: Name,
    /// In what it is counted, for ever.
    pub base_unit: BaseUnit,
    /// What sort it is; `RAW` when left out.
    pub kind: Option<GoodKind>,
    /// Whether it is made by a document before it is needed; not when left out.
    #[serde(default)]
    pub made_in_advance: bool,
    /// What is done when it runs out; nothing when left out.
    pub watch: Option<Watch>,
    /// To be bought again from here down.
    pub low_at: Option<Amount>,
    /// The ingredient of the menu that it is.
    pub ingredient_id: Option<Id>,
    /// In what it is bought.
    #[serde(default)]
    pub packs: Vec<PackBody>,
}

/// Changes of a good; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StockGoodUpdate)]
pub struct GoodUpdate {
    /// What it is called.
    pub name: Option<Name>,
    /// What sort it is.
    pub kind: Option<GoodKind>,
    /// Whether it is made by a document before it is needed.
    pub made_in_advance: Option<bool>,
    /// What is done when it runs out.
    pub watch: Option<Watch>,
    /// To be bought again from here down; `null`: nobody says.
    #[serde(default)]
    #[schema(value_type = Option<Amount>)]
    pub low_at: Patch<Amount>,
    /// The ingredient of the menu that it is; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub ingredient_id: Patch<Id>,
    /// All of its packs: those with an `id` stay, the others are new, and what is not named goes.
    pub packs: Option<Vec<PackBody>>,
}

/// A pack as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = StockPackBody)]
pub struct PackBody {
    /// Which one; a new one without it.
    pub id: Option<i64>,
    /// What it is called.
    pub name: Name,
    /// Its barcode; no two alike.
    pub barcode: Option<Barcode>,
    /// How much is in it.
    #[schema(value_type = Amount)]
    pub quantity: AboveZero,
}

impl PackBody {
    /// A pack as it is; none where it could not be written so today.
    pub(super) fn of(pack: &Pack) -> Option<Self> {
        Some(Self {
            id: Some(pack.id),
            name: Name::new(&pack.name).ok()?,
            barcode: pack.barcode.as_deref().and_then(|code| Barcode::new(code).ok()),
            quantity: AboveZero::new(pack.quantity)?,
        })
    }
}
