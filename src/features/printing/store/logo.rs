//! The restaurant's logo as it is printed: one row, or none.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use crate::core::error::{Error, Result};
use crate::core::store::{Command, Tx};
use crate::features::printing::paper::Bitmap;
use crate::platform::audit;

/// The logo; none where there is none.
///
/// # Errors
/// When the database cannot be read.
pub fn logo(db: &Connection) -> Result<Option<Bitmap>> {
    let sql = "SELECT width, dots FROM paper_logo WHERE id = 1";
    let row = db.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)));
    let whole = |(width, dots): (i64, Vec<u8>)| Bitmap::of(usize::try_from(width).ok()?, dots);
    Ok(row.optional()?.and_then(whole))
}

/// Sets the logo, or takes it away.
pub struct SetLogo {
    /// As dots.
    pub logo: Option<Bitmap>,
    /// Who.
    pub by: i64,
}

impl Command for SetLogo {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let had = tx.execute("DELETE FROM paper_logo", [])? > 0;
        if let Some(logo) = &self.logo {
            let sql = "INSERT INTO paper_logo (id, width, dots, updated_at) VALUES (1, ?1, ?2, ?3)";
            let width = i64::try_from(logo.width()).map_err(Error::internal)?;
            tx.execute(sql, (width, logo.bytes(), tx.now().0))?;
        }
        let size = self.logo.map_or(Value::Null, |logo| json!({"height": logo.height()}));
        let before = if had { json!({}) } else { Value::Null };
        audit::note(tx, Some(self.by), "logo_changed", ("restaurant", None), (before, size))
    }
}
