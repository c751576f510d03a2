//! What every database must do, as functions over `Store`: each has a test that runs them.
#![allow(clippy::unwrap_used, reason = "tests")]

use protocol::{Body, MessageId, PersonName, RoomCode};

use super::{Applied, Entry, Op, PersonId, SessionHash, Store};

pub(super) fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

pub(super) fn body(text: &str) -> Body {
    Body::parse(text).unwrap()
}

pub(super) async fn begin(store: &dyn Store, n: u8) -> PersonId {
    let op = Op::Begin { session: SessionHash([n; 32]), name: name("Somebody"), at: 1 };
    let Applied::Begun(person) = store.apply(op).await.unwrap() else { panic!() };
    person
}

pub(super) async fn create(store: &dyn Store, by: PersonId, called: &str, code: &str) -> Entry {
    let codes = vec![RoomCode::parse(code).unwrap()];
    let op = Op::Create { by, name: None, called: name(called), codes, at: 10 };
    let Applied::Created(entry) = store.apply(op).await.unwrap() else { panic!() };
    entry
}

pub(super) async fn people_talk(store: &dyn Store) {
    let ann = begin(store, 1).await;
    let room = create(store, ann, "Ann", "ABCDE").await.room.id;
    let op = Op::Post { room, person: ann, id: MessageId::now(), body: body("hi"), at: 20 };
    let Applied::Posted { message, author, .. } = store.apply(op).await.unwrap() else { panic!() };
    assert_eq!((author.rev, message.rev, message.seq), (2, 3, 1));
    let page = store.newest(room).await.unwrap();
    assert_eq!((page.messages, page.members, page.at.rev), (vec![message], vec![author], 3));
}
