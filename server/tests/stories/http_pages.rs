//! What is read, what guards it, and that reading changes nothing.

use std::{collections::BTreeMap, time::Duration};

use crate::site::{Site, Try, assert_door, header, location, room_in};
use protocol::{View, WhoAmI};
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Rows of every table.
pub(crate) fn rows(site: &Site) -> Try<BTreeMap<String, u64>> {
    let database = rusqlite::Connection::open(site.database())?;
    let mut tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let names =
        tables.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let count = |name: String| {
        let rows =
            database.query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0))?;
        Ok((name, rows))
    };
    names.into_iter().map(count).collect()
}

#[tokio::test]
async fn reading_writes_nothing() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, stranger) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    ann.say(&room, "Hello").await?;
    let before = rows(&site)?;
    assert!(before.values().sum::<u64>() > 4, "{before:?}");
    let (lower, people) = (room.to_lowercase(), format!("{room}/people"));
    let paths = [
        "/",
        "/?data",
        &room,
        &lower,
        "/settings",
        &people,
        "/r/ZZZZZ",
        "/r/no",
        "/nowhere",
        "/favicon.ico",
        "/readyz",
        "/live",
    ];
    for path in paths {
        for method in [Method::GET, Method::HEAD] {
            for person in [&ann, &stranger] {
                person.request(method.clone(), path).header("accept", "text/html").send().await?;
            }
        }
    }
    stranger.room(&room).await?;
    assert_eq!(rows(&site)?, before);
    site.stop().await
}

#[tokio::test]
async fn a_room_opens_by_its_code_in_any_letter_case() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, stranger) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    ann.say(&room, "Hello").await?;
    let code = room.trim_start_matches("/r/").to_lowercase();
    for path in [room.clone(), format!("/r/{code}"), format!("/r/{code}/")] {
        let page = stranger.get(&path).await?;
        assert_eq!(
            (page.status().as_u16(), header(&page, "x-robots-tag")),
            (200, "noindex"),
            "{path}"
        );
        let html = page.text().await?;
        assert!(html.contains("Hello"), "the conversation stands in the page");
        let view = room_in(&html)?;
        let WhoAmI::Visitor { name } = view.me else {
            return Err("a stranger is a visitor".into());
        };
        assert!(html.contains(&name), "{name}");
        assert!(view.link.ends_with(&room) && view.link.starts_with("http://"), "{}", view.link);
    }
    assert!(matches!(ann.room(&room).await?.me, WhoAmI::Member(_)));
    site.stop().await
}

#[tokio::test]
async fn what_is_not_there_is_said_kindly() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    for path in ["/r/ZZZZZ", "/r/nonsense", "/r/", "/nowhere", "/r/AB/CD"] {
        let page = ann.get(path).await?;
        assert_eq!(
            (page.status().as_u16(), header(&page, "x-robots-tag")),
            (404, "noindex"),
            "{path}"
        );
        let html = page.text().await?;
        assert_door(&html);
    }
    assert_eq!(ann.get("/r/ZZZZZ?data").await?.status(), 404);
    let file = ann.request(Method::GET, "/pkg/gone.js").header("accept", "*/*").send().await?;
    assert_eq!(
        (file.status().as_u16(), header(&file, "content-type")),
        (404, "text/plain; charset=utf-8")
    );
    assert!(ann.get("/favicon.ico").await?.status().is_success());
    site.stop().await
}

