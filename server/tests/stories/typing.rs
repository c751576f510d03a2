//! Who is writing something, as the others in the room see it.

use crate::{
    client::{Person, Running, Socket},
    powers::outcome,
    rate::{pass, refused_for},
};
use protocol::{Command, Event, Refusal, Room};

impl Socket {
    async fn type_in(&mut self, room: &Room, on: bool) -> u32 {
        self.send(Command::Typing { room: room.id, on }).await
    }

    /// How many came by now.
    async fn refusals(&mut self) -> usize {
        let so_far = self.so_far().await;
        so_far.iter().filter(|event| matches!(event, Event::Refused(_))).count()
    }

    /// Whom the next frame about it names.
    async fn typing(&mut self) -> Vec<String> {
        self.until(|event| {
            let Event::Typing(typing) = event else { return None };
            Some(typing.who.into_iter().map(|member| member.name.into()).collect())
        })
        .await
    }
}

#[tokio::test]
async fn typing_is_seen_by_everyone_in_the_room_until_it_ends() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (stranger, elsewhere, _) = Person::create(&server, "Stranger").await;
    let ((mut ana, _), (mut bo, _)) = (ana.enter(&room).await, bo.enter(&room).await);
    let (mut stranger, _) = stranger.enter(&elsewhere).await;
    bo.type_in(&room, true).await;
    assert_eq!(ana.typing().await, ["Bo"]);
    ana.type_in(&room, true).await;
    assert_eq!(ana.typing().await, ["Ana", "Bo"]);
    // Without a word it is over, too.
    bo.type_in(&room, false).await;
    assert_eq!(ana.typing().await, ["Ana"]);
    while !ana.typing().await.is_empty() {}
    let heard = stranger.so_far().await;
    assert!(!heard.iter().any(|event| matches!(event, Event::Typing(_))), "{heard:?}");
}

#[tokio::test]
async fn only_a_member_who_watches_the_room_types_in_it() {
    let server = Running::start().await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (stranger, _, _) = Person::create(&server, "Stranger").await;
    let (mut ana, _) = ana.enter(&room).await;
    let (mut visitor, _) = stranger.enter(&room).await;
    let mut elsewhere = bo.connect().await;
    for socket in [&mut visitor, &mut elsewhere] {
        let n = socket.type_in(&room, true).await;
        assert_eq!(socket.refused().await, (Some(n), Refusal::NotAMember));
    }
    let heard = ana.so_far().await;
    assert!(!heard.iter().any(|event| matches!(event, Event::Typing(_))), "{heard:?}");
}

/// One more in ten seconds.
#[tokio::test]
async fn who_says_too_often_that_they_type_is_told_when_to_say_it_again_and_may_always_stop() {
    let server = Running::with(&["--typing-per-person", "2+6"]).await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let ((mut bos, _), (mut other, _)) = (bo.enter(&room).await, bo.enter(&room).await);
    let (mut ana, _) = ana.enter(&room).await;
    bos.type_in(&room, true).await;
    other.type_in(&room, true).await;
    assert_eq!(other.refusals().await, 0);
    // They are one person, who has no more of it by another connection.
    let n = bos.type_in(&room, true).await;
    let retry_ms = refused_for(&mut bos, n).await;
    assert!((1..=10_000).contains(&retry_ms), "{retry_ms}");
    for _ in 0..9 {
        bos.type_in(&room, false).await;
    }
    assert_eq!(bos.refusals().await, 0);
    ana.type_in(&room, true).await;
    while ana.typing().await != ["Ana"] {}
    pass(retry_ms).await;
    bos.type_in(&room, true).await;
    while ana.typing().await != ["Bo"] {}
    assert_eq!(bos.refusals().await, 0);
}

#[tokio::test]
async fn all_behind_an_address_say_so_often_that_they_type() {
    const SETTINGS: &[&str] = &["--typing-per-address", "2+6", "--trusted-proxies", "127.0.0.1"];
    let server = Running::with(SETTINGS).await;
    let (ana, room, _) = Person::create(&server, "Ana").await;
    let (bo, _) = Person::join(&server, &room, "Bo").await;
    let (stranger, _, _) = Person::create(&server, "Stranger").await;
    for (person, ip, said) in [
        // Who may not costs the others nothing.
        (&stranger, "203.0.113.5", "not_a_member"),
        (&stranger, "203.0.113.5", "not_a_member"),
        (&ana, "203.0.113.5", "ok"),
        (&bo, "203.0.113.5", "ok"),
        (&ana, "203.0.113.5", "too_fast"),
        (&bo, "203.0.113.5", "too_fast"),
        (&bo, "203.0.113.6", "ok"),
    ] {
        let mut socket = person.connect_at(ip).await;
        socket.code = Some(room.code.clone());
        socket.follow(room.id).await;
        let typing = Command::Typing { room: room.id, on: true };
        assert_eq!(outcome(&mut socket, typing).await, said, "{ip}");
    }
}
