//! What the papers add up to.

use rusqlite::OptionalExtension;

use super::Store;
use crate::simulators::fiscal::decimal::Money;

/// The shift that is open, or was the last.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Shift {
    pub number: i64,
    pub opened_at: i64,
    pub is_open: bool,
    pub receipts: i64,
}

impl Shift {
    /// As the driver names it.
    pub(in super::super) fn state(&self, is_expired: bool) -> &'static str {
        match (self.is_open, is_expired) {
            (false, _) => "closed",
            (true, false) => "opened",
            (true, true) => "expired",
        }
    }
}

/// The receipts of one kind in a shift.
#[derive(Debug, Clone)]
pub(in super::super) struct KindTotals {
    pub kind: String,
    pub count: i64,
    pub sum: Money,
    pub paid: [Money; 5],
}

/// What was put into the drawer or taken out of it, other than by receipts.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct CashMoves {
    pub count: i64,
    pub sum: Money,
}

/// What the operator of fiscal data has not got.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Unsent {
    pub count: i64,
    pub first_number: i64,
    pub first_at: i64,
}

impl Store {
    pub(in super::super) fn shift(&self) -> rusqlite::Result<Shift> {
        let sql =
            "SELECT shift, at FROM papers WHERE kind = 'openShift' ORDER BY number DESC LIMIT 1";
        let opened = self.db.query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((number, opened_at)) = opened else { return Ok(Shift::default()) };
        let sql = "SELECT count(receipt), coalesce(sum(kind = 'closeShift'), 0)
                   FROM papers WHERE shift = ?1";
        self.db.query_row(sql, [number], |row| {
            let closed: i64 = row.get(1)?;
            Ok(Shift { number, opened_at, is_open: closed == 0, receipts: row.get(0)? })
        })
    }

    /// The receipts of a shift, by kind.
    pub(in super::super) fn totals(&self, shift: i64) -> rusqlite::Result<Vec<KindTotals>> {
        let sql = "SELECT kind, count(*), sum(total), sum(cash), sum(electronically), sum(prepaid),
                       sum(credit), sum(other)
                   FROM papers WHERE shift = ?1 AND receipt IS NOT NULL GROUP BY kind ORDER BY kind";
        let totals = |row: &rusqlite::Row| {
            let money = |at: usize| row.get(at).map(Money);
            Ok(KindTotals {
                kind: row.get(0)?,
                count: row.get(1)?,
                sum: money(2)?,
                paid: [money(3)?, money(4)?, money(5)?, money(6)?, money(7)?],
            })
        };
        self.db.prepare(sql)?.query_map([shift], totals)?.collect()
    }

    /// `cashIn` or `cashOut` of a shift.
    pub(in super::super) fn cash_moves(
        &self,
        shift: i64,
        kind: &str,
    ) -> rusqlite::Result<CashMoves> {
        let sql =
            "SELECT count(*), coalesce(sum(total), 0) FROM papers WHERE shift = ?1 AND kind = ?2";
        self.db.query_row(sql, (shift, kind), |row| {
            Ok(CashMoves { count: row.get(0)?, sum: Money(row.get(1)?) })
        })
    }

    /// What is in the drawer.
    pub(in super::super) fn drawer(&self) -> rusqlite::Result<Money> {
        let sql = "SELECT coalesce(sum(drawer), 0) FROM papers";
        self.db.query_row(sql, (), |row| row.get(0).map(Money))
    }

    pub(in super::super) fn unsent(&self) -> rusqlite::Result<Unsent> {
        let sql = "SELECT count(*), coalesce(min(number), 0), coalesce(min(at), 0)
                   FROM papers WHERE number IS NOT NULL AND sent = 0";
        self.db.query_row(sql, (), |row| {
            Ok(Unsent { count: row.get(0)?, first_number: row.get(1)?, first_at: row.get(2)? })
        })
    }
}
