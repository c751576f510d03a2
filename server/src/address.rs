//! Where somebody comes from, as far as limits tell people apart by it, and whose word on that counts. Pure;
//! how much each may have of what is in `limits` and `admission`.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use axum::http::{HeaderMap, HeaderName, header::FORWARDED};
use ipnet::IpNet;

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
    /// There is one, and nobody said where.
    somewhere: bool,
}

impl Proxies {
    /// `public`: people reach the server over a proxy, wherever that is.
    pub(crate) fn new(trusted: Vec<IpNet>, public: bool) -> Self {
        Self { somewhere: public && trusted.is_empty(), trusted }
    }

    pub(crate) fn trust(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.trusted.iter().any(|network| network.contains(&peer))
    }

    /// Whether nobody is ever taken to come from there: it is this machine's, or a proxy's, or in such a network.
    pub(crate) fn hides(&self, network: IpNet) -> bool {
        let ip = network.addr();
        self.alone(ip).is_none() || self.trusted.iter().any(|trusted| trusted.contains(&network))
    }

    /// Whom a socket from there counts for; nobody, if anybody may be behind it.
    pub(crate) fn of_socket(&self, peer: IpAddr) -> Option<Network> {
        if self.trust(peer) { None } else { self.alone(peer) }
    }

    /// Whom a request over such a socket counts for.
    pub(crate) fn of_request(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Network> {
        if !self.trust(peer) {
            return self.alone(peer);
        }
        let one = self.nearest(peer, hops(headers, X_FORWARDED_FOR).map(address));
        let other = self.nearest(peer, hops(headers, FORWARDED).map(forwarded_for));
        match (headers.contains_key(X_FORWARDED_FOR), headers.contains_key(FORWARDED)) {
            // A proxy that writes one of them passes on what its client wrote into the other: who tries that
            // counts as the proxy, together with all who try it.
            (true, true) if one != other => Some(Network::of(peer)),
            (true, true | false) => one,
            // Without any, it is the proxy itself.
            (false, true | false) => other,
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
        let private = match ip {
            IpAddr::V4(ip) => ip.is_private(),
            IpAddr::V6(ip) => ip.is_unique_local(),
        };
        let anybody = ip.is_loopback() || (self.somewhere && private);
        (!anybody).then(|| Network::of(ip))
    }
}

/// Whether a proxy says where this comes from.
pub(crate) fn says(headers: &HeaderMap) -> bool {
    headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED)
}

/// The last first. A comma between quotation marks parts too: no address has one, and a mark that a client
/// left open must not swallow what the proxy wrote behind it.
fn hops(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter().rev();
    lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','))
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
mod tests {
    use super::*;

    fn network(ip: &str) -> Option<Network> {
        Some(Network::of(ip.parse().unwrap()))
    }

    fn proxies(trusted: &[&str], public: bool) -> Proxies {
        Proxies::new(trusted.iter().map(|network| network.parse().unwrap()).collect(), public)
    }

    #[test]
    fn one_counts_for_an_address_of_ipv4_or_a_64_of_ipv6_unless_anybody_may_be_behind_it() {
        for (public, ip, counts_for) in [
            (false, "203.0.113.5", network("203.0.113.5")),
            (false, "::ffff:203.0.113.5", network("203.0.113.5")),
            (false, "192.168.1.9", network("192.168.1.9")),
            (false, "2001:db8::1", network("2001:db8::ffff:1")),
            (false, "fd00::1", network("fd00::2")),
            (false, "127.0.0.1", None),
            (false, "::1", None),
            (false, "::ffff:127.0.0.1", None),
            (true, "172.17.0.1", None),
            (true, "fd00::1", None),
            (true, "203.0.113.5", network("203.0.113.5")),
        ] {
            let proxies = proxies(&[], public);
            assert_eq!(proxies.of_socket(ip.parse().unwrap()), counts_for, "{public} {ip}");
        }
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        // Who named their proxies has no others.
        let named = proxies(&["10.0.0.0/8"], true);
        assert_eq!(named.of_socket("192.168.1.9".parse().unwrap()), network("192.168.1.9"));
        assert_eq!(named.of_socket("10.1.2.3".parse().unwrap()), None);
    }

