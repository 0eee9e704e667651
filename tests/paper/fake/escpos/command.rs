//! What a printer is told, one command at a time.

use super::super::picture::Picture;
use super::real_time::RealTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Bytes that are characters of the chosen code page.
    Text(Vec<u8>),
    LineFeed,
    CarriageReturn,
    Tab,
    /// `ESC D`: in characters from the left.
    TabStops(Vec<u8>),
    /// `ESC @`
    Initialise,
    /// `ESC !`: several marks of the text at once.
    PrintMode(u8),
    /// `GS !`: so many times as wide and as high.
    Size {
        across: usize,
        down: usize,
    },
    Bold(bool),
    DoubleStrike(bool),
    /// How thick, in dots.
    Underline(u8),
    Inverse(bool),
    Font(Font),
    Align(Align),
    /// `ESC t`: its number, which each maker counts as they like.
    CodePage(u8),
    /// `FS &` and `FS .`: two bytes make a Chinese character, or do not.
    Kanji(bool),
    /// `ESC $`: from the left margin, in units.
    MoveTo(u16),
    /// `ESC \`: from here, in units.
    MoveBy(i16),
    /// `ESC SP`
    RightSpace(u8),
    /// `ESC 3`, or by `ESC 2` the usual one.
    LineSpacing(Option<u8>),
    /// `GS P`: units for an inch; 0 is the usual ones.
    Units {
        across: u8,
        down: u8,
    },
    LeftMargin(u16),
    AreaWidth(u16),
    /// `ESC J`
    FeedUnits(u8),
    /// `ESC d`
    FeedLines(u8),
    /// `GS v 0`: printed at once.
    Raster(Picture),
    /// `ESC *`: a band that stands in the line, as a large letter would.
    Band(Picture),
    /// `GS ( L` and `GS 8 L`, functions 112 and 113: kept until it is printed.
    Store(Picture),
    /// Function 50.
    PrintStored,
    Cut(Cut),
    Pulse(Pulse),
    Buzz(Buzz),
    Qr(Qr),
    /// How a bar code looks: height in dots, module's width, where its text stands.
    BarcodeHeight(u8),
    Barcode {
        system: u8,
        data: Vec<u8>,
    },
    Ask(Ask),
    /// `GS ( D`: which real-time commands of `DLE DC4` are heeded.
    Heed {
        pulse: Option<bool>,
        power_off: Option<bool>,
    },
    RealTime(RealTime),
    /// Something that is known and changes nothing here.
    Nothing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Font {
    /// 12 by 24 dots.
    #[default]
    A,
    /// 9 by 17 dots.
    B,
}

impl Font {
    pub fn size(self) -> (usize, usize) {
        match self {
            Self::A => (12, 24),
            Self::B => (9, 17),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub is_full: bool,
    /// Whether the paper is fed to the cutter first, and so many dots more. Where it is not, the
    /// knife falls above what was printed last.
    pub fed: Option<usize>,
}

/// A pulse for a drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// Of the drawer's plug: 2 or 5.
    pub pin: u8,
    pub on_ms: u32,
    pub off_ms: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buzz {
    pub times: u8,
    /// Of one beep and the pause behind it.
    pub cycle_ms: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Qr {
    /// 1 or 2 (50 is 2, which is what everybody reads), or 3 for a micro code.
    Model(u8),
    /// Dots of a module.
    Module(u8),
    /// L, M, Q, H.
    Level(char),
    Data(Vec<u8>),
    Print,
}

/// A question whose answer comes in its turn, when all that stands before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// `GS r n`
    Status(u8),
    /// `GS a n`: to be told from now on; 0 ends it.
    TellChanges(u8),
    /// `GS I n`: what it is.
    Identity(u8),
    /// `GS ( H`: these four come back when what stands before them is printed.
    Printed([u8; 4]),
}
