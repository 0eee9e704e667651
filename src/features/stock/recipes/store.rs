//! Recipes in SQL.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::fraction::Fraction;
use super::rules::{self, Book, Of, Trouble, after_losses, explode, explode_recipe};
use super::{
    MOST_LINES, Need, READER, Recipe, RecipeCreate, RecipeDetails, RecipeLine, RecipeLineBody,
    RecipeList,
};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Money, Percent, Text, Timestamp};
use crate::core::store::{Command, Filter, Tx, subscriptions, take_events, word};
use crate::features::stock::amount::{AboveZero, Amount};
use crate::features::stock::goods::{BaseUnit, check_good};
use crate::features::stock::ledger::standing;
use crate::platform::audit;

/// Of what recipes are read.
const READ: [&str; 3] = ["recipes", "recipe_lines", "stock_goods"];

/// What the writer remembers of recipes.
#[derive(Default)]
struct Remembered(Option<Arc<Book>>);

/// All recipes, as the writer remembers them.
///
/// # Errors
/// When the database cannot be read.
pub fn remembered_book(tx: &Tx<'_>) -> Result<Arc<Book>> {
    if let Some(known) = tx.remembered::<Remembered>(&READ).and_then(|known| known.0.clone()) {
        return Ok(known);
    }
    let read = Arc::new(book(tx)?);
    if let Some(mut known) = tx.remembered::<Remembered>(&READ) {
        known.0 = Some(Arc::clone(&read));
    }
    Ok(read)
}

/// All recipes.
///
/// # Errors
/// When the database cannot be read.
pub fn book(db: &Connection) -> Result<Book> {
    let mut book = Book::default();
    let mut statement = db.prepare_cached(
        "SELECT id, variation_id, option_id, good_id, valid_from, batch_out FROM recipes
         WHERE deleted_at IS NULL ORDER BY valid_from DESC, id DESC",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let recipe = rules::Recipe {
            valid_from: Timestamp(row.get(4)?),
            batch_out: row.get(5)?,
            lines: takes(db, row.get(0)?)?,
        };
        book.recipes.entry(of(row, 1)?).or_default().push(recipe);
    }
    let sql = "SELECT id FROM stock_goods WHERE made_in_advance = 1 AND deleted_at IS NULL";
    let mut statement = db.prepare_cached(sql)?;
    for id in statement.query_map([], |row| row.get(0))? {
        book.in_advance.insert(id?);
    }
    Ok(book)
}

fn of(row: &Row<'_>, column: usize) -> rusqlite::Result<Of> {
    let ids: [Option<i64>; 3] = [row.get(column)?, row.get(column + 1)?, row.get(column + 2)?];
    match ids {
        [Some(id), ..] => Ok(Of::Variation(id)),
        [_, Some(id), _] => Ok(Of::Option(id)),
        [.., Some(id)] => Ok(Of::Good(id)),
        _ => Err(rusqlite::Error::InvalidQuery),
    }
}

fn takes(db: &Connection, recipe_id: i64) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT good_id, gross FROM recipe_lines WHERE recipe_id = ?1 ORDER BY sort_order";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([recipe_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether there is a recipe at all: where there is none, a sold dish takes nothing.
///
/// # Errors
/// When the database cannot be read.
pub fn any_recipe(db: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT * FROM recipes)";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Why it cannot be said what is taken, with the names of goods.
///
/// # Errors
/// When the database cannot be read.
pub fn said(db: &Connection, trouble: &Trouble) -> Result<Error> {
    Ok(match trouble {
        Trouble::Circle(goods) => {
            let names = goods.iter().map(|id| Ok(check_good(db, *id, "good_id")?.name));
            let way = names.collect::<Result<Vec<_>>>()?.join(" → ");
            let detail = format!("A good would be made of itself: {way}. Take one of them out.");
            Error::conflict("recipe_circle", detail).with("way", way)
        }
        Trouble::TooDeep => {
            let most = rules::MOST_LEVELS;
            let detail = format!(
                "Recipes in recipes go {most} levels deep at most. Put two of them together."
            );
            Error::conflict("recipe_too_deep", detail).with("most", most)
        }
        Trouble::TooLarge => {
            let detail = "It takes more of a good than can be counted. Look at the amounts.";
            Error::conflict("recipe_too_large", detail)
        }
    })
}

