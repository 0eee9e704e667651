//! The steps of what is done behind orders.

use std::ops::ControlFlow;

use crate::core::error::Result;
use crate::core::store::{Steps, Tx};
use crate::features::stock::ledger::{post_next, recount_next};
use crate::features::stock::stop_list::follow_goods;

/// Writes what documents still move, then counts anew what is to be, until nothing is left.
pub struct CatchUp {
    /// Whether the stop-list may say what was true before.
    has_moved: bool,
}

impl CatchUp {
    /// The box starts: what was done last may not have reached the stop-list.
    pub const AT_START: Self = Self { has_moved: true };
    /// The box has been running.
    pub const LATER: Self = Self { has_moved: false };
}

impl Steps for CatchUp {
    type Output = ();

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<()>> {
        while post_next(tx)? || recount_next(tx)? {
            self.has_moved = true;
            if !tx.has_time() {
                return Ok(ControlFlow::Continue(()));
            }
        }
        if self.has_moved {
            follow_goods(tx)?;
        }
        Ok(ControlFlow::Break(()))
    }
}
