//! Tokens that somebody else chose: a browser that was given one is not theirs.

use protocol::WhoAmI;
use reqwest::{Method, Response};

use crate::site::{Site, Try, header, location};

const ORIGIN: &str = "https://chat.example.org";
const CHOSEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// What stands in the cookie that a form was answered with.
fn given(answer: &Response) -> Try<String> {
    let cookie = header(answer, "set-cookie");
    let (_, cookie) = cookie.split_once('=').ok_or_else(|| format!("no cookie: {cookie:?}"))?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// Over HTTPS browsers take the cookie from nobody but this host. All else that can be planted begins nothing.
#[tokio::test]
async fn a_session_does_not_begin_with_what_others_can_plant() -> Try {
    let site = Site::start(&["--public-url", ORIGIN]).await?;
    for planted in [
        format!("parley={CHOSEN}"),
        format!("__Secure-parley={CHOSEN}"),
        format!("__HOST-parley={CHOSEN}"),
        format!("__Host-parley ={CHOSEN}x"),
        format!("__Host-parley={}", &CHOSEN[1..]),
        format!("__Host-parley={CHOSEN}0"),
        format!("__Host-parley=\"{CHOSEN}\""),
        "__Host-parley=".to_owned(),
        format!("a=b, __Host-parley={CHOSEN}"),
        format!("parley={CHOSEN}; parley={CHOSEN}"),
    ] {
        let victim = site.browser()?.request(Method::POST, "/rooms").header("cookie", &planted);
        let made = victim.header("origin", ORIGIN).form(&[("name", "Ann")]).send().await?;
        assert_eq!(made.status(), 303, "{planted}");
        let token = given(&made)?;
        assert!(token.len() == 64 && !planted.contains(&token), "{planted}");
        let eve = site.browser()?.request(Method::GET, &format!("{}?data", location(&made)?));
        let eve = eve.header("cookie", format!("__Host-parley={CHOSEN}; {planted}"));
        let page: protocol::PageData = eve.send().await?.json().await?;
        let protocol::View::Room(view) = page.view else { return Err("no room".into()) };
        assert!(matches!(view.me, WhoAmI::Visitor { .. }), "{planted}");
    }
    site.stop().await
}
