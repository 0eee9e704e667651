//! A printer in the network that does what it is told: answers or not, has paper or not, breaks the
//! line. It takes one call at a time, as most do.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// It hangs up at once.
    HangsUp,
    /// It breaks the line after so many bytes.
    Breaks(usize),
    /// It takes everything, loses its power and prints nothing.
    Forgets,
    /// It prints, and the line breaks before it says so.
    Mumbles,
}

/// A page may be sent five times; so many faults in a row leave one of these.
const MOST_IN_A_ROW: usize = 3;

/// Dice that fall alike each time (xorshift).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    /// Faults for so many pages, four of ten of them something.
    pub fn faults(&mut self, pages: usize) -> Vec<Fault> {
        let mut in_a_row = 0;
        let mut fault = || {
            let fault = match self.throw(10) {
                _ if in_a_row == MOST_IN_A_ROW => Fault::None,
                0 => Fault::HangsUp,
                1 => Fault::Breaks(usize::try_from(self.throw(9000)).unwrap()),
                2 => Fault::Forgets,
                3 => Fault::Mumbles,
                _ => Fault::None,
            };
            in_a_row = if fault == Fault::None { 0 } else { in_a_row + 1 };
            fault
        };
        (0..pages).map(|_| fault()).collect()
    }
}

/// How the printer is.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct Inside {
    /// Whether it says nothing of itself.
    pub is_silent: bool,
    /// Whether it does not know the question behind a page.
    pub is_simple: bool,
    /// Whether it is out of paper.
    pub is_out_of_paper: bool,
    /// Whether its cover is open.
    pub is_open: bool,
    /// What goes wrong with the pages that come, each with one; the last one first.
    pub faults: Vec<Fault>,
    /// What was printed: the dots of each page, and how many rows it has.
    pub pages: Vec<Page>,
    /// How often its drawer was opened.
    pub pulses: usize,
    /// How many calls it took.
    pub calls: usize,
    /// How many bytes it reads in a millisecond; as they come where it is 0.
    pub slowness: usize,
}

/// A page that was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Bytes in a row.
    pub row_bytes: usize,
    /// Its rows.
    pub dots: Vec<u8>,
}

#[derive(Clone)]
pub struct FakePrinter {
    pub address: String,
    inside: Arc<Mutex<Inside>>,
}

impl FakePrinter {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let printer = Self { address, inside: Arc::default() };
        let this = printer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                this.inside().calls += 1;
                let _ = this.serve(stream).await;
            }
        });
        printer
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    pub fn pages(&self) -> Vec<Page> {
        self.inside().pages.clone()
    }

    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        if self.inside().faults.pop_if(|fault| *fault == Fault::HangsUp).is_some() {
            return Ok(());
        }
        // Who only asks how it is meets none.
        let mut fault = None;
        let (mut waiting, mut page, mut taken) = (Vec::new(), Vec::new(), 0);
        let mut row_bytes = 0;
        loop {
            let mut bytes = [0; 1024];
            let read = stream.read(&mut bytes).await?;
            if read == 0 {
                return Ok(());
            }
            taken += read;
            waiting.extend_from_slice(&bytes[..read]);
            while let Some((what, length)) = command(&waiting) {
                if fault.is_none() && !matches!(what, What::Ask(_)) {
                    fault = Some(self.inside().faults.pop().unwrap_or_default());
                }
                match what {
                    What::Rows { row_bytes: bytes, from } => {
                        row_bytes = bytes;
                        page.extend_from_slice(&waiting[from..length]);
                    }
                    What::Pulse => self.inside().pulses += 1,
                    What::Cut if fault == Some(Fault::Forgets) => return Ok(()),
                    What::Cut => {
                        let dots = std::mem::take(&mut page);
                        self.inside().pages.push(Page { row_bytes, dots });
                    }
                    What::Ask(question) => self.answer(&mut stream, question).await?,
                    What::AskBehind if fault == Some(Fault::Mumbles) => {
                        return Ok(());
                    }
                    What::AskBehind => self.answer_behind(&mut stream).await?,
                    What::Other => {}
                }
                waiting.drain(..length);
            }
            if matches!(fault, Some(Fault::Breaks(after)) if taken >= after) {
                return Ok(());
            }
            let slowness = self.inside().slowness;
            if let Some(time) = read.checked_div(slowness) {
                let time = u64::try_from(time).unwrap();
                tokio::time::sleep(Duration::from_millis(time)).await;
            }
        }
    }

    async fn answer(&self, stream: &mut TcpStream, question: u8) -> io::Result<()> {
        let byte = {
            let inside = self.inside();
            if inside.is_silent {
                return Ok(());
            }
            let is_off = inside.is_out_of_paper || inside.is_open;
            match question {
                1 if is_off => 0x1A,
                2 => {
                    0x12 | (u8::from(inside.is_open) << 2) | (u8::from(inside.is_out_of_paper) << 5)
                }
                4 if inside.is_out_of_paper => 0x7E,
                _ => 0x12,
            }
        };
        stream.write_all(&[byte]).await
    }

    async fn answer_behind(&self, stream: &mut TcpStream) -> io::Result<()> {
        let says = {
            let inside = self.inside();
            !inside.is_silent && !inside.is_simple
        };
        if says { stream.write_all(&[0]).await } else { Ok(()) }
    }
}

enum What {
    Rows { row_bytes: usize, from: usize },
    Pulse,
    Cut,
    Ask(u8),
    AskBehind,
    Other,
}

/// The first command of these bytes, and how long it is; none where more must come.
fn command(bytes: &[u8]) -> Option<(What, usize)> {
    let (what, length) = match bytes {
        [0x1B, b'@', ..] => (What::Other, 2),
        [0x1B, b'B', ..] => (What::Other, 4),
        [0x1B, b'd', ..] => (What::Cut, 3),
        [0x1B, b'p', ..] => (What::Pulse, 5),
        [0x1D, b'V', 66, ..] => (What::Cut, 4),
        [0x10, 4, question, ..] => (What::Ask(*question), 3),
        [0x1D, b'r', 1, ..] => (What::AskBehind, 3),
        [0x1D, b'v', b'0', 0, x, x_high, y, y_high, ..] => {
            let count = |low: u8, high: u8| usize::from(low) + 256 * usize::from(high);
            let row_bytes = count(*x, *x_high);
            (What::Rows { row_bytes, from: 8 }, 8 + row_bytes * count(*y, *y_high))
        }
        [first, ..] if ![0x10, 0x1B, 0x1D].contains(first) => panic!("{first:x} is no command"),
        _ => return None,
    };
    (bytes.len() >= length).then_some((what, length))
}
