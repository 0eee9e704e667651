//! Documents as they are shown.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::word;
use crate::features::fiscal::states::{DocumentKind, DocumentState};
use crate::features::fiscal::types::{Document, DocumentList};

const COLUMNS: &str = "id, device_id, kind, state, uuid, check_id, payment_id, returns_id, total, \
                       number_before, number_seen, number, sign, storage, registration, \
                       shift_number, receipt_number, made_at, is_printed, tries, problem, \
                       resolved_by_id, resolved_reason, created_at, updated_at";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document {
        id: row.get(0)?,
        device_id: row.get(1)?,
        kind: word(row, 2, DocumentKind::parse)?,
        state: word(row, 3, DocumentState::parse)?,
        uuid: row.get(4)?,
        check_id: row.get(5)?,
        payment_id: row.get(6)?,
        returns_id: row.get(7)?,
        total: Money(row.get(8)?),
        number_before: row.get(9)?,
        number_seen: row.get(10)?,
        number: row.get(11)?,
        sign: row.get(12)?,
        storage: row.get(13)?,
        registration: row.get(14)?,
        shift_number: row.get(15)?,
        receipt_number: row.get(16)?,
        made_at: row.get(17)?,
        is_printed: row.get(18)?,
        tries: row.get(19)?,
        problem: row.get(20)?,
        resolved_by_id: row.get(21)?,
        resolved_reason: row.get(22)?,
        created_at: Timestamp(row.get(23)?),
        updated_at: Timestamp(row.get(24)?),
    })
}

/// One document.
///
/// # Errors
/// 404 when it is not there.
pub fn find(db: &Connection, id: i64) -> Result<Document> {
    let sql = format!("SELECT {COLUMNS} FROM fiscal_documents WHERE id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([id], from_row).optional()?;
    found.ok_or_else(|| Error::not_found("fiscal document", id))
}

/// A page of documents, newest first.
pub fn documents(db: &Connection, (skip, limit): (i64, i64)) -> Result<DocumentList> {
    let sql = format!("SELECT {COLUMNS} FROM fiscal_documents ORDER BY id DESC LIMIT ?1 OFFSET ?2");
    let mut page = db.prepare_cached(&sql)?;
    let page = page.query_map([limit, skip], from_row)?;
    let documents = page.collect::<rusqlite::Result<_>>()?;
    // They are numbered without gaps, and none is ever removed.
    let total = "SELECT coalesce(max(id), 0) FROM fiscal_documents";
    Ok(DocumentList {
        documents,
        total: db.prepare_cached(total)?.query_row([], |row| row.get(0))?,
    })
}

/// The documents of a check, in their order.
pub fn check_documents(db: &Connection, check_id: i64) -> Result<Vec<Document>> {
    let sql = format!("SELECT {COLUMNS} FROM fiscal_documents WHERE check_id = ?1 ORDER BY id");
    let mut all = db.prepare_cached(&sql)?;
    let all = all.query_map([check_id], from_row)?;
    Ok(all.collect::<rusqlite::Result<_>>()?)
}

/// The most that are shown at once.
const MOST: i64 = 200;

/// What is not made yet, or needs somebody: the oldest first.
pub fn troubles(db: &Connection) -> Result<Vec<Document>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM fiscal_documents INDEXED BY fiscal_documents_open
         WHERE state IN ('QUEUED', 'SENT', 'UNKNOWN', 'REFUSED') ORDER BY id LIMIT ?1"
    );
    let mut all = db.prepare_cached(&sql)?;
    let all = all.query_map([MOST], from_row)?;
    Ok(all.collect::<rusqlite::Result<_>>()?)
}

/// How many documents of a register wait: for it, or for somebody to say what became of one.
pub fn waiting_count(db: &Connection, device_id: i64) -> Result<i64> {
    let sql = "SELECT count(*) FROM fiscal_documents INDEXED BY fiscal_documents_open
               WHERE state IN ('QUEUED', 'SENT', 'UNKNOWN', 'REFUSED') AND device_id = ?1
                 AND state <> 'REFUSED'";
    Ok(db.prepare_cached(sql)?.query_row(params![device_id], |row| row.get(0))?)
}
