//! What counts as one client.

use std::net::IpAddr;

use ipnet::IpNet;

/// What counts as one client: an IPv4 address, or the /64 that a device on IPv6 has to choose from.
pub fn net_of(address: IpAddr) -> IpNet {
    let (address, prefix) = match address.to_canonical() {
        IpAddr::V4(v4) => (IpAddr::V4(v4), 32),
        v6 @ IpAddr::V6(_) => (v6, 64),
    };
    IpNet::new(address, prefix).map_or(IpNet::from(address), |net| net.trunc())
}

/// The address for which a client is counted, see [`net_of`].
pub fn client_net(address: IpAddr) -> IpAddr {
    net_of(address).addr()
}

/// As people write it: an IPv4 address without its `/32`.
pub(super) fn text_of(net: IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}
