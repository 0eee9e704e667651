//! All checks of an order, as they stand: from their rows where they have some, else from its lines.

use rusqlite::params;

use super::rows::{self, CheckRow, HeldLine, PaymentRow};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::{Connection, Tx};
use crate::features::checks::{
    CheckState, Computed, ComputedLine, Draft, DraftLine, Payment, PaymentState, Standing, Sums,
    compute, plain_sums,
};
use crate::features::orders::check_adjustments::lay;
use crate::features::orders::events::PaymentKind;
use crate::features::orders::money_rules::live;
use crate::features::orders::states::{OrderStatus, PaymentStatus};
use crate::features::orders::store::load;
use crate::features::orders::types::{OrderItem, OrderWithDetails};

/// The most checks of an order: their ids follow from its own.
pub const MOST_CHECKS: i64 = 50;
const IDS_OF_ORDER: i64 = 100;

/// The id of an order's n-th check.
pub fn check_id(order_id: i64, number: i64) -> i64 {
    order_id * IDS_OF_ORDER + number
}

/// The number of a check within its order.
pub fn check_number(check_id: i64) -> i64 {
    check_id % IDS_OF_ORDER
}

/// The order of a check.
pub fn order_of(check_id: i64) -> i64 {
    check_id / IDS_OF_ORDER
}

/// One check as it stands.
pub struct Check {
    pub row: CheckRow,
    pub draft: Draft,
    /// What it comes to: as stored, or computed now.
    pub computed: Computed,
    pub payments: Vec<PaymentRow>,
}

/// An order with its checks.
pub struct Bill {
    pub order: OrderWithDetails,
    pub checks: Vec<Check>,
    /// How often its lines changed, in a number that only grows.
    pub lines_version: i64,
}

impl Check {
    /// Its payments as the rules know them.
    pub fn taken(&self) -> Vec<Payment> {
        let of = |row: &PaymentRow| Payment {
            id: row.id,
            kind: row.method_kind,
            amount: row.amount,
            rounding: row.rounding,
            tip: row.tip,
            state: row.state,
            is_by_wire: row.provider_id.is_some(),
        };
        self.payments.iter().filter(|row| row.kind == PaymentKind::Payment).map(of).collect()
    }

    /// How it stands with its payments.
    pub fn standing(&self) -> Standing {
        Standing::of(self.computed.total, &self.taken())
    }

    /// What went back of it since it was paid.
    pub fn refunds(&self) -> impl Iterator<Item = &PaymentRow> {
        let refunds = self.payments.iter().filter(|row| row.kind == PaymentKind::Refund);
        refunds.filter(|row| row.state == PaymentState::Taken)
    }

    /// What went back of it, without tips.
    pub fn given_back(&self) -> Money {
        self.refunds().map(|refund| refund.amount).sum()
    }

    /// The money that is here for it: what was taken and has not gone back.
    pub fn kept_money(&self) -> Money {
        self.standing().paid - self.given_back()
    }

    /// What goes over the counter when all of its money goes back: with tips, and as it was rounded.
    pub fn to_hand_back(&self) -> Money {
        let taken = self.payments.iter().filter(|row| row.state == PaymentState::Taken);
        let hand = |row: &PaymentRow| row.amount + row.rounding + row.tip;
        taken.fold(Money::ZERO, |sum, row| match row.kind {
            PaymentKind::Payment => sum + hand(row),
            PaymentKind::Refund => sum - hand(row),
        })
    }

    /// Whether the last line went from it before anybody paid it.
    pub fn is_left_empty(&self) -> bool {
        self.row.state == CheckState::Open && self.draft.lines.is_empty()
    }

    /// Its lines as they are to be held.
    pub fn lines_to_hold(&self, draft: &Draft) -> Vec<HeldLine> {
        lines_to_hold(self.row.id, draft)
    }

