//! Writing down what orders bring, when it happens (docs/adr/0066): rows are only ever added, and the
//! sums by day with them.

use std::collections::BTreeSet;

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row, params};

use super::checks::{self, Bill};
use super::{load, rewards};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Connection, Tx, add_entries, measure, quantity, word};
use crate::features::checks::{CheckState, Draft, DraftLine, PaymentState, compute};
use crate::features::orders::check_adjustments::RuleKind;
use crate::features::orders::entries::{
    About, Amounts, Brought, EntryKind, Line, OrderNow, Place, SoldCheck, SoldTax,
};
use crate::features::orders::events::PaymentKind;
use crate::features::orders::states::{ItemStatus, OrderStatus, OrderType, PaymentStatus};
use crate::features::orders::types::line_sum;
use crate::features::tips::TipTo;

/// What follows from a change of an order: see [`write_down`], and what it stands for in programs.
pub(super) fn follow(tx: &mut Tx<'_>, order_id: i64, by: Option<i64>) -> Result<()> {
    write_down(tx, order_id, by, tx.now())?;
    rewards::follow(tx, order_id, by)
}

/// Writes down what an order has brought since it was last written down. Nothing where that is
/// nothing, so it may be called once too often, and never too late.
///
/// # Errors
/// When the order cannot be read, or rows cannot be written.
pub fn write_down(db: &Connection, order_id: i64, by: Option<i64>, at: Timestamp) -> Result<()> {
    let since = not_written(db, order_id)?;
    let Some(first) = append(db, order_id, &since, (by, at))? else { return Ok(()) };
    add_entries(db, first, db.last_insert_rowid())
}

/// What an order has brought and is not written down.
///
/// # Errors
/// 404 when there is no such order.
pub(super) fn not_written(db: &Connection, order_id: i64) -> Result<Vec<(About, Amounts)>> {
    Ok(now(db, order_id)?.brought().since(&written(db, order_id)?))
}

/// Appends entries. Returns the first one's id.
fn append(
    db: &Connection,
    order_id: i64,
    entries: &[(About, Amounts)],
    (by, at): (Option<i64>, Timestamp),
) -> Result<Option<i64>> {
    let mut insert = db.prepare_cached(
        "INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind,
                              check_id, item_id, dish_variation_id, orders, covers, covers_revenue,
                              quantity, gross, discount, comp, service, fee, tax, amount,
                              actor_id, tax_kind, tax_rate, exempt, measured, price_list_id,
                              price_off)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)",
    )?;
    let mut first = None;
    for (about, amounts) in entries {
        let place = &about.place;
        let (tax_kind, tax_rate) = about.tax.map(SoldTax::stored).unzip();
        insert.execute(params![
            at.0,
            order_id,
            place.business_day,
            place.quarter,
            place.order_type.as_str(),
            place.waiter_id,
            about.kind.as_str(),
            about.check_id,
            about.item_id,
            about.variation_id,
            amounts.orders,
            amounts.covers,
            amounts.covers_revenue,
            amounts.quantity,
            amounts.gross,
            amounts.discount,
            amounts.comp,
            amounts.service,
            amounts.fee,
            amounts.tax,
            amounts.amount,
            by,
            tax_kind,
            tax_rate,
            amounts.exempt,
            amounts.measured,
            about.price_list_id,
            amounts.price_off
        ])?;
        first.get_or_insert(db.last_insert_rowid());
    }
    Ok(first)
}

/// What the entries of an order say so far.
fn written(db: &Connection, order_id: i64) -> Result<Brought> {
    let mut statement = db.prepare_cached(
        "SELECT business_day, quarter, order_type, waiter_id, kind, check_id, item_id,
                dish_variation_id, orders, covers, covers_revenue, quantity, gross, discount, comp,
                service, fee, tax, amount, tax_kind, tax_rate, exempt, measured, price_list_id,
                price_off
         FROM entries WHERE order_id = ?1",
    )?;
    let mut rows = statement.query([order_id])?;
    let mut written = Brought::default();
    while let Some(row) = rows.next()? {
        let place = Place {
            business_day: row.get(0)?,
            quarter: row.get(1)?,
            order_type: word(row, 2, OrderType::parse)?,
            waiter_id: row.get(3)?,
        };
        let about = About {
            place,
            kind: word(row, 4, EntryKind::parse)?,
            check_id: row.get(5)?,
            item_id: row.get(6)?,
            variation_id: row.get(7)?,
            tax: sold_tax(row)?,
            price_list_id: row.get(23)?,
        };
        let amounts = Amounts {
            orders: row.get(8)?,
            covers: row.get(9)?,
            covers_revenue: row.get(10)?,
            quantity: row.get(11)?,
            gross: row.get(12)?,
            discount: row.get(13)?,
            comp: row.get(14)?,
            service: row.get(15)?,
            fee: row.get(16)?,
            tax: row.get(17)?,
            amount: row.get(18)?,
            exempt: row.get(21)?,
            measured: row.get(22)?,
            price_off: row.get(24)?,
        };
        written.add(about, &amounts);
    }
    Ok(written)
}

