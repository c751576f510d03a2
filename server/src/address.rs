//! Where somebody comes from, as far as limits tell people apart by it, and whose word on that counts. Pure;
//! how much each may have of what is in `limits` and `admission`.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use axum::http::{HeaderMap, HeaderName, header::FORWARDED};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

const fn v4(first: u8, second: u8, prefix: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(first, second, 0, 0), prefix))
}

const fn v6(first: u16, last: u16, prefix: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(first, 0, 0, 0, 0, 0, 0, last), prefix))
}

/// This machine's own.
const LOOPBACK: [IpNet; 2] = [v4(127, 0, 8), v6(0, 1, 128)];
/// Where a proxy is that nobody named.
const PRIVATE: [IpNet; 4] = [v4(10, 0, 8), v4(172, 16, 12), v4(192, 168, 16), v6(0xfc00, 0, 7)];

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What one home, school or office has: an address of IPv4 or, as whoever has one address of IPv6 has very
/// many, a /64. It is counted and never shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Network(IpAddr);

impl Network {
    fn of(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            ip @ IpAddr::V4(_) => ip,
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
        })
    }
}

impl Network {
    pub(crate) fn is_in(self, network: IpNet) -> bool {
        network.contains(&self.0)
    }

    fn whole(self) -> IpNet {
        match self.0 {
            IpAddr::V4(ip) => Ipv4Net::new_assert(ip, 32).into(),
            IpAddr::V6(ip) => Ipv6Net::new_assert(ip, 64).into(),
        }
    }

    /// For a keyed hash of it.
    pub(crate) fn bytes(self) -> [u8; 16] {
        match self.0 {
            IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
            IpAddr::V6(ip) => ip.octets(),
        }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

/// The proxies in front of this server. What a request says of where it comes from is theirs to say, and
/// anybody's to write: of each list only the end counts, which the nearest of them wrote.
pub(crate) struct Proxies {
    trusted: Vec<IpNet>,
    /// Where anybody may come from: this machine and, if there is a proxy and nobody said where, all near it.
    anybody: Vec<IpNet>,
}

impl Proxies {
    /// `public`: people reach the server over a proxy, wherever that is.
    pub(crate) fn new(trusted: Vec<IpNet>, public: bool) -> Self {
        let somewhere = public && trusted.is_empty();
        let near: &[IpNet] = if somewhere { &PRIVATE } else { &[] };
        Self { anybody: [LOOPBACK.as_slice(), near].concat(), trusted }
    }

    pub(crate) fn trust(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.trusted.iter().any(|network| network.contains(&peer))
    }

    /// Whether others come from there than those whom it seems to be: this machine or a proxy is in it, or it in a
    /// network of theirs.
    pub(crate) fn hides(&self, network: IpNet) -> bool {
        let mut theirs = self.trusted.iter().chain(&self.anybody);
        theirs.any(|other| overlap(network, *other))
    }

    /// Whether who counts for that may come from elsewhere: a proxy is in it.
    pub(crate) fn are_in(&self, network: Network) -> bool {
        self.trusted.iter().any(|trusted| overlap(network.whole(), *trusted))
    }

    /// Whom a socket from there counts for; nobody, if anybody may be behind it.
    pub(crate) fn of_socket(&self, peer: IpAddr) -> Option<Network> {
        if self.trust(peer) { None } else { self.alone(peer) }
    }

    /// From where a request over such a socket comes by `X-Forwarded-For` and by `Forwarded`: twice the same, unless
    /// they disagree. One of the two is true, whichever the proxy writes.
    pub(crate) fn said(&self, peer: IpAddr, headers: &HeaderMap) -> [Option<Network>; 2] {
        if !self.trust(peer) {
            return [self.alone(peer); 2];
        }
        let one = self.nearest(peer, hops(headers, X_FORWARDED_FOR).map(address));
        let other = self.nearest(peer, hops(headers, FORWARDED).map(forwarded_for));
        match (headers.contains_key(X_FORWARDED_FOR), headers.contains_key(FORWARDED)) {
            (true, true) => [one, other],
            (true, false) => [one; 2],
            // Without any, it is the proxy itself.
            (false, true | false) => [other; 2],
        }
    }

    /// The last that is no proxy of ours, of hops from the last to the first. Of one that cannot be read, the
    /// proxy that said it stands for all.
    fn nearest(&self, peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>) -> Option<Network> {
        let mut nearest = peer;
        for hop in hops {
            match hop {
                Some(hop) if self.trust(hop) => nearest = hop,
                Some(hop) => return self.alone(hop),
                None => return Some(Network::of(nearest)),
            }
        }
        self.alone(nearest)
    }

    /// By its own address, unless that is this machine's or a proxy's that nobody named.
    fn alone(&self, ip: IpAddr) -> Option<Network> {
        let ip = ip.to_canonical();
        let anybody = self.anybody.iter().any(|network| network.contains(&ip));
        (!anybody).then(|| Network::of(ip))
    }
}

fn overlap(one: IpNet, other: IpNet) -> bool {
    one.contains(&other) || other.contains(&one)
}

/// Whom a request counts for of which that is said.
pub(crate) fn agreed(peer: IpAddr, [one, other]: [Option<Network>; 2]) -> Option<Network> {
    // A proxy that writes one of the headers passes on what its client wrote into the other: who tries that
    // counts as the proxy, together with all who try it.
    if one == other { one } else { Some(Network::of(peer)) }
}

/// Whether a proxy says where this comes from.
pub(crate) fn says(headers: &HeaderMap) -> bool {
    headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED)
}

/// The last first. A comma between quotation marks parts too: no address has one, and a mark that a client
/// left open must not swallow what the proxy wrote behind it. Nor must bytes that are no text: of a hop that has
/// any nothing is left, and of the others all.
fn hops(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter().rev();
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    hops.map(|hop| str::from_utf8(hop).unwrap_or_default())
}

/// In an element such as `for="[2001:db8::1]:4711";proto=https` (RFC 7239, 4).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(node.trim().trim_matches('"'))
}

/// Some write the port with it, and one of IPv6 in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(with_port).or_else(in_brackets)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;
