//! Promo codes: their table, and on which orders they stand.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::types::{PromoCode, PromoCodeCreate, PromoCodeUpdate, PromoCodes};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Int;
use crate::core::kernel::{Day, Money, Percent, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx};
use crate::platform::audit;

/// More no restaurant gives out.
const MOST_CODES: i64 = 10_000;

pub const CODES: Repository<PromoCode> = Repository {
    table: "promo_codes",
    one: "promo code",
    columns: "id, code, percent, amount, most, used, until, is_active, created_at, updated_at",
    order: "id DESC",
    unique: "code",
    taken: |code| {
        let detail = format!("There is already a code “{code}”. Choose another.");
        Error::rule("code_taken", detail).with("code", code)
    },
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<PromoCode> {
    Ok(PromoCode {
        id: row.get(0)?,
        code: row.get(1)?,
        percent: row.get::<_, Option<i64>>(2)?.map(Percent::new),
        amount: row.get::<_, Option<i64>>(3)?.map(Money),
        limit: row.get(4)?,
        used: row.get(5)?,
        until: row.get::<_, Option<i64>>(6)?.and_then(Day::of_number),
        is_active: row.get(7)?,
        created_at: Timestamp(row.get(8)?),
        updated_at: Timestamp(row.get(9)?),
    })
}

/// One page of codes.
///
/// # Errors
/// When the database cannot be read.
pub fn codes(db: &Connection, page: (i64, i64)) -> Result<PromoCodes> {
    let (promo_codes, total) = CODES.list(db, page, Filter::default())?;
    Ok(PromoCodes { promo_codes, total })
}

/// A code as it is kept: in capitals.
///
/// # Errors
/// 422 when it has something else than letters, digits and dashes.
fn written(code: &str) -> Result<String> {
    let code = code.trim().to_uppercase();
    if code.chars().all(|letter| letter.is_alphanumeric() || letter == '-') && !code.is_empty() {
        return Ok(code);
    }
    Err(Error::invalid("code", "must be of letters, digits and dashes"))
}

/// Adds a code.
pub struct CreateCode {
    /// What.
    pub new: PromoCodeCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateCode {
    type Output = PromoCode;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PromoCode> {
        let sql = "SELECT count(*) FROM promo_codes WHERE deleted_at IS NULL";
        let known: i64 = tx.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        if known >= MOST_CODES {
            let detail = format!("There are {known} codes. Remove those that nobody needs first.");
            return Err(Error::rule("too_many_codes", detail).with("most", MOST_CODES));
        }
        let PromoCodeCreate { code, reward, limit, until } = self.new;
        let is_something = match (reward.percent, reward.amount) {
            (Some(percent), None) => percent.hundredths() > 0,
            (None, Some(amount)) => amount > Money::ZERO,
            _ => false,
        };
        if !is_something {
            let message = "must be a percent or an amount, one of the two, above 0";
            return Err(Error::invalid("reward", message));
        }
        let columns = Columns::default()
            .set("code", written(&code)?)
            .maybe("percent", reward.percent.map(Percent::hundredths))
            .maybe("amount", reward.amount)
            .maybe("most", limit)
            .maybe("until", until.map(Day::number));
        let id = CODES.insert(tx, &columns)?;
        let new = CODES.get(tx, id)?;
        note(tx, self.by, "promo_code_added", id, (Value::Null, json!(new)))?;
        Ok(new)
    }
}

/// Changes a code.
pub struct UpdateCode {
    /// Which one.
    pub id: i64,
    /// What.
    pub changes: PromoCodeUpdate,
    /// Who.
    pub by: i64,
}

impl Command for UpdateCode {
    type Output = PromoCode;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PromoCode> {
        let Self { id, changes, by } = self;
        let old = CODES.get(tx, id)?;
        let columns = Columns::default()
            .patch("most", changes.limit.map(Int::get))
            .patch("until", changes.until.map(Day::number))
            .maybe("is_active", changes.is_active);
        CODES.update(tx, id, &columns)?;
        let new = CODES.get(tx, id)?;
        note(tx, by, "promo_code_changed", id, audit::differences(&old, &new))?;
        Ok(new)
    }
}

/// Removes a code: nobody takes it any more; where it stands it stays.
pub struct DeleteCode {
    /// Which one.
    pub id: i64,
    /// Who.
    pub by: i64,
}

impl Command for DeleteCode {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = CODES.get(tx, self.id)?;
        CODES.remove(tx, self.id)?;
        let change = (json!({"code": old.code}), Value::Null);
        note(tx, self.by, "promo_code_removed", self.id, change)
    }
}

fn note(tx: &Tx<'_>, by: i64, action: &str, id: i64, change: audit::Change) -> Result<()> {
    audit::note(tx, Some(by), action, ("promo_code", Some(id)), change)
}

/// What a code that was taken gives.
#[derive(Debug, Clone)]
pub struct Promo {
    /// Which one.
    pub id: i64,
    /// As it is written.
    pub code: String,
    /// A part of the check.
    pub percent: Option<Percent>,
    /// Or a sum.
    pub amount: Option<Money>,
}

/// Takes a code for an order, within its limit: once for an order. It comes back when it stands on none
/// of the order's checks any more ([`follow_promos`]).
///
/// # Errors
/// 404 when there is no such code; 409 when it is not taken now, was taken as often as it can be, or
/// stands on the order.
pub fn take_promo(
    tx: &Tx<'_>,
    order_id: i64,
    check_id: i64,
    code: &str,
    today: Day,
) -> Result<Promo> {
    let code = written(code)?;
    let sql = format!("{} WHERE code = ?1 AND deleted_at IS NULL", CODES.select());
    let found = tx.prepare_cached(&sql)?.query_row([&code], from_row).optional()?;
    let promo = found.ok_or_else(|| Error::not_found("promo code", &code))?;
    let refused =
        |word, detail: String| Err(Error::conflict(word, detail).with("code", code.clone()));
    if !promo.is_active || promo.until.is_some_and(|until| today > until) {
        return refused("promo_over", format!("“{code}” is not taken any more."));
    }
    let is_taken = tx
        .prepare_cached(
            "INSERT INTO promo_uses (promo_code_id, order_id, check_id, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (promo_code_id, order_id) DO UPDATE
                 SET check_id = excluded.check_id, at = excluded.at, given_back_at = NULL
                 WHERE given_back_at IS NOT NULL",
        )?
        .execute(params![promo.id, order_id, check_id, tx.now().0])?;
    if is_taken == 0 {
        return refused("promo_stands", format!("“{code}” stands on this order already."));
    }
    let is_within = tx
        .prepare_cached(
            "UPDATE promo_codes SET used = used + 1
             WHERE id = ?1 AND (most IS NULL OR used < most)",
        )?
        .execute([promo.id])?;
    if is_within == 0 {
        return refused("promo_used_up", format!("“{code}” was taken as often as it can be."));
    }
    let PromoCode { id, code, percent, amount, .. } = promo;
    Ok(Promo { id, code, percent, amount })
}

/// Gives back the codes that were taken for an order and stand on none of its checks any more.
///
/// # Errors
/// When the rows cannot be written.
pub fn follow_promos(tx: &Tx<'_>, order_id: i64, standing: &[i64]) -> Result<()> {
    let sql = "SELECT promo_code_id FROM promo_uses WHERE order_id = ?1 AND given_back_at IS NULL";
    let mut statement = tx.prepare_cached(sql)?;
    let taken = statement.query_map([order_id], |row| row.get(0))?;
    let taken: Vec<i64> = taken.collect::<rusqlite::Result<_>>()?;
    for id in taken.into_iter().filter(|id| !standing.contains(id)) {
        tx.prepare_cached(
            "UPDATE promo_uses SET given_back_at = ?3 WHERE promo_code_id = ?1 AND order_id = ?2",
        )?
        .execute([id, order_id, tx.now().0])?;
        let sql = "UPDATE promo_codes SET used = used - 1 WHERE id = ?1";
        tx.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}

/// The first few codes that do not stand on as many orders as they say.
///
/// # Errors
/// When the database cannot be read.
pub fn wrong_codes(db: &Connection) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM promo_codes p
         WHERE used <> (SELECT count(*) FROM promo_uses u
                        WHERE u.promo_code_id = p.id AND u.given_back_at IS NULL)
         LIMIT 5",
    )?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}
