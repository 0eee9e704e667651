//! What this part of the box brings to it.

use std::sync::Arc;
use std::time::Duration;

use super::begun::Moved;
use super::poller::Poller;
use super::uplink::Uplink;
use super::{attempts_api, compare, doctor, guest_api, providers_api};
use crate::platform::app::App;
use crate::platform::auth::Seal;
use crate::platform::config::Settings;
use crate::platform::feature::Feature;

/// How often it is looked whether a provider's list was read today.
const LOOKS: Duration = Duration::from_mins(10);

/// Brings the routes under `/pay` and `/guest/pay`, and asks providers. Their keys never leave the box.
pub fn feature(settings: &Settings) -> Feature<App> {
    let routes =
        || providers_api::router().merge(attempts_api::router()).merge(guest_api::router());
    let (poller, moved) = (Arc::new(Poller::default()), Arc::new(Moved::default()));
    let (wakes, tells) = (poller.observer(), moved.observer());
    Feature::of(routes)
        .copies_without((150, "pay_providers"), &["secret"])
        .copies(&[(151, "pay_attempts"), (152, "pay_refunds")])
        .local(&["pay_days"])
        .keeps(Arc::new(Seal::in_folder(&settings.data_dir)))
        .keeps(Arc::new(Uplink::default()))
        .keeps(Arc::clone(&poller))
        .keeps(moved)
        .hears(wakes)
        .hears(tells)
        .runs(|app: App| async move { app.state::<Poller>().run(app.clone()).await })
        .runs(|app: App| async move { app.state::<Poller>().take_up(app.clone()).await })
        .every(LOOKS, |app| async move { compare::each_day(&app).await })
        .is_checked(doctor::checks)
}
