//! Options in SQL.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::store::{self, too_deep};
use super::types::{ModifierOption, ModifierOptionCreate, ModifierOptionUpdate, Times};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Int, Money, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken};
use crate::features::menu::editing::{Order, place_in_order};
use crate::features::menu::ingredients::{MadeOf, ingredients_of, set_ingredients};
use crate::features::menu::limits::MOST_MODIFIER_OPTIONS;
use crate::features::menu::store::{ensure_room, translations};
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;
use crate::platform::audit;

/// How many options one group may have.
const MOST_OF_A_GROUP: i64 = 100;

const OPTIONS: Repository<ModifierOption> = Repository {
    table: "modifier_options",
    one: "option",
    columns: "id, group_id, name, translations, kitchen_name, price, is_default, max_quantity, \
        is_available, weight, calories, nested_group_id, sort_order, created_at, updated_at",
    order: "sort_order, id",
    unique: "id",
    taken: |name| name_taken("an option", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<ModifierOption> {
    Ok(ModifierOption {
        id: row.get(0)?,
        group_id: row.get(1)?,
        name: row.get(2)?,
        translations: translations(row, 3)?,
        kitchen_name: row.get(4)?,
        price: Money(row.get(5)?),
        is_default: row.get(6)?,
        max_quantity: row.get(7)?,
        is_available: row.get(8)?,
        weight: row.get(9)?,
        calories: row.get(10)?,
        nested_group_id: row.get(11)?,
        sort_order: row.get(12)?,
        ingredient_ids: Vec::new(),
        allergens: Vec::new(),
        created_at: Timestamp(row.get(13)?),
        updated_at: Timestamp(row.get(14)?),
    })
}

/// The options of some groups, by their group.
pub fn of_groups(db: &Connection, groups: &[i64]) -> Result<HashMap<i64, Vec<ModifierOption>>> {
    let sql = format!(
        "{} WHERE group_id IN (SELECT value FROM json_each(?1)) AND deleted_at IS NULL
         ORDER BY group_id, sort_order, id",
        OPTIONS.select()
    );
    let ids = serde_json::to_string(groups).map_err(Error::internal)?;
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map([ids], from_row)?.collect::<rusqlite::Result<_>>()?;
    by_group(db, found)
}

/// The options of all groups, by their group.
pub fn of_all_groups(db: &Connection) -> Result<HashMap<i64, Vec<ModifierOption>>> {
    let select = OPTIONS.select();
    let sql = format!("{select} WHERE deleted_at IS NULL ORDER BY group_id, sort_order, id");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map([], from_row)?.collect::<rusqlite::Result<_>>()?;
    by_group(db, found)
}

fn by_group(
    db: &Connection,
    options: Vec<ModifierOption>,
) -> Result<HashMap<i64, Vec<ModifierOption>>> {
    let ids: Vec<i64> = options.iter().map(|option| option.id).collect();
    let mut ingredients = ingredients_of(db, MadeOf::Options, &ids)?;
    let mut found = HashMap::<_, Vec<_>>::new();
    for mut option in options {
        let made_of = ingredients.remove(&option.id).unwrap_or_default();
        option.ingredient_ids = made_of.ids;
        option.allergens = made_of.allergens;
        found.entry(option.group_id).or_default().push(option);
    }
    Ok(found)
}

/// An option of this group that was not removed, else 404.
pub fn option(db: &Connection, group_id: i64, id: i64) -> Result<ModifierOption> {
    let select = OPTIONS.select();
    let sql = format!("{select} WHERE id = ?1 AND group_id = ?2 AND deleted_at IS NULL");
    let found = db.prepare_cached(&sql)?.query_row([id, group_id], from_row).optional()?;
    let mut option =
        found.ok_or_else(|| Error::not_found("option", id).with("group_id", group_id))?;
    let made_of = ingredients_of(db, MadeOf::Options, &[id])?.remove(&id).unwrap_or_default();
    option.ingredient_ids = made_of.ids;
    option.allergens = made_of.allergens;
    Ok(option)
}

/// Writes a new option of a group, at a place where it names none. Its id.
pub fn insert(
    tx: &Tx<'_>,
    by: i64,
    group_id: i64,
    (new, place): (ModifierOptionCreate, i64),
) -> Result<i64> {
    let others = Filter::new("deleted_at IS NULL").and("group_id = ?", Some(group_id));
    if others.count(tx, "modifier_options")? >= MOST_OF_A_GROUP {
        let detail = format!("A group takes at most {MOST_OF_A_GROUP} options.");
        return Err(Error::rule("too_many_options", detail).with("most", MOST_OF_A_GROUP));
    }
    ensure_room(tx, "modifier_options", MOST_MODIFIER_OPTIONS)?;
    check_price(new.price)?;
    let most = new.max_quantity.map_or(1, Times::get);
    check_nested(tx, group_id, new.nested_group_id.map(Id::get), most)?;
    let columns = Columns::default()
        .set("group_id", group_id)
        .set("name", new.name)
        .set("translations", new.translations)
        .text("kitchen_name", new.kitchen_name)
        .set("price", new.price)
        .set("is_default", new.is_default)
        .set("max_quantity", most)
        .set("is_available", new.is_available)
        .maybe("weight", new.weight)
        .maybe("calories", new.calories)
        .maybe("nested_group_id", new.nested_group_id)
        .set("sort_order", new.sort_order.map_or(place, Int::get));
    let id = OPTIONS.insert(tx, &columns)?;
    set_ingredients(tx, (MadeOf::Options, id), &new.ingredient_ids)?;
    note_price(tx, by, None, Some(&option(tx, group_id, id)?))?;
    Ok(id)
}

/// Adds an option to a group.
pub struct CreateOption {
    pub group_id: i64,
    pub option: ModifierOptionCreate,
    pub by: i64,
}

impl Command for CreateOption {
    type Output = ModifierOption;

    fn apply(self, tx: &mut Tx<'_>) -> Result<ModifierOption> {
        let Self { group_id, option: new, by } = self;
        store::GROUPS.get(tx, group_id)?;
        let last = "SELECT coalesce(max(sort_order) + 1, 0) FROM modifier_options
                    WHERE group_id = ?1 AND deleted_at IS NULL";
        let place = tx.prepare_cached(last)?.query_row([group_id], |row| row.get(0))?;
        let id = insert(tx, by, group_id, (new, place))?;
        store::check(tx, &store::group(tx, group_id)?)?;
        tell(tx, by, MenuPart::ModifierGroup, Some(group_id))?;
        option(tx, group_id, id)
    }
}

pub struct UpdateOption {
    pub group_id: i64,
    pub id: i64,
    pub changes: ModifierOptionUpdate,
    pub by: i64,
}

impl Command for UpdateOption {
    type Output = ModifierOption;

    fn apply(self, tx: &mut Tx<'_>) -> Result<ModifierOption> {
        let Self { group_id, id, changes: new, by } = self;
        let old = option(tx, group_id, id)?;
        check_price(new.price.unwrap_or(old.price))?;
        let nested = new.nested_group_id.clone().map(Id::get).or(old.nested_group_id);
        let most = new.max_quantity.map_or(old.max_quantity, Times::get);
        check_nested(tx, group_id, nested, most)?;
        let columns = Columns::default()
            .maybe("name", new.name)
            .maybe("translations", new.translations)
            .patch_text("kitchen_name", new.kitchen_name)
            .maybe("price", new.price)
            .maybe("is_default", new.is_default)
            .maybe("max_quantity", new.max_quantity)
            .maybe("is_available", new.is_available)
            .patch("weight", new.weight)
            .patch("calories", new.calories)
            .patch("nested_group_id", new.nested_group_id)
            .maybe("sort_order", new.sort_order);
        OPTIONS.update(tx, id, &columns)?;
        if let Some(ingredients) = &new.ingredient_ids {
            set_ingredients(tx, (MadeOf::Options, id), ingredients)?;
        }
        store::check(tx, &store::group(tx, group_id)?)?;
        tell(tx, by, MenuPart::ModifierGroup, Some(group_id))?;
        let after = option(tx, group_id, id)?;
        note_price(tx, by, Some(&old), Some(&after))?;
        Ok(after)
    }
}

/// Says that an option ran out, or is there again.
pub struct SwitchOption {
    pub group_id: i64,
    pub id: i64,
    pub is_available: bool,
    pub by: i64,
}

impl Command for SwitchOption {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        option(tx, self.group_id, self.id)?;
        OPTIONS.update(tx, self.id, &Columns::default().set("is_available", self.is_available))?;
        tell(tx, self.by, MenuPart::ModifierGroup, Some(self.group_id))
    }
}

/// Puts the options of a group in another order.
pub struct OrderOptions {
    pub group_id: i64,
    pub order: Order,
    pub by: i64,
}

impl Command for OrderOptions {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        store::GROUPS.get(tx, self.group_id)?;
        let sql = "SELECT id FROM modifier_options
                   WHERE group_id = ?1 AND deleted_at IS NULL ORDER BY sort_order, id";
        let known = |id| option(tx, self.group_id, id).map(drop);
        place_in_order(tx, "modifier_options", (self.order, &known), (sql, Some(self.group_id)))?;
        tell(tx, self.by, MenuPart::ModifierGroup, Some(self.group_id))
    }
}

