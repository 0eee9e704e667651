//! Goods in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::{
    BaseUnit, Good, GoodCreate, GoodKind, GoodList, GoodUpdate, MOST_PACKS, Pack, PackBody, Watch,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Int;
use crate::core::kernel::{Money, Patch, Timestamp};
use crate::core::store::{
    Columns, Command, Filter, Repository, Tx, is_unique_violation, name_taken, word,
};
use crate::features::menu::Barcode;
use crate::features::stock::amount::Amount;
use crate::features::stock::ledger::Average;
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("stock_good");

/// More goods than this no restaurant has.
const MOST_GOODS: i64 = 20_000;

/// Goods without what there is of them.
pub const GOODS: Repository<Good> = Repository {
    table: "stock_goods",
    one: "good",
    columns: "id, name, base_unit, kind, made_in_advance, watch, low_at, ingredient_id, created_at,
              updated_at",
    order: "name, id",
    unique: "name",
    taken: |name| name_taken("a good", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<Good> {
    Ok(Good {
        id: row.get(0)?,
        name: row.get(1)?,
        base_unit: word(row, 2, BaseUnit::parse)?,
        kind: word(row, 3, GoodKind::parse)?,
        made_in_advance: row.get(4)?,
        watch: word(row, 5, Watch::parse)?,
        low_at: row.get::<_, Option<i64>>(6)?.map(Amount),
        ingredient_id: row.get(7)?,
        packs: Vec::new(),
        quantity: Amount::ZERO,
        value: Money::ZERO,
        unit_cost: None,
        created_at: Timestamp(row.get(8)?),
        updated_at: Timestamp(row.get(9)?),
    })
}

/// Which goods a list shows.
#[derive(Debug, Default)]
pub struct Wanted {
    /// A part of the name.
    pub search: Option<String>,
    /// Of this sort.
    pub kind: Option<GoodKind>,
    /// With a pack that bears this code.
    pub barcode: Option<Barcode>,
}

pub fn list(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<GoodList> {
    let with_code = "id IN (SELECT p.good_id FROM stock_packs p
                            WHERE p.barcode = ? AND p.deleted_at IS NULL)";
    let filter = Filter::default()
        .and("kind = ?", wanted.kind.map(GoodKind::as_str))
        .and(with_code, wanted.barcode.as_ref().map(ToString::to_string))
        .containing(&["name"], wanted.search.as_deref());
    let (mut goods, total) = GOODS.list(db, page, filter)?;
    goods.iter_mut().try_for_each(|good| complete(db, good))?;
    Ok(GoodList { goods, total })
}

/// A good with its packs, and what there is of it.
///
/// # Errors
/// 404 when there is none.
pub fn read(db: &Connection, id: i64) -> Result<Good> {
    let mut good = GOODS.get(db, id)?;
    complete(db, &mut good)?;
    Ok(good)
}

fn complete(db: &Connection, good: &mut Good) -> Result<()> {
    good.packs = packs(db, good.id)?;
    let sql = "SELECT quantity, value, average_money, average_quantity FROM stock_costs
               WHERE id = ?1";
    let read = |row: &Row<'_>| {
        let average = Average { money: row.get(2)?, amount: row.get(3)? };
        Ok((Amount(row.get(0)?), Money(row.get(1)?), average))
    };
    if let Some((quantity, value, average)) =
        db.prepare_cached(sql)?.query_row([good.id], read).optional()?
    {
        (good.quantity, good.value) = (quantity, value);
        let is_known = average != Average::UNKNOWN;
        good.unit_cost = is_known.then(|| Money(average.of(good.base_unit.priced())));
    }
    Ok(())
}

fn packs(db: &Connection, good_id: i64) -> Result<Vec<Pack>> {
    let mut statement = db.prepare_cached(
        "SELECT id, name, barcode, quantity FROM stock_packs
         WHERE good_id = ?1 AND deleted_at IS NULL ORDER BY quantity, id",
    )?;
    let rows = statement.query_map([good_id], |row| {
        Ok(Pack {
            id: row.get(0)?,
            name: row.get(1)?,
            barcode: row.get(2)?,
            quantity: Amount(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether there is such a good.
///
/// # Errors
/// 422 at the field that names it.
pub fn check_good(db: &Connection, id: i64, field: &str) -> Result<Good> {
    GOODS.get(db, id).map_err(|error| match error.status() {
        404 => Error::invalid(field, format!("is no good that there is ({id})")),
        _ => error,
    })
}

/// How much is in a pack of a good.
///
/// # Errors
/// 422 at the field when it is no pack of this good.
pub fn packed(db: &Connection, pack_id: i64, good_id: i64, field: &str) -> Result<Amount> {
    let sql = "SELECT quantity FROM stock_packs WHERE id = ?1 AND good_id = ?2";
    let found =
        db.prepare_cached(sql)?.query_row([pack_id, good_id], |row| row.get(0)).optional()?;
    found.map(Amount).ok_or_else(|| Error::invalid(field, "is no pack of this good"))
}

/// Writes a new good down.
pub struct CreateGood {
    pub good: GoodCreate,
    pub by: i64,
}

impl Command for CreateGood {
    type Output = Good;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Good> {
        let GoodCreate {
            name,
            base_unit,
            kind,
            made_in_advance,
            watch,
            low_at,
            ingredient_id,
            packs,
        } = self.good;
        let known: i64 = tx
            .prepare_cached("SELECT count(*) FROM stock_goods WHERE deleted_at IS NULL")?
            .query_row([], |row| row.get(0))?;
        if known >= MOST_GOODS {
            let detail = format!("There are {known} goods. Remove those that nobody needs first.");
            return Err(Error::rule("too_many_goods", detail).with("most", MOST_GOODS));
        }
        let ingredient_id = ingredient_id.map(Int::get);
        check_ingredient(tx, ingredient_id)?;
        let columns = Columns::default()
            .set("name", name)
            .set("base_unit", base_unit.as_str().to_owned())
            .set("kind", kind.unwrap_or(GoodKind::Raw).as_str().to_owned())
            .set("made_in_advance", made_in_advance)
            .set("watch", watch.unwrap_or(Watch::Off).as_str().to_owned())
            .maybe("low_at", low_at.map(|amount| amount.0))
            .maybe("ingredient_id", ingredient_id);
        let id = GOODS.insert(tx, &columns)?;
        write_packs(tx, id, packs)?;
        let good = read(tx, id)?;
        TRAIL.note(tx, self.by, "good_added", id, (Value::Null, facts(&good)))?;
        Ok(good)
    }
}

fn check_ingredient(tx: &Tx<'_>, id: Option<i64>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let sql = "SELECT count(*) FROM ingredients WHERE id = ?1 AND deleted_at IS NULL";
    let known: i64 = tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    if known > 0 { Ok(()) } else { Err(Error::not_found("ingredient", id)) }
}

/// Changes a good.
pub struct UpdateGood {
    pub id: i64,
    pub changes: GoodUpdate,
    pub by: i64,
}

impl Command for UpdateGood {
    type Output = Good;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Good> {
        let Self { id, changes, by } = self;
        let old = read(tx, id)?;
        if let Patch::Set(ingredient) = &changes.ingredient_id {
            check_ingredient(tx, Some(ingredient.get()))?;
        }
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("kind", changes.kind.map(|kind| kind.as_str().to_owned()))
            .maybe("made_in_advance", changes.made_in_advance)
            .maybe("watch", changes.watch.map(|watch| watch.as_str().to_owned()))
            .patch("low_at", changes.low_at.map(|Amount(amount)| amount))
            .patch("ingredient_id", changes.ingredient_id);
        GOODS.update(tx, id, &columns)?;
        if let Some(packs) = changes.packs {
            write_packs(tx, id, packs)?;
        }
        let new = read(tx, id)?;
        TRAIL.note(tx, by, "good_changed", id, (facts(&old), facts(&new)))?;
        Ok(new)
    }
}

/// All packs of a good as they are to be.
fn write_packs(tx: &Tx<'_>, good_id: i64, wanted: Vec<PackBody>) -> Result<()> {
    if wanted.len() > MOST_PACKS {
        return Err(Error::invalid("packs", format!("must be at most {MOST_PACKS}")));
    }
    let now = tx.now().0;
    let known = packs(tx, good_id)?;
    for gone in known.iter().filter(|pack| !wanted.iter().any(|one| one.id == Some(pack.id))) {
        tx.prepare_cached("UPDATE stock_packs SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1")?
            .execute([gone.id, now])?;
    }
    for (at, pack) in wanted.into_iter().enumerate() {
        let barcode = pack.barcode.as_deref();
        let (name, quantity) = (pack.name.into_inner(), pack.quantity.get().0);
        let written = match pack.id {
            Some(id) if known.iter().any(|one| one.id == id) => tx
                .prepare_cached(
                    "UPDATE stock_packs SET name = ?2, barcode = ?3, quantity = ?4, updated_at = ?5
                     WHERE id = ?1",
                )?
                .execute(params![id, name, barcode, quantity, now]),
            Some(_) => {
                return Err(Error::invalid(format!("packs[{at}].id"), "is no pack of this good"));
            }
            None => tx
                .prepare_cached(
                    "INSERT INTO stock_packs (good_id, name, barcode, quantity, created_at,
                                              updated_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                )?
                .execute(params![good_id, name, barcode, quantity, now]),
        };
        written.map_err(|error| {
            if is_unique_violation(&error, "stock_packs.barcode") {
                return barcode_taken(barcode.unwrap_or_default());
            }
            error.into()
        })?;
    }
    Ok(())
}

fn barcode_taken(barcode: &str) -> Error {
    let detail =
        format!("Another pack has the barcode {barcode} already. Look which one is right.");
    Error::conflict("barcode_taken", detail).with("barcode", barcode)
}

/// Removes a good of which there is nothing and which no recipe takes.
pub struct RemoveGood {
    pub id: i64,
    pub by: i64,
}

impl Command for RemoveGood {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let good = read(tx, self.id)?;
        let name = &good.name;
        if good.quantity != Amount::ZERO {
            let left = good.quantity;
            let detail = format!(
                "Of “{name}” there is {left} {}. Write it off or count it first.",
                good.base_unit.as_str()
            );
            return Err(Error::conflict("good_in_stock", detail).with("name", name.as_str()));
        }
        let taken: i64 = tx
            .prepare_cached(
                "SELECT count(*) FROM recipe_lines l JOIN recipes r ON r.id = l.recipe_id
                 WHERE l.good_id = ?1 AND r.deleted_at IS NULL",
            )?
            .query_row([self.id], |row| row.get(0))?;
        if taken > 0 {
            let detail = format!("{taken} recipes take “{name}”. Change or remove these first.");
            return Err(Error::conflict("good_in_recipes", detail).with("name", name.as_str()));
        }
        write_packs(tx, self.id, Vec::new())?;
        GOODS.remove(tx, self.id)?;
        TRAIL.note(tx, self.by, "good_removed", self.id, (facts(&good), Value::Null))
    }
}

fn facts(good: &Good) -> Value {
    let packs = good.packs.iter().map(|pack| json!([pack.name, pack.barcode, pack.quantity]));
    json!({"name": good.name, "kind": good.kind, "made_in_advance": good.made_in_advance,
           "watch": good.watch, "low_at": good.low_at, "packs": packs.collect::<Vec<_>>()})
}
