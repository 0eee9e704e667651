//! A copy in memory of what an import reads and writes: for a dry run.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::core::error::Result;

/// What is copied, and which rows; all other tables stay empty. Orders only tell which tables are
/// in use.
const COPIED: [(&str, &str); 29] = [
    ("site", ""),
    ("tax_classes", ""),
    ("tax_rates", ""),
    ("users", ""),
    ("locations", ""),
    ("tables", ""),
    ("categories", ""),
    ("ingredients", ""),
    ("dishes", ""),
    ("dish_variations", ""),
    ("dish_ingredients", ""),
    ("variation_barcodes", ""),
    ("modifier_groups", ""),
    ("modifier_options", ""),
    ("option_ingredients", ""),
    ("dish_modifier_groups", ""),
    ("combo_parts", ""),
    ("combo_choices", ""),
    ("periods", ""),
    ("menu_times", ""),
    ("price_lists", ""),
    ("prices", ""),
    ("payment_methods", ""),
    ("adjustment_rules", ""),
    ("reasons", ""),
    ("house_accounts", ""),
    ("role_permissions", ""),
    ("user_permissions", ""),
    ("orders", "INDEXED BY orders_open WHERE closed_at IS NULL"),
];

/// Copies the schema and those rows.
///
/// # Errors
/// When the database cannot be read, or there is no memory.
pub(super) fn of(db: &Connection) -> Result<Connection> {
    let copy = Connection::open_in_memory()?;
    copy.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; BEGIN;")?;
    // Triggers come after the rows: they would count what was counted already.
    for kind in ["table", "index"] {
        make(db, &copy, kind)?;
    }
    for (table, rows) in COPIED {
        copy_rows(db, &copy, table, rows)?;
    }
    make(db, &copy, "trigger")?;
    copy.execute_batch("COMMIT;")?;
    Ok(copy)
}

fn make(db: &Connection, copy: &Connection, kind: &str) -> Result<()> {
    let mut statement = db.prepare(
        "SELECT sql FROM sqlite_schema
         WHERE type = ?1 AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
    )?;
    let mut rows = statement.query([kind])?;
    while let Some(row) = rows.next()? {
        copy.execute_batch(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
    }
    Ok(())
}

fn copy_rows(db: &Connection, copy: &Connection, table: &str, rows: &str) -> Result<()> {
    // Without generated columns, which nobody can write.
    let mut info = db.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    let names = info.query_map([table], |row| row.get(0))?;
    let columns = names.collect::<rusqlite::Result<Vec<String>>>()?.join(", ");
    let mut from = db.prepare(&format!("SELECT {columns} FROM {table} {rows}"))?;
    let marks = vec!["?"; from.column_count()].join(", ");
    let mut to = copy.prepare(&format!("INSERT INTO {table} ({columns}) VALUES ({marks})"))?;
    let count = from.column_count();
    let mut rows = from.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..count).map(|at| row.get::<_, Value>(at));
        to.execute(params_from_iter(values.collect::<rusqlite::Result<Vec<_>>>()?))?;
    }
    Ok(())
}
