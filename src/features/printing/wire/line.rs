//! Opens the line to a printer.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::escpos::Bytes;
use super::status::{Status, Trouble};
use super::talk::{self, End, Manner, Report};

/// How long a printer may take to take our call: it is in the same network.
const CONNECTS: Duration = Duration::from_secs(2);
/// The port of printers that are told no other.
pub const PORT: u16 = 9100;

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

/// An address with its port: two that are written otherwise are one printer.
pub fn endpoint(address: &str) -> String {
    let address = address.trim().to_ascii_lowercase();
    let has_port = address.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    if has_port { address } else { format!("{address}:{PORT}") }
}

async fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = timeout(CONNECTS, TcpStream::connect(endpoint(address))).await??;
    // Questions of three bytes must not wait for more.
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_however_it_is_written() {
        for address in ["192.168.1.50", "192.168.1.50:9100", " 192.168.1.50 "] {
            assert_eq!(endpoint(address), "192.168.1.50:9100");
        }
        assert_eq!(endpoint("Kitchen.local:9101"), "kitchen.local:9101");
    }
}
