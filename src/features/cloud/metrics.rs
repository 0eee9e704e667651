//! The copy's figures for a monitoring system, in the text format of Prometheus.

use std::fmt::Write;
use std::sync::Arc;

use super::store::{refused, state};
use super::sync_state::SyncHandle;
use crate::core::store::{Store, backlog};

/// The lines of a box that belongs to a cloud; none of another.
pub async fn metrics(sync: Arc<SyncHandle>, store: Store) -> String {
    let known = store.read(|db| Ok((state(db)?, backlog(db)?.0, refused(db, 0)?.0))).await;
    let Ok((Some(state), waiting, refused)) = known else { return String::new() };
    let sync = sync.now();
    let seconds = |moment: Option<i64>| moment.unwrap_or(0) / 1000;
    let mut text = String::new();
    for (name, kind, value) in [
        ("connected", "gauge", i64::from(sync.connected)),
        ("waiting_rows", "gauge", waiting),
        ("pushed_rows_total", "counter", state.pushed_rows),
        ("refused_rows", "gauge", refused),
        ("answered_timestamp_seconds", "gauge", seconds(sync.answered_at)),
        ("synced_timestamp_seconds", "gauge", seconds(state.synced_at)),
        ("late", "gauge", i64::from(sync.late_since.is_some())),
        ("published_version", "gauge", sync.published_menu.unwrap_or(state.menu_version)),
        ("running_version", "gauge", state.menu_version),
    ] {
        let _ = writeln!(text, "# TYPE qres_cloud_{name} {kind}\nqres_cloud_{name} {value}");
    }
    let rate = sync.rows_per_second;
    let _ = writeln!(
        text,
        "# TYPE qres_cloud_rows_per_second gauge\nqres_cloud_rows_per_second {rate:.1}"
    );
    text
}
