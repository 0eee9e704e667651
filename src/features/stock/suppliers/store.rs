//! Suppliers in SQL.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};

use super::{
    MOST_PRICES, Supplier, SupplierCreate, SupplierList, SupplierPrice, SupplierPriceBody,
    SupplierPriceList, SupplierUpdate,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Text, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken};
use crate::features::stock::amount::Amount;
use crate::features::stock::goods::check_good;
use crate::features::stock::ledger::Average;
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("supplier");

const SUPPLIERS: Repository<Supplier> = Repository {
    table: "suppliers",
    one: "supplier",
    columns: "id, name, phone, note, created_at, updated_at",
    order: "name, id",
    unique: "name",
    taken: |name| name_taken("a supplier", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<Supplier> {
    Ok(Supplier {
        id: row.get(0)?,
        name: row.get(1)?,
        phone: row.get(2)?,
        note: row.get(3)?,
        created_at: Timestamp(row.get(4)?),
        updated_at: Timestamp(row.get(5)?),
    })
}

pub fn list(db: &Connection, page: (i64, i64), search: Option<&str>) -> Result<SupplierList> {
    let filter = Filter::default().containing(&["name", "phone"], search);
    let (suppliers, total) = SUPPLIERS.list(db, page, filter)?;
    Ok(SupplierList { suppliers, total })
}

/// Whether there is such a supplier.
///
/// # Errors
/// 422 at `supplier_id`.
pub fn check_supplier(db: &Connection, id: i64) -> Result<()> {
    SUPPLIERS.get(db, id).map(drop).map_err(|error| match error.status() {
        404 => Error::invalid("supplier_id", "is no supplier that there is"),
        _ => error,
    })
}

/// A supplier.
///
/// # Errors
/// 404 when there is none.
pub fn supplier(db: &Connection, id: i64) -> Result<Supplier> {
    SUPPLIERS.get(db, id)
}

/// What so much of a good costs as it was agreed with a supplier; none where nothing was.
///
/// # Errors
/// When the database cannot be read.
pub fn agreed(
    db: &Connection,
    (supplier_id, good_id): (i64, i64),
    Amount(amount): Amount,
) -> Result<Option<Money>> {
    let sql = "SELECT price, quantity FROM supplier_prices WHERE supplier_id = ?1 AND good_id = ?2";
    let read = |row: &Row<'_>| Ok(Average { money: row.get(0)?, amount: row.get(1)? });
    let price = db.prepare_cached(sql)?.query_row([supplier_id, good_id], read).optional()?;
    Ok(price.map(|price| Money(price.of(amount))))
}

pub fn prices(db: &Connection, supplier_id: i64) -> Result<SupplierPriceList> {
    SUPPLIERS.get(db, supplier_id)?;
    let mut statement = db.prepare_cached(
        "SELECT p.good_id, g.name, p.quantity, p.price
         FROM supplier_prices p JOIN stock_goods g ON g.id = p.good_id
         WHERE p.supplier_id = ?1 ORDER BY g.name, p.good_id",
    )?;
    let rows = statement.query_map([supplier_id], |row| {
        Ok(SupplierPrice {
            good_id: row.get(0)?,
            good_name: row.get(1)?,
            quantity: Amount(row.get(2)?),
            price: Money(row.get(3)?),
        })
    })?;
    Ok(SupplierPriceList { prices: rows.collect::<rusqlite::Result<_>>()? })
}

/// Writes a supplier down.
pub struct CreateSupplier {
    pub supplier: SupplierCreate,
    pub by: i64,
}

impl Command for CreateSupplier {
    type Output = Supplier;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Supplier> {
        let SupplierCreate { name, phone, note: text } = self.supplier;
        let columns = Columns::default()
            .set("name", name)
            .maybe("phone", phone.and_then(Text::non_empty))
            .maybe("note", text.and_then(Text::non_empty));
        let id = SUPPLIERS.insert(tx, &columns)?;
        let supplier = SUPPLIERS.get(tx, id)?;
        TRAIL.note(
            tx,
            self.by,
            "supplier_added",
            id,
            (Value::Null, json!({"name": supplier.name})),
        )?;
        Ok(supplier)
    }
}

/// Changes a supplier.
pub struct UpdateSupplier {
    pub id: i64,
    pub changes: SupplierUpdate,
    pub by: i64,
}

impl Command for UpdateSupplier {
    type Output = Supplier;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Supplier> {
        let Self { id, changes, by } = self;
        let old = SUPPLIERS.get(tx, id)?;
        let columns = Columns::default()
            .maybe("name", changes.name)
            .patch_text("phone", changes.phone)
            .patch_text("note", changes.note);
        SUPPLIERS.update(tx, id, &columns)?;
        let new = SUPPLIERS.get(tx, id)?;
        let change = (json!({"name": old.name}), json!({"name": new.name}));
        TRAIL.note(tx, by, "supplier_changed", id, change)?;
        Ok(new)
    }
}

/// Removes a supplier; what was bought of them stays.
pub struct RemoveSupplier {
    pub id: i64,
    pub by: i64,
}

impl Command for RemoveSupplier {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = SUPPLIERS.get(tx, self.id)?;
        SUPPLIERS.remove(tx, self.id)?;
        TRAIL.note(
            tx,
            self.by,
            "supplier_removed",
            self.id,
            (json!({"name": old.name}), Value::Null),
        )
    }
}

/// Writes all that is agreed with a supplier.
pub struct SetPrices {
    pub supplier_id: i64,
    pub prices: Vec<SupplierPriceBody>,
    pub by: i64,
}

impl Command for SetPrices {
    type Output = SupplierPriceList;

    fn apply(self, tx: &mut Tx<'_>) -> Result<SupplierPriceList> {
        let Self { supplier_id, prices: wanted, by } = self;
        let old = prices(tx, supplier_id)?;
        if wanted.len() > MOST_PRICES {
            return Err(Error::invalid("prices", format!("must be at most {MOST_PRICES}")));
        }
        tx.prepare_cached("DELETE FROM supplier_prices WHERE supplier_id = ?1")?
            .execute([supplier_id])?;
        let mut seen = BTreeSet::new();
        for (at, price) in wanted.iter().enumerate() {
            let (field, good) = (format!("prices[{at}].good_id"), price.good_id.get());
            check_good(tx, good, &field)?;
            if !seen.insert(good) {
                return Err(Error::invalid(field, "stands there twice"));
            }
            tx.prepare_cached(
                "INSERT INTO supplier_prices (supplier_id, good_id, quantity, price)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute([supplier_id, good, price.quantity.get().0, price.price.0.0])?;
        }
        let new = prices(tx, supplier_id)?;
        let facts = |list: &SupplierPriceList| json!({"prices": list.prices});
        TRAIL.note(tx, by, "supplier_prices_set", supplier_id, (facts(&old), facts(&new)))?;
        Ok(new)
    }
}
