//! Makes a document, once. What is about to be sent is on the disk before the first byte goes out, with
//! the number of the register's last document; whoever then hears nothing asks by the key, and looks
//! among the documents that the register made since. Nothing is ever sent under a second key before the
//! first is known to have come to nothing.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::body::Body;
use super::job::Making;
use super::reach::reach;
use super::register::{Proof, Refusal, Refused, Register, Silence, Task, Told};
use super::rules::{Found, Wanted, find, passes};
use super::states::{DocumentKind, DocumentState};
use super::store::{self, BeginShift, MarkSent, OpenDocument, Settle, Settled};
use super::types::{Health, ShiftState};
use super::watch::look_again;
use crate::core::error::Result;
use crate::core::jobs::{Job, Outcome};
use crate::platform::app::App;

/// So long one attempt waits for a document that is under way.
const PATIENCE: Duration = Duration::from_secs(15);
/// A document is asked after so often at first, and then.
const SOON: Duration = Duration::from_millis(60);
const LATER: Duration = Duration::from_millis(700);
/// So many documents of others are looked through, and no more.
const MOST_READ: i64 = 300;

/// One attempt at a document.
pub async fn work(app: App, job: Job) -> Outcome {
    let outcome = match attempt(&app, &job).await {
        Ok(outcome) => outcome,
        // The box's own trouble: what was sent is written down, and is asked after.
        Err(error) => Outcome::Unknown(error.to_string()),
    };
    if let Err(error) = look_again(&app, outcome == Outcome::Done).await {
        tracing::warn!(%error, "what is the matter with the fiscal register is not told yet");
    }
    outcome
}

async fn attempt(app: &App, job: &Job) -> Result<Outcome> {
    let Making { document_id } = job.read()?;
    let open = app.store.read(move |db| store::open(db, document_id)).await?;
    let register = reach(&open.account)?;
    make(app, &register, open).await
}

async fn make<R: Register>(app: &App, register: &R, open: OpenDocument) -> Result<Outcome> {
    match open.state {
        DocumentState::Done | DocumentState::Cancelled => return Ok(Outcome::Done),
        DocumentState::Refused => return Ok(Outcome::Failed("the register refuses it".into())),
        DocumentState::Sent | DocumentState::Unknown => return ask(app, register, &open).await,
        DocumentState::Queued => {}
    }
    let health = match prepare(app, register, &open).await? {
        Ready::Yes(health) => health,
        Ready::NotYet(why) => {
            app.store.run(Settle { id: open.id, to: Settled::Waits(why.clone()) }).await?;
            return Ok(Outcome::NotYet(why));
        }
    };
    send(app, register, &open, &health).await
}

/// Whether a document can be made now.
enum Ready {
    Yes(Health),
    NotYet(String),
}

/// How often a register's shift may have to be put right for one document: closed, and opened.
const SHIFT_STEPS: usize = 3;

/// Puts the register's shift right for a document.
async fn prepare<R: Register>(app: &App, register: &R, open: &OpenDocument) -> Result<Ready> {
    let device_id = open.account.id;
    // A shift's own document that nobody knows of comes first.
    let begun = app.store.read(move |db| store::unsettled_shift(db, device_id)).await?;
    if let Some(begun) = begun.filter(|begun| begun.id != open.id) {
        match ask(app, register, &begun).await? {
            Outcome::Done | Outcome::Failed(_) => {}
            Outcome::NotYet(why) | Outcome::Unknown(why) => return Ok(Ready::NotYet(why)),
        }
    }
    for _ in 0..SHIFT_STEPS {
        let health = match register.probe().await {
            Ok(health) => health,
            Err(Silence(why)) => return Ok(Ready::NotYet(why)),
        };
        let Some(kind) = shift_step(open.kind, health.shift) else {
            return Ok(Ready::Yes(health));
        };
        let shift = BeginShift { device_id, kind, cashier: open.body.cashier.clone() };
        let shift = app.store.run(shift).await?;
        match send(app, register, &shift, &health).await? {
            Outcome::Done => {}
            Outcome::NotYet(why) | Outcome::Unknown(why) | Outcome::Failed(why) => {
                return Ok(Ready::NotYet(format!("the shift: {why}")));
            }
        }
    }
    Ok(Ready::NotYet("the register's shift does not stand as it was put".into()))
}

/// What the shift needs before a document.
fn shift_step(kind: DocumentKind, shift: ShiftState) -> Option<DocumentKind> {
    match shift {
        ShiftState::Closed if kind.is_owed() => Some(DocumentKind::OpenShift),
        ShiftState::Expired if kind.is_owed() => Some(DocumentKind::CloseShift),
        _ => None,
    }
}

async fn send<R: Register>(
    app: &App,
    register: &R,
    open: &OpenDocument,
    health: &Health,
) -> Result<Outcome> {
    let before = health.last_number;
    if !app.store.run(MarkSent { id: open.id, before }).await? {
        return Ok(Outcome::Done);
    }
    let sent = OpenDocument { number_before: Some(before), ..open.clone() };
    match register.submit(&sent.uuid, &sent.task()).await {
        Err(Refused::Never(refusal)) => refused(app, &sent, refusal).await,
        // Where nothing was heard it may be there all the same.
        Ok(()) | Err(Refused::Silent(_)) => ask(app, register, &sent).await,
    }
}

