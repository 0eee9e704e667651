//! Where a printer is: a machine in the network and a port, one of the box's own USB sockets, or where
//! nobody knows: then it asks.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::usb;

/// The port of printers that are told no other.
pub const PORT: u16 = 9100;
/// What stands before the name of a printer that asks the box for its work.
pub const ASKS: &str = "pull:";
/// The port of printers over HTTP that are told no other.
const WEB_PORT: u16 = 80;
/// How long such a name is: nobody guesses it.
const NAME: std::ops::RangeInclusive<usize> = 16..=64;
/// The longest name of a machine, and the longest part of it between two dots (RFC 1035).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// What is wrong with the address of a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressFault {
    /// It is the address of a page, or has a path.
    NotPlain,
    /// It is neither an IP address nor the name of a machine.
    NoHost,
    /// Behind `usb:` stands no serial number.
    NoSerial,
    /// Behind `pull:` stands no name that the box has made.
    NoName,
    /// The port is none.
    Port,
    /// No single machine has this address: it means everybody, or nobody.
    Nobody,
}

/// The language of a printer that is spoken to over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Epson's ePOS-Print.
    Epos,
    /// Star's WebPRNT.
    WebPrnt,
}

impl Dialect {
    const ALL: [Self; 2] = [Self::Epos, Self::WebPrnt];

    /// What stands before such an address.
    fn scheme(self) -> &'static str {
        match self {
            Self::Epos => "epos:",
            Self::WebPrnt => "webprnt:",
        }
    }
}

/// Where a printer is: two addresses that are written otherwise are one printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A machine in the network.
    Net {
        /// An IP address or a name, in small letters.
        host: String,
        /// The port.
        port: u16,
    },
    /// A printer in the network that is spoken to over HTTP.
    Web {
        /// How.
        dialect: Dialect,
        /// An IP address or a name, in small letters.
        host: String,
        /// The port.
        port: u16,
    },
    /// The printer of this serial number, on a USB socket of the box.
    Usb(String),
    /// A printer that asks for its work by this name.
    Pull(String),
}

impl Endpoint {
    /// Reads `192.168.1.50`, `kitchen.local:9101`, `[fd00::5]:9100`, `usb:j4ng012345`,
    /// `epos:192.168.1.51`, `webprnt:192.168.1.52:8080`, `pull:` and a name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        let text = text.trim().to_ascii_lowercase();
        if let Some(serial) = text.strip_prefix(usb::SCHEME) {
            let is_one = !serial.is_empty() && usb::plain(serial) == serial;
            return if is_one { Ok(Self::Usb(serial.into())) } else { Err(AddressFault::NoSerial) };
        }
        if let Some(name) = text.strip_prefix(ASKS) {
            let is_one =
                NAME.contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            return if is_one { Ok(Self::Pull(name.into())) } else { Err(AddressFault::NoName) };
        }
        if text.contains('/') {
            return Err(AddressFault::NotPlain);
        }
        for dialect in Dialect::ALL {
            let Some(rest) = text.strip_prefix(dialect.scheme()) else { continue };
            let (host, port) = split(rest)?;
            let port = port.map_or(Ok(WEB_PORT), port_of)?;
            return Ok(Self::Web { dialect, host: host_of(host)?, port });
        }
        let (host, port) = split(&text)?;
        Ok(Self::Net { host: host_of(host)?, port: port.map_or(Ok(PORT), port_of)? })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Net { host, port } => write!(f, "{}", authority(host, *port)),
            Self::Web { dialect, host, port } => {
                write!(f, "{}{}", dialect.scheme(), authority(host, *port))
            }
            Self::Pull(name) => write!(f, "{ASKS}{name}"),
            Self::Usb(serial) => write!(f, "{}{serial}", usb::SCHEME),
        }
    }
}

/// A machine and its port, as they stand in an address.
pub fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// The machine, and what stands behind it as a port.
fn split(text: &str) -> Result<(&str, Option<&str>), AddressFault> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, behind) = rest.split_once(']').ok_or(AddressFault::NoHost)?;
        host.parse::<Ipv6Addr>().map_err(|_| AddressFault::NoHost)?;
        return match behind.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if behind.is_empty() => Ok((host, None)),
            None => Err(AddressFault::NoHost),
        };
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return Ok((text, None));
    }
    Ok(text.rsplit_once(':').map_or((text, None), |(host, port)| (host, Some(port))))
}

