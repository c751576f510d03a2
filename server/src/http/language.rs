//! Which language a browser asks for.

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};
use protocol::Language;

/// The one of ours that it likes best (RFC 9110, 12.5.4), by the language alone: whoever reads `de-CH`
/// reads our German.
pub(super) fn asked(headers: &HeaderMap) -> Language {
    let values = headers.get_all(ACCEPT_LANGUAGE).into_iter();
    let ranges = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let ours = ranges.filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next()?.split('-').next()?.to_ascii_lowercase();
        let language = Language::parse(&tag)?;
        let quality =
            parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1000), thousandths)?;
        (quality > 0).then_some((quality, language))
    });
    // Of several that it likes as much, the first.
    let best = ours.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, language)| language).unwrap_or_default()
}

/// Of a quality as HTTP writes it: `0.8`, with three digits at most.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let plain = rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit());
    let rest: u32 = format!("{rest:0<3}").parse().ok()?;
    match whole {
        "0" if plain => Some(rest),
        "1" if plain && rest == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn of_the_languages_that_a_browser_asks_for_it_gets_the_one_that_it_likes_best() {
        for (asked_for, language) in [
            ("", Language::English),
            ("ar", Language::Arabic),
            ("de-CH,de;q=0.9,en;q=0.8", Language::German),
            ("fr-FR,fr;q=0.9,es;q=0.8,en;q=0.7", Language::Spanish),
            ("en;q=0.5, AR-eg;q=0.501", Language::Arabic),
            ("de;q=0.8,es;q=0.8", Language::German),
            ("ar;q=0,de;q=0.001", Language::German),
            ("fr, *", Language::English),
            ("german, deutsch, d", Language::English),
            ("de;q=2, es;q=-1, ar;q=0.1234, en;q=x", Language::English),
            ("de;q=1.001, es;level=1;q=0.2", Language::Spanish),
            (";;,,=,q=1;de", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(asked_for).unwrap());
            assert_eq!(asked(&headers), language, "{asked_for:?}");
        }
        let mut headers = HeaderMap::new();
        for value in ["fr", "es;q=0.3", "de;q=0.4"] {
            headers.append(ACCEPT_LANGUAGE, HeaderValue::from_static(value));
        }
        assert_eq!(asked(&headers), Language::German, "in several headers");
        headers.append(ACCEPT_LANGUAGE, HeaderValue::from_bytes(b"ar, \xff").unwrap());
        assert_eq!(asked(&headers), Language::German, "and one that is no text");
    }
}
