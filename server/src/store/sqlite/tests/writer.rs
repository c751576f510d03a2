//! The writer by itself, with no thread that runs it: bad operations, bad disks.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, fs, time::Instant};

use futures::FutureExt;
use protocol::{Act, Device, Lifetime, MessageId};
use rusqlite::{Connection, ffi};
use tempfile::TempDir;
use tokio::sync::{mpsc::Receiver, oneshot};

use super::{super::*, folder, path};
use crate::store::{
    By, DEADLINE, Proof, Result,
    contract::{body, name, post},
    group::{Failure, Task, Work},
};

/// A writer that no thread runs.
pub(super) fn writer(folder: &TempDir) -> (Writer<File>, Receiver<Commit>) {
    let (commits, published) = mpsc::channel(64);
    (Writer { database: open(&path(folder)).unwrap(), commits, doubts: Arc::default() }, published)
}

pub(super) fn carry_out(writer: &mut Writer<File>, ops: Vec<Op>) -> Vec<Result<Applied>> {
    let mut answers = vec![];
    let mut works = vec![];
    for op in ops {
        let (answer, answered) = oneshot::channel();
        works.push(Work { task: Task::Apply(op, answer), since: Instant::now() });
        answers.push(answered);
    }
    block_on(writer.carry_out(works));
    answers.into_iter().map(|mut answer| answer.try_recv().unwrap()).collect()
}

/// A person in a room of theirs.
pub(super) fn settled(writer: &mut Writer<File>) -> (RoomId, PersonId) {
    let name = name("Ann");
    let begin = Op::Begin {
        session: SessionHash([1; 32]),
        name: name.clone(),
        device: Device::default(),
        at: 1,
    };
    let codes = vec![protocol::RoomCode::parse("KMRTS").unwrap()];
    let create = Op::Create {
        by: PersonId(1),
        name: None,
        listed: false,
        lifetime: Lifetime::ForEver,
        called: name,
        codes,
        at: 1,
    };
    let answers = carry_out(writer, vec![begin, create]);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    (RoomId(1), PersonId(1))
}

fn posted(answer: &Result<Applied>) -> bool {
    matches!(answer, Ok(Applied::Posted { .. }))
}

#[test]
fn what_cannot_be_executed_harms_nobody_else() {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    let damaged = post(room, ann, "hi");
    carry_out(&mut writer, vec![damaged.clone()]);
    let conn = Connection::open(path(&folder)).unwrap();
    conn.execute_batch("UPDATE messages SET content = 'no JSON'").unwrap();
    let answers = carry_out(&mut writer, vec![post(room, ann, "a"), damaged, post(room, ann, "b")]);
    assert_eq!(answers.iter().map(posted).collect::<Vec<_>>(), [true, false, true], "{answers:?}");
}