fn port_of(text: &str) -> Result<u16, AddressFault> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let port = text.parse().ok().filter(|port| is_number && *port != 0);
    port.ok_or(AddressFault::Port)
}

fn host_of(text: &str) -> Result<String, AddressFault> {
    if let Ok(ip) = text.parse::<IpAddr>() {
        let is_all = ip == IpAddr::V4(Ipv4Addr::BROADCAST);
        let is_one = !(ip.is_unspecified() || ip.is_multicast() || is_all);
        return if is_one { Ok(text.to_owned()) } else { Err(AddressFault::Nobody) };
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(is_letter)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // What ends in a number was to be an IP address: 192.168.1.300.
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = name.len() <= LONGEST_NAME
        && name.split('.').all(is_label)
        && !name.rsplit('.').next().is_some_and(is_number);
    if is_name { Ok(name.to_owned()) } else { Err(AddressFault::NoHost) }
}

/// Whether the printer at this address is spoken to in ESC/POS, and so may write in letters of its own.
pub fn speaks_escpos(address: &str) -> bool {
    matches!(Endpoint::parse(address), Ok(Endpoint::Net { .. } | Endpoint::Usb(_)))
}

/// An address with its port. One that could not be written today stays as it was written.
pub fn endpoint(address: &str) -> String {
    Endpoint::parse(address).map_or_else(|_| address.trim().to_owned(), |one| one.to_string())
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
        assert_eq!(endpoint("kitchen.local.:9101"), "kitchen.local:9101");
        for address in ["fd00::5", "[fd00::5]", "[FD00::5]:9100"] {
            assert_eq!(endpoint(address), "[fd00::5]:9100");
        }
        assert_eq!(endpoint("a b"), "a b");
        for address in ["usb:J4NG-012345", " USB:j4ng-012345 "] {
            assert_eq!(endpoint(address), "usb:j4ng-012345");
        }
        for address in ["epos:192.168.1.51", "EPOS:192.168.1.51:80"] {
            assert_eq!(endpoint(address), "epos:192.168.1.51:80");
        }
        assert_eq!(endpoint("webprnt:fd00::5"), "webprnt:[fd00::5]:80");
        assert_eq!(endpoint("pull:0123456789ABCDEF"), "pull:0123456789abcdef");
    }

    #[test]
    fn what_no_printer_can_be_at_is_refused() {
        use AddressFault::{NoHost, NoName, NoSerial, Nobody, NotPlain, Port};
        let table = [
            ("http://192.168.1.50", NotPlain),
            ("192.168.1.50/print", NotPlain),
            ("a b", NoHost),
            ("", NoHost),
            (":9100", NoHost),
            ("192.168.1.300", NoHost),
            ("50", NoHost),
            ("kitchen..local", NoHost),
            ("-kitchen", NoHost),
            ("кухня", NoHost),
            ("[fd00::5", NoHost),
            ("[192.168.1.50]:9100", NoHost),
            ("[fd00::5]9100", NoHost),
            ("192.168.1.50:0", Port),
            ("192.168.1.50:", Port),
            ("192.168.1.50:70000", Port),
            ("192.168.1.50:+9100", Port),
            ("kitchen:raw", Port),
            ("0.0.0.0", Nobody),
            ("[::]:9100", Nobody),
            ("255.255.255.255", Nobody),
            ("224.0.0.251", Nobody),
            ("usb:", NoSerial),
            ("usb:/dev/usb/lp0", NoSerial),
            ("usb:a b", NoSerial),
            ("epos:", NoHost),
            ("epos:http://192.168.1.51", NotPlain),
            ("webprnt:192.168.1.51:0", Port),
            ("epos:0.0.0.0", Nobody),
            ("pull:", NoName),
            ("pull:kitchen", NoName),
            ("pull:0123456789-abcdef", NoName),
        ];
        for (address, fault) in table {
            assert_eq!(Endpoint::parse(address), Err(fault), "{address}");
        }
    }
}
