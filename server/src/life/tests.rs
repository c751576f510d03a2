//! The keeper of rooms, on a real database, with moments as arguments.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use delivery::PersonId;
use protocol::{Body, Closed, Event, Lifetime, MessageId, Room};
use tempfile::TempDir;

use super::*;
use crate::{
    house::{Guest, House},
    store::{Door, Entry, sqlite},
};

const GRACE: i64 = 600 * 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Somebody's, and made at the beginning of time.
async fn room(house: &House, lifetime: Lifetime) -> (PersonId, Entry) {
    let ann = house.person(1).await;
    (ann, house.room(ann, lifetime, 0).await)
}

async fn enter(house: &House, ann: PersonId, entry: &Entry) -> Guest {
    house.enter(entry.room.id, Some((ann, entry.member.clone().unwrap()))).await
}

async fn is_there(house: &House, room: &Room) -> bool {
    let entry = house.server.store.entry(Door::Code(room.code.clone()), None).await;
    entry.unwrap().is_some()
}

#[tokio::test]
async fn a_room_that_somebody_is_in_does_not_end() {
    let house = House::new().await;
    let (ann, entry) = room(&house, Lifetime::WhileHere).await;
    let mut keeper = Keeper::default();
    enter(&house, ann, &entry).await;
    keeper.note(&house.server, DAY, false).await;
    keeper.end(&house.server, 2 * DAY, true).await;
    assert!(is_there(&house, &entry.room).await);

    // They go; from what was noted then on, the room has its grace.
    house.server.presence.remove(entry.room.id, entry.member.unwrap().id);
    keeper.note(&house.server, 3 * DAY, false).await;
    keeper.end(&house.server, 3 * DAY + GRACE - 1, true).await;
    assert!(is_there(&house, &entry.room).await);
    keeper.end(&house.server, 3 * DAY + GRACE, true).await;
    assert!(!is_there(&house, &entry.room).await);
}

#[tokio::test]
async fn a_short_visit_is_a_use() {
    let house = House::new().await;
    let (ann, entry) = room(&house, Lifetime::Day).await;
    // Not in a round in which all rooms are noted.
    let mut keeper = Keeper { rounds: 1, ..Keeper::default() };
    enter(&house, ann, &entry).await;
    house.server.presence.remove(entry.room.id, entry.member.unwrap().id);
    keeper.note(&house.server, 5 * DAY, false).await;
    keeper.end(&house.server, 6 * DAY - 1, true).await;
    assert!(is_there(&house, &entry.room).await);
    keeper.end(&house.server, 6 * DAY, false).await;
    assert!(is_there(&house, &entry.room).await, "only those that last while somebody is there");
    keeper.end(&house.server, 6 * DAY, true).await;
    assert!(!is_there(&house, &entry.room).await);
}

#[tokio::test]
async fn when_the_server_stops_it_is_kept_who_was_where() {
    let mut house = House::new().await;
    let (ann, entry) = room(&house, Lifetime::Day).await;
    enter(&house, ann, &entry).await;
    let store = house.server.store.clone();
    let over = async |at| store.over(at, GRACE, true).await.unwrap();
    assert_eq!(over(now()).await, [entry.room.id]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    house.opened.take().unwrap().run(listener, async {}).await.unwrap();
    assert_eq!(over(now()).await, []);
}

#[tokio::test]
async fn whoever_reads_along_is_told_that_the_room_is_over() {
    let house = House::new().await;
    let (_, entry) = room(&house, Lifetime::Day).await;
    let visitor = house.enter(entry.room.id, None).await;
    let stream = Stream::Room(entry.room.id);
    Keeper::default().end(&house.server, DAY, true).await;
    let closed = Closed { stream: stream.audience(), reason: Reason::Expired };
    assert_eq!(visitor.told().await, [Event::Closed(closed)]);
    assert!(!house.server.hub.follows(visitor.connection, stream));
}

#[tokio::test]
async fn nothing_is_left_of_what_was_said_in_a_room_that_is_over() {
    let house = House::new().await;
    let (ann, entry) = room(&house, Lifetime::Day).await;
    let (room, person) = (entry.room.id, ann);
    for n in 0..450 {
        let body = Body::parse(&format!("secret {n}")).unwrap();
        let op = Op::Post { room, person, id: MessageId::now(), body, at: 1 };
        house.server.store.apply(op).await.unwrap();
    }
    Keeper::default().end(&house.server, DAY + 1, true).await;
    // Also while nothing else may go by the clock.
    assert_eq!(house.server.store.to_clear(before(DAY + 1, false)).await, Ok(vec![room]));
    clear(&house.server, room, before(DAY + 1, false)).await.unwrap();
    let report = |folder: &TempDir| sqlite::check(&folder.path().join("parley.db")).unwrap();
    let found = report(&house.folder);
    assert_eq!((found.rooms, found.messages, found.findings), (1, 0, vec![]));
    let rested = before(DAY + 1 + CODE_RESTS, true);
    assert_eq!(house.server.store.to_clear(rested).await, Ok(vec![room]));
    clear(&house.server, room, rested).await.unwrap();
    let found = report(&house.folder);
    assert_eq!((found.rooms, found.messages, found.findings), (0, 0, vec![]));
}
