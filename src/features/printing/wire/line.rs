//! Opens the line to a printer.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::address::endpoint;
use super::escpos::Bytes;
use super::status::{Status, Trouble};
use super::talk::{self, End, Manner, Report};

/// How long a printer may take to take our call: it is in the same network.
const CONNECTS: Duration = Duration::from_secs(2);

/// Prints a page at an address.
pub async fn print_at(address: &str, bytes: &Bytes, manner: Option<Manner>) -> Report {
    match connect(address).await {
        Ok(mut stream) => talk::send(&mut stream, bytes, manner).await,
        Err(_) => Report::of(End::NotSent(Trouble::Unreachable), None),
    }
}

/// How the printer at an address is; none where it does not say.
///
/// # Errors
/// When nobody answers there.
pub async fn ask_at(address: &str) -> io::Result<Option<Status>> {
    match talk::ask(&mut connect(address).await?).await {
        // Whether it reads on is seen when something is sent.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        other => other,
    }
}

async fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = timeout(CONNECTS, TcpStream::connect(endpoint(address))).await??;
    // Questions of three bytes must not wait for more.
    stream.set_nodelay(true)?;
    Ok(stream)
}
