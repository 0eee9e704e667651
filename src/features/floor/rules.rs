//! What may happen to tables and locations.

use super::{Location, Naming, Table};
use crate::core::error::{Error, Result};

/// A table with an open order stays as it is until the order is closed.
pub fn must_have_no_order(table: &Table) -> Result<()> {
    let Some(order_id) = table.current_order_id else { return Ok(()) };
    let name = &table.name;
    let detail = format!("Table {name} has an open order. Complete or cancel the order first.");
    let error = Error::rule("table_in_use", detail).with("number", table.number);
    Err(error.with("table", name.as_str()).with("order_id", order_id))
}

/// A party sits down where nobody sits.
pub fn must_be_free(table: &Table) -> Result<()> {
    if !table.is_occupied {
        return Ok(());
    }
    let name = &table.name;
    let detail = format!("Somebody sits at table {name}. Free it first, or choose another table.");
    let error = Error::conflict("table_taken", detail).with("table", name.as_str());
    Err(match table.current_order_id {
        Some(order_id) => error.with("order_id", order_id),
        None => error,
    })
}

/// The same for a location; `busy` is one of its tables with an open order.
pub fn must_have_no_orders(location: &Location, busy: Option<Naming>) -> Result<()> {
    let Some(busy) = busy else { return Ok(()) };
    let (name, table) = (&location.name, busy.label());
    let detail =
        format!("Table {table} in “{name}” has an open order. Complete or cancel the order first.");
    let error = Error::rule("location_in_use", detail).with("table", table);
    Err(error.with("name", name.as_str()).with("number", busy.number))
}

/// An active table needs an active location.
pub fn must_be_active(location: &Location) -> Result<()> {
    if location.is_active {
        return Ok(());
    }
    let name = &location.name;
    let detail = format!(
        "The location “{name}” is switched off, so its tables are too. Switch the location on first."
    );
    Err(Error::rule("location_inactive", detail).with("name", name.as_str()))
}

/// Nobody is seated at an inactive table.
pub fn must_be_in_use(table: &Table) -> Result<()> {
    if table.is_active {
        return Ok(());
    }
    let name = &table.name;
    let detail = format!("Table {name} is switched off. Switch it on first.");
    let error = Error::rule("table_inactive", detail).with("number", table.number);
    Err(error.with("table", name.as_str()))
}

/// A table has a whole place on the plan of its room, or none.
pub fn must_be_whole(place: (Option<i64>, Option<i64>)) -> Result<()> {
    match place {
        (Some(_), None) => Err(Error::invalid("y", "must be set together with x")),
        (None, Some(_)) => Err(Error::invalid("x", "must be set together with y")),
        _ => Ok(()),
    }
}
