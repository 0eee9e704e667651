//! Ways to pay: what they are, and their table.

use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::events::method_changed;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::Name;
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken};
use crate::features::checks::MethodKind;
use crate::platform::audit::{self, Change};

/// A way to pay: cash, card, ….
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaymentMethod {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What it is: only cash gives change, and is rounded to the smallest coin.
    pub kind: MethodKind,
    /// An inactive one cannot be chosen.
    pub is_active: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentMethodList {
    /// The page.
    pub payment_methods: Vec<PaymentMethod>,
    /// How many there are in all.
    pub total: i64,
}

/// A new way to pay.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PaymentMethodCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// What it is; as its name says where it is left out.
    #[serde(default)]
    pub kind: Option<MethodKind>,
    /// Whether it can be chosen at once.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// Changes to a way to pay; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PaymentMethodUpdate {
    /// What it is called; no two alike.
    pub name: Option<Name>,
    /// What it is.
    pub kind: Option<MethodKind>,
    /// Whether it can be chosen.
    pub is_active: Option<bool>,
}

fn yes() -> bool {
    true
}

pub const METHODS: Repository<PaymentMethod> = Repository {
    table: "payment_methods",
    one: "payment method",
    columns: "id, name, is_active, created_at, updated_at, kind",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a payment method", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<PaymentMethod> {
    let (name, kind): (String, Option<String>) = (row.get(1)?, row.get(5)?);
    Ok(PaymentMethod {
        id: row.get(0)?,
        kind: method_kind(kind.as_deref(), &name),
        name,
        is_active: row.get(2)?,
        created_at: Timestamp(row.get(3)?),
        updated_at: Timestamp(row.get(4)?),
    })
}

/// What a way to pay is: as it is set, else as its name says.
pub fn method_kind(word: Option<&str>, name: &str) -> MethodKind {
    let name = name.to_lowercase();
    let is_cash = ["cash", "налич"].iter().any(|part| name.contains(part));
    let said = if is_cash { MethodKind::Cash } else { MethodKind::Card };
    word.and_then(MethodKind::parse).unwrap_or(said)
}

pub fn list(db: &Connection, page: (i64, i64), active: Option<bool>) -> Result<PaymentMethodList> {
    let filter = Filter::default().and("is_active = ?", active);
    let (payment_methods, total) = METHODS.list(db, page, filter)?;
    Ok(PaymentMethodList { payment_methods, total })
}

/// One that can be chosen.
///
/// # Errors
/// 404 when there is none, 400 when it is not in use.
pub fn active_method(db: &Connection, id: i64) -> Result<PaymentMethod> {
    let method = METHODS.get(db, id)?;
    if method.is_active {
        return Ok(method);
    }
    let detail = format!("“{}” is not in use now. Choose another payment method.", method.name);
    Err(Error::rule("method_inactive", detail).with("method", method.name))
}

/// Those that can be chosen; at most 100.
///
/// # Errors
/// When the database cannot be read.
pub fn active_methods(db: &Connection) -> Result<Vec<PaymentMethod>> {
    Ok(list(db, (0, 100), Some(true))?.payment_methods)
}

/// Whether any way to pay was ever added.
///
/// # Errors
/// When the database cannot be read.
pub fn methods_known(db: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM payment_methods)";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Adds a way to pay.
pub struct CreateMethod {
    /// What.
    pub method: PaymentMethodCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateMethod {
    type Output = PaymentMethod;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PaymentMethod> {
        let PaymentMethodCreate { name, kind, is_active } = self.method;
        let columns = Columns::default().set("name", name).set("is_active", is_active);
        let columns = columns.maybe("kind", kind.map(|kind| kind.as_str().to_owned()));
        let id = METHODS.insert(tx, &columns)?;
        let added = METHODS.get(tx, id)?;
        note(tx, self.by, "payment_method_added", id, (Value::Null, json!({"name": added.name})))?;
        Ok(added)
    }
}

pub struct UpdateMethod {
    pub id: i64,
    pub changes: PaymentMethodUpdate,
    pub by: i64,
}

impl Command for UpdateMethod {
    type Output = PaymentMethod;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PaymentMethod> {
        let Self { id, changes, by } = self;
        let old = METHODS.get(tx, id)?;
        // A new name does not make another thing of it.
        let kind = changes.kind.unwrap_or(old.kind);
        let columns =
            Columns::default().maybe("name", changes.name).maybe("is_active", changes.is_active);
        let columns = columns.set("kind", kind.as_str().to_owned());
        METHODS.update(tx, id, &columns)?;
        let new = METHODS.get(tx, id)?;
        note(tx, by, "payment_method_changed", id, audit::differences(&old, &new))?;
        Ok(new)
    }
}

pub struct DeleteMethod {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteMethod {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = METHODS.get(tx, self.id)?;
        METHODS.remove(tx, self.id)?;
        let before = json!({"name": old.name});
        note(tx, self.by, "payment_method_removed", self.id, (before, Value::Null))
    }
}

/// Writes a change to the trail, and tells the tablets, which keep the list.
fn note(tx: &mut Tx<'_>, by: i64, action: &str, id: i64, change: Change) -> Result<()> {
    audit::note(tx, Some(by), action, ("payment_method", Some(id)), change)?;
    tx.emit(method_changed(id, by)?).map(drop)
}
