//! The table of providers.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};

use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Id, Int};
use crate::core::kernel::{Patch, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::features::checks::MethodKind;
use crate::features::fiscal::{self, Taxation};
use crate::features::pay::reach::Account;
use crate::features::pay::states::ProviderKind;
use crate::features::pay::types::{
    ProviderCreate, ProviderList, ProviderUpdate, ProviderView, WayView,
};
use crate::features::payments;
use crate::platform::audit::{self, Change};

/// For how many minutes a link can be paid where nobody says.
const USUAL_MINUTES: i64 = 15;
/// The most that are shown: a house has one or two.
const MOST: i64 = 50;

/// Providers.
pub const PROVIDERS: Repository<ProviderView> = Repository {
    table: "pay_providers",
    one: "payment provider",
    columns: "id, name, kind, method_id, address, account, secret IS NOT NULL, receipts, taxation, \
              receipt_to, minutes, is_active, created_at, updated_at",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a payment provider", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<ProviderView> {
    Ok(ProviderView {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: word(row, 2, ProviderKind::parse)?,
        method_id: row.get(3)?,
        address: row.get(4)?,
        account: row.get(5)?,
        has_secret: row.get(6)?,
        receipts: row.get(7)?,
        taxation: taxation(row, 8)?,
        receipt_to: row.get(9)?,
        minutes: row.get(10)?,
        is_active: row.get(11)?,
        created_at: Timestamp(row.get(12)?),
        updated_at: Timestamp(row.get(13)?),
    })
}

fn taxation(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Taxation>> {
    match row.get_ref(at)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => word(row, at, Taxation::parse).map(Some),
    }
}

/// A page of providers.
pub fn providers(db: &Connection, page: (i64, i64)) -> Result<ProviderList> {
    let (providers, total) = PROVIDERS.list(db, page, Filter::default())?;
    Ok(ProviderList { providers, total })
}

/// Those that take money, or a terminal beside; without what only a look at the network tells.
pub fn ways(db: &Connection) -> Result<Vec<WayView>> {
    let active = Filter::default().and("is_active = ?", Some(true));
    let (providers, _) = PROVIDERS.list(db, (0, MOST), active)?;
    let methods = payments::active_methods(db)?;
    let way = |provider: ProviderView| {
        let method = methods.iter().find(|method| method.id == provider.method_id)?;
        Some(WayView {
            provider_id: provider.id,
            method_id: method.id,
            name: method.name.clone(),
            kind: provider.kind,
            is_up: true,
            problem: None,
            takes_tips: !provider.receipts,
        })
    };
    Ok(providers.into_iter().filter_map(way).collect())
}

/// How a provider is reached, also one that was removed: what is under way there is asked about.
///
/// # Errors
/// 404 when there is none.
pub fn account(db: &Connection, id: i64) -> Result<Account> {
    let found = db
        .prepare_cached(
            "SELECT kind, address, account, secret, taxation, receipt_to FROM pay_providers
             WHERE id = ?1",
        )?
        .query_row([id], |row| {
            Ok(Account {
                kind: word(row, 0, ProviderKind::parse)?,
                address: row.get(1)?,
                whose: row.get(2)?,
                secret: row.get(3)?,
                taxation: taxation(row, 4)?,
                receipt_to: row.get(5)?,
            })
        })
        .optional()?;
    found.ok_or_else(|| Error::not_found("payment provider", id))
}

/// Those whose list is held against the day's attempts.
pub fn asked(db: &Connection) -> Result<Vec<i64>> {
    let (all, _) = PROVIDERS.list(db, (0, MOST), Filter::default())?;
    Ok(all
        .into_iter()
        .filter(|one| one.kind.is_asked() && one.has_secret)
        .map(|one| one.id)
        .collect())
}

/// Adds a provider.
pub struct CreateProvider {
    /// What.
    pub provider: ProviderCreate,
    /// Its key, sealed.
    pub secret: Option<Vec<u8>>,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateProvider {
    type Output = ProviderView;

    fn apply(self, tx: &mut Tx<'_>) -> Result<ProviderView> {
        let new = self.provider;
        payments::active_method(tx, new.method_id.get())?;
        let (least, most) = new.kind.minutes();
        let minutes = new.minutes.map_or(USUAL_MINUTES, Int::get).clamp(least, most);
        let columns = Columns::default()
            .set("name", new.name)
            .set("kind", new.kind.as_str().to_owned())
            .set("method_id", new.method_id)
            .maybe("address", new.address.non_empty())
            .maybe("account", new.account.non_empty())
            .maybe("secret", self.secret)
            .set("receipts", new.receipts)
            .maybe("taxation", new.taxation.map(|taxation| taxation.as_str().to_owned()))
            .maybe("receipt_to", new.receipt_to.non_empty())
            .set("minutes", minutes)
            .set("is_active", new.is_active)
            .set("created_by_id", self.by);
        let id = PROVIDERS.insert(tx, &columns)?;
        let added = PROVIDERS.get(tx, id)?;
        check(tx, &added)?;
        note(tx, self.by, "pay_provider_added", id, (Value::Null, of(&added)))?;
        Ok(added)
    }
}

/// Changes a provider. What is under way there is asked about as it is then.
pub struct UpdateProvider {
    /// Which.
    pub id: i64,
    /// How.
    pub changes: ProviderUpdate,
    /// Its key, sealed.
    pub secret: Patch<Vec<u8>>,
    /// Who.
    pub by: i64,
}

impl Command for UpdateProvider {
    type Output = ProviderView;

    fn apply(self, tx: &mut Tx<'_>) -> Result<ProviderView> {
        let Self { id, changes, secret, by } = self;
        let old = PROVIDERS.get(tx, id)?;
        if let Some(method_id) = changes.method_id {
            payments::active_method(tx, method_id.get())?;
        }
        let has_new_key = !secret.is_keep();
        let (least, most) = old.kind.minutes();
        let minutes = changes.minutes.map(|minutes| minutes.get().clamp(least, most));
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("method_id", changes.method_id)
            .patch_text("address", changes.address)
            .patch_text("account", changes.account)
            .patch("secret", secret)
            .maybe("receipts", changes.receipts)
            .maybe("taxation", changes.taxation.map(|taxation| taxation.as_str().to_owned()))
            .patch_text("receipt_to", changes.receipt_to)
            .maybe("minutes", minutes)
            .maybe("is_active", changes.is_active);
        PROVIDERS.update(tx, id, &columns)?;
        let new = PROVIDERS.get(tx, id)?;
        check(tx, &new)?;
        let (mut before, mut after) = audit::differences(&old, &new);
        if has_new_key {
            (before["secret"], after["secret"]) = (json!("…"), json!("changed"));
        }
        note(tx, by, "pay_provider_changed", id, (before, after))?;
        Ok(new)
    }
}

/// Removes a provider. What is under way there is asked about all the same.
pub struct DeleteProvider {
    /// Which.
    pub id: i64,
    /// Who.
    pub by: i64,
}

impl Command for DeleteProvider {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = PROVIDERS.get(tx, self.id)?;
        PROVIDERS.remove(tx, self.id)?;
        note(tx, self.by, "pay_provider_removed", self.id, (of(&old), Value::Null))
    }
}

/// Whether a provider can do what it is set up for.
fn check(db: &Connection, provider: &ProviderView) -> Result<()> {
    let method = payments::active_method(db, provider.method_id)?;
    if matches!(method.kind, MethodKind::Cash | MethodKind::Account) {
        let detail = "Cash and accounts do not come over the wire. Choose another payment method.";
        return Err(Error::rule("method_not_by_wire", detail).with("kind", method.kind.as_str()));
    }
    let is_address =
        |address: &str| ["http://", "https://"].iter().any(|it| address.starts_with(it));
    if provider.address.as_deref().is_some_and(|address| !is_address(address)) {
        return Err(Error::invalid("address", "must be such as https://api.yookassa.ru/v3"));
    }
    if provider.kind.needs_account() && provider.account.is_none() {
        return Err(Error::invalid("account", "is needed: whose account it is at the provider"));
    }
    if provider.kind.is_asked() && !provider.has_secret {
        return Err(Error::invalid("secret", "is needed: the provider's secret key"));
    }
    if provider.receipts { check_receipts(db, provider) } else { Ok(()) }
}

fn check_receipts(db: &Connection, provider: &ProviderView) -> Result<()> {
    if !provider.kind.prints() {
        return Err(Error::invalid("receipts", "this provider prints no receipts"));
    }
    if provider.taxation.is_none() {
        return Err(Error::invalid("taxation", "is needed where the provider prints the receipts"));
    }
    if provider.receipt_to.is_none() {
        let message = "is needed: where a receipt goes when the guest names no address";
        return Err(Error::invalid("receipt_to", message));
    }
    if fiscal::taking_part(db)?.is_some() {
        let detail = "A fiscal register of the house prints the receipts already, and each sale has one. \
                      Switch one of the two off.";
        return Err(Error::conflict("two_receipts", detail));
    }
    Ok(())
}

fn of(provider: &ProviderView) -> Value {
    json!({"name": provider.name, "kind": provider.kind, "method_id": provider.method_id,
           "address": provider.address, "account": provider.account,
           "receipts": provider.receipts, "is_active": provider.is_active})
}

fn note(tx: &mut Tx<'_>, by: i64, action: &str, id: i64, change: Change) -> Result<()> {
    audit::note(tx, Some(by), action, ("pay_provider", Some(id)), change).map(drop)
}

/// A provider that takes money now.
///
/// # Errors
/// 404 when there is none, 400 when it is not in use.
pub fn active(db: &Connection, id: Id) -> Result<(ProviderView, i64)> {
    let provider = PROVIDERS.get(db, id.get())?;
    if !provider.is_active {
        let detail = format!("“{}” is not in use now. Choose another way to pay.", provider.name);
        return Err(Error::rule("provider_inactive", detail).with("name", provider.name));
    }
    let sql = "SELECT created_by_id FROM pay_providers WHERE id = ?1";
    let by = db.prepare_cached(sql)?.query_row([provider.id], |row| row.get(0))?;
    Ok((provider, by))
}
