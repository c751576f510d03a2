//! What holds for every request: who may write, how long it may take, and the headers that limit
//! what a page of ours can be made to do.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CONNECTION,
            CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
            RETRY_AFTER, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{Config, Shared};

/// Of a whole request, its body included; a WebSocket has its own limits.
const TIMEOUT: Duration = Duration::from_secs(15);

const HEADERS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: with it browsers send `Origin: null` with our own forms.
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()",
    ),
];
/// Of all that is no page: nothing in it may run.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const TWO_YEARS: &str = "max-age=63072000";

/// Another site's page may neither post here nor open a socket with the reader's cookies.
pub(super) async fn guard(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let config = &server.config;
    let reads =
        matches!(*request.method(), Method::GET | Method::HEAD) && request.uri().path() != "/live";
    let listed = listed(request.headers(), config);
    let mut response = if reads || is_ours(request.headers(), config) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "This request comes from another site.\n").into_response()
    };
    let headers = response.headers_mut();
    protect(headers, config);
    if !config.origins.is_empty() {
        headers.append(VARY, HeaderValue::from_static("origin"));
    }
    if let Some(origin) = listed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    response
}

/// What every answer says, so that browsers do nothing with it that is not meant.
fn protect(headers: &mut HeaderMap, config: &Config) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    if config.public_url.as_ref().is_some_and(|url| url.is_https()) {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TWO_YEARS));
        // Browsers complain of it in their console wherever they do not trust the origin.
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    }
}

/// The answer to a connection that is one too many, before anything was read of it: bytes, for they cost nothing.
pub(crate) fn too_many(config: &Config) -> Vec<u8> {
    const SAID: &str = "Too many connections.\n";
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_static("10"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(CONTENT_LENGTH, SAID.len().into());
    protect(&mut headers, config);
    let mut answer = b"HTTP/1.1 503 Service Unavailable\r\n".to_vec();
    for (name, value) in &headers {
        answer.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    [&answer[..], b"\r\n", SAID.as_bytes()].concat()
}

pub(super) async fn hurry(request: Request, next: Next) -> Response {
    match tokio::time::timeout(TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => (StatusCode::REQUEST_TIMEOUT, "This took too long.\n").into_response(),
    }
}

/// Every browser says where a form or a WebSocket comes from; what says nothing is no browser, and
/// nobody else's page can make it send a cookie.
fn is_ours(headers: &HeaderMap, config: &Config) -> bool {
    let mut origins = headers.get_all(ORIGIN).into_iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else {
        return !headers.contains_key(ORIGIN);
    };
    let Ok(origin) = origin.to_str() else { return false };
    let here = match &config.public_url {
        Some(url) => origin == url.as_str(),
        None => is_host(origin, headers),
    };
    here || config.origins.iter().any(|other| origin == other.as_str())
}

/// Without a public URL the scheme is unknown: somebody may have put TLS in front.
fn is_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    match (origin.split_once("://"), host) {
        (Some(("http" | "https", authority)), Some(host)) => authority.eq_ignore_ascii_case(host),
        (Some(_) | None, _) => false,
    }
}

/// A page of a listed origin may also read the answer.
fn listed(headers: &HeaderMap, config: &Config) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    let text = origin.to_str().ok()?;
    config.origins.iter().any(|other| text == other.as_str()).then(|| origin.clone())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_listed_ones_may_write() {
        let public = &[
            "parley",
            "--public-url",
            "https://chat.example.org",
            "--origins",
            "https://app.example.org",
        ][..];
        let (lan, https) = ("192.168.1.7:3000", "chat.example.org");
        for (arguments, host, origins, ours) in [
            (&["parley"][..], lan, &["http://192.168.1.7:3000"][..], true),
            (&["parley"], lan, &["https://192.168.1.7:3000"], true),
            (&["parley"], lan, &[], true),
            (&["parley"], "LocalHost:3000", &["http://localhost:3000"], true),
            (&["parley"], lan, &["http://192.168.1.7"], false),
            (&["parley"], lan, &["http://192.168.1.7:3000.evil.example"], false),
            (&["parley"], lan, &["http://evil.example"], false),
            (&["parley"], lan, &["null"], false),
            (&["parley"], lan, &[""], false),
            (&["parley"], lan, &["file://192.168.1.7:3000"], false),
            (&["parley"], lan, &["http://192.168.1.7:3000", "http://evil.example"], false),
            (public, https, &["https://chat.example.org"], true),
            (public, https, &["https://app.example.org"], true),
            (public, https, &[], true),
            (public, https, &["http://chat.example.org"], false),
            (public, lan, &["http://192.168.1.7:3000"], false),
            (public, https, &["https://chat.example.org:8443"], false),
            (public, https, &["null"], false),
        ] {
            let config = Config::try_parse_from(arguments).unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            for origin in origins {
                headers.append(ORIGIN, origin.parse().unwrap());
            }
            assert_eq!(is_ours(&headers, &config), ours, "{arguments:?} {host} {origins:?}");
        }
    }
}
