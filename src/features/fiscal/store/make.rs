//! What the making of a document reads and writes.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::devices::{Account, account};
use crate::core::error::{Error, Result};
use crate::core::store::{Command, Tx, word};
use crate::features::fiscal::body::{Body, Cashier};
use crate::features::fiscal::register::{Manner, Proof};
use crate::features::fiscal::states::{DocumentKind, DocumentState, Ffd, Taxation};

/// A document that is to be made, with all that must be known for it.
#[derive(Debug, Clone)]
pub struct OpenDocument {
    /// Id.
    pub id: i64,
    /// What it is.
    pub kind: DocumentKind,
    /// Where it stands.
    pub state: DocumentState,
    /// By what the register knows it.
    pub uuid: String,
    /// The number of the register's last document before it was sent.
    pub number_before: Option<i64>,
    /// What stands on it.
    pub body: Body,
    /// How that is written.
    pub manner: Manner,
    /// Where it is made.
    pub account: Account,
}

/// A document, as it is to be made.
///
/// # Errors
/// 404 when it is not there.
pub fn open(db: &Connection, id: i64) -> Result<OpenDocument> {
    let found = db
        .prepare_cached(
            "SELECT f.kind, f.state, f.uuid, f.number_before, f.body, d.taxation, d.ffd, d.taxes, d.id
             FROM fiscal_documents f JOIN fiscal_devices d ON d.id = f.device_id WHERE f.id = ?1",
        )?
        .query_row([id], |row| Ok((read(row)?, row.get::<_, i64>(8)?)))
        .optional()?;
    let ((kind, state, uuid, number_before, body, manner), device_id) =
        found.ok_or_else(|| Error::not_found("fiscal document", id))?;
    let body: Body = serde_json::from_str(&body).map_err(Error::internal)?;
    let account = account(db, device_id)?;
    Ok(OpenDocument { id, kind, state, uuid, number_before, body, manner, account })
}

type Columns = (DocumentKind, DocumentState, String, Option<i64>, String, Manner);

fn read(row: &Row<'_>) -> rusqlite::Result<Columns> {
    let taxes: String = row.get(7)?;
    let manner = Manner {
        taxation: word(row, 5, Taxation::parse)?,
        ffd: word(row, 6, Ffd::parse)?,
        taxes: serde_json::from_str(&taxes).unwrap_or_default(),
    };
    Ok((
        word(row, 0, DocumentKind::parse)?,
        word(row, 1, DocumentState::parse)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        manner,
    ))
}

/// A document of a register's shift that was begun and not heard of.
///
/// # Errors
/// When the database cannot be read.
pub fn unsettled_shift(db: &Connection, device_id: i64) -> Result<Option<OpenDocument>> {
    let sql = "SELECT id FROM fiscal_documents INDEXED BY fiscal_documents_open
               WHERE state IN ('QUEUED', 'SENT', 'UNKNOWN', 'REFUSED') AND device_id = ?1
                 AND state IN ('SENT', 'UNKNOWN') AND kind IN ('OPEN_SHIFT', 'CLOSE_SHIFT')
               ORDER BY id LIMIT 1";
    let id = db.prepare_cached(sql)?.query_row([device_id], |row| row.get(0)).optional()?;
    id.map(|id: i64| open(db, id)).transpose()
}

/// The numbers of a register's documents that are known, from one on.
///
/// # Errors
/// When the database cannot be read.
pub fn numbers_above(db: &Connection, device_id: i64, number: i64) -> Result<Vec<i64>> {
    // Of the last documents only: what was made since is at the end.
    let sql = "SELECT number FROM (SELECT number, device_id FROM fiscal_documents
                                   ORDER BY id DESC LIMIT 1000)
               WHERE device_id = ?1 AND number > ?2";
    let mut numbers = db.prepare_cached(sql)?;
    let numbers = numbers.query_map([device_id, number], |row| row.get(0))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// Writes a document down. Returns its id.
