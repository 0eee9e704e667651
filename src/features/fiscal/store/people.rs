//! What people do with documents: they let some be made, say what became of others, and answer for all.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use super::devices::DEVICES;
use super::documents::{find, waiting_count};
use super::make::{again, write};
use crate::core::error::{Error, Result};
use crate::core::jobs::{self, NewJob};
use crate::core::store::{Command, Tx, is_unique_violation};
use crate::features::fiscal::body::{Body, Cashier};
use crate::features::fiscal::job::{FISCAL, Making, key, lane};
use crate::features::fiscal::states::{DocumentKind, DocumentState};
use crate::features::fiscal::types::{CashierNumber, Document, Resolution, Resolve};
use crate::platform::audit;
use crate::platform::auth::Person;

/// Lets a document be made.
///
/// # Errors
/// When the row cannot be written.
pub fn enqueue(tx: &Tx<'_>, device_id: i64, document_id: i64) -> Result<()> {
    let payload = serde_json::to_value(Making { document_id }).map_err(Error::internal)?;
    let (lane, key) = (lane(device_id), key(document_id));
    jobs::enqueue(tx, &NewJob { kind: &FISCAL, lane: &lane, key: &key, payload })
}

/// The person who answers for a document, with their tax number.
///
/// # Errors
/// When the database cannot be read.
pub fn cashier(db: &Connection, person: &Person) -> Result<Cashier> {
    let vatin = cashier_number(db, person.id)?;
    Ok(Cashier { name: person.full_name.to_string(), vatin })
}

/// Somebody's tax number.
///
/// # Errors
/// When the database cannot be read.
pub fn cashier_number(db: &Connection, user_id: i64) -> Result<Option<String>> {
    let sql = "SELECT vatin FROM fiscal_cashiers WHERE user_id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([user_id], |row| row.get(0)).optional()?)
}

/// Keeps a cashier's tax number, or forgets it.
pub struct SetCashierNumber {
    /// Whose.
    pub user_id: i64,
    /// Which.
    pub number: CashierNumber,
    /// Who says so.
    pub by: i64,
}

impl Command for SetCashierNumber {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let vatin = &*self.number.vatin;
        let is_number = vatin.len() == 12 && vatin.bytes().all(|byte| byte.is_ascii_digit());
        if !vatin.is_empty() && !is_number {
            return Err(Error::invalid("vatin", "must be twelve digits, or empty"));
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE id = ?1 AND deleted_at IS NULL)";
        if !tx.prepare_cached(sql)?.query_row([self.user_id], |row| row.get::<_, bool>(0))? {
            return Err(Error::not_found("user", self.user_id));
        }
        let sql = if vatin.is_empty() {
            "DELETE FROM fiscal_cashiers WHERE user_id = ?1 AND ?2 = ''"
        } else {
            "INSERT INTO fiscal_cashiers (user_id, vatin) VALUES (?1, ?2)
             ON CONFLICT (user_id) DO UPDATE SET vatin = excluded.vatin"
        };
        tx.prepare_cached(sql)?.execute(params![self.user_id, vatin])?;
        // The number itself is nobody else's business.
        let change = (json!({}), json!({"has_number": !vatin.is_empty()}));
        let whom = ("user", Some(self.user_id));
        audit::note(tx, Some(self.by), "fiscal_cashier_changed", whom, change).map(drop)
    }
}

/// Lets a register close its shift, or say what it came to so far.
pub struct Enqueue {
    /// The register.
    pub device_id: i64,
    /// What.
    pub kind: DocumentKind,
    /// Who answers for it.
    pub cashier: Cashier,
    /// Only when nothing else waits: nobody asked for it.
    pub is_by_itself: bool,
}

impl Command for Enqueue {
    type Output = Option<Document>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Option<Document>> {
        DEVICES.get(tx, self.device_id)?;
        if self.is_by_itself && waiting_count(tx, self.device_id)? > 0 {
            return Ok(None);
        }
        let body = Body::plain(self.cashier);
        let id = write(tx, (self.device_id, self.kind), (None, None, None), &body)?;
        enqueue(tx, self.device_id, id)?;
        find(tx, id).map(Some)
    }
}

/// A person says what became of a document.
pub struct ResolveDocument {
    /// Which.
    pub id: i64,
    /// What they say.
    pub said: Resolve,
    /// Who.
    pub by: i64,
}

