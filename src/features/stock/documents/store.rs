//! Documents in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::{
    Document, DocumentCreate, DocumentKind, DocumentList, DocumentState, DocumentUpdate,
    DocumentWithLines, lines_store, post_store,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Money, Patch, Text, Timestamp};
use crate::core::store::{Columns, Command, Filter, Tx, word};
use crate::features::stock::places::check_place;
use crate::features::stock::stop_list::follow_goods;
use crate::features::stock::suppliers::check_supplier;
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("stock_document");

/// A posted document of which rows still wait is being posted.
const SELECT: &str = "
    SELECT d.id, d.kind, d.shown, d.at, d.place_id, p.name, d.to_place_id, d.supplier_id, s.name,
           d.number, d.reason, d.reverses_id, d.total, d.version, d.created_by_id, d.posted_by_id,
           d.posted_at, d.created_at, d.photo_url,
           (SELECT sum(m.value + m.correction) FROM stock_moves m WHERE m.document_id = d.id),
           EXISTS (SELECT * FROM stock_moves m CROSS JOIN stock_recounts r ON r.good_id = m.good_id
                   WHERE m.document_id = d.id)
    FROM (SELECT *, CASE WHEN EXISTS (SELECT * FROM stock_postings w WHERE w.document_id = o.id)
                    THEN 'POSTING' ELSE o.state END AS shown
          FROM stock_documents o) d
    JOIN stock_places p ON p.id = d.place_id
    LEFT JOIN suppliers s ON s.id = d.supplier_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Document> {
    let state = word(row, 2, DocumentState::parse)?;
    let is_posting = state == DocumentState::Posting;
    Ok(Document {
        id: row.get(0)?,
        kind: word(row, 1, DocumentKind::parse)?,
        state,
        at: Timestamp(row.get(3)?),
        place_id: row.get(4)?,
        place_name: row.get(5)?,
        to_place_id: row.get(6)?,
        supplier_id: row.get(7)?,
        supplier_name: row.get(8)?,
        number: row.get(9)?,
        reason: row.get(10)?,
        reverses_id: row.get(11)?,
        total: Money(row.get(12)?),
        version: row.get(13)?,
        created_by_id: row.get(14)?,
        posted_by_id: row.get(15)?,
        posted_at: row.get::<_, Option<i64>>(16)?.map(Timestamp),
        created_at: Timestamp(row.get(17)?),
        photo_url: row.get(18)?,
        value: row.get::<_, Option<i64>>(19)?.filter(|_| !is_posting).map(Money),
        is_counting: row.get::<_, bool>(20)? || is_posting,
    })
}

/// Which documents a list shows.
#[derive(Debug, Default)]
pub struct Wanted {
    pub kind: Option<DocumentKind>,
    pub state: Option<DocumentState>,
    pub supplier_id: Option<i64>,
    /// Older than this one.
    pub before: Option<i64>,
    /// So many at most.
    pub limit: i64,
}

pub fn list(db: &Connection, wanted: &Wanted) -> Result<DocumentList> {
    let filter = Filter::new("d.deleted_at IS NULL")
        .and("d.kind = ?", wanted.kind.map(DocumentKind::as_str))
        .and("d.shown = ?", wanted.state.map(DocumentState::as_str))
        .and("d.supplier_id = ?", wanted.supplier_id)
        .and("d.id < ?", wanted.before);
    let mut documents = filter.page(db, SELECT, "d.id DESC", (0, wanted.limit + 1), from_row)?;
    let is_more = i64::try_from(documents.len()).is_ok_and(|count| count > wanted.limit);
    if is_more {
        documents.pop();
    }
    let next = documents.last().map(|document| document.id).filter(|_| is_more);
    Ok(DocumentList { documents, next })
}

fn head(db: &Connection, id: i64) -> Result<Document> {
    let sql = format!("{SELECT} WHERE d.id = ?1 AND d.deleted_at IS NULL");
    let found = db.prepare_cached(&sql)?.query_row([id], from_row).optional()?;
    found.ok_or_else(|| Error::not_found("document", id))
}

pub fn read(db: &Connection, id: i64) -> Result<DocumentWithLines> {
    let document = head(db, id)?;
    let lines = lines_store::lines(db, &document)?;
    Ok(DocumentWithLines { document, lines })
}

/// Writes a document; posts it where that is asked for.
pub struct CreateDocument {
    pub document: DocumentCreate,
    pub by: i64,
    /// A cook writes down what was made and thrown away now, and nothing else.
    pub is_cook: bool,
}

