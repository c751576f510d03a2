//! Codes that are tried: whoever guesses waits, and learns nothing by it that they would not by waiting.

use std::collections::BTreeSet;

use futures::future::join_all;
use protocol::{Audience, Command, Event, Refusal, RoomCode, RoomId, VERSION};
use reqwest::{Method, Response, header::HeaderName};
use tokio::net::TcpStream;

use crate::{
    client::Socket,
    limits::{PROXY, minute},
    site::{Browser, Site, Try, header, without_nonces},
};

const HERE: &str = "203.0.113.5";
const ID: &str = "018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17";

async fn guarded(settings: &[&str]) -> Try<Site> {
    Site::start(&[&PROXY[..], settings].concat()).await
}

/// All that an answer says, as it would be for any other code, nonce and number of seconds.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    way: String,
    status: u16,
    headers: BTreeSet<(String, String)>,
    text: String,
}

/// Without what is another each time: ids of requests, the times of day, seconds to wait.
async fn told(way: String, answer: Response, code: &str) -> Try<Told> {
    let plain = |text: &str| -> String {
        let text = without_nonces(&text.replace(code, "CODE"));
        text.chars().filter(|c| !c.is_ascii_digit()).collect()
    };
    let mut headers = BTreeSet::new();
    for (name, value) in answer.headers() {
        let value = match name.as_str() {
            "date" | "x-request-id" => "",
            // Of a cookie, that there is one.
            "set-cookie" => value.to_str()?.split('=').next().unwrap_or_default(),
            _ => value.to_str()?,
        };
        headers.insert((name.to_string(), plain(value)));
    }
    let status = answer.status().as_u16();
    Ok(Told { way, status, headers, text: plain(&answer.text().await?) })
}

/// Every way to say a code, as a browser and as a program.
async fn ways(browser: &Browser, code: &str) -> Try<Vec<Told>> {
    let room = format!("/r/{code}");
    let mut answers = Vec::new();
    for accept in ["text/html", "application/json"] {
        for path in ["", "/", "?data", "?at=1", "/history", "/people", "/qr.svg", "/export/txt"] {
            let request = browser.request(Method::GET, &format!("{room}{path}"));
            answers.push((format!("GET {path}"), request.header("accept", accept).send().await?));
        }
        for (path, fields) in [
            (format!("{room}/join"), vec![("name", "Eve")]),
            (room.clone(), vec![("id", ID), ("body", "Hi"), ("name", "Eve")]),
            (format!("{room}/name"), vec![("name", "Eve")]),
            (format!("{room}/read"), vec![("seq", "1")]),
            (format!("{room}/leave"), vec![]),
        ] {
            let request = browser.request(Method::POST, &path).header("accept", accept);
            answers.push((path.replace(code, "CODE"), request.form(&fields).send().await?));
        }
        let request = browser.request(Method::POST, "/join").header("accept", accept);
        let fields = [("name", "Eve"), ("code", code)];
        answers.push(("/join".into(), request.form(&fields).send().await?));
    }
    let mut all = Vec::new();
    for (way, answer) in answers {
        let (status, retry) = (answer.status().as_u16(), header(&answer, "retry-after"));
        assert_eq!(status == 429, !retry.is_empty(), "{way}");
        all.push(told(way, answer, code).await?);
    }
    let pages = all.iter().filter(|told| told.text.contains("</html>")).count();
    assert!(pages >= 8, "whole pages are among them: {pages}");
    Ok(all)
}

