//! What the emoji picker is filled with, as it is served.

use std::io::Read;

use crate::site::{Site, Try, header};
use reqwest::Method;

/// On the wire to somebody who takes gzip.
const MAX_BYTES: usize = 42_000;

/// Where the page of a room says that it is.
fn address_in(html: &str) -> Try<String> {
    let (_, after) = html.split_once(r#"data-from=""#).ok_or("no address in the page")?;
    let (address, _) = after.split_once('"').ok_or("no end of the address")?;
    Ok(address.to_owned())
}

#[tokio::test]
async fn it_is_loaded_once_and_kept_by_who_is_nobody_too() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    let address = address_in(&ann.get(&room).await?.text().await?)?;

    let stranger = site.browser()?;
    let ask = |path: &str| stranger.request(Method::GET, path);
    let plain = ask(&address).send().await?;
    for (name, value) in [
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-type", "text/html; charset=utf-8"),
        ("set-cookie", ""),
    ] {
        assert_eq!(header(&plain, name), value, "{name}");
    }
    assert!(header(&plain, "vary").contains("accept-encoding"));
    let html = plain.text().await?;
    assert!(html.contains(">👍</button>") && html.contains(":+1:"), "{html:.500}");

    let packed = ask(&address).header("accept-encoding", "gzip, br").send().await?;
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    let tag = header(&packed, "etag").to_owned();
    let bytes = packed.bytes().await?;
    assert!(bytes.len() <= MAX_BYTES, "{} bytes", bytes.len());
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut unpacked)?;
    assert_eq!(unpacked, html);

    let again = ask(&address).header("accept-encoding", "gzip, br").header("if-none-match", tag);
    let again = again.send().await?;
    assert_eq!(again.status(), 304);
    assert!(again.bytes().await?.is_empty());
    site.stop().await
}

#[tokio::test]
async fn under_an_older_address_it_is_the_newest_and_not_kept() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    for path in ["/emoji/en", "/emoji/en?0123456789abcdef"] {
        let answer = ann.get(path).await?;
        assert_eq!((answer.status().as_u16(), header(&answer, "cache-control")), (200, "no-cache"));
        assert!(answer.text().await?.contains("data-codes"), "{path}");
    }
    site.stop().await
}

#[tokio::test]
async fn nothing_in_it_is_refused_by_the_policy() -> Try {
    let site = Site::start(&[]).await?;
    let html = site.browser()?.get("/emoji/en").await?.text().await?;
    for refused in ["<script", " style=", " onclick="] {
        assert!(!html.contains(refused), "{refused}");
    }
    site.stop().await
}