impl Command for CreateDocument {
    type Output = DocumentWithLines;

    fn apply(self, tx: &mut Tx<'_>) -> Result<DocumentWithLines> {
        let Self { document: new, by, is_cook } = self;
        if is_cook && !is_of_cooks(&new) {
            let detail = "Cooks post what was made and what was thrown away just now. Ask a manager \
                          for all else.";
            return Err(Error::forbidden("not_of_cooks", detail));
        }
        let is_posted = match new.state {
            None | Some(DocumentState::Draft) => false,
            Some(DocumentState::Posted) => true,
            Some(DocumentState::Posting | DocumentState::Reversed) => {
                let why = "is DRAFT or POSTED; a posted one is taken back by /reverse";
                return Err(Error::invalid("state", why));
            }
        };
        let at = new.at.unwrap_or_else(|| tx.now());
        check_moment(tx, at)?;
        check_place(tx, new.place_id.get(), "place_id")?;
        new.to_place_id.map(|id| check_place(tx, id.get(), "to_place_id")).transpose()?;
        new.supplier_id.map(|id| check_supplier(tx, id.get())).transpose()?;
        let columns = Columns::default()
            .set("kind", new.kind.as_str().to_owned())
            .set("state", DocumentState::Draft.as_str().to_owned())
            .set("at", at.0)
            .set("place_id", new.place_id)
            .maybe("to_place_id", new.to_place_id)
            .maybe("supplier_id", new.supplier_id)
            .maybe("number", new.number.and_then(Text::non_empty))
            .maybe("reason", new.reason.and_then(Text::non_empty))
            .maybe("photo_url", new.photo_url.and_then(Text::non_empty))
            .set("created_by_id", by);
        let id = columns.insert(tx, "stock_documents")?;
        let total = lines_store::write(tx, id, new.kind, &new.lines)?;
        write_total(tx, id, total)?;
        if is_posted {
            post(tx, id, by)?;
        } else {
            let after = facts(&head(tx, id)?);
            TRAIL.note(tx, by, "stock_document_drafted", id, (Value::Null, after))?;
        }
        read(tx, id)
    }
}

fn is_of_cooks(new: &DocumentCreate) -> bool {
    matches!(new.kind, DocumentKind::Production | DocumentKind::WriteOff)
        && new.state == Some(DocumentState::Posted)
        && new.at.is_none()
}

/// What happens later cannot be written down now.
fn check_moment(tx: &Tx<'_>, at: Timestamp) -> Result<()> {
    if at <= tx.now() { Ok(()) } else { Err(Error::invalid("at", "must not be in the future")) }
}

fn write_total(tx: &Tx<'_>, id: i64, total: Money) -> Result<()> {
    tx.prepare_cached("UPDATE stock_documents SET total = ?2 WHERE id = ?1")?
        .execute([id, total.0])?;
    Ok(())
}

/// A draft as the person saw it.
fn draft(db: &Connection, id: i64, seen: i64) -> Result<Document> {
    let document = head(db, id)?;
    if document.state != DocumentState::Draft {
        let detail = "The document is posted. Take it back, and write another one.";
        return Err(Error::conflict("document_posted", detail).with("id", id));
    }
    if document.version != seen {
        let detail = "Somebody changed the document meanwhile. Look at it again.";
        let error = Error::conflict("document_changed", detail);
        return Err(error.with("version", document.version));
    }
    Ok(document)
}

/// Changes a draft.
pub struct UpdateDocument {
    pub id: i64,
    pub changes: DocumentUpdate,
    pub by: i64,
}

impl Command for UpdateDocument {
    type Output = DocumentWithLines;

    fn apply(self, tx: &mut Tx<'_>) -> Result<DocumentWithLines> {
        let Self { id, changes, by } = self;
        let old = draft(tx, id, changes.version)?;
        if let Some(at) = changes.at {
            check_moment(tx, at)?;
        }
        changes.place_id.map(|id| check_place(tx, id.get(), "place_id")).transpose()?;
        if let Patch::Set(place) = &changes.to_place_id {
            check_place(tx, Id::get(*place), "to_place_id")?;
        }
        if let Patch::Set(supplier) = &changes.supplier_id {
            check_supplier(tx, supplier.get())?;
        }
        let columns = Columns::default()
            .maybe("place_id", changes.place_id)
            .patch("to_place_id", changes.to_place_id)
            .patch("supplier_id", changes.supplier_id)
            .patch_text("number", changes.number)
            .patch_text("reason", changes.reason)
            .patch_text("photo_url", changes.photo_url)
            .maybe("at", changes.at.map(|at| at.0))
            .set("version", old.version + 1);
        columns.update(tx, "stock_documents", id)?;
        if let Some(lines) = &changes.lines {
            let total = lines_store::write(tx, id, old.kind, lines)?;
            write_total(tx, id, total)?;
        }
        let new = read(tx, id)?;
        let change = (facts(&old), facts(&new.document));
        TRAIL.note(tx, by, "stock_document_changed", id, change)?;
        Ok(new)
    }
}