impl Command for ResolveDocument {
    type Output = Document;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Document> {
        let Self { id, said, by } = self;
        let old = find(tx, id)?;
        check(&old, said.is)?;
        settle_job(tx, &old, said.is)?;
        match said.is {
            Resolution::Made => made(tx, &old, said.number)?,
            Resolution::Again => again(tx, id, "somebody lets it be made once more")?,
            Resolution::GivenUp => {
                let sql = "UPDATE fiscal_documents SET state = 'CANCELLED' WHERE id = ?1";
                tx.prepare_cached(sql)?.execute([id])?;
            }
        }
        let sql = "UPDATE fiscal_documents SET resolved_by_id = ?2, resolved_reason = ?3,
                       updated_at = ?4 WHERE id = ?1";
        tx.prepare_cached(sql)?.execute(params![id, by, &*said.reason, tx.now().0])?;
        let new = find(tx, id)?;
        let change = (
            json!({"state": old.state, "kind": old.kind, "total": old.total, "check": old.check_id}),
            json!({"state": new.state, "number": new.number, "reason": &*said.reason}),
        );
        audit::note(
            tx,
            Some(by),
            "fiscal_document_resolved",
            ("fiscal_document", Some(id)),
            change,
        )?;
        Ok(new)
    }
}

/// What there is to say of a document that stands so.
fn check(old: &Document, is: Resolution) -> Result<()> {
    let is_open = match old.state {
        // Of one that is under way this moment the job says so.
        DocumentState::Sent | DocumentState::Unknown | DocumentState::Refused => true,
        DocumentState::Queued => is == Resolution::GivenUp,
        DocumentState::Done | DocumentState::Cancelled => false,
    };
    if is_open {
        return Ok(());
    }
    let detail = format!("The document is {} now; there is nothing to say of it.", old.state);
    Err(Error::conflict("document_moved_on", detail).with("state", old.state.as_str()))
}

fn made(tx: &Tx<'_>, old: &Document, number: Option<i64>) -> Result<()> {
    if !old.kind.is_fiscal() {
        let sql = "UPDATE fiscal_documents SET state = 'DONE', problem = NULL WHERE id = ?1";
        tx.prepare_cached(sql)?.execute([old.id])?;
        return Ok(());
    }
    let number = number.filter(|number| *number > 0);
    let number = number.ok_or_else(|| {
        Error::invalid("number", "must be the number of the document (ФД) on its paper")
    })?;
    // The storage is that of the documents before it.
    let sql = "UPDATE fiscal_documents SET state = 'DONE', problem = NULL, number = ?2,
                   storage = (SELECT storage FROM fiscal_documents
                              WHERE device_id = ?3 AND number IS NOT NULL
                              ORDER BY id DESC LIMIT 1)
               WHERE id = ?1";
    let written = tx.prepare_cached(sql)?.execute(params![old.id, number, old.device_id]);
    written.map(drop).map_err(|error| {
        if is_unique_violation(&error, "fiscal_documents.storage, fiscal_documents.number") {
            let detail = format!("Document {number} is another one of this register.");
            Error::conflict("number_taken", detail).with("number", number)
        } else {
            error.into()
        }
    })
}

/// The job follows: it is done, or begins anew.
fn settle_job(tx: &Tx<'_>, old: &Document, is: Resolution) -> Result<()> {
    let job = jobs::find_by_key(tx, &FISCAL, &key(old.id))?;
    let Some(job) = job.filter(|job| job.state != jobs::State::Done) else {
        // It ended long ago: what is to be made gets another.
        return if is == Resolution::Again { remake(tx, old) } else { Ok(()) };
    };
    match (job.state, is) {
        (jobs::State::Running, _) => {
            let detail =
                "The register is being asked about it this moment. Try again in some seconds.";
            Err(Error::conflict("document_under_way", detail))
        }
        // What is refused has ended, as far as its job knows.
        (jobs::State::Failed, Resolution::GivenUp) => Ok(()),
        (_, Resolution::Made) => jobs::resolve(tx, job.id, jobs::Resolution::Done),
        (_, Resolution::Again) => jobs::resolve(tx, job.id, jobs::Resolution::Again),
        (_, Resolution::GivenUp) => jobs::resolve(tx, job.id, jobs::Resolution::Failed),
    }
}

fn remake(tx: &Tx<'_>, old: &Document) -> Result<()> {
    let payload = serde_json::to_value(Making { document_id: old.id }).map_err(Error::internal)?;
    let lane = lane(old.device_id);
    let key = format!("{} {}", key(old.id), old.tries);
    jobs::enqueue(tx, &NewJob { kind: &FISCAL, lane: &lane, key: &key, payload })
}
