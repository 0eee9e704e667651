//! ESC/POS: what a printer makes of bytes.
//!
//! After Epson's command reference, in standard mode. Not here, and so an error: page mode, pictures
//! and fonts that are kept in the printer, macros, text that stands on its side. Characters are drawn
//! as cells that tell them apart, not as letters; a bar code leaves its height blank.

pub mod code_pages;
pub mod command;
pub mod line;
pub mod mechanism;
mod parse;
mod parse_gs;
pub mod qr;
pub mod real_time;

use std::fmt;

use command::{Ask, Buzz, Command, Cut, Pulse};
use line::Line;
use mechanism::Mechanism;
use parse::Stop;
use real_time::{Anywhere, RealTime};

use super::picture::Picture;

/// What a model is like.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Of a row.
    pub dots: usize,
    /// Dots of an inch.
    pub dpi: usize,
    /// Units of an inch in which distances are told, until `GS P`.
    pub units: (usize, usize),
    pub code_pages: code_pages::Table,
    /// A number that it does not know changes nothing, and a byte that its page has no character for
    /// is a blot; else both are faults.
    pub puts_up_with_pages: bool,
    /// Switched on and initialised it reads Chinese, until `FS .`.
    pub begins_in_chinese: bool,
    /// From the row that burns to the knife.
    pub head_to_knife: usize,
}

impl Profile {
    /// 80 mm of paper, as Epson's TM-T20 and m30.
    pub fn wide() -> Self {
        Self {
            dots: 576,
            dpi: 203,
            units: (203, 203),
            code_pages: code_pages::EPSON,
            puts_up_with_pages: false,
            begins_in_chinese: false,
            head_to_knife: 112,
        }
    }

    /// 58 mm of paper.
    pub fn narrow() -> Self {
        Self { dots: 384, ..Self::wide() }
    }

    /// Epson's TM-T88: 180 dots an inch, and distances down in half dots.
    pub fn tm_t88() -> Self {
        Self { dots: 512, dpi: 180, units: (180, 360), ..Self::wide() }
    }

    /// One of those that print Cyrillic as hieroglyphs.
    pub fn chinese() -> Self {
        Self { begins_in_chinese: true, code_pages: code_pages::NETUM, ..Self::wide() }
    }
}

/// What a printer could not make sense of, and where in the stream it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub offset: usize,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No command begins so.
    Unknown(Vec<u8>),
    /// The stream ends within a command, after so many bytes of it.
    Truncated(usize),
    OutOfRange {
        of: &'static str,
        value: usize,
    },
    WrongLength {
        of: &'static str,
        needed: usize,
        found: usize,
    },
    /// It does nothing while characters stand in the line.
    NotAtLineStart,
    NoCodePage(u8),
    NoCharacter(u8),
    /// A picture or a code that is wider than where it may stand.
    SticksOut {
        width: usize,
        room: usize,
    },
    NothingStored,
    StoredTwice,
    /// What cannot be a code.
    NoCode(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {:?}", self.offset, self.why)
    }
}

/// What a printer does, with the place in the stream of what told it to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    pub offset: usize,
    pub what: T,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Initialised,
    /// Characters that were in the line and will not be printed.
    Lost(String),
    Line(String),
    /// Where it stands on the page, and its size.
    Picture {
        left: usize,
        top: usize,
        width: usize,
        height: usize,
    },
    Fed(usize),
    Cut(Cut),
    Pulse(Pulse),
    Buzz(Buzz),
    Qr(String),
    Barcode(String),
    Asked(Ask),
    RealTime(RealTime),
}

/// The paper between two cuts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub picture: Picture,
    pub lines: Vec<Line>,
    /// The texts of codes that the printer drew itself.
    pub codes: Vec<String>,
    /// None where it is still in the printer.
    pub cut: Option<Cut>,
}

impl Page {
    pub fn new(width: usize) -> Self {
        let picture = Picture::blank(width, 0);
        Self { picture, lines: Vec::new(), codes: Vec::new(), cut: None }
    }

    pub fn text(&self) -> String {
        self.lines.iter().map(|line| line.text() + "\n").collect()
    }

    /// Whether the knife went through what was printed, or left some of it in the printer.
    pub fn is_cut_short(&self, profile: &Profile) -> bool {
        let is_fed = self.cut.is_none_or(|cut| cut.fed.is_some());
        !is_fed && !self.picture.is_blank() && self.picture.blank_below() < profile.head_to_knife
    }
}

/// All that came of a stream.
#[derive(Clone, Debug)]
pub struct Decoded {
    pub pages: Vec<Page>,
    /// What came behind the last cut.
    pub rest: Page,
    /// Characters that wait for the end of their line.
    pub unprinted: String,
    pub events: Vec<At<Event>>,
    /// Bytes in the data of a command that a printer obeys at once: it opens a drawer, or forgets
    /// what waits, because a picture happens to look so.
    pub inside: Vec<At<RealTime>>,
}

impl Decoded {
    pub fn pulses(&self) -> Vec<Pulse> {
        let pulses = self.events.iter().filter_map(|event| match event.what {
            Event::Pulse(pulse) => Some(pulse),
            _ => None,
        });
        pulses.collect()
    }

    pub fn asked(&self) -> Vec<Ask> {
        let asked = self.events.iter().filter_map(|event| match event.what {
            Event::Asked(ask) => Some(ask),
            _ => None,
        });
        asked.collect()
    }
}

/// Reads a whole stream; the first thing that a printer would stumble over is an error.
pub fn decode(bytes: &[u8], profile: &Profile) -> Result<Decoded, Fault> {
    let mut mechanism = Mechanism::new(profile.clone());
    let mut inside = Anywhere::default().find(bytes);
    let mut offset = 0;
    while offset < bytes.len() {
        let (command, length) = match parse::first(&bytes[offset..]) {
            Ok(found) => found,
            Err(Stop::More) => {
                return Err(Fault { offset, why: Why::Truncated(bytes.len() - offset) });
            }
            Err(Stop::Fault(why)) => return Err(Fault { offset, why }),
        };
        if let Command::RealTime(command) = command {
            inside.retain(|(at, _)| *at != offset);
            mechanism.obey(offset, command);
        } else {
            mechanism.run(offset, command).map_err(|why| Fault { offset, why })?;
        }
        offset += length;
    }
    let inside = inside.into_iter().filter(|(_, command)| mechanism.heeds(*command));
    let inside = inside.map(|(offset, what)| At { offset, what }).collect();
    let Mechanism { pages, page, events, .. } = mechanism;
    let unprinted = mechanism.line.text();
    Ok(Decoded { pages, rest: page, unprinted, events, inside })
}

/// The first command of a stream that goes on, with its length; none while it is not all here.
pub fn next(bytes: &[u8]) -> Result<Option<(Command, usize)>, Why> {
    match parse::first(bytes) {
        Ok(found) => Ok(Some(found)),
        Err(Stop::More) => Ok(None),
        Err(Stop::Fault(why)) => Err(why),
    }
}
