//! What this part of the box brings to it.

use std::sync::Arc;

use super::api;
use super::{BackupDir, DataPaths, Jobs, Tickets, doctor, settle};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/box`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .starts(|settings, store| async move {
            settle(&settings.data_dir, &store).await;
            BackupDir::of(&DataPaths::of(&settings)).sweep();
            Ok(())
        })
        .keeps(Arc::new(Jobs::default()))
        .keeps(Arc::new(Tickets::default()))
        .is_checked(doctor::checks)
}
