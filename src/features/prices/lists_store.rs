//! Lists of prices in SQL.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::periods_store;
use super::store::{channel, tell};
use super::types::{ListPrice, PercentChange, PriceList, PriceListBody};
use super::{Channel, PriceKind, PriceScope};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::money::Price;
use crate::core::kernel::{Int, Money};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("price_list");

/// More nobody oversees.
const MOST: i64 = 50;
/// As many as a menu may have dishes.
const MOST_PRICES: usize = 2_000;

const LISTS: Repository<PriceList> = Repository {
    table: "price_lists",
    one: "price list",
    columns: "id, name, period_id, location_id, channel, round_to, priority, is_active",
    order: "priority DESC, id",
    unique: "name",
    taken: |name| name_taken("a price list", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<PriceList> {
    Ok(PriceList {
        id: row.get(0)?,
        name: row.get(1)?,
        period_id: row.get(2)?,
        location_id: row.get(3)?,
        channel: channel(row, 4)?,
        round_to: Money(row.get(5)?),
        priority: row.get(6)?,
        is_active: row.get(7)?,
        prices: Vec::new(),
    })
}

/// All lists with what they say, the highest priority first.
pub fn list(db: &Connection) -> Result<Vec<PriceList>> {
    let mut lists = LISTS.list(db, (0, MOST), Filter::default())?.0;
    for list in &mut lists {
        list.prices = prices_of(db, list.id)?;
    }
    Ok(lists)
}

fn one(db: &Connection, id: i64) -> Result<PriceList> {
    Ok(PriceList { prices: prices_of(db, id)?, ..LISTS.get(db, id)? })
}

fn prices_of(db: &Connection, list_id: i64) -> Result<Vec<ListPrice>> {
    let mut statement = db.prepare_cached(
        "SELECT scope, target_id, kind, value FROM prices WHERE price_list_id = ?1 ORDER BY id",
    )?;
    let prices = statement.query_map([list_id], |row| {
        let (kind, value) = (word(row, 2, PriceKind::parse)?, row.get(3)?);
        let is_percent = kind == PriceKind::Percent;
        Ok(ListPrice {
            scope: word(row, 0, PriceScope::parse)?,
            target_id: Int::new(row.get(1)?).ok(),
            kind,
            amount: (!is_percent).then_some(Money(value)),
            percent: is_percent.then_some(PercentChange::new(value)),
        })
    })?;
    Ok(prices.collect::<rusqlite::Result<_>>()?)
}

/// Writes what a list says in the place of what it said.
fn write_prices(tx: &Tx<'_>, list_id: i64, prices: &[ListPrice]) -> Result<()> {
    if prices.len() > MOST_PRICES {
        let message = format!("must hold at most {MOST_PRICES} prices");
        return Err(Error::invalid("prices", message));
    }
    tx.prepare_cached("DELETE FROM prices WHERE price_list_id = ?1")?.execute([list_id])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO prices (price_list_id, scope, target_id, kind, value)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut said = BTreeSet::new();
    for (at, price) in prices.iter().enumerate() {
        let wrong = |field: &str, why: &str| Error::invalid(format!("prices[{at}].{field}"), why);
        let target = target(tx, price).map_err(|why| wrong("target_id", why))?;
        let value = value(price).map_err(|(field, why)| wrong(field, &why))?;
        if !said.insert((price.scope, target)) {
            return Err(wrong("target_id", "stands in the list twice"));
        }
        insert.execute(params![
            list_id,
            price.scope.as_str(),
            target,
            price.kind.as_str(),
            value
        ])?;
    }
    Ok(())
}

/// Of what a price is: 0 of all. A sentence where there is no such thing.
fn target(db: &Connection, price: &ListPrice) -> std::result::Result<i64, &'static str> {
    match (price.scope, price.target_id.map(Id::get)) {
        (PriceScope::All, None) => Ok(0),
        (PriceScope::All, Some(_)) => Err("is not for all of the menu"),
        (_, None) => Err("is missing: of what is the price?"),
        (scope, Some(id)) => match is_there(db, scope, id) {
            Ok(true) => Ok(id),
            _ => Err("is not on the menu any more"),
        },
    }
}

/// Whether a category, a dish or a size is there.
pub(super) fn is_there(db: &Connection, scope: PriceScope, id: i64) -> Result<bool> {
    let sql = match scope {
        PriceScope::Variation => {
            "SELECT 1 FROM dish_variations v JOIN dishes d ON d.id = v.dish_id
             WHERE v.id = ?1 AND v.deleted_at IS NULL AND d.deleted_at IS NULL"
        }
        PriceScope::Dish => "SELECT 1 FROM dishes WHERE id = ?1 AND deleted_at IS NULL",
        PriceScope::Category => "SELECT 1 FROM categories WHERE id = ?1 AND deleted_at IS NULL",
        PriceScope::All => return Ok(true),
    };
    Ok(db.prepare_cached(sql)?.query_row([id], |_| Ok(())).optional()?.is_some())
}

/// The number that says the price. A field and a sentence where it does not fit.
fn value(price: &ListPrice) -> std::result::Result<i64, (&'static str, String)> {
    match (price.kind, price.amount, price.percent) {
        (PriceKind::Percent, None, Some(percent)) => Ok(percent.hundredths()),
        (PriceKind::Percent, Some(_), _) => Err(("amount", "is not for a percentage".into())),
        (PriceKind::Percent, None, None) => Err(("percent", "is missing".into())),
        (_, _, Some(_)) => Err(("percent", "is not for a sum".into())),
        (_, None, None) => Err(("amount", "is missing".into())),
        (_, Some(amount), None) => {
            Price::new(amount).map(|Price(Money(amount))| amount).map_err(|why| ("amount", why))
        }
    }
}

fn columns(tx: &Tx<'_>, body: &PriceListBody) -> Result<Columns> {
    let round_to = body.round_to.unwrap_or(Money(1));
    if round_to <= Money::ZERO || round_to > Money::max_price() {
        return Err(Error::invalid("round_to", "must be a sum above 0 such as 10"));
    }
    let (period, room) = (body.period_id.map(Id::get), body.location_id.map(Id::get));
    periods_store::check(tx, "period_id", period)?;
    if let Some(room) = room {
        let sql = "SELECT 1 FROM locations WHERE id = ?1 AND deleted_at IS NULL";
        if !tx.prepare_cached(sql)?.exists([room])? {
            return Err(Error::invalid("location_id", "is not there any more"));
        }
    }
    Ok(Columns::default()
        .set("name", body.name.clone())
        .set("period_id", period)
        .set("location_id", room)
        .set("channel", body.channel.map(|channel: Channel| channel.as_str().to_owned()))
        .set("round_to", round_to.0)
        .set("priority", body.priority.get())
        .set("is_active", body.is_active))
}

/// Adds a list.
pub struct CreateList {
    /// The list.
    pub list: PriceListBody,
    /// Who does; none is somebody with a shell, or the cloud.
    pub by: Option<i64>,
}

impl Command for CreateList {
    type Output = PriceList;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PriceList> {
        let (_, there) = LISTS.list(tx, (0, 1), Filter::default())?;
        if there >= MOST {
            let detail = format!("There are {there} price lists already. Remove one first.");
            return Err(Error::rule("too_many_price_lists", detail).with("most", MOST));
        }
        let id = LISTS.insert(tx, &columns(tx, &self.list)?)?;
        write_prices(tx, id, &self.list.prices)?;
        let added = one(tx, id)?;
        TRAIL.note(tx, self.by, "price_list_added", id, (Value::Null, json!(added)))?;
        tell(tx, self.by)?;
        Ok(added)
    }
}

/// Writes a list anew, for what is ordered from now on.
pub struct ReplaceList {
    /// The list.
    pub id: i64,
    /// What it says from now on.
    pub list: PriceListBody,
    /// Who does; none is somebody with a shell, or the cloud.
    pub by: Option<i64>,
}

impl Command for ReplaceList {
    type Output = PriceList;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PriceList> {
        let old = one(tx, self.id)?;
        LISTS.update(tx, self.id, &columns(tx, &self.list)?)?;
        write_prices(tx, self.id, &self.list.prices)?;
        let new = one(tx, self.id)?;
        TRAIL.note(tx, self.by, "price_list_changed", self.id, audit::differences(&old, &new))?;
        tell(tx, self.by)?;
        Ok(new)
    }
}

/// Removes a list. What was ordered by it keeps its price, and reports go on calling it by its name.
pub struct DeleteList {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteList {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = one(tx, self.id)?;
        LISTS.remove(tx, self.id)?;
        TRAIL.note(tx, Some(self.by), "price_list_removed", self.id, (json!(old), Value::Null))?;
        tell(tx, Some(self.by))
    }
}
