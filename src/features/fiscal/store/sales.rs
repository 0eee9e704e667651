//! What is rung up: what the sale of a check needs, what of it goes back, and what moves cash beside.

use rusqlite::{Connection, params};

use super::devices::active;
use super::documents::{check_documents, find};
use super::make::write;
use super::people::{cashier, enqueue};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::Tx;
use crate::features::fiscal::body::{Body, Correction, Form, Receipt};
use crate::features::fiscal::rules::says_the_same;
use crate::features::fiscal::states::{DocumentKind, DocumentState, Moment};
use crate::features::fiscal::types::Document;
use crate::platform::auth::Person;

/// What is sold on a check, as it is to stand on a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sold {
    /// Nothing: a receipt that there is goes back.
    Nothing,
    /// What the receipt that there is says, if there is one.
    AsItStands,
    /// This.
    This(Receipt),
}

/// Since when a register makes the restaurant's documents; none where none does.
///
/// # Errors
/// When the database cannot be read.
pub fn taking_part(db: &Connection) -> Result<Option<Timestamp>> {
    Ok(active(db)?.map(|device| device.created_at))
}

/// Whether a guest gets the receipt before he pays.
///
/// # Errors
/// When the database cannot be read.
pub fn is_before_payment(db: &Connection) -> Result<bool> {
    Ok(active(db)?.is_some_and(|device| device.moment == Moment::BeforePayment))
}

/// The receipt of a check that stands: made or to be made, and not taken back.
fn standing_of(all: &[Document]) -> Option<&Document> {
    let counts = |document: &&Document| document.state != DocumentState::Cancelled;
    let is_returned =
        |id: i64| all.iter().filter(counts).any(|document| document.returns_id == Some(id));
    let mut sales = all.iter().filter(counts).filter(|one| one.kind.is_sale());
    sales.rfind(|sale| !is_returned(sale.id))
}

/// Whether somebody said of this very receipt that it is not to be made here.
fn is_given_up(db: &Connection, all: &[Document], receipt: &Receipt) -> Result<bool> {
    let last = all.iter().rfind(|one| one.kind.is_sale());
    let given_up =
        last.filter(|one| one.state == DocumentState::Cancelled && one.resolved_by_id.is_some());
    let Some(given_up) = given_up else { return Ok(false) };
    let there = body(db, given_up.id)?.receipt;
    Ok(there.is_some_and(|there| says_the_same(&there, receipt)))
}

fn body(db: &Connection, id: i64) -> Result<Body> {
    let sql = "SELECT body FROM fiscal_documents WHERE id = ?1";
    let text: String = db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    serde_json::from_str(&text).map_err(Error::internal)
}

/// Lets the register follow a check: the receipt that is to be there is made, another one that was there
/// goes back whole.
///
/// # Errors
/// When the rows cannot be written.
pub fn follow_sale(tx: &Tx<'_>, check_id: i64, sold: &Sold, by: &Person) -> Result<()> {
    let Some(device) = active(tx)? else { return Ok(()) };
    let all = check_documents(tx, check_id)?;
    // Of what went back in part the receipt stays.
    if *sold == Sold::AsItStands || all.iter().any(|document| document.payment_id.is_some()) {
        return Ok(());
    }
    let wanted = if let Sold::This(receipt) = sold { Some(receipt) } else { None };
    if let Some(sale) = standing_of(&all) {
        let there = body(tx, sale.id)?;
        let is_right = |receipt: &Receipt| wanted.is_some_and(|it| says_the_same(it, receipt));
        if there.receipt.as_ref().is_some_and(is_right) {
            return Ok(());
        }
        take_back(tx, device.id, check_id, (sale, &there), by)?;
    }
    let Some(receipt) = wanted else { return Ok(()) };
    if is_given_up(tx, &all, receipt)? {
        return Ok(());
    }
    let body = Body::of(cashier(tx, by)?, receipt.clone());
    let id = write(tx, (device.id, DocumentKind::Sell), (Some(check_id), None, None), &body)?;
    enqueue(tx, device.id, id)
}

