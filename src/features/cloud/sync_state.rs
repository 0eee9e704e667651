//! How the copy is now, shared by the worker and the pages that show it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::features::import::Report;

/// How the copy is now, for those who look.
#[derive(Debug, Clone, Default)]
pub struct SyncState {
    /// Whether the cloud answers.
    pub connected: bool,
    /// Whether it waits for its hours of the day.
    pub paused: bool,
    /// When the cloud answered last, in milliseconds since 1970.
    pub answered_at: Option<i64>,
    /// Rows a second of the last batches.
    pub rows_per_second: f64,
    /// Since when the cloud has missed something, once that is too long ago.
    pub late_since: Option<i64>,
    /// Up to which moment the cloud has this restaurant's data, when this box came.
    pub cloud_reaches: Option<i64>,
    /// The newest version published for this box.
    pub published_menu: Option<i64>,
    /// What that version would change here, while it waits for closing.
    pub planned: Option<Arc<Report>>,
    /// A version that could not be used, and why; it is not tried again.
    pub refused_menu: Option<(i64, String)>,
    /// The version that runs and what is wrong with the newest, as this connection's cloud was told.
    pub(super) told_menu: Option<(i64, Option<String>)>,
    /// A version that an admin wants now.
    pub(super) apply_now: Option<i64>,
    /// An admin says that this box is the right one.
    pub(super) take_over: bool,
}

/// The state as the worker and the pages share it; wakes the worker.
#[derive(Default)]
pub struct SyncHandle(Mutex<SyncState>, Notify);

impl SyncHandle {
    /// As it is now.
    pub fn now(&self) -> SyncState {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The version that waits for closing is applied at once, if the cloud can be reached.
    pub fn apply_menu_now(&self) {
        self.change(|sync| sync.apply_now = sync.published_menu);
        self.1.notify_one();
    }

    /// This box is the right one: the cloud is told so when it can be reached.
    pub fn take_over(&self) {
        self.change(|sync| sync.take_over = true);
        self.1.notify_one();
    }

    /// Ends when somebody wants the cloud to be asked at once.
    pub(super) async fn woken(&self) {
        self.1.notified().await;
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut SyncState) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