    /// Writes it, one version on.
    pub fn save(&mut self, tx: &Tx<'_>) -> Result<()> {
        self.row.version += 1;
        rows::save(tx, &self.row)
    }

    /// The same with what it comes to, for ever or until it is taken back, and with its lines.
    pub fn save_frozen(&mut self, tx: &Tx<'_>) -> Result<()> {
        let is_first = self.row.computed.is_none();
        if is_first {
            self.row.computed = Some(self.computed.clone());
        }
        // The row that the lines are held by comes first.
        self.save(tx)?;
        if is_first {
            rows::let_go(tx, self.row.id)?;
            rows::hold(tx, &self.lines_to_hold(&self.draft))?;
        }
        Ok(())
    }

    /// Of a sale the sums are stored, at the latest when a part of it goes back.
    pub fn save_as_it_stands(&mut self, tx: &Tx<'_>) -> Result<()> {
        if self.row.state.is_settled() { self.save_frozen(tx) } else { self.save(tx) }
    }
}

/// The lines of a draft as a check is to hold them.
pub fn lines_to_hold(check_id: i64, draft: &Draft) -> Vec<HeldLine> {
    let hold = |line: &DraftLine| HeldLine {
        check_id,
        item_id: line.item,
        quantity: line.quantity,
        kept: line.kept.clone(),
    };
    draft.lines.iter().map(hold).collect()
}

/// A paid order is called off: what was sold stays on its checks, for the money to go back.
pub fn keep_sale(tx: &Tx<'_>, order: &OrderWithDetails) -> Result<()> {
    if order.order.payment_status != PaymentStatus::Paid {
        return Ok(());
    }
    let mut bill = Bill::of(tx, order.clone())?;
    bill.checks.iter_mut().try_for_each(|check| check.save_as_it_stands(tx))
}

