//! What the live feed itself writes to the log.

use serde_json::json;

use crate::error::Result;
use crate::event::{Audience, Kind, NewEvent};
use crate::store::{Command, Tx};

/// An admin's words to all staff.
pub struct Broadcast {
    /// The admin.
    pub by: i64,
    /// His words.
    pub message: String,
}

impl Command for Broadcast {
    type Output = i64;

    fn apply(self, tx: &mut Tx<'_>) -> Result<i64> {
        let data = json!({"message": self.message, "from": self.by});
        tx.emit(NewEvent::new(Kind::Broadcast, Audience::STAFF, Some(self.by), data))
    }
}
