//! Opens the line to a printer.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::address::{Dialect, Endpoint};
use super::escpos;
use super::over_http::Web;
use super::status::{Status, Trouble};
use super::talk::{self, End, Manner, Report};
use super::usb::Bus;
use super::work::Work;

/// How long a printer may take to take our call: it is in the same network.
const CONNECTS: Duration = Duration::from_secs(2);

/// Does something at an address. `name`: by which a printer that knows names is asked what became of it.
pub async fn print_at(address: &str, work: &Work, manner: Option<Manner>, name: &str) -> Report {
    let bytes = || escpos::encode(work);
    match connect(address).await {
        Ok(Line::Net(mut line)) => talk::send(&mut line, &bytes(), manner).await,
        Ok(Line::Usb(mut line)) => talk::send(&mut line, &bytes(), manner).await,
        Ok(Line::Web { dialect, host, port }) => {
            Web { dialect, host: &host, port }.print(work, name).await
        }
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
        Line::Web { dialect, host, port } => Web { dialect, host: &host, port }.ask().await,
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
    /// Each document opens its own.
    Web {
        dialect: Dialect,
        host: String,
        port: u16,
    },
}

async fn connect(address: &str) -> io::Result<Line> {
    let there = Endpoint::parse(address).map_err(|_| io::ErrorKind::InvalidInput)?;
    match there {
        Endpoint::Usb(serial) => return Bus::own().open(&serial).map(Line::Usb),
        Endpoint::Web { dialect, host, port } => return Ok(Line::Web { dialect, host, port }),
        // It asks by itself: nobody can call it.
        Endpoint::Pull(_) => return Err(io::ErrorKind::Unsupported.into()),
        Endpoint::Net { .. } => {}
    }
    let line = timeout(CONNECTS, TcpStream::connect(there.to_string())).await??;
    // Questions of three bytes must not wait for more.
    line.set_nodelay(true)?;
    Ok(Line::Net(line))
}