///
/// # Errors
/// When the row cannot be written.
pub fn write(
    tx: &Tx<'_>,
    (device_id, kind): (i64, DocumentKind),
    (check_id, payment_id, returns_id): (Option<i64>, Option<i64>, Option<i64>),
    body: &Body,
) -> Result<i64> {
    let total = body.total();
    let body = serde_json::to_string(body).map_err(Error::internal)?;
    tx.prepare_cached(
        "INSERT INTO fiscal_documents (device_id, kind, state, uuid, check_id, payment_id, returns_id,
                                       body, total, created_at, updated_at)
         VALUES (?1, ?2, 'QUEUED', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
    )?
    .execute(params![
        device_id,
        kind.as_str(),
        Uuid::now_v7().to_string(),
        check_id,
        payment_id,
        returns_id,
        body,
        total.0,
        tx.now().0,
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Forgets to whom the receipts of an order's checks were sent: whose order it was is erased.
///
/// # Errors
/// When the rows cannot be written.
pub fn forget_address(tx: &Tx<'_>, order_id: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE fiscal_documents SET body = json_set(body, '$.receipt.to', NULL)
         WHERE check_id IN (SELECT id FROM checks WHERE order_id = ?1)
           AND json_extract(body, '$.receipt.to') IS NOT NULL",
    )?
    .execute([order_id])?;
    Ok(())
}

/// Writes down that the register's shift is opened or closed for a document.
pub struct BeginShift {
    /// The register.
    pub device_id: i64,
    /// Opened or closed.
    pub kind: DocumentKind,
    /// Who answers for it.
    pub cashier: Cashier,
}

impl Command for BeginShift {
    type Output = OpenDocument;

    fn apply(self, tx: &mut Tx<'_>) -> Result<OpenDocument> {
        // One that was asked for, or was left over when the plug was pulled.
        let sql = "SELECT id FROM fiscal_documents INDEXED BY fiscal_documents_open
                   WHERE state IN ('QUEUED', 'SENT', 'UNKNOWN', 'REFUSED') AND device_id = ?1
                     AND state = 'QUEUED' AND kind = ?2
                   ORDER BY id LIMIT 1";
        let there = tx
            .prepare_cached(sql)?
            .query_row(params![self.device_id, self.kind.as_str()], |row| row.get(0))
            .optional()?;
        if let Some(id) = there {
            return open(tx, id);
        }
        let body = Body::plain(self.cashier);
        let id = write(tx, (self.device_id, self.kind), (None, None, None), &body)?;
        open(tx, id)
    }
}

/// Writes down that a document is about to be sent. Whether it still is to be.
pub struct MarkSent {
    /// Which.
    pub id: i64,
    /// The number of the register's last document.
    pub before: i64,
}

impl Command for MarkSent {
    type Output = bool;

    fn apply(self, tx: &mut Tx<'_>) -> Result<bool> {
        let sql = "UPDATE fiscal_documents
                   SET state = 'SENT', number_before = ?2, tries = tries + 1, updated_at = ?3
                   WHERE id = ?1 AND state = 'QUEUED'";
        Ok(tx.prepare_cached(sql)?.execute(params![self.id, self.before, tx.now().0])? > 0)
    }
}

/// What became of a document.
#[derive(Debug, Clone)]
pub enum Settled {
    /// It is made.
    Made(Proof),
    /// It was surely not made, and is to be, under a new key.
    Again(String),
    /// It was refused.
    Refused(String),
    /// Nobody but a person can tell.
    Unclear {
        /// The number of the register's last document.
        seen: i64,
        /// Why.
        why: String,
    },
    /// It stands as it stood, and why.
    Waits(String),
}

/// Writes down what became of a document; nothing where a person said so meanwhile. Whether nobody need
/// say more of it.
pub struct Settle {
    /// Which.
    pub id: i64,
    /// What became of it.
    pub to: Settled,
}

impl Command for Settle {
    type Output = bool;

    fn apply(self, tx: &mut Tx<'_>) -> Result<bool> {
        let (id, now) = (self.id, tx.now().0);
        match self.to {
            Settled::Made(proof) => return made(tx, id, &proof),
            Settled::Again(why) => again(tx, id, &why)?,
            Settled::Refused(why) => {
                // A shift and a report are nothing that anybody is owed.
                let sql = "UPDATE fiscal_documents SET problem = ?2, updated_at = ?3,
                               state = CASE WHEN kind IN ('OPEN_SHIFT', 'CLOSE_SHIFT', 'X_REPORT')
                                            THEN 'CANCELLED' ELSE 'REFUSED' END
                           WHERE id = ?1 AND state IN ('SENT', 'UNKNOWN')";
                tx.prepare_cached(sql)?.execute(params![id, why, now])?;
            }
            Settled::Unclear { seen, why } => {
                let sql = "UPDATE fiscal_documents SET problem = ?2, updated_at = ?3,
                               state = 'UNKNOWN', number_seen = ?4
                           WHERE id = ?1 AND state IN ('SENT', 'UNKNOWN')";
                tx.prepare_cached(sql)?.execute(params![id, why, now, seen])?;
            }
            Settled::Waits(why) => {
                let sql = "UPDATE fiscal_documents SET problem = ?2, updated_at = ?3
                           WHERE id = ?1 AND state IN ('QUEUED', 'SENT', 'UNKNOWN')
                             AND problem IS NOT ?2";
                tx.prepare_cached(sql)?.execute(params![id, why, now])?;
            }
        }
        Ok(true)
    }
}

/// Two documents never have one number: then somebody has to look.
fn made(tx: &Tx<'_>, id: i64, proof: &Proof) -> Result<bool> {
    let taken: bool = tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM fiscal_documents
                            WHERE storage = ?1 AND number = ?2 AND id <> ?3)",
        )?
        .query_row(params![proof.storage, proof.number, id], |row| row.get(0))?;
    if taken {
        let why = "the register names the number of another document; look at its paper";
        let sql = "UPDATE fiscal_documents SET state = 'UNKNOWN', problem = ?2, number_seen = ?3,
                       updated_at = ?4 WHERE id = ?1 AND state IN ('SENT', 'UNKNOWN')";
        tx.prepare_cached(sql)?.execute(params![id, why, proof.number, tx.now().0])?;
        return Ok(false);
    }
    tx.prepare_cached(
        "UPDATE fiscal_documents
         SET state = 'DONE', problem = NULL, number = ?2, sign = ?3, storage = ?4, registration = ?5,
             shift_number = ?6, receipt_number = ?7, made_at = ?8, is_printed = ?9, updated_at = ?10
         WHERE id = ?1 AND state IN ('SENT', 'UNKNOWN')",
    )?
    .execute(params![
        id,
        proof.number,
        proof.sign,
        proof.storage,
        proof.registration,
        proof.shift_number,
        proof.receipt_number,
        proof.made_at,
        !proof.is_not_printed,
        tx.now().0,
    ])?;
    Ok(true)
}

/// Lets a document that was surely not made be made under a new key.
///
/// # Errors
/// When the row cannot be written.
pub fn again(tx: &Tx<'_>, id: i64, why: &str) -> Result<()> {
    let sql = "UPDATE fiscal_documents
               SET state = 'QUEUED', uuid = ?2, number_before = NULL, number_seen = NULL,
                   problem = ?3, updated_at = ?4
               WHERE id = ?1 AND state IN ('SENT', 'UNKNOWN', 'REFUSED')";
    let key = Uuid::now_v7().to_string();
    tx.prepare_cached(sql)?.execute(params![id, key, why, tx.now().0])?;
    Ok(())
}
