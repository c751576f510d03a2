//! What people are called in a room, and what they are offered to be called.

use protocol::{PersonName, Refusal, RefusedName, Settings, View, WhoAmI};

use crate::site::{Browser, Site, Try, header, location, no, room_in, words};

pub(crate) fn taken(free: &str) -> Refusal {
    Refusal::NameTaken { free: PersonName::parse(free).ok() }
}

/// Who the reader is in the room.
async fn me(browser: &Browser, room: &str) -> Try<String> {
    match browser.room(room).await?.me {
        WhoAmI::Member(me) => Ok(String::from(me.name)),
        WhoAmI::Visitor { .. } => Err("a visitor".into()),
    }
}

#[tokio::test]
async fn one_is_called_otherwise_from_now_on_and_on_what_one_wrote() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, bob) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    bob.send(&format!("{room}/join"), &[("name", "Bob")]).await?;
    bob.say(&room, "mine").await?;
    let name = format!("{room}/name");
    let answer = bob.send(&name, &[("name", " Robert ")]).await?;
    assert_eq!((answer.status().as_u16(), location(&answer)?), (303, room.clone()));
    assert_eq!(me(&bob, &room).await?, "Robert");
    let page = ann.page(&room, "").await?;
    assert_eq!(page.members[0].name.as_str(), "Robert");
    for (text, status, refusal) in [
        ("ANN", 409, taken("ANN 2")),
        ("", 422, Refusal::NameEmpty),
        (&*"x".repeat(21), 422, Refusal::NameTooLong { max: 20 }),
    ] {
        let answer = bob.send(&name, &[("name", text)]).await?;
        assert_eq!(answer.status(), status, "{text}");
        let view = room_in(&answer.text().await?)?;
        // What was said of a message stands elsewhere.
        let refused = Some(RefusedName { name: text.into(), refusal });
        assert_eq!((view.refusal, view.refused_name), (None, refused), "{text}");
    }
    let stranger = site.browser()?;
    let answer = stranger.send(&name, &[("name", "Cy")]).await?;
    assert_eq!(answer.status(), 403);
    let view = room_in(&answer.text().await?)?;
    assert_eq!((view.refusal, view.refused_name), (Some(Refusal::NotAMember), None));
    assert_eq!(me(&bob, &room).await?, "Robert");
    site.stop().await
}

#[tokio::test]
async fn nobody_is_called_like_the_server_a_host_or_the_reader() -> Try {
    let site = Site::start(&["--rooms", "General"]).await?;
    let ann = site.browser()?;
    for name in [
        "Host",
        "YOU",
        "Уou",
        "parley",
        "Ad min",
        "System 7",
        "Gastgeber",
        "أنت",
        // With capitals of other alphabets.
        "НОЅТ",
        "АDМІΝ",
        "РАRLЕΥ",
        "Αdmin",
        "ЅYЅТЕМ 2",
    ] {
        let (status, refused) = ann.call("/rooms", &[("name", name)]).await?;
        assert_eq!(
            (status.as_u16(), &refused["refusal"]),
            (422, &"name_reserved".into()),
            "{name}"
        );
    }
    for name in ["Hostess", "Youssef", "Parleyer"] {
        assert_eq!(ann.send("/rooms", &[("name", name)]).await?.status(), 303, "{name}");
    }
    // In the lobby nothing stands that looks like one of the server's own rooms.
    for (name, listed, status) in [
        ("general", true, 422),
        ("Gеneral", true, 422),
        ("GЕNЕRАL", true, 422),
        ("GeneraI", true, 422),
        ("General", false, 303),
        ("Generals", true, 303),
    ] {
        let mut fields = vec![("name", "Ann"), ("room_name", name)];
        fields.extend(listed.then_some(("listed", "on")));
        let page = ann.send("/rooms", &fields).await?;
        assert_eq!(page.status(), status, "{name}");
        if status == 422 {
            let html = page.text().await?;
            assert!(html.contains(&words().live.refusal(&Refusal::RoomNameReserved)), "{html}");
        }
    }
    site.stop().await
}