#[test]
fn many_who_read_are_one_transaction_and_those_who_read_nothing_new_are_none() {
    let folder = folder();
    let (mut writer, mut published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    carry_out(&mut writer, vec![post(room, ann, "hi"), post(room, ann, "ho")]);
    let people = 2..=400_i64;
    let begin = people.clone().map(|id| {
        let mut hash = [2; 32];
        hash[..8].copy_from_slice(&id.to_le_bytes());
        Op::Begin {
            session: SessionHash(hash),
            name: name("Somebody"),
            device: Device::default(),
            at: 1,
        }
    });
    let begun = carry_out(&mut writer, begin.collect());
    assert!(begun.iter().all(Result::is_ok));
    let join = people.clone().map(|id| Op::Join {
        room,
        person: PersonId(id),
        names: vec![name(&format!("Name {id}"))],
        capacity: u32::MAX,
        proof: Proof::None,
        from: None,
        at: 1,
    });
    assert!(carry_out(&mut writer, join.collect()).iter().all(Result::is_ok));
    carry_out(&mut writer, vec![post(room, ann, "new")]);
    while published.try_recv().is_ok() {}

    let everyone =
        || (1..=400).map(|id| Op::Read { room, person: PersonId(id), seq: 3 }).collect::<Vec<_>>();
    let fresh = |answer: &Result<Applied>| matches!(answer, Ok(Applied::Read { fresh: true, .. }));
    assert!(carry_out(&mut writer, everyone()).iter().all(fresh));
    let commit = published.try_recv().unwrap();
    assert_eq!(commit.len(), 400, "each in a stream of their own");
    assert!(commit.iter().all(|(_, changes)| changes.values.len() == 1));
    assert!(published.try_recv().is_err(), "all in one");

    // Counts what others wrote.
    let other = Connection::open(path(&folder)).unwrap();
    let version =
        || -> i64 { other.query_row("PRAGMA data_version", [], |row| row.get(0)).unwrap() };
    let before = version();
    let again = carry_out(&mut writer, everyone());
    assert!(again.iter().all(|answer| answer.is_ok() && !fresh(answer)));
    assert!(published.try_recv().is_err(), "there is nothing to tell");
    assert_eq!(version(), before, "and nothing was written");
    carry_out(&mut writer, vec![post(room, ann, "more")]);
    assert_ne!(version(), before);
}

#[test]
fn what_is_put_on_a_desk_in_the_transaction_of_the_rooms_end_goes_with_it() {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    let act = |act| Op::Host {
        room,
        by: By::Person(ann),
        act,
        link: None,
        addresses: vec![],
        capacity: 100,
        at: 2,
    };
    let password =
        |text| act(Act::Password { password: Some(protocol::Password::parse(text).unwrap()) });
    let topic = Act::Topic { topic: protocol::Line::parse("neap tide").ok() };
    let acts = vec![act(topic), password("first tide"), password("second tide"), act(Act::Burn)];
    assert!(carry_out(&mut writer, acts).iter().all(Result::is_ok));
    let conn = Connection::open(path(&folder)).unwrap();
    for left in [
        "SELECT count(*) FROM desk",
        "SELECT count(password) FROM rooms",
        "SELECT count(*) FROM rooms WHERE rules LIKE '%tide%'",
    ] {
        let count: u32 = conn.query_row(left, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0, "{left}");
    }
}

#[test]
fn a_panic_or_a_failing_disk_costs_one_transaction() {
    fn disk(code: i32) -> rusqlite::Result<()> {
        Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
    }
    let failures: [fn() -> rusqlite::Result<()>; 3] = [
        || panic!("as a bug would"),
        || disk(ffi::SQLITE_IOERR_FSYNC),
        || disk(ffi::SQLITE_CORRUPT),
    ];
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    // As long as somebody reads, the log outlives the connection that wrote it.
    let beside = schema::open_reader(&path(&folder)).unwrap();
    for fail in failures {
        let read =
            beside.query_row("SELECT count(*) FROM messages", [], |row| row.get::<_, u32>(0));
        read.unwrap();
        let failed = writer.database.guard(|conn| {
            conn.execute_batch("BEGIN IMMEDIATE; DELETE FROM messages")?;
            fail()
        });
        assert!(matches!(failed, Err(Failure::Poison(_) | Failure::Store(_))));
        assert!(writer.database.conn.is_none(), "nothing that the connection held is trusted");
        let log = folder.path().join("test.db-wal");
        let left = writer.database.guard(|_| Ok(fs::metadata(log).unwrap().len()));
        assert_eq!(left.unwrap(), 0, "nor what it left in the log");
        let answers = carry_out(&mut writer, vec![post(room, ann, "hi")]);
        assert!(posted(&answers[0]), "{answers:?}");
    }
    let conn = Connection::open(path(&folder)).unwrap();
    let count: u32 = conn.query_row("SELECT count(*) FROM messages", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 3);
}

/// Since it was last asked.
fn is_doubted(writer: &Writer<File>) -> bool {
    writer.doubts.notified().now_or_never().is_some()
}

#[test]
fn what_nobody_knows_to_be_stored_raises_a_doubt() {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    let there = writer.database.path.clone();
    writer.database.conn = None;
    writer.database.path = folder.path().join("nowhere/test.db");
    for _ in 0..2 {
        let answers = carry_out(&mut writer, vec![post(room, ann, "hi")]);
        assert!(matches!(&answers[0], Err(StoreError::Unavailable(_))), "{answers:?}");
    }
    assert!(is_doubted(&writer) && !is_doubted(&writer), "one for both");
    writer.database.path = there;
    assert!(posted(&carry_out(&mut writer, vec![post(room, ann, "hi")])[0]));
    assert!(!is_doubted(&writer));
}

/// A log that a checkpoint finds shorter than it was written, beside the database: what is read of it then fails.
fn break_tidying(writer: &Writer<File>, folder: &TempDir) {
    let beside = folder.path().join("beside.db");
    let conn = writer.database.conn.as_ref().unwrap();
    conn.execute("ATTACH ?1 AS beside", [beside.to_str().unwrap()]).unwrap();
    conn.execute_batch("PRAGMA beside.journal_mode=WAL; CREATE TABLE beside.one(n);").unwrap();
    fs::write(folder.path().join("beside.db-wal"), "").unwrap();
}

#[test]
fn what_is_committed_is_answered_and_told_though_its_traces_cannot_be_tidied_away() {
    let folder = folder();
    let (mut writer, mut published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    let secret = post(room, ann, "secret");
    let Op::Post { id: message, .. } = secret else { panic!() };
    carry_out(&mut writer, vec![secret]);
    let (by, act) = (By::Person(ann), Act::Remove { message, removed: true });
    let remove = Op::Host { room, by, act, link: None, addresses: vec![], capacity: 9, at: 1 };
    assert!(carry_out(&mut writer, vec![remove])[0].is_ok());
    while published.try_recv().is_ok() {}

    break_tidying(&writer, &folder);
    let answers = carry_out(&mut writer, vec![Op::Purge { before: 2 }, post(room, ann, "one")]);
    assert!(writer.database.conn.is_none(), "its connection failed after the commit");
    assert_eq!(answers[0], Ok(Applied::Purged));
    assert!(posted(&answers[1]), "{answers:?}");
    assert!(published.try_recv().is_ok());
    assert!(!is_doubted(&writer));
    let answers = carry_out(&mut writer, vec![post(room, ann, "two")]);
    let Ok(Applied::Posted { message, fresh: true, .. }) = &answers[0] else {
        panic!("{answers:?}")
    };
    assert_eq!(message.seq, 3);
}

#[test]
fn traces_that_stay_because_somebody_reads_go_with_the_next_purge() {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    let secret = post(room, ann, "secret tide");
    let Op::Post { id: message, .. } = secret else { panic!() };
    carry_out(&mut writer, vec![secret]);
    let (by, act) = (By::Person(ann), Act::Remove { message, removed: true });
    let remove = Op::Host { room, by, act, link: None, addresses: vec![], capacity: 9, at: 1 };
    assert!(carry_out(&mut writer, vec![remove])[0].is_ok());
    let left = || {
        let log = fs::read(folder.path().join("test.db-wal")).unwrap();
        log.windows(6).any(|part| part == b"secret")
    };
    let beside = schema::open_reader(&path(&folder)).unwrap();
    beside.execute_batch("BEGIN; SELECT count(*) FROM messages").unwrap();
    carry_out(&mut writer, vec![Op::Purge { before: 2 }]);
    assert!(left());
    beside.execute_batch("COMMIT").unwrap();
    carry_out(&mut writer, vec![post(room, ann, "one")]);
    assert!(left(), "nobody waits for it");
    carry_out(&mut writer, vec![Op::Purge { before: 2 }]);
    assert!(!left());
}

#[test]
fn a_full_disk_is_said_and_forgotten_when_there_is_room_again() {
    let folder = folder();
    let (mut writer, mut published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    let limit = |writer: &Writer<File>, pages: u32| {
        writer
            .database
            .conn
            .as_ref()
            .unwrap()
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
    };
    limit(&writer, 1);
    while published.try_recv().is_ok() {}
    let refused: Vec<Op> = (0..20).map(|_| post(room, ann, &"x".repeat(4000))).collect();
    let answers = carry_out(&mut writer, refused.clone());
    assert!(answers.iter().all(|answer| *answer == Err(StoreError::Full)), "{answers:?}");
    assert!(published.try_recv().is_err(), "nothing was published");
    assert!(!is_doubted(&writer), "nor stored");
    limit(&writer, 1 << 30);
    for (n, answer) in carry_out(&mut writer, refused).iter().enumerate() {
        let Ok(Applied::Posted { message, fresh, .. }) = answer else { panic!("{answer:?}") };
        assert_eq!((message.seq as usize, *fresh), (n + 1, true));
    }
}

#[test]
fn an_operation_that_nobody_waits_for_or_that_waited_too_long_is_not_executed() {
    let folder = folder();
    let (mut ready, _published) = writer(&folder);
    let (room, person) = settled(&mut ready);
    let (works, queue) = mpsc::channel(8);
    let long_ago = Instant::now().checked_sub(DEADLINE).unwrap();
    let mut answers = vec![];
    for since in [Instant::now(), long_ago, Instant::now()] {
        let (answer, answered) = oneshot::channel();
        let op = Op::Post { room, person, id: MessageId::now(), body: body("hi"), at: 1 };
        works.try_send(Work { task: Task::Apply(op, answer), since }).ok().unwrap();
        answers.push(answered);
    }
    drop(answers.remove(0));
    drop(works);
    let thread = thread::spawn(move || block_on(ready.run(queue)).end());
    assert_eq!(answers.remove(0).blocking_recv().unwrap(), Err(StoreError::Overloaded));
    let Applied::Posted { message, .. } = answers.remove(0).blocking_recv().unwrap().unwrap()
    else {
        panic!()
    };
    assert_eq!(message.seq, 1);
    thread.join().unwrap();
}

#[test]
fn only_tables_and_indexes_that_change_are_written() {
    let folder = folder();
    let (mut writer, _published) = writer(&folder);
    let (room, ann) = settled(&mut writer);
    // With the first, everybody else learns of its author.
    assert!(posted(&carry_out(&mut writer, vec![post(room, ann, "one")])[0]));
    let text = "messages messages_id rooms search_data search_docsize search_idx";
    let mark = "members members_person_rev persons";
    let read = Op::Read { room, person: ann, seq: 1 };
    for (op, expected) in
        [(post(room, ann, "two"), text), (post(room, ann, "three"), text), (read, mark)]
    {
        let before = log(&folder).len();
        let answers = carry_out(&mut writer, vec![op]);
        assert!(answers[0].is_ok(), "{answers:?}");
        // Each is one page yet. A frame begins with the number of its page.
        let frames = log(&folder).split_off(before);
        let written = frames.chunks(24 + 4096).map(|frame| {
            let page = u32::from_be_bytes(frame[..4].try_into().unwrap());
            let sql = "SELECT name FROM sqlite_schema WHERE rootpage = ?1";
            let conn = writer.database.conn.as_ref().unwrap();
            conn.query_row(sql, [page], |row| row.get(0)).unwrap()
        });
        let written = written.collect::<BTreeSet<String>>();
        assert_eq!(Vec::from_iter(written).join(" "), expected);
    }
}

fn log(folder: &TempDir) -> Vec<u8> {
    fs::read(folder.path().join("test.db-wal")).unwrap()
}
