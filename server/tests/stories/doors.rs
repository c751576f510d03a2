//! How one comes into a room that does not open by itself, and what its door says to whom.

use protocol::{Door, Gateway, Matter, View};
use serde_json::json;

use crate::{
    limits::PROXY,
    site::{Browser, Site, Try, location, no, without_nonces, words},
};

async fn door(browser: &Browser, path: &str) -> Try<Door> {
    let view = browser.data(path).await?.view;
    let View::Door(door) = view else { return Err(no("door", &view)) };
    Ok(door)
}

async fn way(browser: &Browser, path: &str) -> Try<Option<Gateway>> {
    Ok(door(browser, path).await?.gate.map(|gate| gate.way))
}

/// As the room's host.
async fn act(host: &Browser, room: &str, fields: &[(&str, &str)]) -> Try<serde_json::Value> {
    let (status, said) = host.call(&format!("{room}/act"), fields).await?;
    assert_eq!(status, 200, "{fields:?} {said}");
    Ok(said)
}

async fn refused(
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
) -> Try<(u16, serde_json::Value)> {
    let (status, mut said) = browser.call(path, fields).await?;
    Ok((status.as_u16(), said["refusal"].take()))
}

#[tokio::test]
async fn a_password_opens_to_who_knows_it_and_tells_others_nothing_else() -> Try {
    let site = Site::start(&["--passwords-per-person", "5+1"]).await?;
    let (ann, bo, eve) = (site.browser()?, site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    ann.say(&room, "a secret").await?;
    act(&ann, &room, &[("act", "rename"), ("name", "Conspiracy")]).await?;
    act(&ann, &room, &[("act", "password"), ("password", "spring tide")]).await?;
    let page = bo.get(&room).await?;
    assert_eq!(page.status(), 403);
    let page = page.text().await?;
    assert!(!page.contains("Conspiracy") && !page.contains("a secret"));
    assert_eq!(way(&bo, &room).await?, Some(Gateway::Password));
    let join = format!("{room}/join");
    let with = |password| [("name", "Bo"), ("password", password)];
    assert_eq!(refused(&bo, &join, &[("name", "Bo")]).await?, (403, json!("password_needed")));
    assert_eq!(refused(&bo, &join, &with("neap tide")).await?, (403, json!("password_wrong")));
    let again = bo.send(&join, &with("neap")).await?;
    assert_eq!(again.status(), 403);
    assert!(again.text().await?.contains("value=\"Bo\""), "the name that was typed stays");
    // A name that is refused is told where it can be changed.
    for (name, status) in [("Ann", 409), (&*"x".repeat(99), 422)] {
        let fields = [("name", name), ("password", "spring tide")];
        let again = bo.send(&join, &fields).await?;
        assert_eq!(again.status(), status, "{name}");
        let page = again.text().await?;
        assert!(page.contains("name=\"password\"") && page.contains("aria-invalid"), "{page}");
        assert!(page.contains(&format!("value=\"{name}\"")), "{page}");
    }
    assert_eq!(bo.send(&join, &with("spring tide")).await?.status(), 303);
    assert_eq!(bo.get(&room).await?.status(), 200);
    // Who guesses has to wait, also with the right one.
    for _ in 0..5 {
        eve.call(&join, &[("name", "Eve"), ("password", "guess")]).await?;
    }
    let right = [("name", "Eve"), ("password", "spring tide")];
    let late = refused(&eve, &join, &right).await?;
    assert_eq!((late.0, late.1["too_fast"].is_object()), (429, true));
    let page = eve.send(&join, &right).await?.text().await?;
    assert!(page.contains("name=\"password\""), "they may try again where they are: {page}");
    act(&ann, &room, &[("act", "password"), ("password", "")]).await?;
    assert_eq!(eve.get(&room).await?.status(), 200, "open again");
    site.stop().await
}

#[tokio::test]
async fn who_knocks_waits_and_comes_in_when_a_host_says_so() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, bo) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    act(&ann, &room, &[("act", "admission"), ("admission", "knock")]).await?;
    assert_eq!(way(&bo, &room).await?, Some(Gateway::Knock));
    let join = format!("{room}/join");
    assert_eq!(refused(&bo, &join, &[("name", "Bo")]).await?, (403, json!("knock_first")));
    let says = "x".repeat(121);
    let knock = format!("{room}/knock");
    let long = refused(&bo, &knock, &[("name", "Bo"), ("says", &says)]).await?;
    assert_eq!(long, (422, json!({"line_too_long": {"max": 120}})));
    let knocked = bo.send(&knock, &[("name", "Bo"), ("says", "me")]).await?;
    assert_eq!((knocked.status().as_u16(), location(&knocked)?), (303, room.clone()));
    assert!(matches!(way(&bo, &room).await?, Some(Gateway::Knocked { .. })));
    let desk = ann.get(&format!("{room}/desk")).await?.text().await?;
    assert!(desk.contains("Bo") && desk.contains("me"));
    // The second member of the room.
    let answer = |admit| [("act", "answer"), ("knock", "2"), ("admit", admit)];
    act(&ann, &room, &answer("off")).await?;
    assert_eq!(way(&bo, &room).await?, Some(Gateway::Knock), "they may knock again");
    bo.send(&knock, &[("name", "Bo")]).await?;
    act(&ann, &room, &answer("on")).await?;
    assert_eq!(bo.get(&room).await?.status(), 200);
    assert_eq!(bo.say(&room, "hello").await?.status(), 303);
    let eve = site.browser()?;
    assert_eq!(eve.send(&knock, &[("name", "Ann")]).await?.status(), 303, "nor who is inside");
    assert!(ann.get(&format!("{room}/desk")).await?.text().await?.contains("Ann 2"));
    site.stop().await
}

