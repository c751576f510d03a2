//! The index of what messages say, asked in SQL: it is written with them, and only with them.
#![allow(clippy::unwrap_used, reason = "tests")]

use rusqlite::{Connection, OptionalExtension};

use super::{
    super::{rows, save, *},
    folder, path, start,
    writer::{carry_out, settled, writer},
};
use crate::store::{
    contract::{create, person, post, say},
    decide::{Batch, MessageState, Row},
    tokens::tokens,
};

fn matching(conn: &Connection, word: &str) -> Vec<i64> {
    let mut query = conn.prepare("SELECT rowid FROM search WHERE search MATCH ?1").unwrap();
    let found = query.query_map([format!("\"{word}\"")], |row| row.get(0)).unwrap();
    found.map(|pk| pk.unwrap()).collect()
}

/// The keys of the messages in which the word is.
pub(super) fn found(path: &Path, word: &str) -> Vec<i64> {
    matching(&Connection::open(path).unwrap(), word)
}

#[tokio::test]
async fn whatever_was_said_is_found_by_each_of_its_words_and_in_its_room() {
    let folder = folder();
    let (store, _published) = start(&folder);
    let ann = person(&store).await;
    let texts = [
        "Hello, *world*!",
        "明日の会議室は三階、パパとﾊﾟﾊﾟ",
        "สวัสดีครับ ที่นี่",
        "مَرْحَبًا بكم",
        "Grüße aus der Straße, Ça va?",
        "हिन्दी में",
        "안녕하세요 ㅋㅋㅋ",
        "🎉🎉 👍🏽 👩‍💻 🇩🇪",
        "```let v = Vec::<u8>::new(); // 'NEAR' AND \"OR\"```",
        &"x".repeat(4000),
    ];
    for text in texts {
        let room = create(&store, ann, 1).await.room.id;
        let elsewhere = create(&store, ann, 1).await.room.id;
        let said = say(&store, room, ann, text).await;
        let again = say(&store, elsewhere, ann, text).await;
        let conn = Connection::open(path(&folder)).unwrap();
        let words = tokens(text);
        for word in words.split(' ') {
            let keys = [rows::pk(room, said.seq), rows::pk(elsewhere, again.seq)];
            let all = matching(&conn, word);
            assert!(keys.iter().all(|key| all.contains(key)), "{text}: {word} {all:?}");
            let sql = "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3";
            let range = (format!("\"{word}\""), rows::pk(room, 0), rows::pk(room, u32::MAX));
            let here: i64 = conn.query_row(sql, range, |row| row.get(0)).unwrap();
            assert_eq!(here, keys[0], "{text}: {word} in one room");
        }
    }
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
fn a_change_that_leaves_the_words_leaves_the_index() {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    carry_out(&mut writer, vec![post(room, ann, "hi")]);
    let conn = writer.database.conn.as_ref().unwrap();
    // Nothing but a write of the index would bring it back.
    conn.execute_batch("DELETE FROM search").unwrap();
    let load = || -> MessageState {
        let sql = format!("SELECT {} FROM messages", rows::MESSAGE_STATE);
        conn.query_row(&sql, [], rows::message_state).unwrap()
    };
    for (reworded, expected) in [(false, &[][..]), (true, &[rows::pk(room, 1)])] {
        let mut state = load();
        state.message.rev += 1;
        state.reworded = reworded;
        let mut batch = Batch::default();
        batch.messages.insert((room, 1), Row::new(state));
        save::save(conn, &batch).unwrap();
        assert_eq!(load().message.rev, if reworded { 5 } else { 4 });
        assert_eq!(matching(conn, "hi"), expected, "reworded: {reworded}");
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
