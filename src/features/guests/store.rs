//! What guests do at their table, as commands and queries.

use std::net::IpAddr;

use super::bill::{GuestBill, GuestPart, GuestPartAsk};
use super::types::{GuestCall, GuestOrder, GuestSession, GuestTable, GuestVisit};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Timestamp, Zone};
use crate::core::store::{Command, Connection, Priority, Reply, Tx};
use crate::features::calls::{self, CallKind, PartWish, Wanted, Wished};
use crate::features::floor::{self, TableChange};
use crate::features::orders::{
    self, NewOrder, OrderSource, OrderWithDetails, PaymentStatus, PlaceOrder,
};
use crate::features::payments;
use crate::features::visits::{self, Guest, LastWord, NewSession};
use crate::platform::auth::digest_of;
use crate::platform::config::GuestOrders;

/// The guest of a token.
///
/// # Errors
/// 401 when the session is over: its time ran out, or the visit ended.
pub fn guest_by_token(db: &Connection, token: &str, now: Timestamp) -> Result<Guest> {
    visits::guest(db, &digest_of(token), now)
}

/// Begins a guest's session at the table with this code.
pub struct BeginSession {
    pub qr_code: String,
    pub token: String,
    pub net: IpAddr,
    pub minutes: i64,
    /// The token that the phone had before.
    pub earlier: Option<String>,
}

impl Command for BeginSession {
    type Output = GuestSession;

    fn apply(self, tx: &mut Tx<'_>) -> Result<GuestSession> {
        let Some(table) = floor::table_by_qr(tx, &self.qr_code)? else {
            let detail = "This code belongs to no table here. Ask a waiter for help.";
            return Err(Error::no_such_code(detail));
        };
        let expires_at = tx.now().plus_minutes(self.minutes);
        let token_hash = digest_of(&self.token);
        let earlier = self.earlier.as_deref().map(digest_of);
        let new = NewSession { table_id: table.id, token_hash, net: self.net, expires_at, earlier };
        if visits::begin(tx, &new)? {
            floor::tell_of(tx, table.id, TableChange::PhonesWait, None)?;
        }
        Ok(GuestSession {
            token: self.token,
            expires_at,
            table_id: table.id,
            table_number: table.number,
            table_name: table.name,
            location_name: table.location_name,
        })
    }
}

/// What a guest follows: the table's order and calls, and how one can pay. Who asks is looked at
/// in the same moment: the next one may be another party's.
///
/// # Errors
/// As [`guest_by_token`].
pub fn table(db: &Connection, token: &str, now: Timestamp) -> Result<GuestTable> {
    let guest = guest_by_token(db, token, now)?;
    let mut calls = calls::open_calls_of(db, guest.table_id)?;
    calls.retain(|call| !guest.waits || guest.call_id == Some(call.id));
    let order = orders::table_order(db, guest.table_id)?;
    let last_order = match order {
        Some(_) => None,
        None => visits::last_order(db, guest.visit_id)?,
    };
    let last_order = last_order.map(|id| orders::order_with_items(db, id)).transpose()?;
    let phone = (&guest.token_hash[..], guest.waits);
    Ok(GuestTable {
        table_number: guest.table_number,
        table_name: floor::table_label(db, guest.table_id)?,
        order: shown(db, phone, order)?,
        bill_waits: guest.waits,
        last_order: shown(db, phone, last_order)?,
        calls: calls.into_iter().map(GuestCall::from).collect(),
        payment_methods: payments::active_methods(db)?.into_iter().map(Into::into).collect(),
    })
}

/// How a visit ended, for a phone that was seated then.
///
/// # Errors
/// 401 when the session's own time is over.
pub fn visit(db: &Connection, token: &str, now: Timestamp) -> Result<GuestVisit> {
    let digest = digest_of(token);
    let LastWord { is_over, order_id, waits } = visits::last_word(db, &digest, now)?;
    let order = order_id.map(|id| orders::order_with_items(db, id)).transpose()?;
    Ok(GuestVisit { is_over, last_order: shown(db, (&digest, waits), order)? })
}

/// An order as a phone may see it: while it waits, what it ordered itself.
fn shown(
    db: &Connection,
    (token_hash, waits): (&[u8], bool),
    order: Option<OrderWithDetails>,
) -> Result<Option<GuestOrder>> {
    Ok(match order {
        Some(order) if waits => {
            let order = GuestOrder::part(order, &visits::own_lines(db, token_hash)?);
            Some(order).filter(|order| !order.items.is_empty())
        }
        order => order.map(GuestOrder::from),
    })
}

/// What a phone has just ordered, with what it may see beside it.
///
/// # Errors
/// When the database cannot be read.
pub fn placed(db: &Connection, guest: &Guest, order: OrderWithDetails) -> Result<GuestOrder> {
    if visits::waits(db, &guest.token_hash)? {
        return Ok(GuestOrder::part(order, &visits::own_lines(db, &guest.token_hash)?));
    }
    Ok(order.into())
}

/// The checks of the visit's open order; else of its last one, also for a phone whose visit is over.
///
/// # Errors
/// 401 when the session's own time is over; 400 when nothing was ordered, or staff have not shown it.
pub fn bill(db: &Connection, token: &str, now: Timestamp) -> Result<GuestBill> {
    let digest = digest_of(token);
    let LastWord { is_over, order_id: last_order, waits } = visits::last_word(db, &digest, now)?;
    must_be_shown(waits)?;
    let open = if is_over {
        None
    } else {
        orders::table_order(db, visits::guest(db, &digest, now)?.table_id)?
    };
    let order = match (open, last_order) {
        (Some(open), _) => open,
        (None, Some(last)) => orders::order_with_items(db, last)?,
        (None, None) => return Err(nothing_to_pay()),
    };
    let phone = calls::phone_name(&digest);
    let bill = orders::checks_of(db, order)?;
    let asked = calls::parts_of(db, bill.order_id)?.into_iter().find(|one| one.phone == phone);
    Ok(GuestBill::of(bill, asked.map(|wished| wished.wish)))
}

