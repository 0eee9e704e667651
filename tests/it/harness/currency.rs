//! Amounts are read and written in one currency for the whole process (`kernel::money`), and tests
//! may share one: a box waits while boxes with another currency are open.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Whose turn it is, and how many boxes have it.
static OPEN: Mutex<(String, usize)> = Mutex::new((String::new(), 0));
static CLOSED: Notify = Notify::const_new();

fn open() -> MutexGuard<'static, (String, usize)> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Held by a box while it is open.
pub struct Turn;

impl Turn {
    /// Waits until only boxes of this currency are open.
    pub async fn of(currency: &str) -> Self {
        loop {
            let closed = CLOSED.notified();
            tokio::pin!(closed);
            closed.as_mut().enable();
            {
                let mut open = open();
                if open.1 == 0 || open.0 == currency {
                    *open = (currency.to_owned(), open.1 + 1);
                    return Self;
                }
            }
            closed.await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        open().1 -= 1;
        CLOSED.notify_waiters();
    }
}
