//! A door at which so many wait that nobody would see another one.

use protocol::Refusal;
use reqwest::StatusCode;
use serde_json::json;

use crate::site::{Site, Try, header, words};

/// As many as a desk shows.
const MOST: u32 = 200;

#[tokio::test]
async fn where_as_many_knock_as_a_desk_shows_the_next_is_told_when_to_come_again() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, late) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    let (act, knock) = (format!("{room}/act"), format!("{room}/knock"));
    ann.send(&act, &[("act", "admission"), ("admission", "knock")]).await?;
    for n in 1..=MOST {
        let called = format!("Guest {n}");
        let (status, said) = site.browser()?.call(&knock, &[("name", &called)]).await?;
        assert_eq!((status, said), (StatusCode::OK, json!({ "knocked": true })), "{n}");
    }
    let refusal = Refusal::TooManyKnock { retry_ms: 60_000 };
    let (status, said) = late.call(&knock, &[("name", "Late")]).await?;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(said["refusal"], json!(refusal));
    let page = late.send(&knock, &[("name", "Late")]).await?;
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&page, "retry-after"), "60");
    let html = page.text().await?;
    for part in [words().live.refusal(&refusal), r#"value="Late""#.to_owned()] {
        assert!(html.contains(&part), "{part}\n{html}");
    }
    // One is let in.
    ann.send(&act, &[("act", "answer"), ("knock", "2"), ("admit", "on")]).await?;
    assert_eq!(late.call(&knock, &[("name", "Late")]).await?.0, StatusCode::OK);
    site.stop().await
}