#[tokio::test]
async fn a_locked_room_is_none_to_strangers_and_who_was_in_it_is_told() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, bo, eve) = (site.browser()?, site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?;
    eve.create("Eve").await?;
    act(&ann, &room, &[("act", "rename"), ("name", "Tides")]).await?;
    act(&ann, &room, &[("act", "admission"), ("admission", "locked")]).await?;
    assert_eq!(bo.get(&room).await?.status(), 200, "who is in it stays");
    bo.send(&format!("{room}/leave"), &[]).await?;
    for (path, fields) in [("", &[][..]), ("/join", &[("name", "Eve")][..])] {
        let locked = eve.send(&format!("{room}{path}"), fields).await?;
        let missing = eve.send(&format!("/r/ZZZZ{path}"), fields).await?;
        assert_eq!(locked.status(), missing.status());
        let (locked, missing) = (locked.text().await?, missing.text().await?);
        let code = room.trim_start_matches("/r/");
        assert_eq!(without_nonces(&locked.replace(code, "ZZZZ")), without_nonces(&missing));
    }
    let told = bo.get(&room).await?;
    assert_eq!(told.status(), 403);
    assert!(told.text().await?.contains("Tides"));
    assert_eq!(way(&bo, &room).await?, Some(Gateway::Locked));
    assert_eq!(door(&eve, &room).await?, door(&eve, "/r/ZZZZ").await?);
    // A host comes back in, or nobody could open it.
    ann.send(&format!("{room}/leave"), &[]).await?;
    assert_eq!(ann.send(&format!("{room}/join"), &[("name", "Ann")]).await?.status(), 303);
    site.stop().await
}