fn sold_tax(row: &Row<'_>) -> rusqlite::Result<Option<SoldTax>> {
    if row.get_ref(19)? == ValueRef::Null {
        return Ok(None);
    }
    let rate = row.get(20)?;
    word(row, 19, |text| SoldTax::of_stored(text, rate)).map(Some)
}

/// An order as it stands now.
///
/// # Errors
/// 404 when there is none.
fn now(db: &Connection, order_id: i64) -> Result<OrderNow> {
    let head = db
        .prepare_cached(
            "SELECT business_day, created_at / 900000, order_type, coalesce(waiter_id, 0), status,
                    payment_status, total, given_back, joined_into_id IS NOT NULL, guests
             FROM orders WHERE id = ?1",
        )?
        .query_row([order_id], |row| {
            Ok(OrderNow {
                id: order_id,
                place: Place {
                    business_day: row.get(0)?,
                    quarter: row.get(1)?,
                    order_type: word(row, 2, OrderType::parse)?,
                    waiter_id: row.get(3)?,
                },
                status: word(row, 4, OrderStatus::parse)?,
                payment_status: word(row, 5, PaymentStatus::parse)?,
                total: row.get(6)?,
                given_back: row.get(7)?,
                given_back_before: 0,
                is_joined: row.get(8)?,
                lines: Vec::new(),
                checks: Vec::new(),
                comps: BTreeSet::new(),
                exemptions: BTreeSet::new(),
                fees: BTreeSet::new(),
                tips: 0,
                house_tips: 0,
                covers: row.get(9)?,
            })
        })
        .optional()?;
    let mut order = head.ok_or_else(|| Error::not_found("order", order_id))?;
    order.lines = lines(db, order_id)?;
    if checks::are_any(db, order_id)? {
        add_bill(db, &mut order)?;
    } else if order.is_sold() {
        order.checks.push(only_check(&order)?);
    }
    Ok(order)
}

fn lines(db: &Connection, order_id: i64) -> Result<Vec<Line>> {
    let mut statement = db.prepare_cached(
        "SELECT id, dish_variation_id, quantity, price, modifiers, gross, unit, status, tax_rate,
                tax_is_added, price_list_id, list_price
         FROM order_items WHERE order_id = ?1 ORDER BY id",
    )?;
    let lines = statement.query_map([order_id], |row| {
        let (quantity, gross) = (quantity(row, 2)?, Money(row.get(5)?));
        let modifiers = Money(row.get(4)?);
        let list = row.get::<_, Option<i64>>(10)?.zip(row.get::<_, Option<i64>>(11)?);
        let off = |own| line_sum(quantity, Money(own) + modifiers) - gross;
        Ok(Line {
            id: row.get(0)?,
            variation_id: row.get(1)?,
            quantity,
            unit: measure(row, 6)?,
            unit_sum: Money(row.get(3)?) + modifiers,
            gross,
            list: list.map(|(id, own)| (id, off(own))),
            tax: load::tax(row, 8)?,
            is_off: word(row, 7, ItemStatus::parse)? == ItemStatus::Cancelled,
        })
    })?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

/// The check of an order to which nothing happened that a row would have to say: its lines.
fn only_check(order: &OrderNow) -> Result<SoldCheck> {
    let live = order.lines.iter().filter(|line| !line.is_off);
    let draft = |line: &Line| DraftLine::new(line.id, line.quantity, line.unit_sum, line.tax);
    let lines = live.map(draft).collect();
    let whole = compute(&Draft { lines, ..Draft::default() })?;
    Ok(SoldCheck { id: checks::check_id(order.id, 1), is_void: false, whole, left: None })
}

/// Its checks, as they are stored.
fn add_bill(db: &Connection, order: &mut OrderNow) -> Result<()> {
    let bill = Bill::of(db, load::order_with_items(db, order.id)?)?;
    order.covers = order.covers.or_else(|| covers(&bill));
    let payments = bill.checks.iter().flat_map(|check| &check.payments);
    for row in payments {
        if matches!(row.state, PaymentState::Taken | PaymentState::Voided) {
            let tip = if row.kind == PaymentKind::Payment { row.tip.0 } else { -row.tip.0 };
            match row.tip_to {
                TipTo::Staff => order.tips += tip,
                TipTo::House => order.house_tips += tip,
            }
        }
    }
    order.given_back_before = bill.given_back_before()?.0;
    let agreed = checks::adjustments(db, order.id)?;
    let of = |is_it: fn(RuleKind) -> bool| -> BTreeSet<i64> {
        let rows = agreed.iter().filter(|row| is_it(row.kind) && row.undoes.is_none());
        rows.map(|row| row.id).collect()
    };
    order.comps = of(|kind| kind == RuleKind::Comp);
    order.exemptions = of(|kind| kind == RuleKind::TaxExempt);
    order.fees = of(RuleKind::is_fee);
    for check in bill.checks {
        let left = check.refunds().next().is_some().then(|| check.left()).transpose()?;
        let is_void = check.row.state == CheckState::Void;
        order.checks.push(SoldCheck { id: check.row.id, is_void, whole: check.computed, left });
    }
    Ok(())
}

/// How many guests the checks of an order say there were, where nobody counted them at its table.
fn covers(bill: &Bill) -> Option<i64> {
    let guests: i64 = bill.valid().map(|check| i64::from(check.row.guests)).sum();
    (guests > 0).then_some(guests)
}
