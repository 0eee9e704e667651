//! What the live feed reads of the log, and writes to it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::events::Broadcast;
use crate::core::error::{Error, Result};
use crate::core::event::{Event, NewEvent, Thing, ToldOrder};
use crate::core::store::{self, Command, Connection, Replay, Tx};
use crate::features::orders::order_with_items;

/// How many missed events are read at once, and how many bytes of whole orders end that sooner.
const EVENTS: usize = 64;
const ORDERS: usize = 256 * 1024;

/// Some events after `since`, those with whole orders only as many as fit. Where one tells the whole
/// order it is the order as it stands now: the events that follow say nothing that is not in it
/// already. It is read once, and only for events that the screen `hears` with it.
///
/// # Errors
/// When the database cannot be read.
pub fn replay(db: &Connection, since: i64, hears: impl Fn(&Event) -> bool) -> Result<Replay> {
    let mut replay = store::replay(db, since, EVENTS)?;
    let Replay::Events { events, more } = &mut replay else { return Ok(replay) };
    let mut orders = HashMap::<i64, Option<Arc<str>>>::new();
    let mut bytes = 0;
    for place in 0..events.len() {
        if bytes >= ORDERS {
            events.truncate(place);
            *more = true;
            break;
        }
        let event = &mut events[place];
        let order_id = event.subject.order_id();
        let Some(id) = order_id.filter(|_| event.kind.tells_order() && hears(event)) else {
            continue;
        };
        let order = match orders.entry(id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => {
                let order = new.insert(whole_order(db, id)?).clone();
                bytes += order.as_ref().map_or(0, |order| order.len());
                order
            }
        };
        event.order = ToldOrder::of(order);
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

/// Tells an admin's words to all staff.
pub struct SendBroadcast(pub Broadcast);

impl Command for SendBroadcast {
    type Output = i64;

    fn apply(self, tx: &mut Tx<'_>) -> Result<i64> {
        let Self(words) = self;
        tx.emit(NewEvent::new(Thing::Restaurant.any(), Some(words.from), &words)?)
    }
}
