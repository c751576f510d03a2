//! SQLite's own part: what happens to files, locks, disks and threads.
#![allow(clippy::unwrap_used, reason = "tests")]

mod check;
mod files;
mod killed;
mod search;
mod writer;

use std::{path::PathBuf, time::Duration};

use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;

use super::*;
use crate::store::{
    PROMISE, QUEUE,
    contract::{name, person, run as keep_the_contract},
};

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("test.db")
}

fn start(folder: &TempDir) -> (Sqlite, Receiver<Commit>) {
    let (commits, published) = mpsc::channel(64);
    (Sqlite::start(&path(folder), commits).unwrap(), published)
}

fn refusal(path: &Path) -> String {
    let started = Sqlite::start(path, mpsc::channel(1).0);
    started.err().map(|error| error.to_string()).unwrap()
}

/// From now on nobody can read what the room is.
pub(crate) fn spoil(path: &Path, room: RoomId) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute("UPDATE rooms SET rules = 'no JSON' WHERE id = ?1", [room.0]).unwrap();
}

/// From now on nobody can read which devices are theirs.
pub(crate) fn spoil_devices(path: &Path, person: PersonId) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute("UPDATE sessions SET hash = x'00' WHERE person = ?1", [person.0]).unwrap();
}

#[tokio::test]
async fn keeps_the_contract() {
    let folder = folder();
    let (commits, mut published) = mpsc::channel(100_000);
    let store = Sqlite::start(&path(&folder), commits).unwrap();
    keep_the_contract(&store, &path(&folder), &mut published).await;
}

#[tokio::test]
async fn a_full_queue_refuses_and_a_stuck_writer_is_said_in_time() {
    let folder = folder();
    let (commits, mut published) = mpsc::channel(1);
    let store = Sqlite::start(&path(&folder), commits).unwrap();
    let ann = person(&store).await;
    // Each room is a commit that nobody takes: one fits the channel, the writer waits with another.
    let op = |code: &str| Op::Create {
        by: ann,
        name: None,
        listed: false,
        lifetime: protocol::Lifetime::ForEver,
        called: name("Ann"),
        codes: vec![protocol::RoomCode::parse(code).unwrap()],
        at: 1,
    };
    for code in ["KMRTA", "KMSTA"] {
        store.apply(op(code)).await.unwrap();
    }
    let waiting = futures::future::join_all((0..QUEUE + 5).map(|_| store.ready()));
    let answers = tokio::time::timeout(PROMISE + Duration::from_secs(3), waiting).await.unwrap();
    let overloaded =
        answers.iter().filter(|answer| **answer == Err(StoreError::Overloaded)).count();
    let silent =
        answers.iter().filter(|answer| matches!(answer, Err(StoreError::Unavailable(_)))).count();
    assert_eq!((overloaded, silent), (5, QUEUE));
    let back = async {
        while store.ready().await == Err(StoreError::Overloaded) {
            while published.try_recv().is_ok() {}
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PROMISE, back).await.unwrap();
    store.ready().await.unwrap();
}

#[tokio::test]
async fn a_read_that_panics_loses_only_its_own_answer() {
    let folder = folder();
    let (store, _published) = start(&folder);
    for _ in 0..8 {
        let answer = store.readers.ask::<()>(async |_| panic!("as a bug would")).await;
        assert!(matches!(answer, Err(StoreError::Unavailable(_))));
    }
    assert_eq!(store.person(SessionHash([1; 32])).await, Ok(None));
}

#[test]
fn the_connections_are_set_up_for_durability() {
    let folder = folder();
    let (mut ready, _published) = writer::writer(&folder);
    // By number where SQLite answers so: synchronous 2 is FULL, auto_vacuum 2 is INCREMENTAL.
    for reopened in [false, true] {
        for (pragma, expected) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("secure_delete", "1"),
            ("auto_vacuum", "2"),
            ("foreign_keys", "0"),
            ("trusted_schema", "0"),
        ] {
            let sql = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
            let set: String =
                ready.database.guard(|conn| conn.query_row(&sql, [], |row| row.get(0))).unwrap();
            assert_eq!(set, expected, "{pragma}, reopened: {reopened}");
        }
        ready.database.conn = None;
    }
    let reader = schema::open_reader(&path(&folder)).unwrap();
    assert!(reader.execute_batch("DELETE FROM rooms").is_err(), "a reader never writes");
}

#[tokio::test]
async fn a_question_that_panics_loses_its_own_answer_among_those_that_are_asked_with_it() {
    let folder = folder();
    let (store, _published) = start(&folder);
    let ann = person(&store).await;
    let asked = (0..9).map(|n| {
        store.readers.ask(async move |look| {
            assert_ne!(n, 4);
            look.rooms(ann, n).await
        })
    });
    let answers = futures::future::join_all(asked).await;
    let lost: Vec<_> = (0..9).filter(|n| answers[*n].is_err()).collect();
    assert_eq!((lost, &answers[4]), (vec![4], &Err(StoreError::silent())));
}

#[test]
fn the_plans_are_ranges_of_indexes() {
    let folder = folder();
    let (writer, _published) = writer::writer(&folder);
    let conn = writer.database.conn.as_ref().unwrap();
    for sql in [
        super::look::CHANGED,
        super::look::FRESH,
        super::names::HOLDERS,
        &format!("SELECT read FROM members {}", super::look::CHANGED_MEMBERSHIPS),
        "SELECT read FROM members WHERE person = ?1 AND joined ORDER BY person_rev DESC LIMIT ?2",
        "SELECT pk FROM messages WHERE pk BETWEEN ?1 AND ?2 ORDER BY pk DESC LIMIT ?3",
        "SELECT pk FROM messages WHERE room_id = ?1 AND id = ?2",
        "SELECT pk FROM members WHERE person = ?1 AND room_id = ?2 AND joined",
        "SELECT count(*) FROM rooms WHERE length(code) = 4 AND ended_at > ?1",
        "SELECT 1 FROM rooms WHERE code = ?1 AND ended_at > ?2",
    ] {
        let plan = plan(conn, sql);
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
    }
    // A check reads all there is, however much, and keeps none of it.
    for question in super::check::questions() {
        let plan = plan(conn, &question);
        let keeps = ["TEMP B-TREE", "AUTOMATIC"].iter().any(|kept| plan.contains(kept));
        assert!(!keeps, "{question}\n{plan}");
    }
}

fn plan(conn: &rusqlite::Connection, sql: &str) -> String {
    let mut query = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let none = vec![rusqlite::types::Null; query.parameter_count()];
    let plan = query.query_map(rusqlite::params_from_iter(none), |row| row.get::<_, String>(3));
    plan.unwrap().map(|line| line.unwrap()).collect::<Vec<_>>().join("\n")
}
