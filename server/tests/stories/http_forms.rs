//! Everything that people do, with forms alone, and the same for programs with JSON.

use crate::{
    names::taken,
    site::{Site, Try, assert_door, assert_lobby, header, location, room_in, words},
};
use protocol::{MessageId, Refusal, View, WhoAmI};
use serde_json::json;

#[tokio::test]
async fn two_people_meet_and_talk_with_forms_alone() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, ben) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    let code = room.trim_start_matches("/r/").to_lowercase();
    let joined = ben.send("/join", &[("name", "Ben"), ("code", &format!(" {code} "))]).await?;
    assert_eq!((joined.status().as_u16(), location(&joined)?), (303, room.clone()));
    for (person, text) in [(&ann, "Tea?"), (&ben, "<b>Yes</b> & now"), (&ann, "two\nlines")] {
        let said = person.say(&room, text).await?;
        assert_eq!((said.status().as_u16(), location(&said)?), (303, room.clone()));
    }
    assert_eq!(ben.said(&room).await?, ["Tea?", "<b>Yes</b> & now", "two\nlines"]);
    assert_eq!(ben.room(&room).await?.page.members.len(), 2);

    let left = ben.send(&format!("{room}/leave"), &[]).await?;
    assert_eq!((left.status().as_u16(), location(&left)?.as_str()), (303, "/"));
    let View::Lobby(lobby) = ben.data("/").await?.view else { return Err("no lobby".into()) };
    assert_eq!((lobby.name.as_str(), lobby.rooms.len()), ("Ben", 0));
    assert_eq!(ben.room(&room).await?.me, WhoAmI::Visitor { name: "Ben".into() });
    site.stop().await
}

#[tokio::test]
async fn a_program_does_the_same_with_json() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, ben) = (site.browser()?, site.browser()?);
    let (status, made) = ann.call("/rooms", &[("name", "Ann"), ("room_name", "Tea")]).await?;
    assert_eq!(
        (status.as_u16(), &made["room"]["name"], &made["member"]["role"]),
        (200, &json!("Tea"), &json!("host"))
    );
    let code = made["room"]["code"].as_str().ok_or("no code")?;
    let room = format!("/r/{code}");
    let (status, joined) = ben.call(&format!("{room}/join"), &[("name", "Ben")]).await?;
    assert_eq!((status.as_u16(), &joined["member"]["name"]), (200, &json!("Ben")));
    let (status, again) = ben.call("/join", &[("code", code), ("name", "Benjamin")]).await?;
    assert_eq!(
        (status.as_u16(), &again["member"]),
        (200, &joined["member"]),
        "a member keeps their name"
    );
    let id = MessageId::now().to_string();
    let (status, said) = ben.call(&room, &[("id", &id), ("body", "Hello")]).await?;
    assert_eq!(
        (status.as_u16(), &said["message"]["id"], &said["message"]["seq"]),
        (200, &json!(id), &json!(1))
    );
    let (status, left) = ben.call(&format!("{room}/leave"), &[]).await?;
    assert_eq!((status.as_u16(), left), (200, json!({})));
    let (status, refused) = ben.call(&room, &[("id", "x"), ("body", "Hello")]).await?;
    assert_eq!((status.as_u16(), refused), (400, json!({ "n": null, "refusal": "malformed" })));
    let (status, refused) = ben.call("/r/ZZZZZ/join", &[("name", "Ben")]).await?;
    assert_eq!((status.as_u16(), refused), (404, json!({ "n": null, "refusal": "no_such_room" })));
    site.stop().await
}

#[tokio::test]
async fn a_first_message_makes_a_visitor_a_member() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, ben, eve) = (site.browser()?, site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    let id = MessageId::now().to_string();
    let said = ben.send(&room, &[("id", &id), ("body", "Hello"), ("name", "Ben")]).await?;
    assert_eq!(said.status(), 303);
    let WhoAmI::Member(me) = ben.room(&room).await?.me else { return Err("no member".into()) };
    assert_eq!(me.name.as_str(), "Ben");
    // Without a name it is a guest's.
    let said = eve.send(&room, &[("id", &MessageId::now().to_string()), ("body", "Hi")]).await?;
    assert_eq!(said.status(), 303);
    assert_eq!(ann.said(&room).await?, ["Hello", "Hi"]);
    site.stop().await
}

