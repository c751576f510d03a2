//! Pages of other sites: however their origin is spelled, they can neither post nor listen here.

use reqwest::{Method, header::HeaderValue};

use crate::{
    http_pages::rows,
    site::{Browser, Site, Try, header},
};

const PUBLIC: &[&str] =
    &["--public-url", "https://chat.example.org", "--origins", "https://app.example.org"];

/// None of them is `https://chat.example.org` or `https://app.example.org`, as browsers write those.
const FOREIGN: &[&str] = &[
    "",
    "null",
    "NULL",
    "*",
    "https://evil.example",
    "http://chat.example.org",
    "https://chat.example.org:443",
    "https://chat.example.org:8443",
    "https://chat.example.org:",
    "https://chat.example.org/",
    "https://chat.example.org.",
    "https://CHAT.example.org",
    "HTTPS://chat.example.org",
    "https://www.chat.example.org",
    "https://example.org",
    "https://org",
    "https://*.example.org",
    "https://chat.example.org.evil.example",
    "https://chat.example.orgevil.example",
    "https://evilchat.example.org",
    "https://evil-chat.example.org",
    "https://chat-example.org",
    "https://chat.example.com",
    "https://chat.example.org@evil.example",
    "https://evil.example@chat.example.org",
    "https://evil.example/https://chat.example.org",
    "https://evil.example?https://chat.example.org",
    "https://evil.example#https://chat.example.org",
    "https://evil.example,https://chat.example.org",
    "https://chat.example.org, https://evil.example",
    "https://chat.example.org https://evil.example",
    "https://evil.example https://chat.example.org",
    "https://chat.example.org;evil.example",
    "https:chat.example.org",
    "https:/chat.example.org",
    "https:///chat.example.org",
    "https:\\\\chat.example.org",
    "//chat.example.org",
    "chat.example.org",
    "wss://chat.example.org",
    "file://",
    "file://chat.example.org",
    "blob:https://chat.example.org/2f6a",
    "data:text/html,https://chat.example.org",
    "about:srcdoc",
    "chrome-extension://chat.example.org",
    "https://chat%2Eexample.org",
    "https://chat.example.org%00.evil.example",
    "https://ch\u{430}t.example.org",
    "https://chat\u{3002}example.org",
    "https://xn--cht-8cd.example.org",
    "https://127.0.0.1",
    "https://[::1]",
    "http://localhost",
    "http://app.example.org",
    "https://app.example.org:444",
    "https://app.example.org/",
    "https://app.example.org.evil.example",
];

/// What is not this server's own address, as the request says it; `HOST` and `PORT` are those.
const ELSEWHERE: &[&str] = &[
    "null",
    "http://HOST",
    "http://HOST:1",
    "http://HOST:PORT0",
    "http://HOST:0PORT",
    "http://HOST:PORT/",
    "http://HOST:PORT.evil.example",
    "http://HOST:PORT@evil.example",
    "http://evil.example@HOST:PORT",
    "http://evil.example:PORT",
    "http://localhost:PORT",
    "http://127.1:PORT",
    "http://2130706433:PORT",
    "http://0x7f.0.0.1:PORT",
    "http://[::ffff:127.0.0.1]:PORT",
    "http://HOST.:PORT",
    "ftp://HOST:PORT",
    "ws://HOST:PORT",
    "file://HOST:PORT",
    "HOST:PORT",
    "//HOST:PORT",
    "http:HOST:PORT",
    "HTTP://HOST:PORT",
];

/// By forms and by a socket, and nothing comes of it.
async fn assert_foreign(ann: &Browser, room: &str, origins: &[&str]) -> Try {
    let said = |origins: &[&str]| -> Try<Vec<HeaderValue>> {
        origins.iter().map(|origin| Ok(HeaderValue::from_bytes(origin.as_bytes())?)).collect()
    };
    let leave = format!("{room}/leave");
    let forms = ["/rooms", "/join", "/look", "/nowhere", room, &leave];
    let forms = forms.map(|path| ann.request(Method::POST, path).form(&[("name", "Eve")]));
    for mut request in forms.into_iter().chain([ann.socket()]) {
        for origin in said(origins)? {
            request = request.header("origin", origin);
        }
        let answer = request.send().await?;
        assert_eq!(answer.status(), 403, "{} {origins:?}", answer.url());
        for name in ["set-cookie", "access-control-allow-origin"] {
            assert_eq!(header(&answer, name), "", "{} {origins:?}", answer.url());
        }
    }
    Ok(())
}

#[tokio::test]
async fn no_other_spelling_is_ours() -> Try {
    assert!(FOREIGN.len() >= 40);
    let site = Site::start(PUBLIC).await?;
    let ann = site.browser()?;
    let made = ann.request(Method::POST, "/rooms").header("origin", "https://chat.example.org");
    let made = made.form(&[("name", "Ann")]).send().await?;
    let room = crate::site::location(&made)?;
    let before = rows(&site)?;
    for origin in FOREIGN {
        assert_foreign(&ann, &room, &[origin]).await?;
    }
    // It is where it listens, and not where people reach it.
    assert_foreign(&ann, &room, &[&format!("http://{}", site.address)]).await?;
    let ours = "https://chat.example.org";
    for both in [[ours, "https://evil.example"], ["https://evil.example", ours], [ours, ours]] {
        assert_foreign(&ann, &room, &both).await?;
    }
    assert_eq!(rows(&site)?, before);
    for (origin, listed) in [(ours, ""), ("https://app.example.org", "https://app.example.org")] {
        let answer = ann.socket().header("origin", origin).send().await?;
        assert_eq!(answer.status(), 101, "{origin}");
        assert_eq!(header(&answer, "access-control-allow-origin"), listed);
        let answer = ann.request(Method::POST, "/look").header("origin", origin).send().await?;
        assert_eq!(answer.status(), 303, "{origin}");
    }
    site.stop().await
}

#[tokio::test]
async fn without_a_public_address_it_is_the_one_that_was_asked() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    let before = rows(&site)?;
    let (host, port) = (site.address.ip().to_string(), site.address.port().to_string());
    for origin in ELSEWHERE {
        let origin = origin.replace("HOST", &host).replace("PORT", &port);
        assert_foreign(&ann, &room, &[&origin]).await?;
    }
    assert_eq!(rows(&site)?, before);
    // Somebody may have put TLS in front.
    for scheme in ["http", "https"] {
        let own = format!("{scheme}://{}", site.address);
        assert_eq!(ann.socket().header("origin", own).send().await?.status(), 101, "{scheme}");
    }
    assert_eq!(ann.socket().send().await?.status(), 101, "what says nothing is no browser");
    site.stop().await
}