/// Also as only capitals do: `AI` with an `i`, and letters of other alphabets.
#[tokio::test]
async fn nobody_looks_like_another_by_joining_being_renamed_or_knocking() -> Try {
    let site = Site::start(&[]).await?;
    for (held, looks, free) in [
        ("Al", "AI", "AI 2"),
        ("Ian", "lan", "lan 2"),
        ("ian", "IAN", "IAN 2"),
        ("Bob", "ВОВ", "ВОВ 2"),
        ("TOM", "ТОМ", "ТОМ 2"),
        ("Ana", "ΑΝΑ", "ΑΝΑ 2"),
        ("анна", "АННА", "АННА 2"),
    ] {
        let [ann, bo, cy] = [site.browser()?, site.browser()?, site.browser()?];
        let room = ann.create(held).await?;
        bo.send(&format!("{room}/join"), &[("name", "Bo")]).await?;
        let refused = async |browser: &Browser, to: &str| -> Try<serde_json::Value> {
            let path = format!("{room}/{to}");
            let (status, mut said) = browser.call(&path, &[("name", looks)]).await?;
            assert_eq!(status, 409, "{to} as {looks} where {held} is: {said}");
            Ok(said["refusal"].take())
        };
        let taken = serde_json::to_value(taken(free))?;
        assert_eq!(refused(&bo, "name").await?, taken, "{held}");
        assert_eq!(refused(&cy, "join").await?, taken, "{held}");
        let knocking = [("act", "admission"), ("admission", "knock")];
        assert_eq!(ann.call(&format!("{room}/act"), &knocking).await?.0, 200);
        // At that door nobody learns who is inside.
        let (status, said) = cy.call(&format!("{room}/knock"), &[("name", looks)]).await?;
        assert_eq!(status, 200, "{said}");
        let admit = [("act", "answer"), ("knock", "3"), ("admit", "on")];
        assert_eq!(ann.call(&format!("{room}/act"), &admit).await?.0, 200);
        assert_eq!(me(&cy, &room).await?, free);
        // What is theirs they may write otherwise.
        let mine = ann.send(&format!("{room}/name"), &[("name", looks)]).await?;
        assert_eq!((mine.status().as_u16(), me(&ann, &room).await?), (303, looks.into()));
    }
    // Nor is anybody kept from a name of their own.
    let [ann, bo] = [site.browser()?, site.browser()?];
    let room = ann.create("Ian").await?;
    assert_eq!(bo.send(&format!("{room}/join"), &[("name", "Lan")]).await?.status(), 303);
    assert_eq!(me(&bo, &room).await?, "Lan");
    site.stop().await
}