#[tokio::test]
async fn scripts_run_by_a_nonce_that_no_other_page_has() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let page = ann.get("/").await?;
        assert_eq!(header(&page, "cache-control"), "private, no-cache");
        assert!(header(&page, "vary").contains("cookie"));
        let policy = header(&page, "content-security-policy").to_owned();
        let (_, after) = policy.split_once("'nonce-").ok_or("no nonce")?;
        let (nonce, _) = after.split_once('\'').ok_or("no nonce")?;
        assert!(nonce.len() >= 16 && !seen.contains(&nonce.to_owned()), "{nonce}");
        let html = page.text().await?;
        for script in html
            .split("<script")
            .skip(1)
            .filter(|script| !script.starts_with(r#" type="application/json""#))
        {
            assert!(script.contains(&format!(r#"nonce="{nonce}""#)), "{script:.200}");
        }
        assert!(
            !html.contains(" style=") && !html.contains(" onclick="),
            "the policy would refuse it"
        );
        seen.push(nonce.to_owned());
    }
    site.stop().await
}

#[tokio::test]
async fn over_https_the_cookie_and_the_links_are_for_that_address_alone() -> Try {
    let site = Site::start(&["--public-url", "https://chat.example.org"]).await?;
    let form = site
        .browser()?
        .request(Method::POST, "/rooms")
        .header("origin", "https://chat.example.org");
    let answer = form.form(&[("name", "Ann")]).send().await?;
    assert_eq!(answer.status(), 303);
    let cookie = header(&answer, "set-cookie").to_owned();
    let (name, rest) = cookie.split_once('=').ok_or("no cookie")?;
    let (token, flags) = rest.split_once("; ").ok_or("no flags")?;
    assert_eq!((name, token.len()), ("__Host-parley", 64));
    assert_eq!(flags, "HttpOnly; SameSite=Lax; Path=/; Max-Age=34560000; Secure");
    assert!(header(&answer, "strict-transport-security").starts_with("max-age="));
    let path = location(&answer)?;
    let page = site
        .browser()?
        .request(Method::GET, &format!("{path}?data"))
        .header("cookie", format!("{name}={token}"));
    let View::Room(view) = page.send().await?.json::<protocol::PageData>().await?.view else {
        return Err("no room".into());
    };
    assert!(matches!(view.me, WhoAmI::Member(_)));
    // Whoever shares a name of the host's, or its plain port, can plant a cookie without the prefix.
    let planted = site.browser()?.request(Method::GET, &format!("{path}?data"));
    let planted = planted.header("cookie", format!("parley={token}")).send().await?;
    let View::Room(planted) = planted.json::<protocol::PageData>().await?.view else {
        return Err("no room".into());
    };
    assert!(matches!(planted.me, WhoAmI::Visitor { .. }));
    assert_eq!(view.link, format!("https://chat.example.org{path}"));
    // The database holds nothing that opens a session.
    for entry in std::fs::read_dir(site.database().parent().ok_or("no folder")?)? {
        let entry = entry?;
        // But for the socket, which holds nothing.
        let is_file = entry.file_type()?.is_file();
        let bytes = if is_file { std::fs::read(entry.path())? } else { Vec::new() };
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
    }
    site.stop().await
}

#[tokio::test]
async fn a_page_is_sent_compressed_to_whoever_can_read_that() -> Try {
    let site = Site::start(&[]).await?;
    for (accepted, encoding) in [("br, gzip", "gzip"), ("br", ""), ("identity", "")] {
        let page = site
            .browser()?
            .request(Method::GET, "/")
            .header("accept-encoding", accepted)
            .send()
            .await?;
        assert_eq!(header(&page, "content-encoding"), encoding);
    }
    site.stop().await
}

#[tokio::test]
async fn a_stranger_is_offered_a_name_and_one_theme_from_the_first_byte_on() -> Try {
    let site = Site::start(&[]).await?;
    let View::Lobby(lobby) = site.browser()?.data("/").await?.view else {
        return Err("no lobby".into());
    };
    assert_eq!(lobby.name.split(' ').count(), 2, "{}", lobby.name);
    let dark = site
        .browser()?
        .request(Method::GET, "/")
        .header("cookie", "a=b; look=dark.UTC; c")
        .send()
        .await?;
    assert!(dark.text().await?.contains(r#"data-theme="dark""#));
    site.stop().await
}

#[tokio::test]
async fn health_is_told_apart_from_readiness() -> Try {
    let site = Site::start(&[]).await?;
    let probe = site.browser()?;
    assert_eq!(probe.get("/healthz").await?.text().await?, "ok");
    assert_eq!(probe.get("/readyz").await?.status(), 200);
    let other = rusqlite::Connection::open(site.database())?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    assert_eq!(probe.get("/readyz").await?.status(), 503);
    assert_eq!(probe.get("/healthz").await?.status(), 200);
    other.execute_batch("ROLLBACK")?;
    assert_eq!(probe.get("/readyz").await?.status(), 200);
    site.stop().await
}

#[tokio::test]
async fn a_request_that_began_is_answered_before_the_server_ends() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    let mut post = TcpStream::connect(site.address).await?;
    let head = format!(
        "POST {room} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    );
    post.write_all(format!("{head}Content-Length: 9\r\n\r\nbody=").as_bytes()).await?;
    // Answered: the server has read what came before on its own connection.
    assert_eq!(ann.get("/").await?.status(), 200);
    let stopped = site.stop();
    let finish = async {
        post.write_all(b"late").await?;
        let mut answer = String::new();
        timeout(PATIENCE, post.read_to_string(&mut answer)).await??;
        Try::Ok(answer)
    };
    let (stopped, answer) = tokio::join!(stopped, finish);
    stopped?;
    assert!(answer?.starts_with("HTTP/1.1 400"));
    Ok(())
}
