//! Rooms as their creators want them, rooms that are always there, and rooms that end.

use std::time::Duration;

use protocol::{Gateway, Lifetime, MessageId, NewRoom, OpenRoom, Refusal, View};
use serde_json::json;

use crate::site::{Browser, Site, Try, assert_door, location, no, words};

const TEA: [(&str, &str); 4] =
    [("name", "Ann"), ("room_name", "Tea"), ("listed", "on"), ("lifetime", "day")];

async fn open_rooms(browser: &Browser) -> Try<Vec<OpenRoom>> {
    let view = browser.data("/").await?.view;
    let View::Lobby(lobby) = view else { return Err(no("lobby", &view)) };
    Ok(lobby.open)
}

pub(crate) async fn until_ended(browser: &Browser, room: &str) -> Try {
    let ended = async {
        while browser.get(room).await?.status() != 404 {
            tokio::task::yield_now().await;
        }
        Try::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(60), ended).await?
}

#[tokio::test]
async fn a_room_is_what_its_creator_chose_and_has_a_name_if_they_said_none() -> Try {
    let site = Site::start(&[]).await?;
    let ann = site.browser()?;
    let (status, made) = ann.call("/rooms", &TEA).await?;
    assert_eq!(status, 200);
    let room = &made["room"];
    assert_eq!(
        (&room["name"], &room["listed"], &room["lifetime"]),
        (&json!("Tea"), &json!(true), &json!("day"))
    );
    let (_, made) = ann.call("/rooms", &[("name", "Ann")]).await?;
    let room = &made["room"];
    assert_eq!((&room["listed"], &room["lifetime"]), (&json!(false), &json!("month")));
    let name = room["name"].as_str().ok_or("no name")?;
    assert!(name.contains(' ') && name.chars().count() <= 30, "{name}");
    site.stop().await
}