#[tokio::test]
async fn what_a_page_without_a_script_showed_is_read_by_asking_for_the_next() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, ben, eve) = (site.browser()?, site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    ben.send(&format!("{room}/join"), &[("name", "Ben")]).await?;
    for text in ["one", "two", "three"] {
        ann.say(&room, text).await?;
    }
    assert_eq!(ann.room(&room).await?.read, Some(3), "what one said oneself is no news");
    assert_eq!((ben.room(&room).await?.read, eve.room(&room).await?.read), (Some(0), None));
    let html = ben.get(&room).await?.text().await?;
    for part in [format!(r#"action="{room}/read""#), r#"name="seq" value="3""#.into()] {
        assert!(html.contains(&part), "{part}\n{html}");
    }
    assert!(!eve.get(&room).await?.text().await?.contains("/read"), "a visitor has no place");

    let refresh = format!("{}/read", room.to_lowercase());
    // What was newest on the page; an older page, sent later, takes nothing back.
    for (seq, read) in [("2", 2), ("1", 2), ("3", 3), ("99", 3), ("", 3)] {
        let fields = if seq.is_empty() { vec![] } else { vec![("seq", seq)] };
        let answer = ben.send(&refresh, &fields).await?;
        assert_eq!((answer.status().as_u16(), location(&answer)?), (303, room.clone()));
        assert_eq!(ben.room(&room).await?.read, Some(read), "{seq:?}");
    }
    let (status, values) = ben.call(&refresh, &[("seq", "3")]).await?;
    let membership = &values["membership"];
    assert_eq!((status.as_u16(), &membership["read"]), (200, &json!(3)), "{values}");
    for (person, path, fields, status, refusal) in [
        (&ben, &refresh, ("seq", "x"), 400, "malformed"),
        (&eve, &refresh, ("seq", "1"), 403, "not_a_member"),
        (&ben, &"/r/ZZZZZ/read".to_owned(), ("seq", "1"), 404, "no_such_room"),
    ] {
        let (answered, values) = person.call(path, &[fields]).await?;
        assert_eq!((answered.as_u16(), &values["refusal"]), (status, &json!(refusal)));
    }
    assert_eq!(eve.send(&refresh, &[("seq", "1")]).await?.status(), 403);
    assert!(matches!(eve.room(&room).await?.me, WhoAmI::Visitor { .. }), "reading makes nobody");
    site.stop().await
}

#[tokio::test]
async fn rooms_are_listed_with_what_is_new_in_them() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, ben) = (site.browser()?, site.browser()?);
    let (tea, own) = (ann.create("Ann").await?, ben.create("Ben").await?);
    ben.send(&format!("{tea}/join"), &[("name", "Ben")]).await?;
    let listed = async || -> Try<Vec<(String, u32)>> {
        let View::Lobby(lobby) = ben.data("/").await?.view else { return Err("no lobby".into()) };
        let rooms = lobby.rooms.into_iter();
        Ok(rooms.map(|link| (format!("/r/{}", link.code), link.unread)).collect())
    };
    ann.say(&tea, "one").await?;
    ann.say(&tea, "two").await?;
    assert_eq!(listed().await?, [(tea.clone(), 2), (own.clone(), 0)]);
    for (path, badges) in [("/", 1), (own.as_str(), 1), (tea.as_str(), 0)] {
        let html = ben.get(path).await?.text().await?;
        assert_eq!(html.matches("data-unread").count(), badges, "{path}\n{html}");
        assert_eq!(html.contains(&words().live.unread(2)), badges > 0, "{path}");
    }
    ben.send(&format!("{tea}/read"), &[("seq", "2")]).await?;
    assert_eq!(listed().await?, [(tea, 0), (own, 0)]);
    assert!(!ben.get("/").await?.text().await?.contains("data-unread"));
    site.stop().await
}

