//! Accounts and what moved them, in SQL: each entry changes the balance in its own transaction.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;

use super::programs_store::PROGRAMS;
use super::rules::{Counted, EntryKind, Missing, Part, missing};
use super::types::{
    LoyaltyAccount, LoyaltyAccounts, LoyaltyAdjust, LoyaltyEntries, LoyaltyEntry, ProgramKind,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Percent, Timestamp};
use crate::core::store::{Command, Priority, Tx, word};
use crate::features::permissions::{Permission, require};
use crate::platform::audit;
use crate::platform::auth::Person;

/// More is given or taken by hand at once by a slip of the hand only.
const MOST_BY_HAND: i64 = 100_000_000;
/// So many wrong accounts are named.
const NAMED: i64 = 5;

const ACCOUNT: &str = "SELECT a.id, a.program_id, p.name, p.kind, a.customer_id, a.balance,
           p.stamps, p.spend_percent, a.updated_at
    FROM loyalty_accounts a JOIN loyalty_programs p ON p.id = a.program_id";

fn account_from_row(row: &Row<'_>) -> rusqlite::Result<LoyaltyAccount> {
    let kind = word(row, 3, ProgramKind::parse)?;
    let balance: i64 = row.get(5)?;
    Ok(LoyaltyAccount {
        id: row.get(0)?,
        program_id: row.get(1)?,
        program: row.get(2)?,
        kind,
        customer_id: row.get(4)?,
        balance,
        worth: (kind == ProgramKind::Points).then_some(Money(balance)),
        stamps: row.get(6)?,
        spend_percent: row.get::<_, Option<i64>>(7)?.map(Percent::new),
        updated_at: Timestamp(row.get(8)?),
    })
}

/// One account.
///
/// # Errors
/// 404 when there is none.
pub fn account(db: &Connection, id: i64) -> Result<LoyaltyAccount> {
    let sql = format!("{ACCOUNT} WHERE a.id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([id], account_from_row).optional()?;
    found.ok_or_else(|| Error::not_found("loyalty account", id))
}

/// What a guest has; who was joined with another has what that one has.
///
/// # Errors
/// 404 when nobody knows the guest.
pub fn accounts(db: &Connection, customer_id: i64) -> Result<LoyaltyAccounts> {
    let customer_id = known(db, customer_id)?;
    let sql = format!("{ACCOUNT} WHERE a.customer_id = ?1 ORDER BY a.program_id");
    let mut statement = db.prepare_cached(&sql)?;
    let accounts = statement.query_map([customer_id], account_from_row)?;
    Ok(LoyaltyAccounts { accounts: accounts.collect::<rusqlite::Result<_>>()? })
}

fn known(db: &Connection, customer_id: i64) -> Result<i64> {
    let found = customer_known(db, customer_id)?;
    found.ok_or_else(|| Error::not_found("guest", customer_id))
}

/// As whom a guest is known now: as themselves, or as who they were joined with; none once erased.
///
/// # Errors
/// When the database cannot be read.
pub fn customer_known(db: &Connection, customer_id: i64) -> Result<Option<i64>> {
    let sql =
        "SELECT k.id FROM customers c JOIN customers k ON k.id = coalesce(c.merged_into_id, c.id)
               WHERE c.id = ?1 AND k.erased_at IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([customer_id], |row| row.get(0)).optional()?)
}

/// What moved an account, the newest first.
///
/// # Errors
/// 404 when there is no such account.
pub fn entries(db: &Connection, id: i64, (skip, most): (i64, i64)) -> Result<LoyaltyEntries> {
    account(db, id)?;
    let mut statement = db.prepare_cached(
        "SELECT id, kind, amount, order_id, check_id, reason, user_id, at FROM loyalty_entries
         WHERE account_id = ?1 ORDER BY id DESC LIMIT ?2 OFFSET ?3",
    )?;
    let entries = statement.query_map([id, most, skip], |row| {
        Ok(LoyaltyEntry {
            id: row.get(0)?,
            kind: word(row, 1, EntryKind::parse)?,
            amount: row.get(2)?,
            order_id: row.get(3)?,
            check_id: row.get(4)?,
            reason: row.get(5)?,
            user_id: row.get(6)?,
            at: Timestamp(row.get(7)?),
        })
    })?;
    let entries = entries.collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT count(*) FROM loyalty_entries WHERE account_id = ?1";
    let total = db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    Ok(LoyaltyEntries { entries, total })
}

