//! Which photos something shows.

use std::collections::HashSet;

use rusqlite::Connection;

use super::folder::hash_in;
use crate::core::error::Result;

/// The hashes of all photos that the menu, the staff and invoices show. A closed order shows its dishes'
/// photos while the dishes do.
pub fn shown(db: &Connection) -> Result<HashSet<String>> {
    let mut statement = db.prepare(
        "SELECT main_image_url FROM dishes WHERE deleted_at IS NULL
         UNION SELECT image_url FROM categories WHERE deleted_at IS NULL
         UNION SELECT image_url FROM dish_variations WHERE deleted_at IS NULL
         UNION SELECT image_url FROM modifier_options WHERE deleted_at IS NULL
         UNION SELECT avatar_url FROM users WHERE deleted_at IS NULL
         UNION SELECT photo_url FROM stock_documents
               WHERE photo_url IS NOT NULL AND deleted_at IS NULL",
    )?;
    let mut rows = statement.query([])?;
    let mut shown = HashSet::new();
    while let Some(row) = rows.next()? {
        let url = row.get::<_, Option<String>>(0)?.unwrap_or_default();
        // With or without the box's own address before it.
        let name = url.rsplit_once("/uploads/").map_or("", |(_, name)| name);
        shown.extend(hash_in(name).map(str::to_owned));
    }
    Ok(shown)
}
