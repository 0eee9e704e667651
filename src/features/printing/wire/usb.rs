//! Printers on the box's own USB sockets. The kernel's `usblp` gives each a device `/dev/usb/lpN`, whose
//! number changes with every plug: a printer is known by its serial number.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use rustix::fs::OFlags;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::time::{Sleep, sleep};

/// What the address of a printer on USB begins with.
pub const SCHEME: &str = "usb:";
/// A box has fewer sockets than this, hubs and all.
const MOST: usize = 32;
/// Longer serial numbers are cut: an address is to be read by people.
const LONGEST: usize = 64;
/// A printer that has nothing to say answers a read with nothing, at once: it is asked again after this.
const RESTS: Duration = Duration::from_millis(20);

/// A printer that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugged {
    /// Its serial number as it stands in an address, or its socket where it has none of its own.
    pub id: String,
    /// What it calls itself.
    pub name: Option<String>,
    device: PathBuf,
}

/// Where the kernel shows printers.
pub struct Bus {
    sys: PathBuf,
    dev: PathBuf,
}

impl Bus {
    /// The machine's.
    pub fn own() -> Self {
        Self { sys: "/sys/class/usbmisc".into(), dev: "/dev/usb".into() }
    }

    /// The printers that are plugged in.
    pub fn printers(&self) -> Vec<Plugged> {
        let Ok(entries) = fs::read_dir(&self.sys) else { return Vec::new() };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<_> = names.filter(|name| name.starts_with("lp")).take(MOST).collect();
        names.sort();
        let found: Vec<_> = names.iter().filter_map(|name| self.look(name)).collect();
        // Makers who give all their printers one number give them none.
        let mut count: HashMap<&str, usize> = HashMap::new();
        for (serial, ..) in &found {
            *count.entry(serial).or_default() += 1;
        }
        let is_own = |serial: &str| !serial.is_empty() && count.get(serial) == Some(&1);
        found
            .iter()
            .map(|(serial, socket, name, device)| Plugged {
                id: if is_own(serial) { serial.clone() } else { format!("port-{socket}") },
                name: name.clone(),
                device: device.clone(),
            })
            .collect()
    }

    /// Its serial number, its socket (`1-1.2`), what it calls itself, and its device.
    fn look(&self, name: &str) -> Option<(String, String, Option<String>, PathBuf)> {
        // The link leads to the printer's interface; above it stands the printer.
        let interface = fs::canonicalize(self.sys.join(name).join("device")).ok()?;
        let printer = interface.parent()?;
        let told = |file: &str| fs::read_to_string(printer.join(file)).unwrap_or_default();
        let called = format!("{} {}", told("manufacturer").trim(), told("product").trim());
        let name_told = Some(called.trim().to_owned()).filter(|called| !called.is_empty());
        let socket = plain(printer.file_name()?.to_str()?);
        Some((plain(&told("serial")), socket, name_told, self.dev.join(name)))
    }

    /// Opens the line to a printer.
    ///
    /// # Errors
    /// When it is not plugged in, or the box may not write to it.
    pub fn open(&self, id: &str) -> io::Result<Line> {
        let plugged = self.printers().into_iter().find(|one| one.id == id);
        Line::open(&plugged.ok_or(io::ErrorKind::NotFound)?.device)
    }
}

/// A text as it may stand in an address.
pub fn plain(text: &str) -> String {
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    text.trim().chars().filter(is_kept).take(LONGEST).collect::<String>().to_ascii_lowercase()
}

/// The line to a printer on USB.
#[derive(Debug)]
pub struct Line {
    from: Receiver,
    to: Sender,
    rests: Option<Pin<Box<Sleep>>>,
}

