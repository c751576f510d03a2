//! The index of what messages say, asked in SQL, beside what the contract asks of it.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension};

use super::{
    super::{rows, save, *},
    folder, path,
    writer::{carry_out, settled, writer},
};
use crate::store::{
    contract::{Inside, post},
    decide::Batch,
};

/// In rooms from the first to the last.
fn matching_in(conn: &Connection, word: &str, rooms: (u32, u32)) -> Vec<i64> {
    let sql =
        "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid";
    let mut query = conn.prepare(sql).unwrap();
    let (first, last) = (rows::pk(RoomId(rooms.0), 0), rows::pk(RoomId(rooms.1), u32::MAX));
    let found = query.query_map((format!("\"{word}\""), first, last), |row| row.get(0)).unwrap();
    found.map(|pk| pk.unwrap()).collect()
}

fn matching(conn: &Connection, word: &str) -> Vec<i64> {
    matching_in(conn, word, (0, i32::MAX.cast_unsigned()))
}

impl Inside for PathBuf {
    async fn execute(&self, sql: &str) {
        Connection::open(self).unwrap().execute_batch(sql).unwrap();
    }

    async fn found(&self, word: &str, room: Option<RoomId>) -> Vec<(RoomId, u32)> {
        let rooms = room.map_or((0, i32::MAX.cast_unsigned()), |room| (room.0, room.0));
        let found = matching_in(&Connection::open(self).unwrap(), word, rooms).into_iter();
        found.map(|pk| (RoomId((pk >> 32) as u32), (pk & 0xffff_ffff) as u32)).collect()
    }

    async fn save(&self, batch: &Batch) {
        save::save(&Connection::open(self).unwrap(), batch).unwrap();
    }

    async fn flaws(&self) -> Vec<String> {
        check(self).unwrap().findings
    }
}

/// The keys of the messages in which the word is.
pub(super) fn found(path: &Path, word: &str) -> Vec<i64> {
    matching(&Connection::open(path).unwrap(), word)
}

#[test]
fn the_index_is_of_the_same_transaction() {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    let first = post(room, ann, "first");
    carry_out(&mut writer, vec![first.clone(), first.clone()]);
    carry_out(&mut writer, vec![first, post(room, ann, "second")]);
    // No room for more, though for the message itself there would be.
    let conn = writer.database.conn.as_ref().unwrap();
    let pages: u32 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    conn.pragma_update(None, "max_page_count", pages).unwrap();
    let many = (0..200).map(|n| post(room, ann, &format!("third {n}"))).collect();
    let answers = carry_out(&mut writer, many);
    assert!(answers.iter().all(|answer| *answer == Err(StoreError::Full)), "{answers:?}");
    let keys = [1, 2].map(|n| rows::pk(room, n));
    for (word, expected) in [("first", &keys[..1]), ("second", &keys[1..]), ("third", &[])] {
        assert_eq!(found(&path(&folder), word), expected, "{word}");
    }
}

#[test]
fn what_is_deleted_from_the_index_is_not_found_and_leaves_the_file_when_it_is_merged() {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    for text in ["a secretword", "said here", "and there"] {
        carry_out(&mut writer, vec![post(room, ann, text)]);
    }
    let conn = writer.database.conn.as_ref().unwrap();
    let holds = || -> bool {
        let sql = "SELECT 1 FROM search_data WHERE instr(block, CAST('secretword' AS BLOB))";
        conn.query_row(sql, [], |_| Ok(())).optional().unwrap().is_some()
    };
    conn.execute("DELETE FROM search WHERE rowid = ?1", [rows::pk(room, 1)]).unwrap();
    assert_eq!(matching(conn, "secretword"), [0; 0]);
    assert_eq!(matching(conn, "here"), [rows::pk(room, 2)]);
    assert!(holds());
    conn.execute_batch("INSERT INTO search(search) VALUES('optimize')").unwrap();
    assert!(!holds());
    assert_eq!(matching(conn, "there"), [rows::pk(room, 3)]);
}
