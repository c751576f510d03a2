//! Whom a request counts for, and which networks stand for nobody.

use axum::http::HeaderValue;

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

#[test]
fn no_network_is_banned_that_a_proxy_or_this_machine_is_in() {
    for (trusted, public, network, hidden) in [
        (&["2001:db8::1/128"][..], false, "2001:db8::/64", true),
        (&["2001:db8::1/128"], false, "2001:db8::/32", true),
        (&["2001:db8::1/128"], false, "2001:db8:0:1::/64", false),
        (&["::1/128"], false, "::/64", true),
        (&["10.0.0.5/32"], false, "10.0.0.0/8", true),
        (&["10.0.0.5/32"], false, "10.0.0.5/32", true),
        (&["10.0.0.5/32"], false, "10.0.0.6/32", false),
        (&["10.0.0.0/8"], false, "10.0.0.6/32", true),
        (&["10.0.0.0/8"], false, "11.0.0.0/8", false),
        (&[], false, "::/64", true),
        (&[], false, "127.0.0.1/32", true),
        (&[], false, "127.0.0.0/8", true),
        (&[], false, "64.0.0.0/2", true),
        (&[], false, "192.168.0.0/16", false),
        (&[], true, "192.168.7.0/24", true),
        (&[], true, "192.0.0.0/8", true),
        (&[], true, "fd00::/64", true),
        (&[], true, "203.0.113.0/24", false),
    ] {
        let hides = proxies(trusted, public).hides(network.parse().unwrap());
        assert_eq!(hides, hidden, "{trusted:?} {public} {network}");
    }
}

#[test]
fn who_counts_as_a_proxy_may_come_from_elsewhere() {
    let proxies = proxies(&["10.0.0.0/8", "2001:db8::1/128"], false);
    for (ip, elsewhere) in [
        ("10.0.0.1", true),
        ("2001:db8::1", true),
        ("2001:db8:0:1::1", false),
        ("203.0.113.5", false),
    ] {
        assert_eq!(proxies.are_in(network(ip).unwrap()), elsewhere, "{ip}");
    }
}

/// `f:` before what is said in `Forwarded`, else it is in `X-Forwarded-For`. A letter is a byte.
fn headers(lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) =
            line.strip_prefix("f:").map_or((X_FORWARDED_FOR, *line), |rest| (FORWARDED, rest));
        let value: Vec<u8> = value.chars().map(|letter| letter.try_into().unwrap()).collect();
        headers.append(name, HeaderValue::from_bytes(&value).unwrap());
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
        (PROXY, &["\u{e9}, 203.0.113.5"], "203.0.113.5"),
        (PROXY, &["\u{e9}", "203.0.113.5, 10.0.0.7"], "203.0.113.5"),
        (PROXY, &["f:for=\u{e9}, for=203.0.113.5"], "203.0.113.5"),
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
        (PROXY, &["203.0.113.5, \u{e9}"], PROXY),
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
        let from = peer.parse().unwrap();
        let counted = agreed(from, proxies.said(from, &headers(lines)));
        assert_eq!(counted, network(counts_for), "{peer} {lines:?}");
    }
}

#[test]
fn where_two_headers_disagree_it_may_come_from_either() {
    const PROXY: &str = "10.0.0.1";
    const HERE: &str = "203.0.113.5";
    for (peer, lines, said) in [
        (PROXY, &[HERE, "f:for=198.51.100.1"][..], [HERE, "198.51.100.1"]),
        (PROXY, &["198.51.100.1", "f:for=203.0.113.5"], ["198.51.100.1", HERE]),
        (PROXY, &[HERE, "f:for=_nobody"], [HERE, PROXY]),
        (PROXY, &[HERE, "f:for=\u{e9}"], [HERE, PROXY]),
        (PROXY, &[HERE, "f:for=203.0.113.5"], [HERE, HERE]),
        (PROXY, &[HERE], [HERE, HERE]),
        (PROXY, &["f:for=203.0.113.5"], [HERE, HERE]),
        (PROXY, &[], [PROXY, PROXY]),
        ("198.51.100.7", &[HERE, "f:for=198.51.100.1"], ["198.51.100.7", "198.51.100.7"]),
    ] {
        let found = proxies(&["10.0.0.0/8"], true).said(peer.parse().unwrap(), &headers(lines));
        assert_eq!(found, said.map(network), "{peer} {lines:?}");
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
        let from = peer.parse().unwrap();
        let said = headers(&["203.0.113.5", "f:for=203.0.113.5"]);
        let counted = agreed(from, proxies(&[], public).said(from, &said));
        assert_eq!(counted, counts_for, "{public} {peer}");
    }
}
