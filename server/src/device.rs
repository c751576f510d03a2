//! What a browser says it is, made coarse: enough to tell one's own devices apart, and no more is kept of it.

use axum::http::{HeaderMap, header::USER_AGENT};
use protocol::{Browser, Device, System};

/// The first that is named counts: most browsers call themselves by others' names too.
const BROWSERS: [(&str, Browser); 12] = [
    ("SamsungBrowser/", Browser::Samsung),
    ("OPR/", Browser::Opera),
    ("Opera", Browser::Opera),
    ("Edg/", Browser::Edge),
    ("EdgA/", Browser::Edge),
    ("EdgiOS/", Browser::Edge),
    ("Firefox/", Browser::Firefox),
    ("FxiOS/", Browser::Firefox),
    ("CriOS/", Browser::Chrome),
    ("Chrome/", Browser::Chrome),
    ("Chromium/", Browser::Chrome),
    ("Safari/", Browser::Safari),
];

const SYSTEMS: [(&str, System); 7] = [
    ("iPhone", System::Iphone),
    ("iPad", System::Ipad),
    ("Android", System::Android),
    ("CrOS", System::ChromeOs),
    ("Windows", System::Windows),
    ("Macintosh", System::Mac),
    ("Linux", System::Linux),
];

pub(crate) fn of(headers: &HeaderMap) -> Device {
    let said = headers.get(USER_AGENT).and_then(|said| said.to_str().ok()).unwrap_or_default();
    Device { browser: first(said, &BROWSERS), system: first(said, &SYSTEMS) }
}

fn first<T: Copy>(said: &str, known: &[(&str, T)]) -> Option<T> {
    known.iter().find(|(name, _)| said.contains(name)).map(|(_, one)| *one)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const GECKO: &str = "rv:145.0) Gecko/20100101 Firefox/145.0";
    const WEBKIT: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";

    #[test]
    fn a_device_is_known_by_what_its_browser_says() {
        for (on, by, known) in [
            ("X11; Linux x86_64; ", GECKO, "Firefox/Linux"),
            ("Windows NT 10.0) ", "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge/Windows"),
            ("Linux; Android 10; K) ", "Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome/Android"),
            (
                "Linux; Android 14) ",
                "SamsungBrowser/28.0 Chrome/130.0 Safari/537.36",
                "Samsung Internet/Android",
            ),
            ("iPhone; CPU iPhone OS 18_7 like Mac OS X) ", "Safari/604.1", "Safari/iPhone"),
            ("iPad; CPU OS 18_7 like Mac OS X) ", "CriOS/142.0 Safari/604.1", "Chrome/iPad"),
            ("Macintosh; Intel Mac OS X 10_15_7) ", "Version/26.0 Safari/605.1.15", "Safari/macOS"),
            ("X11; CrOS x86_64 14541.0.0) ", "Chrome/142.0.0.0 Safari/537.36", "Chrome/ChromeOS"),
            ("X11; Linux x86_64) ", "Chrome/142.0 Safari/537.36 OPR/125.0", "Opera/Linux"),
            ("unheard of) ", "Lynx/2.9", "/"),
        ] {
            let webkit = if by == GECKO { "" } else { WEBKIT };
            let said = format!("Mozilla/5.0 ({on}{webkit} {by}");
            let mut headers = HeaderMap::new();
            headers.insert(USER_AGENT, said.parse().unwrap());
            assert_eq!(of(&headers).to_string(), known, "{said}");
        }
        assert_eq!(of(&HeaderMap::new()), Device::default());
    }
}
