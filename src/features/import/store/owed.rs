//! What has to hold once all of a file is in, for until then things may be half changed: of two sizes that
//! swap their SKUs the first takes the other's, which gets its own further on.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

use super::done::Owed;
use super::importer::Importer;
use crate::core::error::{Error, Result};
use crate::core::store::Columns;
use crate::features::import::content::Variation;
use crate::features::menu;

/// The columns in which no two rows of a table are alike, and which may be empty.
fn codes(table: &str) -> &'static [&'static str] {
    match table {
        "dishes" => &["external_id", "code"],
        "dish_variations" => &["external_id", "sku"],
        "modifier_groups" | "modifier_options" => &["external_id"],
        _ => &[],
    }
}

impl Importer<'_, '_> {
    /// Lets a row have the codes that the file says it has, also where another one has them still.
    pub(super) fn take_over(
        &mut self,
        place: &str,
        table: &'static str,
        row: Option<i64>,
        columns: &Columns,
    ) -> Result<()> {
        for &column in codes(table) {
            let Some(said) = columns.value(column) else { continue };
            if let Some(row) = row {
                self.pay(table, column, row);
            }
            let Value::Text(code) = said else { continue };
            let sql = format!(
                "SELECT id, name FROM {table}
                 WHERE {column} = ?1 AND deleted_at IS NULL AND id IS NOT ?2"
            );
            let holder = self
                .tx
                .prepare_cached(&sql)?
                .query_row(params![code, row], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
                .optional()?;
            let Some((holder, name)) = holder else { continue };
            let message = format!("is “{code}”, which “{name}” has already");
            let place = format!("{place}.{column}");
            self.owe_code(place, (table, column, holder), message)?;
            let free = format!("UPDATE {table} SET {column} = NULL, updated_at = ?2 WHERE id = ?1");
            self.tx.prepare_cached(&free)?.execute([holder, self.tx.now().0])?;
        }
        Ok(())
    }

    /// The same of the barcodes of a size. Says whether some were taken off this one before.
    pub(super) fn take_over_barcodes(
        &mut self,
        place: &str,
        size: Option<i64>,
        new: &Variation,
    ) -> Result<bool> {
        let Some(codes) = &new.barcodes else { return Ok(false) };
        let was_less = size.is_some_and(|size| self.pay("dish_variations", "barcodes", size));
        for code in codes {
            let Some((holder, dish, name)) = menu::barcode_holder(self.tx, code)? else { continue };
            if Some(holder) == size {
                continue;
            }
            let message = format!("is “{code}”, which “{dish}”, {name}, has already");
            let place = format!("{place}.barcodes");
            self.owe_code(place, ("dish_variations", "barcodes", holder), message)?;
            let free = "DELETE FROM variation_barcodes WHERE code = ?1";
            self.tx.prepare_cached(free)?.execute([&**code])?;
        }
        Ok(was_less)
    }

    /// A code goes over to another row: refused where the file has spoken of its holder before, and left it.
    pub(super) fn owe_code(
        &mut self,
        place: String,
        (table, column, row): (&'static str, &'static str, i64),
        message: String,
    ) -> Result<()> {
        if self.done.seen.contains(&(table, row)) {
            return Err(Error::invalid(place, message));
        }
        let place = self.file.lines.name(&place);
        self.done.owed.push(Owed::Code { table, column, row, place, message });
        Ok(())
    }

    /// The file says itself what a row has in a column. Says whether that was owed.
    pub(super) fn pay(&mut self, table: &str, column: &str, row: i64) -> bool {
        let before = self.done.owed.len();
        self.done.owed.retain(|owed| {
            !matches!(owed, Owed::Code { table: t, column: c, row: r, .. }
                if (*t, *c, *r) == (table, column, row))
        });
        self.done.owed.len() < before
    }

    /// Looks at all that is owed; what does not hold is noted.
    pub(super) fn settle(&mut self) -> Result<()> {
        self.check_numbers()?;
        for owed in std::mem::take(&mut self.done.owed) {
            let (place, wrong) = match owed {
                Owed::Code { place, message, .. } => (place, Some(message)),
                Owed::Choices { group, place } => {
                    (place, refusal(menu::ensure_choices(self.tx, group))?)
                }
                Owed::Weighed { size, place } => {
                    (place, refusal(menu::ensure_by_piece(self.tx, size))?)
                }
            };
            if let Some(message) = wrong {
                self.done.wrong.note(place, message);
            }
        }
        Ok(())
    }
}

/// What is said where something does not hold.
fn refusal(outcome: Result<()>) -> Result<Option<String>> {
    match outcome {
        Ok(()) => Ok(None),
        Err(error) if error.status() < 500 => Ok(Some(error.problem().detail.clone())),
        Err(error) => Err(error),
    }
}
