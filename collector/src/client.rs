//! Who sent a request: the address that rate limits go by. Never stored, never logged.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Which proxies are believed about the address of their clients.
#[derive(Debug, Clone, Default)]
pub struct ClientRule {
    trusted: Vec<IpNet>,
}

/// One sender for the purpose of limits: an IPv4 address, or a /64 of IPv6, which one household has to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl Client {
    /// The address, for hashing.
    pub fn octets(self) -> [u8; 16] {
        match self.0 {
            IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
            IpAddr::V6(address) => address.octets(),
        }
    }
}

impl ClientRule {
    /// Believes `X-Forwarded-For` from these networks only.
    pub fn new(trusted: Vec<IpNet>) -> Self {
        Self { trusted }
    }

    /// The sender behind a connection: the right-most hop that is not one of our own proxies.
    pub fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> Client {
        let mut address = peer.ip().to_canonical();
        let lines = headers.get_all("x-forwarded-for").into_iter().filter_map(|line| line.to_str().ok());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        for hop in hops.iter().rev() {
            if !self.is_trusted(address) {
                break;
            }
            // A hop that cannot be read ends what can be believed.
            let Ok(named) = hop.trim().parse::<IpAddr>() else { break };
            address = named.to_canonical();
        }
        Client(network_of(address))
    }

    /// Whose connection comes from `address`; nobody's own where it is one of our proxies.
    pub fn network(&self, address: IpAddr) -> Option<Client> {
        let address = address.to_canonical();
        (!self.is_trusted(address)).then(|| Client(network_of(address)))
    }

    fn is_trusted(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }
}

fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let rule = ClientRule::new(vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
        for (peer, forwarded, client) in [
            ("203.0.113.7:9", None, "203.0.113.7"),
            ("203.0.113.7:9", Some("198.51.100.1"), "203.0.113.7"),
            ("10.0.0.1:9", Some("198.51.100.1"), "198.51.100.1"),
            ("10.0.0.1:9", Some("1.2.3.4, 198.51.100.1, 10.9.9.9"), "198.51.100.1"),
            ("10.0.0.1:9", Some("nonsense"), "10.0.0.1"),
            ("10.0.0.1:9", None, "10.0.0.1"),
            ("[::1]:9", Some("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::"),
            ("[::ffff:10.0.0.1]:9", Some("198.51.100.1"), "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(forwarded) = forwarded {
                headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            }
            let found = rule.client(peer.parse().unwrap(), &headers);
            assert_eq!(found, Client(client.parse().unwrap()), "{peer} {forwarded:?}");
        }
    }
}