/// Throws a draft away.
pub struct RemoveDocument {
    pub id: i64,
    pub by: i64,
}

impl Command for RemoveDocument {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let seen = head(tx, self.id)?.version;
        let old = draft(tx, self.id, seen)?;
        Columns::default().set("deleted_at", tx.now().0).update(tx, "stock_documents", self.id)?;
        TRAIL.note(tx, self.by, "stock_document_removed", self.id, (facts(&old), Value::Null))
    }
}

/// Posts a draft: it moves what it says.
pub struct PostDocument {
    pub id: i64,
    pub version: i64,
    pub by: i64,
}

impl Command for PostDocument {
    type Output = DocumentWithLines;

    fn apply(self, tx: &mut Tx<'_>) -> Result<DocumentWithLines> {
        draft(tx, self.id, self.version)?;
        post(tx, self.id, self.by)?;
        read(tx, self.id)
    }
}

fn post(tx: &mut Tx<'_>, id: i64, by: i64) -> Result<()> {
    let DocumentWithLines { document, lines } = read(tx, id)?;
    if post_store::post(tx, &document, &lines, by)? {
        follow_goods(tx)?;
    }
    tx.prepare_cached(
        "UPDATE stock_documents SET state = 'POSTED', posted_by_id = ?2, posted_at = ?3,
                                    updated_at = ?3
         WHERE id = ?1",
    )?
    .execute([id, by, tx.now().0])?;
    TRAIL.note(tx, by, "stock_document_posted", id, (Value::Null, facts(&head(tx, id)?)))
}

/// Takes a posted document back, by another that undoes what it moved.
pub struct ReverseDocument {
    pub id: i64,
    pub reason: String,
    pub by: i64,
}

impl Command for ReverseDocument {
    type Output = DocumentWithLines;

    fn apply(self, tx: &mut Tx<'_>) -> Result<DocumentWithLines> {
        let Self { id, reason, by } = self;
        let old = head(tx, id)?;
        if old.state != DocumentState::Posted || old.reverses_id.is_some() {
            let detail = match old.state {
                DocumentState::Draft => "The document is a draft. Change it, or throw it away.",
                DocumentState::Posting => "It is still being posted. Try again in a moment.",
                DocumentState::Posted => "This document takes another one back. Write a new one.",
                DocumentState::Reversed => "The document was taken back already.",
            };
            return Err(Error::conflict("cannot_reverse", detail).with("id", id));
        }
        let now = tx.now().0;
        tx.prepare_cached(
            "INSERT INTO stock_documents (kind, state, at, place_id, to_place_id, supplier_id,
                                          number, reason, reverses_id, total, created_by_id,
                                          posted_by_id, posted_at, created_at, updated_at)
             SELECT kind, 'POSTED', at, place_id, to_place_id, supplier_id, number, ?2, id, -total,
                    ?3, ?3, ?4, ?4, ?4
             FROM stock_documents WHERE id = ?1",
        )?
        .execute(params![id, reason, by, now])?;
        let other = tx.last_insert_rowid();
        tx.prepare_cached(
            "INSERT INTO stock_document_lines (document_id, sort_order, good_id, quantity, sum,
                                               pack_id, at)
             SELECT ?2, sort_order, good_id, -quantity, -sum, pack_id, at
             FROM stock_document_lines WHERE document_id = ?1",
        )?
        .execute([id, other])?;
        if post_store::undo(tx, id, other, by)? {
            follow_goods(tx)?;
        }
        tx.prepare_cached(
            "UPDATE stock_documents SET state = 'REVERSED', updated_at = ?2 WHERE id = ?1",
        )?
        .execute([id, now])?;
        let after = json!({"reversed_by": other, "reason": reason});
        TRAIL.note(tx, by, "stock_document_reversed", id, (facts(&old), after))?;
        read(tx, other)
    }
}

fn facts(document: &Document) -> Value {
    json!({"kind": document.kind, "state": document.state, "at": document.at,
           "place": document.place_name, "supplier": document.supplier_name,
           "number": document.number, "reason": document.reason, "total": document.total})
}
