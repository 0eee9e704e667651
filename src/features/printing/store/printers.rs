//! The table of printers.

use std::net::SocketAddr;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Patch, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::features::printing::doors::check_address;
use crate::features::printing::types::{
    Printer, PrinterCreate, PrinterKind, PrinterList, PrinterUpdate,
};
use crate::features::printing::wire::{ASKS, speaks_escpos};
use crate::platform::audit;

/// What the audit trail calls them.
pub(super) const TRAIL: audit::Subject = audit::Subject("printer");
use crate::platform::auth::random_bytes;

/// Bytes in the name of a printer that asks.
const NAME: usize = 12;

/// Printers.
pub const PRINTERS: Repository<Printer> = Repository {
    table: "printers",
    one: "printer",
    columns: "id, name, kind, address, width_dots, stations, documents, stand_in_id, has_cutter, \
              has_buzzer, drawer_pin, fast_text, is_active, created_at, updated_at",
    order: "name, id",
    unique: "name",
    taken: |name| name_taken("a printer", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<Printer> {
    Ok(Printer {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: word(row, 2, PrinterKind::parse)?,
        address: row.get(3)?,
        width_dots: row.get(4)?,
        stations: list(row, 5)?,
        documents: list(row, 6)?,
        stand_in_id: row.get(7)?,
        has_cutter: row.get(8)?,
        has_buzzer: row.get(9)?,
        drawer_pin: row.get(10)?,
        // What a newer version wrote is drawn.
        fast_text: row
            .get::<_, Option<String>>(11)?
            .and_then(|text| serde_json::from_str(&text).ok()),
        is_active: row.get(12)?,
        // Known to the desk, not to the database.
        manner: None,
        created_at: Timestamp(row.get(13)?),
        updated_at: Timestamp(row.get(14)?),
    })
}

/// A list in a column; words of a newer version are left out.
fn list<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<T>> {
    let text: String = row.get(column)?;
    let all: Vec<Value> = serde_json::from_str(&text).unwrap_or_default();
    Ok(all.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect())
}

/// A page of printers.
pub fn printers(db: &Connection, page: (i64, i64)) -> Result<PrinterList> {
    let (printers, total) = PRINTERS.list(db, page, Filter::default())?;
    Ok(PrinterList { printers, total })
}

/// The printer at exactly this address.
pub fn printer_at(db: &Connection, address: &str) -> Result<Option<i64>> {
    let there = Filter::default().and("address = ?", Some(address.to_owned()));
    let (found, _) = PRINTERS.list(db, (0, 1), there)?;
    Ok(found.first().map(|printer| printer.id))
}

/// A printer, and the one that stands in for it.
pub fn with_stand_in(db: &Connection, id: i64) -> Result<(Printer, Option<Printer>)> {
    let printer = PRINTERS.get(db, id)?;
    let stand_in = printer.stand_in_id.map(|id| PRINTERS.get(db, id));
    match stand_in {
        Some(Err(error)) if error.status() != 404 => Err(error),
        other => Ok((printer, other.and_then(Result::ok))),
    }
}

/// Adds a printer.
pub struct CreatePrinter {
    /// What.
    pub printer: PrinterCreate,
    /// Where the box itself takes calls.
    pub doors: Vec<SocketAddr>,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreatePrinter {
    type Output = Printer;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Printer> {
        let new = self.printer;
        let address = named(&new.address)?;
        check_address(&address, &self.doors)?;
        check_pin(new.drawer_pin)?;
        check_fast_text(new.fast_text.is_some(), &address)?;
        check_stand_in(tx, None, new.stand_in_id.map(Id::get))?;
        let columns = Columns::default()
            .set("name", new.name)
            .set("kind", new.kind.as_str().to_owned())
            .set("address", address)
            .set("width_dots", new.width_dots)
            .set("stations", json_of(&new.stations)?)
            .set("documents", json_of(&new.documents)?)
            .maybe("stand_in_id", new.stand_in_id.map(Id::get))
            .set("has_cutter", new.has_cutter)
            .set("has_buzzer", new.has_buzzer)
            .maybe("drawer_pin", new.drawer_pin)
            .maybe("fast_text", new.fast_text.map(|letters| json_of(&letters)).transpose()?);
        let id = PRINTERS.insert(tx, &columns)?;
        let added = PRINTERS.get(tx, id)?;
        TRAIL.note(tx, self.by, "printer_added", id, (Value::Null, of(&added)))?;
        Ok(added)
    }
}

/// Changes a printer. What waits for it goes where it is then.
pub struct UpdatePrinter {
    /// Which.
    pub id: i64,
    /// How.
    pub changes: PrinterUpdate,
    /// Where the box itself takes calls.
    pub doors: Vec<SocketAddr>,
    /// Who.
    pub by: i64,
}

impl Command for UpdatePrinter {
    type Output = Printer;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Printer> {
        let Self { id, changes, doors, by } = self;
        let old = PRINTERS.get(tx, id)?;
        // What stands there already is no reason to keep back another change.
        let address = changes.address.filter(|new| **new != old.address);
        let address = address.map(|new| named(&new)).transpose()?;
        if let Some(address) = &address {
            check_address(address, &doors)?;
        }
        if let Patch::Set(pin) = changes.drawer_pin {
            check_pin(Some(pin))?;
        }
        let stand_in = match changes.stand_in_id {
            Patch::Set(id) => Patch::Set(id.get()),
            Patch::Clear => Patch::Clear,
            Patch::Keep => Patch::Keep,
        };
        if let Patch::Set(stand_in) = stand_in {
            check_stand_in(tx, Some(id), Some(stand_in))?;
        }
        let stations = changes.stations.map(|all| json_of(&all)).transpose()?;
        let documents = changes.documents.map(|all| json_of(&all)).transpose()?;
        let fast_text = match changes.fast_text {
            Patch::Set(letters) => Patch::Set(json_of(&letters)?),
            Patch::Clear => Patch::Clear,
            Patch::Keep => Patch::Keep,
        };
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("kind", changes.kind.map(|kind| kind.as_str().to_owned()))
            .maybe("address", address)
            .maybe("width_dots", changes.width_dots)
            .maybe("stations", stations)
            .maybe("documents", documents)
            .patch("stand_in_id", stand_in)
            .maybe("has_cutter", changes.has_cutter)
            .maybe("has_buzzer", changes.has_buzzer)
            .patch("drawer_pin", changes.drawer_pin)
            .patch("fast_text", fast_text)
            .maybe("is_active", changes.is_active);
        PRINTERS.update(tx, id, &columns)?;
        let new = PRINTERS.get(tx, id)?;
        check_fast_text(new.fast_text.is_some(), &new.address)?;
        let without =
            |one: &Printer| Printer { address: shown(&one.address).into(), ..one.clone() };
        let change = audit::differences(&without(&old), &without(&new));
        TRAIL.note(tx, by, "printer_changed", id, change)?;
        Ok(new)
    }
}

/// An address as it is kept: of a printer that asks the box makes the name, which nobody guesses.
fn named(address: &str) -> Result<String> {
    if !address.trim().eq_ignore_ascii_case(ASKS) {
        return Ok(address.to_owned());
    }
    let name = random_bytes::<NAME>()?.map(|byte| format!("{byte:02x}")).concat();
    Ok(format!("{ASKS}{name}"))
}

/// What is left out in a trace: who knows the name can take what is printed.
fn shown(address: &str) -> &str {
    if address.starts_with(ASKS) { ASKS } else { address }
}

fn check_pin(pin: Option<i64>) -> Result<()> {
    match pin {
        None | Some(2 | 5) => Ok(()),
        Some(_) => Err(Error::invalid("drawer_pin", "must be 2 or 5")),
    }
}

fn check_fast_text(is_wanted: bool, address: &str) -> Result<()> {
    if is_wanted && !speaks_escpos(address) {
        let why = "is for printers by ESC/POS in the network or on USB; others draw everything";
        return Err(Error::invalid("fast_text", why));
    }
    Ok(())
}

fn check_stand_in(tx: &Tx<'_>, id: Option<i64>, stand_in: Option<i64>) -> Result<()> {
    let Some(stand_in) = stand_in else { return Ok(()) };
    if id == Some(stand_in) {
        return Err(Error::invalid("stand_in_id", "must be another printer"));
    }
    match PRINTERS.get(tx, stand_in) {
        Err(error) if error.status() == 404 => {
            Err(Error::invalid("stand_in_id", "must be a printer that is there"))
        }
        other => other.map(drop),
    }
}

fn json_of<T: Serialize + ?Sized>(value: &T) -> Result<SqlValue> {
    Ok(SqlValue::Text(serde_json::to_string(value).map_err(Error::internal)?))
}

/// What the trace says of a printer that comes or goes.
pub(super) fn of(printer: &Printer) -> Value {
    json!({"name": printer.name, "kind": printer.kind, "address": shown(&printer.address),
           "documents": printer.documents})
}