/// A guest's account in a program; opened where there is none.
///
/// # Errors
/// When the row cannot be written.
pub fn account_for(tx: &Tx<'_>, program_id: i64, customer_id: i64) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO loyalty_accounts (program_id, customer_id, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?3) ON CONFLICT (customer_id, program_id) DO NOTHING",
    )?
    .execute([program_id, customer_id, tx.now().0])?;
    let sql = "SELECT id FROM loyalty_accounts WHERE customer_id = ?1 AND program_id = ?2";
    Ok(tx.prepare_cached(sql)?.query_row([customer_id, program_id], |row| row.get(0))?)
}

/// Whether anything in programs may follow from an order: it is a known guest's, or something of a
/// program or a code stands on it. Of most orders nothing does.
///
/// # Errors
/// When the database cannot be read.
pub fn concerns(db: &Connection, order_id: i64) -> Result<bool> {
    let sql = "SELECT customer_id IS NOT NULL
                   OR EXISTS (SELECT 1 FROM loyalty_entries WHERE order_id = ?1)
                   OR EXISTS (SELECT 1 FROM promo_uses WHERE order_id = ?1)
                   OR EXISTS (SELECT 1 FROM adjustments WHERE order_id = ?1
                              AND (account_id IS NOT NULL OR promo_code_id IS NOT NULL))
               FROM orders WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([order_id], |row| row.get(0)).optional()?.unwrap_or(false))
}

/// A program in which an order counts.
#[derive(Debug, Clone, Copy)]
pub struct Counting {
    /// The program.
    pub program_id: i64,
    /// What is earned.
    pub kind: ProgramKind,
    /// Of stamps: the category whose dishes count.
    pub category_id: Option<i64>,
    /// Of points: hundredths of a percent; 1 of stamps.
    pub rate: i64,
}

/// The programs in which an order counts: those that were in use when it was placed, and those in which
/// it counted already, at the rate of then.
///
/// # Errors
/// When the database cannot be read.
pub fn counting(db: &Connection, order_id: i64, placed: Timestamp) -> Result<Vec<Counting>> {
    let mut statement = db.prepare_cached(
        "SELECT p.id, p.kind, p.category_id, coalesce(e.rate, p.earn_percent, 1)
         FROM loyalty_programs p
         LEFT JOIN (SELECT program_id, min(rate) AS rate FROM loyalty_entries
                    WHERE order_id = ?1 AND part = 'EARNED' GROUP BY program_id) e
                ON e.program_id = p.id
         WHERE e.rate IS NOT NULL
            OR (p.is_active AND p.deleted_at IS NULL AND p.counts_since <= ?2)",
    )?;
    let programs = statement.query_map([order_id, placed.0], |row| {
        Ok(Counting {
            program_id: row.get(0)?,
            kind: word(row, 1, ProgramKind::parse)?,
            category_id: row.get(2)?,
            rate: row.get(3)?,
        })
    })?;
    Ok(programs.collect::<rusqlite::Result<_>>()?)
}

/// What can be spent of an account on a check.
#[derive(Debug, Clone)]
pub struct Reward {
    /// What the program is called.
    pub program: String,
    /// What is earned in it.
    pub kind: ProgramKind,
    /// Whose it is.
    pub customer_id: i64,
    /// What is there.
    pub balance: i64,
    /// Of points: how much of a check they may pay.
    pub spend_percent: Percent,
    /// Of stamps: how many make a full card.
    pub stamps: i64,
    /// Of stamps: the category whose dishes are free.
    pub category_id: Option<i64>,
}

