//! What documents move.

use super::{Document, DocumentKind, DocumentLine};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Tx, word};
use crate::features::stock::ledger::{self, MoveKind, NewMove};
use crate::features::stock::recipes::{Fraction, Of, explode, remembered_book, said};

/// Writes what a document moves; returns whether that is all of it, or the rest follows in steps.
///
/// # Errors
/// When something is missing without which it moves nothing.
pub fn post(tx: &Tx<'_>, document: &Document, lines: &[DocumentLine], by: i64) -> Result<bool> {
    check(document)?;
    let mut moves = Vec::new();
    for (at, line) in (0_i64..).zip(lines) {
        let one = One { tx, document, line, at, by };
        one.moves(&mut moves)?;
    }
    ledger::post_document(tx, moves)
}

fn check(document: &Document) -> Result<()> {
    match document.kind {
        DocumentKind::Transfer => match document.to_place_id {
            None => Err(Error::invalid("to_place_id", "is to be named: where the goods go")),
            Some(to) if to == document.place_id => {
                Err(Error::invalid("to_place_id", "is where the goods are already"))
            }
            Some(_) => Ok(()),
        },
        DocumentKind::WriteOff if document.reason.is_none() => {
            let detail = "Say why it is written off (reason).";
            Err(Error::rule("reason_needed", detail))
        }
        _ => Ok(()),
    }
}

struct One<'a> {
    tx: &'a Tx<'a>,
    document: &'a Document,
    line: &'a DocumentLine,
    at: i64,
    by: i64,
}

impl One<'_> {
    fn one_move(&self, kind: MoveKind, quantity: i64) -> NewMove {
        NewMove {
            good_id: self.line.good_id,
            place_id: self.document.place_id,
            at: self.document.at,
            kind,
            quantity,
            cost: None,
            counted: None,
            document: Some((self.document.id, self.at)),
            order_item_id: None,
            undoes_id: None,
            user_id: Some(self.by),
        }
    }

    fn moves(&self, moves: &mut Vec<NewMove>) -> Result<()> {
        let quantity = self.line.quantity.0;
        let sum = self.line.sum.map(|Money(sum)| sum);
        match self.document.kind {
            DocumentKind::Opening => {
                moves.push(NewMove { cost: sum, ..self.one_move(MoveKind::Opening, quantity) });
            }
            DocumentKind::Purchase => {
                if sum.is_none() {
                    let field = format!("lines[{}].sum", self.at);
                    return Err(Error::invalid(field, "is to be named, or the price of one"));
                }
                moves.push(NewMove { cost: sum, ..self.one_move(MoveKind::Purchase, quantity) });
            }
            DocumentKind::Return => {
                let cost = sum.map(|sum| -sum);
                moves.push(NewMove { cost, ..self.one_move(MoveKind::Return, -quantity) });
            }
            DocumentKind::Transfer => {
                let to = self.document.to_place_id.unwrap_or(self.document.place_id);
                moves.push(self.one_move(MoveKind::Transfer, -quantity));
                moves.push(NewMove { place_id: to, ..self.one_move(MoveKind::Transfer, quantity) });
            }
            DocumentKind::WriteOff => moves.push(self.one_move(MoveKind::WriteOff, -quantity)),
            DocumentKind::Production => self.made(moves)?,
            DocumentKind::Count => {
                // A tablet's clock may run ahead.
                let at = self.line.at.unwrap_or(self.document.at).min(self.tx.now());
                let counted = Some(quantity);
                moves.push(NewMove { at, counted, ..self.one_move(MoveKind::Count, 0) });
            }
        }
        Ok(())
    }

    /// What is made takes what its recipe says.
    fn made(&self, moves: &mut Vec<NewMove>) -> Result<()> {
        let (good, quantity, at) = (self.line.good_id, self.line.quantity.0, self.document.at);
        let book = remembered_book(self.tx)?;
        if book.recipe(Of::Good(good), at).is_none() {
            let name = &self.line.good_name;
            let detail = format!(
                "“{name}” has no recipe on that day, so nobody knows what it takes. Write one down \
                 first."
            );
            return Err(Error::conflict("no_recipe", detail).with("name", name.as_str()));
        }
        let needs = match explode(&book, &[(Of::Good(good), Fraction::whole(quantity))], at) {
            Ok(needs) => needs,
            Err(trouble) => return Err(said(self.tx, &trouble)?),
        };
        for (good_id, need) in needs {
            moves.push(NewMove { good_id, ..self.one_move(MoveKind::Used, -need) });
        }
        let place_id = self.document.to_place_id.unwrap_or(self.document.place_id);
        moves.push(NewMove { place_id, ..self.one_move(MoveKind::Produced, quantity) });
        Ok(())
    }
}

/// Undoes what a document moved, at the moment at which it did: what was sold since costs what it would
/// have cost without it. Returns whether that is all, or the rest follows in steps.
///
/// # Errors
/// When the rows cannot be written.
pub fn undo(tx: &Tx<'_>, id: i64, other: i64, by: i64) -> Result<bool> {
    let mut statement = tx.prepare_cached(
        "SELECT id, good_id, place_id, at, kind, quantity, document_line FROM stock_moves
         WHERE document_id = ?1 ORDER BY document_line, id",
    )?;
    let rows = statement.query_map([id], |row| {
        Ok(NewMove {
            good_id: row.get(1)?,
            place_id: row.get(2)?,
            at: Timestamp(row.get(3)?),
            kind: word(row, 4, MoveKind::parse)?,
            quantity: -row.get::<_, i64>(5)?,
            cost: None,
            counted: None,
            document: Some((other, row.get(6)?)),
            order_item_id: None,
            undoes_id: Some(row.get(0)?),
            user_id: Some(by),
        })
    })?;
    let moves = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    drop(statement);
    ledger::post_document(tx, moves)
}
