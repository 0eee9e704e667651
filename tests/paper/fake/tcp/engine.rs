//! One thread that is the printer: it takes connections, reads, answers and prints, a little of each
//! at a time.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::super::condition::{Condition, Roll};
use super::super::escpos::command::{Ask, Command};
use super::super::escpos::real_time::{self, Anywhere, RealTime};
use super::super::escpos::{self, Fault};
use super::answers;
use super::{Answers, BrokenOff, Obeys, SecondClient, Shared, State};

/// Between two looks at sockets on which nothing happened.
const PAUSE: Duration = Duration::from_millis(1);
/// What is read at once.
const GULP: usize = 4096;

struct Client {
    stream: TcpStream,
    received: usize,
    /// It has sent all that it will.
    is_done: bool,
}

pub struct Engine {
    shared: Shared,
    address: SocketAddr,
    listener: Option<TcpListener>,
    /// The first is served.
    clients: VecDeque<Client>,
    /// Received, and not looked at by the head.
    waiting: VecDeque<u8>,
    /// What may be half a command, and where in the stream it begins.
    command: Vec<u8>,
    offset: usize,
    anywhere: Anywhere,
    /// For [`Obeys::BetweenCommands`]: half a command as it arrives.
    arriving: Vec<u8>,
    /// Of all that arrived.
    arrived: usize,
    /// Where in the stream connections ended, behind which nothing belongs to what is before.
    ends: VecDeque<usize>,
    tells_changes: bool,
    told: Option<Condition>,
    printed_at: Instant,
    /// Bytes that may be printed by now.
    allowance: f64,
}

