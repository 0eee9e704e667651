//! The ledger: what came and went of each good, and what it is worth.

mod rules;
mod store;

use crate::core::kernel::Timestamp;
use crate::words;

pub use rules::Average;
pub use store::{
    being_counted, check_ledger, is_counting, of_line, post, post_document, post_next,
    recount_next, standing,
};

words! {
    /// What moved a good.
    pub enum MoveKind as StockMoveKind {
        /// It was there when the ledger was begun.
        Opening = "OPENING",
        /// It was bought.
        Purchase = "PURCHASE",
        /// It went back to the supplier.
        Return = "RETURN",
        /// It went to another place, or came from one.
        Transfer = "TRANSFER",
        /// It was thrown away, eaten by staff, or lost.
        WriteOff = "WRITE_OFF",
        /// It was made.
        Produced = "PRODUCED",
        /// Another good was made of it.
        Used = "USED",
        /// Another amount was found than was known.
        Count = "COUNT",
        /// A dish took it, or gave it back.
        Sale = "SALE",
        /// A dish took it that was taken off when it was begun.
        Waste = "WASTE",
    }
}

/// A move that is to be written.
#[derive(Debug, Clone)]
pub struct NewMove {
    /// The good.
    pub good_id: i64,
    /// Where.
    pub place_id: i64,
    /// When.
    pub at: Timestamp,
    /// What it is.
    pub kind: MoveKind,
    /// What comes, in thousandths; below 0 what goes.
    pub quantity: i64,
    /// What was paid.
    pub cost: Option<i64>,
    /// What was found.
    pub counted: Option<i64>,
    /// The document, and which line of it.
    pub document: Option<(i64, i64)>,
    /// The line of an order.
    pub order_item_id: Option<i64>,
    /// Which move it undoes.
    pub undoes_id: Option<i64>,
    /// Who.
    pub user_id: Option<i64>,
}
