//! Blocks and trusted nets in SQL.

use ipnet::IpNet;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::net::text_of;
use super::{Block, BlockList, Reason, Shut, TrustedNet};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Filter, Tx, is_unique_violation, word};
use crate::platform::audit;

/// The most blocks, and the most trusted nets: every request may look at them.
const MOST: i64 = 1000;
const MOST_TRUSTED: i64 = 200;

const SELECT: &str = "SELECT b.id, b.net, b.reason, b.note, b.created_at, b.expires_at, u.full_name
    FROM blocks b LEFT JOIN users u ON u.id = b.created_by_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Block> {
    Ok(Block {
        id: row.get(0)?,
        net: row.get(1)?,
        reason: word(row, 2, Reason::parse)?,
        note: row.get(3)?,
        created_at: Timestamp(row.get(4)?),
        expires_at: Timestamp(row.get(5)?),
        created_by_name: row.get(6)?,
    })
}

fn net_in(row: &Row<'_>, column: usize) -> rusqlite::Result<IpNet> {
    word(row, column, |text| {
        text.parse()
            .ok()
            .or_else(|| text.parse().ok().map(|address: std::net::IpAddr| address.into()))
    })
}

/// What every request asks.
pub struct Known {
    pub blocks: Vec<(IpNet, Shut)>,
    pub trusted: Vec<IpNet>,
}

/// All blocks, and the trusted nets.
pub fn known(db: &Connection) -> Result<Known> {
    let mut blocks = db.prepare_cached(
        "SELECT net, expires_at, reason = 'by_hand' FROM blocks ORDER BY id DESC LIMIT ?1",
    )?;
    let blocks = blocks.query_map([MOST], |row| {
        let shut = Shut { until: Timestamp(row.get(1)?), by_hand: row.get(2)? };
        Ok((net_in(row, 0)?, shut))
    })?;
    let mut trusted = db.prepare_cached("SELECT net FROM trusted_nets ORDER BY id LIMIT ?1")?;
    let trusted = trusted.query_map([MOST_TRUSTED], |row| net_in(row, 0))?;
    let blocks = blocks.collect::<rusqlite::Result<_>>()?;
    Ok(Known { blocks, trusted: trusted.collect::<rusqlite::Result<_>>()? })
}

pub fn list(db: &Connection, page: (i64, i64), now: Timestamp) -> Result<BlockList> {
    let filter = Filter::default().and("expires_at > ?", Some(now.0));
    let blocks = filter.page(db, SELECT, "b.id DESC", page, from_row)?;
    Ok(BlockList { blocks, total: filter.count(db, "blocks")? })
}

/// Keeps a net out; a block that it has already becomes this one, and never ends sooner when the
/// box makes it.
pub struct MakeBlock {
    /// Whom.
    pub net: IpNet,
    /// Why.
    pub reason: Reason,
    /// What was seen, or what the admin noted.
    pub note: Option<String>,
    /// For how long.
    pub seconds: u32,
    /// The admin; none when the box does it.
    pub by: Option<i64>,
}

impl Command for MakeBlock {
    type Output = Block;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Block> {
        let now = tx.now();
        forget_expired(tx)?;
        let net = text_of(self.net);
        let known: bool = tx
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM blocks WHERE net = ?1)")?
            .query_row([&net], |row| row.get(0))?;
        let count: i64 = tx.query_row("SELECT count(*) FROM blocks", [], |row| row.get(0))?;
        if !known && count >= MOST {
            let detail =
                format!("There are {MOST} blocks already. Lift some, or block a whole net.");
            return Err(Error::conflict("too_many_blocks", detail));
        }
        let expires_at = now.0 + i64::from(self.seconds) * 1000;
        let by_hand = self.reason == Reason::ByHand;
        let id: i64 = tx
            .prepare_cached(
                "INSERT INTO blocks (net, reason, note, created_at, expires_at, created_by_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (net) DO UPDATE SET
                     expires_at = CASE WHEN ?7 THEN excluded.expires_at
                                       ELSE max(expires_at, excluded.expires_at) END,
                     reason = CASE WHEN ?7 OR reason <> 'by_hand' THEN excluded.reason
                                   ELSE reason END,
                     note = CASE WHEN ?7 OR reason <> 'by_hand' THEN excluded.note ELSE note END,
                     created_by_id = CASE WHEN ?7 THEN excluded.created_by_id
                                          ELSE created_by_id END
                 RETURNING id",
            )?
            .query_row(
                params![net, self.reason.as_str(), self.note, now.0, expires_at, self.by, by_hand],
                |row| row.get(0),
            )?;
        if self.by.is_some() {
            let after = json!({"net": net, "seconds": self.seconds, "note": self.note});
            audit::note(tx, self.by, "block_made", ("block", Some(id)), (Value::Null, after))?;
        }
        let sql = format!("{SELECT} WHERE b.id = ?1");
        Ok(tx.prepare_cached(&sql)?.query_row([id], from_row)?)
    }
}

