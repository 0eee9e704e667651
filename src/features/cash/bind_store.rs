//! Which shift money belongs to: found in the transaction in which it moves.

use rusqlite::{Connection, OptionalExtension, params};

use crate::core::error::{Error, Result};
use crate::core::store::Tx;
use crate::features::checks::MethodKind;
use crate::features::printing::{DrawerAt, open_drawer};

/// The drawer by which somebody's money goes.
struct InUse {
    drawer_id: i64,
    name: String,
    shift_id: Option<i64>,
    at: DrawerAt,
}

/// What they carry; else the one at which their tablet stands; else the one whose shift they opened; else
/// the first. None where no drawer is set up for them.
fn in_use(db: &Connection, (user_id, device_id): (i64, Option<i64>)) -> Result<Option<InUse>> {
    let mut statement = db.prepare_cached(
        "SELECT d.id, d.name, s.id, d.user_id,
                (SELECT p.id FROM printers p WHERE p.id = d.printer_id AND p.deleted_at IS NULL)
         FROM cash_drawers d
         LEFT JOIN cash_shifts s ON s.drawer_id = d.id AND s.closed_at IS NULL
         WHERE d.deleted_at IS NULL AND d.is_active = 1 AND (d.user_id IS NULL OR d.user_id = ?1)
         ORDER BY d.user_id IS NULL,
                  NOT EXISTS (SELECT 1 FROM cash_drawer_devices t
                              WHERE t.drawer_id = d.id AND t.device_id = ?2),
                  coalesce(s.opened_by_id, 0) <> ?1, d.id
         LIMIT 1",
    )?;
    let found = statement.query_row(params![user_id, device_id], |row| {
        Ok(InUse {
            drawer_id: row.get(0)?,
            name: row.get(1)?,
            shift_id: row.get(2)?,
            at: drawer_at(row.get(3)?, row.get(4)?),
        })
    });
    Ok(found.optional()?)
}

/// The drawer that somebody uses; none where none is set up for them.
pub(super) fn drawer_of(db: &Connection, who: (i64, Option<i64>)) -> Result<Option<i64>> {
    Ok(in_use(db, who)?.map(|drawer| drawer.drawer_id))
}

/// Where receipts come out for who works at a tablet: at the printer of the drawer at which that stands,
/// also for one who carries their money; else at that of the drawer that they use.
///
/// # Errors
/// When the database cannot be read.
pub fn receipts_at(db: &Connection, who: (i64, Option<i64>)) -> Result<DrawerAt> {
    let standing: Option<i64> = db
        .prepare_cached(
            "SELECT p.id FROM cash_drawer_devices t
             JOIN cash_drawers d ON d.id = t.drawer_id AND d.deleted_at IS NULL AND d.is_active = 1
             JOIN printers p ON p.id = d.printer_id AND p.deleted_at IS NULL
             WHERE t.device_id = ?1",
        )?
        .query_row([who.1], |row| row.get(0))
        .optional()?;
    match standing {
        Some(printer_id) => Ok(DrawerAt::Printer(printer_id)),
        None => Ok(in_use(db, who)?.map(|drawer| drawer.at).unwrap_or_default()),
    }
}

/// Which printer opens the drawer that somebody carries, or to which a printer belongs.
pub(super) fn drawer_at(user_id: Option<i64>, printer_id: Option<i64>) -> DrawerAt {
    match (user_id, printer_id) {
        (Some(_), _) => DrawerAt::Nowhere,
        (None, Some(id)) => DrawerAt::Printer(id),
        (None, None) => DrawerAt::First,
    }
}

/// Whether money may move now: cash only while a shift is open.
///
/// # Errors
/// 409 with the drawer whose shift is to be opened.
pub fn check_open(db: &Connection, kind: MethodKind, who: (i64, Option<i64>)) -> Result<()> {
    if kind != MethodKind::Cash {
        return Ok(());
    }
    let closed = in_use(db, who)?.filter(|drawer| drawer.shift_id.is_none());
    let Some(InUse { drawer_id, name, .. }) = closed else { return Ok(()) };
    let detail = format!(
        "No cash shift of “{name}” is open. Count what is in the drawer, open the shift with it, and \
         do this again."
    );
    let error = Error::conflict("no_cash_shift", detail).with("drawer_id", drawer_id);
    Err(error.with("name", name))
}

/// Where money that moves belongs to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bound {
    /// The open shift.
    pub shift_id: Option<i64>,
    /// The drawer that takes cash without one.
    stray_of: Option<i64>,
    /// At which printer a drawer opens for it.
    opens: Option<DrawerAt>,
}

/// What money belongs to that moves now. Nothing is refused here: what came is written down, and cash
/// without a shift waits to be shown with the next Z of its drawer.
///
/// # Errors
/// When the database cannot be read.
pub fn bind(db: &Connection, kind: MethodKind, who: (i64, Option<i64>)) -> Result<Bound> {
    let drawer = in_use(db, who)?;
    let is_cash = kind == MethodKind::Cash;
    let at = drawer.as_ref().map(|drawer| drawer.at).unwrap_or_default();
    let stray = drawer.as_ref().filter(|drawer| is_cash && drawer.shift_id.is_none());
    Ok(Bound {
        stray_of: stray.map(|drawer| drawer.drawer_id),
        shift_id: drawer.and_then(|drawer| drawer.shift_id),
        opens: is_cash.then_some(at),
    })
}

impl Bound {
    /// The row of a payment, or of an account's move, is written: for cash the drawer opens, and what
    /// belongs to no shift is remembered.
    ///
    /// # Errors
    /// When a row cannot be written.
    pub fn written(
        self,
        tx: &Tx<'_>,
        payment: Option<i64>,
        account_move: Option<i64>,
    ) -> Result<()> {
        if let Some(at) = self.opens {
            let deed = match (payment, account_move) {
                (Some(id), _) => format!("payment {id}"),
                (None, id) => format!("account move {}", id.unwrap_or_default()),
            };
            open_drawer(tx, &deed, at)?;
        }
        let Some(drawer_id) = self.stray_of else { return Ok(()) };
        tx.prepare_cached(
            "INSERT INTO cash_strays (drawer_id, payment_id, account_move_id) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![drawer_id, payment, account_move])?;
        Ok(())
    }
}
