//! Asks a scale until what lies on it lies still.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::wire::{Said, answer, questions};
use super::{Scale, ScaleProtocol};
use crate::core::error::{Error, Result};
use crate::core::kernel::Quantity;

/// How long somebody waits for a weight.
const IN_ALL: Duration = Duration::from_secs(4);
/// How long a scale may take to take the call, and to answer.
const CONNECTS: Duration = Duration::from_secs(1);
const ANSWERS: Duration = Duration::from_millis(500);
/// Between two questions.
const PAUSE: Duration = Duration::from_millis(120);
/// No answer of any protocol is longer.
const LONGEST: usize = 256;

/// The lines to scales: a serial line has one reader at a time.
#[derive(Default)]
pub struct Lines(Mutex<HashMap<i64, Arc<tokio::sync::Mutex<()>>>>);

/// Why there is no weight, so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Unreachable,
    Silent,
    Moves,
    Empty,
    TooMuch,
}

impl Lines {
    /// What lies on a scale, at rest.
    ///
    /// # Errors
    /// 409 that says why there is none.
    pub async fn weigh(&self, scale: &Scale) -> Result<Quantity> {
        let line = {
            let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lines.entry(scale.id).or_default())
        };
        let until = Instant::now() + IN_ALL;
        let Ok(_alone) = timeout_at(until, line.lock()).await else {
            return Err(told(Fault::Silent, &scale.name));
        };
        let mut fault = Fault::Unreachable;
        let reading = at_rest(scale, &mut fault);
        match timeout_at(until, reading).await {
            Ok(Ok(grams)) => Quantity::new(grams).map_err(|_| told(Fault::TooMuch, &scale.name)),
            Ok(Err(fault)) => Err(told(fault, &scale.name)),
            Err(_) => Err(told(fault, &scale.name)),
        }
    }
}

/// Asks until two answers in a row say the same. A digit that the line changed on its way is not said
/// twice.
async fn at_rest(scale: &Scale, fault: &mut Fault) -> std::result::Result<i64, Fault> {
    let mut last = None;
    loop {
        let Ok(Ok(mut line)) = timeout(CONNECTS, TcpStream::connect(&scale.address)).await else {
            *fault = Fault::Unreachable;
            sleep(PAUSE).await;
            continue;
        };
        // The line is opened anew when it breaks.
        loop {
            let now = match ask(&mut line, scale.protocol).await {
                Ok(Some(Said::Weight { grams, is_still: true })) => Some(grams),
                Ok(Some(Said::TooMuch)) => return Err(Fault::TooMuch),
                Ok(Some(Said::Weight { .. })) => {
                    *fault = Fault::Moves;
                    None
                }
                Ok(_) => {
                    *fault = Fault::Silent;
                    None
                }
                Err(_) => {
                    *fault = Fault::Silent;
                    break;
                }
            };
            match now {
                Some(grams) if last == Some(grams) && grams > 0 => return Ok(grams),
                // An empty scale may be about to bear something: it is looked at for as long as it goes.
                Some(grams) if grams <= 0 => *fault = Fault::Empty,
                Some(_) => *fault = Fault::Moves,
                None => {}
            }
            last = now;
            sleep(PAUSE).await;
        }
        sleep(PAUSE).await;
    }
}

/// What a scale answers; none where it answers nothing that can be read.
async fn ask(line: &mut TcpStream, protocol: ScaleProtocol) -> io::Result<Option<Said>> {
    let mut said = None;
    for question in questions(protocol) {
        line.write_all(question).await?;
        said = heard(line, protocol).await?;
        if said != Some(Said::GoOn) {
            break;
        }
    }
    Ok(said.filter(|said| *said != Said::GoOn))
}

async fn heard(line: &mut TcpStream, protocol: ScaleProtocol) -> io::Result<Option<Said>> {
    let until = Instant::now() + ANSWERS;
    let (mut all, mut bytes) = (Vec::new(), [0; 64]);
    while all.len() < LONGEST {
        match timeout_at(until, line.read(&mut bytes)).await {
            Err(_) => return Ok(None),
            Ok(Ok(0)) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(Ok(read)) => all.extend_from_slice(&bytes[..read]),
            Ok(Err(error)) => return Err(error),
        }
        if let Some(said) = answer(protocol, &all) {
            return Ok(Some(said));
        }
    }
    Ok(None)
}

fn told(fault: Fault, name: &str) -> Error {
    let (code, detail) = match fault {
        Fault::Unreachable => (
            "scale_unreachable",
            format!(
                "“{name}” does not answer. See that it is on and its cable is in, or type the weight."
            ),
        ),
        Fault::Silent => (
            "scale_silent",
            format!(
                "“{name}” takes the call and says no weight. Another kind of scale may be chosen for it; type the weight meanwhile."
            ),
        ),
        Fault::Moves => (
            "scale_moves",
            format!(
                "What lies on “{name}” does not lie still. Take your hand off and weigh again."
            ),
        ),
        Fault::Empty => (
            "scale_empty",
            format!(
                "Nothing lies on “{name}”, or it is not set to zero. Put the dish on it and weigh again."
            ),
        ),
        Fault::TooMuch => (
            "scale_overloaded",
            format!("More lies on “{name}” than it bears. Take something off and weigh again."),
        ),
    };
    Error::conflict(code, detail).with("scale", name)
}
