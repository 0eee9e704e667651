//! What came out of the printer.

use rusqlite::{OptionalExtension, Row};
use serde_json::Value;

use super::Store;
use crate::simulators::fiscal::decimal::Money;

/// A paper that is about to be made.
pub(in super::super) struct NewPaper<'a> {
    /// The number of the fiscal document, when it is one.
    pub number: Option<i64>,
    pub kind: &'a str,
    pub shift: i64,
    /// The number of the receipt in its shift.
    pub receipt: Option<i64>,
    pub at: i64,
    pub sign: String,
    pub total: Money,
    pub paid: [Money; 5],
    /// What comes into the drawer by it.
    pub drawer: Money,
    pub uuid: &'a str,
    pub body: &'a Value,
    pub printed: bool,
    pub sent: bool,
}

/// A paper that was made.
#[derive(Debug, Clone)]
pub(in super::super) struct Paper {
    pub id: i64,
    pub number: Option<i64>,
    pub kind: String,
    pub shift: i64,
    pub receipt: Option<i64>,
    pub at: i64,
    pub sign: String,
    pub total: Money,
    pub paid: [Money; 5],
    pub uuid: String,
    pub body: Value,
    pub printed: bool,
    pub sent: bool,
}

const COLUMNS: &str = "id, number, kind, shift, receipt, at, sign, total, cash, electronically,
    prepaid, credit, other, uuid, body, printed, sent";

fn paper(row: &Row) -> rusqlite::Result<Paper> {
    let money = |at: &str| row.get(at).map(Money);
    let paid = ["cash", "electronically", "prepaid", "credit", "other"];
    let body: String = row.get("body")?;
    Ok(Paper {
        id: row.get("id")?,
        number: row.get("number")?,
        kind: row.get("kind")?,
        shift: row.get("shift")?,
        receipt: row.get("receipt")?,
        at: row.get("at")?,
        sign: row.get("sign")?,
        total: money("total")?,
        paid: [money(paid[0])?, money(paid[1])?, money(paid[2])?, money(paid[3])?, money(paid[4])?],
        uuid: row.get("uuid")?,
        body: serde_json::from_str(&body).unwrap_or(Value::Null),
        printed: row.get("printed")?,
        sent: row.get("sent")?,
    })
}

impl Store {
    /// Keeps a paper for ever.
    pub(in super::super) fn add(&self, new: &NewPaper) -> rusqlite::Result<i64> {
        let sql = "INSERT INTO papers (number, kind, shift, receipt, at, sign, total, cash,
                electronically, prepaid, credit, other, drawer, uuid, body, printed, sent)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
        let paid = new.paid.map(|money| money.0);
        self.db.execute(
            sql,
            rusqlite::params![
                new.number,
                new.kind,
                new.shift,
                new.receipt,
                new.at,
                new.sign,
                new.total.0,
                paid[0],
                paid[1],
                paid[2],
                paid[3],
                paid[4],
                new.drawer.0,
                new.uuid,
                new.body.to_string(),
                new.printed,
                new.sent,
            ],
        )?;
        Ok(self.db.last_insert_rowid())
    }

    /// The number of the last fiscal document; 0 when there is none.
    pub(in super::super) fn last_number(&self) -> rusqlite::Result<i64> {
        let sql = "SELECT coalesce(max(number), 0) FROM papers";
        self.db.query_row(sql, (), |row| row.get(0))
    }

    pub(in super::super) fn document(&self, number: i64) -> rusqlite::Result<Option<Paper>> {
        let sql = format!("SELECT {COLUMNS} FROM papers WHERE number = ?1");
        self.db.query_row(&sql, [number], paper).optional()
    }

    pub(in super::super) fn paper(&self, id: i64) -> rusqlite::Result<Option<Paper>> {
        let sql = format!("SELECT {COLUMNS} FROM papers WHERE id = ?1");
        self.db.query_row(&sql, [id], paper).optional()
    }

    /// The last fiscal document, or the last receipt.
    pub(in super::super) fn last(&self, receipt: bool) -> rusqlite::Result<Option<Paper>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM papers WHERE number IS NOT NULL AND (NOT ?1 OR receipt IS NOT NULL)
             ORDER BY number DESC LIMIT 1"
        );
        self.db.query_row(&sql, [receipt], paper).optional()
    }

    /// Fiscal documents after a number, in their order.
    pub(in super::super) fn documents(
        &self,
        after: i64,
        most: i64,
    ) -> rusqlite::Result<Vec<Paper>> {
        let sql =
            format!("SELECT {COLUMNS} FROM papers WHERE number > ?1 ORDER BY number LIMIT ?2");
        self.db.prepare(&sql)?.query_map([after, most], paper)?.collect()
    }

    /// Papers of all kinds after an id, in their order.
    pub(in super::super) fn papers(&self, after: i64, most: i64) -> rusqlite::Result<Vec<Paper>> {
        let sql = format!("SELECT {COLUMNS} FROM papers WHERE id > ?1 ORDER BY id LIMIT ?2");
        self.db.prepare(&sql)?.query_map([after, most], paper)?.collect()
    }

    /// Prints what was made while there was no paper.
    pub(in super::super) fn print_the_rest(&self) -> rusqlite::Result<()> {
        self.db.execute("UPDATE papers SET printed = 1 WHERE printed = 0", ()).map(drop)
    }

    /// Sends what waits to the operator of fiscal data.
    pub(in super::super) fn send_all(&self) -> rusqlite::Result<()> {
        self.db.execute("UPDATE papers SET sent = 1 WHERE sent = 0", ()).map(drop)
    }
}
