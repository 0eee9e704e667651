//! What is told of the cash desk.

use serde::{Deserialize, Serialize};

use super::states::ShiftState;
use crate::core::error::Result;
use crate::core::event::{Audience, Kind, NewEvent, Payload, Thing};

/// A drawer was set up or changed; or a shift of it was opened, moved, counted or closed. No sums: who may
/// see them reads them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CashChanged {
    /// The drawer.
    pub drawer_id: i64,
    /// The shift, where it is about one.
    pub shift_id: Option<i64>,
    /// Where that stands.
    pub state: Option<ShiftState>,
}

impl Payload for CashChanged {
    const KIND: Kind = Kind::CashChanged;
    const AUDIENCE: Audience = Audience::ADMIN.and(Audience::MANAGER).and(Audience::WAITERS);
}

/// Something of a drawer changed.
///
/// # Errors
/// When the event cannot be written.
pub fn cash_changed(drawer_id: i64, shift: Option<(i64, ShiftState)>, by: i64) -> Result<NewEvent> {
    let (shift_id, state) = shift.unzip();
    let details = CashChanged { drawer_id, shift_id, state };
    NewEvent::new(Thing::CashDrawer.with(drawer_id), Some(by), &details)
}
