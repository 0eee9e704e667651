//! Options, written.

use rusqlite::params;
use serde_json::{Value, json};

use super::asked::{ensure_choices, keeping_choices};
use super::rows::{self, GROUPS, OPTIONS, option};
use super::sound::{check, check_nested, check_price};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Int, Patch};
use crate::core::store::{Columns, Command, Filter, Tx};
use crate::features::menu::editing::{Order, place_in_order};
use crate::features::menu::ingredients::{MadeOf, set_ingredients};
use crate::features::menu::limits::MOST_MODIFIER_OPTIONS;
use crate::features::menu::modifiers::types::{
    ModifierOption, ModifierOptionCreate, ModifierOptionUpdate, Times,
};
use crate::features::menu::outside::ensure_free;
use crate::features::menu::store::ensure_room;
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;
use crate::platform::audit;

/// How many options one group may have.
const MOST_OF_A_GROUP: i64 = 100;

/// Writes a new option of a group, at a place where it names none. Its id. Whether the menu has room
/// for it is for the caller to ask, once for all.
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
    check_price(new.price)?;
    let most = new.max_quantity.map_or(1, Times::get);
    check_nested(tx, group_id, new.nested_group_id.map(Id::get), most)?;
    ensure_free(tx, "modifier_options", None, new.external_id.as_ref())?;
    let columns = Columns::default()
        .text("external_id", new.external_id)
        .set("group_id", group_id)
        .set("name", new.name)
        .set("translations", new.translations)
        .text("kitchen_name", new.kitchen_name)
        .text("image_url", new.image_url)
        .set("price", new.price)
        .set("is_default", new.is_default)
        .set("max_quantity", most)
        .set("is_available", new.is_available)
        .maybe("weight", new.weight)
        .maybe("calories", new.calories)
        .maybe("nested_group_id", new.nested_group_id)
        .set("sort_order", new.sort_order.map_or(place, Int::get));
    let id = OPTIONS.insert(tx, &columns)?;
    if let Some(asked) = new.nested_group_id {
        ensure_choices(tx, asked.get())?;
    }
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
        GROUPS.get(tx, group_id)?;
        ensure_room(tx, "modifier_options", MOST_MODIFIER_OPTIONS)?;
        let last = "SELECT coalesce(max(sort_order) + 1, 0) FROM modifier_options
                    WHERE group_id = ?1 AND deleted_at IS NULL";
        let place = tx.prepare_cached(last)?.query_row([group_id], |row| row.get(0))?;
        let id = keeping_choices(tx, group_id, |tx| insert(tx, by, group_id, (new, place)))?;
        check(tx, &rows::group(tx, group_id)?)?;
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
        if let Patch::Set(outside) = &new.external_id {
            ensure_free(tx, "modifier_options", Some(id), Some(outside))?;
        }
        // Another group than the one before.
        let asked = nested.filter(|asked| old.nested_group_id != Some(*asked));
        let columns = Columns::default()
            .patch_text("external_id", new.external_id)
            .maybe("name", new.name)
            .maybe("translations", new.translations)
            .patch_text("kitchen_name", new.kitchen_name)
            .patch_text("image_url", new.image_url)
            .maybe("price", new.price)
            .maybe("is_default", new.is_default)
            .maybe("max_quantity", new.max_quantity)
            .maybe("is_available", new.is_available)
            .patch("weight", new.weight)
            .patch("calories", new.calories)
            .patch("nested_group_id", new.nested_group_id)
            .maybe("sort_order", new.sort_order);
        keeping_choices(tx, group_id, |tx| OPTIONS.update(tx, id, &columns))?;
        if let Some(asked) = asked {
            ensure_choices(tx, asked)?;
        }
        if let Some(ingredients) = &new.ingredient_ids {
            set_ingredients(tx, (MadeOf::Options, id), ingredients)?;
        }
        check(tx, &rows::group(tx, group_id)?)?;
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
        GROUPS.get(tx, self.group_id)?;
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
        keeping_choices(tx, self.group_id, |tx| OPTIONS.remove(tx, self.id))?;
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