/// A receipt goes back whole; one that was surely not made is called off.
fn take_back(
    tx: &Tx<'_>,
    device_id: i64,
    check_id: i64,
    (sale, there): (&Document, &Body),
    by: &Person,
) -> Result<()> {
    if matches!(sale.state, DocumentState::Queued | DocumentState::Refused) {
        let sql = "UPDATE fiscal_documents SET state = 'CANCELLED', updated_at = ?2 WHERE id = ?1";
        tx.prepare_cached(sql)?.execute(params![sale.id, tx.now().0])?;
        return Ok(());
    }
    let body = Body { receipt: there.receipt.clone(), ..Body::plain(cashier(tx, by)?) };
    let kind = (device_id, DocumentKind::SellReturn);
    let id = write(tx, kind, (Some(check_id), None, Some(sale.id)), &body)?;
    enqueue(tx, device_id, id)
}

/// Money of a check went back: so does its part of the sale, once. Of a sale that no register here made
/// nothing does.
///
/// # Errors
/// When the rows cannot be written.
pub fn give_back(
    tx: &Tx<'_>,
    (check_id, payment_id): (i64, i64),
    receipt: &Receipt,
    by: &Person,
) -> Result<()> {
    let Some(device) = active(tx)? else { return Ok(()) };
    let all = check_documents(tx, check_id)?;
    let is_there = all.iter().any(|document| document.payment_id == Some(payment_id));
    if is_there || standing_of(&all).is_none() {
        return Ok(());
    }
    let body = Body::of(cashier(tx, by)?, receipt.clone());
    let of = (Some(check_id), Some(payment_id), None);
    let id = write(tx, (device.id, DocumentKind::SellReturn), of, &body)?;
    enqueue(tx, device.id, id)
}

/// Where the guest has the receipt already and it names other ways to pay than this one: the one that it
/// names first.
///
/// # Errors
/// When the database cannot be read.
pub fn says_otherwise(db: &Connection, check_id: i64, form: Form) -> Result<Option<Form>> {
    if !is_before_payment(db)? {
        return Ok(None);
    }
    let all = check_documents(db, check_id)?;
    let Some(sale) = standing_of(&all) else { return Ok(None) };
    let receipt = body(db, sale.id)?.receipt;
    let named: Vec<Form> = receipt.iter().flat_map(|it| &it.payments).map(|(of, _)| *of).collect();
    Ok(if named.contains(&form) { None } else { named.first().copied() })
}

/// A sale that was not rung up in its time is rung up now, as a correction.
///
/// # Errors
/// When there is no register, or the check has its receipt.
pub fn correct(
    tx: &Tx<'_>,
    check_id: i64,
    receipt: &Receipt,
    corrects: Correction,
    by: &Person,
) -> Result<Document> {
    let device = active(tx)?.ok_or_else(|| {
        let detail = "No fiscal register is in use. Add one, or switch it on.";
        Error::conflict("no_register", detail)
    })?;
    let all = check_documents(tx, check_id)?;
    if let Some(sale) = standing_of(&all) {
        let detail =
            "The check has its receipt, or will have it. Look at the documents of the register.";
        return Err(Error::conflict("receipt_stands", detail).with("document", sale.id));
    }
    let body = Body { corrects: Some(corrects), ..Body::of(cashier(tx, by)?, receipt.clone()) };
    let kind = (device.id, DocumentKind::SellCorrection);
    let id = write(tx, kind, (Some(check_id), None, None), &body)?;
    enqueue(tx, device.id, id)?;
    find(tx, id)
}

/// Cash was put into a till beside sales, or taken out of it (less than nothing): the register follows,
/// where it is to.
///
/// # Errors
/// When the rows cannot be written.
pub fn cash_moved(tx: &Tx<'_>, moved: Money, by: &Person) -> Result<()> {
    let Some(device) = active(tx)?.filter(|device| device.rings_cash) else { return Ok(()) };
    let kind = if moved > Money::ZERO { DocumentKind::CashIn } else { DocumentKind::CashOut };
    let cash = Some(Money(moved.0.saturating_abs()));
    let body = Body { cash, ..Body::plain(cashier(tx, by)?) };
    let id = write(tx, (device.id, kind), (None, None, None), &body)?;
    enqueue(tx, device.id, id)
}