#[tokio::test]
async fn a_link_lets_in_as_often_as_it_says_and_only_by_the_form_on_its_page() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, bo, eve, cid) = (site.browser()?, site.browser()?, site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    act(&ann, &room, &[("act", "admission"), ("admission", "knock")]).await?;
    let made = act(&ann, &room, &[("act", "link"), ("days", "1"), ("uses", "1")]).await?;
    let link = made["link"].as_str().ok_or("no link")?;
    let path = &link[link.find("/i/").ok_or("no path")?..];
    let key = path.trim_start_matches("/i/");
    // Whoever previews it uses nothing up.
    for _ in 0..3 {
        assert_eq!(bo.get(path).await?.status(), 200);
        assert_eq!(way(&bo, path).await?, Some(Gateway::Invited { host: false }));
    }
    let accept = |name| [("name", name), ("key", key)];
    assert_eq!(bo.send("/i", &accept("Bo")).await?.status(), 303);
    assert_eq!(bo.get(&room).await?.status(), 200);
    assert_eq!(refused(&eve, "/i", &accept("Eve")).await?, (404, json!("link_void")), "used up");
    assert_eq!(eve.get(path).await?.status(), 404);
    let host = act(&ann, &room, &[("act", "link"), ("host", "on"), ("days", "7")]).await?;
    let key = host["link"].as_str().and_then(|link| link.split("/i/").nth(1)).ok_or("none")?;
    assert_eq!(cid.send("/i", &[("name", "Cid"), ("key", key)]).await?.status(), 303);
    assert_eq!(cid.get(&format!("{room}/desk")).await?.status(), 200, "a host now");
    act(&cid, &room, &[("act", "appoint"), ("member", "1"), ("role", "member")]).await?;
    assert_eq!(ann.get(&format!("{room}/desk")).await?.status(), 403, "handed over");
    let page = cid.get(&format!("{room}/desk")).await?.text().await?;
    assert!(!page.contains(key), "it is shown once");
    // The newest link is on the desk by its number, which its revocation names.
    let (status, _) = cid.call(&format!("{room}/act"), &[("act", "revoke"), ("link", "5")]).await?;
    assert_eq!(status, 200);
    for strange in ["", "short", &"k".repeat(65), "0123456789abcdef0123456789abcdef"] {
        let refusal = refused(&eve, "/i", &[("name", "Eve"), ("key", strange)]).await?;
        assert_eq!(refusal, (404, json!("link_void")), "{strange}");
    }
    site.stop().await
}

/// Cookies are soon cleared: whoever comes from there anew finds the same door, and who was in the room does not.
#[tokio::test]
async fn from_where_somebody_is_barred_the_room_has_no_other_door() -> Try {
    let site = Site::start(&PROXY).await?;
    let ann = site.browser_at("203.0.113.1")?;
    let [bo, cy, eve] = [(); 3].map(|()| site.browser_at("203.0.113.7"));
    let (bo, cy, eve) = (bo?, cy?, eve?);
    let room = location(&ann.send("/rooms", &[("name", "Ann"), ("room_name", "Tidepool")]).await?)?;
    let key = link(&ann, &room, &[]).await?;
    for (browser, name) in [(&bo, "Bo"), (&cy, "Cy")] {
        browser.send(&format!("{room}/join"), &[("name", name)]).await?;
    }
    let bar = |minutes| [("act", "bar"), ("member", "2"), ("minutes", minutes)];
    act(&ann, &room, &bar("ever")).await?;
    for rule in [("admission", "open"), ("admission", "knock"), ("password", "spring tide")] {
        act(&ann, &room, &[("act", rule.0), rule]).await?;
        for path in [&room, &format!("{room}/history"), &format!("/i/{key}")] {
            let page = eve.get(path).await?;
            assert_eq!(page.status(), 403, "{rule:?} {path}");
            assert!(!page.text().await?.contains("Tidepool"), "{rule:?} {path}");
        }
        let page = eve.get(&room).await?.text().await?;
        assert!(page.contains(words().barred_title), "{rule:?} {page}");
        assert_eq!(cy.get(&room).await?.status(), 200, "{rule:?}");
    }
    assert!(bo.get(&room).await?.text().await?.contains(&words().banned("Tidepool")));
    act(&ann, &room, &[("act", "password"), ("password", "")]).await?;
    act(&ann, &room, &[("act", "admission"), ("admission", "locked")]).await?;
    assert_eq!(eve.get(&room).await?.status(), 404, "there is none");
    act(&ann, &room, &[("act", "admission"), ("admission", "open")]).await?;
    act(&ann, &room, &bar("0")).await?;
    assert_eq!(eve.get(&room).await?.status(), 200);
    site.stop().await
}

/// The key of a new one.
async fn link(host: &Browser, room: &str, fields: &[(&str, &str)]) -> Try<String> {
    let made = act(host, room, &[&[("act", "link")], fields].concat()).await?;
    let link = made["link"].as_str().ok_or("no link")?;
    Ok(link.split_once("/i/").ok_or("no key")?.1.to_owned())
}

