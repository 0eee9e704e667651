//! What the house takes off and puts on by itself is brought up to date when an order's lines, guests
//! or table change, as long as its check is open. It stands there as an adjustment like any other, by
//! nobody.

use rusqlite::params;

use super::adjustment_rows::{self, AdjustmentRow};
use super::bill::{Bill, Check, sums_now, write_sums};
use super::rows;
use super::spared::{is_taken_off, spare};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Tax, Zone};
use crate::core::store::{Connection, Tx};
use crate::features::checks::{CheckState, Computed, Draft, StoredTax, Sums, compute};
use crate::features::floor;
use crate::features::orders::adjustment_rules::{
    self, AdjustmentRule, AdjustmentRuleKind, Effect, Facts, effects,
};
use crate::features::orders::check_adjustments::{Rule, lay};
use crate::features::orders::money_rules::live;
use crate::features::orders::states::{OrderType, PaymentStatus};
use crate::features::orders::store::load;
use crate::features::orders::types::{Order, OrderWithDetails};
use crate::features::taxes;
use crate::platform::site;

/// From here on ids are of what is not written yet.
const UNWRITTEN: i64 = i64::MAX - 1000;

/// What an order comes to after its lines changed, once the rules of the house have been followed.
///
/// # Errors
/// When the checks cannot be computed any more.
pub fn sums_of(tx: &Tx<'_>, order_id: i64) -> Result<Sums> {
    follow_rules(tx, order_id)?;
    sums_now(tx, order_id)
}

/// After its guests or its table changed: the order comes to what the rules of the house say now.
pub fn follow_facts(tx: &Tx<'_>, order_id: i64) -> Result<()> {
    follow_rules(tx, order_id)?;
    if !rows::are_any(tx, order_id)? {
        return Ok(());
    }
    let Order { total_price: total, tax_included: tax, .. } = load::order(tx, order_id)?;
    let sums = sums_now(tx, order_id)?;
    if sums == (Sums { total, tax }) { Ok(()) } else { write_sums(tx, order_id, sums) }
}

/// Brings what rules put on an order's open checks and take off up to date.
pub fn follow_rules(tx: &Tx<'_>, order_id: i64) -> Result<()> {
    let rules = adjustment_rules::active(tx)?;
    if rules.is_empty() && !rows::are_any(tx, order_id)? {
        return Ok(());
    }
    let order = load::order_with_items(tx, order_id)?;
    let head = &order.order;
    if head.status.is_closed() || head.payment_status != PaymentStatus::Unpaid {
        return Ok(());
    }
    let zone = zone(tx, &rules)?;
    let service_tax =
        if rules.iter().any(is_service) { service_tax(tx, &zone, head.order_type)? } else { None };
    let room = order.order.table_id.map_or(Ok(None), |table| floor::room_of(tx, table))?;
    let house = House { zone, location_id: room, service_tax, rules };
    let is_untouched = !rows::are_any(tx, order_id)?;
    if is_untouched
        && house.effects(&order, head.guests.unwrap_or(0), &all_lines(&order)).is_empty()
    {
        return Ok(());
    }
    let mut bill = Bill::of(tx, order)?;
    let agreed = adjustment_rows::adjustments(tx, order_id)?;
    let is_alone = bill.valid().count() == 1;
    for at in 0..bill.checks.len() {
        if is_to_follow(&bill.checks[at], is_alone) {
            house.follow(tx, &mut bill, at, &agreed)?;
        }
    }
    Ok(())
}

/// Whether rules may still change a check: not what the guests have seen, a part of a split, what money
/// was taken for, and what was sold once already. What was split and stands together again is no part.
fn is_to_follow(check: &Check, is_alone: bool) -> bool {
    let lines = &check.draft.lines;
    check.row.state == CheckState::Open
        && check.row.replaces.is_none()
        && !lines.is_empty()
        && (is_alone || lines.iter().all(|line| line.kept.is_none()))
        && check.row.state.check_change(&check.standing()).is_ok()
}

fn is_service(rule: &AdjustmentRule) -> bool {
    rule.kind == AdjustmentRuleKind::Service
}

