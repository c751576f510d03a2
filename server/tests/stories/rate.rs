//! How fast one may post: each person by themselves, over whatever way, and nothing is lost. The
//! bucket fills so slowly that no machine is too slow for a burst; then the clock is moved on.

use std::time::Duration;

use crate::client::{Log, Person, Running, Socket};
use crate::site::{Site, Try, header, room_in};
use protocol::{Command, Event, MessageId, Rate, Refusal, Room, VERSION};
use serde_json::json;
use tokio::time::{advance, pause, resume};

/// One token in ten seconds.
const SLOW: &[&str] = &["--posts-per-minute", "6"];
const BURST: u32 = 10;

/// Without waiting: less than makes any line look dead.
pub(crate) async fn pass(ms: u32) {
    assert!(ms <= 10_000, "{ms}");
    pause();
    advance(Duration::from_millis(ms.into())).await;
    resume();
}

pub(crate) async fn refused_for(socket: &mut Socket, n: u32) -> u32 {
    match socket.refused().await {
        (Some(m), Refusal::TooFast { retry_ms }) if m == n => retry_ms,
        other => panic!("{other:?} instead of too fast at {n}"),
    }
}

async fn burst(socket: &mut Socket, log: &mut Log, room: &Room, posts: u32) {
    let before = log.complete_messages();
    for n in 1..=posts {
        socket.post(room, MessageId::now(), &format!("{n}")).await;
    }
    socket.read(log, before + posts).await;
}

#[tokio::test]
async fn the_eleventh_at_once_is_refused_and_taken_when_it_was_said_to_be() {
    let server = Running::with(SLOW).await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut socket, mut log) = ana.enter(&room).await;
    burst(&mut socket, &mut log, &room, BURST).await;
    let id = MessageId::now();
    let n = socket.post(&room, id, "the eleventh").await;
    let retry_ms = refused_for(&mut socket, n).await;
    assert!((1..=10_000).contains(&retry_ms), "{retry_ms}");
    pass(retry_ms).await;
    socket.post(&room, id, "the eleventh").await;
    socket.read(&mut log, BURST + 1).await;
    // That was the only token.
    let n = socket.post(&room, MessageId::now(), "the twelfth").await;
    refused_for(&mut socket, n).await;
    log.check();
    assert_eq!(log.bodies().last(), Some(&"the eleventh"));
}

#[tokio::test]
async fn a_person_has_one_bucket_and_every_other_person_another() {
    let server = Running::with(SLOW).await;
    let (mut ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, elsewhere, _) = Person::create(&server, "Bo").await;
    ana.join_too(&elsewhere, "Ana").await;
    let (mut one, mut log) = ana.enter(&room).await;
    let (mut other, mut others) = ana.enter(&elsewhere).await;
    let (mut bo, mut bos) = bo.enter(&elsewhere).await;
    burst(&mut one, &mut log, &room, BURST - 1).await;
    burst(&mut other, &mut others, &elsewhere, 1).await;
    for (socket, room) in [(&mut one, &room), (&mut other, &elsewhere)] {
        let n = socket.post(room, MessageId::now(), "too much").await;
        refused_for(socket, n).await;
    }
    bo.read(&mut bos, 1).await;
    burst(&mut bo, &mut bos, &elsewhere, BURST).await;
}

#[tokio::test]
async fn a_name_takes_a_token_too_for_everyone_is_told_of_it() {
    let server = Running::with(SLOW).await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut socket, mut log) = ana.enter(&room).await;
    burst(&mut socket, &mut log, &room, BURST - 1).await;
    let named = |name: &str| Command::SetName { room: room.id, name: name.into() };
    socket.send(named("Anna")).await;
    socket.changes().await;
    let n = socket.send(named("Anne")).await;
    refused_for(&mut socket, n).await;
}

#[tokio::test]
async fn what_cannot_be_said_costs_nothing() {
    let server = Running::with(SLOW).await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (mut socket, mut log) = ana.enter(&room).await;
    for _ in 0..=BURST {
        socket.post(&room, MessageId::now(), " ").await;
        assert_eq!(socket.refused().await.1, Refusal::BodyEmpty);
    }
    burst(&mut socket, &mut log, &room, BURST).await;
}

#[tokio::test]
async fn the_first_frame_says_how_fast_one_may_post() -> Try {
    for (settings, burst, every_ms) in
        [(&[][..], 10, 1000), (SLOW, 10, 10_000), (&["--post-burst", "3"][..], 3, 1000)]
    {
        let server = Running::with(settings).await;
        let stream = tokio::net::TcpStream::connect(server.address).await?;
        let mut socket =
            Socket::open(stream, server.address, "", &format!("?version={VERSION}")).await;
        let Event::Hello(hello) = socket.event().await else { return Err("no hello".into()) };
        assert_eq!(hello.rate, Rate { burst, every_ms });
    }
    Ok(())
}

#[tokio::test]
async fn a_form_that_comes_too_fast_comes_back_with_its_text_and_is_taken_later() -> Try {
    let site = Site::start(&["--post-burst", "2", "--posts-per-minute", "12"]).await?;
    let (ann, ben) = (site.browser()?, site.browser()?);
    let room = ann.create("Ann").await?;
    for text in ["one", "two"] {
        assert_eq!(ann.say(&room, text).await?.status(), 303);
    }
    let id = ann.room(&room).await?.form_id;
    let refused = ann.say_as(&room, id, "three & <more>").await?;
    assert_eq!(refused.status(), 429);
    let seconds: u32 = header(&refused, "retry-after").parse()?;
    assert!((1..=5).contains(&seconds), "{seconds}");
    let view = room_in(&refused.text().await?)?;
    assert!(matches!(view.refusal, Some(Refusal::TooFast { .. })), "{:?}", view.refusal);
    assert_eq!((view.draft.as_str(), view.form_id), ("three & <more>", id));

    let (status, values) = ann.call(&room, &[("id", &id.to_string()), ("body", "three")]).await?;
    assert_eq!((status.as_u16(), &values["n"]), (429, &json!(null)));
    assert!(values["refusal"]["too_fast"]["retry_ms"].is_u64(), "{values}");
    ben.send(&format!("{room}/join"), &[("name", "Ben")]).await?;
    assert_eq!(ben.say(&room, "I have time").await?.status(), 303);

    pass(seconds * 1000).await;
    assert_eq!(ann.say_as(&room, id, "three & <more>").await?.status(), 303);
    assert_eq!(ann.said(&room).await?, ["one", "two", "I have time", "three & <more>"]);
    site.stop().await
}
