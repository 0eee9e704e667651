//! To which address the tables' codes led when they were printed, in SQL.

use rusqlite::{Connection, params};

use super::tables_store::cards;
use super::{OutdatedCodes, OutdatedTables};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Priority, Tx};

/// So many addresses that led elsewhere are told.
const MOST: i64 = 10;

/// Notes that the codes on a sheet are printed with this address.
pub struct NotePrinted {
    pub location_id: Option<i64>,
    pub menu_base: String,
}

impl Command for NotePrinted {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let now = clock::now();
        for card in cards(tx, self.location_id)? {
            tx.prepare_cached(
                "INSERT INTO printed_codes (table_id, menu_base, printed_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (table_id) DO UPDATE SET menu_base = ?2, printed_at = ?3",
            )?
            .execute(params![card.table_id, self.menu_base, now.0])?;
        }
        Ok(())
    }
}

/// The tables whose printed codes lead elsewhere than to this address.
pub fn outdated(db: &Connection, menu_base: &str) -> Result<OutdatedCodes> {
    let mut select = db.prepare_cached(
        "SELECT p.menu_base, count(*), max(p.printed_at)
         FROM printed_codes p JOIN tables t ON t.id = p.table_id
         WHERE p.menu_base <> ?1 AND t.is_active AND t.deleted_at IS NULL
         GROUP BY p.menu_base ORDER BY max(p.printed_at) DESC LIMIT ?2",
    )?;
    let rows = select.query_map(params![menu_base, MOST], |row| {
        Ok(OutdatedTables {
            menu_base: row.get(0)?,
            tables: row.get(1)?,
            printed_at: Timestamp(row.get(2)?),
        })
    })?;
    let outdated = rows.collect::<Result<_, _>>()?;
    Ok(OutdatedCodes { menu_base: Some(menu_base.to_owned()), outdated })
}