impl Engine {
    pub fn new(shared: Shared) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let listener = (!shared.lock().settings.refuses).then_some(listener);
        Self {
            shared,
            address,
            listener,
            clients: VecDeque::new(),
            waiting: VecDeque::new(),
            command: Vec::new(),
            offset: 0,
            anywhere: Anywhere::default(),
            arriving: Vec::new(),
            arrived: 0,
            ends: VecDeque::new(),
            tells_changes: false,
            told: None,
            printed_at: Instant::now(),
            allowance: 0.0,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn run(&mut self) {
        let shared = self.shared.clone();
        loop {
            let mut state = shared.lock();
            if state.is_over {
                return;
            }
            let worked = self.step(&mut state);
            state.record.waiting = self.waiting.len() + self.command.len();
            let listens = state.is_on && !state.settings.refuses;
            if worked || (!state.is_settled && listens == self.listener.is_some()) {
                state.is_settled = true;
                shared.changed.notify_all();
            }
            drop(state);
            if !worked {
                std::thread::sleep(PAUSE);
            }
        }
    }

    /// A little of everything; whether there was anything to do.
    fn step(&mut self, state: &mut State) -> bool {
        if !state.is_on {
            self.lose_power(state);
            return false;
        }
        self.listen(state);
        let accepted = self.accept(state);
        let read = self.read(state);
        let printed = self.print(state);
        self.tell_changes(state);
        self.part(state);
        accepted || read || printed
    }

    fn lose_power(&mut self, state: &mut State) {
        if self.listener.is_none() && self.clients.is_empty() && self.arrived == 0 {
            return;
        }
        self.listener = None;
        self.clients.clear();
        self.forget(self.arrived);
        self.anywhere = Anywhere::default();
        (self.offset, self.arrived) = (0, 0);
        self.tells_changes = false;
        state.record.mechanism.initialise(0);
    }

    /// Throws away what waits and came before this place in the stream.
    fn forget(&mut self, before: usize) {
        let kept = self.arrived.saturating_sub(before);
        self.waiting.drain(..self.waiting.len().saturating_sub(kept));
        self.command.clear();
        self.arriving.clear();
        self.ends.retain(|end| *end > before);
        self.offset = self.arrived - self.waiting.len();
    }

    fn listen(&mut self, state: &State) {
        if state.settings.refuses {
            self.listener = None;
        } else if self.listener.is_none() {
            // The port may be another's for a moment.
            self.listener = TcpListener::bind(self.address).ok();
            if let Some(listener) = &self.listener {
                listener.set_nonblocking(true).unwrap();
            }
        }
    }

    fn accept(&mut self, state: &mut State) -> bool {
        let Some(listener) = &self.listener else { return false };
        let Ok((stream, _)) = listener.accept() else { return false };
        if !self.clients.is_empty() && state.settings.second_client == SecondClient::TurnedAway {
            state.record.turned_away += 1;
            return true;
        }
        stream.set_nonblocking(true).unwrap();
        stream.set_nodelay(true).unwrap();
        state.record.connections += 1;
        self.clients.push_back(Client { stream, received: 0, is_done: false });
        true
    }

    fn read(&mut self, state: &mut State) -> bool {
        let room = state.settings.buffer.saturating_sub(self.waiting.len()).min(GULP);
        let Some(client) = self.clients.front_mut().filter(|c| !c.is_done && room > 0) else {
            return false;
        };
        let until = state.settings.closes_after.map(|n| n.saturating_sub(client.received));
        let mut bytes = vec![0; room.min(until.unwrap_or(room))];
        // A limit that was set too late, or is zero.
        if bytes.is_empty() {
            self.break_off(state);
            return true;
        }
        let count = match client.stream.read(&mut bytes) {
            Ok(0) => {
                client.is_done = true;
                self.mark_end(state);
                return true;
            }
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
            Err(_) => {
                self.break_off(state);
                return true;
            }
        };
        client.received += count;
        let received = client.received;
        if state.settings.half_closes_after.is_some_and(|n| (n..n + count).contains(&received)) {
            drop(client.stream.shutdown(Shutdown::Write));
        }
        state.record.received += count;
        self.take_in(state, &bytes[..count]);
        if state.settings.closes_after.is_some_and(|n| received >= n) {
            self.break_off(state);
        }
        true
    }

    /// The connection of who is served ends now.
    fn break_off(&mut self, state: &State) {
        self.clients.pop_front();
        self.mark_end(state);
    }

    fn mark_end(&mut self, state: &State) {
        if state.settings.broken_off == BrokenOff::Forgets {
            self.arriving.clear();
            self.ends.push_back(self.arrived);
        }
    }

    /// Obeys what is to be obeyed at once, and keeps the rest for the head.
    fn take_in(&mut self, state: &mut State, bytes: &[u8]) {
        self.waiting.extend(bytes);
        let found = match state.settings.obeys {
            Obeys::Anywhere => self.anywhere.find(bytes),
            Obeys::BetweenCommands => self.between_commands(bytes),
        };
        self.arrived += bytes.len();
        for (offset, command) in found {
            if state.record.mechanism.heeds(command) {
                self.obey(state, offset, command);
            }
        }
    }

    fn between_commands(&mut self, bytes: &[u8]) -> Vec<(usize, RealTime)> {
        self.arriving.extend_from_slice(bytes);
        let (mut found, mut at) = (Vec::new(), 0);
        let begin = self.arrived + bytes.len() - self.arriving.len();
        while at < self.arriving.len() {
            match escpos::next(&self.arriving[at..]) {
                Ok(Some((command, length))) => {
                    if let Command::RealTime(command) = command {
                        found.push((begin + at, command));
                    }
                    at += length;
                }
                Ok(None) => break,
                Err(_) => at += 1,
            }
        }
        self.arriving.drain(..at);
        found
    }

    fn obey(&mut self, state: &mut State, offset: usize, command: RealTime) {
        state.record.mechanism.obey(offset, command);
        match command {
            RealTime::Status(n) => {
                let is_answered = match state.settings.answers {
                    Answers::All => true,
                    Answers::OnlyTheFirst => n == 1,
                    Answers::Nothing => false,
                };
                if is_answered {
                    self.send(&[state.settings.condition.epson_now(n)]);
                }
            }
            RealTime::Forget => {
                self.forget(offset + real_time::FORGET.len());
                self.answer(state, &answers::FORGOTTEN);
            }
            RealTime::Recover { forgetting } => {
                state.settings.condition.is_cutter_jammed = false;
                if forgetting {
                    self.forget(offset + 3);
                }
            }
            RealTime::PowerOff => {
                self.answer(state, &answers::GOING_OFF);
                state.is_on = false;
            }
            RealTime::Pulse(_) => {}
        }
    }

    fn answer(&mut self, state: &State, bytes: &[u8]) {
        if state.settings.answers == Answers::All {
            self.send(bytes);
        }
    }

    /// To who is served, if anybody is there.
    fn send(&mut self, bytes: &[u8]) {
        if let Some(client) = self.clients.front_mut() {
            drop(client.stream.write_all(bytes));
        }
    }

    /// Gives the head what it may have by now.
    fn print(&mut self, state: &mut State) -> bool {
        let now = Instant::now();
        if let Some(speed) = state.settings.speed {
            let passed = now.duration_since(self.printed_at).as_secs_f64();
            // What it did not need while it had nothing to do is not saved up.
            let most = speed as f64 / 10.0;
            self.allowance = (self.allowance + passed * speed as f64).min(most.max(1.0));
        } else {
            self.allowance = f64::MAX;
        }
        self.printed_at = now;
        if state.settings.condition.is_off_line() {
            return false;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = (self.allowance as usize).min(self.waiting.len());
        self.allowance -= count as f64;
        self.command.extend(self.waiting.drain(..count));
        let ran = self.run_commands(state);
        count > 0 || ran
    }

    fn run_commands(&mut self, state: &mut State) -> bool {
        let mut at = 0;
        while !state.settings.condition.is_off_line() {
            let offset = self.offset + at;
            let end = self.ends.front().map_or(usize::MAX, |end| end - self.offset);
            if at == end {
                self.ends.pop_front();
                continue;
            }
            if at == self.command.len() {
                break;
            }
            match escpos::next(&self.command[at..end.min(self.command.len())]) {
                // It was obeyed when it came.
                Ok(Some((Command::RealTime(_), length))) => at += length,
                Ok(Some((command, length))) => {
                    at += length;
                    self.run_command(state, offset, command);
                }
                // Half a command, whose sender has gone.
                Ok(None) if end <= self.command.len() => at = end,
                Ok(None) => break,
                Err(why) => {
                    at += 1;
                    state.record.faults.push(Fault { offset, why });
                }
            }
        }
        self.command.drain(..at);
        self.offset += at;
        at > 0
    }

    fn run_command(&mut self, state: &mut State, offset: usize, command: Command) {
        let ask = if let Command::Ask(ask) = command { Some(ask) } else { None };
        let before = state.record.mechanism.rows;
        if let Err(why) = state.record.mechanism.run(offset, command) {
            state.record.faults.push(Fault { offset, why });
        }
        use_up(state, before);
        if let Some(ask) = ask {
            self.reply(state, ask);
        }
    }

    /// What was asked in its turn.
    fn reply(&mut self, state: &State, ask: Ask) {
        match ask {
            Ask::Status(n) => self.answer(state, &[state.settings.condition.epson_in_order(n)]),
            Ask::Identity(n) => self.answer(state, &answers::identity(n)),
            Ask::Printed(id) => self.answer(state, &answers::printed(id)),
            Ask::TellChanges(n) => {
                self.tells_changes = n != 0;
                self.told = None;
            }
        }
    }

    fn tell_changes(&mut self, state: &State) {
        let now = state.settings.condition;
        if self.tells_changes && self.told != Some(now) {
            self.told = Some(now);
            self.answer(state, &now.epson_asb());
        }
    }

    /// Who has said all, and had it printed, goes; and who said all to a printer that cannot print,
    /// so that others can ask it what is wrong.
    fn part(&mut self, state: &State) {
        let is_idle = self.waiting.is_empty() || state.settings.condition.is_off_line();
        if self.clients.front().is_some_and(|client| client.is_done && is_idle) {
            self.clients.pop_front();
            self.tells_changes = false;
        }
    }
}

/// The roll ends behind what it was just enough for.
fn use_up(state: &mut State, rows_before: usize) {
    let used = state.record.mechanism.rows - rows_before;
    if let Some(left) = &mut state.settings.rows_left {
        *left = left.saturating_sub(used);
        if *left == 0 {
            state.settings.condition.roll = Roll::Out;
        }
    }
}
