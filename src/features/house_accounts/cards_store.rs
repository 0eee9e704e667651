//! Gift cards in SQL: accounts that whoever knows the code pays by.

use rusqlite::types::Value as Column;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};

use super::card_code::{digits, end_of, grouped, no_card};
use super::moves_store::{GiveBack, PayIn};
use super::store::ACCOUNTS;
use super::types::{GiftCard, GiftCardList, GiftCardSold};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Columns, Command, Priority, Reply, Tx};
use crate::features::checks::{CashRounding, MethodKind};
use crate::features::permissions::Principal;
use crate::platform::audit;
use crate::platform::auth::digest_of;

/// More no restaurant has out.
const MOST_CARDS: i64 = 20_000;

const SELECT: &str =
    "SELECT id, code_end, balance, is_active, created_at, updated_at FROM house_accounts";

fn from_row(row: &Row<'_>) -> rusqlite::Result<GiftCard> {
    Ok(GiftCard {
        id: row.get(0)?,
        code_end: row.get(1)?,
        balance: Money(row.get(2)?),
        is_active: row.get(3)?,
        sold_at: Timestamp(row.get(4)?),
        updated_at: Timestamp(row.get(5)?),
    })
}

/// One page of cards, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn cards(db: &Connection, (skip, most): (i64, i64)) -> Result<GiftCardList> {
    let sql = format!("{SELECT} WHERE code_hash IS NOT NULL ORDER BY id DESC LIMIT ?1 OFFSET ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let cards = statement.query_map([most, skip], from_row)?;
    let gift_cards = cards.collect::<rusqlite::Result<_>>()?;
    Ok(GiftCardList { gift_cards, total: count(db)? })
}

fn count(db: &Connection) -> Result<i64> {
    let sql = "SELECT count(*) FROM house_accounts WHERE code_hash IS NOT NULL";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The card with this code.
///
/// # Errors
/// 404 when there is none.
pub fn find(db: &Connection, code: &str) -> Result<GiftCard> {
    let sql = format!("{SELECT} WHERE code_hash = ?1");
    let hash = digest_of(&digits(code)?);
    let found = db.prepare_cached(&sql)?.query_row([hash], from_row).optional()?;
    found.ok_or_else(no_card)
}

fn card(db: &Connection, id: i64) -> Result<GiftCard> {
    let sql = format!("{SELECT} WHERE id = ?1 AND code_hash IS NOT NULL");
    let found = db.prepare_cached(&sql)?.query_row([id], from_row).optional()?;
    found.ok_or_else(|| Error::not_found("gift card", id))
}

/// The card that pays so much of a check.
///
/// # Errors
/// 422 when the way to pay is none for cards; 404 when nobody has the code; 409 when the card is blocked
/// or does not hold so much.
pub fn paying_card(db: &Connection, kind: MethodKind, code: &str, amount: Money) -> Result<i64> {
    if kind != MethodKind::Voucher {
        let message = "is for a way to pay of the kind VOUCHER; choose that one";
        return Err(Error::invalid("gift_card", message));
    }
    let id = find(db, code)?.id;
    ACCOUNTS.get(db, id)?.standing().check_charge(amount)?;
    Ok(id)
}

/// Sells a card.
pub struct SellCard {
    /// What is on it.
    pub amount: Money,
    /// How it is paid.
    pub method_id: i64,
    /// Its code, which nobody else has.
    pub code: String,
    /// To what cash is rounded.
    pub rounding: CashRounding,
    /// Who sells it.
    pub by: Principal,
    /// At which tablet.
    pub device_id: Option<i64>,
}

impl Command for SellCard {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { amount, method_id, code, rounding, by, device_id } = self;
        if count(tx)? >= MOST_CARDS {
            let detail = format!("{MOST_CARDS} gift cards were sold: no more can be.");
            return Err(Error::rule("too_many_cards", detail).with("most", MOST_CARDS));
        }
        let end = end_of(&code);
        let columns = Columns::default()
            .set("name", format!("•••• {end}"))
            .set("code_hash", Column::Blob(digest_of(&code)))
            .set("code_end", end.to_owned());
        let account_id = ACCOUNTS.insert(tx, &columns)?;
        let (expected, reason) = (Money::ZERO, None);
        PayIn { account_id, amount, method_id, expected, reason, rounding, by, device_id }
            .apply(tx)?;
        let sold = GiftCardSold { card: card(tx, account_id)?, code: grouped(&code) };
        let json = serde_json::to_string(&sold).map_err(Error::internal)?;
        Ok(Reply { json: json.into(), event_seq: None })
    }
}

/// Gives back what is left of a card, and blocks it: nobody pays by it any more.
pub struct TakeBackCard {
    /// The card.
    pub id: i64,
    /// How the money goes back.
    pub method_id: i64,
    /// The balance that the person saw.
    pub expected: Money,
    /// Why.
    pub reason: String,
    /// Why it goes back by another way than it came.
    pub way_reason: Option<String>,
    /// To what cash is rounded.
    pub rounding: CashRounding,
    /// Who.
    pub by: Principal,
    /// At which tablet.
    pub device_id: Option<i64>,
}

impl Command for TakeBackCard {
    type Output = GiftCard;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<GiftCard> {
        let Self { id, method_id, expected, reason, way_reason, rounding, by, device_id } = self;
        let old = card(tx, id)?;
        let by_id = by.id;
        if old.balance > Money::ZERO || expected != old.balance {
            let (account_id, amount) = (id, old.balance);
            GiveBack {
                account_id,
                amount,
                method_id,
                expected,
                reason,
                way_reason,
                rounding,
                by,
                device_id,
            }
            .apply(tx)?;
        }
        ACCOUNTS.update(tx, id, &Columns::default().set("is_active", false))?;
        let change = (json!({"balance": old.balance}), Value::Null);
        audit::note(tx, Some(by_id), "gift_card_blocked", ("house_account", Some(id)), change)?;
        card(tx, id)
    }
}
