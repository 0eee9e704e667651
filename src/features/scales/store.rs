//! Scales in SQL.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::serial::{SCHEME, Serial};
use super::{Scale, ScaleCreate, ScaleProtocol, ScaleUpdate};
use crate::core::error::{Error, Result};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("scale");

/// A restaurant has fewer.
const MOST: i64 = 50;

/// Scales.
pub const SCALES: Repository<Scale> = Repository {
    table: "scales",
    one: "scale",
    columns: "id, name, protocol, address",
    order: "name, id",
    unique: "name",
    taken: |name| name_taken("a scale", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<Scale> {
    Ok(Scale {
        id: row.get(0)?,
        name: row.get(1)?,
        protocol: word(row, 2, ScaleProtocol::parse)?,
        address: row.get(3)?,
    })
}

pub fn list(db: &Connection) -> Result<Vec<Scale>> {
    Ok(SCALES.list(db, (0, MOST), Filter::default())?.0)
}

/// A machine and a port: converters of serial lines have no port in common. Or a line of the box.
fn check_address(address: &str) -> Result<()> {
    let is_machine = address.rsplit_once(':').is_some_and(|(host, port)| {
        let is_port = port.parse::<u16>().is_ok_and(|port| port != 0);
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(is_letter) && is_port
    });
    let is_serial = address.starts_with(SCHEME);
    let is_one = if is_serial { Serial::parse(address).is_some() } else { is_machine };
    if is_one {
        return Ok(());
    }
    let detail = "Write the address of the scale, or of the converter on its serial line, with its \
                  port, such as 192.168.1.60:4001. Of a scale on the box itself, choose its line.";
    Err(Error::rule("scale_address", detail).with("address", address))
}

pub struct CreateScale {
    pub scale: ScaleCreate,
    pub by: i64,
}

impl Command for CreateScale {
    type Output = Scale;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Scale> {
        let new = self.scale;
        check_address(&new.address)?;
        if list(tx)?.len() as i64 >= MOST {
            let detail = format!("There are {MOST} scales already. Remove one first.");
            return Err(Error::rule("too_many_scales", detail).with("most", MOST));
        }
        let columns = Columns::default()
            .set("name", new.name)
            .set("protocol", new.protocol.as_str().to_owned())
            .set("address", new.address);
        let id = SCALES.insert(tx, &columns)?;
        let added = SCALES.get(tx, id)?;
        TRAIL.note(tx, self.by, "scale_added", id, (Value::Null, json!(added)))?;
        Ok(added)
    }
}

pub struct UpdateScale {
    pub id: i64,
    pub changes: ScaleUpdate,
    pub by: i64,
}

impl Command for UpdateScale {
    type Output = Scale;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Scale> {
        let Self { id, changes, by } = self;
        let old = SCALES.get(tx, id)?;
        if let Some(address) = &changes.address {
            check_address(address)?;
        }
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("protocol", changes.protocol.map(|protocol| protocol.as_str().to_owned()))
            .maybe("address", changes.address);
        SCALES.update(tx, id, &columns)?;
        let new = SCALES.get(tx, id)?;
        TRAIL.note(tx, by, "scale_changed", id, audit::differences(&old, &new))?;
        Ok(new)
    }
}

pub struct DeleteScale {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteScale {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = SCALES.get(tx, self.id)?;
        SCALES.remove(tx, self.id)?;
        TRAIL.note(tx, self.by, "scale_removed", self.id, (json!(old), Value::Null))
    }
}