/// Which recipes a list shows.
#[derive(Debug, Default)]
pub struct Wanted {
    pub variation_id: Option<i64>,
    pub option_id: Option<i64>,
    pub good_id: Option<i64>,
    /// Older than this one.
    pub before: Option<i64>,
    /// So many at most.
    pub limit: i64,
}

const SELECT: &str = "
    SELECT r.id, r.variation_id, r.option_id, r.good_id, r.valid_from, r.batch_out, r.note,
           r.created_at, coalesce(d.name || ', ' || v.name, o.name, g.name), v.price, g.base_unit
    FROM recipes r
    LEFT JOIN dish_variations v ON v.id = r.variation_id
    LEFT JOIN dishes d ON d.id = v.dish_id
    LEFT JOIN modifier_options o ON o.id = r.option_id
    LEFT JOIN stock_goods g ON g.id = r.good_id";

pub fn list(db: &Connection, wanted: &Wanted) -> Result<RecipeList> {
    let filter = Filter::new("r.deleted_at IS NULL")
        .and("r.variation_id = ?", wanted.variation_id)
        .and("r.option_id = ?", wanted.option_id)
        .and("r.good_id = ?", wanted.good_id)
        .and("r.id < ?", wanted.before);
    let window = (0, wanted.limit + 1);
    let mut found = filter.page(db, SELECT, "r.id DESC", window, from_row)?;
    let is_more = i64::try_from(found.len()).is_ok_and(|count| count > wanted.limit);
    if is_more {
        found.pop();
    }
    let book = book(db)?;
    let recipes: Vec<_> =
        found.into_iter().map(|found| complete(db, &book, found)).collect::<Result<_>>()?;
    let next = recipes.last().map(|recipe| recipe.id).filter(|_| is_more);
    Ok(RecipeList { recipes, next })
}

/// A recipe without its lines, of what it is, and of how much its cost is said.
type Found = (Recipe, Of, i64);

fn from_row(row: &Row<'_>) -> rusqlite::Result<Found> {
    let of = of(row, 1)?;
    let one = match of {
        Of::Good(_) => word(row, 10, BaseUnit::parse)?.priced(),
        Of::Variation(_) | Of::Option(_) => 1000,
    };
    let recipe = Recipe {
        id: row.get(0)?,
        variation_id: row.get(1)?,
        option_id: row.get(2)?,
        good_id: row.get(3)?,
        valid_from: Timestamp(row.get(4)?),
        is_current: false,
        batch_out: Amount(row.get(5)?),
        note: row.get(6)?,
        created_at: Timestamp(row.get(7)?),
        name: row.get::<_, Option<String>>(8)?.unwrap_or_default(),
        lines: Vec::new(),
        cost: Money::ZERO,
        price: row.get::<_, Option<i64>>(9)?.map(Money),
    };
    Ok((recipe, of, one))
}

fn complete(db: &Connection, book: &Book, found: Found) -> Result<Recipe> {
    let (needs, recipe) = needs(db, book, found)?;
    let cost = needs.iter().map(|need| need.cost).sum();
    Ok(Recipe { cost, ..recipe })
}

/// What one of it takes by this recipe, also when another holds now.
fn needs(db: &Connection, book: &Book, (recipe, of, one): Found) -> Result<(Vec<Need>, Recipe)> {
    let lines = lines(db, recipe.id)?;
    let at = clock::now().max(recipe.valid_from);
    let now = book.recipe(of, at);
    let this = rules::Recipe {
        valid_from: recipe.valid_from,
        batch_out: recipe.batch_out.0,
        lines: lines.iter().map(|line| (line.good_id, line.gross.0)).collect(),
    };
    let is_current = clock::now() >= recipe.valid_from && now == Some(&this);
    // No recipe is written down that cannot be taken apart.
    let taken = explode_recipe(book, &this, Fraction::whole(one), at).unwrap_or_default();
    let mut needs = Vec::with_capacity(taken.len());
    for (good_id, quantity) in taken {
        let good = check_good(db, good_id, "good_id")?;
        let cost = Money(standing(db, good_id)?.average.of(quantity));
        let (good_name, base_unit, quantity) = (good.name, good.base_unit, Amount(quantity));
        needs.push(Need { good_id, good_name, base_unit, quantity, cost });
    }
    Ok((needs, Recipe { is_current, lines, ..recipe }))
}

