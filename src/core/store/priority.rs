//! Who goes first, and for how long others may go on.

use std::time::Duration;

/// For how long work that is no order may go on before the writer looks for orders again.
pub(super) const SLICE: Duration = Duration::from_millis(10);

/// Who goes first when several commands wait for the writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Orders and payments: they wait for nobody but each other.
    Orders,
    /// Whatever else somebody waits for.
    Staff,
    /// What the box does by itself, and long work: done in short slices while no order waits.
    Upkeep,
}

impl Priority {
    /// All of them, first things first.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Staff, Self::Upkeep];

    /// Its word in the metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Staff => "staff",
            Self::Upkeep => "upkeep",
        }
    }

    /// How many commands may wait; one more is told to come back (503).
    pub(super) fn capacity(self) -> usize {
        match self {
            Self::Orders | Self::Staff => 1024,
            Self::Upkeep => 128,
        }
    }
}
