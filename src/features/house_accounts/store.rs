//! Accounts in SQL.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};

use super::events::account_changed;
use super::rules::check_limit;
use super::types::{HouseAccount, HouseAccountCreate, HouseAccountList, HouseAccountUpdate};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Text, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, forget_replies, name_taken};
use crate::features::checks::MethodKind;
use crate::features::payments::PaymentMethod;
use crate::features::permissions::{
    Deed, MoneyWay, Permission, Principal, What, forget_account, permit,
};
use crate::platform::audit::{self, Change};
use crate::platform::auth::Person;

/// More accounts than this no restaurant looks through.
const MOST_ACCOUNTS: i64 = 10_000;
/// So many wrong accounts are named.
const NAMED: i64 = 5;

/// Two people may have the same name: nothing is unique.
pub const ACCOUNTS: Repository<HouseAccount> = Repository {
    table: "house_accounts",
    one: "account",
    columns: "id, name, phone, note, balance, credit_limit, is_active, created_at, updated_at",
    order: "name, id",
    unique: "id",
    taken: |name| name_taken("an account", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<HouseAccount> {
    let mut account = HouseAccount {
        id: row.get(0)?,
        name: row.get(1)?,
        phone: row.get(2)?,
        note: row.get(3)?,
        balance: Money(row.get(4)?),
        credit_limit: Money(row.get(5)?),
        available: Money::ZERO,
        is_active: row.get(6)?,
        created_at: Timestamp(row.get(7)?),
        updated_at: Timestamp(row.get(8)?),
    };
    if account.is_active {
        account.available = account.standing().available();
    }
    Ok(account)
}

/// Which accounts a list shows.
#[derive(Debug, Default)]
pub struct Wanted {
    /// A part of the name or the telephone.
    pub search: Option<String>,
    /// Whether they may be used.
    pub is_active: Option<bool>,
    /// Those that owe.
    pub owes: Option<bool>,
}

pub fn list(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<HouseAccountList> {
    let filter = Filter::default()
        .and_always("code_hash IS NULL")
        .and("is_active = ?", wanted.is_active)
        .and("(balance < 0) = ?", wanted.owes)
        .containing(&["name", "phone"], wanted.search.as_deref());
    let (accounts, total) = ACCOUNTS.list(db, page, filter)?;
    Ok(HouseAccountList { accounts, total })
}

/// Whether it is no gift card: those have paths of their own.
///
/// # Errors
/// 404 when it is one.
pub fn no_card(db: &Connection, id: i64) -> Result<()> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM house_accounts WHERE id = ?1 AND code_hash IS NOT NULL)";
    let is_card: bool = db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    if is_card { Err(Error::not_found(ACCOUNTS.one, id)) } else { Ok(()) }
}

/// An account that has a name: no gift card.
///
/// # Errors
/// 404 when there is none.
pub fn named(db: &Connection, id: i64) -> Result<HouseAccount> {
    no_card(db, id)?;
    ACCOUNTS.get(db, id)
}

/// The account that pays: one where it is paid on account, else none.
///
/// # Errors
/// 400 when none is named, 422 when one is named and another way is paid by; 404 when there is no
/// such account, 409 when it cannot pay so much.
pub fn payer(
    db: &Connection,
    kind: MethodKind,
    account_id: Option<i64>,
    amount: Money,
) -> Result<Option<i64>> {
    match (kind, account_id) {
        (MethodKind::Account, Some(id)) => {
            named(db, id)?.standing().check_charge(amount)?;
            Ok(Some(id))
        }
        (MethodKind::Account, None) => {
            let detail = "Say whose account pays (account_id).";
            Err(Error::rule("account_needed", detail))
        }
        (_, Some(_)) => Err(Error::invalid("account_id", "is for what is paid on account")),
        (_, None) => Ok(None),
    }
}

/// Whose account it is; none when the name was erased.
///
/// # Errors
/// When the database cannot be read.
pub fn name_of(db: &Connection, id: i64) -> Result<Option<String>> {
    let sql = "SELECT name FROM house_accounts WHERE id = ?1 AND deleted_at IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}

/// The first few accounts that do not stand where their moves brought them, or whose payments of
/// checks are not among these as they were paid.
///
/// # Errors
/// When the database cannot be read.
pub fn check_accounts(db: &Connection) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM house_accounts a
         WHERE balance <> (SELECT coalesce(sum(m.amount), 0) FROM account_moves m
                           WHERE m.account_id = a.id)
            OR balance <> coalesce((SELECT m.balance FROM account_moves m
                                    WHERE m.account_id = a.id ORDER BY m.id DESC LIMIT 1), 0)
            OR (SELECT coalesce(sum(m.amount), 0) FROM account_moves m
                WHERE m.account_id = a.id AND m.payment_id IS NOT NULL)
               <> (SELECT coalesce(sum(iif(p.kind = 'PAYMENT', -1, 1)
                                       * (p.amount + p.rounding + p.tip)), 0)
                   FROM payments p WHERE p.account_id = a.id AND p.account_id IS NOT NULL)
         LIMIT ?1",
    )?;
    let ids = statement.query_map([NAMED], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// Opens an account.
pub struct CreateAccount {
    pub account: HouseAccountCreate,
    pub by: Principal,
}

impl Command for CreateAccount {
    type Output = HouseAccount;

    fn apply(self, tx: &mut Tx<'_>) -> Result<HouseAccount> {
        let HouseAccountCreate { name, phone, note, credit_limit } = self.account;
        let limit = credit_limit.unwrap_or(Money::ZERO);
        check_limit(limit)?;
        let known: i64 = tx
            .prepare_cached(
                "SELECT count(*) FROM house_accounts
                      WHERE deleted_at IS NULL AND code_hash IS NULL",
            )?
            .query_row([], |row| row.get(0))?;
        if known >= MOST_ACCOUNTS {
            let detail =
                format!("There are {known} accounts. Erase those that nobody needs first.");
            return Err(Error::rule("too_many_accounts", detail).with("most", MOST_ACCOUNTS));
        }
        permit_limit(tx, &self.by, (0, &*name), (Money::ZERO, limit))?;
        let columns = Columns::default()
            .set("name", name)
            .maybe("phone", phone.and_then(Text::non_empty))
            .maybe("note", note.and_then(Text::non_empty))
            .set("credit_limit", limit);
        let id = ACCOUNTS.insert(tx, &columns)?;
        let after = json!({"credit_limit": limit});
        note_change(tx, &self.by, "account_opened", id, (Value::Null, after))?;
        ACCOUNTS.get(tx, id)
    }
}

/// Changes an account.
pub struct UpdateAccount {
    pub id: i64,
    pub changes: HouseAccountUpdate,
    pub by: Principal,
}

impl Command for UpdateAccount {
    type Output = HouseAccount;

    fn apply(self, tx: &mut Tx<'_>) -> Result<HouseAccount> {
        let Self { id, changes, by } = self;
        let old = named(tx, id)?;
        if let Some(limit) = changes.credit_limit {
            check_limit(limit)?;
            permit_limit(tx, &by, (id, &old.name), (old.credit_limit, limit))?;
        }
        let columns = Columns::default()
            .maybe("name", changes.name)
            .patch_text("phone", changes.phone)
            .patch_text("note", changes.note)
            .maybe("credit_limit", changes.credit_limit)
            .maybe("is_active", changes.is_active);
        ACCOUNTS.update(tx, id, &columns)?;
        let new = ACCOUNTS.get(tx, id)?;
        // The trail is for ever, and a name may be erased: it says that it changed, not how.
        let facts = |account: &HouseAccount| json!({"credit_limit": account.credit_limit, "is_active": account.is_active});
        let who = |account: &HouseAccount| {
            (account.name.clone(), account.phone.clone(), account.note.clone())
        };
        let (before, mut after) = (facts(&old), facts(&new));
        after["is_renamed"] = json!(who(&old) != who(&new));
        note_change(tx, &by, "account_changed", id, (before, after))?;
        Ok(new)
    }
}

/// Forgets whose account it was. Its moves stay.
pub struct EraseAccount {
    pub id: i64,
    pub by: Person,
}

impl Command for EraseAccount {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = named(tx, self.id)?;
        old.standing().check_even()?;
        tx.prepare_cached(
            "UPDATE house_accounts SET name = '', phone = NULL, note = NULL, credit_limit = 0,
                                       is_active = 0, deleted_at = ?2, updated_at = ?2
             WHERE id = ?1",
        )?
        .execute([self.id, tx.now().0])?;
        forget_account(tx, self.id, &old.name)?;
        // As replies begin that are about it, and as those of a check name whose account paid.
        let replies = [r#"{"id":{},"name":"#, r#""account_id":{},"#];
        forget_replies(tx, &replies.map(|text| text.replace("{}", &self.id.to_string())))?;
        let change = (Value::Null, Value::Null);
        note_change(tx, &self.by, "account_erased", self.id, change)
    }
}

/// To do something of so much money with an account, by its id and name; where it comes or goes, by
/// which way to pay. Returns who approved of it, where that was needed.
///
/// # Errors
/// When it is not theirs to do.
pub(super) fn permit_deed(
    tx: &Tx<'_>,
    who: &Principal,
    needs: &[Permission],
    ((id, name), method): ((i64, &str), Option<&PaymentMethod>),
    Money(amount): Money,
) -> Result<Option<i64>> {
    let needs = &needs.iter().map(|need| (*need, amount)).collect::<Vec<_>>();
    let method = method.map(|method| (method.id, method.name.clone()));
    let way = &MoneyWay { method, account: Some((id, name.to_owned())) };
    let (subject, what) = (("house_account", id), &What::Order);
    permit(tx, who, Deed { needs, order: None, subject, worth: None, what, way })
}

/// To let an account owe more than before.
fn permit_limit(
    tx: &Tx<'_>,
    who: &Principal,
    account: (i64, &str),
    (old, new): (Money, Money),
) -> Result<()> {
    if new <= old {
        return Ok(());
    }
    permit_deed(tx, who, &[Permission::AccountManage], (account, None), new).map(drop)
}

fn note_change(tx: &mut Tx<'_>, by: &Person, action: &str, id: i64, change: Change) -> Result<()> {
    audit::note(tx, Some(by.id), action, ("house_account", Some(id)), change)?;
    tx.emit(account_changed(id, by.id)?).map(drop)
}