fn lines(db: &Connection, recipe_id: i64) -> Result<Vec<RecipeLine>> {
    let mut statement = db.prepare_cached(
        "SELECT l.good_id, g.name, g.base_unit, l.gross, l.cold, l.hot
         FROM recipe_lines l JOIN stock_goods g ON g.id = l.good_id
         WHERE l.recipe_id = ?1 ORDER BY l.sort_order",
    )?;
    let rows = statement.query_map([recipe_id], |row| {
        let (gross, cold, hot) =
            (row.get(3)?, Percent::new(row.get(4)?), Percent::new(row.get(5)?));
        Ok(RecipeLine {
            good_id: row.get(0)?,
            good_name: row.get(1)?,
            base_unit: word(row, 2, BaseUnit::parse)?,
            gross: Amount(gross),
            cold_percent: cold,
            hot_percent: hot,
            out: Amount(after_losses(gross, cold, hot)),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn read(db: &Connection, id: i64) -> Result<RecipeDetails> {
    let sql = format!("{SELECT} WHERE r.id = ?1 AND r.deleted_at IS NULL");
    let found = db.prepare_cached(&sql)?.query_row([id], from_row).optional()?;
    let found = found.ok_or_else(|| Error::not_found("recipe", id))?;
    let (needs, recipe) = needs(db, &book(db)?, found)?;
    let cost = needs.iter().map(|need| need.cost).sum();
    Ok(RecipeDetails { recipe: Recipe { cost, ..recipe }, needs })
}

/// The recipe that holds now of what another one is of, as somebody would write it down; none where there
/// is none.
///
/// # Errors
/// When the database cannot be read.
pub fn current(db: &Connection, new: &RecipeCreate) -> Result<Option<RecipeCreate>> {
    let (column, id) = match (new.variation_id, new.option_id, new.good_id) {
        (Some(id), ..) => ("variation_id", id),
        (_, Some(id), _) => ("option_id", id),
        (.., Some(id)) => ("good_id", id),
        _ => return Ok(None),
    };
    let sql = format!(
        "SELECT id, batch_out FROM recipes
         WHERE {column} = ?1 AND valid_from <= ?2 AND deleted_at IS NULL
         ORDER BY valid_from DESC, id DESC LIMIT 1"
    );
    let read = |row: &Row<'_>| Ok((row.get(0)?, Amount(row.get(1)?)));
    let found = db.prepare_cached(&sql)?.query_row([id.get(), clock::now().0], read).optional()?;
    let Some((recipe_id, batch_out)) = found else { return Ok(None) };
    let lines = lines(db, recipe_id)?.into_iter().filter_map(|line| {
        Some(RecipeLineBody {
            good_id: Id::new(line.good_id).ok()?,
            gross: AboveZero::new(line.gross)?,
            cold_percent: line.cold_percent,
            hot_percent: line.hot_percent,
        })
    });
    let lines = lines.collect();
    let (variation_id, option_id, good_id) = (new.variation_id, new.option_id, new.good_id);
    let Some(batch_out) = AboveZero::new(batch_out) else { return Ok(None) };
    Ok(Some(RecipeCreate {
        variation_id,
        option_id,
        good_id,
        valid_from: None,
        batch_out,
        note: None,
        lines,
    }))
}

/// Writes a recipe down.
pub struct CreateRecipe {
    pub recipe: RecipeCreate,
    pub by: i64,
}

impl Command for CreateRecipe {
    type Output = RecipeDetails;

    fn apply(self, tx: &mut Tx<'_>) -> Result<RecipeDetails> {
        let Self { recipe: new, by } = self;
        let of = what(tx, &new)?;
        check_lines(tx, &new)?;
        let valid_from = new.valid_from.unwrap_or_else(|| tx.now());
        let lines = new.lines.iter().map(|line| (line.good_id.get(), line.gross.get().0));
        let batch_out = new.batch_out.get().0;
        check_makes_sense(tx, of, rules::Recipe { valid_from, batch_out, lines: lines.collect() })?;
        let id = insert(tx, &new, (valid_from, by))?;
        begin_to_read(tx)?;
        let details = read(tx, id)?;
        let facts = json!({"of": details.recipe.name, "valid_from": valid_from,
                           "batch_out": details.recipe.batch_out, "lines": new.lines.len()});
        audit::note(tx, Some(by), "recipe_added", ("recipe", Some(id)), (Value::Null, facts))?;
        Ok(details)
    }
}

/// From the first recipe on, what is sold takes goods.
fn begin_to_read(tx: &Tx<'_>) -> Result<()> {
    if subscriptions(tx)?.iter().all(|one| one.name != READER) {
        take_events(tx, READER, 0)?;
    }
    Ok(())
}

fn what(db: &Connection, new: &RecipeCreate) -> Result<Of> {
    let ids = [new.variation_id, new.option_id, new.good_id].map(|id| id.map(Id::get));
    let (of, table, one) = match ids {
        [Some(id), None, None] => (Of::Variation(id), "dish_variations", "variation"),
        [None, Some(id), None] => (Of::Option(id), "modifier_options", "option"),
        [None, None, Some(id)] => (Of::Good(id), "stock_goods", "good"),
        _ => {
            let why = "is to be named, or option_id, or good_id: one of the three";
            return Err(Error::invalid("variation_id", why));
        }
    };
    let id = ids.into_iter().flatten().next().unwrap_or_default();
    let sql = format!("SELECT count(*) FROM {table} WHERE id = ?1 AND deleted_at IS NULL");
    let known: i64 = db.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?;
    if known > 0 { Ok(of) } else { Err(Error::not_found(one, id)) }
}

fn check_lines(db: &Connection, new: &RecipeCreate) -> Result<()> {
    if new.lines.is_empty() || new.lines.len() > MOST_LINES {
        return Err(Error::invalid("lines", format!("must be from 1 to {MOST_LINES}")));
    }
    new.lines.iter().enumerate().try_for_each(|(at, line)| {
        check_good(db, line.good_id.get(), &format!("lines[{at}].good_id")).map(drop)
    })
}

/// Whether what is made can be taken apart with the new recipe: from its day on, on every day on which
/// another one begins.
fn check_makes_sense(db: &Connection, of: Of, new: rules::Recipe) -> Result<()> {
    let mut book = book(db)?;
    // Also what is made in advance must not be made of itself.
    book.in_advance.clear();
    let from = new.valid_from;
    let known = book.recipes.entry(of).or_default();
    let at = known.iter().position(|one| one.valid_from <= from).unwrap_or(known.len());
    known.insert(at, new);
    let begins = book.recipes.values().flatten().map(|recipe| recipe.valid_from);
    let later: BTreeSet<_> = begins.filter(|begin| *begin >= from).collect();
    let one = |of: Of| [(of, Fraction::whole(1000))];
    for at in later {
        explode(&book, &one(of), at).map_err(|trouble| told(db, &trouble))?;
    }
    for other in book.recipes.keys() {
        explode(&book, &one(*other), from).map_err(|trouble| told(db, &trouble))?;
    }
    Ok(())
}

fn told(db: &Connection, trouble: &Trouble) -> Error {
    said(db, trouble).unwrap_or_else(|error| error)
}

fn insert(tx: &Tx<'_>, new: &RecipeCreate, (from, by): (Timestamp, i64)) -> Result<i64> {
    let id = |id: Option<Id>| id.map(Id::get);
    tx.prepare_cached(
        "INSERT INTO recipes (variation_id, option_id, good_id, valid_from, batch_out, note,
                              created_by_id, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
    )?
    .execute(params![
        id(new.variation_id),
        id(new.option_id),
        id(new.good_id),
        from.0,
        new.batch_out.get().0,
        new.note.clone().and_then(Text::non_empty),
        by,
        tx.now().0,
    ])?;
    let recipe_id = tx.last_insert_rowid();
    for (at, line) in (0_i64..).zip(&new.lines) {
        tx.prepare_cached(
            "INSERT INTO recipe_lines (recipe_id, sort_order, good_id, gross, cold, hot)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute([
            recipe_id,
            at,
            line.good_id.get(),
            line.gross.get().0,
            line.cold_percent.hundredths(),
            line.hot_percent.hundredths(),
        ])?;
    }
    Ok(recipe_id)
}

/// Removes a recipe; what was taken by it stays taken.
pub struct RemoveRecipe {
    pub id: i64,
    pub by: i64,
}

impl Command for RemoveRecipe {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = read(tx, self.id)?.recipe;
        tx.prepare_cached("UPDATE recipes SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1")?
            .execute([self.id, tx.now().0])?;
        let before = json!({"of": old.name, "valid_from": old.valid_from});
        let recipe = ("recipe", Some(self.id));
        audit::note(tx, Some(self.by), "recipe_removed", recipe, (before, Value::Null))
    }
}
