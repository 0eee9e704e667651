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

/// How many ingredients one dish may have.
const MOST_OF_A_DISH: usize = 100;

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

/// What one dish is made of.
#[derive(Debug, Default)]
pub struct DishIngredients {
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

/// What each of some dishes is made of; a dish without ingredients is not in the map.
pub fn ingredients_of(db: &Connection, dishes: &[i64]) -> Result<HashMap<i64, DishIngredients>> {
    let mut statement = db.prepare_cached(
        "SELECT l.dish_id, i.id, i.name, i.is_allergen, i.translations
         FROM dish_ingredients l JOIN ingredients i ON i.id = l.ingredient_id
         WHERE l.dish_id IN (SELECT value FROM json_each(?1))
         ORDER BY i.name, i.id",
    )?;
    let mut rows = statement.query([serde_json::to_string(dishes).unwrap_or_default()])?;
    let mut found = HashMap::<_, DishIngredients>::new();
    while let Some(row) = rows.next()? {
        let of_dish = found.entry(row.get(0)?).or_default();
        let id = row.get(1)?;
        of_dish.ids.push(id);
        if row.get(3)? {
            let translations = translations(row, 4)?;
            of_dish.allergens.push(Allergen { id, name: row.get(2)?, translations });
        }
    }
    Ok(found)
}

/// Makes a dish consist of these ingredients and no others.
pub fn set_ingredients(tx: &Tx<'_>, dish_id: i64, ingredients: &BTreeSet<Id>) -> Result<()> {
    if ingredients.len() > MOST_OF_A_DISH {
        let message = format!("must have at most {MOST_OF_A_DISH} ingredients");
        return Err(Error::invalid("ingredient_ids", message));
    }
    tx.execute("DELETE FROM dish_ingredients WHERE dish_id = ?1", [dish_id])?;
    for id in ingredients {
        let added = tx
            .prepare_cached(
                "INSERT INTO dish_ingredients (dish_id, ingredient_id)
                 SELECT ?1, id FROM ingredients WHERE id = ?2 AND deleted_at IS NULL",
            )?
            .execute([dish_id, id.get()])?;
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
        tx.execute("DELETE FROM dish_ingredients WHERE ingredient_id = ?1", [self.id])?;
        INGREDIENTS.remove(tx, self.id)?;
        tell(tx, self.by, MenuPart::Ingredient, Some(self.id))
    }
}
