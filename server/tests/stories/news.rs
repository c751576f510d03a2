//! Several rooms over one socket: one is followed, and of the others it is heard that something is new.

use crate::client::{Person, Running, Socket};
use protocol::{Audience, Command, Event, MessageId, News, Reason, Refusal, Room, RoomId};

/// Each with how much is unread and how far it has come, the first that was made first.
async fn ask(socket: &mut Socket, of: &[&Room]) -> Vec<(RoomId, u32, u32)> {
    socket.send(Command::News { of: of.iter().map(|room| room.id).collect() }).await;
    let rooms = socket
        .until(|event| if let Event::Rooms(rooms) = event { Some(rooms) } else { None })
        .await;
    let mut rooms: Vec<_> =
        rooms.into_iter().map(|room| (room.id, room.unread, room.head)).collect();
    rooms.sort();
    rooms
}

async fn told(socket: &mut Socket) -> (RoomId, u32) {
    let News { room, head } =
        socket.until(|event| if let Event::News(news) = event { Some(news) } else { None }).await;
    (room, head)
}

/// Says so much in the room, one after the other.
async fn say(socket: &mut Socket, room: &Room, texts: u32) {
    for text in 1..=texts {
        socket.post(room, MessageId::now(), &text.to_string()).await;
        socket.changes().await;
    }
}

#[tokio::test]
async fn a_member_hears_how_far_their_other_rooms_have_come() {
    let server = Running::start().await;
    let (ana, tea, _) = Person::create(&server, "Ana").await;
    let (mut bo, sea, _) = Person::create(&server, "Bo").await;
    bo.join_too(&tea, "Bo").await;
    let (mut tab, _) = bo.enter(&sea).await;
    assert_eq!(ask(&mut tab, &[&tea, &sea]).await, [(tea.id, 0, 0), (sea.id, 0, 0)]);
    let mut ana = ana.connect().await;
    say(&mut ana, &tea, 1).await;
    assert_eq!(told(&mut tab).await, (tea.id, 1));
    // However many more, and however they are bundled: the last one says how far it has come.
    say(&mut ana, &tea, 5).await;
    while told(&mut tab).await != (tea.id, 6) {}
    // What is followed brings its messages, and no news.
    say(&mut tab, &sea, 1).await;
    say(&mut ana, &tea, 1).await;
    assert_eq!(told(&mut tab).await, (tea.id, 7));
    // Who comes back asks again, and misses nothing.
    let mut again = bo.connect().await;
    assert_eq!(ask(&mut again, &[&tea]).await, [(tea.id, 7, 7), (sea.id, 1, 1)]);
}

#[tokio::test]
async fn news_are_for_members_alone() {
    let server = Running::start().await;
    let (ana, tea, _) = Person::create(&server, "Ana").await;
    let (mut bo, sea, _) = Person::create(&server, "Bo").await;
    let (mut ana, mut tab) = (ana.connect().await, bo.connect().await);
    assert_eq!(ask(&mut tab, &[&tea, &sea]).await, [(sea.id, 0, 0)]);
    say(&mut ana, &tea, 1).await;
    bo.join_too(&tea, "Bo").await;
    // Of a room that one has come into since one asks again.
    assert_eq!(ask(&mut tab, &[&tea, &sea]).await, [(tea.id, 0, 1), (sea.id, 0, 0)]);
    say(&mut ana, &tea, 1).await;
    assert_eq!(told(&mut tab).await, (tea.id, 2));
    tab.send(Command::Leave { room: tea.id }).await;
    assert_eq!(tab.ended().await, Reason::Left);
    say(&mut ana, &tea, 1).await;
    let mut other = bo.connect().await;
    say(&mut other, &sea, 1).await;
    assert_eq!(told(&mut tab).await, (sea.id, 1));

    let many = Command::News { of: (0..=100).map(RoomId).collect() };
    let n = tab.send(many).await;
    assert_eq!(tab.refused().await, (Some(n), Refusal::TooManyStreams { max: 100 }));
}

#[tokio::test]
async fn who_unwatches_a_room_is_gone_from_it_and_hears_of_it_as_of_the_others() {
    let server = Running::start().await;
    let (ana, tea, _) = Person::create(&server, "Ana").await;
    let (bo, member) = Person::join(&server, &tea, "Bo").await;
    let (mut ana, _) = ana.enter(&tea).await;
    let (mut tab, log) = bo.enter(&tea).await;
    assert_eq!(log.here.total, 2);
    ask(&mut tab, &[&tea]).await;
    // Also without following, and twice: it says how things are to be.
    for stream in [Audience::Room(tea.id), Audience::Room(tea.id), Audience::Person] {
        tab.send(Command::Unwatch { stream }).await;
    }
    tab.so_far().await;
    say(&mut ana, &tea, 1).await;
    assert_eq!(tab.event().await, Event::News(News { room: tea.id, head: 1 }));
    // As one whose tab was closed, a moment later.
    loop {
        let (total, _, went) = ana.moved().await;
        if !went.is_empty() {
            assert_eq!((total, went), (1, vec![member.id.0]));
            break;
        }
    }
    let back = tab.follow(tea.id).await;
    assert_eq!((back.here.total, back.messages.len()), (2, 1));
}