/// The restaurant's clock, where a rule asks for it, or its tax is of today.
fn zone(db: &Connection, rules: &[AdjustmentRule]) -> Result<Zone> {
    if !rules.iter().any(|rule| rule.conditions.is_timed() || is_service(rule)) {
        return Zone::named("UTC").map_err(Error::internal);
    }
    let row = site::load(db)?.ok_or_else(|| Error::internal("the restaurant's row is missing"))?;
    row.zone()
}

/// How service charges are taxed now, where they have a class of their own.
pub(super) fn service_tax(
    tx: &Tx<'_>,
    zone: &Zone,
    order_type: OrderType,
) -> Result<Option<StoredTax>> {
    let taxes = taxes::on_day(tx, zone.day(tx.now()))?;
    Ok(taxes.service(order_type.eaten()).map(Tax::stored))
}

fn all_lines(order: &OrderWithDetails) -> Vec<i64> {
    live(order).map(|item| item.id).collect()
}

/// The rules of the house, and where and when it is asked.
struct House {
    rules: Vec<AdjustmentRule>,
    zone: Zone,
    location_id: Option<i64>,
    /// How what is put on for service is taxed now, where that has a class of its own.
    service_tax: Option<StoredTax>,
}

impl House {
    fn effects(&self, order: &OrderWithDetails, guests: i64, lines: &[i64]) -> Vec<Effect> {
        let head = &order.order;
        let ordered = order.items.iter().filter(|item| lines.contains(&item.id));
        let facts = Facts {
            order_type: head.order_type,
            guests,
            table_id: head.table_id,
            location_id: self.location_id,
            placed_at: head.created_at,
            lines: ordered.map(|item| (item.id, item.created_at)).collect(),
        };
        effects(&self.rules, &facts, &self.zone)
    }

    /// What the rules do to one of the checks: without what a person took off it (a sum that is once on
    /// an order, off any of its checks), and without sums that stand on another check already.
    fn wanted(&self, bill: &Bill, at: usize, agreed: &[AdjustmentRow]) -> Vec<Effect> {
        let check = &bill.checks[at];
        let lines: Vec<i64> = check.draft.lines.iter().map(|line| line.item).collect();
        let guests = match i64::from(check.row.guests) {
            0 => bill.order.order.guests.unwrap_or(0),
            guests => guests,
        };
        // What somebody took off a check that went over into this one is off this one.
        let is_gone = |id: i64| bill.checks.iter().all(|other| other.row.id != id);
        let is_off = |effect: &Effect| {
            off_checks(agreed, effect.rule_id).any(|row| {
                row.check_id == check.row.id || is_gone(row.check_id) || !effect.kind.is_percent()
            })
        };
        let is_elsewhere = |rule_id: i64| {
            let of_rule = agreed.iter().filter(|row| row.rule_id == Some(rule_id));
            let ids: Vec<i64> = of_rule.map(|row| row.id).collect();
            let others = bill.valid().filter(|other| other.row.id != check.row.id);
            others.into_iter().any(|other| ids.iter().any(|id| bears(&other.computed, *id)))
        };
        let mut wanted = self.effects(&bill.order, guests, &lines);
        wanted.retain(|effect| {
            !is_off(effect) && (effect.kind.is_percent() || !is_elsewhere(effect.rule_id))
        });
        wanted.retain_mut(|effect| {
            let rule = self.rules.iter().find(|rule| rule.id == effect.rule_id);
            let is_here = check.row.rules.iter().any(|rule| rule.house_id == Some(effect.rule_id));
            let is_per_guest = rule.is_some_and(|rule| rule.per_guest);
            spare(effect, (agreed, &lines), (is_here, is_per_guest))
        });
        wanted
    }

    fn follow(
        &self,
        tx: &Tx<'_>,
        bill: &mut Bill,
        at: usize,
        agreed: &[AdjustmentRow],
    ) -> Result<()> {
        let mut wanted = self.wanted(bill, at, agreed);
        let check = &bill.checks[at];
        let (mut draft, mut there) = (check.draft.clone(), check.row.rules.clone());
        let is_joined = draft.lines.iter().any(|line| line.kept.is_some());
        let mut fixed = Vec::new();
        if is_joined {
            there.extend(self.spent(check, agreed));
            let Some(stay) = lay_open(&mut draft, &mut there, &mut wanted, agreed) else {
                return Ok(());
            };
            fixed = stay;
        }
        let mut rules = merged(&there, &wanted, self.service_tax);
        rules.append(&mut fixed);
        if in_order(&rules) == in_order(&check.row.rules) {
            return Ok(());
        }
        // What cannot be computed so stays as it is: no rule stands in an order's way.
        let Ok(computed) = with_rules(&draft, &rules) else { return Ok(()) };
        let before = bill.total();
        let after = before - check.computed.total + computed.total;
        let old = std::mem::take(&mut bill.checks[at].row.rules);
        self.write(tx, bill, (at, &old, rules), (agreed, before, after))?;
        let check = &mut bill.checks[at];
        (check.computed, check.draft) = (computed, draft);
        check.save(tx)?;
        if is_joined { hold_kept(tx, check) } else { Ok(()) }
    }

