//! What may be wrong in a database, and what `check` says of it.
#![allow(clippy::unwrap_used, reason = "tests")]

use futures::future::join_all;
use protocol::{Device, Lifetime, RoomCode, RoomId};

use super::{joins, name, post};
use crate::store::{Op, PersonId, SessionHash, Store};

/// A room with two people, of whom the first says eight things.
pub(in crate::store) async fn settle(store: &dyn Store) {
    let (ann, bob, room) = (PersonId(1), PersonId(2), RoomId(1));
    let begin = |n, text| Op::Begin {
        session: SessionHash([n; 32]),
        name: name(text),
        device: Device::default(),
        at: n.into(),
    };
    let codes = vec![RoomCode::parse("KMRTS").unwrap()];
    for op in [
        begin(1, "Ann"),
        Op::Create {
            by: ann,
            name: None,
            listed: false,
            lifetime: Lifetime::ForEver,
            called: name("Ann"),
            codes,
            at: 1,
        },
        begin(2, "Bob"),
        joins(room, bob, "Bob"),
    ] {
        store.apply(op).await.unwrap();
    }
    let said = (1..=8).map(|n| store.apply(post(room, ann, &format!("thing {n}"))));
    assert!(join_all(said).await.iter().all(Result::is_ok));
}

/// SQL, with `{seq}` and `{n}` for a message's and a member's number, and the findings.
pub(in crate::store) const FLAWS: &[(&str, &[&str])] = &[
    ("SELECT 1", &[]),
    (
        "DELETE FROM search WHERE {seq} = 2; DELETE FROM messages WHERE {seq} = 2",
        &["room 1: message 3 follows message 1"],
    ),
    (
        "DELETE FROM search WHERE {seq} = 1; DELETE FROM messages WHERE {seq} = 1",
        &["room 1: message 2 follows message 0"],
    ),
    (
        "DELETE FROM search WHERE {seq} = 8; DELETE FROM messages WHERE {seq} = 8",
        &[
            "room 1: the newest message is 7, but 8 is noted",
            "room 1: the newest value has rev 9, but 10 is noted",
        ],
    ),
    (
        "UPDATE messages SET created_at = 0 WHERE {seq} = 3",
        &["room 1: message 3 is older than the one before it"],
    ),
    ("UPDATE members SET rev = 4 WHERE rev = 2", &["room 1: two values have rev 4"]),
    ("UPDATE rooms SET stamp = 10", &["room 1: two values have rev 10"]),
    (
        "UPDATE messages SET rev = 99 WHERE rev = 10",
        &["room 1: the newest value has rev 99, but 10 is noted"],
    ),
    (
        "UPDATE persons SET rev = 0 WHERE id = 2",
        &["person 2: a membership has rev 1, but 0 is noted"],
    ),
    ("UPDATE rooms SET epoch = 9", &["room 1 is of epoch 9, the database of 1"]),
    ("UPDATE messages SET author = 7 WHERE {seq} = 1", &["room 1: nobody in it wrote message 1"]),
    ("UPDATE messages SET person = 2 WHERE {seq} = 1", &["room 1: nobody in it wrote message 1"]),
    (
        "DELETE FROM persons WHERE id = 2",
        &["room 1: member 2 is none of the persons", "a session belongs to none of the persons"],
    ),
    (
        "DELETE FROM search WHERE {seq} > 1; DELETE FROM messages WHERE {seq} > 1; DELETE FROM rooms",
        &[
            "room 1 is not there, but its message 1 is",
            "room 1 is not there, but its member 1 is",
            "room 1 is not there, but its member 2 is",
        ],
    ),
    ("UPDATE rooms SET joined = 5", &["room 1: 2 of 2 members are in it, but 5 of 2 are noted"]),
    ("UPDATE rooms SET members = 5", &["room 1: 2 of 2 members are in it, but 2 of 5 are noted"]),
    (
        "UPDATE members SET skeleton = skeleton || 'x' WHERE {n} = 1;
         UPDATE members SET skeleton_of_capitals = '' WHERE {n} = 2",
        &[
            "room 1: member 1 is not found by how their name looks",
            "room 1: member 2 is not found by how their name looks",
        ],
    ),
    (
        "UPDATE members SET skeleton_as_written = 'bob' WHERE {n} = 2",
        &["room 1: member 2 is not found by how their name looks"],
    ),
    // Only who was never in the room may have no name there.
    (
        "UPDATE members SET skeleton = '', skeleton_as_written = '', skeleton_of_capitals = ''",
        &[
            "room 1: member 1 is not found by how their name looks",
            "room 1: member 2 is not found by how their name looks",
        ],
    ),
    (
        "UPDATE rooms SET desk = 2; INSERT INTO desk(room_id, kind, n, rev, at, matter, password)
         VALUES(1, 4, 1, 1, 1, '{\"logged\":{\"by\":1,\"act\":{\"password\":{\"password\":null}},\"undo\":{\"restore_password\":{\"entry\":1}}}}', 'kept'),
           (1, 4, 2, 2, 1, '{\"logged\":{\"by\":1,\"act\":{\"restore_password\":{\"entry\":1}}}}', NULL)",
        &[],
    ),
    (
        "UPDATE rooms SET desk = 2; INSERT INTO desk(room_id, kind, n, rev, at, matter, password)
         VALUES(1, 4, 1, 1, 1, '{\"logged\":{\"by\":1,\"act\":{\"password\":{\"password\":null}},\"undo\":{\"restore_password\":{\"entry\":1}}}}', NULL),
           (1, 4, 2, 2, 1, '{\"logged\":{\"by\":1,\"act\":{\"restore_password\":{\"entry\":1}}}}', 'kept')",
        &[
            "room 1: entry 1 of its log is undone by a password, or keeps one, but not both",
            "room 1: entry 2 of its log is undone by a password, or keeps one, but not both",
        ],
    ),
    ("UPDATE members SET read = 9 WHERE {n} = 1", &["room 1: member 1 has read up to 9 of 8"]),
    (
        "UPDATE messages SET content = 'no JSON' WHERE {seq} = 1",
        &["room 1: message 1 cannot be read", "the search index has other words than the messages"],
    ),
    (
        "UPDATE messages SET content = '{\"text\":\"thing 2\"}' WHERE {seq} = 1",
        &["the search index has other words than the messages"],
    ),
    (
        "DELETE FROM search WHERE {seq} > 6",
        &[
            "room 1: message 7 is not in the search index",
            "room 1: message 8 is not in the search index",
            "the search index has other words than the messages",
        ],
    ),
    (
        "UPDATE rooms SET seq = 7, rev = 9; DELETE FROM messages WHERE {seq} = 8",
        &[
            "the search index has a message 8 of room 1, which is not there",
            "the search index has other words than the messages",
        ],
    ),
    (
        "UPDATE messages SET created_at = -{seq}",
        &[
            "room 1: message 2 is older than the one before it",
            "room 1: message 3 is older than the one before it",
            "room 1: message 4 is older than the one before it",
            "room 1: message 5 is older than the one before it",
            "room 1: message 6 is older than the one before it",
            "… and more of the kind",
        ],
    ),
];

/// Those of a kind come in any order.
pub(in crate::store) fn assert_found(flaw: &str, mut findings: Vec<String>, expected: &[&str]) {
    let mut expected = expected.to_vec();
    findings.sort_unstable();
    expected.sort_unstable();
    assert_eq!(findings, expected, "{flaw}");
}
