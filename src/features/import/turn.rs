//! One file moves in at a time: each holds a copy of the menu in memory while it is looked at.

use tokio::sync::{Mutex, MutexGuard};

/// Who holds it takes a file in.
#[derive(Default)]
pub struct Turn(Mutex<()>);

impl Turn {
    /// The turn, when it has come.
    pub async fn take(&self) -> MutexGuard<'_, ()> {
        self.0.lock().await
    }

    /// The turn; none while somebody else has it.
    pub fn try_take(&self) -> Option<MutexGuard<'_, ()>> {
        self.0.try_lock().ok()
    }
}
