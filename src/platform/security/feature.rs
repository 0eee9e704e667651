//! What this part of the box brings to it.

use super::blocks::forget_expired;
use super::webhook::WEBHOOK;
use super::{blocks, doctor, events, webhook_worker};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/security`.
pub fn feature() -> Feature<App> {
    Feature::of(|| events::router().merge(blocks::router()))
        .local(&["blocks", "trusted_nets", "security_events"])
        .works(&WEBHOOK, webhook_worker::deliver)
        .forgets(|_| Box::new(|tx, _| forget_expired(tx).map(|()| 0)))
        .forgets(|_| Box::new(|tx, most| events::trim(tx, most)))
        .is_checked(doctor::checks)
}
