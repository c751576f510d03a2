//! Who is writing something, as the others in the room see it.

use crate::client::{Person, Running, Socket};
use protocol::{Command, Event, Refusal, Room};

impl Socket {
    async fn type_in(&mut self, room: &Room, on: bool) -> u32 {
        self.send(Command::Typing { room: room.id, on }).await
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
