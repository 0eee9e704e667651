//! Categories in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::types::{Category, CategoryCreate, CategoryList, CategoryUpdate, CategoryWithDishes};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Line, Name};
use crate::core::kernel::{Int, Text, Timestamp};
use crate::core::store::{Command, Filter, Tx, is_unique_violation};
use crate::features::menu::limits::MOST_CATEGORIES;
use crate::features::menu::store::{ensure_room, translations};
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;

const SELECT: &str = "SELECT id, name, description, image_url, sort_order, is_active, color, \
    featured, translations, created_at, updated_at FROM categories";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Category> {
    Ok(Category {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        image_url: row.get(3)?,
        sort_order: row.get(4)?,
        is_active: row.get(5)?,
        color: row.get(6)?,
        featured: row.get(7)?,
        translations: translations(row, 8)?,
        created_at: Timestamp(row.get(9)?),
        updated_at: Timestamp(row.get(10)?),
    })
}

pub fn list(db: &Connection, page: (i64, i64), active: Option<bool>) -> Result<CategoryList> {
    let filter = Filter::new("deleted_at IS NULL").and("is_active = ?", active);
    Ok(CategoryList {
        categories: filter.page(db, SELECT, "sort_order, id", page, from_row)?,
        total: filter.count(db, "categories")?,
    })
}

/// All categories, in the order of the menu.
pub fn all(db: &Connection) -> Result<Vec<Category>> {
    Ok(list(db, (0, MOST_CATEGORIES), None)?.categories)
}

/// A category that was not removed, else 404.
pub fn category(db: &Connection, id: i64) -> Result<Category> {
    db.prepare_cached(&format!("{SELECT} WHERE id = ?1 AND deleted_at IS NULL"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("category", id))
}

pub fn category_with_dishes(db: &Connection, id: i64) -> Result<CategoryWithDishes> {
    let category = category(db, id)?;
    let (dishes_count, active_dishes_count) = dishes_in(db, id)?;
    Ok(CategoryWithDishes { category, dishes_count, active_dishes_count })
}

/// How many dishes a category has, and how many of them are available.
fn dishes_in(db: &Connection, id: i64) -> Result<(i64, i64)> {
    Ok(db
        .prepare_cached(
            "SELECT count(*), coalesce(sum(is_available), 0) FROM dishes
             WHERE category_id = ?1 AND deleted_at IS NULL",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Adds a category.
pub struct CreateCategory {
    /// The category.
    pub category: CategoryCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateCategory {
    type Output = Category;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Category> {
        let new = self.category;
        ensure_room(tx, "categories", MOST_CATEGORIES)?;
        tx.execute(
            "INSERT INTO categories (name, description, image_url, sort_order, is_active, color,
                featured, translations, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
            params![
                &*new.name,
                new.description.and_then(Line::non_empty),
                new.image_url.and_then(Line::non_empty),
                new.sort_order.get(),
                new.is_active,
                new.color.and_then(Text::non_empty),
                new.featured,
                new.translations.to_json(),
                tx.now().0,
            ],
        )
        .map_err(|error| name_taken(error, &new.name))?;
        let id = tx.last_insert_rowid();
        tell(tx, self.by, MenuPart::Category, Some(id))?;
        category(tx, id)
    }
}

pub struct UpdateCategory {
    pub id: i64,
    pub changes: CategoryUpdate,
    pub by: i64,
}

impl Command for UpdateCategory {
    type Output = Category;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Category> {
        let old = category(tx, self.id)?;
        let new = self.changes;
        let name = new.name.map_or(old.name, Name::into_inner);
        tx.execute(
            "UPDATE categories SET name = ?2, description = ?3, image_url = ?4, sort_order = ?5,
                is_active = ?6, color = ?7, featured = ?8, translations = ?9, updated_at = ?10
             WHERE id = ?1",
            params![
                self.id,
                name,
                new.description.text_or(old.description),
                new.image_url.text_or(old.image_url),
                new.sort_order.map_or(old.sort_order, Int::get),
                new.is_active.unwrap_or(old.is_active),
                new.color.text_or(old.color),
                new.featured.unwrap_or(old.featured),
                new.translations.unwrap_or(old.translations).to_json(),
                tx.now().0,
            ],
        )
        .map_err(|error| name_taken(error, &name))?;
        tell(tx, self.by, MenuPart::Category, Some(self.id))?;
        category(tx, self.id)
    }
}

pub struct DeleteCategory {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteCategory {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let category = category(tx, self.id)?;
        let (dishes, _) = dishes_in(tx, self.id)?;
        if dishes > 0 {
            let name = category.name;
            let detail = format!(
                "“{name}” still has {dishes} dishes. Move them to another category or remove \
                 them first."
            );
            return Err(Error::rule("category_not_empty", detail)
                .with("name", name)
                .with("dishes", dishes));
        }
        tx.execute(
            "UPDATE categories SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1",
            params![self.id, tx.now().0],
        )?;
        tell(tx, self.by, MenuPart::Category, Some(self.id))
    }
}

fn name_taken(error: rusqlite::Error, name: &str) -> Error {
    if is_unique_violation(&error, "categories.name") {
        let detail = format!("There is already a category “{name}”. Choose another name.");
        return Error::rule("name_taken", detail).with("name", name);
    }
    error.into()
}