/// What can be spent of an account.
///
/// # Errors
/// 404 when there is no such account.
pub fn reward(db: &Connection, account_id: i64) -> Result<Reward> {
    let LoyaltyAccount { program_id, program, kind, customer_id, balance, .. } =
        account(db, account_id)?;
    let sql = "SELECT spend_percent, stamps, category_id FROM loyalty_programs WHERE id = ?1";
    let of_program = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let (spend, stamps, category_id): (Option<i64>, Option<i64>, Option<i64>) =
        db.prepare_cached(sql)?.query_row([program_id], of_program)?;
    let spend_percent = spend.map_or(Percent::WHOLE, Percent::new);
    let stamps = stamps.unwrap_or(0);
    Ok(Reward { program, kind, customer_id, balance, spend_percent, stamps, category_id })
}

/// Writes what an order stands for and its entries do not say yet. Nothing where they do, so it may be
/// called once too often.
///
/// # Errors
/// When the rows cannot be written.
pub fn write_down(tx: &Tx<'_>, order_id: i64, now: &[Counted], by: Option<i64>) -> Result<()> {
    for Missing { kind, counted } in missing(now, &written(tx, order_id)?) {
        tx.prepare_cached(
            "INSERT INTO loyalty_entries (account_id, program_id, kind, part, number, amount, rate,
                                          order_id, check_id, user_id, at)
             SELECT a.id, a.program_id, ?2, ?3,
                    (SELECT count(*) FROM loyalty_entries e
                     WHERE e.check_id = ?7 AND e.program_id = a.program_id AND e.part = ?3),
                    ?4, ?5, ?6, ?7, ?8, ?9
             FROM loyalty_accounts a WHERE a.id = ?1",
        )?
        .execute(params![
            counted.account_id,
            kind.as_str(),
            counted.part.as_str(),
            counted.amount,
            counted.rate,
            order_id,
            counted.check_id,
            by,
            tx.now().0,
        ])?;
        add(tx, counted.account_id, counted.amount)?;
    }
    Ok(())
}

