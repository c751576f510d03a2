//! What does not hold together is found and named; what does, is not complained of.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use rusqlite::Connection;
use tempfile::TempDir;

use super::{super::*, folder, path, start};
use crate::store::contract::flaws::{FLAWS, assert_found, settle};

/// What only a file can be.
const OWN: &[(&str, &[&str])] = &[
    (
        "UPDATE messages SET pk = (7 << 32) | 1 WHERE {seq} = 8",
        &[
            "message 1 of room 1 is kept in room 7",
            "room 1: message 1 follows message 7",
            "room 1: the newest message is 7, but 8 is noted",
            "room 1: the newest value has rev 9, but 10 is noted",
            "room 1: message 1 is not in the search index",
            "the search index has a message 8 of room 1, which is not there",
            "the search index has other words than the messages",
        ],
    ),
    (
        "UPDATE messages SET rev = 11 - rev WHERE rev IN (5, 6)",
        &["room 1: message 3 does not come before the one after it, by their revs"],
    ),
    (
        "UPDATE messages SET rev = 5 WHERE rev = 4",
        &["room 1: message 2 does not come before the one after it, by their revs"],
    ),
    ("UPDATE messages SET version = 2, rev = 5 WHERE rev = 4", &["room 1: two values have rev 5"]),
    (
        "INSERT INTO barred(room_id, address, member, until) VALUES(1, x'07', 2, 90)",
        &["room 1: an address is barred until 90, but 0 is noted"],
    ),
];

#[tokio::test]
async fn each_flaw_is_named_and_nothing_else() {
    let folder = folder();
    let (store, _published) = start(&folder);
    settle(&store).await;
    drop(store);
    for (flaw, expected) in FLAWS.iter().chain(OWN) {
        assert_found(flaw, findings(&folder, flaw), expected);
    }
}

#[tokio::test]
async fn a_torn_index_and_a_torn_table_are_found() {
    let folder = folder();
    let (store, _published) = start(&folder);
    settle(&store).await;
    drop(store);
    for (flaw, sentence) in [
        ("DELETE FROM search_data WHERE id > 10", "index"),
        ("UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10", "index"),
        (
            "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'messages_changed'",
            "the file is damaged: *** in database main *** Page",
        ),
    ] {
        let findings = findings(&folder, flaw).join("\n");
        assert!(findings.contains(sentence), "{flaw}: {findings}");
    }
}

/// In a copy of what is there.
fn findings(folder: &TempDir, flaw: &str) -> Vec<String> {
    let copy = folder.path().join("copy.db");
    fs::copy(path(folder), &copy).unwrap();
    let conn = Connection::open(&copy).unwrap();
    let flaw = ["{seq}", "{n}"]
        .iter()
        .fold(flaw.to_owned(), |flaw, number| flaw.replace(number, "rowid & 0xffffffff"));
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {flaw}")).unwrap();
    drop(conn);
    check(&copy).unwrap().findings
}