    /// Sums by rules that a split apportioned and spent: the lines bear them, and no rule of the check
    /// says so any more.
    fn spent(&self, check: &Check, agreed: &[AdjustmentRow]) -> Vec<Rule> {
        let is_spent = |row: &&AdjustmentRow| {
            row.rule_id.is_some()
                && row.undoes.is_none()
                && bears(&check.computed, row.id)
                && check.row.rules.iter().all(|rule| rule.id != row.id)
        };
        let rule = |row: &AdjustmentRow| Rule {
            house_id: row.rule_id,
            is_spent: true,
            tax: self.service_tax.filter(|_| row.kind.is_service()),
            ..Rule::new(row.id, row.kind, row.value, None)
        };
        agreed.iter().filter(is_spent).map(rule).collect()
    }

    /// Notes what goes and what comes, and gives ids to what is new.
    fn write(
        &self,
        tx: &Tx<'_>,
        bill: &mut Bill,
        (at, old, mut new): (usize, &[Rule], Vec<Rule>),
        (agreed, before, after): (&[AdjustmentRow], Money, Money),
    ) -> Result<()> {
        let (order_id, check_id) = (bill.order.order.id, bill.checks[at].row.id);
        for id in ids(old).into_iter().filter(|id| !ids(&new).contains(id)) {
            let Some(row) = agreed.iter().find(|row| row.id == id) else { continue };
            let undone = AdjustmentRow {
                check_id,
                reason: None,
                undoes: Some(id),
                user_id: None,
                approved_by_id: None,
                created_at: tx.now(),
                ..row.clone()
            };
            adjustment_rows::agree(tx, order_id, &undone)?;
            trace(tx, order_id, "rule_lifted", (before, after), undone.name.as_deref())?;
        }
        for id in ids(&new).into_iter().filter(|id| *id >= UNWRITTEN) {
            let Some(rule) = new.iter().find(|rule| rule.id == id).cloned() else { continue };
            let house = self.rules.iter().find(|house| Some(house.id) == rule.house_id);
            let row = AdjustmentRow {
                id: 0,
                check_id,
                item_id: None,
                kind: rule.kind,
                value: rule.value,
                reason: None,
                rule_id: rule.house_id,
                name: house.map(|house| house.name.clone()),
                translations: house.map(|house| house.translations.to_json()),
                undoes: None,
                user_id: None,
                approved_by_id: None,
                account_id: None,
                promo_code_id: None,
                created_at: tx.now(),
            };
            let written = adjustment_rows::agree(tx, order_id, &row)?;
            new.iter_mut().filter(|rule| rule.id == id).for_each(|rule| rule.id = written);
            trace(tx, order_id, "rule_applied", (before, after), row.name.as_deref())?;
        }
        bill.checks[at].row.rules = new;
        Ok(())
    }
}

/// Checks off which people took what a rule had put there.
fn off_checks(agreed: &[AdjustmentRow], rule_id: i64) -> impl Iterator<Item = &AdjustmentRow> {
    let is_it = move |row: &&AdjustmentRow| row.rule_id == Some(rule_id) && row.item_id.is_none();
    agreed.iter().filter(|row| is_taken_off(row)).filter(is_it)
}

