//! Variations in SQL.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::{DishVariation, DishVariationCreate, DishVariationList, DishVariationUpdate};
use crate::core::error::{Error, Result};
use crate::core::kernel::money::Price;
use crate::core::kernel::{Money, Patch, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx};
use crate::features::menu::combos::{ensure_by_piece, ensure_not_needed};
use crate::features::menu::outside::{ensure_free, set_barcodes};
use crate::features::menu::store::{barcodes, ensure_dish, translations, unit};
use crate::features::menu::{SaleUnit, tell};
use crate::features::restaurant::MenuPart;
use crate::platform::audit;

/// How many variations one dish may have.
const MOST_OF_A_DISH: i64 = 100;

const VARIATIONS: Repository<DishVariation> = Repository {
    table: "dish_variations",
    one: "variation",
    columns: "id, dish_id, name, description, price, image_url, weight, calories, is_default, \
        is_available, sort_order, sku, translations, created_at, updated_at, unit, \
        external_id, (SELECT json_group_array(code) FROM \
            (SELECT code FROM variation_barcodes \
             WHERE dish_variation_id = dish_variations.id ORDER BY id))",
    order: "sort_order, id",
    unique: "sku",
    taken: sku_taken,
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<DishVariation> {
    Ok(DishVariation {
        id: row.get(0)?,
        dish_id: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        price: Money(row.get(4)?),
        unit: unit(row, 15)?,
        image_url: row.get(5)?,
        weight: row.get(6)?,
        calories: row.get(7)?,
        is_default: row.get(8)?,
        is_available: row.get(9)?,
        sort_order: row.get(10)?,
        sku: row.get(11)?,
        external_id: row.get(16)?,
        barcodes: barcodes(row, 17)?,
        translations: translations(row, 12)?,
        created_at: Timestamp(row.get(13)?),
        updated_at: Timestamp(row.get(14)?),
    })
}

/// One page of a dish's variations; 404 when there is no such dish.
pub fn list(
    db: &Connection,
    dish_id: i64,
    page: (i64, i64),
    available_only: bool,
) -> Result<DishVariationList> {
    ensure_dish(db, dish_id)?;
    let filter = Filter::default()
        .and("dish_id = ?", Some(dish_id))
        .and("is_available = ?", available_only.then_some(true));
    let (variations, total) = VARIATIONS.list(db, page, filter)?;
    Ok(DishVariationList { variations, total })
}

/// All variations of a dish.
pub fn of_dish(db: &Connection, dish_id: i64) -> Result<Vec<DishVariation>> {
    Ok(list(db, dish_id, (0, MOST_OF_A_DISH), false)?.variations)
}

/// The variations of all dishes, by their dish.
pub fn of_all_dishes(db: &Connection) -> Result<HashMap<i64, Vec<DishVariation>>> {
    let select = VARIATIONS.select();
    let sql = format!("{select} WHERE deleted_at IS NULL ORDER BY dish_id, sort_order, id");
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = HashMap::<_, Vec<_>>::new();
    for variation in statement.query_map([], from_row)? {
        let variation = variation?;
        found.entry(variation.dish_id).or_default().push(variation);
    }
    Ok(found)
}

/// A variation of this dish that was not removed, else 404.
pub fn variation(db: &Connection, dish_id: i64, id: i64) -> Result<DishVariation> {
    let select = VARIATIONS.select();
    let sql = format!("{select} WHERE id = ?1 AND dish_id = ?2 AND deleted_at IS NULL");
    db.prepare_cached(&sql)?
        .query_row([id, dish_id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("variation", id).with("dish_id", dish_id))
}

fn count(db: &Connection, dish_id: i64) -> Result<i64> {
    Filter::new("deleted_at IS NULL").and("dish_id = ?", Some(dish_id)).count(db, "dish_variations")
}

/// Takes the default's mark away, so that another variation can have it.
fn unmark_default(tx: &Tx<'_>, dish_id: i64) -> Result<()> {
    tx.execute(
        "UPDATE dish_variations SET is_default = 0, updated_at = ?2
         WHERE dish_id = ?1 AND is_default = 1 AND deleted_at IS NULL",
        params![dish_id, tx.now().0],
    )?;
    Ok(())
}

/// Adds a variation to a dish.
pub struct CreateVariation {
    /// The dish.
    pub dish_id: i64,
    /// The variation.
    pub variation: DishVariationCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateVariation {
    type Output = DishVariation;

    fn apply(self, tx: &mut Tx<'_>) -> Result<DishVariation> {
        let (dish_id, new) = (self.dish_id, self.variation);
        ensure_dish(tx, dish_id)?;
        let others = count(tx, dish_id)?;
        if others >= MOST_OF_A_DISH {
            let detail = format!("A dish can have at most {MOST_OF_A_DISH} variations.");
            return Err(Error::rule("too_many_variations", detail));
        }
        check_price(new.price, new.unit)?;
        let is_default = new.is_default || others == 0;
        if is_default {
            unmark_default(tx, dish_id)?;
        }
        ensure_free(tx, "dish_variations", None, new.external_id.as_ref())?;
        let columns = Columns::default()
            .set("dish_id", dish_id)
            .set("name", new.name)
            .text("description", new.description)
            .set("price", new.price.0)
            .set("unit", new.unit)
            .text("image_url", new.image_url)
            .maybe("weight", new.weight)
            .maybe("calories", new.calories)
            .set("is_default", is_default)
            .set("is_available", new.is_available)
            .set("sort_order", new.sort_order)
            .text("sku", new.sku)
            .text("external_id", new.external_id)
            .set("translations", new.translations);
        let id = VARIATIONS.insert(tx, &columns)?;
        ensure_by_piece(tx, id)?;
        set_barcodes(tx, id, &new.barcodes)?;
        tell(tx, self.by, MenuPart::Variation, Some(id))?;
        let added = variation(tx, dish_id, id)?;
        note_price(tx, self.by, (None, Some(&added)))?;
        Ok(added)
    }
}

pub struct UpdateVariation {
    pub dish_id: i64,
    pub id: i64,
    pub changes: DishVariationUpdate,
    pub by: i64,
}

impl Command for UpdateVariation {
    type Output = DishVariation;

    fn apply(self, tx: &mut Tx<'_>) -> Result<DishVariation> {
        let old = variation(tx, self.dish_id, self.id)?;
        let new = self.changes;
        check_price(new.price.unwrap_or(Price(old.price)), new.unit.unwrap_or(old.unit))?;
        match new.is_default {
            Some(false) if old.is_default => return Err(default_needed()),
            Some(true) if !old.is_default => unmark_default(tx, self.dish_id)?,
            _ => {}
        }
        if let Patch::Set(id) = &new.external_id {
            ensure_free(tx, "dish_variations", Some(self.id), Some(id))?;
        }
        let columns = Columns::default()
            .maybe("name", new.name)
            .patch_text("description", new.description)
            .maybe("price", new.price.map(|price| price.0))
            .maybe("unit", new.unit)
            .patch_text("image_url", new.image_url)
            .patch("weight", new.weight)
            .patch("calories", new.calories)
            .maybe("is_default", new.is_default)
            .maybe("is_available", new.is_available)
            .maybe("sort_order", new.sort_order)
            .patch_text("sku", new.sku)
            .patch_text("external_id", new.external_id)
            .maybe("translations", new.translations);
        VARIATIONS.update(tx, self.id, &columns)?;
        if new.unit.is_some_and(|unit| unit != old.unit) {
            ensure_by_piece(tx, self.id)?;
        }
        if let Some(codes) = &new.barcodes {
            set_barcodes(tx, self.id, codes)?;
        }
        tell(tx, self.by, MenuPart::Variation, Some(self.id))?;
        let after = variation(tx, self.dish_id, self.id)?;
        note_price(tx, self.by, (Some(&old), Some(&after)))?;
        Ok(after)
    }
}

fn check_price(price: Price, unit: SaleUnit) -> Result<()> {
    unit.check_price(price).map_err(|why| Error::invalid("price", why))
}

/// A price that is other than it was, or of something else, leaves a trace.
fn note_price(
    tx: &Tx<'_>,
    by: i64,
    (before, after): (Option<&DishVariation>, Option<&DishVariation>),
) -> Result<()> {
    let Some(named) = after.or(before) else { return Ok(()) };
    let price = |one: &DishVariation| (one.price, one.unit);
    if before.map(price) == after.map(price) {
        return Ok(());
    }
    let state = |one: Option<&DishVariation>| {
        let Some(one) = one else { return Value::Null };
        let mut state = json!({"name": named.name, "price": one.price});
        if !one.unit.is_piece() {
            state["unit"] = one.unit.as_str().into();
        }
        state
    };
    let action = match (before, after) {
        (None, _) => "price_added",
        (_, None) => "price_removed",
        _ => "price_changed",
    };
    let change = (state(before), state(after));
    audit::note(tx, Some(by), action, ("dish_variation", Some(named.id)), change)
}

pub struct SwitchVariation {
    pub dish_id: i64,
    pub id: i64,
    pub is_available: bool,
    pub by: i64,
}

impl Command for SwitchVariation {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        variation(tx, self.dish_id, self.id)?;
        let columns = Columns::default().set("is_available", self.is_available);
        VARIATIONS.update(tx, self.id, &columns)?;
        tell(tx, self.by, MenuPart::Variation, Some(self.id))
    }
}

pub struct DeleteVariation {
    pub dish_id: i64,
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteVariation {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = variation(tx, self.dish_id, self.id)?;
        let is_last = count(tx, self.dish_id)? == 1;
        if is_last && is_used(tx, self.id)? {
            let detail = format!(
                "“{}” is the dish's last variation and orders have it. Remove the dish, or make \
                 it unavailable.",
                old.name
            );
            return Err(Error::rule("variation_used", detail).with("variation", old.name));
        }
        if !is_last && old.is_default {
            let detail =
                "This is the dish's default variation. Make another one the default first.";
            return Err(Error::rule("default_variation", detail).with("variation", old.name));
        }
        ensure_not_needed(tx, (self.dish_id, Some(self.id)))?;
        VARIATIONS.remove(tx, self.id)?;
        note_price(tx, self.by, (Some(&old), None))?;
        tell(tx, self.by, MenuPart::Variation, Some(self.id))
    }
}

/// Whether an order has it: one that was sold, one that is open, or one that ended otherwise. No
/// index of all lines is kept for this.
fn is_used(db: &Connection, id: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM daily_dishes WHERE dish_variation_id = ?1)
            OR EXISTS (SELECT 1 FROM orders o INDEXED BY orders_open
                       CROSS JOIN order_items i ON i.order_id = o.id
                       WHERE o.closed_at IS NULL AND i.dish_variation_id = ?1)
            OR EXISTS (SELECT 1 FROM orders o INDEXED BY orders_odd
                       CROSS JOIN order_items i ON i.order_id = o.id
                       WHERE o.closed_at IS NOT NULL
                         AND (o.status = 'CANCELLED' OR o.payment_status <> 'PAID')
                         AND i.dish_variation_id = ?1)";
    Ok(db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

/// Removes a dish's variations together with the dish.
pub fn remove_all_of(tx: &Tx<'_>, dish_id: i64) -> Result<()> {
    tx.execute(
        "UPDATE dish_variations SET deleted_at = ?2, updated_at = ?2
         WHERE dish_id = ?1 AND deleted_at IS NULL",
        params![dish_id, tx.now().0],
    )?;
    Ok(())
}

fn default_needed() -> Error {
    let detail = "A dish needs a default variation. Make another one the default instead.";
    Error::rule("default_needed", detail)
}

fn sku_taken(sku: &str) -> Error {
    let detail = format!("Another variation has the SKU “{sku}”. Choose another one.");
    Error::rule("sku_taken", detail).with("sku", sku)
}