#[tokio::test]
async fn after_so_many_misses_a_room_and_no_room_are_answered_alike() -> Try {
    let site = guarded(&["--misses-per-address", "3+1"]).await?;
    let (ann, ben, eve) = (site.browser()?, site.browser_at(HERE)?, site.browser_at(HERE)?);
    let dan = site.browser_at(HERE)?;
    let (room, _) = (ann.create("Ann").await?, dan.call("/rooms", &[("name", "Dan")]).await?);
    let code = room.trim_start_matches("/r/").to_owned();
    assert_eq!(ben.send(&format!("{room}/join"), &[("name", "Ben")]).await?.status(), 303);
    for _ in 0..9 {
        assert_eq!(eve.get(&room).await?.status(), 200, "what is there costs nothing");
    }
    // What can be no code is no guess.
    for _ in 0..9 {
        assert_eq!(eve.get("/r/K_RT").await?.status(), 404);
    }
    assert_eq!(eve.get("/r/ZZZZZ").await?.status(), 404);
    assert_eq!(eve.call("/join", &[("name", "Eve"), ("code", "YYYYY")]).await?.0, 404);
    assert_eq!(eve.call("/r/XXXXX/leave", &[]).await?.0, 404);
    // Whether they are nobody yet, or in another room.
    for stranger in [&eve, &dan] {
        let (there, missing) = (ways(stranger, &code).await?, ways(stranger, "WWWWW").await?);
        assert_eq!(there, missing);
        let other: Vec<_> = there.iter().filter(|told| told.status != 429).collect();
        assert!(other.is_empty(), "{other:?}");
    }

    assert_eq!(ben.get(&room).await?.status(), 200, "who is in it notices nothing");
    assert_eq!(ben.say(&room, "Hello").await?.status(), 303);
    let elsewhere = site.browser_at("203.0.113.6")?;
    assert_eq!(elsewhere.get(&room).await?.status(), 200);
    assert_eq!(elsewhere.get("/r/ZZZZZ").await?.status(), 404);
    minute().await;
    assert_eq!(eve.get(&room).await?.status(), 200, "it was only to wait");
    assert_eq!(eve.get("/r/ZZZZZ").await?.status(), 404);
    assert_eq!(eve.get(&room).await?.status(), 429);
    site.stop().await
}

