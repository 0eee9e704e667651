//! What printers over HTTP have in common: one pair of hands, sensors, and troubles on the wire.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::condition::Condition;
use super::escpos::command::Pulse;
use super::escpos::mechanism::Mechanism;
use super::escpos::{Event, Page, Profile};
use super::http::{Message, Reply, Server};

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection ends, and nothing is printed.
    HangsUpUnprinted,
    /// It is printed, and the connection ends before the answer.
    HangsUpPrinted,
    /// It is printed, and half of the answer comes.
    HalfAnswer,
    /// It is printed, and no answer comes.
    SilentPrinted,
    /// Nothing is printed, and no answer comes.
    SilentUnprinted,
    /// HTTP 503.
    Unavailable,
    /// The answer says that another has it; nothing is printed.
    Busy,
    /// The answer says that it took too long; nothing is printed.
    TimesOut,
}

pub struct State {
    pub mechanism: Mechanism,
    pub condition: Condition,
    /// Of the requests to come, one each; none: nothing goes wrong with that one.
    pub troubles: VecDeque<Option<Trouble>>,
    pub requests: usize,
    /// Why documents were not taken.
    pub refused: Vec<String>,
    /// What the sender named its jobs, each with what became of it.
    pub jobs: Vec<(String, bool)>,
}

/// What a protocol makes of a request, and what goes wrong with it.
pub type Protocol = fn(&mut State, &Message, Option<Trouble>) -> Reply;

pub struct Printer {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Printer {
    pub fn start(profile: Profile, protocol: Protocol) -> Self {
        let state = Arc::new(Mutex::new(State::new(profile)));
        let of_server = state.clone();
        let server = Server::start(move |request| handle(&mut lock(&of_server), request, protocol));
        Self { server, state }
    }

    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Looks at it, or changes what it is like.
    pub fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut lock(&self.state))
    }

    pub fn set(&self, condition: Condition) {
        self.with(|state| state.condition = condition);
    }

    /// What goes wrong with the next request.
    pub fn next(&self, trouble: Trouble) {
        self.with(|state| state.troubles.push_back(Some(trouble)));
    }

    /// What goes wrong with the one after the next, such as the page behind a question.
    pub fn after_next(&self, trouble: Trouble) {
        self.with(|state| state.troubles.extend([None, Some(trouble)]));
    }

    pub fn pages(&self) -> Vec<Page> {
        self.with(|state| state.mechanism.pages.clone())
    }

    pub fn pulses(&self) -> Vec<Pulse> {
        self.with(|state| {
            let events = state.mechanism.events.iter();
            let pulses = events.filter_map(|event| match event.what {
                Event::Pulse(pulse) => Some(pulse),
                _ => None,
            });
            pulses.collect()
        })
    }

    pub fn refused(&self) -> Vec<String> {
        self.with(|state| state.refused.clone())
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn handle(state: &mut State, request: &Message, protocol: Protocol) -> Reply {
    state.requests += 1;
    let trouble = state.troubles.pop_front().flatten();
    match trouble {
        Some(Trouble::HangsUpUnprinted) => return Reply::HangUp,
        Some(Trouble::SilentUnprinted) => return Reply::Silence,
        Some(Trouble::Unavailable) => return Reply::status(503),
        _ => {}
    }
    let reply = protocol(state, request, trouble);
    match (trouble, reply) {
        (Some(Trouble::HangsUpPrinted), _) => Reply::HangUp,
        (Some(Trouble::SilentPrinted), _) => Reply::Silence,
        (Some(Trouble::HalfAnswer), Reply::Answer { body, .. }) => Reply::Half(body),
        (_, reply) => reply,
    }
}

impl State {
    pub fn new(profile: Profile) -> Self {
        Self {
            mechanism: Mechanism::new(profile),
            condition: Condition::default(),
            troubles: VecDeque::new(),
            requests: 0,
            refused: Vec::new(),
            jobs: Vec::new(),
        }
    }

    /// Prints a document all or not at all, on a mechanism that is set back for it.
    pub fn print(
        &mut self,
        document: impl FnOnce(&mut Mechanism) -> Result<(), String>,
    ) -> Result<(), String> {
        self.mechanism.initialise(0);
        let pages = self.mechanism.pages.len();
        let events = self.mechanism.events.len();
        let before = self.mechanism.page.clone();
        let outcome = document(&mut self.mechanism);
        if let Err(why) = &outcome {
            self.refused.push(why.clone());
            self.mechanism.pages.truncate(pages);
            self.mechanism.events.truncate(events);
            self.mechanism.page = before;
        }
        outcome
    }
}
