//! Looks after the register: its shift is closed before its day is over, when nothing waits; people are
//! told what is the matter with it; and what was given up after a day and a half is tried again.

use std::sync::{Mutex, PoisonError};

use super::body::Cashier;
use super::reach::reach;
use super::register::{Register, Silence};
use super::rules::is_to_close;
use super::states::{DeviceKind, DocumentKind};
use super::store::{self, Enqueue, Revive, TellTroubles, account};
use super::troubles::{Troubles, of};
use super::types::{Device, DeviceState};
use crate::core::error::Result;
use crate::platform::app::App;

/// Who answers for what the box does by itself.
const ADMINISTRATOR: &str = "Администратор";

/// What people were told last.
#[derive(Default)]
pub struct Told(Mutex<Troubles>);

impl Told {
    /// What is the matter now.
    pub fn now(&self) -> Troubles {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, troubles: Troubles) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = troubles;
    }
}

/// Looks once.
///
/// # Errors
/// When the database cannot be read.
pub async fn look_after(app: &App) -> Result<()> {
    if app.store.read(store::are_given_up).await? {
        app.store.run(Revive).await?;
    }
    let Some(device) = app.store.read(store::active).await? else {
        return tell(app, Troubles::default()).await;
    };
    let state = look(app, &device).await?;
    let left = state.health.and_then(|health| health.shift_minutes_left);
    if is_to_close(left, state.open) {
        let cashier = Cashier { name: ADMINISTRATOR.into(), vatin: None };
        let kind = DocumentKind::CloseShift;
        let close = Enqueue { device_id: device.id, kind, cashier, is_by_itself: true };
        app.store.run(close).await?;
    }
    Ok(())
}

/// After an attempt at a document: one that did not come off may have a reason that people can see to,
/// and one that did says that it is gone.
///
/// # Errors
/// When the database cannot be read.
pub async fn look_again(app: &App, is_done: bool) -> Result<()> {
    if is_done && app.state::<Told>().now().troubles.is_empty() {
        return Ok(());
    }
    match app.store.read(store::active).await? {
        Some(device) => look(app, &device).await.map(drop),
        None => Ok(()),
    }
}

async fn look(app: &App, device: &Device) -> Result<DeviceState> {
    let state = state(app, device.id).await?;
    let id = device.id;
    let needs = app.store.read(move |db| store::needing_count(db, id)).await?;
    let troubles = match device.kind {
        // It says nothing of itself.
        DeviceKind::ByHand => Troubles::default(),
        DeviceKind::Atol | DeviceKind::Webhook => {
            of((id, &*device.name), state.health.as_ref(), needs)
        }
    };
    tell(app, troubles).await?;
    Ok(state)
}

async fn tell(app: &App, troubles: Troubles) -> Result<()> {
    let told = app.state::<Told>();
    let before = told.now();
    if before == troubles {
        return Ok(());
    }
    // Who is told may ask at once; what could not be told is told the next time.
    told.set(troubles.clone());
    app.store.run(TellTroubles(troubles)).await.inspect_err(|_| told.set(before))
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
