//! What does not hold together is found and named; what does, is not complained of.
#![allow(clippy::unwrap_used, reason = "tests")]

use rusqlite::Connection;

use super::{
    super::*,
    folder, path,
    writer::{carry_out, settled, writer},
};
use crate::store::contract::{name, post};

/// A flaw, by SQL, and what is said of it.
const FLAWS: &[(&str, &[&str])] = &[
    ("SELECT 1", &[]),
    (
        "DELETE FROM search WHERE rowid & 0xffffffff = 2; DELETE FROM messages WHERE pk & 0xffffffff = 2",
        &["room 1: message 3 follows message 1"],
    ),
    (
        "DELETE FROM search WHERE rowid & 0xffffffff = 4; DELETE FROM messages WHERE pk & 0xffffffff = 4",
        &[
            "room 1: the newest message is 3, but 4 is noted",
            "room 1: the newest value has rev 5, but 6 is noted",
        ],
    ),
    (
        "UPDATE messages SET created_at = 0 WHERE pk & 0xffffffff = 3",
        &["room 1: message 3 is older than the one before it"],
    ),
    ("UPDATE members SET rev = 4 WHERE rev = 2", &["room 1: two values have rev 4"]),
    ("UPDATE rooms SET stamp = 6", &["room 1: two values have rev 6"]),
    (
        "UPDATE messages SET rev = 9 WHERE rev = 6",
        &["room 1: the newest value has rev 9, but 6 is noted"],
    ),
    (
        "UPDATE persons SET rev = 9 WHERE id = 2",
        &["person 2: the newest membership has rev 1, but 9 is noted"],
    ),
    ("UPDATE rooms SET epoch = 9", &["room 1 is of epoch 9, the database of 1"]),
    (
        "UPDATE messages SET author = 7 WHERE pk & 0xffffffff = 1",
        &["room 1: nobody in it wrote message 1"],
    ),
    (
        "UPDATE messages SET person = 2 WHERE pk & 0xffffffff = 1",
        &["room 1: nobody in it wrote message 1"],
    ),
    (
        "DELETE FROM persons WHERE id = 2",
        &[
            "a row of members (4294967298) belongs to none of the persons",
            "a row of sessions belongs to none of the persons",
        ],
    ),
    ("UPDATE rooms SET joined = 5", &["room 1: 2 of 2 members are in it, but 5 of 2 are noted"]),
    (
        "UPDATE members SET read = 5 WHERE pk & 0xffffffff = 1",
        &["room 1: member 1 has read up to 5 of 4"],
    ),
    (
        "UPDATE messages SET content = 'no JSON' WHERE pk & 0xffffffff = 1",
        &["room 1: message 1 cannot be read", "the search index has other words than the messages"],
    ),
    (
        "DELETE FROM search WHERE rowid & 0xffffffff > 2",
        &[
            "room 1: message 3 is not in the search index",
            "room 1: message 4 is not in the search index",
            "the search index has other words than the messages",
        ],
    ),
    (
        "INSERT INTO search(rowid, words) VALUES((1 << 32) | 5, '')",
        &["the search index has a message 5 of room 1, which is not there"],
    ),
    (
        "INSERT OR REPLACE INTO search(rowid, words) VALUES((1 << 32) | 1, 'other')",
        &["the search index has other words than the messages"],
    ),
];

#[test]
fn each_flaw_is_named_and_nothing_else() {
    for (flaw, expected) in FLAWS {
        let findings = findings(flaw);
        assert_eq!(findings, *expected, "{flaw}");
    }
}

#[test]
fn a_torn_index_and_a_torn_table_are_found() {
    for (flaw, sentence) in [
        ("DELETE FROM search_data WHERE id > 10", "index"),
        ("UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10", "index"),
        (
            "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'messages_rev'",
            "the file is damaged: *** in database main *** Page",
        ),
    ] {
        let findings = findings(flaw).join("\n");
        assert!(findings.contains(sentence), "{flaw}: {findings}");
    }
}

#[test]
fn of_many_of_a_kind_the_first_are_told() {
    let many = "WITH RECURSIVE n(n) AS (SELECT 5 UNION ALL SELECT n + 1 FROM n LIMIT 10)
        INSERT INTO search(rowid, words) SELECT (1 << 32) | n, '' FROM n";
    let findings = findings(many);
    assert_eq!((findings.len(), findings.last().unwrap().as_str()), (6, "… and more of the kind"));
}

/// In a room with two people and four messages.
fn findings(flaw: &str) -> Vec<String> {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    let bob = Op::Begin { session: SessionHash([2; 32]), name: name("Bob"), at: 1 };
    let bob = [bob, Op::Join { room, person: PersonId(2), name: name("Bob"), at: 1 }];
    let said = ["one", "two", "three", "four"].map(|text| post(room, ann, text));
    let answers = carry_out(&mut writer, bob.into_iter().chain(said).collect());
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let conn = Connection::open(path(&folder)).unwrap();
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {flaw}")).unwrap();
    drop(conn);
    check(&path(&folder)).unwrap().findings
}
