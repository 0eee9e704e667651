//! The steps in which goods are counted anew.

use std::ops::ControlFlow;

use crate::core::error::Result;
use crate::core::store::{Steps, Tx};
use crate::features::stock::ledger::recount_next;
use crate::features::stock::stop_list::follow_goods;

/// Counts anew what is to be, until nothing is left.
#[derive(Default)]
pub struct Recount {
    has_counted: bool,
}

impl Steps for Recount {
    type Output = ();

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<()>> {
        while recount_next(tx)? {
            self.has_counted = true;
            if !tx.has_time() {
                return Ok(ControlFlow::Continue(()));
            }
        }
        if self.has_counted {
            follow_goods(tx)?;
        }
        Ok(ControlFlow::Break(()))
    }
}