pub struct DeleteOption {
    pub group_id: i64,
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteOption {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = option(tx, self.group_id, self.id)?;
        OPTIONS.remove(tx, self.id)?;
        note_price(tx, self.by, Some(&old), None)?;
        tell(tx, self.by, MenuPart::ModifierGroup, Some(self.group_id))
    }
}

/// Removes a group's options together with the group.
pub fn remove_all_of(tx: &Tx<'_>, group_id: i64) -> Result<()> {
    tx.execute(
        "UPDATE modifier_options SET deleted_at = ?2, updated_at = ?2
         WHERE group_id = ?1 AND deleted_at IS NULL",
        params![group_id, tx.now().0],
    )?;
    Ok(())
}

/// No option changes a price by more than a price may be.
fn check_price(price: Money) -> Result<()> {
    let most = Money::max_price();
    if price.0.checked_abs().is_some_and(|amount| amount <= most.0) {
        return Ok(());
    }
    Err(Error::invalid("price", format!("must be at most {most}, above or below 0")))
}

/// Whether an option may ask for another group: one that asks for nothing itself, and once.
fn check_nested(tx: &Tx<'_>, group_id: i64, nested: Option<i64>, most: i64) -> Result<()> {
    let Some(nested) = nested else { return Ok(()) };
    let group = store::group(tx, nested)?;
    if nested == group_id || group.options.iter().any(|one| one.nested_group_id.is_some()) {
        return Err(too_deep(
            "The options of that group ask for more themselves: one level is all.",
        ));
    }
    if group.halves.is_some() {
        return Err(too_deep(
            "That group has halves: it is asked with a dish, not with an option.",
        ));
    }
    if most > 1 {
        let why = "must be 1 for an option that asks for more: of two nobody knows for which";
        return Err(Error::invalid("max_quantity", why));
    }
    Ok(())
}

/// A price that is other than it was leaves a trace.
fn note_price(
    tx: &Tx<'_>,
    by: i64,
    before: Option<&ModifierOption>,
    after: Option<&ModifierOption>,
) -> Result<()> {
    let Some(named) = after.or(before) else { return Ok(()) };
    let price = |one: Option<&ModifierOption>| one.map(|one| one.price).filter(|p| !p.is_zero());
    if price(before) == price(after) {
        return Ok(());
    }
    let state = |one: Option<&ModifierOption>| {
        one.map_or(Value::Null, |one| json!({"name": named.name, "price": one.price}))
    };
    let action = match (before, after) {
        (None, _) => "price_added",
        (_, None) => "price_removed",
        _ => "price_changed",
    };
    let change = (state(before), state(after));
    audit::note(tx, Some(by), action, ("modifier_option", Some(named.id)), change)
}
