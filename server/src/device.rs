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

    #[test]
    fn a_device_is_known_by_what_its_browser_says() {
        let mozilla = "Mozilla/5.0";
        for (said, known) in [
            (
                format!("{mozilla} (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
                "Firefox/Linux",
            ),
            (
                format!(
                    "{mozilla} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
                ),
                "Edge/Windows",
            ),
            (
                format!(
                    "{mozilla} (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
                ),
                "Chrome/Android",
            ),
            (
                format!(
                    "{mozilla} (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
                ),
                "Samsung Internet/Android",
            ),
            (
                format!(
                    "{mozilla} (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
                ),
                "Safari/iPhone",
            ),
            (
                format!(
                    "{mozilla} (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1"
                ),
                "Chrome/iPad",
            ),
            (
                format!(
                    "{mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15"
                ),
                "Safari/macOS",
            ),
            (
                format!(
                    "{mozilla} (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
                ),
                "Chrome/ChromeOS",
            ),
            (
                format!(
                    "{mozilla} (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/125.0.0.0"
                ),
                "Opera/Linux",
            ),
            ("curl/8.14.1".into(), "/"),
            (String::new(), "/"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(USER_AGENT, said.parse().unwrap());
            assert_eq!(of(&headers).to_string(), known, "{said}");
        }
        assert_eq!(of(&HeaderMap::new()), Device::default());
    }
}