#[tokio::test]
async fn a_link_lets_nobody_in_beyond_its_uses_however_many_come_at_once_and_none_once_it_is_revoked()
-> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    let shared = link(&ann, &room, &[("uses", "3")]).await?;
    let all: Vec<_> = (0..12).map(|_| site.browser()).collect::<Try<_>>()?;
    let names: Vec<_> = (0..12).map(|n| format!("Guest {n}")).collect();
    let come = all
        .iter()
        .zip(&names)
        .map(async |(one, name)| one.call("/i", &[("name", name), ("key", &shared)]).await);
    let answers = futures::future::try_join_all(come).await?;
    let mut told: Vec<_> = answers.into_iter().map(|(status, _)| status.as_u16()).collect();
    told.sort_unstable();
    assert_eq!(told, [[200; 3].as_slice(), &[404; 9]].concat());
    // Who is in the room already takes nobody's place.
    let shared = link(&ann, &room, &[("uses", "1")]).await?;
    assert_eq!(ann.call("/i", &[("name", "Ann"), ("key", &shared)]).await?.0, 200);
    let bo = site.browser()?;
    assert_eq!(bo.call("/i", &[("name", "Bo"), ("key", &shared)]).await?.0, 200);
    for fields in [&[][..], &[("host", "on")], &[("uses", "5")]] {
        let (key, eve) = (link(&ann, &room, fields).await?, site.browser()?);
        let View::Desk(desk) = ann.data(&format!("{room}/desk")).await?.view else {
            return Err("no desk".into());
        };
        let links = desk.page.items.iter().filter_map(|item| match &item.matter {
            Matter::Link(link) if !link.revoked => Some(link.id.to_string()),
            Matter::Link(_)
            | Matter::Knock(_)
            | Matter::Report(_)
            | Matter::Curb(_)
            | Matter::Logged(_) => None,
        });
        assert_eq!(eve.get(&format!("/i/{key}")).await?.status(), 200);
        for n in links {
            act(&ann, &room, &[("act", "revoke"), ("link", &n)]).await?;
        }
        assert_eq!(eve.get(&format!("/i/{key}")).await?.status(), 404, "{fields:?}");
        assert_eq!(refused(&eve, "/i", &[("key", &key)]).await?, (404, json!("link_void")));
    }
    site.stop().await
}

/// It would show the code and the name, of a room that is locked too.
#[tokio::test]
async fn a_link_whose_maker_is_a_host_no_more_looks_like_one_that_never_was() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, bo, eve) = (site.browser()?, site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?;
    act(&ann, &room, &[("act", "rename"), ("name", "Conspiracy")]).await?;
    let appoint = |member, role| [("act", "appoint"), ("member", member), ("role", role)];
    act(&ann, &room, &appoint("2", "host")).await?;
    let never = "0123456789abcdef".repeat(2);
    let missing = bo.get(&format!("/i/{never}")).await?.text().await?;
    for (fields, rule) in [
        (&[][..], ("admission", "open")),
        (&[], ("admission", "knock")),
        (&[], ("password", "neap tide")),
        (&[("host", "on")], ("admission", "locked")),
    ] {
        let key = link(&bo, &room, fields).await?;
        act(&ann, &room, &[("act", rule.0), rule]).await?;
        let path = format!("/i/{key}");
        act(&ann, &room, &appoint("2", "member")).await?;
        let page = eve.get(&path).await?;
        assert_eq!(page.status(), 404, "{rule:?}");
        let page = page.text().await?.replace(&key, &never);
        assert_eq!(without_nonces(&page), without_nonces(&missing), "{rule:?}");
        assert_eq!(door(&eve, &path).await?, Door::default(), "{rule:?}");
        let refusal = refused(&eve, "/i", &[("name", "Eve"), ("key", &key)]).await?;
        assert_eq!(refusal, (404, json!("link_void")), "{rule:?}");
        // Of one who is a host again it is what it was.
        act(&ann, &room, &appoint("2", "host")).await?;
        let invited = Gateway::Invited { host: !fields.is_empty() };
        assert_eq!(way(&eve, &path).await?, Some(invited), "{rule:?}");
    }
    site.stop().await
}

