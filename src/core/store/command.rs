//! A command, and one that waits for its turn.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::Tx;
use super::priority::Priority;
use crate::core::error::{Error, Result};

/// Something that changes data. It is applied whole or not at all, and checks what it needs
/// inside the same transaction.
///
/// It holds the only writer while it is applied, so it must be short: a few milliseconds. What may
/// take longer is done in [`Steps`](super::Steps).
pub trait Command: Send + 'static {
    /// What the caller gets.
    type Output: Send + 'static;

    /// Who goes first when several commands wait.
    const PRIORITY: Priority = Priority::Staff;

    /// Whether it writes nothing before all is checked that may be refused. Such a command needs no
    /// savepoint, which keeps a copy of every page that it changes. One that breaks this word loses
    /// its batch, and is not believed again.
    fn checks_first(&self) -> bool {
        false
    }

    /// Checks, writes rows, emits events.
    ///
    /// # Errors
    /// A refusal; everything this command wrote is then rolled back.
    fn apply(self, tx: &mut Tx<'_>) -> Result<Self::Output>;

    /// Its name in the metrics.
    fn name() -> &'static str {
        std::any::type_name::<Self>()
    }
}

/// A command that waits, and its caller.
pub(super) trait Pending: Send {
    fn name(&self) -> &'static str;
    fn checks_first(&self) -> bool;
    fn apply(&mut self, tx: &mut Tx<'_>) -> Applied;
    /// Answers the caller, once it is known how the commit ended.
    fn answer(self: Box<Self>, committed: Result<()>);
}

pub(super) enum Applied {
    Done,
    Refused,
    DiskFull,
}

pub(super) struct PendingCommand<C: Command> {
    command: Option<C>,
    output: Result<C::Output>,
    caller: oneshot::Sender<Result<C::Output>>,
}

impl<C: Command> PendingCommand<C> {
    pub(super) fn new(command: C, caller: oneshot::Sender<Result<C::Output>>) -> Self {
        Self { command: Some(command), output: Err(Error::busy()), caller }
    }
}

impl<C: Command> Pending for PendingCommand<C> {
    fn name(&self) -> &'static str {
        C::name()
    }

    fn checks_first(&self) -> bool {
        self.command.as_ref().is_some_and(C::checks_first)
    }

    fn apply(&mut self, tx: &mut Tx<'_>) -> Applied {
        let Some(command) = self.command.take() else { return Applied::Refused };
        let apply = || {
            let output = command.apply(tx)?;
            tx.follow()?;
            Ok(output)
        };
        self.output = catch_unwind(AssertUnwindSafe(apply))
            .unwrap_or_else(|panic| Err(Error::internal(panic_message(panic.as_ref()))));
        match &self.output {
            Ok(_) => Applied::Done,
            Err(error) if error.status() == 507 => Applied::DiskFull,
            Err(_) => Applied::Refused,
        }
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        // A caller that hung up hears nothing; what was committed stays.
        let _ = self.caller.send(committed.and(self.output));
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("a command panicked: {}", text.unwrap_or_default())
}
