//! Rooms, joins and sessions: so many at once, for each person and for all behind an address, then a refusal
//! that says when to try again and keeps what was typed.

use protocol::{NewRoom, Refusal, View};
use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    rate::pass,
    site::{Browser, Site, Try, assert_lobby, header, room_in},
};

/// Where the proxy is that the browsers here are behind.
pub(crate) const PROXY: [&str; 2] = ["--trusted-proxies", "127.0.0.1"];

const ANN: [(&str, &str); 2] = [("name", "Ann"), ("room_name", "Tea")];

/// Every rate here gives one more in it: no machine is too slow for what was to be at once.
pub(crate) async fn minute() {
    for _ in 0..6 {
        pass(10_000).await;
    }
}

async fn limited(settings: &[&str]) -> Try<Site> {
    Site::start(&[&PROXY[..], settings].concat()).await
}

fn assert_taken((status, values): (StatusCode, Value), taken: bool, what: &str) {
    assert_eq!(status.as_u16(), if taken { 200 } else { 429 }, "{what}: {values}");
    let retry = &values["refusal"]["too_fast"]["retry_ms"];
    assert_eq!(retry.as_u64().is_some_and(|ms| ms <= 60_000), !taken, "{what}: {values}");
}

#[tokio::test]
async fn a_person_makes_so_many_rooms_at_once_and_then_one_at_a_time() -> Try {
    let site = limited(&["--rooms-per-person", "2+1"]).await?;
    let (ann, ben) = (site.browser_at("203.0.113.5")?, site.browser_at("203.0.113.5")?);
    for _ in 0..2 {
        assert_taken(ann.call("/rooms", &ANN).await?, true, "the first two");
    }
    assert_taken(ann.call("/rooms", &ANN).await?, false, "the third");
    assert_taken(ben.call("/rooms", &[("name", "Ben")]).await?, true, "somebody else's");

    let refused = ann.send("/rooms", &[("name", "Anna")]).await?;
    assert_eq!(refused.status(), 429);
    let seconds: u32 = header(&refused, "retry-after").parse()?;
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_lobby(&refused.text().await?, "Anna", &Refusal::TooFast { retry_ms: seconds * 1000 });
    let chosen = [("name", "Anna"), ("room_name", "Tea & <cake>"), ("lifetime", "day")];
    let refused = ann.send("/rooms", &[&chosen[..], &[("listed", "on")]].concat()).await?;
    assert_eq!(refused.status(), 429);
    let html = refused.text().await?;
    for part in [r#"value="Anna""#, "Tea &amp; ", r#"value="day" selected"#, " checked"] {
        assert!(html.contains(part), "{part}\n{html}");
    }

    minute().await;
    assert_taken(ann.call("/rooms", &ANN).await?, true, "after a while");
    assert_taken(ann.call("/rooms", &ANN).await?, false, "and no more");
    site.stop().await
}

#[tokio::test]
async fn what_cannot_be_made_costs_nothing() -> Try {
    let site = limited(&["--rooms-per-person", "1+1", "--joins-per-person", "1+1"]).await?;
    let ann = site.browser_at("203.0.113.5")?;
    for fields in [[("name", " "), ("room_name", "Tea")], [("name", "Ann"), ("lifetime", "x")]] {
        for _ in 0..3 {
            let (status, values) = ann.call("/rooms", &fields).await?;
            assert!([400, 422].contains(&status.as_u16()), "{values}");
        }
    }
    assert_taken(ann.call("/rooms", &ANN).await?, true, "the only one");
    let View::NewRoom(NewRoom { .. }) = ann.data("/new").await?.view else {
        return Err("to look at the form is free".into());
    };
    site.stop().await
}

/// What is done by people in turn, each with where they are, and whether it is taken.
async fn in_turn(site: &Site, turns: &[(&str, bool)], path: &str, what: &str) -> Try<Vec<Browser>> {
    let mut people = Vec::new();
    for (n, (ip, taken)) in turns.iter().enumerate() {
        let person = site.browser_at(ip)?;
        let name = format!("Guest {n}");
        assert_taken(person.call(path, &[("name", &name)]).await?, *taken, &format!("{what} {n}"));
        people.push(person);
    }
    Ok(people)
}