/// Of a check that was split and stands together again: takes what the rules left on its lines off
/// them, to be laid anew over all, and says which rules stay as they are, since somebody took them off
/// a part. None where nothing changed since it was joined, which changes no sum.
fn lay_open(
    draft: &mut Draft,
    there: &mut Vec<Rule>,
    wanted: &mut Vec<Effect>,
    agreed: &[AdjustmentRow],
) -> Option<Vec<Rule>> {
    let is_fixed = |id: i64| off_checks(agreed, id).next().is_some();
    wanted.retain(|effect| !is_fixed(effect.rule_id));
    let (fixed, rest) =
        std::mem::take(there).into_iter().partition(|rule| rule.house_id.is_some_and(&is_fixed));
    *there = rest;
    let of_house: Vec<&Rule> = there.iter().filter(|rule| rule.house_id.is_some()).collect();
    let is_of = |rule: &Rule, effect: &Effect| {
        (rule.house_id, rule.kind, rule.value) == (Some(effect.rule_id), effect.kind, effect.value)
    };
    let is_same = of_house.iter().all(|rule| wanted.iter().any(|effect| is_of(rule, effect)))
        && wanted.iter().all(|effect| of_house.iter().any(|rule| is_of(rule, effect)));
    if is_same && draft.lines.iter().all(|line| line.kept.is_some()) {
        return None;
    }
    for rule in of_house {
        let _ = draft.take_back_adjustment(rule.id) || draft.take_back_charge(rule.id);
    }
    Some(fixed)
}

/// Holds what a split left of its lines as it is now.
fn hold_kept(tx: &Tx<'_>, check: &Check) -> Result<()> {
    rows::let_go(tx, check.row.id)?;
    let mut kept = check.draft.clone();
    kept.lines.retain(|line| line.kept.is_some());
    rows::hold(tx, &check.lines_to_hold(&kept))
}

/// Whether a check bears a share of an adjustment.
fn bears(check: &Computed, id: i64) -> bool {
    check.charges.iter().any(|share| share.id == id)
        || check.adjustments.iter().any(|applied| applied.id == id)
}

fn ids(rules: &[Rule]) -> Vec<i64> {
    let mut ids: Vec<i64> = rules.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn in_order(rules: &[Rule]) -> Vec<Rule> {
    let mut rules = rules.to_vec();
    rules.sort_by_key(|rule| (rule.id, rule.item));
    rules
}

/// The rules of a check with these effects of the house: what is there already keeps its id and its
/// tax, what is new has one of the last ids until it is written, so that it is reckoned last as it will
/// be then.
fn merged(there: &[Rule], wanted: &[Effect], service_tax: Option<StoredTax>) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        there.iter().filter(|rule| rule.house_id.is_none()).cloned().collect();
    for (effect, new) in wanted.iter().zip(1..) {
        let is_it = |rule: &&Rule| {
            (rule.house_id, rule.kind, rule.value)
                == (Some(effect.rule_id), effect.kind, effect.value)
        };
        let own = service_tax.filter(|_| effect.kind.is_service());
        let known = there.iter().find(is_it).map(|rule| (rule.id, rule.tax));
        let (id, tax) = known.unwrap_or((UNWRITTEN + new, own));
        let rule = Rule::new(id, effect.kind, effect.value, None);
        let spared = effect.spared.clone();
        let rule = Rule { house_id: Some(effect.rule_id), tax, spared, ..rule };
        let of_line = |item: &i64| Rule { item: Some(*item), ..rule.clone() };
        match effect.lines.as_slice() {
            [] => rules.push(rule),
            lines => rules.extend(lines.iter().map(of_line)),
        }
    }
    rules
}

/// What a draft comes to with these rules.
fn with_rules(draft: &Draft, rules: &[Rule]) -> Result<Computed> {
    let mut draft = draft.clone();
    (draft.adjustments, draft.charges) = (Vec::new(), Vec::new());
    (draft.spent, draft.bounds) = (Vec::new(), Vec::new());
    for line in &mut draft.lines {
        line.adjustments.clear();
        line.spared.clear();
    }
    lay(&mut draft, rules);
    Ok(compute(&draft)?)
}

/// Leaves a trace with the name of the rule, by nobody.
fn trace(
    tx: &Tx<'_>,
    order_id: i64,
    what: &str,
    (before, after): (Money, Money),
    name: Option<&str>,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO money_changes (order_id, item_id, what, old_total, new_total, reason, user_id,
                                    created_at)
         VALUES (?1, NULL, ?2, ?3, ?4, ?5, NULL, ?6)",
    )?
    .execute(params![order_id, what, before.0, after.0, name, tx.now().0])?;
    Ok(())
}