/// What a guest's part of the open order's bill comes to. Nothing is written.
///
/// # Errors
/// 401 when the visit is over; what a split would refuse.
pub fn part(
    db: &Connection,
    guest: &Guest,
    now: Timestamp,
    ask: &GuestPartAsk,
) -> Result<GuestPart> {
    // As it is in this moment: the visit may have ended, or moved, since the phone was let in.
    let guest = visits::guest(db, &guest.token_hash, now)?;
    must_be_shown(guest.waits)?;
    let order = orders::table_order(db, guest.table_id)?.ok_or_else(nothing_to_pay)?;
    let check_id = ask.check_id.get();
    let (total, due) = orders::part(db, order, check_id, &ask.by()?)?;
    Ok(GuestPart { check_id, total, due })
}

fn nothing_to_pay() -> Error {
    let detail = "There is nothing to pay at this table now. Call a waiter if in doubt.";
    Error::rule("nothing_to_pay", detail)
}

fn must_be_shown(waits: bool) -> Result<()> {
    if waits {
        let detail = "Your waiter will show you the bill at this table. Call one if nobody comes.";
        return Err(Error::rule("bill_waits", detail));
    }
    Ok(())
}

/// A guest orders. Until a member of staff has taken on what a phone ordered, its lines wait where
/// the house wants a word before the first order: the bill may be that of others. Those of a phone
/// that waits to see the bill wait in any house.
pub struct OrderFromTable {
    pub guest: Guest,
    pub mode: GuestOrders,
    pub zone: Zone,
    pub order: NewOrder,
}

impl Command for OrderFromTable {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let guest = still_there(tx, &self.guest)?;
        let mode = match self.mode {
            _ if guest.waits => GuestOrders::ConfirmAlways,
            GuestOrders::ConfirmFirst if !guest.is_known => GuestOrders::ConfirmAlways,
            mode => mode,
        };
        let order = NewOrder { table_id: Some(guest.table_id), ..self.order };
        let by = OrderSource::Guest { mode, phone: guest.token_hash };
        let command = PlaceOrder { by, zone: self.zone, order };
        let reply = command.apply(tx)?;
        if let Some(order) = orders::table_order(tx, guest.table_id)? {
            visits::has_ordered(tx, &guest, order.order.id)?;
        }
        Ok(reply)
    }
}

/// A phone that asks for something, as it is inside the transaction: its visit may have ended, or
/// moved to another table, since the request was let in.
fn still_there(tx: &Tx<'_>, guest: &Guest) -> Result<Guest> {
    let guest = visits::guest(tx, &guest.token_hash, tx.now())?;
    visits::note_seen(tx, &guest)?;
    Ok(guest)
}

/// A guest who may pay, and the order that his table is to pay.
///
/// # Errors
/// 401 when the visit is over; 400 when there is nothing to pay, or staff have not shown the bill.
pub fn at_bill(tx: &Tx<'_>, guest: &Guest) -> Result<(Guest, OrderWithDetails)> {
    let guest = still_there(tx, guest)?;
    must_be_shown(guest.waits)?;
    let order = orders::table_order(tx, guest.table_id)?;
    let is_due = |order: &OrderWithDetails| order.order.payment_status == PaymentStatus::Unpaid;
    Ok((guest, order.filter(is_due).ok_or_else(nothing_to_pay)?))
}

/// A guest calls a waiter, or asks for the bill.
pub struct CallFromTable {
    pub guest: Guest,
    pub kind: CallKind,
    pub method_id: Option<i64>,
    pub part: Option<GuestPartAsk>,
}

impl CallFromTable {
    /// The part of the bill that the guest wants to pay, with what it comes to now.
    fn wished(&self, tx: &Tx<'_>, order: OrderWithDetails) -> Result<Option<(i64, Wished)>> {
        let Some(ask) = &self.part else { return Ok(None) };
        let (order_id, check_id) = (order.order.id, ask.check_id.get());
        let (total, _) = orders::part(tx, order, check_id, &ask.by()?)?;
        let phone = calls::phone_name(&self.guest.token_hash);
        let wish: PartWish = ask.wish(total);
        Ok(Some((order_id, Wished { phone, wish })))
    }
}

impl Command for CallFromTable {
    type Output = GuestCall;

    fn apply(self, tx: &mut Tx<'_>) -> Result<GuestCall> {
        let guest = still_there(tx, &self.guest)?;
        let table_id = guest.table_id;
        let part = match self.kind {
            CallKind::Waiter => None,
            CallKind::Bill => {
                let (_, order) = at_bill(tx, &guest)?;
                self.wished(tx, order)?
            }
        };
        let method = self.method_id.map(|id| payments::active_method(tx, id)).transpose()?;
        let method_id = method.map(|method| method.id);
        let wanted = Wanted { kind: self.kind, method_id, part };
        let call = calls::call_staff(tx, table_id, &wanted)?;
        if self.kind == CallKind::Waiter {
            visits::has_called(tx, &guest.token_hash, call.id)?;
        }
        Ok(call.into())
    }
}

/// A guest takes the table's call back.
pub struct TakeCallBack {
    pub guest: Guest,
    pub call_id: i64,
}

impl Command for TakeCallBack {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let guest = still_there(tx, &self.guest)?;
        if guest.waits && guest.call_id != Some(self.call_id) {
            return Err(Error::not_found("call", self.call_id));
        }
        calls::take_back(tx, guest.table_id, self.call_id)
    }
}
