//! Printers over HTTP: a document is posted, and the answer says what became of it. They are asked how
//! they are first, so that a page which surely cannot be printed is not sent.

use std::io;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response, header};
use tokio::time::sleep;

use super::address::{Dialect, authority};
use super::status::{Doubt, Status, Trouble};
use super::talk::{End, Manner, Report};
use super::work::Work;
use super::{epos, webprnt};

/// How long a printer may take to take our call: it is in the same network.
const CONNECTS: Duration = Duration::from_secs(2);
/// How long it may take to answer how it is.
const ANSWERS: Duration = Duration::from_secs(5);
/// How long it may print, and answer.
const PRINTS: Duration = Duration::from_secs(20);
/// How often it is asked what became of a page whose answer was lost, and how long it rests between.
const ASKS: u32 = 3;
const RESTS: Duration = Duration::from_secs(1);
/// The longest answer that is read.
const LONGEST: usize = 64 * 1024;

/// A printer over HTTP.
pub struct Web<'a> {
    /// What it speaks.
    pub dialect: Dialect,
    /// An IP address or a name.
    pub host: &'a str,
    /// The port.
    pub port: u16,
}

/// What a printer answered.
enum Answer {
    Epos(epos::Answer),
    WebPrnt(webprnt::Answer),
}

impl Answer {
    fn status(&self) -> Status {
        match self {
            Self::Epos(answer) => answer.status(),
            Self::WebPrnt(answer) => answer.status(),
        }
    }

    fn end(&self) -> End {
        match self {
            Self::Epos(answer) => answer.end(),
            Self::WebPrnt(answer) => answer.end(),
        }
    }
}

impl Web<'_> {
    /// How it is.
    ///
    /// # Errors
    /// When nobody answers there, or somebody who is no printer (`InvalidData`).
    pub async fn ask(&self) -> io::Result<Option<Status>> {
        match self.post(None, None, ANSWERS).await {
            Ok(answer) => Ok(Some(answer.status())),
            Err(End::NotSent(Trouble::NotAPrinter)) => Err(io::ErrorKind::InvalidData.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// Does something. `name`: by which a printer that knows names is asked what became of it.
    pub async fn print(&self, work: &Work, name: &str) -> Report {
        let before = match self.ask().await {
            Ok(before) => before,
            Err(error) => return Report::of(End::NotSent(Trouble::of(&error)), None),
        };
        if let Some(trouble) = before.and_then(|status| status.trouble) {
            return Report::of(End::NotSent(trouble), before);
        }
        let (end, status) = match self.post(Some(work), Some(name), PRINTS).await {
            Ok(answer) => (answer.end(), Some(answer.status())),
            Err(end) => (end, before),
        };
        let is_known = matches!(end, End::Unsure(_)) && self.has_printed(name).await;
        let end = if is_known { End::Printed } else { end };
        let manner = (end == End::Printed).then_some(Manner::Full);
        Report { end, status, manner }
    }

    /// Of a page whose answer was lost or says nothing: whether the printer knows that it printed it.
    async fn has_printed(&self, name: &str) -> bool {
        if self.dialect != Dialect::Epos {
            return false;
        }
        for _ in 0..ASKS {
            sleep(RESTS).await;
            if let Ok(Answer::Epos(answer)) = self.post(None, Some(name), ANSWERS).await
                && answer.has_printed(name)
            {
                return true;
            }
        }
        false
    }

    /// Posts a document. Where no answer is heard: how that ended.
    async fn post(
        &self,
        work: Option<&Work>,
        name: Option<&str>,
        within: Duration,
    ) -> Result<Answer, End> {
        let (path, body) = match self.dialect {
            Dialect::Epos => (epos::PATH, epos::request(work, name)),
            Dialect::WebPrnt => (webprnt::PATH, webprnt::request(work)),
        };
        let client = client(within).map_err(|_| End::NotSent(Trouble::Unreachable))?;
        let url = format!("http://{}{path}", authority(self.host, self.port));
        let asked = client
            .post(url)
            .header(header::CONTENT_TYPE, "text/xml; charset=utf-8")
            .header("SOAPAction", "\"\"")
            .body(body);
        let reply = asked.send().await.map_err(|error| {
            if error.is_connect() {
                End::NotSent(Trouble::Unreachable)
            } else {
                End::Unsure(if error.is_timeout() { Doubt::NotConfirmed } else { Doubt::LineBroke })
            }
        })?;
        match reply.status().as_u16() {
            200 => {}
            // Its server is there, and too busy to take anything.
            503 => return Err(End::NotSent(Trouble::Offline)),
            500..=599 if work.is_none() => return Err(End::NotSent(Trouble::Offline)),
            500..=599 => return Err(End::Unsure(Doubt::NotConfirmed)),
            _ => return Err(End::NotSent(Trouble::NotAPrinter)),
        }
        let body = read(reply).await.ok_or(End::Unsure(Doubt::LineBroke))?;
        let answer = match self.dialect {
            Dialect::Epos => epos::Answer::read(&body).map(Answer::Epos),
            Dialect::WebPrnt => webprnt::Answer::read(&body).map(Answer::WebPrnt),
        };
        answer.ok_or(match work {
            None => End::NotSent(Trouble::NotAPrinter),
            Some(_) => End::Unsure(Doubt::NotConfirmed),
        })
    }
}

/// Straight to the printer, which has one place for callers: no line is kept open.
fn client(within: Duration) -> reqwest::Result<Client> {
    Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .connect_timeout(CONNECTS)
        .timeout(within)
        .pool_max_idle_per_host(0)
        .build()
}

/// The whole answer; none where it breaks off, or is longer than a printer's can be.
async fn read(mut reply: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(piece) = reply.chunk().await.ok()? {
        body.extend_from_slice(&piece);
        if body.len() > LONGEST {
            return None;
        }
    }
    Some(body)
}