fn written(db: &Connection, order_id: i64) -> Result<Vec<Counted>> {
    let mut statement = db.prepare_cached(
        "SELECT check_id, account_id, part, sum(amount), max(rate) FROM loyalty_entries
         WHERE order_id = ?1 GROUP BY check_id, account_id, part",
    )?;
    let rows = statement.query_map([order_id], |row| {
        Ok(Counted {
            check_id: row.get(0)?,
            account_id: row.get(1)?,
            part: word(row, 2, Part::parse)?,
            amount: row.get(3)?,
            rate: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn add(tx: &Tx<'_>, account_id: i64, amount: i64) -> Result<()> {
    let sql = "UPDATE loyalty_accounts SET balance = balance + ?2, updated_at = ?3 WHERE id = ?1";
    tx.prepare_cached(sql)?.execute([account_id, amount, tx.now().0])?;
    Ok(())
}

/// An entry that is of no check.
fn by_hand(
    tx: &Tx<'_>,
    account_id: i64,
    (kind, amount): (EntryKind, i64),
    (by, reason): (Option<i64>, Option<&str>),
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO loyalty_entries (account_id, program_id, kind, amount, user_id, reason, at)
         SELECT id, program_id, ?2, ?3, ?4, ?5, ?6 FROM loyalty_accounts WHERE id = ?1",
    )?
    .execute(params![account_id, kind.as_str(), amount, by, reason, tx.now().0])?;
    add(tx, account_id, amount)
}

/// Two guests are one: what the one that goes had is the other's.
///
/// # Errors
/// When the rows cannot be written.
pub fn merge(tx: &Tx<'_>, stays: i64, goes: i64) -> Result<()> {
    let sql = "SELECT id, program_id, balance FROM loyalty_accounts WHERE customer_id = ?1";
    let mut statement = tx.prepare_cached(sql)?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let accounts: Vec<(i64, i64, i64)> =
        statement.query_map([goes], read)?.collect::<rusqlite::Result<_>>()?;
    for (from, program_id, balance) in accounts {
        let to = account_for(tx, program_id, stays)?;
        for sql in [
            "UPDATE loyalty_entries SET account_id = ?2 WHERE account_id = ?1",
            "UPDATE adjustments SET account_id = ?2 WHERE account_id = ?1",
        ] {
            tx.prepare_cached(sql)?.execute([from, to])?;
        }
        add(tx, to, balance)?;
        add(tx, from, -balance)?;
    }
    Ok(())
}

/// A guest is forgotten: nobody can spend what is there.
///
/// # Errors
/// When the rows cannot be written.
pub fn forfeit(tx: &Tx<'_>, customer_id: i64, by: i64) -> Result<()> {
    let sql = "SELECT id, balance FROM loyalty_accounts WHERE customer_id = ?1 AND balance > 0";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([customer_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let accounts: Vec<(i64, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    for (id, balance) in accounts {
        by_hand(tx, id, (EntryKind::Expire, -balance), (Some(by), None))?;
    }
    Ok(())
}

/// The first few accounts that do not stand where their entries brought them.
///
/// # Errors
/// When the database cannot be read.
pub fn wrong_accounts(db: &Connection) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM loyalty_accounts a
         WHERE balance <> (SELECT coalesce(sum(e.amount), 0) FROM loyalty_entries e
                           WHERE e.account_id = a.id)
         LIMIT ?1",
    )?;
    let ids = statement.query_map([NAMED], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// Opens an account, or finds the one that is there.
pub struct OpenAccount {
    /// The program.
    pub program_id: i64,
    /// Whose it is.
    pub customer_id: i64,
    /// Who opens it.
    pub by: Person,
}

impl Command for OpenAccount {
    type Output = LoyaltyAccount;

    fn apply(self, tx: &mut Tx<'_>) -> Result<LoyaltyAccount> {
        require(tx, &self.by, Permission::CustomersSee)?;
        let customer_id = known(tx, self.customer_id)?;
        let program_id = PROGRAMS.get(tx, self.program_id)?.id;
        let id = account_for(tx, program_id, customer_id)?;
        account(tx, id)
    }
}

/// Gives or takes points or stamps by hand.
pub struct Adjust {
    /// The account.
    pub id: i64,
    /// How many, and why.
    pub body: LoyaltyAdjust,
    /// Who.
    pub by: Person,
}

impl Command for Adjust {
    type Output = LoyaltyAccount;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<LoyaltyAccount> {
        require(tx, &self.by, Permission::CustomersEdit)?;
        let LoyaltyAdjust { amount, expected_balance, reason } = self.body;
        let old = account(tx, self.id)?;
        known(tx, old.customer_id)?;
        if old.balance != expected_balance {
            let balance = old.balance;
            let detail = format!("The account stands at {balance} now. Look again.");
            return Err(Error::conflict("balance_changed", detail).with("balance", balance));
        }
        if amount == 0 || !(-MOST_BY_HAND..=MOST_BY_HAND).contains(&amount) {
            let message = format!("must be from -{MOST_BY_HAND} to {MOST_BY_HAND}, and not 0");
            return Err(Error::invalid("amount", message));
        }
        by_hand(tx, self.id, (EntryKind::Adjust, amount), (Some(self.by.id), Some(&*reason)))?;
        let new = account(tx, self.id)?;
        // A reason may name the guest, and the trail is for ever: it says how much alone.
        let state = |balance: i64| json!({"balance": balance});
        let about = ("loyalty_account", Some(self.id));
        let change = (state(old.balance), state(new.balance));
        audit::note(tx, Some(self.by.id), "loyalty_adjusted", about, change)?;
        Ok(new)
    }
}