    /// `f:` before what is said in `Forwarded`, else it is in `X-Forwarded-For`.
    fn said(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) =
                line.strip_prefix("f:").map_or((X_FORWARDED_FOR, *line), |rest| (FORWARDED, rest));
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn of_what_a_request_says_the_last_that_no_proxy_of_ours_is_counts() {
        const PROXY: &str = "10.0.0.1";
        for (peer, lines, counts_for) in [
            (PROXY, &["203.0.113.5"][..], "203.0.113.5"),
            (PROXY, &["203.0.113.5:4711"], "203.0.113.5"),
            (PROXY, &["2001:db8::1"], "2001:db8::2"),
            (PROXY, &["[2001:db8::1]:443"], "2001:db8::2"),
            (PROXY, &["[2001:db8::1]"], "2001:db8::2"),
            (PROXY, &["::ffff:203.0.113.5"], "203.0.113.5"),
            ("::ffff:10.0.0.1", &["203.0.113.5"], "203.0.113.5"),
            // What a client wrote stands before what the proxy did.
            (PROXY, &["198.51.100.1, 203.0.113.5"], "203.0.113.5"),
            (PROXY, &["198.51.100.1", "203.0.113.5"], "203.0.113.5"),
            (PROXY, &["127.0.0.1,203.0.113.5"], "203.0.113.5"),
            (PROXY, &["nonsense, 203.0.113.5"], "203.0.113.5"),
            (PROXY, &["203.0.113.5, 10.0.0.7"], "203.0.113.5"),
            (PROXY, &["198.51.100.1, 203.0.113.5, 10.0.0.7 , 10.0.0.8"], "203.0.113.5"),
            (PROXY, &["f:for=203.0.113.5"], "203.0.113.5"),
            (PROXY, &["f:FOR=\"203.0.113.5:80\";proto=https"], "203.0.113.5"),
            (PROXY, &["f:proto=https; for=\"[2001:db8::1]:4711\";by=10.0.0.1"], "2001:db8::2"),
            (PROXY, &["f:for=198.51.100.1, for=203.0.113.5"], "203.0.113.5"),
            (PROXY, &["f:for=\"198.51.100.1, for=203.0.113.5"], "203.0.113.5"),
            (PROXY, &["203.0.113.5", "f:for=203.0.113.5"], "203.0.113.5"),
            // Two that disagree, and what cannot be read: it counts as the proxy's.
            (PROXY, &["203.0.113.5", "f:for=198.51.100.1"], PROXY),
            (PROXY, &["203.0.113.5", "f:for=127.0.0.1"], PROXY),
            (PROXY, &["unknown"], PROXY),
            (PROXY, &["\u{e9}"], PROXY),
            (PROXY, &["203.0.113.5,"], PROXY),
            (PROXY, &["203.0.113.5, _hidden, 10.0.0.7"], "10.0.0.7"),
            (PROXY, &["f:proto=https"], PROXY),
            (PROXY, &["f:for=_hidden"], PROXY),
            // All are proxies, or it came from one.
            (PROXY, &["10.0.0.9, 10.0.0.7"], "10.0.0.9"),
            (PROXY, &[], PROXY),
            // Whoever is no proxy of ours may say what they like.
            ("198.51.100.7", &["203.0.113.5"], "198.51.100.7"),
            ("198.51.100.7", &["127.0.0.1", "f:for=127.0.0.1"], "198.51.100.7"),
            ("11.0.0.1", &["203.0.113.5"], "11.0.0.1"),
        ] {
            let proxies = proxies(&["10.0.0.0/8"], true);
            let counted = proxies.of_request(peer.parse().unwrap(), &said(lines));
            assert_eq!(counted, network(counts_for), "{peer} {lines:?}");
        }
    }

    #[test]
    fn nobody_is_believed_unless_it_was_said_who_is() {
        for (public, peer, counts_for) in [
            (false, "127.0.0.1", None),
            (true, "127.0.0.1", None),
            (false, "192.168.1.9", network("192.168.1.9")),
            (true, "192.168.1.9", None),
        ] {
            let counted = proxies(&[], public)
                .of_request(peer.parse().unwrap(), &said(&["203.0.113.5", "f:for=203.0.113.5"]));
            assert_eq!(counted, counts_for, "{public} {peer}");
        }
    }
}
