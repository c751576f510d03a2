//! The end of rooms.

use super::*;

#[test]
fn a_room_that_ends_is_gone_for_what_follows_in_its_transaction() {
    let (by, at, room) = (PersonId(1), 1000, RoomId(2));
    let codes = vec![RoomCode::parse("KMRTS").unwrap()];
    let (lifetime, called) = (Lifetime::WhileHere, name("Ann"));
    let create = Op::Create { by, name: None, listed: false, lifetime, called, codes, at };
    let end = |at| Op::End { room, at, grace: 10 };
    let late = Op::Use { rooms: vec![room], until: 1009 };
    let (id, text) = (MessageId::now(), Body::parse("Late").unwrap());
    let late_word = Op::Post { room, person: by, id, body: text, at: 1011 };
    let batch = story(&[
        (create, "room 2 KMRT, member 1 Ann @0"),
        (end(1009), "Ended(false)"),
        (late, "Used"),
        (end(1018), "Ended(false)"),
        (end(1019), "Ended(true)"),
        (late_word, "NoSuchRoom"),
        (end(1019), "NoSuchRoom"),
    ]);
    assert!(!batch.rooms.contains_key(&room) && batch.over.len() == 1);
}