#[tokio::test]
async fn all_behind_an_address_try_so_many_passwords_and_others_do_not_wait_for_them() -> Try {
    let site = Site::start(&[&PROXY[..], &["--passwords-per-address", "3+1"]].concat()).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    act(&ann, &room, &[("act", "password"), ("password", "spring tide")]).await?;
    let join = format!("{room}/join");
    let mut told = Vec::new();
    for n in 0..5 {
        // As somebody else each time, and from another address of the same network.
        let eve = site.browser_at(&format!("2001:db8::{n}"))?;
        let name = format!("Eve {n}");
        let (status, _) = eve.call(&join, &[("name", &name), ("password", "guess")]).await?;
        told.push(status.as_u16());
    }
    assert_eq!(told, [403, 403, 403, 429, 429]);
    let right = [("name", "Bo"), ("password", "spring tide")];
    assert_eq!(site.browser_at("2001:db8::9")?.call(&join, &right).await?.0, 429, "not by luck");
    assert_eq!(site.browser_at("2001:db8:0:1::9")?.call(&join, &right).await?.0, 200);
    assert_eq!(ann.get(&room).await?.status(), 200, "who is in it notices nothing");
    site.stop().await
}

#[tokio::test]
async fn who_is_barred_is_kept_out_of_pages_forms_and_files_and_told_until_when() -> Try {
    let site = Site::start(&["--trusted-proxies", "127.0.0.1"]).await?;
    let ann = site.browser_at("203.0.113.1")?;
    let bo = site.browser_at("203.0.113.2")?;
    let neighbour = site.browser_at("203.0.113.2")?;
    let anew = site.browser_at("203.0.113.2")?;
    let room = ann.create("Ann").await?;
    for (one, name) in [(&bo, "Bo"), (&neighbour, "Nora")] {
        assert_eq!(one.send(&format!("{room}/join"), &[("name", name)]).await?.status(), 303);
    }
    bo.say(&room, "spam").await?;
    let form_id = bo.room(&room).await?.form_id;
    act(&ann, &room, &[("act", "bar"), ("member", "2"), ("minutes", "60")]).await?;
    assert!(matches!(way(&bo, &room).await?, Some(Gateway::Barred { .. })));
    for path in ["", "/history", "/people", "/export/json", "/export/html", "/qr.svg"] {
        let status = bo.get(&format!("{room}{path}")).await?.status();
        assert!(status == 403, "{path} {status}");
    }
    for (path, fields) in [
        ("", &[("id", &*form_id.to_string()), ("body", "more")][..]),
        ("/join", &[("name", "Bo")]),
        ("/knock", &[("name", "Bo")]),
        ("/name", &[("name", "Bob")]),
        ("/read", &[("seq", "1")]),
        ("/report", &[("message", "018f4d1e-8c5a-7b3e-9f21-6a0d4c2b8e17")]),
        ("/act", &[("act", "burn")]),
    ] {
        let (status, refusal) = refused(&bo, &format!("{room}{path}"), fields).await?;
        assert!(status == 403, "{path} {status} {refusal}");
    }
    let (status, refusal) = refused(&anew, &format!("{room}/join"), &[("name", "Nobody")]).await?;
    assert!(status == 403 && refusal["barred"].is_object(), "as somebody else: {refusal}");
    assert_eq!(neighbour.say(&room, "not me").await?.status(), 303, "who is in it stays");
    act(&ann, &room, &[("act", "bar"), ("member", "2")]).await?;
    assert_eq!(bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?.status(), 303);
    site.stop().await
}

#[tokio::test]
async fn a_burned_room_is_told_to_who_was_in_it_and_to_nobody_else() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, eve) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    ann.say(&room, "ashes").await?;
    let burned = ann.send(&format!("{room}/act"), &[("act", "burn"), ("sure", "on")]).await?;
    assert_eq!((burned.status().as_u16(), &*location(&burned)?), (303, "/"));
    let told = door(&ann, &room).await?.ended.ok_or("nothing was said")?;
    assert!(told.burned);
    assert_eq!(door(&eve, &room).await?.ended, None);
    assert_eq!(ann.get(&format!("{room}/desk")).await?.status(), 404);
    site.stop().await
}
