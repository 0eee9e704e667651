//! What guests asked to pay by themselves. It stands with the call for the bill, and outlives it:
//! a waiter answers the call first, and splits at the table.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Quantity, hex};
use crate::core::store::Tx;

/// The most parts that one call keeps; with one more the oldest goes.
const MOST_PARTS: usize = 20;

/// A part of a check that a guest asked to pay by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartWish {
    /// The check.
    pub check_id: i64,
    /// One of so many equal parts; none where it is of lines.
    pub parts: Option<usize>,
    /// So much of which lines.
    pub lines: Vec<WishedLine>,
    /// What it comes to.
    pub total: Money,
}

/// So much of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WishedLine {
    /// The order's line.
    pub item_id: i64,
    /// How much of it.
    pub quantity: Quantity,
}

/// Who asked, and for what: a phone asks for one part at a time.
#[derive(Debug, Clone)]
pub struct Wished {
    /// Tells the table's phones apart; it opens nothing.
    pub phone: String,
    /// The part.
    pub wish: PartWish,
}

/// A name for a phone by the hash of its token.
pub fn phone_name(token_hash: &[u8]) -> String {
    hex(&token_hash[..token_hash.len().min(8)])
}

/// As it is kept: integers, whatever the currency.
#[derive(Serialize, Deserialize)]
struct Kept {
    phone: String,
    check: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parts: Option<usize>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<(i64, i64)>,
    total: i64,
}

pub(super) fn read(text: Option<&str>) -> Result<Vec<Wished>> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let kept: Vec<Kept> = serde_json::from_str(text).map_err(Error::internal)?;
    let line = |(item_id, quantity)| {
        let quantity = Quantity::new(quantity).map_err(Error::internal)?;
        Ok(WishedLine { item_id, quantity })
    };
    let wished = |kept: Kept| {
        let lines = kept.lines.into_iter().map(line).collect::<Result<_>>()?;
        let (check_id, total) = (kept.check, Money(kept.total));
        let wish = PartWish { check_id, parts: kept.parts, lines, total };
        Ok(Wished { phone: kept.phone, wish })
    };
    kept.into_iter().map(wished).collect()
}

/// None where nobody asked for a part.
fn write(parts: &[Wished]) -> Result<Option<String>> {
    let line = |line: &WishedLine| (line.item_id, line.quantity.thousandths());
    let kept = |Wished { phone, wish }: &Wished| Kept {
        phone: phone.clone(),
        check: wish.check_id,
        parts: wish.parts,
        lines: wish.lines.iter().map(line).collect(),
        total: wish.total.0,
    };
    let kept: Vec<Kept> = parts.iter().map(kept).collect();
    let text = serde_json::to_string(&kept).map_err(Error::internal)?;
    Ok((!kept.is_empty()).then_some(text))
}

/// What the guests of an order asked to pay by themselves, the last word of each phone.
///
/// # Errors
/// When the database cannot be read.
pub fn parts_of(db: &Connection, order_id: i64) -> Result<Vec<Wished>> {
    let mut all: Vec<Wished> = Vec::new();
    for (_, parts) in rows(db, order_id)? {
        for wished in parts {
            all.retain(|before| before.phone != wished.phone);
            all.push(wished);
        }
    }
    Ok(all)
}

/// The calls for the bill of an order, oldest first.
fn rows(db: &Connection, order_id: i64) -> Result<Vec<(i64, Vec<Wished>)>> {
    let mut statement = db.prepare_cached(
        "SELECT id, parts FROM calls INDEXED BY calls_parts WHERE order_id = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([order_id])?;
    let mut calls = Vec::new();
    while let Some(row) = rows.next()? {
        let text: Option<String> = row.get(1)?;
        calls.push((row.get(0)?, read(text.as_deref())?));
    }
    Ok(calls)
}

/// A phone asks for a part, with this call for the bill.
pub(super) fn ask(tx: &Tx<'_>, call_id: i64, order_id: i64, wished: &Wished) -> Result<()> {
    forget(tx, order_id, |known| known.phone == wished.phone)?;
    let sql = "SELECT parts FROM calls WHERE id = ?1";
    let text: Option<String> = tx.prepare_cached(sql)?.query_row([call_id], |row| row.get(0))?;
    let mut parts = read(text.as_deref())?;
    parts.push(wished.clone());
    if parts.len() > MOST_PARTS {
        parts.remove(0);
    }
    put(tx, call_id, Some(order_id), &parts)
}

fn put(tx: &Tx<'_>, call_id: i64, order_id: Option<i64>, parts: &[Wished]) -> Result<()> {
    tx.prepare_cached("UPDATE calls SET order_id = ?2, parts = ?3 WHERE id = ?1")?
        .execute(params![call_id, order_id, write(parts)?])?;
    Ok(())
}

/// Takes parts of an order's bill off the list: they were made, or are not wanted any more.
///
/// # Errors
/// When the rows cannot be written.
pub fn forget(tx: &Tx<'_>, order_id: i64, is_done: impl Fn(&Wished) -> bool) -> Result<()> {
    for (call_id, mut parts) in rows(tx, order_id)? {
        let before = parts.len();
        parts.retain(|wished| !is_done(wished));
        if parts.len() < before {
            put(tx, call_id, (!parts.is_empty()).then_some(order_id), &parts)?;
        }
    }
    Ok(())
}

/// Nothing of a call is wanted any more.
pub(super) fn drop_all(tx: &Tx<'_>, call_id: i64) -> Result<()> {
    put(tx, call_id, None, &[])
}