/// All of the first /64 and all of one address have two.
const TURNS: &[(&str, bool)] = &[
    ("203.0.113.5", true),
    ("203.0.113.5", true),
    ("203.0.113.5", false),
    ("203.0.113.6", true),
    ("2001:db8::1", true),
    ("2001:db8::2", true),
    ("2001:db8::ffff:3", false),
    ("2001:db8:0:1::1", true),
];

#[tokio::test]
async fn all_behind_an_address_share_what_it_has() -> Try {
    for setting in ["--rooms-per-address", "--sessions-per-address"] {
        let site = limited(&[setting, "2+1"]).await?;
        in_turn(&site, TURNS, "/rooms", setting).await?;
        site.stop().await?;
    }
    for setting in ["--joins-per-address", "--sessions-per-address"] {
        let site = limited(&[setting, "2+1"]).await?;
        let room = site.browser()?.create("Hana").await?;
        in_turn(&site, TURNS, &format!("{room}/join"), setting).await?;
        site.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn all_behind_an_address_say_so_much_at_once_and_it_comes_back_with_its_text() -> Try {
    let site = limited(&["--posts-per-address", "3+1"]).await?;
    let room = site.browser()?.create("Hana").await?;
    let people = in_turn(&site, &TURNS[3..5], &format!("{room}/join"), "join").await?;
    let [ann, ben] = &people[..] else { return Err("two".into()) };
    let neighbour = site.browser_at("203.0.113.6")?;
    for (person, text, status) in [
        (ann, "one", 303),
        (&neighbour, "two", 303),
        (ann, "three", 303),
        (&neighbour, "four", 429),
        (ben, "from elsewhere", 303),
    ] {
        assert_eq!(person.say(&room, text).await?.status(), status, "{text}");
    }
    let refused = ann.say(&room, "five & six").await?;
    assert_eq!(refused.status(), 429);
    assert_eq!(room_in(&refused.text().await?)?.draft, "five & six");
    let name = format!("{room}/name");
    assert_eq!(ann.send(&name, &[("name", "Anna")]).await?.status(), 429, "a name is told too");
    minute().await;
    assert_eq!(ann.say(&room, "five & six").await?.status(), 303);
    site.stop().await
}

#[tokio::test]
async fn who_has_a_session_needs_no_other() -> Try {
    let site = limited(&["--sessions-per-address", "2+1"]).await?;
    let room = site.browser()?.create("Hana").await?;
    let people = in_turn(&site, &TURNS[..3], &format!("{room}/join"), "session").await?;
    for _ in 0..3 {
        assert_taken(people[0].call("/rooms", &ANN).await?, true, "whose session began");
    }
    assert_taken(people[2].call("/rooms", &ANN).await?, false, "who has none");
    minute().await;
    assert_taken(people[2].call("/rooms", &ANN).await?, true, "after a while");
    site.stop().await
}

#[tokio::test]
async fn a_join_that_comes_too_fast_comes_back_with_its_name_and_the_room() -> Try {
    let site = limited(&["--joins-per-person", "1+1"]).await?;
    let (host, ann) = (site.browser()?, site.browser_at("203.0.113.5")?);
    let [tea, cake] = [host.create("Hana").await?, host.create("Hana").await?];
    let join = |room: &str| format!("{room}/join");
    assert_taken(ann.call(&join(&tea), &ANN[..1]).await?, true, "the first");
    for _ in 0..3 {
        assert_taken(ann.call(&join(&tea), &ANN[..1]).await?, true, "who is in already");
    }
    let refused = ann.send(&join(&cake), &[("name", "Annabel")]).await?;
    assert_eq!(refused.status(), 429);
    assert!(!header(&refused, "retry-after").is_empty());
    let view = room_in(&refused.text().await?)?;
    assert!(matches!(view.refusal, Some(Refusal::TooFast { .. })), "{:?}", view.refusal);
    assert_eq!(view.me, protocol::WhoAmI::Visitor { name: "Annabel".into() });
    // A first message would join as well: it comes back too.
    let refused = ann.say(&cake, "Hello, cake").await?;
    assert_eq!(refused.status(), 429);
    assert_eq!(room_in(&refused.text().await?)?.draft, "Hello, cake");
    // And so does a code from the lobby.
    let code = cake.trim_start_matches("/r/");
    let refused = ann.send("/join", &[("name", "Annabel"), ("code", code)]).await?;
    assert_eq!(refused.status(), 429);
    let html = refused.text().await?;
    for part in [r#"value="Annabel""#.to_owned(), format!(r#"value="{code}""#)] {
        assert!(html.contains(&part), "{part}\n{html}");
    }
    minute().await;
    assert_eq!(ann.say(&cake, "Hello, cake").await?.status(), 303);
    site.stop().await
}

#[tokio::test]
async fn what_hosts_do_and_people_report_is_limited_by_person_and_by_address() -> Try {
    for (setting, same_person, shared) in
        [("--acts-per-person", true, false), ("--acts-per-address", true, true)]
    {
        let site = limited(&[setting, "2+1"]).await?;
        let (ann, ben) = (site.browser_at("2001:db8::1")?, site.browser_at("2001:db8::2")?);
        let far = site.browser_at("203.0.113.6")?;
        let room = ann.create("Ann").await?;
        for (guest, name) in [(&ben, "Ben"), (&far, "Fay")] {
            guest.send(&format!("{room}/join"), &[("name", name)]).await?;
        }
        assert_eq!(ben.say(&room, "Look at this").await?.status(), 303);
        let id = ann.page(&room, "").await?.messages[0].id.to_string();
        let (act, report) = (format!("{room}/act"), format!("{room}/report"));
        let slow: [_; 2] = [("act", "slow"), ("seconds", "9")];
        let reported = [("message", &*id)];
        for (who, path, fields, taken, what) in [
            // What Ben may not do costs Ann nothing, though it costs himself.
            (&ben, &act, &slow[..], None, "no host"),
            (&ann, &act, &slow[..], Some(true), "the first"),
            (&ann, &report, &reported[..], Some(true), "the second"),
            (&ann, &act, &slow[..], Some(!same_person), "the third"),
            (&ann, &report, &reported[..], Some(!same_person), "nor a report"),
            (&ben, &report, &reported[..], Some(!shared), "her neighbour"),
            (&far, &report, &reported[..], Some(true), "who is elsewhere"),
        ] {
            let said = who.call(path, fields).await?;
            match taken {
                Some(taken) => assert_taken(said, taken, &format!("{setting}: {what}")),
                None => assert_eq!(said.0.as_u16(), 403, "{setting}: {what}"),
            }
        }
        minute().await;
        assert_taken(ann.call(&act, &slow).await?, true, "after a while");
        site.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn to_set_passwords_costs_as_much_as_to_try_them() -> Try {
    for (setting, shared) in [("--passwords-per-person", false), ("--passwords-per-address", true)]
    {
        let site = limited(&[setting, "2+1"]).await?;
        let (ann, ben) = (site.browser_at("2001:db8::1")?, site.browser_at("2001:db8::2")?);
        let set = async |who: &Browser, room: &str, password| {
            let fields = [("act", "password"), ("password", password)];
            who.call(&format!("{room}/act"), &fields).await
        };
        let (hers, his) = (ann.create("Ann").await?, ben.create("Ben").await?);
        for (who, room, password, taken) in [
            (&ann, &hers, "first", true),
            (&ann, &hers, "second", true),
            (&ann, &hers, "third", false),
            (&ben, &his, "first", !shared),
        ] {
            assert_taken(set(who, room, password).await?, taken, &format!("{setting}: {password}"));
        }
        minute().await;
        assert_taken(set(&ann, &hers, "third").await?, true, "after a while");
        site.stop().await?;
    }
    Ok(())
}
