//! Categories: what they are, and their table.

use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Course, Id, Line, Name, SortOrder};
use crate::core::kernel::{Int, Patch, Text, Timestamp, Translations};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, course, name_taken};
use crate::features::menu::limits::MOST_CATEGORIES;
use crate::features::menu::store::{ensure_room, translations};
use crate::features::menu::{tell, yes};
use crate::features::restaurant::MenuPart;
use crate::features::taxes;

/// A part of the menu.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Category {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub description: Option<String>,
    /// Picture.
    pub image_url: Option<String>,
    /// Where it stands on the menu: small numbers first.
    pub sort_order: i64,
    /// The dishes of an inactive one are not sold.
    pub is_active: bool,
    /// The colour that screens give it.
    pub color: Option<String>,
    /// Shown more prominently.
    pub featured: bool,
    /// Name and description in other languages.
    pub translations: Translations,
    /// How its dishes are taxed that say nothing else; none as is usual here.
    pub tax_class_id: Option<i64>,
    /// With which course its dishes usually come that say nothing else; none: as they are ready.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Option<Course>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A category and how much is in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryWithDishes {
    /// The category.
    #[serde(flatten)]
    pub category: Category,
    /// How many dishes it has.
    pub dishes_count: i64,
    /// How many of them are available.
    pub active_dishes_count: i64,
}

/// One page of categories.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryList {
    /// The page.
    pub categories: Vec<Category>,
    /// How many there are in all.
    pub total: i64,
}

/// A new category; see [`Category`].
#[derive(Debug, Deserialize, ToSchema)]
pub struct CategoryCreate {
    /// No two alike.
    pub name: Name,
    /// What is in it.
    pub description: Option<Line>,
    /// Picture.
    pub image_url: Option<Line>,
    /// Where it stands on the menu.
    #[serde(default)]
    #[schema(default = 0)]
    pub sort_order: SortOrder,
    /// Whether its dishes are sold.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
    /// The colour that screens give it.
    pub color: Option<Text<0, 10>>,
    /// Shown more prominently.
    #[serde(default)]
    pub featured: bool,
    /// Name and description in other languages.
    #[serde(default)]
    pub translations: Translations,
    /// How its dishes are taxed that say nothing else; none as is usual here.
    pub tax_class_id: Option<Id>,
    /// With which course its dishes usually come that say nothing else; none: as they are ready.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Option<Course>,
}

/// Changes to a category; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CategoryUpdate {
    /// No two alike.
    pub name: Option<Name>,
    /// What is in it.
    #[serde(default)]
    pub description: Patch<Line>,
    /// Picture.
    #[serde(default)]
    pub image_url: Patch<Line>,
    /// Where it stands on the menu.
    pub sort_order: Option<SortOrder>,
    /// Whether its dishes are sold.
    pub is_active: Option<bool>,
    /// The colour that screens give it.
    #[serde(default)]
    pub color: Patch<Text<0, 10>>,
    /// Shown more prominently.
    pub featured: Option<bool>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
    /// How its dishes are taxed that say nothing else; `null` as is usual here.
    #[serde(default)]
    pub tax_class_id: Patch<Id>,
    /// With which course its dishes usually come that say nothing else; `null`: as they are ready.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Patch<Course>,
}

pub const CATEGORIES: Repository<Category> = Repository {
    table: "categories",
    one: "category",
    columns: "id, name, description, image_url, sort_order, is_active, color, featured, \
        translations, created_at, updated_at, tax_class_id, course",
    order: "sort_order, id",
    unique: "name",
    taken: |name| name_taken("a category", name),
    from_row,
};

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
        tax_class_id: row.get(11)?,
        course: course(row, 12)?,
        created_at: Timestamp(row.get(9)?),
        updated_at: Timestamp(row.get(10)?),
    })
}

pub fn list(db: &Connection, page: (i64, i64), active: Option<bool>) -> Result<CategoryList> {
    let filter = Filter::default().and("is_active = ?", active);
    let (categories, total) = CATEGORIES.list(db, page, filter)?;
    Ok(CategoryList { categories, total })
}

/// All categories, in the order of the menu.
pub fn all(db: &Connection) -> Result<Vec<Category>> {
    Ok(list(db, (0, MOST_CATEGORIES), None)?.categories)
}

pub fn category_with_dishes(db: &Connection, id: i64) -> Result<CategoryWithDishes> {
    let category = CATEGORIES.get(db, id)?;
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
        taxes::check_class(tx, new.tax_class_id.map(Int::get), None)?;
        let columns = Columns::default()
            .set("name", new.name)
            .text("description", new.description)
            .text("image_url", new.image_url)
            .set("sort_order", new.sort_order)
            .set("is_active", new.is_active)
            .text("color", new.color)
            .set("featured", new.featured)
            .set("translations", new.translations)
            .maybe("tax_class_id", new.tax_class_id)
            .maybe("course", new.course);
        let id = CATEGORIES.insert(tx, &columns)?;
        tell(tx, self.by, MenuPart::Category, Some(id))?;
        CATEGORIES.get(tx, id)
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
        let old = CATEGORIES.get(tx, self.id)?;
        let new = self.changes;
        let tax_class = new.tax_class_id.clone().map(Int::get).or(old.tax_class_id);
        taxes::check_class(tx, tax_class, old.tax_class_id)?;
        let columns = Columns::default()
            .maybe("name", new.name)
            .patch_text("description", new.description)
            .patch_text("image_url", new.image_url)
            .maybe("sort_order", new.sort_order)
            .maybe("is_active", new.is_active)
            .patch_text("color", new.color)
            .maybe("featured", new.featured)
            .maybe("translations", new.translations)
            .patch("tax_class_id", new.tax_class_id)
            .patch("course", new.course);
        CATEGORIES.update(tx, self.id, &columns)?;
        tell(tx, self.by, MenuPart::Category, Some(self.id))?;
        CATEGORIES.get(tx, self.id)
    }
}

pub struct DeleteCategory {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteCategory {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let name = CATEGORIES.get(tx, self.id)?.name;
        let (dishes, _) = dishes_in(tx, self.id)?;
        if dishes > 0 {
            let detail = format!(
                "“{name}” still has {dishes} dishes. Move them to another category or remove \
                 them first."
            );
            return Err(Error::rule("category_not_empty", detail)
                .with("name", name)
                .with("dishes", dishes));
        }
        CATEGORIES.remove(tx, self.id)?;
        tell(tx, self.by, MenuPart::Category, Some(self.id))
    }
}
