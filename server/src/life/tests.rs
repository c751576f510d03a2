//! The keeper of rooms, on a real database, with moments as arguments.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::sync::Arc;

use delivery::{Outgoing, PersonId};
use protocol::{Body, Device, Lifetime, MessageId, PersonName, Room, RoomCode};
use tempfile::TempDir;

use super::*;
use crate::{
    Config, Opened,
    connection::tests::Ear,
    store::{Door, Entry, SessionHash, sqlite},
};

const GRACE: i64 = 600 * 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

struct House {
    folder: TempDir,
    opened: Option<Opened>,
    server: Shared,
    ann: PersonId,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let config = Config::try_parse_from(["parley", "--data", data]).unwrap();
        let opened = crate::open(config).await.unwrap();
        let server = opened.server.clone();
        let name = PersonName::parse("Ann").unwrap();
        let op =
            Op::Begin { session: SessionHash([1; 32]), name, device: Device::default(), at: 0 };
        let Applied::Begun(ann) = server.store.apply(op).await.unwrap() else { panic!() };
        Self { folder, opened: Some(opened), server, ann }
    }

    /// Made at the beginning of time.
    async fn room(&self, lifetime: Lifetime) -> Entry {
        let (by, name) = (self.ann, None);
        let called = PersonName::parse("Ann").unwrap();
        let codes = vec![RoomCode::parse("KMRTS").unwrap()];
        let op = Op::Create { by, name, listed: false, lifetime, called, codes, at: 0 };
        let Applied::Created(entry) = self.server.store.apply(op).await.unwrap() else { panic!() };
        entry
    }

    fn enter(&self, entry: &Entry) {
        let id = self.server.hub.connect(Some(self.ann), None, Arc::default());
        self.server.presence.enter(entry.room.id, entry.member.clone().unwrap(), id);
    }

    async fn is_there(&self, room: &Room) -> bool {
        let entry = self.server.store.entry(Door::Code(room.code.clone()), None).await;
        entry.unwrap().is_some()
    }
}

#[tokio::test]
async fn a_room_that_somebody_is_in_does_not_end() {
    let house = House::new().await;
    let entry = house.room(Lifetime::WhileHere).await;
    let mut keeper = Keeper::default();
    house.enter(&entry);
    keeper.note(&house.server, DAY, false).await;
    keeper.end(&house.server, 2 * DAY, true).await;
    assert!(house.is_there(&entry.room).await);

    // They go; from what was noted then on, the room has its grace.
    house.server.presence.remove(entry.room.id, entry.member.unwrap().id);
    keeper.note(&house.server, 3 * DAY, false).await;
    keeper.end(&house.server, 3 * DAY + GRACE - 1, true).await;
    assert!(house.is_there(&entry.room).await);
    keeper.end(&house.server, 3 * DAY + GRACE, true).await;
    assert!(!house.is_there(&entry.room).await);
}

#[tokio::test]
async fn a_short_visit_is_a_use() {
    let house = House::new().await;
    let entry = house.room(Lifetime::Day).await;
    // Not in a round in which all rooms are noted.
    let mut keeper = Keeper { rounds: 1, ..Keeper::default() };
    house.enter(&entry);
    house.server.presence.remove(entry.room.id, entry.member.unwrap().id);
    keeper.note(&house.server, 5 * DAY, false).await;
    keeper.end(&house.server, 6 * DAY - 1, true).await;
    assert!(house.is_there(&entry.room).await);
    keeper.end(&house.server, 6 * DAY, false).await;
    assert!(house.is_there(&entry.room).await, "only those that last while somebody is there");
    keeper.end(&house.server, 6 * DAY, true).await;
    assert!(!house.is_there(&entry.room).await);
}

#[tokio::test]
async fn when_the_server_stops_it_is_kept_who_was_where() {
    let House { folder, opened, server, ann } = House::new().await;
    let house = House { folder, opened: None, server, ann };
    let entry = house.room(Lifetime::Day).await;
    house.enter(&entry);
    let over = async |at| house.server.store.over(at, GRACE, true).await.unwrap();
    assert_eq!(over(now()).await, [entry.room.id]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    opened.unwrap().run(listener, async {}).await.unwrap();
    assert_eq!(over(now()).await, []);
}

#[tokio::test]
async fn whoever_reads_along_is_told_that_the_room_is_over() {
    let house = House::new().await;
    let entry = house.room(Lifetime::Day).await;
    let out = Arc::new(Outgoing::default());
    let visitor = house.server.hub.connect(None, None, out.clone());
    let stream = Stream::Room(entry.room.id);
    house.server.hub.follow(visitor, stream, async { Ok(vec![]) }).await.unwrap();
    Keeper::default().end(&house.server, DAY, true).await;
    let (ear, mut said) = Ear::to_hear();
    out.taken(ear).await.1.unwrap();
    let id = entry.room.id.0;
    let expected = format!(r#"{{"closed":{{"stream":{{"room":{id}}},"reason":"expired"}}}}"#);
    assert_eq!(said.try_recv().unwrap().to_string(), expected);
    assert!(!house.server.hub.follows(visitor, stream));
}

#[tokio::test]
async fn nothing_is_left_of_what_was_said_in_a_room_that_is_over() {
    let house = House::new().await;
    let entry = house.room(Lifetime::Day).await;
    let (room, person) = (entry.room.id, house.ann);
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
