//! What the live feed reads of the log, and writes to it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use serde_json::json;

use crate::core::error::{Error, Result};
use crate::core::event::{Audience, Kind, NewEvent};
use crate::core::store::{self, Command, Connection, Replay, Tx};
use crate::features::orders::order_with_items;

/// Up to `limit` events after `since`. Where one tells the whole order it is the order as it stands
/// now: the events that follow say nothing that is not in it already.
///
/// # Errors
/// When the database cannot be read.
pub fn replay(db: &Connection, since: i64, limit: usize) -> Result<Replay> {
    let mut replay = store::replay(db, since, limit)?;
    let Replay::Events { events, .. } = &mut replay else { return Ok(replay) };
    let mut orders = HashMap::<i64, Option<Arc<str>>>::new();
    for event in events.iter_mut().filter(|event| event.tells_order()) {
        let Some(id) = event.order_id else { continue };
        event.order = match orders.entry(id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new.insert(whole_order(db, id)?).clone(),
        };
    }
    Ok(replay)
}

fn whole_order(db: &Connection, id: i64) -> Result<Option<Arc<str>>> {
    match order_with_items(db, id) {
        Ok(order) => Ok(Some(serde_json::to_string(&order).map_err(Error::internal)?.into())),
        Err(error) if error.status() == 404 => Ok(None),
        Err(error) => Err(error),
    }
}

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