/// It costs them as much, and they wait from the same question on.
#[tokio::test]
async fn a_locked_room_and_no_room_are_answered_alike_and_cost_a_stranger_as_much() -> Try {
    for (misses, statuses) in [("200+1", &[404][..]), ("9+1", &[404, 429])] {
        let site = guarded(&["--misses-per-address", misses]).await?;
        let (ann, dan) = (site.browser()?, site.browser_at("203.0.113.7")?);
        let room = ann.create("Ann").await?;
        let locked = [("act", "admission"), ("admission", "locked")];
        assert_eq!(ann.call(&format!("{room}/act"), &locked).await?.0, 200);
        let code = room.trim_start_matches("/r/");
        let (eve, fay) = (site.browser_at(HERE)?, site.browser_at("203.0.113.6")?);
        let (there, missing) = (ways(&eve, code).await?, ways(&fay, "WWWWW").await?);
        assert_eq!(there, missing);
        let said: BTreeSet<_> = there.iter().map(|told| told.status).collect();
        assert_eq!(said, statuses.iter().copied().collect());
        // To somebody who is in another room, too.
        dan.create("Dan").await?;
        if misses == "200+1" {
            assert_eq!(ways(&dan, code).await?, ways(&dan, "WWWWW").await?);
        }
        site.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn many_guesses_at_a_time_are_answered_no_more_than_in_a_row() -> Try {
    let site = guarded(&["--misses-per-address", "3+1"]).await?;
    let eve = site.browser_at(HERE)?;
    let codes: Vec<String> = ["ABCDE", "FGHJK", "MNPRS", "TUVWX", "ZYXWV", "UTSRP", "NMKJH"]
        .iter()
        .flat_map(|code| (0..5).map(move |by| format!("/r/{}{}", &code[by..], &code[..by])))
        .collect();
    let answers = join_all(codes.iter().map(|path| eve.get(path))).await;
    let statuses =
        answers.into_iter().map(|answer| Ok(answer?.status().as_u16())).collect::<Try<Vec<_>>>()?;
    let answered = statuses.iter().filter(|status| **status == 404).count();
    assert!((1..=3).contains(&answered), "{statuses:?}");
    assert!(statuses.iter().all(|status| [404, 429].contains(status)), "{statuses:?}");
    site.stop().await
}

#[tokio::test]
async fn what_is_typed_for_a_room_that_must_wait_is_kept() -> Try {
    let site = guarded(&["--misses-per-address", "1+1"]).await?;
    let (ann, eve) = (site.browser()?, site.browser_at(HERE)?);
    let room = ann.create("Ann").await?;
    let code = room.trim_start_matches("/r/").to_owned();
    assert_eq!(eve.get("/r/ZZZZZ").await?.status(), 404);
    let said = [("id", ID), ("body", "It is <important>"), ("name", "Eve & co")];
    for (path, fields, kept) in [
        ("/join".into(), &[("name", "Eve & co"), ("code", &code)][..], vec![code.as_str()]),
        (format!("{room}/join"), &said[2..], vec![]),
        (room.clone(), &said[..], vec![ID, "It is &lt;important>"]),
    ] {
        let refused = eve.send(&path, fields).await?;
        assert_eq!(refused.status(), 429, "{path}");
        let html = refused.text().await?;
        for part in kept.into_iter().chain(["Eve &amp; co"]) {
            assert!(html.contains(part), "{path}: {part}\n{html}");
        }
    }
    site.stop().await
}

#[tokio::test]
async fn while_all_together_guess_too_much_only_who_is_in_no_room_waits() -> Try {
    let site = guarded(&["--misses-in-all", "3+1"]).await?;
    let (ann, ben) = (site.browser()?, site.browser_at("198.51.100.1")?);
    let [tea, cake] = [ann.create("Ann").await?, ann.create("Ann").await?];
    assert_eq!(ben.send(&format!("{cake}/join"), &[("name", "Ben")]).await?.status(), 303);
    for (n, ip) in ["203.0.113.1", "203.0.113.2", "2001:db8::1"].into_iter().enumerate() {
        let eve = site.browser_at(ip)?;
        assert_eq!(eve.get(&format!("/r/{}", ["ZZZZZ", "YYYYY", "XXXXX"][n])).await?.status(), 404);
    }
    let new = site.browser_at("198.51.100.2")?;
    for (browser, there, missing) in [(&new, 429, 429), (&ben, 200, 404)] {
        assert_eq!(browser.get(&tea).await?.status(), there);
        assert_eq!(browser.get("/r/WWWWW").await?.status(), missing);
    }
    // Who left the only room that they were in is in none.
    ben.send(&format!("{cake}/leave"), &[]).await?;
    assert_eq!(ben.get(&tea).await?.status(), 429);
    minute().await;
    assert_eq!(new.get(&tea).await?.status(), 200);
    site.stop().await
}

#[tokio::test]
async fn to_guess_by_socket_costs_as_much() -> Try {
    let site = guarded(&["--misses-per-address", "3+1"]).await?;
    let (status, made) = site.browser()?.call("/rooms", &[("name", "Ann")]).await?;
    assert_eq!(status, 200);
    let room = RoomId(made["room"]["id"].as_u64().ok_or("no id")?.try_into()?);
    let (right, wrong) = (made["room"]["code"].as_str().ok_or("no code")?, "ZZZZZ");
    let from = [(HeaderName::from_static("x-forwarded-for"), HERE)];
    let query = format!("?version={VERSION}");
    let line = TcpStream::connect(site.address).await?;
    let mut eve = Socket::saying(line, site.address, &query, &from).await;
    let mut watch = async |room, code: Option<&str>| {
        let (stream, code) = (Audience::Room(room), code.and_then(RoomCode::parse));
        eve.send(Command::Watch { stream, since: None, code }).await;
        let refused = eve.so_far().await.into_iter().find_map(|event| {
            if let Event::Refused(refused) = event { Some(refused.refusal) } else { None }
        });
        // How long it takes to be one more is another each time.
        refused.map(|refusal| match refusal.is_retryable() {
            true => Refusal::TooFast { retry_ms: 0 },
            false => refusal,
        })
    };
    let (missed, spent) = (Some(Refusal::NoSuchRoom), Some(Refusal::TooFast { retry_ms: 0 }));
    for (id, code, refused) in [
        (room, Some(right), &None),
        (room, Some(wrong), &missed),
        (room, None, &missed),
        (room, Some(right), &None),
        (RoomId(4_000_000), Some(right), &missed),
        (room, Some(right), &spent),
        (room, Some(wrong), &spent),
        (RoomId(4_000_000), Some(right), &spent),
    ] {
        assert_eq!(&watch(id, code).await, refused, "{id:?} {code:?}");
    }
    // By whatever way.
    assert_eq!(site.browser_at(HERE)?.get(&format!("/r/{right}")).await?.status(), 429);
    site.stop().await
}
