//! Looks after the register's shift: it is closed before its day is over, when nothing waits.

use super::body::Cashier;
use super::register::{Register, Silence};
use super::rules::is_to_close;
use super::store::{self, Enqueue, account};
use super::types::{DeviceKind, DeviceState, DocumentKind};
use super::worker::reach;
use crate::core::error::Result;
use crate::platform::app::App;

/// Who answers for what the box does by itself.
const ADMINISTRATOR: &str = "Администратор";

/// Looks once.
///
/// # Errors
/// When the database cannot be read.
pub async fn look_after(app: &App) -> Result<()> {
    let Some(device) = app.store.read(store::active).await? else { return Ok(()) };
    let state = state(app, device.id).await?;
    let left = state.health.and_then(|health| health.shift_minutes_left);
    if is_to_close(left, state.open) {
        let cashier = Cashier { name: ADMINISTRATOR.into(), vatin: None };
        let kind = DocumentKind::CloseShift;
        let close = Enqueue { device_id: device.id, kind, cashier, is_by_itself: true };
        app.store.run(close).await?;
    }
    Ok(())
}

/// How a register is.
///
/// # Errors
/// 404 when there is none.
pub async fn state(app: &App, device_id: i64) -> Result<DeviceState> {
    let read = move |db: &_| Ok((account(db, device_id)?, store::waiting_count(db, device_id)?));
    let (account, open) = app.store.read(read).await?;
    if account.kind == DeviceKind::ByHand {
        return Ok(DeviceState { answers: true, problem: None, health: None, open });
    }
    Ok(match reach(&account)?.probe().await {
        Ok(health) => DeviceState { answers: true, problem: None, health: Some(health), open },
        Err(Silence(why)) => DeviceState { answers: false, problem: Some(why), health: None, open },
    })
}
