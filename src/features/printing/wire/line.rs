//! Opens the line to a printer.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::address::Endpoint;
use super::escpos::Bytes;
use super::status::{Status, Trouble};
use super::talk::{self, End, Manner, Report};
use super::usb::Bus;

/// How long a printer may take to take our call: it is in the same network.
const CONNECTS: Duration = Duration::from_secs(2);

/// Prints a page at an address.
pub async fn print_at(address: &str, bytes: &Bytes, manner: Option<Manner>) -> Report {
    match connect(address).await {
        Ok(Line::Net(mut line)) => talk::send(&mut line, bytes, manner).await,
        Ok(Line::Usb(mut line)) => talk::send(&mut line, bytes, manner).await,
        Err(_) => Report::of(End::NotSent(Trouble::Unreachable), None),
    }
}

/// How the printer at an address is; none where it does not say.
///
/// # Errors
/// When nobody answers there.
pub async fn ask_at(address: &str) -> io::Result<Option<Status>> {
    let told = match connect(address).await? {
        Line::Net(mut line) => talk::ask(&mut line).await,
        Line::Usb(mut line) => talk::ask(&mut line).await,
    };
    match told {
        // Whether it reads on is seen when something is sent.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        other => other,
    }
}

enum Line {
    Net(TcpStream),
    Usb(super::usb::Line),
}

async fn connect(address: &str) -> io::Result<Line> {
    let there = Endpoint::parse(address).map_err(|_| io::ErrorKind::InvalidInput)?;
    if let Endpoint::Usb(serial) = there {
        return Bus::own().open(&serial).map(Line::Usb);
    }
    let line = timeout(CONNECTS, TcpStream::connect(there.to_string())).await??;
    // Questions of three bytes must not wait for more.
    line.set_nodelay(true)?;
    Ok(Line::Net(line))
}
