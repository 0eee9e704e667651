//! The lines of documents in SQL.

use rusqlite::{Connection, params};

use super::{Document, DocumentKind, DocumentLine, DocumentState, LineBody, MOST_LINES};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Int;
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Tx, word};
use crate::features::stock::amount::{Amount, THOUSAND};
use crate::features::stock::goods::{BaseUnit, check_good, packed};
use crate::features::stock::suppliers::agreed;

/// The lines of a document, each with what it moved.
///
/// # Errors
/// When the database cannot be read.
pub fn lines(db: &Connection, document: &Document) -> Result<Vec<DocumentLine>> {
    let mut statement = db.prepare_cached(
        "SELECT l.good_id, g.name, g.base_unit, l.pack_id, l.quantity, l.sum, l.at,
                (SELECT sum(m.quantity) FROM stock_moves m
                 WHERE m.document_id = l.document_id AND m.document_line = l.sort_order
                   AND m.good_id = l.good_id),
                (SELECT sum(m.value) FROM stock_moves m
                 WHERE m.document_id = l.document_id AND m.document_line = l.sort_order
                   AND m.good_id = l.good_id)
         FROM stock_document_lines l JOIN stock_goods g ON g.id = l.good_id
         WHERE l.document_id = ?1 ORDER BY l.sort_order",
    )?;
    let rows = statement.query_map([document.id], |row| {
        Ok(DocumentLine {
            good_id: row.get(0)?,
            good_name: row.get(1)?,
            base_unit: word(row, 2, BaseUnit::parse)?,
            pack_id: row.get(3)?,
            quantity: Amount(row.get(4)?),
            sum: row.get::<_, Option<i64>>(5)?.map(Money),
            agreed: None,
            at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
            moved: row.get::<_, Option<i64>>(7)?.map(Amount),
            value: row.get::<_, Option<i64>>(8)?.map(Money),
        })
    })?;
    let mut lines = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    if document.state == DocumentState::Posting {
        for line in &mut lines {
            (line.moved, line.value) = (None, None);
        }
    }
    if let Some(supplier) = document.supplier_id {
        for line in &mut lines {
            line.agreed = agreed(db, (supplier, line.good_id), line.quantity)?;
        }
    }
    Ok(lines)
}

/// Writes all lines of a draft anew. Returns what they come to.
///
/// # Errors
/// 422 with the field that is wrong.
pub fn write(tx: &Tx<'_>, id: i64, kind: DocumentKind, lines: &[LineBody]) -> Result<Money> {
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(Error::invalid("lines", format!("must be from 1 to {MOST_LINES}")));
    }
    tx.prepare_cached("DELETE FROM stock_document_lines WHERE document_id = ?1")?.execute([id])?;
    let mut total = Money::ZERO;
    for (at, line) in lines.iter().enumerate() {
        let (quantity, sum) = check(tx, kind, at, line)?;
        total += sum.unwrap_or(Money::ZERO);
        tx.prepare_cached(
            "INSERT INTO stock_document_lines (document_id, sort_order, good_id, quantity, sum,
                                               pack_id, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id,
            i64::try_from(at).unwrap_or(i64::MAX),
            line.good_id.get(),
            quantity.0,
            sum.map(|sum| sum.0),
            line.pack_id.map(Int::get),
            line.at.map(|at| at.0),
        ])?;
    }
    Ok(total)
}

/// How much a line is in the good's unit, and what it costs.
fn check(
    tx: &Tx<'_>,
    kind: DocumentKind,
    at: usize,
    line: &LineBody,
) -> Result<(Amount, Option<Money>)> {
    let field = |name: &str| format!("lines[{at}].{name}");
    check_good(tx, line.good_id.get(), &field("good_id"))?;
    let least = if kind == DocumentKind::Count { Amount::ZERO } else { Amount(1) };
    if line.quantity < least {
        let why =
            if kind == DocumentKind::Count { "must not be below 0" } else { "must be above 0" };
        return Err(Error::invalid(field("quantity"), why));
    }
    let quantity = match line.pack_id {
        None => line.quantity,
        Some(pack) => {
            let each = packed(tx, pack.get(), line.good_id.get(), &field("pack_id"))?;
            times(line.quantity, each)
                .ok_or_else(|| Error::invalid(field("quantity"), "is more than can be counted"))?
        }
    };
    let sum = match (line.sum, line.price) {
        (Some(_), Some(_)) => {
            return Err(Error::invalid(field("price"), "is said already by the sum"));
        }
        (Some(sum), None) if sum < Money::ZERO || sum > Money::max_price().times(1000) => {
            return Err(Error::invalid(
                field("sum"),
                "must be from 0 on, and no more than anybody pays",
            ));
        }
        (Some(sum), None) => Some(sum),
        (None, Some(price)) => {
            let sum = price.of(line.quantity).filter(|sum| *sum <= Money::max_price().times(1000));
            Some(
                sum.ok_or_else(|| {
                    Error::invalid(field("price"), "comes to more than anybody pays")
                })?,
            )
        }
        (None, None) => None,
    };
    Ok((quantity, sum))
}

/// So many packs of so much; none above what a line may hold.
fn times(packs: Amount, each: Amount) -> Option<Amount> {
    let whole = i128::from(packs.0) * i128::from(each.0) / i128::from(THOUSAND);
    i64::try_from(whole).ok().map(Amount).filter(|amount| *amount <= Amount::MOST)
}
