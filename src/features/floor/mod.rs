//! The rooms and tables of the restaurant, and the QR codes that stand on the tables.

mod events;
mod feature;
mod integrity;
mod integrity_store;
mod locations_api;
mod locations_store;
mod naming_store;
mod open_orders;
mod plan_store;
mod printed_store;
mod qr_api;
mod rules;
mod seating_store;
mod sheet;
mod tables_api;
mod tables_store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::{Color, Id, Label, Line, Name};
use crate::core::kernel::{Int, Patch, Timestamp};

pub use events::{FloorPart, TableChange, TableChanged, ToldTable, floor_imported};
pub use feature::feature;
pub use locations_store::CreateLocation;
pub use naming_store::{Naming, table_label, table_named};
pub use seating_store::{seat_party, take_guests, vacate};
pub use tables_store::{
    CreateTable, check_in_use, first_table, new_qr_code, room_of, room_of_code, table, table_by_qr,
    tell_of,
};

/// A room, a terrace, a bar: where tables stand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Location {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// A short description.
    pub description: Option<String>,
    /// The color it has on screens, `#RRGGBB`.
    pub color: Option<String>,
    /// Nobody is seated in an inactive one.
    pub is_active: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Codes on tables that no longer lead to the box.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutdatedCodes {
    /// What new codes begin with; none where it depends on who asks.
    pub menu_base: Option<String>,
    /// The tables whose printed codes begin otherwise, by their address, newest first.
    pub outdated: Vec<OutdatedTables>,
}

/// Tables whose codes were printed with one address.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutdatedTables {
    /// The address that they lead to.
    pub menu_base: String,
    /// How many there are.
    pub tables: i64,
    /// When the last of them was printed.
    pub printed_at: Timestamp,
}

/// A location and how many tables stand in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationWithTables {
    /// The location.
    #[serde(flatten)]
    pub location: Location,
    /// How many tables stand in it, inactive ones too.
    pub tables_count: i64,
}

/// One page of locations.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationList {
    /// The page.
    pub locations: Vec<Location>,
    /// How many there are in all.
    pub total: i64,
}

/// A new location.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LocationCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// A short description.
    pub description: Option<Line>,
    /// The color it has on screens.
    pub color: Option<Color>,
    /// Whether guests can be seated there at once.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// Changes to a location; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LocationUpdate {
    /// What it is called; no two alike.
    pub name: Option<Name>,
    /// A short description.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub description: Patch<Line>,
    /// The color it has on screens.
    #[serde(default)]
    #[schema(value_type = Option<Color>)]
    pub color: Patch<Color>,
    /// Switching it off switches its tables off too.
    pub is_active: Option<bool>,
}

/// What people call a table: `A1`, `VIP`.
pub type TableName = Label<1, 12>;
/// How many guests sit at a table.
pub type Guests = Int<1, 99>;
/// The number of a table, by which it is called where it has no name.
pub type TableNumber = Int<1, { crate::core::kernel::fields::MAX_SAFE }>;
/// How many can sit at a table.
pub type Seats = Int<1, 20>;
/// A place along one side of a room's plan, in thousandths of the side.
pub type Thousandths = Int<0, 1000>;

/// How a table looks on the plan of its room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TableShape {
    /// Four equal sides.
    #[default]
    Square,
    /// A circle.
    Round,
    /// Twice as wide as deep.
    Wide,
}

impl TableShape {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::Round => "round",
            Self::Wide => "wide",
        }
    }

    /// The shape by its word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Square, Self::Round, Self::Wide].into_iter().find(|shape| shape.as_str() == word)
    }
}

