//! How somebody comes to another device: by a link that works once, asks first, and is worth nothing to whoever
//! comes later or only guesses.

use std::time::{SystemTime, UNIX_EPOCH};

use futures::future::try_join_all;
use protocol::{Arrival, Now, View};
use reqwest::{Response, header::SET_COOKIE};

use crate::{
    devices::{Device, PHONE},
    limits::PROXY,
    site::{Site, Try, header, words},
};

const NO_TOKEN: &str = "/move/0123456789abcdef0123456789abcdef";

async fn arrival(device: &mut Device, way: &str) -> Try<Arrival> {
    let view = device.view(way).await?;
    let View::Arrival(arrival) = view else { return Err(format!("{view:?}").into()) };
    Ok(arrival)
}

/// All that a page says but its nonces.
async fn told(answer: Response) -> Try<(u16, String)> {
    let (status, html) = (answer.status().as_u16(), answer.text().await?);
    let (_, page) = html.split_once("<body").ok_or("no page")?;
    let (page, _) = page.split_once("<script").ok_or("no script")?;
    Ok((status, page.to_owned()))
}

#[tokio::test]
async fn a_name_and_its_rooms_come_along_and_the_link_is_spent() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, room) = Device::with_room(&site, "Ann").await?;
    let path = format!("/r/{}", room["code"].as_str().ok_or("no code")?);
    let page = laptop.send("/devices/move", &[]).await?;
    assert_eq!(
        (page.status().as_u16(), header(&page, "cache-control")),
        (200, "private, no-cache")
    );
    let html = page.text().await?;
    let way = html.split_once("/move/").ok_or("no link")?.1;
    let way = format!("/move/{}", way.split('"').next().ok_or("no end")?);
    assert!(html.contains("<svg viewBox=") && html.contains(words().move_help));

    // What looks at a link by itself takes nothing away.
    let mut phone = Device::new(&site, PHONE)?;
    for _ in 0..3 {
        assert_eq!(Device::new(&site, "Preview")?.get(&way).await?.status(), 200);
        let arrival = arrival(&mut phone, &way).await?;
        assert_eq!(arrival, Arrival { name: Some("Ann".into()), now: None });
    }
    assert_eq!((phone.rooms().await?, laptop.devices().await?.signed_in.len()), (0, 1));
    let offered = phone.cookie.clone();
    let arrived = phone.send(&way, &[]).await?;
    assert_eq!((arrived.status().as_u16(), header(&arrived, "location")), (303, "/"));
    let cookies: Vec<_> = arrived.headers().get_all(SET_COOKIE).into_iter().collect();
    assert_eq!(cookies.len(), 1);
    for flag in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=34560000"] {
        assert!(cookies[0].to_str()?.contains(flag), "{flag}");
    }
    assert_ne!(phone.cookie, offered);
    assert!(phone.is_member(&path).await? && laptop.is_member(&path).await?);
    assert_eq!(laptop.devices().await?.signed_in.len(), 2);

    // Whoever comes later finds what those find who have never had one.
    let (mut late, over) = (Device::new(&site, PHONE)?, laptop.way().await?);
    laptop.call("/devices/move", &[("off", "on")]).await?;
    for is_form in [false, true] {
        let mut found = Vec::new();
        for path in [&*way, &over, NO_TOKEN, "/move/x"] {
            let answer = if is_form { late.send(path, &[]).await? } else { late.get(path).await? };
            found.push(told(answer).await?);
        }
        assert_eq!(found[0].0, 404);
        assert!(found[0].1.contains(words().nowhere_title));
        assert!(found.iter().all(|one| *one == found[0]), "form: {is_form}");
    }
    assert_eq!(late.rooms().await?, 0);
    site.stop().await
}

#[tokio::test]
async fn a_form_that_is_sent_again_is_answered_again() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let way = laptop.way().await?;
    let mut phone = Device::new(&site, PHONE)?;
    phone.get(&way).await?;
    let press = async |mut device: Device| -> Try<Device> {
        assert_eq!(device.send(&way, &[]).await?.status(), 303);
        Ok(device)
    };
    let both = try_join_all([press(phone.clone()), press(phone.clone())]).await?;
    assert_eq!(both[0].cookie, both[1].cookie);
    assert_eq!(laptop.devices().await?.signed_in.len(), 2);
    // Not for anybody else, and not once it was signed out.
    let mut other = Device::new(&site, PHONE)?;
    other.get("/").await?;
    assert_eq!(other.send(&way, &[]).await?.status(), 404);
    laptop.send("/devices/sign-out", &[("device", "others")]).await?;
    assert_eq!(phone.send(&way, &[]).await?.status(), 404);
    assert_eq!(laptop.devices().await?.signed_in.len(), 1);
    site.stop().await
}