impl Bill {
    /// The checks of an order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(db: &Connection, order: OrderWithDetails) -> Result<Self> {
        let order_id = order.order.id;
        let mut rows = rows::checks(db, order_id)?;
        let held = if rows.is_empty() { Vec::new() } else { rows::held(db, order_id)? };
        let free: Vec<&OrderItem> =
            live(&order).filter(|item| held.iter().all(|line| line.item_id != item.id)).collect();
        let open = rows.iter().position(|row| row.state == CheckState::Open);
        if rows.is_empty() || (open.is_none() && !free.is_empty()) {
            let number = rows.last().map_or(1, |row| row.number + 1);
            rows.push(unwritten(&order, number));
        }
        let takes_free = open.unwrap_or(rows.len() - 1);
        let payments = rows::payments(db, order_id)?;
        let mut checks = Vec::with_capacity(rows.len());
        for (at, row) in rows.into_iter().enumerate() {
            let free: &[&OrderItem] = if at == takes_free { &free } else { &[] };
            let mut draft = draft(&order, &row, &held, free);
            lay(&mut draft, &row.rules);
            let computed = match &row.computed {
                Some(computed) => computed.clone(),
                None => compute(&draft)?,
            };
            let first = check_id(order_id, 1);
            let is_its = |payment: &&PaymentRow| payment.check_id.unwrap_or(first) == row.id;
            let payments = payments.iter().filter(is_its).cloned().collect();
            checks.push(Check { row, draft, computed, payments });
        }
        let lines_version = lines_version(db, &order)?;
        Ok(Self { order, checks, lines_version })
    }

    /// The bill of an order, for a command that is to change it.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn for_change(tx: &mut Tx<'_>, order_id: i64) -> Result<Self> {
        let order = load::for_change(tx, order_id)?;
        Self::of(tx, order)
    }

    /// The same bill as its order and its checks stand now, whose lines nobody has changed since.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn again(self, tx: &Tx<'_>) -> Result<Self> {
        let order = load::order(tx, self.order.order.id)?;
        Self::of(tx, OrderWithDetails { order, items: self.order.items })
    }

    /// The version of all of it: grows with each change of a check or of the lines.
    pub fn version(&self) -> i64 {
        self.rows_version() + self.lines_version
    }

    /// The part of it that the checks' rows have.
    pub fn rows_version(&self) -> i64 {
        self.checks.iter().map(|check| check.row.version).sum()
    }

    /// The version of one check, as it is told.
    pub fn version_of(&self, check: &Check) -> i64 {
        check.row.version + self.lines_version
    }

    /// Where a check stands among them.
    ///
    /// # Errors
    /// 404 when it is none of them.
    pub fn place(&self, id: i64) -> Result<usize> {
        let place = self.checks.iter().position(|check| check.row.id == id);
        place.ok_or_else(|| Error::not_found("check", id))
    }

    /// The checks that are paid, or to be paid.
    pub fn valid(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.row.state.is_gone())
    }

    /// What all of them come to.
    pub fn total(&self) -> Money {
        self.valid().map(|check| check.computed.total).sum()
    }

    /// The same, with the tax of it.
    pub fn sums(&self) -> Sums {
        Sums { total: self.total(), tax: self.valid().map(|check| check.computed.tax).sum() }
    }

    /// What is to be paid still of all of them.
    pub fn due(&self) -> Money {
        let to_pay = self.checks.iter().filter(|check| check.row.state.is_to_pay());
        to_pay.map(|check| check.standing().due).sum()
    }

    /// Whether none is still to be paid. One from which the last line went is nothing to pay.
    pub fn is_paid(&self) -> bool {
        let mut others = self.valid().filter(|check| !check.is_left_empty()).peekable();
        others.peek().is_some() && others.all(|check| check.row.state.is_settled())
    }

    /// What goes over the counter when all that was paid goes back.
    pub fn to_hand_back(&self) -> Money {
        self.checks.iter().map(Check::to_hand_back).sum()
    }

    /// What went back of checks since they were paid. One in whose place another is, is as if it had
    /// never been.
    pub fn given_back(&self) -> Money {
        self.valid().map(Check::given_back).sum()
    }

    /// What went back of checks before they were opened anew, and is not on those in their place.
    ///
    /// # Errors
    /// When more went back than was sold.
    pub fn given_back_before(&self) -> Result<Money> {
        let replaced = self.checks.iter().filter(|check| check.row.state == CheckState::Refunded);
        // What it holds still is what did not go over to another.
        let of =
            |check: &Check| Ok(check.computed.total - check.to_pay_anew(&check.items())?.total);
        replaced.map(of).sum()
    }

    /// Whether its money is here, went back, or is still to come: follows from what was really
    /// taken.
    pub fn payment_status(&self) -> PaymentStatus {
        let (total, gone) = (self.total(), self.given_back());
        match self.is_paid() {
            false => PaymentStatus::Unpaid,
            true if total > Money::ZERO && gone >= total => PaymentStatus::Refunded,
            true => PaymentStatus::Paid,
        }
    }

    /// What is left of the sale of each line that costs something else than quantity times price,
    /// or did; none where it is that.
    ///
    /// # Errors
    /// When more went back than was sold.
    pub fn paid_for_lines(&self) -> Result<Vec<(i64, Option<Money>)>> {
        let left = self.valid().map(Check::left).collect::<Result<Vec<_>>>()?;
        let of_line = |item: &OrderItem| {
            let lines = left.iter().flat_map(|check| &check.lines);
            let paid = lines.filter(|line| line.item == item.id).map(ComputedLine::total).sum();
            (item.id, (paid != item.total).then_some(paid))
        };
        Ok(live(&self.order).map(of_line).collect())
    }
}

