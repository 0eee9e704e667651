//! Talks to a printer over a stream of bytes: asks how it is, sends a page, and finds out whether that
//! was printed. What cannot be known is not guessed.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::escpos::Bytes;
use super::status::{
    ASK_BEHIND, ASKS, Doubt, Status, Trouble, is_answer, is_answer_behind, is_talk, status,
};

/// How long a printer may take to answer how it is; those that never answer cost a job so much once.
const ANSWER: Duration = Duration::from_millis(500);
/// How long it may take nothing.
const STALLS: Duration = Duration::from_secs(15);
/// How long it may print after all was sent, before anybody asks what is the matter.
const PRINTS: Duration = Duration::from_secs(3);
/// How often it may say that it is well, and not that it has printed, until that is believed: some do
/// not know the question behind the page.
const WELL_ENOUGH: u32 = 2;
/// How long all that may take in all.
const CONFIRMS: Duration = Duration::from_mins(1);
/// Within this time a machine says that a line was hung up.
const REFUSES: Duration = Duration::from_millis(300);
/// Prints nothing: `ESC @`.
const INITIALISE: [u8; 2] = [0x1B, b'@'];
/// How long a printer that answers nothing may take to close the line after us.
const CLOSES: Duration = Duration::from_secs(1);

/// How much a printer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = PrinterManner)]
pub enum Manner {
    /// How it is, and when it has printed what stands before the question.
    Full,
    /// How it is.
    Simple,
    /// Nothing: that it takes a page is all that can be known.
    Silent,
}

/// How the sending of a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It is on paper, as far as anybody can know.
    Printed,
    /// Surely nothing of it is on paper.
    NotSent(Trouble),
    /// It may be on paper, or a part of it.
    Unsure(Doubt),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How it ended.
    pub end: End,
    /// What the printer said of itself; none where it said nothing.
    pub status: Option<Status>,
    /// How much it says, as far as this showed.
    pub manner: Option<Manner>,
}

impl Report {
    /// One that shows nothing of the printer's manner.
    pub fn of(end: End, status: Option<Status>) -> Self {
        Self { end, status, manner: None }
    }

    fn shows(self, manner: Manner) -> Self {
        Self { manner: Some(manner), ..self }
    }
}

/// How a printer is; none where it does not say. One that will not write any more is an error
/// (`UnexpectedEof`): it may have hung up, or read on. So is who talks as no printer does
/// (`InvalidData`).
pub async fn ask<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> io::Result<Option<Status>> {
    let (mut answers, mut heard) = ([None; 4], Vec::new());
    for (question, answer) in ASKS.iter().zip(&mut answers) {
        stream.write_all(question).await?;
        stream.flush().await?;
        *answer = answered(stream, is_answer, Instant::now() + ANSWER, &mut heard).await?;
        if answer.is_none() {
            break;
        }
    }
    Ok(answers[0].map(|_| status(answers)))
}

/// The first byte until then that answers a question; none where none comes. `heard`: all that came.
async fn answered<S: AsyncRead + Unpin>(
    stream: &mut S,
    is_it: fn(u8) -> bool,
    until: Instant,
    heard: &mut Vec<u8>,
) -> io::Result<Option<u8>> {
    loop {
        let mut byte = [0];
        match timeout_at(until, stream.read(&mut byte)).await {
            Err(_) => return Ok(None),
            Ok(Ok(0)) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(Ok(_)) => heard.extend(byte),
            Ok(Err(error)) => return Err(error),
        }
        if is_talk(heard) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if is_it(byte[0]) {
            return Ok(Some(byte[0]));
        }
    }
}

/// Sends a page to a printer that says so much, as far as that is known: it is asked how it is before
/// and after.
pub async fn send<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    bytes: &Bytes,
    manner: Option<Manner>,
) -> Report {
    let not_sent = |trouble, status| Report::of(End::NotSent(trouble), status);
    let before = if manner == Some(Manner::Silent) { Ok(None) } else { ask(stream).await };
    let is_mute = matches!(&before, Err(error) if error.kind() == io::ErrorKind::UnexpectedEof);
    let before = if is_mute { Ok(None) } else { before };
    let before = match before {
        Ok(before) => before,
        Err(error) => return not_sent(Trouble::of(&error), None),
    };
    if let Some(trouble) = before.and_then(|status| status.trouble) {
        return not_sent(trouble, before);
    }
    if before.is_none() && matches!(manner, Some(Manner::Full | Manner::Simple)) {
        // It can answer and does not: whatever is the matter, it is not well.
        return not_sent(Trouble::Offline, before);
    }
    if pass(stream, &bytes.before).await.is_err() || (is_mute && still_takes(stream).await.is_err())
    {
        return not_sent(Trouble::Unreachable, before);
    }
    for piece in &bytes.pieces {
        if let Err(why) = pass(stream, piece).await {
            let status = told(stream, before).await;
            return Report::of(End::Unsure(why), status);
        }
    }
    match before {
        Some(_) if manner == Some(Manner::Simple) => is_well(stream, before).await,
        Some(_) => confirm(stream, before, manner).await,
        None => match let_go(stream).await {
            stranger @ Report { end: End::NotSent(_), .. } => stranger,
            report => report.shows(Manner::Silent),
        },
    }
}