#[tokio::test]
async fn whose_token_a_browser_was_given_is_not_whose_device_it_becomes() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    // Eve knows the cookie that the phone comes with: as it was offered to her, and as a session of hers.
    let mut offered = Device::new(&site, "Eve")?;
    offered.get("/").await?;
    let (session, _) = Device::with_room(&site, "Eve").await?;
    for mut eve in [offered, session] {
        let mut phone = eve.clone();
        let way = laptop.way().await?;
        let now = arrival(&mut phone, &way).await?.now;
        assert_eq!(phone.send(&way, &[]).await?.status(), 303);
        assert_ne!(phone.cookie, eve.cookie);
        assert_eq!((phone.rooms().await?, eve.rooms().await?), (1, 0), "{now:?}");
    }
    site.stop().await
}

#[tokio::test]
async fn who_is_somebody_here_already_is_told_before() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let (mut bob, _) = Device::with_room(&site, "Bob").await?;
    let mut tab = bob.socket().await?;
    let way = laptop.way().await?;
    assert_eq!(arrival(&mut laptop, &way).await?.now, Some(Now::Theirs));
    assert_eq!(arrival(&mut bob, &way).await?.now, Some(Now::Other("Bob".into())));
    let html = bob.get(&way).await?.text().await?;
    assert!(html.contains(&words().arrival_other("Bob")), "{html}");
    let before = bob.clone();
    bob.send(&way, &[]).await?;
    assert_eq!(tab.closed().await, protocol::Close::SignedOut.code(), "his other tabs load anew");
    assert_eq!(arrival(&mut bob, NO_TOKEN).await?, Arrival::default());
    assert_eq!((bob.devices().await?.signed_in.len(), before.clone().rooms().await?), (2, 0));
    site.stop().await
}

#[tokio::test]
async fn of_several_links_the_last_one_works() -> Try {
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let (first, last) = (laptop.way().await?, laptop.way().await?);
    let mut phone = Device::new(&site, PHONE)?;
    assert_eq!(phone.send(&first, &[]).await?.status(), 404);
    assert_eq!(phone.send(&last, &[]).await?.status(), 303);
    site.stop().await
}

#[tokio::test]
async fn to_guess_a_link_costs_what_to_guess_a_code_does() -> Try {
    let site = Site::start(&[&PROXY[..], &["--misses-per-address", "3+1"]].concat()).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let way = laptop.way().await?;
    let (here, there) = (site.browser_at("203.0.113.5")?, site.browser_at("203.0.113.6")?);
    for _ in 0..9 {
        assert_eq!(here.get(&way).await?.status(), 200, "what leads somewhere costs nothing");
        assert_eq!(here.get("/move/x").await?.status(), 404, "nor does what can be no token");
    }
    assert_eq!(here.get(NO_TOKEN).await?.status(), 404);
    assert_eq!(here.send(NO_TOKEN, &[]).await?.status(), 404);
    assert_eq!(here.get("/r/ZZZZZ").await?.status(), 404);
    for path in [NO_TOKEN, &way] {
        assert_eq!(
            (here.get(path).await?.status(), here.send(path, &[]).await?.status()),
            (429.try_into()?, 429.try_into()?)
        );
    }
    assert_eq!(there.send(&way, &[]).await?.status(), 303);
    site.stop().await
}

/// By the clock on the wall, which no test waits for: what the database has is put back instead.
#[tokio::test]
async fn a_link_is_open_for_ten_minutes() -> Try {
    const MINUTE: i64 = 60_000;
    let site = Site::start(&[]).await?;
    let (mut laptop, _) = Device::with_room(&site, "Ann").await?;
    let database = rusqlite::Connection::open(site.database())?;
    let until = || database.query_row("SELECT until FROM ways", [], |row| row.get::<_, i64>(0));
    let age = |by: i64| database.execute("UPDATE ways SET until = until - ?1", [by]);
    let since = |time: SystemTime| -> Try<i64> {
        Ok(i64::try_from(time.duration_since(UNIX_EPOCH)?.as_millis())?)
    };
    for (waited, status) in [(9 * MINUTE, 200), (10 * MINUTE, 404)] {
        let before = SystemTime::now();
        let way = laptop.way().await?;
        let open = since(before)? + 10 * MINUTE..=since(SystemTime::now())? + 10 * MINUTE;
        assert!(open.contains(&until()?), "{open:?}");
        age(waited)?;
        let mut phone = Device::new(&site, PHONE)?;
        assert_eq!(phone.get(&way).await?.status(), status, "after {waited} ms");
        let sent = if status == 200 { 303 } else { status };
        assert_eq!(phone.send(&way, &[]).await?.status(), sent, "after {waited} ms");
    }
    site.stop().await
}