#[tokio::test]
async fn a_form_sent_twice_posts_once() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, ben) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    let id = ann.room(&room).await?.form_id;
    for _ in 0..3 {
        assert_eq!(ann.say_as(&room, id, "Once").await?.status(), 303);
    }
    assert_eq!(ann.said(&room).await?, ["Once"]);

    // Somebody else's id, or another text: refused, the text kept, and a new id to send it with.
    ben.send(&format!("{room}/join"), &[("name", "Ben")]).await?;
    for (person, text) in [(&ann, "Twice"), (&ben, "Once")] {
        let refused = person.say_as(&room, id, text).await?;
        assert_eq!(refused.status(), 409);
        let view = room_in(&refused.text().await?)?;
        assert_eq!((view.refusal, view.draft.as_str()), (Some(Refusal::IdConflict), text));
        assert_ne!(view.form_id, id);
    }
    assert_eq!(ann.said(&room).await?, ["Once"]);
    site.stop().await
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_typed_is_lost() -> Try {
    let site = Site::start(&[]).await?;
    let (ann, host) = (site.browser()?, site.browser()?);
    let room = host.create("Hoster").await?;
    let long = "n".repeat(21);
    let too_long = Refusal::NameTooLong { max: 20 };
    for (fields, refusal) in [
        (vec![("name", "")], Refusal::NameEmpty),
        (vec![("name", " \u{200b}\t")], Refusal::NameEmpty),
        (vec![("name", long.as_str())], too_long.clone()),
        (
            vec![("name", "Ann"), ("room_name", &"r".repeat(31))],
            Refusal::RoomNameTooLong { max: 30 },
        ),
    ] {
        let refused = ann.send("/rooms", &fields).await?;
        assert_eq!(refused.status(), 422, "{refusal:?}");
        assert!(
            !refused.headers().contains_key("set-cookie"),
            "nobody is made of what was refused"
        );
        assert_lobby(&refused.text().await?, fields[0].1, &refusal);
    }
    let code = room.trim_start_matches("/r/");
    for (name, status, refusal) in [
        ("", 422, Refusal::NameEmpty),
        (long.as_str(), 422, too_long),
        ("HOSTER", 409, taken("HOSTER 2")),
        ("h0ster", 409, taken("h0ster 2")),
    ] {
        let answer = site.browser()?.send("/join", &[("name", name), ("code", code)]).await?;
        assert_eq!(answer.status(), status, "{name}");
        assert_lobby(&answer.text().await?, name, &refusal);
        let answer = site.browser()?.send(&format!("{room}/join"), &[("name", name)]).await?;
        assert_eq!(answer.status(), status, "{name}");
        let view = room_in(&answer.text().await?)?;
        assert_eq!((view.me, view.refusal), (WhoAmI::Visitor { name: name.into() }, Some(refusal)));
    }
    site.stop().await
}

#[tokio::test]
async fn a_message_that_cannot_be_comes_back_with_its_text() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    let long = "x".repeat(4001);
    let heavy = "👩‍👩‍👧‍👦".repeat(800);
    for body in ["", " \n ", long.as_str(), heavy.as_str()] {
        let id = MessageId::now();
        let refused = ann.say_as(&room, id, body).await?;
        assert_eq!(refused.status(), 422, "{body:.9}");
        let view = room_in(&refused.text().await?)?;
        let expected = if body.trim().is_empty() {
            Refusal::BodyEmpty
        } else {
            Refusal::BodyTooLong { max: 4000 }
        };
        assert_eq!(view.refusal, Some(expected));
        assert_eq!((view.draft.as_str(), view.form_id), (body, id));
    }
    let huge = ann.say_as(&room, MessageId::now(), &"x".repeat(70_000)).await?;
    assert_eq!(huge.status(), 422);
    let longest = "é".repeat(4000);
    assert_eq!(ann.say(&room, &longest).await?.status(), 303);
    assert_eq!(ann.said(&room).await?, [longest]);
    site.stop().await
}