/// Asks what became of a document that was sent.
async fn ask<R: Register>(app: &App, register: &R, open: &OpenDocument) -> Result<Outcome> {
    let (begun, mut asked, mut sent_again) = (Instant::now(), 0_u32, false);
    loop {
        match register.outcome(&open.uuid).await {
            Ok(Told::Made(proof)) => return made(app, open, complete(register, proof).await).await,
            Ok(Told::NotMade(refusal)) => return refused(app, open, refusal).await,
            Ok(Told::Pending(why)) if begun.elapsed() > PATIENCE => {
                return wait(app, open, why).await;
            }
            Ok(Told::Pending(_)) => sleep(if asked < 20 { SOON } else { LATER }).await,
            Ok(Told::Forgotten) if sent_again => {
                return wait(app, open, "the register forgets what it is sent".into()).await;
            }
            Ok(Told::Forgotten) => {
                if let Some(outcome) = look(app, register, open).await? {
                    return Ok(outcome);
                }
                // It was not made: under the same key it is made once, however often it arrives.
                sent_again = true;
                match register.submit(&open.uuid, &open.task()).await {
                    Ok(()) => {}
                    Err(Refused::Never(refusal)) => return refused(app, open, refusal).await,
                    Err(Refused::Silent(Silence(why))) => return wait(app, open, why).await,
                }
            }
            Err(Silence(why)) => return wait(app, open, why).await,
        }
        asked += 1;
    }
}

/// After a link was lost the server tells a document's number and nothing else: the storage knows it.
async fn complete<R: Register>(register: &R, proof: Proof) -> Proof {
    match proof.number {
        Some(number) if proof.sign.is_none() => match register.read(number, number).await {
            Ok(mut read) if read.len() == 1 => read.swap_remove(0).proof,
            _ => proof,
        },
        _ => proof,
    }
}

/// Looks for a document whose key the register does not know among those that it made since. None: it
/// was not made.
async fn look<R: Register>(
    app: &App,
    register: &R,
    open: &OpenDocument,
) -> Result<Option<Outcome>> {
    if open.kind == DocumentKind::XReport {
        return Ok(None);
    }
    let health = match register.probe().await {
        Ok(health) => health,
        Err(Silence(why)) => return wait(app, open, why).await.map(Some),
    };
    let (before, last) = (open.number_before.unwrap_or(0), health.last_number);
    if !open.kind.is_fiscal() {
        // It leaves no trace in the storage.
        return unclear(app, open, last).await.map(Some);
    }
    if last == before {
        return Ok(None);
    }
    if last < before || last - before > MOST_READ {
        return unclear(app, open, last).await.map(Some);
    }
    let made_since = match register.read(before + 1, last).await {
        Ok(made_since) => made_since,
        Err(Silence(why)) => return wait(app, open, why).await.map(Some),
    };
    let device_id = open.account.id;
    let ours = app.store.read(move |db| store::numbers_above(db, device_id, before)).await?;
    match find(Wanted::of(open.kind, open.body.receipt.as_ref()), &made_since, &ours) {
        Found::One(proof) => made(app, open, proof).await.map(Some),
        Found::None => Ok(None),
        Found::Several => unclear(app, open, last).await.map(Some),
    }
}

async fn made(app: &App, open: &OpenDocument, proof: Proof) -> Result<Outcome> {
    if app.store.run(Settle { id: open.id, to: Settled::Made(proof) }).await? {
        return Ok(Outcome::Done);
    }
    Ok(Outcome::Unknown("the register names the number of another document".into()))
}

async fn refused(app: &App, open: &OpenDocument, refusal: Refusal) -> Result<Outcome> {
    let why = format!("{} ({})", refusal.words, refusal.code);
    // A document of the shift is not sent again: how the shift stands is looked at anew.
    let is_again = passes(&refusal) && open.kind.is_owed();
    let to = if is_again { Settled::Again(why.clone()) } else { Settled::Refused(why.clone()) };
    app.store.run(Settle { id: open.id, to }).await?;
    Ok(if is_again { Outcome::NotYet(why) } else { Outcome::Failed(why) })
}

async fn wait(app: &App, open: &OpenDocument, why: String) -> Result<Outcome> {
    app.store.run(Settle { id: open.id, to: Settled::Waits(why.clone()) }).await?;
    Ok(Outcome::Unknown(why))
}

/// Nobody but a person can tell.
async fn unclear(app: &App, open: &OpenDocument, seen: i64) -> Result<Outcome> {
    let before = open.number_before.unwrap_or(0);
    let why = format!(
        "the register's last document was {before} before this one was sent, and is {seen} now; \
         what it made since does not tell whether this is among it"
    );
    app.store.run(Settle { id: open.id, to: Settled::Unclear { seen, why: why.clone() } }).await?;
    Ok(Outcome::Unknown(why))
}

impl OpenDocument {
    fn task(&self) -> Task {
        let body: Body = self.body.clone();
        Task { kind: self.kind, body, manner: self.manner.clone() }
    }
}
