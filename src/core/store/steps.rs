//! Long work, done in short commands with orders in between.

use std::ops::ControlFlow;

use super::{Command, Priority, Store, Tx};
use crate::core::error::{Error, Result};

/// Work that would hold the writer for too long at once. It keeps what it has done in itself; each
/// step is a transaction of its own, and what a step has committed stays when a later one fails.
pub trait Steps: Send + 'static {
    /// What comes of it.
    type Output: Send + 'static;

    /// Who goes first when others wait too.
    const PRIORITY: Priority = Priority::Upkeep;

    /// Does as much as [`Tx::has_time`] allows, and at least a little. `Break` ends the work.
    ///
    /// # Errors
    /// What ends the work early. The writes of this step are rolled back.
    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<Self::Output>>;
}

struct Step<S>(S);

impl<S: Steps> Command for Step<S> {
    type Output = (S, ControlFlow<S::Output>);
    const PRIORITY: Priority = S::PRIORITY;

    fn apply(mut self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        let flow = self.0.step(tx)?;
        Ok((self.0, flow))
    }

    fn name() -> &'static str {
        std::any::type_name::<S>()
    }
}

impl Store {
    /// Does long work step by step, also when the caller leaves meanwhile. Only a box that stops
    /// ends it half-way.
    ///
    /// # Errors
    /// The work's own; 503 when too many wait; 507 when the disk is full.
    pub async fn run_in_steps<S: Steps>(&self, work: S) -> Result<S::Output> {
        let writer = self.writer.clone();
        let steps = tokio::spawn(async move {
            let (mut work, mut flow) = writer.run(Step(work), false).await?;
            loop {
                match flow {
                    ControlFlow::Break(output) => return Ok(output),
                    ControlFlow::Continue(()) => {
                        (work, flow) = writer.run(Step(work), true).await?;
                    }
                }
            }
        });
        steps.await.map_err(|error| Error::internal(format!("long work broke off: {error}")))?
    }
}