#[tokio::test]
async fn a_code_that_leads_nowhere_is_asked_for_again() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    for code in ["ZZZZZ", "nonsense", "<b>", ""] {
        let answer = ann.send("/join", &[("name", "Ann"), ("code", code)]).await?;
        assert_eq!(answer.status(), 404);
        assert!(!answer.headers().contains_key("set-cookie"));
        let html = answer.text().await?;
        assert_door(&html);
        assert!(
            !html.contains("<b>") && (code != "ZZZZZ" || html.contains(r#"value="ZZZZZ""#)),
            "{html}"
        );
    }
    site.stop().await
}

#[tokio::test]
async fn a_text_is_kept_while_nothing_can_be_written_and_is_posted_once_afterwards() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let room = ann.create("Ann").await?;
    let id = ann.room(&room).await?.form_id;
    let other = rusqlite::Connection::open(site.database())?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    let refused = ann.say_as(&room, id, "Kept & <safe>").await?;
    assert_eq!(refused.status(), 503);
    assert!(header(&refused, "retry-after").parse::<u32>()? >= 1);
    let view = room_in(&refused.text().await?)?;
    assert!(matches!(view.refusal, Some(Refusal::Busy { .. })));
    assert_eq!((view.draft.as_str(), view.form_id), ("Kept & <safe>", id));
    assert!(ann.said(&room).await?.is_empty(), "not acknowledged, and not stored");

    other.execute_batch("ROLLBACK")?;
    assert_eq!(ann.say_as(&room, id, "Kept & <safe>").await?.status(), 303);
    assert_eq!(ann.said(&room).await?, ["Kept & <safe>"]);
    site.stop().await
}

#[tokio::test]
async fn a_look_is_chosen_without_a_script_and_leads_back_to_us_alone() -> Try {
    let site = Site::start(&[]).await?;
    for (theme, back, cookie, leads) in [
        ("dark", "/", "look=theme=dark&zone=Europe/Berlin; ", "/"),
        ("light", "/r/kmrt", "look=theme=light&zone=Europe/Berlin; ", "/r/KMRT"),
        ("system", "https://evil.example/", "look=zone=Europe/Berlin; ", "/"),
        ("pink", "//evil.example", "look=zone=Europe/Berlin; ", "/"),
        ("dark", "", "look=theme=dark&zone=Europe/Berlin; ", "/"),
    ] {
        let form = site.browser()?.request(reqwest::Method::POST, "/look");
        let form = form
            .header("cookie", "look=theme=light&zone=Europe/Berlin")
            .form(&[("theme", theme), ("back", back)]);
        let answer = form.send().await?;
        assert_eq!((answer.status().as_u16(), location(&answer)?.as_str()), (303, leads));
        assert!(header(&answer, "set-cookie").starts_with(cookie), "{answer:?}");
    }
    site.stop().await
}

#[tokio::test]
async fn what_is_chosen_stays_until_its_own_form_says_otherwise() -> Try {
    let site = Site::start(&[]).await?;
    for (before, form, after) in [
        ("theme=dark", &[("switches", "typing"), ("typing", "on")][..], "theme=dark"),
        ("theme=dark", &[("switches", "typing")], "theme=dark&typing=off"),
        ("theme=dark&typing=off", &[("switches", "typing"), ("typing", "on")], "theme=dark"),
        ("typing=off", &[("theme", "light")], "theme=light&typing=off"),
        ("zone=UTC", &[("hours", "12")], "zone=UTC&hours=12"),
        ("hours=12&sound=on", &[("hours", "language")], "sound=on"),
        ("hours=12", &[("hours", "25")], ""),
        ("", &[("switches", "sound notify"), ("sound", "on")], "sound=on"),
        ("sound=on", &[("switches", "sound notify"), ("notify", "on")], "notify=all"),
        (
            "typing=off&sound=on&notify=all",
            &[("switches", "strange"), ("sound", "on")],
            "typing=off&sound=on&notify=all",
        ),
        ("dark.UTC.quiet", &[("hours", "24")], "theme=dark&zone=UTC&hours=24&typing=off"),
    ] {
        let browser = site.browser()?;
        let request = browser.request(reqwest::Method::POST, "/look");
        let form = [form, &[("back", "/settings")]].concat();
        let answer = request.header("cookie", format!("look={before}")).form(&form).send().await?;
        assert_eq!(location(&answer)?, "/settings");
        let cookie = format!("look={after};");
        assert!(header(&answer, "set-cookie").starts_with(&cookie), "{form:?} {answer:?}");
        let page = browser.request(reqwest::Method::GET, "/settings?data");
        let page = page.header("cookie", format!("look={after}")).send().await?;
        let data: protocol::PageData = page.json().await?;
        assert_eq!(data.look.value(), after);
        assert!(matches!(data.view, protocol::View::Settings(_)));
    }
    site.stop().await
}