#[tokio::test]
async fn a_name_in_the_settings_is_for_the_rooms_that_one_enters_next() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let settings = async || -> Try<Settings> {
        let view = ann.data("/settings").await?.view;
        let View::Settings(settings) = view else { return Err(no("settings", &view)) };
        Ok(settings)
    };
    // Who is nobody yet becomes somebody.
    let answer = ann.send("/look", &[("name", " Ann "), ("back", "/settings")]).await?;
    assert_eq!((answer.status().as_u16(), location(&answer)?), (303, "/settings".into()));
    assert_eq!(settings().await?, Settings { name: Some("Ann".into()), refusal: None });
    let first = location(&ann.send("/rooms", &[]).await?)?;
    let (status, _) = ann.call("/look", &[("name", "Zoë")]).await?;
    assert_eq!(status, 200);
    let second = location(&ann.send("/rooms", &[]).await?)?;
    assert_eq!((me(&ann, &first).await?, me(&ann, &second).await?), ("Ann".into(), "Zoë".into()));

    for (text, refusal) in
        [("  ", Refusal::NameEmpty), (&*"x".repeat(21), Refusal::NameTooLong { max: 20 })]
    {
        // What else was chosen holds.
        let answer = ann.send("/look", &[("name", text), ("theme", "dark")]).await?;
        assert_eq!(answer.status(), 422);
        assert!(header(&answer, "set-cookie").starts_with("look=theme=dark"), "{answer:?}");
        let html = answer.text().await?;
        assert!(html.contains(&words().live.refusal(&refusal)), "{html}");
        assert!(html.contains(&format!(r#"value="{text}""#)), "as it was typed: {html}");
        assert!(html.contains(r#"data-theme="dark""#), "{html}");
    }
    assert_eq!(settings().await?.name.as_deref(), Some("Zoë"));
    // Who chose none is nobody still.
    let stranger = site.browser()?;
    let answer = stranger.send("/look", &[("name", "Quiet Otter"), ("theme", "dark")]).await?;
    assert_eq!(answer.headers().get_all("set-cookie").iter().count(), 1, "{answer:?}");
    site.stop().await
}

#[tokio::test]
async fn who_chose_no_name_for_a_room_gets_the_next_that_is_free() -> Try {
    let site = Site::start(&[]).await?;
    let [ann, other, third] = [site.browser()?, site.browser()?, site.browser()?];
    let rooms = [ann.create("Ann").await?, ann.create("Ann").await?, third.create("Cy").await?];
    // People called Ann, elsewhere.
    other.create("Ann").await?;
    third.create("ann").await?;
    for (who, room, name) in [
        (&other, &rooms[0], "Ann 2"),
        (&third, &rooms[0], "ann 3"),
        // A number is no part of the name: elsewhere they are not called so.
        (&other, &rooms[2], "Ann"),
        (&other, &rooms[1], "Ann 2"),
    ] {
        assert_eq!(who.send(&format!("{room}/join"), &[]).await?.status(), 303);
        assert_eq!(me(who, room).await?, name, "in {room}");
    }
    site.stop().await
}

#[tokio::test]
async fn a_name_that_is_proposed_can_be_had() -> Try {
    let site = Site::start(&[]).await?;
    let [ann, other] = [site.browser()?, site.browser()?];
    let (room, free) = (ann.create("Ann").await?, other.create("Ann").await?);
    for (browser, room, name) in [(&other, &room, "Ann 2"), (&ann, &free, "Ann 2")] {
        let proposal = proposed(browser, room).await?;
        assert_eq!(proposal, name);
        browser.send(&format!("{room}/join"), &[("name", &proposal)]).await?;
        assert_eq!(me(browser, room).await?, name);
    }
    // Who left may be called as they were, and nobody else.
    other.send(&format!("{room}/leave"), &[]).await?;
    other.send(&format!("{room}/join"), &[("name", "Ann 2")]).await?;
    assert_eq!(me(&other, &room).await?, "Ann 2");
    site.stop().await
}

#[tokio::test]
async fn two_guests_who_were_proposed_the_same_name_both_come_in() -> Try {
    let site = Site::start(&[]).await?;
    let room = site.browser()?.create("Ann").await?;
    let code = room.trim_start_matches("/r/");
    let by_code = [("name", "Quiet Otter"), ("code", code)];
    let by_link = format!("{room}/join");
    for (path, fields, name) in [
        (&*by_link, &by_code[..1], "Quiet Otter"),
        (&*by_link, &by_code[..1], "Quiet Otter 2"),
        ("/join", &by_code[..], "Quiet Otter 3"),
    ] {
        let guest = site.browser()?;
        assert_eq!(guest.send(path, fields).await?.status(), 303, "{name}");
        assert_eq!(me(&guest, &room).await?, name);
    }
    site.stop().await
}

async fn proposed(browser: &Browser, room: &str) -> Try<String> {
    match browser.room(room).await?.me {
        WhoAmI::Visitor { name } => Ok(name),
        WhoAmI::Member(_) => Err("a member".into()),
    }
}
