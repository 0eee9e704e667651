//! What is told of rooms and tables.

use serde::{Deserialize, Serialize};

use super::{Table, TableShape};
use crate::core::error::Result;
use crate::core::event::{Audience, Kind, NewEvent, Payload, Thing};
use crate::core::kernel::Timestamp;

/// Tables, rooms or who sits where changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TableChanged {
    /// Of what.
    pub what: FloorPart,
    /// The table or the room; none where several came with a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// What happened to the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<TableChange>,
    /// The table as it is now; none when it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<ToldTable>,
}

impl Payload for TableChanged {
    const KIND: Kind = Kind::TableChanged;
    const AUDIENCE: Audience = Audience::STAFF;
}

/// Which part of the floor changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FloorPart {
    /// One table.
    Table,
    /// A room, and perhaps all tables in it.
    Location,
    /// Whatever a file said.
    Import,
}

/// What happened to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableChange {
    /// It is new.
    Added,
    /// Its number, its place or the like is another, or it was switched on or off.
    Changed,
    /// It is gone.
    Removed,
    /// A waiter said that somebody sits there.
    Seated,
    /// Its guests have left.
    Freed,
    /// Phones that were silent for long have left; the others stay.
    PhonesLeft,
    /// A bill was opened, and phones that were there before wait to see it; or one sits down again.
    PhonesWait,
    /// Staff have shown the bill to phones that waited.
    PhonesShown,
    /// An order, or lines of one, came or went.
    OrderMoved,
    /// Its QR code is a new one.
    CodeRenewed,
}

/// A table as screens show it: all but its code, which opens it to guests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ToldTable {
    /// The number that stands on it.
    pub number: i64,
    /// What people call it.
    pub name: String,
    /// How many can sit at it.
    pub seats: i64,
    /// Where it stands.
    pub location_id: Option<i64>,
    /// A short description.
    pub description: Option<String>,
    /// Where its middle stands on the plan of its room.
    pub x: Option<i64>,
    /// The same downwards.
    pub y: Option<i64>,
    /// How it looks on the plan.
    pub shape: TableShape,
    /// Nobody is seated at an inactive one.
    pub is_active: bool,
    /// Whether somebody sits there.
    pub is_occupied: bool,
    /// The open order; the unpaid one if there are several.
    pub current_order_id: Option<i64>,
    /// How many sit there and have no order yet, where somebody counted them.
    pub guests: Option<i64>,
    /// How many phones wait to see the bill.
    #[serde(default)]
    pub phones_waiting: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl From<Table> for ToldTable {
    fn from(table: Table) -> Self {
        Self {
            number: table.number,
            name: table.name,
            seats: table.seats,
            location_id: table.location_id,
            description: table.description,
            x: table.x,
            y: table.y,
            shape: table.shape,
            is_active: table.is_active,
            is_occupied: table.is_occupied,
            current_order_id: table.current_order_id,
            guests: table.guests,
            phones_waiting: table.phones_waiting,
            updated_at: table.updated_at,
        }
    }
}

/// Something happened to one table; `table` is none when it was removed.
pub fn table_changed(
    id: i64,
    change: TableChange,
    table: Option<Table>,
    by: Option<i64>,
) -> Result<NewEvent> {
    let table = table.map(ToldTable::from);
    let details =
        TableChanged { what: FloorPart::Table, id: Some(id), change: Some(change), table };
    let event = NewEvent::new(Thing::Table.with(id), by, &details)?;
    let audience = match change {
        TableChange::PhonesWait | TableChange::PhonesShown => {
            event.audience.and(Audience::TABLE_GUESTS)
        }
        _ => event.audience,
    };
    Ok(NewEvent { table_id: Some(id), audience, ..event })
}

/// A room changed, or tables in it.
pub fn location_changed(id: i64, by: Option<i64>) -> Result<NewEvent> {
    let details =
        TableChanged { what: FloorPart::Location, id: Some(id), change: None, table: None };
    NewEvent::new(Thing::Location.with(id), by, &details)
}

/// A file brought rooms and tables.
///
/// # Errors
/// When the event cannot be written.
pub fn floor_imported() -> Result<NewEvent> {
    let details = TableChanged { what: FloorPart::Import, id: None, change: None, table: None };
    NewEvent::new(Thing::Table.any(), None, &details)
}