#[tokio::test]
async fn what_cannot_be_had_is_refused_and_what_was_chosen_stays() -> Try {
    let site = Site::start(&["--longest-lifetime", "day"]).await?;
    let ann = site.browser()?;
    let View::NewRoom(new) = ann.data("/new").await?.view else { return Err("no form".into()) };
    assert_eq!((new.lifetime, new.longest, new.listed), (Lifetime::Day, Lifetime::Day, false));
    for lifetime in ["month", "for-ever", "Day", ""] {
        let fields = [("name", "Ann"), ("room_name", "Tea"), ("lifetime", lifetime)];
        let (status, refused) = ann.call("/rooms", &fields).await?;
        assert_eq!((status.as_u16(), &refused["refusal"]), (400, &json!("malformed")));
    }
    let long = "r".repeat(31);
    let fields =
        [("name", "Ann"), ("room_name", &*long), ("listed", "on"), ("lifetime", "while-here")];
    let page = ann.send("/rooms", &fields).await?;
    assert_eq!(page.status(), 422);
    let html = page.text().await?;
    let chosen = [
        format!(r#"value="{long}""#),
        r#"value="Ann""#.to_owned(),
        r#"value="while-here" selected"#.to_owned(),
        words().live.refusal(&Refusal::RoomNameTooLong { max: 30 }),
    ];
    for part in chosen {
        assert!(html.contains(&part), "{part}\n{html}");
    }
    assert!(!html.contains(r#"value="month""#), "longer than here\n{html}");
    site.stop().await
}

#[tokio::test]
async fn the_name_from_the_lobby_comes_along() -> Try {
    let site = Site::start(&[]).await?;
    let page = site.browser()?.get("/new?name=Zo%C3%AB&data").await?;
    let data: protocol::PageData = page.json().await?;
    let View::NewRoom(NewRoom { name, .. }) = data.view else { return Err("no form".into()) };
    assert_eq!(name, "Zoë");
    site.stop().await
}

#[tokio::test]
async fn rooms_that_are_listed_stand_in_everyones_lobby() -> Try {
    let site = Site::start(&["--rooms", "General,News"]).await?;
    let (ann, ben) = (site.browser()?, site.browser()?);
    let room = location(&ann.send("/rooms", &TEA).await?)?;
    ann.create("Ann").await?;
    let listed = async || -> Try<Vec<String>> {
        let rooms = open_rooms(&ben).await?.into_iter();
        Ok(rooms.map(|room| room.code.to_string()).collect())
    };
    let code = room.trim_start_matches("/r/").to_owned();
    let always = ["general", "news-room"];
    let expected = [always[0], always[1], &*code];
    assert_eq!(listed().await?, expected, "first those that are always there");

    ben.send("/r/General/join", &[("name", "Ben")]).await?;
    assert_eq!(ben.room("/r/general").await?.page.room.lifetime, Lifetime::ForEver);
    ben.say("/r/news-room", "Hello, everyone").await?;
    assert_eq!(listed().await?, expected, "as they stand in the settings");
    assert_eq!(ben.room("/r/news-room").await?.page.room.name.unwrap().as_str(), "News");
    site.stop().await
}

#[tokio::test]
async fn a_room_that_lasts_while_somebody_is_there_ends_after_its_grace() -> Try {
    let site = Site::start(&["--grace", "3"]).await?;
    let (ann, eve) = (site.browser()?, site.browser()?);
    let fields = [("name", "Ann"), ("room_name", "Tea"), ("lifetime", "while-here")];
    let room = location(&ann.send("/rooms", &fields).await?)?;
    ann.say(&room, "Nobody will remember").await?;
    let stays = ann.create("Ann").await?;
    until_ended(&eve, &room).await?;
    assert_door(&eve.get(&room).await?.text().await?);
    let told = ann.get(&room).await?;
    assert_eq!(told.status(), 404);
    let html = told.text().await?;
    assert!(html.contains("Tea") && html.contains(words().ended_because(Lifetime::WhileHere)));
    for (browser, knows) in [(&ann, true), (&eve, false)] {
        let View::Door(door) = browser.data(&room).await?.view else { return Err("open".into()) };
        assert_eq!(door.ended.is_some(), knows);
    }
    assert_eq!(ann.get(&stays).await?.status(), 200);
    let id = MessageId::now().to_string();
    let (status, refused) = ann.call(&room, &[("id", &id), ("body", "Late")]).await?;
    assert_eq!((status.as_u16(), &refused["refusal"]), (404, &json!("no_such_room")));
    site.stop().await
}

#[tokio::test]
async fn no_more_than_so_many_are_in_a_room() -> Try {
    let site = Site::start(&["--capacity", "2"]).await?;
    let (ann, ben, eve) = (site.browser()?, site.browser()?, site.browser()?);
    let fields = [("name", "Ann"), ("room_name", "Tidepool")];
    let room = location(&ann.send("/rooms", &fields).await?)?;
    let join = format!("{room}/join");
    assert_eq!(eve.get(&room).await?.status(), 200);
    assert_eq!(ben.send(&join, &[("name", "Ben")]).await?.status(), 303);
    let (status, refused) = eve.call(&join, &[("name", "Eve")]).await?;
    assert_eq!((status.as_u16(), &refused["refusal"]), (409, &json!("room_full")));
    let id = MessageId::now().to_string();
    let hello = [("id", &*id), ("body", "Hello")];
    for page in [eve.get(&room).await?, eve.send(&join, &[]).await?, eve.send(&room, &hello).await?]
    {
        let html = page.text().await?;
        assert!(html.contains(words().full_title) && !html.contains("Tidepool"), "{html}");
    }
    let View::Door(door) = eve.data(&room).await?.view else { return Err("open".into()) };
    assert_eq!(door.gate.map(|gate| (gate.way, gate.room)), Some((Gateway::Full, None)));
    for path in ["history", "people", "export/json"] {
        assert_eq!(eve.get(&format!("{room}/{path}")).await?.status(), 409, "{path}");
    }
    assert_eq!(ann.get(&room).await?.status(), 200);
    ben.send(&format!("{room}/leave"), &[]).await?;
    assert_eq!(eve.get(&room).await?.status(), 200);
    assert_eq!(eve.send(&join, &[("name", "Eve")]).await?.status(), 303);
    site.stop().await
}
