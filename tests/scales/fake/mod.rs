//! Scales that are not there, on a port, as they stand behind a converter from a serial line or have
//! one of their own. Written from the makers' documents, not from our reader.

// Each binary that takes this in uses its own part of it.
#![allow(dead_code)]

pub mod cas;
pub mod massa_k;
pub mod mettler;

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two looks at sockets on which nothing happened.
const PAUSE: Duration = Duration::from_millis(1);

/// What lies on it, as far as the scale knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// In grams, that do not change.
    Still(i32),
    /// Somebody's hand is on it.
    Moving(i32),
    TooMuch,
}

/// What goes wrong with one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No answer.
    Silent,
    /// It says that it cannot now.
    NotNow,
    /// A digit is another than was meant, and the sum that guards it is of what was meant.
    Garbled,
    /// The connection ends in the middle of the answer.
    Half,
    /// The answer comes byte by byte.
    Crumbs,
    /// Bytes of an answer that was asked for before come first.
    Late,
}

/// What a protocol makes of the bytes so far: how many of them it is done with, and what it answers.
pub struct Heard {
    pub used: usize,
    pub answer: Vec<u8>,
    /// Where a digit of the weight stands in the answer.
    pub digit: Option<usize>,
}

pub type Protocol = fn(&[u8], Load, is_busy: bool) -> Option<Heard>;

struct State {
    load: Load,
    troubles: Vec<Trouble>,
    asked: usize,
    is_over: bool,
}

pub struct Scale {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
}

impl Scale {
    pub fn start(protocol: Protocol, load: Load) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let state = State { load, troubles: Vec::new(), asked: 0, is_over: false };
        let state = Arc::new(Mutex::new(state));
        let of_thread = state.clone();
        let thread = std::thread::spawn(move || run(&listener, &of_thread, protocol));
        Self { address, state, thread: Some(thread) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn put(&self, load: Load) {
        lock(&self.state).load = load;
    }

    /// What goes wrong with the next answer.
    pub fn next(&self, trouble: Trouble) {
        lock(&self.state).troubles.insert(0, trouble);
    }

    /// Questions so far.
    pub fn asked(&self) -> usize {
        lock(&self.state).asked
    }
}

impl Drop for Scale {
    fn drop(&mut self) {
        lock(&self.state).is_over = true;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A serial line has one reader: so has this.
fn run(listener: &TcpListener, state: &Mutex<State>, protocol: Protocol) {
    while !lock(state).is_over {
        match listener.accept() {
            Ok((stream, _)) => talk(stream, state, protocol),
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}

fn talk(mut stream: TcpStream, state: &Mutex<State>, protocol: Protocol) {
    stream.set_nonblocking(true).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut heard = Vec::new();
    let mut bytes = [0; 256];
    while !lock(state).is_over {
        match stream.read(&mut bytes) {
            Ok(0) => return,
            Ok(count) => heard.extend_from_slice(&bytes[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                std::thread::sleep(PAUSE);
                continue;
            }
            Err(_) => return,
        }
        loop {
            let mut state = lock(state);
            let is_busy = state.troubles.last() == Some(&Trouble::NotNow);
            let Some(said) = protocol(&heard, state.load, is_busy) else { break };
            heard.drain(..said.used);
            // Only a weight is gone wrong about; what leads to it is not.
            let trouble = if said.digit.is_some() || is_busy { state.troubles.pop() } else { None };
            state.asked += usize::from(said.digit.is_some());
            drop(state);
            if !answer(&mut stream, said, trouble) {
                return;
            }
        }
    }
}

/// Whether the connection goes on.
fn answer(stream: &mut TcpStream, mut said: Heard, trouble: Option<Trouble>) -> bool {
    match (trouble, said.digit) {
        (Some(Trouble::Silent), _) => return true,
        (Some(Trouble::Half), _) => said.answer.truncate(said.answer.len() / 2),
        (Some(Trouble::Garbled), Some(digit)) => said.answer[digit] ^= 1,
        (Some(Trouble::Late), _) => {
            let half = said.answer[said.answer.len() / 2..].to_vec();
            said.answer.splice(0..0, half);
        }
        _ => {}
    }
    let piece = if trouble == Some(Trouble::Crumbs) { 1 } else { said.answer.len().max(1) };
    for piece in said.answer.chunks(piece) {
        if stream.write_all(piece).is_err() {
            return false;
        }
        if trouble == Some(Trouble::Crumbs) {
            std::thread::sleep(PAUSE);
        }
    }
    trouble != Some(Trouble::Half)
}