impl Line {
    /// Opens it once: a second opener is told that it is busy.
    fn open(device: &Path) -> io::Result<Self> {
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(device)?;
        // A device of characters is read and written as a pipe is.
        let to = Sender::from_file_unchecked(file.try_clone()?)?;
        Ok(Self { from: Receiver::from_file_unchecked(file)?, to, rests: None })
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if let Some(rests) = &mut self.rests {
                ready!(rests.as_mut().poll(context));
                self.rests = None;
            }
            let before = into.filled().len();
            ready!(Pin::new(&mut self.from).poll_read(context, into))?;
            if into.filled().len() > before || into.remaining() == 0 {
                return Poll::Ready(Ok(()));
            }
            self.rests = Some(Box::pin(sleep(RESTS)));
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.to).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.to).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.to).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::unix::fs::symlink;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    use tempfile::TempDir;

    use super::super::escpos::encode;
    use super::super::talk::{self, End, Manner};
    use super::super::work::{Extras, Page, Work};
    use super::*;
    use crate::features::printing::paper::Bitmap;

    /// A machine's sockets.
    struct Sockets {
        root: TempDir,
    }

    impl Sockets {
        fn new() -> Self {
            let root = TempDir::new().unwrap();
            fs::create_dir_all(root.path().join("class")).unwrap();
            fs::create_dir_all(root.path().join("dev")).unwrap();
            Self { root }
        }

        fn bus(&self) -> Bus {
            Bus { sys: self.root.path().join("class"), dev: self.root.path().join("dev") }
        }

        /// As the kernel shows a printer: a link to its interface, which lies below the printer.
        fn plug(&self, lp: &str, socket: &str, told: &[(&str, &str)]) {
            let printer = self.root.path().join("devices/usb1").join(socket);
            let shown = printer.join(format!("{socket}:1.0/usbmisc")).join(lp);
            fs::create_dir_all(&shown).unwrap();
            symlink(printer.join(format!("{socket}:1.0")), shown.join("device")).unwrap();
            symlink(&shown, self.root.path().join("class").join(lp)).unwrap();
            for (file, text) in told {
                fs::write(printer.join(file), format!("{text}\n")).unwrap();
            }
        }

        /// The end of a line at which a printer stands.
        fn wire(&self, lp: &str) -> File {
            let printer = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
            grantpt(&printer).unwrap();
            unlockpt(&printer).unwrap();
            let other =
                PathBuf::from(ptsname(&printer, Vec::new()).unwrap().into_string().unwrap());
            let device = OpenOptions::new().read(true).write(true).open(&other).unwrap();
            let mut manner = tcgetattr(&device).unwrap();
            manner.make_raw();
            tcsetattr(&device, OptionalActions::Now, &manner).unwrap();
            // Open as long as the printer's end is: a terminal forgets all when the last one leaves.
            std::mem::forget(device);
            symlink(other, self.root.path().join("dev").join(lp)).unwrap();
            File::from(printer)
        }
    }

    /// Reads like a printer that answers how it is and when it has printed, until the line ends. All
    /// that it read, and its end of the line: with that, what it said last would be gone.
    fn play(mut printer: File) -> (Vec<u8>, File) {
        let (mut all, mut byte) = (Vec::new(), [0]);
        while let Ok(1) = printer.read(&mut byte) {
            all.push(byte[0]);
            if all.ends_with(b"\x1DVB\x00") {
                printer.read_exact(&mut [0; 3]).unwrap();
                printer.write_all(&[0]).unwrap();
                break;
            }
            if all.len() >= 3 && all[all.len() - 3..all.len() - 1] == [0x10, 4] {
                printer.write_all(&[0b0001_0010]).unwrap();
            }
        }
        (all, printer)
    }

    fn ids(sockets: &Sockets) -> Vec<String> {
        sockets.bus().printers().into_iter().map(|one| one.id).collect()
    }

    #[test]
    fn a_printer_is_known_by_its_serial_number_wherever_it_is_plugged_in() {
        let sockets = Sockets::new();
        assert_eq!(ids(&sockets), [""; 0]);
        let epson =
            [("serial", "J4NG 012345"), ("manufacturer", "EPSON"), ("product", "TM-T20III")];
        sockets.plug("lp1", "1-1.2", &epson);
        let found = sockets.bus().printers();
        assert_eq!(found[0].id, "j4ng012345");
        assert_eq!(found[0].name.as_deref(), Some("EPSON TM-T20III"));
        sockets.plug("lp0", "1-1.3", &[]);
        assert_eq!(ids(&sockets), ["port-1-1.3", "j4ng012345"]);
    }

    #[test]
    fn one_number_for_all_printers_is_none() {
        let sockets = Sockets::new();
        for (lp, socket) in [("lp0", "1-1"), ("lp1", "1-2")] {
            sockets.plug(lp, socket, &[("serial", "123456")]);
        }
        assert_eq!(ids(&sockets), ["port-1-1", "port-1-2"]);
    }

    #[tokio::test]
    async fn a_page_goes_over_usb_whole_and_is_confirmed() {
        let sockets = Sockets::new();
        sockets.plug("lp0", "1-1", &[("serial", "A1")]);
        let printer = sockets.wire("lp0");
        let printer = std::thread::spawn(move || play(printer));
        let page = std::sync::Arc::new(Page::from(Bitmap::white(384, 600)));
        let bytes = encode(&Work::Page(page, Extras { cuts: true, sounds: false }));
        let mut line = sockets.bus().open("a1").unwrap();
        let report = talk::send(&mut line, &bytes, None).await;
        assert_eq!((report.end, report.manner), (End::Printed, Some(Manner::Full)));
        let (read, _end) = printer.join().unwrap();
        let sent: Vec<u8> = bytes.before.into_iter().chain(bytes.pieces.concat()).collect();
        assert!(read.ends_with(&sent), "{} of {} bytes", read.len(), sent.len());
    }

    #[tokio::test]
    async fn what_is_not_plugged_in_cannot_be_opened() {
        let sockets = Sockets::new();
        assert_eq!(sockets.bus().open("a1").unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
