//! Ingredients: what they are, their table, and which dishes have them.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Comment, Id, Name};
use crate::core::kernel::{Patch, Timestamp, Translations};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken};
use crate::features::menu::limits::MOST_INGREDIENTS;
use crate::features::menu::store::{ensure_room, translations};
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;

/// How many ingredients one dish or option may have.
const MOST_OF_ONE: usize = 100;

/// What is made of ingredients.
#[derive(Debug, Clone, Copy)]
pub enum MadeOf {
    /// Dishes.
    Dishes,
    /// Options of dishes.
    Options,
}

impl MadeOf {
    /// The table that links them, and its column of what is linked.
    fn links(self) -> (&'static str, &'static str) {
        match self {
            Self::Dishes => ("dish_ingredients", "dish_id"),
            Self::Options => ("option_ingredients", "option_id"),
        }
    }
}

/// An ingredient.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ingredient {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Whether some guests must not eat it.
    pub is_allergen: bool,
    /// Name and description in other languages.
    pub translations: Translations,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// An allergen of a dish.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Allergen {
    /// The ingredient's id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Name and description in other languages.
    pub translations: Translations,
}

/// What a dish or an option is made of.
#[derive(Debug, Default)]
pub struct Ingredients {
    pub ids: Vec<i64>,
    pub allergens: Vec<Allergen>,
}

/// One page of ingredients.
#[derive(Debug, Serialize, ToSchema)]
pub struct IngredientList {
    /// The page.
    pub ingredients: Vec<Ingredient>,
    /// How many there are in all.
    pub total: i64,
}

/// A new ingredient; see [`Ingredient`].
#[derive(Debug, Deserialize, ToSchema)]
pub struct IngredientCreate {
    /// No two alike.
    pub name: Name,
    /// More about it.
    pub description: Option<Comment>,
    /// Whether some guests must not eat it.
    #[serde(default)]
    pub is_allergen: bool,
    /// Name and description in other languages.
    #[serde(default)]
    pub translations: Translations,
}

/// Changes to an ingredient; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct IngredientUpdate {
    /// No two alike.
    pub name: Option<Name>,
    /// More about it.
    #[serde(default)]
    pub description: Patch<Comment>,
    /// Whether some guests must not eat it.
    pub is_allergen: Option<bool>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
}

pub const INGREDIENTS: Repository<Ingredient> = Repository {
    table: "ingredients",
    one: "ingredient",
    columns: "id, name, description, is_allergen, translations, created_at, updated_at",
    order: "name, id",
    unique: "name",
    taken: |name| name_taken("an ingredient", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<Ingredient> {
    Ok(Ingredient {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        is_allergen: row.get(3)?,
        translations: translations(row, 4)?,
        created_at: Timestamp(row.get(5)?),
        updated_at: Timestamp(row.get(6)?),
    })
}

pub fn list(
    db: &Connection,
    page: (i64, i64),
    allergen: Option<bool>,
    search: Option<&str>,
) -> Result<IngredientList> {
    let filter = Filter::default()
        .and("is_allergen = ?", allergen)
        .containing(&["name", "description"], search);
    let (ingredients, total) = INGREDIENTS.list(db, page, filter)?;
    Ok(IngredientList { ingredients, total })
}

/// What each of some dishes or options is made of; one without ingredients is not in the map.
pub fn ingredients_of(
    db: &Connection,
    what: MadeOf,
    ids: &[i64],
) -> Result<HashMap<i64, Ingredients>> {
    let (table, of) = what.links();
    let mut statement = db.prepare_cached(&format!(
        "SELECT l.{of}, i.id, i.name, i.is_allergen, i.translations
         FROM {table} l JOIN ingredients i ON i.id = l.ingredient_id
         WHERE l.{of} IN (SELECT value FROM json_each(?1))
         ORDER BY i.name, i.id"
    ))?;
    let mut rows = statement.query([serde_json::to_string(ids).unwrap_or_default()])?;
    let mut found = HashMap::<_, Ingredients>::new();
    while let Some(row) = rows.next()? {
        let of_one = found.entry(row.get(0)?).or_default();
        let id = row.get(1)?;
        of_one.ids.push(id);
        if row.get(3)? {
            let translations = translations(row, 4)?;
            of_one.allergens.push(Allergen { id, name: row.get(2)?, translations });
        }
    }
    Ok(found)
}

/// Makes a dish or an option consist of these ingredients and no others.
pub fn set_ingredients(
    tx: &Tx<'_>,
    (what, of_id): (MadeOf, i64),
    ingredients: &BTreeSet<Id>,
) -> Result<()> {
    if ingredients.len() > MOST_OF_ONE {
        let message = format!("must have at most {MOST_OF_ONE} ingredients");
        return Err(Error::invalid("ingredient_ids", message));
    }
    let (table, of) = what.links();
    tx.execute(&format!("DELETE FROM {table} WHERE {of} = ?1"), [of_id])?;
    for id in ingredients {
        let added = tx
            .prepare_cached(&format!(
                "INSERT INTO {table} ({of}, ingredient_id)
                 SELECT ?1, id FROM ingredients WHERE id = ?2 AND deleted_at IS NULL"
            ))?
            .execute([of_id, id.get()])?;
        if added == 0 {
            return Err(Error::not_found("ingredient", id.get()));
        }
    }
    Ok(())
}

/// Adds an ingredient.
pub struct CreateIngredient {
    /// The ingredient.
    pub ingredient: IngredientCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateIngredient {
    type Output = Ingredient;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Ingredient> {
        let new = self.ingredient;
        ensure_room(tx, "ingredients", MOST_INGREDIENTS)?;
        let columns = Columns::default()
            .set("name", new.name)
            .text("description", new.description)
            .set("is_allergen", new.is_allergen)
            .set("translations", new.translations);
        let id = INGREDIENTS.insert(tx, &columns)?;
        tell(tx, self.by, MenuPart::Ingredient, Some(id))?;
        INGREDIENTS.get(tx, id)
    }
}

pub struct UpdateIngredient {
    pub id: i64,
    pub changes: IngredientUpdate,
    pub by: i64,
}

impl Command for UpdateIngredient {
    type Output = Ingredient;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Ingredient> {
        INGREDIENTS.get(tx, self.id)?;
        let new = self.changes;
        let columns = Columns::default()
            .maybe("name", new.name)
            .patch_text("description", new.description)
            .maybe("is_allergen", new.is_allergen)
            .maybe("translations", new.translations);
        INGREDIENTS.update(tx, self.id, &columns)?;
        tell(tx, self.by, MenuPart::Ingredient, Some(self.id))?;
        INGREDIENTS.get(tx, self.id)
    }
}

pub struct DeleteIngredient {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteIngredient {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        INGREDIENTS.get(tx, self.id)?;
        for what in [MadeOf::Dishes, MadeOf::Options] {
            let (table, _) = what.links();
            tx.execute(&format!("DELETE FROM {table} WHERE ingredient_id = ?1"), [self.id])?;
        }
        INGREDIENTS.remove(tx, self.id)?;
        tell(tx, self.by, MenuPart::Ingredient, Some(self.id))
    }
}
