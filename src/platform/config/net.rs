//! Addresses and nets in settings.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// An address, or a net such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Net(IpNet);

impl Net {
    /// Whether the address is in it.
    pub fn has(self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

impl TryFrom<String> for Net {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let address = text.parse::<IpAddr>().map(IpNet::from);
        let net = address.or_else(|_| text.parse::<IpNet>());
        net.map(Self).map_err(|_| format!("“{text}” is no address and no net such as 10.0.0.0/8"))
    }
}

impl From<Net> for String {
    fn from(net: Net) -> Self {
        net.0.to_string()
    }
}
