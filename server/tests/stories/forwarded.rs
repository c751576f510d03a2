//! Whose word counts on where a request comes from, and how many connections one address may have.

use futures::future::try_join_all;
use reqwest::{Client, Response};

use crate::{
    client::soon,
    limits::PROXY,
    site::{Browser, Site, Try, header},
};

/// How one who guesses so often is answered, and whether at last they have to wait.
async fn has_to_wait(guesser: &[Browser]) -> Try<bool> {
    for browser in guesser {
        assert_eq!(browser.get("/r/ZZZZZ").await?.status(), 404);
    }
    let last = guesser.last().ok_or("nobody guesses")?.get("/r/ZZZZZ").await?;
    assert!([404, 429].contains(&last.status().as_u16()));
    Ok(last.status() == 429)
}

#[tokio::test]
async fn what_a_request_says_counts_only_behind_a_proxy_that_was_named() -> Try {
    const FOR: &str = "x-forwarded-for";
    const FORWARDED: &str = "forwarded";
    // Twice the same one who guesses, and the third guess is one too many.
    for (proxied, one, other, same) in [
        (true, (FOR, "203.0.113.5"), (FOR, "203.0.113.5"), true),
        (true, (FOR, "203.0.113.5"), (FOR, "203.0.113.6"), false),
        (true, (FOR, "2001:db8::1"), (FOR, "2001:db8::ffff"), true),
        (true, (FOR, "198.51.100.1, 203.0.113.5"), (FOR, "198.51.100.2, 203.0.113.5"), true),
        (true, (FOR, "127.0.0.1, 203.0.113.5"), (FOR, "::1,203.0.113.5:99"), true),
        (true, (FOR, "203.0.113.5, 127.0.0.1"), (FOR, "203.0.113.5"), true),
        (true, (FORWARDED, "for=203.0.113.5"), (FOR, "203.0.113.5"), true),
        (true, (FORWARDED, "for=\"[2001:db8::1]:1\""), (FORWARDED, "For=\"[2001:db8::2]\""), true),
        (true, (FORWARDED, "for=198.51.100.1,for=203.0.113.5"), (FOR, "203.0.113.5"), true),
        (true, (FOR, "nonsense"), (FOR, "other nonsense"), true),
        (false, (FOR, "203.0.113.5"), (FOR, "203.0.113.5"), false),
        (false, (FORWARDED, "for=203.0.113.5"), (FORWARDED, "for=203.0.113.5"), false),
    ] {
        let limit = ["--misses-per-address", "2+1"];
        let settings = if proxied { [&limit[..], &PROXY].concat() } else { limit.to_vec() };
        let site = Site::start(&settings).await?;
        let guesser = [site.browser_saying(&[one])?, site.browser_saying(&[other])?];
        assert_eq!(has_to_wait(&guesser).await?, same, "{proxied} {one:?} {other:?}");
        site.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn who_writes_into_the_header_that_the_proxy_does_not_gains_nothing() -> Try {
    let site = Site::start(&[&PROXY[..], &["--misses-per-address", "2+1"]].concat()).await?;
    let lies = ["for=198.51.100.1", "for=127.0.0.1", "for=_nobody"];
    let guesser = lies
        .map(|lie| site.browser_saying(&[("x-forwarded-for", "203.0.113.5"), ("forwarded", lie)]));
    let guesser = guesser.into_iter().collect::<Try<Vec<_>>>()?;
    assert!(has_to_wait(&guesser[..2]).await?);
    assert_eq!(guesser[2].get("/r/ZZZZZ").await?.status(), 429);
    // And takes nothing from the others behind that proxy.
    assert_eq!(site.browser_at("203.0.113.5")?.get("/r/ZZZZZ").await?.status(), 404);
    site.stop().await
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn who_is_beside_the_proxy_is_not_believed() -> Try {
    let site = Site::start(&[&PROXY[..], &["--misses-per-address", "2+1"]].concat()).await?;
    let beside = Client::builder().local_address(std::net::IpAddr::from([127, 0, 0, 2])).build()?;
    let guess = || {
        let request = beside.get(format!("http://{}/r/ZZZZZ", site.address));
        request.header("x-forwarded-for", "203.0.113.5").send()
    };
    for _ in 0..5 {
        assert_eq!(guess().await?.status(), 404);
    }
    assert_eq!(site.browser_at("203.0.113.5")?.get("/r/YYYYY").await?.status(), 404);
    site.stop().await
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_the_others_do_not_suffer() -> Try {
    let site = Site::start(&[&PROXY[..], &["--connections-per-address", "3"]].concat()).await?;
    let (here, there) = (site.browser_at("203.0.113.5")?, site.browser_at("203.0.113.6")?);
    let mut open: Vec<Response> = try_join_all((0..3).map(|_| here.socket().send())).await?;
    assert!(open.iter().all(|socket| socket.status() == 101));
    for refused in [here.socket().send().await?, here.get("/").await?] {
        assert_eq!((refused.status().as_u16(), header(&refused, "retry-after")), (503, "10"));
        assert_eq!(header(&refused, "x-content-type-options"), "nosniff");
    }
    for welcome in [there.socket().send().await?, site.browser()?.socket().send().await?] {
        assert_eq!(welcome.status(), 101);
    }
    open.pop();
    let again = soon(async {
        loop {
            let answer = here.get("/").await?;
            if answer.status() != 503 {
                return Try::Ok(answer);
            }
        }
    });
    assert_eq!(again.await?.status(), 200, "somebody left");
    site.stop().await
}
