//! The server with its register: what comes in is queued, and done one after another.

use serde_json::{Value, json};

use super::clock::SECOND;
use super::faults::{FaultKind, Faults, Happens};
use super::queue::{NotCanceled, Queue, Request, State};
use super::refusal::Refusal;
use super::register::{Damage, Register};
use super::task;

/// The number of every error that is not the driver's.
const SERVER_ERROR: u32 = 505;
/// The register's id, as it stands in paths and texts.
pub(super) const DEVICE: &str = "1";

/// Why the server does not do what it is asked: an HTTP status, and the words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Denied {
    pub status: u16,
    pub description: String,
}

impl Denied {
    pub(super) fn new(status: u16, description: impl Into<String>) -> Self {
        Self { status, description: description.into() }
    }

    /// As the server says it.
    pub(super) fn json(&self) -> Value {
        json!({ "error": { "code": SERVER_ERROR, "description": self.description } })
    }
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::new(400, refusal.description)
    }
}

/// What is to be done next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Rest,
    /// The queue stands.
    LookAfter,
    /// The next task of this request.
    Do(i64),
}

/// The settings that clients may change.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub keep_minutes: i64,
    pub waits_for_paper: bool,
}

/// The server and the register behind it.
pub(super) struct Machine {
    pub register: Register,
    pub queue: Queue,
    pub faults: Faults,
    pub settings: Settings,
    pub is_active: bool,
}

impl Machine {
    /// Goes on where a memory left off.
    pub(super) fn new(register: Register) -> Result<Self, Refusal> {
        let queue = Queue::restarted(register.store().requests()?);
        let waits_for_paper = register.setup.waits_for_paper;
        // Thirty days.
        let settings = Settings { keep_minutes: 43_200, waits_for_paper };
        Ok(Self { register, queue, faults: Faults::default(), settings, is_active: true })
    }

    /// Starts the server anew: what it holds in memory is read again, or gone.
    pub(super) fn restart(&mut self, forgets: bool) -> Result<(), Refusal> {
        if forgets {
            self.register.store().forget_all()?;
        }
        self.queue = Queue::restarted(self.register.store().requests()?);
        Ok(())
    }

    /// Takes a request into the queue.
    pub(super) fn submit(&mut self, uuid: &str, tasks: Vec<Value>) -> Result<Value, Denied> {
        if !self.is_active {
            return Err(Denied::new(409, format!("ККТ [{DEVICE}] не подключена")));
        }
        let Some(request) = self.queue.add(uuid.to_owned(), tasks) else {
            let taken = format!(
                "Не удалось добавить задание с UUID [{uuid}], задание с таким UUID уже есть"
            );
            return Err(Denied::new(409, taken));
        };
        let number = request.seq;
        self.register.store().save(request).map_err(Refusal::from)?;
        let mut answer = json!({ "number": number, "uuid": uuid });
        self.add_block(&mut answer);
        Ok(answer)
    }

    /// What became of a request.
    pub(super) fn outcome(&mut self, uuid: &str) -> Result<Value, Denied> {
        let before = self.register.now() - self.settings.keep_minutes * 60 * SECOND;
        for old in self.queue.forget_old(before) {
            self.register.store().forget(&old).map_err(Refusal::from)?;
        }
        let request = self.queue.get(uuid).ok_or_else(|| unknown(uuid))?;
        let answer = json!({ "results": request.results });
        let is_done = request.state == State::Done;
        if is_done && self.faults.draw(FaultKind::ReadOnce).is_some() {
            self.queue.forget(uuid);
            self.register.store().forget(uuid).map_err(Refusal::from)?;
        }
        Ok(answer)
    }

    pub(super) fn cancel(&mut self, uuid: &str) -> Result<(), Denied> {
        let canceled = self.queue.cancel(uuid, self.register.now());
        let request = canceled.map_err(|why| match why {
            NotCanceled::Unknown => unknown(uuid),
            NotCanceled::Begun => Denied::new(
                409,
                format!(
                    "Задание с UUID [{uuid}] для устройства [{DEVICE}] нельзя отменить \
                     (выполнено, выполняется или уже отменено)"
                ),
            ),
        })?;
        Ok(self.register.store().save(request).map_err(Refusal::from)?)
    }

    pub(super) fn queue_status(&self) -> Value {
        let mut answer = json!({
            "number": self.queue.count(&[State::Waits, State::Runs, State::Blocked]),
            "ready": self.queue.count(&[State::Done]),
            "canceled": self.queue.count(&[State::Canceled]),
        });
        self.add_block(&mut answer);
        answer
    }

    fn add_block(&self, answer: &mut Value) {
        let block = self.queue.blocked().and_then(|request| {
            request.block.as_ref().map(|block| (request.uuid.as_str(), block.reason.as_str()))
        });
        answer["isBlocked"] = block.is_some().into();
        let (uuid, reason) = block.unwrap_or_default();
        answer["blockedUUID"] = uuid.into();
        answer["blockReason"] = reason.into();
    }

