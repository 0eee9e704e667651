//! Documents: what moves goods by people's word. A draft can be changed; what is posted is taken back by
//! another document, never edited.

mod api;
mod lines_store;
mod post_store;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amount::{Amount, UnitPrice};
use super::goods::BaseUnit;
use crate::core::kernel::fields::{Id, Label, Line, Text};
use crate::core::kernel::{Money, Patch, Timestamp};
use crate::words;

pub(super) use api::router;
pub(super) use store::CreateDocument;

/// A document has no more lines than this.
const MOST_LINES: usize = 1_000;

words! {
    /// What a document is of.
    pub enum DocumentKind as StockDocumentKind {
        /// What was there when the ledger was begun.
        Opening = "OPENING",
        /// Goods came from a supplier.
        Purchase = "PURCHASE",
        /// Goods went back to a supplier.
        Return = "RETURN",
        /// Goods went from one place to another.
        Transfer = "TRANSFER",
        /// Goods were thrown away, eaten by staff, or lost.
        WriteOff = "WRITE_OFF",
        /// Semi-finished goods were made.
        Production = "PRODUCTION",
        /// Goods were counted.
        Count = "COUNT",
    }
}

words! {
    /// How far a document is.
    pub enum DocumentState as StockDocumentState {
        /// It moves nothing yet.
        Draft = "DRAFT",
        /// It is long: the first of what it says is moved, and the rest follows by itself, within a second.
        Posting = "POSTING",
        /// It moved what it says.
        Posted = "POSTED",
        /// Another took it back.
        Reversed = "REVERSED",
    }
}

/// A document without its lines.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StockDocument)]
pub struct Document {
    /// Id.
    pub id: i64,
    /// What it is of.
    pub kind: DocumentKind,
    /// How far it is.
    pub state: DocumentState,
    /// When it happened.
    pub at: Timestamp,
    /// Where.
    pub place_id: i64,
    /// What that place is called.
    pub place_name: String,
    /// Where goods went to, or where what was made lies.
    pub to_place_id: Option<i64>,
    /// Of whom, or to whom.
    pub supplier_id: Option<i64>,
    /// What they are called.
    pub supplier_name: Option<String>,
    /// The number of their invoice.
    pub number: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// A photo of the invoice, as `POST /uploads` answers.
    pub photo_url: Option<String>,
    /// The document that this one takes back.
    pub reverses_id: Option<i64>,
    /// What its lines come to, where prices are said.
    pub total: Money,
    /// What it added to the value of all goods; null until it is posted.
    pub value: Option<Money>,
    /// Whether it is being posted, or goods of it are counted anew just now, after something was written
    /// down late: `value` may be another in a moment.
    pub is_counting: bool,
    /// Grows with each change of a draft.
    pub version: i64,
    /// Who wrote it.
    pub created_by_id: Option<i64>,
    /// Who posted it.
    pub posted_by_id: Option<i64>,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A document with its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockDocumentWithLines)]
pub struct DocumentWithLines {
    /// The document.
    #[serde(flatten)]
    pub document: Document,
    /// What it moves.
    pub lines: Vec<DocumentLine>,
}

/// What a document says of a good.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StockDocumentLine)]
pub struct DocumentLine {
    /// The good.
    pub good_id: i64,
    /// What it is called.
    pub good_name: String,
    /// In what it is counted.
    pub base_unit: BaseUnit,
    /// The pack that was named.
    pub pack_id: Option<i64>,
    /// How much, in the good's unit; of a count what was found.
    pub quantity: Amount,
    /// What all of it costs.
    pub sum: Option<Money>,
    /// What it would cost as it was agreed with the supplier.
    pub agreed: Option<Money>,
    /// Of a count: when it was counted.
    pub at: Option<Timestamp>,
    /// What is more, or less, by it; null until the document is posted.
    pub moved: Option<Amount>,
    /// What that is worth.
    pub value: Option<Money>,
}

/// One page of documents, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockDocumentList)]
pub struct DocumentList {
    /// The page.
    pub documents: Vec<Document>,
    /// Give this as `before` for the next page; null at the end.
    pub next: Option<i64>,
}

/// A new document.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StockDocumentCreate)]
pub struct DocumentCreate {
    /// What it is of.
    pub kind: DocumentKind,
    /// Where.
    pub place_id: Id,
    /// Where goods go to; of a production where what is made lies, the same place when left out.
    pub to_place_id: Option<Id>,
    /// Of whom, or to whom.
    pub supplier_id: Option<Id>,
    /// The number of their invoice.
    #[schema(value_type = Option<String>, max_length = 50)]
    pub number: Option<Label<0, 50>>,
    /// Why; a write-off needs it.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
    /// A photo of the invoice, as `POST /uploads` answers.
    #[schema(value_type = Option<String>, max_length = 255)]
    pub photo_url: Option<Line>,
    /// When it happened; now when left out. What was sold since costs what it says.
    pub at: Option<Timestamp>,
    /// `POSTED` posts it at once; a draft when left out.
    pub state: Option<DocumentState>,
    /// What it moves.
    pub lines: Vec<LineBody>,
}

/// Changes of a draft; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StockDocumentUpdate)]
pub struct DocumentUpdate {
    /// The version that the person saw; with another nothing happens (409 `document_changed`).
    pub version: i64,
    /// Where.
    pub place_id: Option<Id>,
    /// Where goods go to.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub to_place_id: Patch<Id>,
    /// Of whom, or to whom.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub supplier_id: Patch<Id>,
    /// The number of their invoice.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub number: Patch<Label<0, 50>>,
    /// Why.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Patch<Text<0, 200>>,
    /// A photo of the invoice.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub photo_url: Patch<Line>,
    /// When it happened.
    pub at: Option<Timestamp>,
    /// All of its lines.
    pub lines: Option<Vec<LineBody>>,
}

/// A line as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = StockDocumentLineBody)]
pub struct LineBody {
    /// The good.
    pub good_id: Id,
    /// A pack of it: `quantity` and `price` are of packs then.
    pub pack_id: Option<Id>,
    /// How much, in the good's unit or in packs.
    pub quantity: Amount,
    /// What one costs: one of the good's unit, or a pack.
    pub price: Option<UnitPrice>,
    /// What all of it costs; instead of `price`.
    pub sum: Option<Money>,
    /// Of a count: when it was counted; when the document happened, when left out.
    pub at: Option<Timestamp>,
}

/// Posts a draft as the person saw it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StockDocumentPost)]
pub struct PostBody {
    /// The version that the person saw; with another nothing happens (409 `document_changed`).
    pub version: i64,
}

/// Takes a posted document back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StockDocumentReverse)]
pub struct ReverseBody {
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Label<1, 200>,
}
