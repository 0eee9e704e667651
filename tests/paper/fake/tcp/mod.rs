//! A printer on a port that takes ESC/POS, as one with port 9100 does.
//!
//! It keeps what it received in a buffer, prints from there while it can, and answers what must be
//! answered at once the moment it arrives. Everything about it can be changed while it runs.

mod answers;
mod engine;

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::condition::Condition;
use super::escpos::command::{Ask, Pulse};
use super::escpos::mechanism::Mechanism;
use super::escpos::real_time::RealTime;
use super::escpos::{At, Event, Fault, Page, Profile};
use engine::Engine;

#[derive(Clone, Debug)]
pub struct Settings {
    pub profile: Profile,
    pub condition: Condition,
    /// Rows until the roll ends; what is longer is begun and finished on the next roll.
    pub rows_left: Option<usize>,
    pub obeys: Obeys,
    pub answers: Answers,
    /// Bytes that it prints in a second.
    pub speed: Option<usize>,
    /// Bytes that it takes in before it prints them.
    pub buffer: usize,
    pub second_client: SecondClient,
    /// Ends each connection after so many bytes.
    pub closes_after: Option<usize>,
    /// Says after so many bytes that it will send no more, and goes on reading.
    pub half_closes_after: Option<usize>,
    /// Takes no connections.
    pub refuses: bool,
    pub broken_off: BrokenOff,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: Profile::wide(),
            condition: Condition::default(),
            rows_left: None,
            obeys: Obeys::Anywhere,
            answers: Answers::All,
            speed: None,
            buffer: 64 * 1024,
            second_client: SecondClient::Waits,
            closes_after: None,
            half_closes_after: None,
            refuses: false,
            broken_off: BrokenOff::Forgets,
        }
    }
}

/// Where it sees commands that are obeyed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obeys {
    /// Also in the data of another command, as Epson's do.
    Anywhere,
    /// Only where a command may begin.
    BetweenCommands,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    All,
    /// Only `DLE EOT 1`, as some cheap ones do.
    OnlyTheFirst,
    /// It prints and says nothing.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondClient {
    /// It is connected, and read when the first is done.
    Waits,
    /// It is disconnected at once.
    TurnedAway,
}

/// What becomes of half a command whose sender went away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenOff {
    Forgets,
    /// What the next one sends is taken for the rest of it.
    Waits,
}

/// What a test looks at.
#[derive(Debug)]
pub struct Record {
    pub mechanism: Mechanism,
    /// What it could not make sense of; it goes on with the next byte, as printers do.
    pub faults: Vec<Fault>,
    pub connections: usize,
    pub turned_away: usize,
    pub received: usize,
    /// Bytes that are not printed yet.
    pub waiting: usize,
}

struct State {
    settings: Settings,
    record: Record,
    is_on: bool,
    /// Whether the engine knows it.
    is_settled: bool,
    is_over: bool,
}

#[derive(Clone)]
struct Shared {
    state: Arc<Mutex<State>>,
    changed: Arc<Condvar>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// How long a test waits for a printer.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Printer {
    address: SocketAddr,
    shared: Shared,
    engine: Option<JoinHandle<()>>,
}

impl Printer {
    /// One on a free port of this machine.
    pub fn start(settings: Settings) -> Self {
        let mechanism = Mechanism::new(settings.profile.clone());
        let record = Record {
            mechanism,
            faults: Vec::new(),
            connections: 0,
            turned_away: 0,
            received: 0,
            waiting: 0,
        };
        let state = State { settings, record, is_on: true, is_settled: false, is_over: false };
        let shared = Shared { state: Arc::new(Mutex::new(state)), changed: Arc::default() };
        let mut engine = Engine::new(shared.clone());
        let address = engine.address();
        let engine = std::thread::spawn(move || engine.run());
        Self { address, shared, engine: Some(engine) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes what it is like, and comes back when it is so.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        let mut state = self.shared.lock();
        change(&mut state.settings);
        state.is_settled = false;
        self.settle(state);
    }

    /// A new roll; the cover is closed behind it.
    pub fn new_roll(&self) {
        self.set(|settings| {
            settings.rows_left = None;
            settings.condition = Condition::default();
        });
    }

    /// It loses what it has not printed, and its connections. What is on the paper stays.
    pub fn cut_power(&self) {
        self.switch(false);
    }

    pub fn switch_on(&self) {
        self.switch(true);
    }

    fn switch(&self, is_on: bool) {
        let mut state = self.shared.lock();
        state.is_on = is_on;
        state.is_settled = false;
        self.settle(state);
    }

    fn settle(&self, mut state: MutexGuard<'_, State>) {
        let until = Instant::now() + PATIENCE;
        while !state.is_settled {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the printer's thread stands still");
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Looks at it as it is now.
    pub fn look<T>(&self, at: impl FnOnce(&Record) -> T) -> T {
        at(&self.shared.lock().record)
    }

    /// Waits until there is something to see.
    #[track_caller]
    pub fn wait_for<T>(&self, what: &str, look: impl Fn(&Record) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut state = self.shared.lock();
        loop {
            if let Some(seen) = look(&state.record) {
                return seen;
            }
            let left = until.saturating_duration_since(Instant::now());
            let Record { mechanism, faults, connections, received, waiting, .. } = &state.record;
            assert!(
                !left.is_zero(),
                "the printer never had {what}: {} pages, {received} bytes by {connections} \
                 connections, {waiting} of them waiting, faults: {faults:?}",
                mechanism.pages.len(),
            );
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits until so many pages are cut off, and gives all that are.
    #[track_caller]
    pub fn wait_for_pages(&self, count: usize) -> Vec<Page> {
        self.wait_for(&format!("{count} pages"), |record| {
            let pages = &record.mechanism.pages;
            (pages.len() >= count).then(|| pages.clone())
        })
    }

    /// Takes the pages that were cut off, so that a long test does not keep them all.
    pub fn take_pages(&self) -> Vec<Page> {
        std::mem::take(&mut self.shared.lock().record.mechanism.pages)
    }

    pub fn faults(&self) -> Vec<Fault> {
        self.look(|record| record.faults.clone())
    }

    pub fn events(&self) -> Vec<At<Event>> {
        self.look(|record| record.mechanism.events.clone())
    }

    pub fn pulses(&self) -> Vec<Pulse> {
        self.of_events(|event| match event {
            Event::Pulse(pulse) => Some(*pulse),
            _ => None,
        })
    }

    pub fn asked(&self) -> Vec<Ask> {
        self.of_events(|event| match event {
            Event::Asked(ask) => Some(*ask),
            _ => None,
        })
    }

    pub fn obeyed_at_once(&self) -> Vec<RealTime> {
        self.of_events(|event| match event {
            Event::RealTime(command) => Some(*command),
            _ => None,
        })
    }

    fn of_events<T>(&self, pick: impl Fn(&Event) -> Option<T>) -> Vec<T> {
        let of = |record: &Record| {
            record.mechanism.events.iter().filter_map(|event| pick(&event.what)).collect()
        };
        self.look(of)
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        if let Some(engine) = self.engine.take() {
            drop(engine.join());
        }
    }
}
