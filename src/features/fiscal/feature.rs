//! What this part of the box brings to it.

use std::sync::Arc;
use std::time::Duration;

use super::job::FISCAL;
use super::watch::Told;
use super::{api, doctor, documents_api, watch, worker};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// How often the register is looked after.
const LOOKS_AFTER: Duration = Duration::from_mins(1);

/// Brings the routes under `/fiscal`, and makes the documents. The password of a register's server never
/// leaves the box. Cashiers' tax numbers do on their documents, and nowhere else.
pub fn feature() -> Feature<App> {
    Feature::of(|| api::router().merge(documents_api::router()))
        .copies_without((96, "fiscal_devices"), &["password"])
        .copies(&[(97, "fiscal_documents")])
        .local(&["fiscal_cashiers"])
        .keeps(Arc::new(Told::default()))
        .works(&FISCAL, worker::work)
        .every(LOOKS_AFTER, |app| async move { watch::look_after(&app).await })
        .is_checked(doctor::checks)
}
