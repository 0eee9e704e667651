//! Asks a scale until what lies on it lies still.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::either::Either;

use super::serial::{self, LINES, Serial};
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
pub struct Lines {
    taken: Mutex<HashMap<i64, Arc<tokio::sync::Mutex<()>>>>,
    /// Where the box's own lines are named.
    own: PathBuf,
}

impl Default for Lines {
    fn default() -> Self {
        Self { taken: Mutex::default(), own: LINES.into() }
    }
}

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
            let mut lines = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lines.entry(scale.id).or_default())
        };
        let until = Instant::now() + IN_ALL;
        let Ok(_alone) = timeout_at(until, line.lock()).await else {
            return Err(told(Fault::Silent, &scale.name));
        };
        let mut fault = Fault::Unreachable;
        let reading = at_rest(scale, &self.own, &mut fault);
        match timeout_at(until, reading).await {
            Ok(Ok(grams)) => Quantity::new(grams).map_err(|_| told(Fault::TooMuch, &scale.name)),
            Ok(Err(fault)) => Err(told(fault, &scale.name)),
            Err(_) => Err(told(fault, &scale.name)),
        }
    }
}

/// Asks until two answers in a row say the same. A digit that the line changed on its way is not said
/// twice.
async fn at_rest(scale: &Scale, own: &Path, fault: &mut Fault) -> std::result::Result<i64, Fault> {
    let mut last = None;
    loop {
        let Ok(Ok(mut line)) = timeout(CONNECTS, open(&scale.address, own)).await else {
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

/// The line to a scale: over the network, or of the box's own.
async fn open(address: &str, own: &Path) -> io::Result<Either<TcpStream, serial::Line>> {
    match Serial::parse(address) {
        Some(serial) => serial.open(own).map(Either::Right),
        None => TcpStream::connect(address).await.map(Either::Left),
    }
}

/// What a scale answers; none where it answers nothing that can be read.
async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    line: &mut S,
    protocol: ScaleProtocol,
) -> io::Result<Option<Said>> {
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

async fn heard<S: AsyncRead + Unpin>(
    line: &mut S,
    protocol: ScaleProtocol,
) -> io::Result<Option<Said>> {
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

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::unix::fs::symlink;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use tempfile::TempDir;

    use super::*;

    /// Questions, each with its answer.
    type Talk = &'static [(&'static [u8], &'static [u8])];

    /// What scales are asked, and answer, as their makers' documents have it; and how many grams that is.
    const TALKS: [(ScaleProtocol, i64, Talk); 3] = [
        (
            ScaleProtocol::Cas,
            350,
            &[(&[0x05], &[0x06]), (&[0x11], b"\x01\x02S 00.350kg\x67\x03\x04")],
        ),
        (
            ScaleProtocol::MassaK,
            15,
            &[(
                &[0xf8, 0x55, 0xce, 1, 0, 0x23, 0x23, 0],
                b"\xf8\x55\xce\x0d\0\x24\x0f\0\0\0\x01\x01\0\0\0\0\0\0\x7d\x42",
            )],
        ),
        (ScaleProtocol::Mettler, 350, &[(b"SI\r\n", b"S S      0.350 kg\r\n")]),
    ];

    fn play(mut scale: File, talk: Talk) {
        let mut heard = Vec::new();
        let mut byte = [0];
        // Until the box lets go of the line.
        while let Ok(1) = scale.read(&mut byte) {
            heard.push(byte[0]);
            if let Some((_, answer)) = talk.iter().find(|(question, _)| heard.ends_with(question)) {
                heard.clear();
                scale.write_all(answer).unwrap();
            }
        }
    }

    #[tokio::test]
    async fn a_scale_on_a_line_of_the_box_is_read_in_every_protocol() {
        let folder = TempDir::new().unwrap();
        let lines = Lines { taken: Mutex::default(), own: folder.path().into() };
        let of = |protocol| Scale {
            id: 1,
            name: "Bar".into(),
            protocol,
            address: "serial:usb-Scale".into(),
        };
        for (protocol, grams, talk) in TALKS {
            let scale = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
            grantpt(&scale).unwrap();
            unlockpt(&scale).unwrap();
            let other = ptsname(&scale, Vec::new()).unwrap().into_string().unwrap();
            // A line whose last end is closed is gone: this one is not.
            let plugged = File::options().read(true).write(true).open(&other).unwrap();
            let name = folder.path().join("usb-Scale");
            symlink(other, &name).unwrap();
            let playing = std::thread::spawn(move || play(File::from(scale), talk));
            let weight = lines.weigh(&of(protocol)).await.unwrap();
            assert_eq!(weight.thousandths(), grams, "{protocol:?}");
            drop(plugged);
            playing.join().unwrap();
            std::fs::remove_file(name).unwrap();
        }
        let unplugged = lines.weigh(&of(ScaleProtocol::Cas)).await.unwrap_err();
        assert_eq!(unplugged.code, "scale_unreachable");
    }
}