    /// A question past the queue.
    pub(super) fn ask(&mut self, kind: &str) -> Result<Value, Denied> {
        if !self.is_active {
            return Err(Denied::new(409, format!("ККТ [{DEVICE}] не подключена")));
        }
        Ok(self.register.perform("", &json!({ "type": kind }), None)?)
    }

    pub(super) fn step(&self) -> Step {
        if !self.is_active {
            return Step::Rest;
        }
        if self.queue.blocked().is_some() {
            return Step::LookAfter;
        }
        self.queue.turn().map_or(Step::Rest, Step::Do)
    }

    /// How long the next task takes, when it is slow.
    pub(super) fn slowness(&mut self) -> Option<Happens> {
        self.faults.draw(FaultKind::Slow)
    }

    /// Says that a task is under way, and does it.
    pub(super) fn begin(&mut self, seq: i64) -> Result<(), Refusal> {
        let Some(request) = self.queue.get_mut(seq) else { return Ok(()) };
        let Some(task) = request.tasks.get(request.next) else { return Ok(()) };
        let before = if task::is_fiscal(task) {
            match self.register.last_number() {
                Ok(number) => Some(number),
                Err(refusal) => {
                    request.fail(&refusal.json(), self.register.now());
                    return Ok(self.register.store().save(request)?);
                }
            }
        } else {
            None
        };
        request.begin(before);
        Ok(self.register.store().save(request)?)
    }

    /// Does the task that was begun.
    pub(super) fn finish(&mut self, seq: i64) -> Result<(), Refusal> {
        let Some(request) = self.queue.get_mut(seq) else { return Ok(()) };
        if request.state != State::Runs {
            return Ok(());
        }
        let Some(task) = request.tasks.get(request.next) else { return Ok(()) };
        let is_fiscal = task::is_fiscal(task);
        let damage = if is_fiscal { damage(&mut self.faults, &mut self.register)? } else { None };
        let outcome = self.register.perform(&request.uuid, task, damage);
        let at = self.register.now();
        let waits = self.settings.waits_for_paper;
        match outcome {
            Ok(result) if waits && result["warnings"]["notPrinted"] == true => {
                request.wait_for_paper(&result);
            }
            Ok(result) => request.ready(&result, at),
            Err(refusal) => match refusal.blocks() {
                Some(reason) if is_fiscal && (reason != "paperError" || waits) => {
                    request.unknown(reason, &refusal);
                }
                _ => request.fail(&refusal.json(), at),
            },
        }
        Ok(self.register.store().save(request)?)
    }

    /// Looks after the request on which the queue stands.
    pub(super) fn recover(&mut self) -> Result<(), Refusal> {
        let Some(seq) = self.queue.blocked().map(|request| request.seq) else { return Ok(()) };
        let Ok(number) = self.register.last_number() else { return Ok(()) };
        let Some(request) = self.queue.get_mut(seq) else { return Ok(()) };
        let Some(block) = request.block.clone() else { return Ok(()) };
        if block.before.is_some_and(|before| number <= before) {
            request.fail(&block.error, self.register.now());
            return Ok(self.register.store().save(request)?);
        }
        let mut result = request.result();
        if block.before.is_some() {
            // The driver has no more to say of a document that it did not see through.
            result = json!({
                "fiscalParams": { "fiscalDocumentNumber": number },
                "warnings": { "notPrinted": true },
            });
        }
        let is_printed = self.register.continue_print().is_ok();
        if is_printed {
            result["warnings"]["notPrinted"] = false.into();
        }
        if is_printed || !self.settings.waits_for_paper {
            request.ready(&result, self.register.now());
            if request.state == State::Blocked {
                request.state = State::Waits;
            }
        } else {
            request.wait_for_paper(&result);
        }
        Ok(self.register.store().save(request)?)
    }

    pub(super) fn request(&self, uuid: &str) -> Option<&Request> {
        self.queue.get(uuid)
    }
}

fn unknown(uuid: &str) -> Denied {
    Denied::new(404, format!("Задание с UUID [{uuid}] для устройства [{DEVICE}] не найдено"))
}

/// What goes wrong at the fiscal task that comes now.
fn damage(faults: &mut Faults, register: &mut Register) -> Result<Option<Damage>, Refusal> {
    if faults.draw(FaultKind::ShiftExpired).is_some() {
        register.age_shift()?;
    }
    if let Some(off) = faults.draw(FaultKind::ClockOff) {
        register.move_clock(off.milliseconds())?;
    }
    let mut draw = |kind| faults.draw(kind);
    Ok(if let Some(lost) = draw(FaultKind::LinkLostBefore) {
        Some(Damage::LinkBefore(lost.pause()))
    } else if let Some(lost) = draw(FaultKind::LinkLostAfter) {
        Some(Damage::LinkAfter(lost.pause()))
    } else if draw(FaultKind::StorageSilent).is_some() {
        Some(Damage::Storage)
    } else if draw(FaultKind::PaperOut).is_some() {
        Some(Damage::PaperOut)
    } else if draw(FaultKind::PaperOutMid).is_some() {
        Some(Damage::PaperMid)
    } else {
        draw(FaultKind::MemoryFull).map(|_| Damage::Full)
    })
}
