//! The server's queue of requests: what waits, runs, is done. Pure.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusal::{CANCELED, INTERRUPTED, NONE, Refusal};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    Waits,
    Runs,
    Blocked,
    Done,
    Canceled,
}

/// Why the queue stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Block {
    /// As the server names it: connectionError, fnError or paperError.
    pub reason: String,
    /// The last document before a task whose outcome is not known.
    pub before: Option<i64>,
    /// With which error that task broke off.
    pub error: Value,
}

/// Tasks that were sent under one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    pub uuid: String,
    pub seq: i64,
    pub tasks: Vec<Value>,
    /// One for each task, as they are told.
    pub results: Vec<Value>,
    pub state: State,
    /// The task that is next, or under way.
    pub next: usize,
    /// The last document before the fiscal task that is under way.
    pub before: Option<i64>,
    pub block: Option<Block>,
    pub done_at: Option<i64>,
}

impl Request {
    fn new(uuid: String, seq: i64, tasks: Vec<Value>) -> Self {
        let results = tasks.iter().map(|_| told("wait", &NONE.json())).collect();
        Self {
            uuid,
            seq,
            tasks,
            results,
            state: State::Waits,
            next: 0,
            before: None,
            block: None,
            done_at: None,
        }
    }

    /// The next task is begun; `before` is the last document when it is a fiscal one.
    pub(super) fn begin(&mut self, before: Option<i64>) {
        self.state = State::Runs;
        self.before = before;
        self.tell(told("inProgress", &NONE.json()));
    }

    /// The task under way is done; the next is up.
    pub(super) fn ready(&mut self, result: &Value, at: i64) {
        self.tell(told_with("ready", &NONE.json(), result));
        self.next += 1;
        self.before = None;
        self.block = None;
        if self.next == self.tasks.len() {
            self.end(at);
        }
    }

    /// The task under way failed, and no other of its request is done.
    pub(super) fn fail(&mut self, error: &Value, at: i64) {
        self.tell(told("error", error));
        for result in self.results.iter_mut().skip(self.next + 1) {
            *result = told("interrupted", &INTERRUPTED.json());
        }
        self.block = None;
        self.end(at);
    }

    /// It is not known whether the task under way made its document: the queue stands.
    pub(super) fn unknown(&mut self, reason: &str, error: &Refusal) {
        self.state = State::Blocked;
        self.tell(told("blocked", &error.json()));
        let block = Block { reason: reason.into(), before: self.before, error: error.json() };
        self.block = Some(block);
    }

    /// The document is made, and waits for paper: the queue stands.
    pub(super) fn wait_for_paper(&mut self, result: &Value) {
        self.state = State::Blocked;
        self.tell(told_with("ready", &NONE.json(), result));
        let block = Block { reason: "paperError".into(), before: None, error: Value::Null };
        self.block = Some(block);
    }

    /// What is told of the task under way.
    pub(super) fn result(&self) -> Value {
        self.results.get(self.next).map(|told| told["result"].clone()).unwrap_or_default()
    }

    fn tell(&mut self, told: Value) {
        if let Some(result) = self.results.get_mut(self.next) {
            *result = told;
        }
    }

    fn end(&mut self, at: i64) {
        self.state = State::Done;
        self.done_at = Some(at);
    }
}

fn told(status: &str, error: &Value) -> Value {
    json!({ "status": status, "error": error })
}

fn told_with(status: &str, error: &Value, result: &Value) -> Value {
    json!({ "status": status, "error": error, "result": result })
}

/// Why a request cannot be cancelled.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotCanceled {
    Unknown,
    Begun,
}

/// The requests of one register, in their order.
#[derive(Debug, Default)]
pub(super) struct Queue {
    requests: BTreeMap<i64, Request>,
    keys: HashMap<String, i64>,
    last: i64,
}

impl Queue {
    /// What was kept over a restart. What ran then may have made its document or not.
    pub(super) fn restarted(kept: Vec<Request>) -> Self {
        let mut queue = Self::default();
        for mut request in kept {
            if request.state == State::Runs {
                match request.before {
                    Some(_) => request.unknown("connectionError", &super::refusal::LINK_LOST),
                    None => request.state = State::Waits,
                }
            }
            queue.last = queue.last.max(request.seq);
            queue.keys.insert(request.uuid.clone(), request.seq);
            queue.requests.insert(request.seq, request);
        }
        queue
    }

    /// Takes a request; None when its key was used.
    pub(super) fn add(&mut self, uuid: String, tasks: Vec<Value>) -> Option<&Request> {
        if self.keys.contains_key(&uuid) {
            return None;
        }
        self.last += 1;
        self.keys.insert(uuid.clone(), self.last);
        Some(self.requests.entry(self.last).or_insert(Request::new(uuid, self.last, tasks)))
    }

    pub(super) fn get(&self, uuid: &str) -> Option<&Request> {
        self.requests.get(self.keys.get(uuid)?)
    }

    pub(super) fn get_mut(&mut self, seq: i64) -> Option<&mut Request> {
        self.requests.get_mut(&seq)
    }

    /// The request on which the queue stands.
    pub(super) fn blocked(&self) -> Option<&Request> {
        self.requests.values().find(|request| request.state == State::Blocked)
    }

    /// The request whose turn it is.
    pub(super) fn turn(&self) -> Option<i64> {
        let begun = self.requests.values().find(|request| request.state == State::Runs);
        let waits = || self.requests.values().find(|request| request.state == State::Waits);
        begun.or_else(waits).map(|request| request.seq)
    }

    pub(super) fn cancel(&mut self, uuid: &str, at: i64) -> Result<&Request, NotCanceled> {
        let seq = self.keys.get(uuid).ok_or(NotCanceled::Unknown)?;
        let request = self.requests.get_mut(seq).ok_or(NotCanceled::Unknown)?;
        if request.state != State::Waits || request.next > 0 {
            return Err(NotCanceled::Begun);
        }
        request.state = State::Canceled;
        request.done_at = Some(at);
        request.results.fill(told("canceled", &CANCELED.json()));
        Ok(request)
    }

    /// How many are in a state.
    pub(super) fn count(&self, states: &[State]) -> usize {
        self.requests.values().filter(|request| states.contains(&request.state)).count()
    }

    /// Forgets one; it is as if it had never been sent.
    pub(super) fn forget(&mut self, uuid: &str) {
        if let Some(seq) = self.keys.remove(uuid) {
            self.requests.remove(&seq);
        }
    }

    /// Forgets what was done before a moment, and says what that was.
    pub(super) fn forget_old(&mut self, before: i64) -> Vec<String> {
        let old = self.requests.values().filter(|request| request.done_at < Some(before));
        let old = old.filter(|request| request.done_at.is_some());
        let old: Vec<_> = old.map(|request| request.uuid.clone()).collect();
        for uuid in &old {
            self.forget(uuid);
        }
        old
    }
}
