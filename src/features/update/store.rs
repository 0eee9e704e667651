//! What an update asks of the database.

use std::path::Path;

use super::state::Held;
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::Zone;
use crate::core::store::open_for_look;

/// How busy the house is.
#[derive(Debug)]
pub struct House {
    pub open_orders: i64,
    /// The hour of the day, in the restaurant's time.
    pub hour: u8,
}

pub fn house(data: &Path) -> Result<House> {
    let db = open_for_look(data)?;
    let sql = "SELECT count(*) FROM (SELECT 1 FROM orders WHERE closed_at IS NULL LIMIT 1000)";
    let open_orders = db.query_row(sql, [], |row| row.get(0))?;
    let zone: Option<String> = db
        .prepare("SELECT timezone FROM site")?
        .query_map([], |row| row.get(0))?
        .next()
        .transpose()?;
    let now = clock::now();
    let zone = zone.and_then(|name| Zone::named(&name).ok());
    // By the clock on the wall, also in a night of 23 or 25 hours.
    let zone = zone.or_else(|| Zone::named("UTC").ok());
    let hour = zone.map_or(0, |zone| zone.hour_of(now));
    Ok(House { open_orders, hour: u8::try_from(hour).unwrap_or(0) })
}

/// A database as its files stand.
pub struct Standing {
    pub schema: i64,
    pub held: Held,
}

/// Reads it, of whatever version it is.
pub fn standing(data: &Path) -> Result<Standing> {
    let db = open_for_look(data)?;
    let orders = db.query_row("SELECT count(*) FROM orders", [], |row| row.get(0))?;
    Ok(Standing { schema: crate::core::store::schema_of(data)?, held: Held { orders } })
}