/// The check of an order to which nothing happened that a row would have to say.
fn unwritten(order: &OrderWithDetails, number: i64) -> CheckRow {
    let order = &order.order;
    let state = match (order.payment_status, order.status) {
        (PaymentStatus::Unpaid, OrderStatus::Cancelled) => CheckState::Void,
        (PaymentStatus::Unpaid, _) => CheckState::Open,
        (_, status) if status.is_closed() => CheckState::Closed,
        _ => CheckState::Paid,
    };
    CheckRow {
        id: check_id(order.id, number),
        order_id: order.id,
        number,
        state,
        version: 0,
        guests: 0,
        note: None,
        receipt_to: None,
        rules: Vec::new(),
        computed: None,
        presented_at: None,
        paid_at: None,
        closed_at: order.completed_at.or(order.cancelled_at),
        replaces: None,
    }
}

fn draft(
    order: &OrderWithDetails,
    row: &CheckRow,
    held: &[HeldLine],
    free: &[&OrderItem],
) -> Draft {
    let mut lines: Vec<DraftLine> = free
        .iter()
        .map(|item| DraftLine {
            seat: item.seat,
            ..DraftLine::new(item.id, item.quantity, item.unit_sum(), item.tax.tax)
        })
        .collect();
    for line in held.iter().filter(|line| line.check_id == row.id) {
        let item = order.items.iter().find(|item| item.id == line.item_id);
        lines.extend(item.map(|item| DraftLine {
            seat: item.seat,
            kept: line.kept.clone(),
            ..DraftLine::new(item.id, line.quantity, item.unit_sum(), item.tax.tax)
        }));
    }
    lines.sort_by_key(|line| line.item);
    Draft { lines, guests: row.guests, ..Draft::default() }
}

/// Grows when a line is added, changed, taken off, or moved. A sum that changes leaves a trace of
/// its own; a line that is added does not.
fn lines_version(db: &Connection, order: &OrderWithDetails) -> Result<i64> {
    let traces: i64 = db
        .prepare_cached("SELECT count(*) FROM money_changes WHERE order_id = ?1")?
        .query_row(params![order.order.id], |row| row.get(0))?;
    Ok(traces * 1000 + order.items.len() as i64)
}

/// What an order comes to as its lines and its checks stand.
///
/// # Errors
/// When the checks cannot be computed any more.
pub fn sums_now(db: &Connection, order_id: i64) -> Result<Sums> {
    if rows::are_any(db, order_id)? {
        return Ok(Bill::of(db, load::order_with_items(db, order_id)?)?.sums());
    }
    let mut lines = db.prepare_cached(
        "SELECT gross, tax_rate, tax_is_added FROM order_items
         WHERE order_id = ?1 AND status <> 'CANCELLED'",
    )?;
    let lines = lines.query_map([order_id], |row| Ok((load::tax(row, 1)?, Money(row.get(0)?))))?;
    Ok(plain_sums(lines.collect::<rusqlite::Result<Vec<_>>>()?)?)
}

/// What people put on the checks of an order comes to. What the house puts on goes where its rules say.
///
/// # Errors
/// When the checks cannot be computed any more.
pub fn service_of(db: &Connection, order_id: i64) -> Result<Money> {
    if !rows::are_any(db, order_id)? {
        return Ok(Money::ZERO);
    }
    let bill = Bill::of(db, load::order_with_items(db, order_id)?)?;
    let by_hand = |check: &Check| -> Money {
        let of_house: Vec<i64> =
            check.row.rules.iter().filter(|rule| rule.house_id.is_some()).map(|r| r.id).collect();
        let charges = check.computed.charges.iter().filter(|share| !of_house.contains(&share.id));
        charges.map(|share| share.amount).sum()
    };
    Ok(bill.valid().map(by_hand).sum())
}
/// Writes what an order comes to.
pub fn write_sums(tx: &Tx<'_>, order_id: i64, sums: Sums) -> Result<()> {
    tx.prepare_cached("UPDATE orders SET total = ?2, tax = ?3, updated_at = ?4 WHERE id = ?1")?
        .execute(params![order_id, sums.total.0, sums.tax.0, tx.now().0])?;
    Ok(())
}
