//! Proxies whose word counts on where a request comes from.

use std::net::IpAddr;

use ipnet::IpNet;

/// One address, or a network of them.
pub(super) fn network(text: &str) -> Result<IpNet, &'static str> {
    let text = text.trim();
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let network =
        network.map_err(|_| "it takes addresses and networks, such as 127.0.0.1,10.0.0.0/8")?;
    if network.prefix_len() == 0 {
        return Err("a network of all addresses would let everybody say where they come from");
    }
    Ok(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_an_address_or_a_network_and_not_everybody() {
        for (text, parsed) in [
            ("127.0.0.1", Some("127.0.0.1/32")),
            (" ::1", Some("::1/128")),
            ("10.0.0.0/8", Some("10.0.0.0/8")),
            ("fd00::/8", Some("fd00::/8")),
            ("0.0.0.0/0", None),
            ("::/0", None),
            ("10.0.0.0/33", None),
            ("localhost", None),
            ("127.0.0.1:80", None),
            ("*", None),
            ("", None),
        ] {
            let network = network(text).ok().map(|network| network.to_string());
            assert_eq!(network.as_deref(), parsed, "{text}");
        }
    }
}