/// Writes, as long as the printer takes it.
async fn pass<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> Result<(), Doubt> {
    let writing = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    match timeout(STALLS, writing).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Doubt::LineBroke),
        Err(_) => Err(Doubt::Stalled),
    }
}

/// Whether somebody still reads: to what is sent to a line that was hung up the machine there answers
/// that it knows no such line, and then nothing more can be sent.
async fn still_takes<S: AsyncWrite + Unpin>(stream: &mut S) -> Result<(), Doubt> {
    sleep(REFUSES).await;
    pass(stream, &INITIALISE).await
}

/// How it is now, if it still says.
async fn told<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    known: Option<Status>,
) -> Option<Status> {
    match timeout(4 * ANSWER, ask(stream)).await {
        Ok(Ok(Some(status))) if known.is_some() => Some(status),
        _ => known,
    }
}

/// Finds out whether a page was printed that was sent whole: the printer answers a question that
/// stands behind it, or says often enough that it is well. One that has answered that question before
/// is not believed without: it may have taken the page for the rest of another.
async fn confirm<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    known: Option<Status>,
    manner: Option<Manner>,
) -> Report {
    let unsure = |why, status| Report::of(End::Unsure(why), status);
    let printed = |status| Report::of(End::Printed, status);
    let mut status = known;
    if pass(stream, &ASK_BEHIND).await.is_err() {
        return unsure(Doubt::LineBroke, status);
    }
    let (end, mut well, mut heard) = (Instant::now() + CONFIRMS, 0, Vec::new());
    while Instant::now() < end {
        match answered(stream, is_answer_behind, Instant::now() + PRINTS, &mut heard).await {
            Ok(Some(_)) => {
                let _ = close(stream).await;
                return printed(status).shows(Manner::Full);
            }
            Ok(None) => {}
            Err(_) => return unsure(Doubt::LineBroke, status),
        }
        match ask(stream).await {
            Ok(Some(now)) => {
                status = Some(now);
                if let Some(trouble) = now.trouble {
                    return unsure(Doubt::Is(trouble), status);
                }
                well += 1;
            }
            Ok(None) => {}
            Err(_) => return unsure(Doubt::LineBroke, status),
        }
        if well >= WELL_ENOUGH && manner != Some(Manner::Full) {
            let _ = close(stream).await;
            return printed(status).shows(Manner::Simple);
        }
    }
    unsure(Doubt::NotConfirmed, status)
}

/// Of a printer that says how it is, and no more: whether it is well behind the page.
async fn is_well<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    known: Option<Status>,
) -> Report {
    let unsure = |why, status| Report::of(End::Unsure(why), status);
    match ask(stream).await {
        Ok(Some(status)) => match status.trouble {
            Some(trouble) => unsure(Doubt::Is(trouble), Some(status)),
            None => Report { status: Some(status), ..let_go(stream).await },
        },
        Ok(None) => unsure(Doubt::NotConfirmed, known),
        Err(_) => unsure(Doubt::LineBroke, known),
    }
}

/// Of a printer that says nothing all that can be known is whether it took the bytes.
async fn let_go<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Report {
    if let Err(why) = still_takes(stream).await {
        return Report::of(End::Unsure(why), None);
    }
    let end = match close(stream).await {
        Ok(()) => End::Printed,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            End::NotSent(Trouble::of(&error))
        }
        Err(_) => End::Unsure(Doubt::LineBroke),
    };
    Report::of(end, None)
}

/// Ends our side, and waits a moment for the printer's: whoever closes while bytes are under way may
/// lose them. Who talks as no printer does is an error (`InvalidData`).
async fn close<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> io::Result<()> {
    stream.shutdown().await?;
    let mut rest = [0; 64];
    let end = Instant::now() + CLOSES;
    loop {
        match timeout_at(end, stream.read(&mut rest)).await {
            Err(_) | Ok(Ok(0)) => return Ok(()),
            Ok(Ok(read)) if is_talk(&rest[..read]) => {
                return Err(io::ErrorKind::InvalidData.into());
            }
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(error),
        }
    }
}
