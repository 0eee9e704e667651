//! What a command holds while it is applied: the connection, one clock reading, and the events
//! it tells of.

use std::cell::RefMut;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::{Connection, params};

use super::changes::ChangeTracker;
use super::id_ranges::{IdRange, pack};
use super::memory::Memory;
use super::priority::SLICE;
use super::tables::Tables;
use super::{events, kept_reply};
use crate::core::error::Result;
use crate::core::event::{Event, NewEvent};
use crate::core::kernel::Timestamp;

/// What follows from a command, for one thing that it changed: its id, and who changed it.
pub type Following = fn(&mut Tx<'_>, i64, Option<i64>) -> Result<()>;

/// One command's part of the writer's transaction. Derefs to the connection.
pub struct Tx<'a> {
    connection: &'a Connection,
    tracker: &'a ChangeTracker,
    memory: &'a Memory,
    /// When the batch began: events are of this moment.
    moment: Timestamp,
    /// The same, or what the command must not precede.
    now: Timestamp,
    begun: Instant,
    next_seq: i64,
    events: Vec<Arc<Event>>,
    following: Vec<(Following, i64, Option<i64>)>,
    keeps_replies: bool,
}

impl<'a> Tx<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        tracker: &'a ChangeTracker,
        memory: &'a Memory,
        moment: Timestamp,
        last_seq: i64,
    ) -> Self {
        Self {
            connection,
            tracker,
            memory,
            moment,
            now: moment,
            begun: Instant::now(),
            next_seq: last_seq + 1,
            events: Vec::new(),
            following: Vec::new(),
            keeps_replies: false,
        }
    }

    /// The moment of the whole batch, or that of [`Tx::not_before`].
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What this command writes happens no earlier than a moment that is stored: the clock may have
    /// been set back since, and an order must not be paid before it was placed.
    pub fn not_before(&mut self, stored: Timestamp) {
        self.now = self.now.max(stored);
    }

    /// Whether a step of long work may go on: its slice of the writer's time is not over.
    pub fn has_time(&self) -> bool {
        self.begun.elapsed() < SLICE
    }

    /// Writes an event to the log; screens hear of it after the commit. Returns its number.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn emit(&mut self, event: NewEvent) -> Result<i64> {
        let seq = self.next_seq;
        let kept = event.order.as_ref().filter(|_| self.keeps_replies);
        let kept = kept.map(|order| kept_reply::pack(order)).transpose()?;
        let event = events::insert(self.connection, seq, self.moment, event, kept.as_deref())?;
        self.next_seq += 1;
        self.events.push(Arc::new(event));
        Ok(seq)
    }

    /// Does something once when all else of this command is done, however often it is asked for: what
    /// follows from how a thing stands then. A refusal is the command's.
    pub fn at_last(&mut self, work: Following, about: i64, by: Option<i64>) {
        let is_meant = |one: &(Following, i64, Option<i64>)| {
            one.1 == about && std::ptr::fn_addr_eq(one.0, work)
        };
        if !self.following.iter().any(is_meant) {
            self.following.push((work, about, by));
        }
    }

    /// The command is done: does what follows from it.
    pub(super) fn follow(&mut self) -> Result<()> {
        for (work, about, by) in std::mem::take(&mut self.following) {
            work(self, about, by)?;
        }
        Ok(())
    }

    /// From here on the order that an event tells is kept with it: the caller may ask again what
    /// this command answered.
    pub(super) fn keep_replies(&mut self) {
        self.keeps_replies = true;
    }

    /// What the writer remembers of type `T`, which is read of rows of `tables` and of nothing else: it
    /// is forgotten when one of them changes. None while this batch has changed some.
    pub fn remembered<T: Default + Send + 'static>(
        &self,
        tables: &[&str],
    ) -> Option<RefMut<'_, T>> {
        self.memory.of(tables, self.tracker)
    }

    /// The tables that there are.
    pub fn tables(&self) -> &'static Tables {
        self.tracker.tables()
    }

    /// From this commit on the box keeps for the cloud which rows are touched.
    pub fn keep_changes(&self) {
        self.tracker.keep();
    }

    /// Lets rows wait for the cloud that no commit has touched. Returns the change's number.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn put_waiting(&self, ranges: &[IdRange]) -> Result<i64> {
        let seq = self.tracker.take_seq();
        self.prepare_cached("INSERT INTO changes (seq, keys, tag) VALUES (?1, ?2, random())")?
            .execute(params![seq, pack(ranges)])?;
        Ok(seq)
    }

    pub(super) fn into_events(self) -> Vec<Arc<Event>> {
        self.events
    }
}

impl Deref for Tx<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.connection
    }
}
