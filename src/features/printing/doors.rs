//! Whether a printer can be at an address. No input, no output.

use std::net::{IpAddr, SocketAddr};

use super::wire::{AddressFault, Endpoint};
use crate::core::error::{Error, Result};

/// Whether a printer can be there. `doors`: where the box itself takes calls.
///
/// # Errors
/// 400 that says what to write instead.
pub fn check_address(text: &str, doors: &[SocketAddr]) -> Result<()> {
    let refused = |code, detail: String| Err(Error::rule(code, detail).with("address", text));
    match Endpoint::parse(text) {
        Ok(there) if is_door(&there, doors) => refused(
            "address_of_box",
            format!(
                "The box itself answers at {text}, and it is no printer. Write the printer's \
                 address: its self-test prints it."
            ),
        ),
        Ok(_) => Ok(()),
        Err(AddressFault::NotPlain) => refused(
            "address_not_plain",
            "Write the address alone, such as 192.168.1.50 or 192.168.1.50:9100: without http:// \
             and without a path."
                .into(),
        ),
        Err(AddressFault::NoHost) => refused(
            "address_unknown",
            format!(
                "“{text}” is no address. Write it as the printer's self-test prints it, such as \
                 192.168.1.50."
            ),
        ),
        Err(AddressFault::NoSerial) => refused(
            "address_serial",
            "Behind usb: stands the printer's serial number. Plug it in and look for printers: then \
             it is written for you."
                .into(),
        ),
        Err(AddressFault::NoName) => refused(
            "address_of_asking",
            "Write pull: and nothing behind it: the box makes the name by which the printer asks."
                .into(),
        ),
        Err(AddressFault::Port) => refused(
            "address_port",
            "Behind the colon stands the port, a number from 1 to 65535. Leave it out where you do \
             not know it: then it is 9100, and 80 behind epos: and webprnt:."
                .into(),
        ),
        Err(AddressFault::Nobody) => refused(
            "address_of_nobody",
            format!(
                "No printer has the address {text}. Where its self-test prints this one, it has \
                 none yet: connect its cable, switch DHCP on, and print the self-test again."
            ),
        ),
    }
}

fn is_door(there: &Endpoint, doors: &[SocketAddr]) -> bool {
    let (Endpoint::Net { host, port } | Endpoint::Web { host, port, .. }) = there else {
        return false;
    };
    let ip: Option<IpAddr> = host.parse().ok();
    let is_own_name = host == "localhost";
    doors.iter().any(|door| {
        let is_here = ip.map_or(is_own_name && door.ip().is_loopback(), |ip| is_at(ip, *door));
        is_here && door.port() == *port
    })
}

/// All of 127.0.0.0/8 is the machine itself.
fn is_at(ip: IpAddr, door: SocketAddr) -> bool {
    ip == door.ip() || (ip.is_loopback() && door.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_is_no_printer_and_its_neighbours_on_the_same_machine_may_be() {
        let doors = ["127.0.0.1:8000", "192.168.1.10:8000", "192.168.1.10:8443"];
        let doors = doors.map(|door| door.parse().unwrap());
        let told =
            |address: &str| check_address(address, &doors).map_err(|error| error.problem().code);
        for own in ["127.0.0.1:8000", "127.0.0.5:8000", "localhost:8000", "192.168.1.10:8443"] {
            assert_eq!(told(own), Err("address_of_box"), "{own}");
            assert_eq!(told(&format!("epos:{own}")), Err("address_of_box"), "{own}");
        }
        // A print server for USB printers may stand beside it.
        for other in
            ["127.0.0.1", "localhost:9100", "192.168.1.10", "192.168.1.50:8000", "usb:j4ng012345"]
        {
            assert_eq!(told(other), Ok(()), "{other}");
        }
        let table = [
            ("http://192.168.1.50", "address_not_plain"),
            ("a b", "address_unknown"),
            ("192.168.1.50:0", "address_port"),
            ("0.0.0.0", "address_of_nobody"),
            ("usb:", "address_serial"),
            ("pull:kitchen", "address_of_asking"),
        ];
        for (address, code) in table {
            assert_eq!(told(address), Err(code));
        }
    }
}
