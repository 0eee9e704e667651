//! What a guest earned, or a code that they say, is taken off a check: an adjustment like any other, for
//! which nobody's word is needed (docs/adr/0098-loyalty.md).

use super::adjust::{lay_down, to_change};
use super::adjustment_rows::AdjustmentRow;
use super::bill::{Bill, Check};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, Money};
use crate::core::store::{Command, Connection, Priority, Reply, Tx};
use crate::features::checks::{Refusal, adjust, compute};
use crate::features::loyalty::{self, ProgramKind, Promo, Reward};
use crate::features::orders::check_adjustments::{Rule, RuleKind};
use crate::features::orders::store::rewards::category_of;
use crate::features::permissions::{Permission, Principal, require};

/// Takes points off a check, or a dish for a full card.
pub struct UseReward {
    /// The check.
    pub check_id: i64,
    /// The account, of the guest whose order it is.
    pub account_id: i64,
    /// How many points; as many as can be where nobody says.
    pub points: Option<i64>,
    /// The check's version that the person saw.
    pub version: i64,
    /// Who.
    pub by: Principal,
}

impl Command for UseReward {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        require(tx, &self.by, Permission::CustomersSee)?;
        let (bill, at) = to_change(tx, self.check_id, self.version)?;
        let reward = loyalty::reward(tx, self.account_id)?;
        check_whose(tx, &bill, &reward)?;
        let check = &bill.checks[at];
        let (value, item) = match reward.kind {
            ProgramKind::Points => (points(check, &reward, self.points)?, None),
            ProgramKind::Stamps => free_dish(tx, &bill, check, &reward)?,
        };
        let given = Given {
            kind: RuleKind::Amount,
            value,
            item,
            name: reward.program,
            account_id: Some(self.account_id),
            promo_code_id: None,
        };
        given.lay(tx, bill, at, &self.by)
    }
}

/// Takes a promo code for a check.
pub struct UsePromo {
    /// The check.
    pub check_id: i64,
    /// As the guest says it.
    pub code: String,
    /// The check's version that the person saw.
    pub version: i64,
    /// The restaurant's day.
    pub today: Day,
    /// Who.
    pub by: Principal,
}

impl Command for UsePromo {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let (bill, at) = to_change(tx, self.check_id, self.version)?;
        let (order_id, check_id) = (bill.order.order.id, self.check_id);
        let taken = loyalty::take_promo(tx, order_id, check_id, &self.code, self.today)?;
        let Promo { id, code, percent, amount } = taken;
        let there = goods(&bill.checks[at]);
        let (kind, value) = match (percent, amount) {
            (Some(percent), _) => (RuleKind::Percent, percent.hundredths()),
            (None, amount) => (RuleKind::Amount, amount.unwrap_or(Money::ZERO).min(there).0),
        };
        let (account_id, promo_code_id) = (None, Some(id));
        let given = Given { kind, value, item: None, name: code, account_id, promo_code_id };
        given.lay(tx, bill, at, &self.by)
    }
}

/// What is taken off, and as what.
struct Given {
    kind: RuleKind,
    value: i64,
    item: Option<i64>,
    name: String,
    account_id: Option<i64>,
    promo_code_id: Option<i64>,
}

impl Given {
    fn lay(self, tx: &mut Tx<'_>, bill: Bill, at: usize, by: &Principal) -> Result<Reply> {
        let check = &bill.checks[at];
        check.row.state.check_change(&check.standing())?;
        if check.draft.lines.is_empty() {
            return Err(Refusal::NothingOnIt.into());
        }
        let rule = Rule::new(i64::MAX, self.kind, self.value, self.item);
        let adjustment =
            rule.adjustment().ok_or_else(|| Error::internal("it takes nothing off"))?;
        let adjusted = compute(&adjust(&check.draft, self.item, adjustment, true)?)?;
        let sums = (check.computed.total, adjusted.total);
        let row = AdjustmentRow {
            id: 0,
            check_id: check.row.id,
            item_id: self.item,
            kind: self.kind,
            value: self.value,
            reason: None,
            rule_id: None,
            name: Some(self.name),
            translations: None,
            undoes: None,
            user_id: Some(by.id),
            approved_by_id: None,
            account_id: self.account_id,
            promo_code_id: self.promo_code_id,
            created_at: tx.now(),
        };
        lay_down(tx, bill, at, (rule, row), sums, by)
    }
}

/// Points are spent by whose they are.
fn check_whose(db: &Connection, bill: &Bill, reward: &Reward) -> Result<()> {
    let guest = bill.order.order.customer_id;
    let guest = guest.map(|id| loyalty::customer_known(db, id)).transpose()?.flatten();
    if guest == Some(reward.customer_id) {
        return Ok(());
    }
    let detail = "The order is not this guest's. Say whose it is first.";
    Err(Error::conflict("not_their_order", detail))
}

/// What the goods of a check come to, with all that was taken off.
fn goods(check: &Check) -> Money {
    check.computed.subtotal - check.computed.discount
}

/// So many points are taken off a check.
fn points(check: &Check, reward: &Reward, wanted: Option<i64>) -> Result<i64> {
    let there = goods(check);
    let most = reward.spend_percent.of(there).0;
    let available = reward.balance.max(0);
    let value = wanted.unwrap_or(most.min(available));
    if value > available || available == 0 {
        let detail = format!("{available} points are there. Take fewer.");
        return Err(Error::conflict("points_short", detail).with("available", available));
    }
    if value > most || value <= 0 {
        let detail = format!("From 1 to {most} points can be taken off this check.");
        return Err(Error::rule("points_above_share", detail).with("most", most));
    }
    Ok(value)
}

/// What the cheapest dish costs that a full card is for, and its line.
fn free_dish(
    db: &Connection,
    bill: &Bill,
    check: &Check,
    reward: &Reward,
) -> Result<(i64, Option<i64>)> {
    let (there, needed) = (reward.balance.max(0), reward.stamps);
    if there < needed {
        let detail = format!("{there} of {needed} stamps are there.");
        let error = Error::conflict("stamps_short", detail).with("available", there);
        return Err(error.with("needed", needed));
    }
    let mut cheapest: Option<(Money, i64)> = None;
    for line in &check.computed.lines {
        let item = bill.order.items.iter().find(|item| item.id == line.item);
        let Some(item) = item.filter(|item| item.unit.is_none()) else { continue };
        let is_whole = line.quantity.thousandths() >= 1000;
        if !is_whole || line.net() < item.unit_sum() {
            continue;
        }
        if reward.category_id.is_some() && category_of(db, item.id)? != reward.category_id {
            continue;
        }
        let this = (item.unit_sum(), item.id);
        cheapest = Some(cheapest.map_or(this, |known| known.min(this)));
    }
    let Some((Money(price), item)) = cheapest.filter(|(price, _)| *price > Money::ZERO) else {
        let detail = "Nothing on this check is free for a full card of this program.";
        return Err(Error::rule("no_dish_for_stamps", detail));
    };
    Ok((price, Some(item)))
}
