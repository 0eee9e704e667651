//! Which shift money belongs to: found in the transaction in which it moves.

use rusqlite::{Connection, OptionalExtension, params};

use crate::core::error::{Error, Result};
use crate::core::store::Tx;
use crate::features::checks::MethodKind;

/// The drawer by which somebody's money goes.
struct Till {
    drawer_id: i64,
    name: String,
    shift_id: Option<i64>,
}

/// What they carry; else the one at which their tablet stands; else the one whose shift they opened; else
/// the first. None where no drawer is set up for them.
fn till(db: &Connection, (user_id, device_id): (i64, Option<i64>)) -> Result<Option<Till>> {
    let mut statement = db.prepare_cached(
        "SELECT d.id, d.name, s.id
         FROM cash_drawers d
         LEFT JOIN cash_shifts s ON s.drawer_id = d.id AND s.closed_at IS NULL
         WHERE d.deleted_at IS NULL AND d.is_active = 1 AND (d.user_id IS NULL OR d.user_id = ?1)
         ORDER BY d.user_id IS NULL,
                  NOT EXISTS (SELECT 1 FROM cash_drawer_devices t
                              WHERE t.drawer_id = d.id AND t.device_id = ?2),
                  coalesce(s.opened_by_id, 0) <> ?1, d.id
         LIMIT 1",
    )?;
    let till = statement.query_row(params![user_id, device_id], |row| {
        Ok(Till { drawer_id: row.get(0)?, name: row.get(1)?, shift_id: row.get(2)? })
    });
    Ok(till.optional()?)
}

/// The drawer that somebody uses; none where none is set up for them.
pub(super) fn drawer_of(db: &Connection, who: (i64, Option<i64>)) -> Result<Option<i64>> {
    Ok(till(db, who)?.map(|till| till.drawer_id))
}

/// Whether money may move now: cash only while a shift is open.
///
/// # Errors
/// 409 with the drawer whose shift is to be opened.
pub fn check_open(db: &Connection, kind: MethodKind, who: (i64, Option<i64>)) -> Result<()> {
    if kind != MethodKind::Cash {
        return Ok(());
    }
    let Some(till) = till(db, who)?.filter(|till| till.shift_id.is_none()) else { return Ok(()) };
    let name = till.name;
    let detail = format!(
        "No cash shift of “{name}” is open. Count what is in the drawer, open the shift with it, and \
         do this again."
    );
    let error = Error::conflict("no_cash_shift", detail).with("drawer_id", till.drawer_id);
    Err(error.with("name", name))
}

/// Where money that moves belongs to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bound {
    /// The open shift.
    pub shift_id: Option<i64>,
    /// The drawer that takes cash without one.
    stray_of: Option<i64>,
}

/// What money belongs to that moves now. Nothing is refused here: what came is written down, and cash
/// without a shift waits to be shown with the next Z of its drawer.
///
/// # Errors
/// When the database cannot be read.
pub fn bind(db: &Connection, kind: MethodKind, who: (i64, Option<i64>)) -> Result<Bound> {
    let Some(till) = till(db, who)? else { return Ok(Bound::default()) };
    let is_stray = till.shift_id.is_none() && kind == MethodKind::Cash;
    Ok(Bound { shift_id: till.shift_id, stray_of: is_stray.then_some(till.drawer_id) })
}

impl Bound {
    /// Remembers a payment, or an account's move, that belongs to no shift.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn remember(
        self,
        tx: &Tx<'_>,
        payment: Option<i64>,
        account_move: Option<i64>,
    ) -> Result<()> {
        let Some(drawer_id) = self.stray_of else { return Ok(()) };
        tx.prepare_cached(
            "INSERT INTO cash_strays (drawer_id, payment_id, account_move_id) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![drawer_id, payment, account_move])?;
        Ok(())
    }
}