/// Lifts a block.
pub struct LiftBlock {
    pub id: i64,
    pub by: i64,
}

impl Command for LiftBlock {
    /// Whom it kept out.
    type Output = String;

    fn apply(self, tx: &mut Tx<'_>) -> Result<String> {
        let net: Option<String> = tx
            .prepare_cached("DELETE FROM blocks WHERE id = ?1 RETURNING net")?
            .query_row([self.id], |row| row.get(0))
            .optional()?;
        let net = net.ok_or_else(|| Error::not_found("block", self.id))?;
        let change = (json!({"net": net}), Value::Null);
        audit::note(tx, Some(self.by), "block_lifted", ("block", Some(self.id)), change)?;
        Ok(net)
    }
}

/// Deletes blocks that are over.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn forget_expired(tx: &Tx<'_>) -> Result<()> {
    tx.prepare_cached("DELETE FROM blocks WHERE expires_at <= ?1")?.execute([tx.now().0])?;
    Ok(())
}

pub fn trusted(db: &Connection) -> Result<Vec<TrustedNet>> {
    let mut statement = db.prepare_cached(
        "SELECT id, net, note, created_at FROM trusted_nets ORDER BY id LIMIT ?1",
    )?;
    let nets = statement.query_map([MOST_TRUSTED], |row| {
        Ok(TrustedNet {
            id: Some(row.get(0)?),
            net: row.get(1)?,
            note: row.get(2)?,
            created_at: Some(Timestamp(row.get(3)?)),
        })
    })?;
    Ok(nets.collect::<rusqlite::Result<_>>()?)
}

/// Trusts a net from now on; whoever of it is kept out comes in again.
pub struct TrustNet {
    pub net: IpNet,
    pub note: Option<String>,
    pub by: i64,
}

impl Command for TrustNet {
    type Output = TrustedNet;

    fn apply(self, tx: &mut Tx<'_>) -> Result<TrustedNet> {
        let now = tx.now();
        let count: i64 = tx.query_row("SELECT count(*) FROM trusted_nets", [], |row| row.get(0))?;
        if count >= MOST_TRUSTED {
            let detail = format!("{MOST_TRUSTED} nets are trusted already. Name a wider one.");
            return Err(Error::conflict("too_many_nets", detail));
        }
        let net = text_of(self.net);
        tx.execute(
            "INSERT INTO trusted_nets (net, note, created_at, created_by_id)
             VALUES (?1, ?2, ?3, ?4)",
            params![net, self.note, now.0, self.by],
        )
        .map_err(|error| {
            if is_unique_violation(&error, "trusted_nets.net") {
                Error::conflict("net_trusted", format!("{net} is trusted already."))
            } else {
                error.into()
            }
        })?;
        let id = Some(tx.last_insert_rowid());
        let change = (Value::Null, json!({"net": net, "note": self.note}));
        audit::note(tx, Some(self.by), "net_trusted", ("trusted_net", id), change)?;
        Ok(TrustedNet { id, net, note: self.note, created_at: Some(now) })
    }
}

/// Trusts a net no longer.
pub struct DistrustNet {
    pub id: i64,
    pub by: i64,
}

impl Command for DistrustNet {
    /// Which it was.
    type Output = String;

    fn apply(self, tx: &mut Tx<'_>) -> Result<String> {
        let net: Option<String> = tx
            .prepare_cached("DELETE FROM trusted_nets WHERE id = ?1 RETURNING net")?
            .query_row([self.id], |row| row.get(0))
            .optional()?;
        let net = net.ok_or_else(|| Error::not_found("trusted net", self.id))?;
        let (change, to) = ((json!({"net": net}), Value::Null), ("trusted_net", Some(self.id)));
        audit::note(tx, Some(self.by), "net_not_trusted", to, change)?;
        Ok(net)
    }
}