/// A table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Table {
    /// Id.
    pub id: i64,
    /// Its number; a table with a name has one too.
    pub number: i64,
    /// What people call it: its name, or its number where it has none.
    pub name: String,
    /// How many can sit at it.
    pub seats: i64,
    /// Where it stands.
    pub location_id: Option<i64>,
    /// A short description.
    pub description: Option<String>,
    /// What its QR code carries; nobody can guess it.
    pub qr_code: String,
    /// Where its middle stands on the plan of its room, in thousandths of the plan's width; none
    /// where nobody has put it anywhere.
    pub x: Option<i64>,
    /// The same in thousandths of the plan's height; set when `x` is.
    pub y: Option<i64>,
    /// How it looks on the plan.
    pub shape: TableShape,
    /// Nobody is seated at an inactive one.
    pub is_active: bool,
    /// Whether somebody sits there: a waiter said so, or there is an open order.
    pub is_occupied: bool,
    /// The open order; the unpaid one if there are several.
    pub current_order_id: Option<i64>,
    /// How many guests were seated there and have not ordered yet, where somebody said so.
    pub guests: Option<i64>,
    /// How many phones sit there that read the bill only after a word from staff.
    pub phones_waiting: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of tables.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableList {
    /// The page.
    pub tables: Vec<Table>,
    /// How many there are in all.
    pub total: i64,
}

/// A new table.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TableCreate {
    /// Its number; no two alike. Left out beside a name, it is a free one.
    pub number: Option<TableNumber>,
    /// What people call it, no two alike; its number when left out. Needed where there is no number.
    pub name: Option<TableName>,
    /// How many can sit at it.
    pub seats: Seats,
    /// Where it stands.
    pub location_id: Option<Id>,
    /// A short description.
    pub description: Option<Line>,
    /// Where its middle stands on the plan of its room, in thousandths of the plan's width.
    pub x: Option<Thousandths>,
    /// The same in thousandths of the plan's height; only together with `x`.
    pub y: Option<Thousandths>,
    /// How it looks on the plan.
    #[serde(default)]
    pub shape: TableShape,
    /// An active table needs an active location, or none.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// Changes to a table; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TableUpdate {
    /// Its number; no two alike. A table that is called by its number is called by the new one.
    pub number: Option<TableNumber>,
    /// What people call it; no two alike.
    pub name: Option<TableName>,
    /// How many can sit at it.
    pub seats: Option<Seats>,
    /// Where it stands.
    #[serde(default)]
    #[schema(value_type = Option<Id>)]
    pub location_id: Patch<Id>,
    /// A short description.
    #[serde(default)]
    #[schema(value_type = Option<Line>)]
    pub description: Patch<Line>,
    /// Where its middle stands on the plan of its room, in thousandths of the plan's width.
    /// A table that moves to another room loses its place unless it is given a new one.
    #[serde(default)]
    #[schema(value_type = Option<Thousandths>)]
    pub x: Patch<Thousandths>,
    /// The same in thousandths of the plan's height; only together with `x`.
    #[serde(default)]
    #[schema(value_type = Option<Thousandths>)]
    pub y: Patch<Thousandths>,
    /// How it looks on the plan.
    pub shape: Option<TableShape>,
    /// An active table needs an active location, or none.
    pub is_active: Option<bool>,
}

/// Where one table stands on the plan of a room.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TablePlace {
    /// The table.
    pub id: Id,
    /// Its middle, in thousandths of the plan's width; `null` takes it off the plan.
    pub x: Option<Thousandths>,
    /// The same in thousandths of the plan's height; only together with `x`.
    pub y: Option<Thousandths>,
    /// How it looks on the plan; left out, it stays.
    pub shape: Option<TableShape>,
}

/// What a waiter sees with his own eyes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TableStatusUpdate {
    /// Whether somebody sits there.
    pub is_occupied: bool,
    /// How many they are; the table's next order takes the number over.
    pub guests: Option<Guests>,
}

/// Whose bill is shown to the phones that wait for it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BillShow {
    /// The open order that the person saw at the table.
    pub order_id: Id,
}

/// What the waiters say of a table beside what its orders say.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableSync {
    /// The table.
    pub table_id: i64,
    /// Whether somebody sits there: a waiter said so, or there is an open order.
    pub is_occupied: bool,
    /// The open order; the unpaid one if there are several.
    pub current_order_id: Option<i64>,
    /// Whether a waiter said that somebody sits there.
    pub is_seated: bool,
    /// How many open orders it has.
    pub open_orders: i64,
    /// False when it is marked as taken but has no open order.
    pub in_sync: bool,
}

/// An active table, as its guests know it.
#[derive(Debug, Clone)]
pub struct TableRow {
    /// Id.
    pub id: i64,
    /// Its number.
    pub number: i64,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub location_name: Option<String>,
}

fn yes() -> bool {
    true
}
