//! The box's own serial lines, real ones or on USB: `/dev/serial/by-id` names each by its maker and its
//! number, whichever socket it is in.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;
use rustix::termios::{
    ControlModes, OptionalActions, QueueSelector, ioctl_tiocexcl, tcflush, tcgetattr, tcsetattr,
};
use tokio::io::{Join, join};
use tokio::net::unix::pipe::{Receiver, Sender};

/// What the address of a scale on a line of the box begins with.
pub const SCHEME: &str = "serial:";
/// Where lines are named.
pub const LINES: &str = "/dev/serial/by-id";
/// A box has fewer.
const MOST: usize = 32;
/// Scales speak so fast as they are delivered, in bits a second.
const USUAL: u32 = 9600;
const SPEEDS: [u32; 8] = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];

/// A line of the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serial {
    name: String,
    speed: u32,
}

/// What is said on a line, in both directions.
pub type Line = Join<Receiver, Sender>;

impl Serial {
    /// Reads `serial:usb-FTDI_FT232R_USB_UART_A10K-if00-port0`, and with another speed than 9600
    /// `serial:usb-…@57600`. None where it is no such line.
    pub fn parse(address: &str) -> Option<Self> {
        let rest = address.strip_prefix(SCHEME)?;
        let (name, speed) = match rest.rsplit_once('@') {
            Some((name, speed)) => (name, speed.parse().ok()?),
            None => (rest, USUAL),
        };
        (is_name(name) && SPEEDS.contains(&speed)).then(|| Self { name: name.into(), speed })
    }

    /// Opens the line: eight bits, no parity, one stop bit, nothing in between. Who opens it has it
    /// alone, and what came before is gone.
    ///
    /// # Errors
    /// When it is not plugged in, somebody else has it, or the box may not use it.
    pub fn open(&self, lines: &Path) -> io::Result<Line> {
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
        let mut options = OpenOptions::new();
        let file =
            options.read(true).write(true).custom_flags(flags).open(lines.join(&self.name))?;
        ioctl_tiocexcl(&file)?;
        let mut manner = tcgetattr(&file)?;
        manner.make_raw();
        manner.set_speed(self.speed)?;
        let modes = &mut manner.control_modes;
        modes.remove(ControlModes::CSIZE | ControlModes::PARENB | ControlModes::CSTOPB);
        modes.remove(ControlModes::CRTSCTS);
        // No modem stands between: nobody says that somebody is there.
        modes.insert(ControlModes::CS8 | ControlModes::CREAD | ControlModes::CLOCAL);
        tcsetattr(&file, OptionalActions::Now, &manner)?;
        tcflush(&file, QueueSelector::IOFlush)?;
        // A device of characters is read and written as a pipe is.
        let to = Sender::from_file_unchecked(file.try_clone()?)?;
        Ok(join(Receiver::from_file_unchecked(file)?, to))
    }
}

fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:+".contains(&byte);
    !name.starts_with('.') && !name.is_empty() && name.bytes().all(is_letter)
}

/// The addresses of the lines that are there, by name.
pub fn lines(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<_> = names.filter(|name| is_name(name)).take(MOST).collect();
    names.sort();
    names.into_iter().map(|name| format!("{SCHEME}{name}")).collect()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::symlink;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use tempfile::TempDir;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// A line with this name, and its other end.
    fn plugged(folder: &TempDir, name: &str) -> File {
        let scale = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&scale).unwrap();
        unlockpt(&scale).unwrap();
        let other = ptsname(&scale, Vec::new()).unwrap().into_string().unwrap();
        symlink(other, folder.path().join(name)).unwrap();
        File::from(scale)
    }

    #[test]
    fn a_line_is_named_and_no_path() {
        let one = |name: &str, speed| Some(Serial { name: name.into(), speed });
        assert_eq!(Serial::parse("serial:usb-FTDI_A1-if00"), one("usb-FTDI_A1-if00", 9600));
        assert_eq!(Serial::parse("serial:usb-FTDI_A1-if00@57600"), one("usb-FTDI_A1-if00", 57_600));
        for wrong in ["serial:", "serial:../tty1", "serial:a/b", "serial:a@9601", "serial:a@", "a"]
        {
            assert_eq!(Serial::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lines_are_found_by_name() {
        let folder = TempDir::new().unwrap();
        assert_eq!(lines(&folder.path().join("none")), Vec::<String>::new());
        let _ends = [plugged(&folder, "usb-B"), plugged(&folder, "usb-A")];
        assert_eq!(lines(folder.path()), ["serial:usb-A", "serial:usb-B"]);
    }

    #[tokio::test]
    async fn a_line_is_raw_as_fast_as_was_said_and_has_one_reader() {
        let folder = TempDir::new().unwrap();
        let mut scale = plugged(&folder, "usb-A");
        let serial = Serial::parse("serial:usb-A@4800").unwrap();
        let mut line = serial.open(folder.path()).unwrap();
        let manner = tcgetattr(&scale).unwrap();
        assert_eq!((manner.output_speed(), manner.input_speed()), (4800, 4800));
        assert!(!manner.control_modes.intersects(ControlModes::PARENB | ControlModes::CSTOPB));
        // What terminals make something else of goes through as it is, both ways.
        let every: Vec<u8> = (0..=255).collect();
        line.write_all(&every).await.unwrap();
        let mut heard = vec![0; 256];
        std::io::Read::read_exact(&mut scale, &mut heard).unwrap();
        assert_eq!(heard, every);
        std::io::Write::write_all(&mut scale, &every).unwrap();
        line.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, every);
        drop(line);
        assert!(Serial::parse("serial:usb-B").unwrap().open(folder.path()).is_err());
    }
}
