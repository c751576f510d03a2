//! Where a page comes from.

use std::{net::IpAddr, str::FromStr};

use url::{Host, Url};

/// Scheme, host and port, as browsers write them in `Origin` (RFC 6454, 6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether only this machine itself reaches it.
    pub(crate) fn is_this_machine(&self) -> bool {
        match self.url().as_ref().and_then(Url::host) {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
            Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
            None => false,
        }
    }

    /// The same scheme and port at another address.
    pub(crate) fn at(&self, ip: IpAddr) -> Option<Self> {
        let mut url = self.url()?;
        url.set_ip_host(ip).ok()?;
        Some(Self(url.origin().ascii_serialization()))
    }

    fn url(&self) -> Option<Url> {
        Url::parse(&self.0).ok()
    }
}

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let example = "it takes a scheme and a host and nothing behind them, such as https://chat.example.org";
        let url = Url::parse(text.trim()).map_err(|_| example)?;
        let plain = matches!(url.scheme(), "http" | "https")
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if plain { Ok(Self(url.origin().ascii_serialization())) } else { Err(example) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_as_browsers_write_it() {
        for (text, origin) in [
            ("https://Chat.Example.org", Some("https://chat.example.org")),
            ("https://chat.example.org:443/", Some("https://chat.example.org")),
            ("http://10.0.0.1:3000", Some("http://10.0.0.1:3000")),
            ("https://münchen.example", Some("https://xn--mnchen-3ya.example")),
            ("https://u@chat.example.org", None),
            ("https://chat.example.org/#a", None),
            ("wss://chat.example.org", None),
            ("*", None),
            ("null", None),
        ] {
            assert_eq!(text.parse::<Origin>().ok().as_ref().map(Origin::as_str), origin, "{text}");
        }
    }
}
