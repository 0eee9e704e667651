//! Whose secret is looked at next.
//!
//! A hash takes a good part of a second on a small board, so those who try secrets wait in two
//! rows: strangers have one of the hasher's places and no more, and however many of them come,
//! paired tablets and those who have signed in from where they are do not wait behind them.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::core::error::{Error, Result};

/// How many are looked at at once: of strangers, and of those who are known.
const STRANGERS: usize = 1;
const KNOWN: usize = 2;
/// How many may wait in each row; one more is told to come back.
const WAITING: usize = 512;

/// The two rows.
pub struct Turns {
    pub(super) strangers: Row,
    pub(super) known: Row,
}

pub(super) struct Row {
    slots: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Turns {
    fn default() -> Self {
        Self { strangers: Row::new(STRANGERS), known: Row::new(KNOWN) }
    }
}

impl Row {
    fn new(slots: usize) -> Self {
        Self { slots: Semaphore::new(slots), waiting: AtomicUsize::new(0) }
    }

    pub(super) async fn wait(&self) -> Result<SemaphorePermit<'_>> {
        let _place = Place::take(&self.waiting)?;
        self.slots.acquire().await.map_err(Error::internal)
    }
}

/// A place in a row; given back when its turn comes, or who waits hangs up.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::AcqRel) >= WAITING {
            return Err(Error::busy());
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
