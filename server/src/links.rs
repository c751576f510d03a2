//! Where the server can be reached, for people: addresses, and a QR code of the best one.

use std::{
    fmt,
    net::{IpAddr, SocketAddr, UdpSocket},
};

use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};

use crate::{Config, config::Origin};

#[derive(Debug)]
pub struct Links {
    public: Option<String>,
    /// From this machine only.
    local: Option<String>,
    /// From the local network.
    network: Option<String>,
}

impl Links {
    pub fn new(config: &Config, bound: SocketAddr) -> Self {
        let guessed = config.lan_address && bound.ip().is_unspecified();
        let lan = if guessed { lan_address() } else { None };
        Self::with_lan(config.public_url.as_ref(), bound, lan)
    }

    fn with_lan(public: Option<&Origin>, bound: SocketAddr, lan: Option<IpAddr>) -> Self {
        let (ip, port) = (bound.ip(), bound.port());
        let here = ip.is_unspecified() || ip.is_loopback();
        let others = if ip.is_unspecified() { lan } else { (!ip.is_loopback()).then_some(ip) };
        Self {
            public: public.map(|url| url.as_str().to_owned()),
            local: here.then(|| format!("http://localhost:{port}")),
            network: others.map(|ip| format!("http://{}", SocketAddr::new(ip, port))),
        }
    }

    /// The one that reaches furthest.
    fn best(&self) -> Option<&str> {
        self.public.as_deref().or(self.network.as_deref()).or(self.local.as_deref())
    }
}

impl fmt::Display for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [
            ("Address", &self.public),
            ("This machine", &self.local),
            ("Local network", &self.network),
        ];
        for (what, link) in lines {
            if let Some(link) = link {
                writeln!(f, "{what:>14}  {link}")?;
            }
        }
        // A link that is too long for a QR code has none.
        let code =
            self.best().and_then(|link| QrCode::with_error_correction_level(link, EcLevel::L).ok());
        match code {
            Some(code) => writeln!(f, "\n{}\n", drawn(&code)),
            None => Ok(()),
        }
    }
}

/// For a dark terminal, which most are: what is light on paper is what is printed.
fn drawn(code: &QrCode) -> String {
    let mut image = code.render::<Dense1x2>();
    image.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).quiet_zone(true).build()
}

/// The address that others reach this machine by. Connecting UDP sends nothing: it only picks the
/// route.
pub(crate) fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified() && !ip.is_loopback()).then_some(ip)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_link_that_reaches_furthest_is_the_qr_code() {
        for (public, bound, lan, lines, best) in [
            (None, "0.0.0.0:3000", Some("192.168.1.7"), 2, "http://192.168.1.7:3000"),
            (None, "0.0.0.0:3000", None, 1, "http://localhost:3000"),
            (None, "127.0.0.1:80", None, 1, "http://localhost:80"),
            (None, "[::]:3000", Some("192.168.1.7"), 2, "http://192.168.1.7:3000"),
            (None, "[fd00::1]:3000", None, 1, "http://[fd00::1]:3000"),
            (
                Some("https://chat.example.org"),
                "0.0.0.0:3000",
                Some("10.0.0.2"),
                3,
                "https://chat.example.org",
            ),
        ] {
            let public: Option<Origin> = public.map(|url| url.parse().unwrap());
            let lan = lan.map(|ip| ip.parse().unwrap());
            let links = Links::with_lan(public.as_ref(), bound.parse().unwrap(), lan);
            assert_eq!(links.best(), Some(best));
            let shown = links.to_string();
            assert_eq!(shown.matches("http").count(), lines, "{shown}");
            assert!(shown.contains('█'), "{shown}");
        }
    }
}
