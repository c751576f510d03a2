//! What stands in the data folder, and what somebody did to it.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use protocol::{Membership, PersonPage, Point, Reset, RoomId};
use rusqlite::Connection;

use super::{super::*, folder, path, refusal, search::found, start};
use crate::store::contract::{
    create, names::who_looked_alike_before_stays_and_nobody_joins_them, person, say,
};

#[test]
fn a_database_that_cannot_be_used_is_a_sentence_and_stays_as_it_is() {
    let folder = folder();
    let newer = folder.path().join("newer.db");
    let conn = Connection::open(&newer).unwrap();
    conn.execute_batch("CREATE TABLE future(a); PRAGMA user_version = 99").unwrap();
    drop(conn);
    let garbage = folder.path().join("garbage.db");
    fs::write(&garbage, "no database at all, but long enough to look at ".repeat(100)).unwrap();
    let truncated = folder.path().join("truncated.db");
    drop(Sqlite::start(&truncated, mpsc::channel(1).0).unwrap());
    fs::OpenOptions::new().write(true).open(&truncated).unwrap().set_len(20_000).unwrap();
    let foreign = |name: &str, version: u32, sql: &str| {
        let path = folder.path().join(name);
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(sql).unwrap();
        conn.pragma_update(None, "user_version", version).unwrap();
        path
    };
    let bookmarks = foreign("bookmarks.db", 0, "CREATE TABLE bookmarks(url)");
    let photos = foreign("photos.db", 1, "CREATE TABLE photos(a); CREATE TABLE meta(a)");
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for (path, sentence) in [
        (
            newer.clone(),
            "was written by a newer version of this program (schema 99; this version knows 14)",
        ),
        (garbage.clone(), "is not a database of this program, or is damaged"),
        (truncated, "is not a database of this program, or is damaged"),
        (bookmarks, "is a database of another program"),
        (photos, "is a database of another program"),
        (file.join("test.db"), "cannot write the database"),
        (folder.path().join("nowhere").join("test.db"), "cannot write the database"),
    ] {
        let untouched = fs::read(&path).ok();
        let refusal = refusal(&path);
        assert!(refusal.contains(sentence), "{refusal}");
        assert!(refusal.contains(&path.display().to_string()), "{refusal}");
        assert_eq!(fs::read(&path).ok(), untouched);
    }
}

/// As the first released program left it: Ann and Bob in one room, Ann in another too.
const OLD: &str = "
INSERT INTO persons VALUES (1, 'Ann', 1), (2, 'Bob', 1);
INSERT INTO sessions VALUES (zeroblob(32), 1, 1);
INSERT INTO rooms(id, code, epoch, rev, stamp, seq, members, joined, last_at, created_at)
  VALUES (1, 'KMRT', 1, 3, 1, 1, 2, 1, 5, 1), (2, 'KMST', 1, 1, 1, 0, 1, 1, 1, 1);
INSERT INTO members VALUES
  ((1 << 32) | 1, 1, 1, 2, 'Ann', 'ann', 1, 1, 1), ((1 << 32) | 2, 1, 2, 0, 'Bob', 'bob', 0, 0, 2),
  ((2 << 32) | 1, 2, 1, 0, 'Ann', 'ann', 1, 1, 3);
INSERT INTO messages VALUES ((1 << 32) | 1, 1, 3, x'0000000000007000800000000000000A', 1, 1, 1,
  '{\"text\":\"hi\"}', 5, 7);
";

fn old(path: &Path) -> Connection {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(migrations::STEPS[0].0).unwrap();
    conn.execute_batch(OLD).unwrap();
    conn.execute_batch("PRAGMA user_version = 1").unwrap();
    conn
}

#[tokio::test]
async fn a_backup_of_the_first_version_comes_back_up_to_date() {
    let folder = folder();
    let file = folder.path().join("old.db");
    drop(old(&file));
    let before = fs::read(&file).unwrap();
    let unchecked = check(&file).err().unwrap().to_string();
    assert!(unchecked.contains("was written by an older version"), "{unchecked}");
    let Restored { report, kept } = restore(&path(&folder), &file).unwrap();
    assert_eq!((report.rooms, report.messages, report.people, kept), (2, 1, 2, None));
    assert_eq!(check(&path(&folder)).unwrap().findings, [""; 0]);
    assert_eq!(fs::read(&file).unwrap(), before);
    let (store, _published) = start(&folder);
    assert!(store.newest(RoomId(1)).await.unwrap().at.epoch > 1);
}

#[tokio::test]
async fn a_database_of_the_first_version_keeps_its_rows_and_calls_nothing_new() {
    let folder = folder();
    drop(old(&path(&folder)));
    let (store, _published) = start(&folder);
    let ann = store.person(SessionHash([0; 32])).await.unwrap().unwrap();
    assert_eq!(ann.name.as_str(), "Ann");
    let links = store.rooms(ann.id).await.unwrap();
    let links: Vec<_> = links.iter().map(|link| (link.code.as_str(), link.unread)).collect();
    assert_eq!(links, [("KMRT", 0), ("KMST", 0)]);
    let [one, two] = [1, 2].map(RoomId);
    assert_eq!(store.newest(one).await.unwrap().messages.len(), 1);
    assert_eq!(found(&path(&folder), "hi"), [(1 << 32) | 1]);
    assert_eq!(check(&path(&folder)).unwrap().findings, [""; 0]);
    let mine = |room, read, rev| Membership { room, joined: true, read, muted: None, rev };
    for (person, memberships, rev) in
        [(ann.id, vec![mine(one, 1, 1), mine(two, 0, 2)], 2), (PersonId(2), vec![], 1)]
    {
        let page = store.since(Stream::Person(person), None).await.unwrap();
        let at = Point { epoch: 1, rev };
        assert_eq!(page, Since::Reset(Reset::Person(PersonPage { memberships, at })));
    }
    // And it goes on from there.
    say(&store, one, ann.id, "ho").await;
    store.apply(Op::Read { room: one, person: ann.id, seq: 2 }).await.unwrap();
    let Since::Changes(changes) =
        store.since(Stream::Person(ann.id), Some(Point { epoch: 1, rev: 2 })).await.unwrap()
    else {
        panic!()
    };
    assert_eq!(changes.values, [protocol::Value::Membership(mine(one, 2, 3))]);
}

#[tokio::test]
async fn what_was_barred_before_rooms_noted_it_is_noted() {
    let folder = folder();
    let (store, _published) = start(&folder);
    create(&store, person(&store).await, 10).await;
    drop(store);
    let conn = Connection::open(path(&folder)).unwrap();
    conn.execute_batch(
        "INSERT INTO barred(room_id, address, member, until) VALUES(1, x'07', 1, 90);
         DROP INDEX barred_over; ALTER TABLE rooms DROP COLUMN barred_until;
         DROP INDEX members_as_written; ALTER TABLE members DROP COLUMN skeleton_as_written;
         DROP INDEX members_in_capitals; ALTER TABLE members DROP COLUMN skeleton_of_capitals;
         ALTER TABLE desk DROP COLUMN password;
         PRAGMA user_version = 10;",
    )
    .unwrap();
    drop(conn);
    drop(start(&folder));
    assert_eq!(check(&path(&folder)).unwrap().findings, [""; 0]);
}

#[tokio::test]
async fn names_of_the_first_version_are_found_by_how_they_look() {
    let folder = folder();
    // What was made of the last one, other tables made.
    old(&path(&folder))
        .execute_batch(
            "INSERT INTO persons VALUES (3, 'ВОВ', 1);
             UPDATE members SET name = 'BOB', joined = 1 WHERE person = 2;
             INSERT INTO members VALUES ((1 << 32) | 3, 1, 3, 0, 'ВОВ', '?', 0, 1, 2);
             UPDATE rooms SET members = 3, joined = 3 WHERE id = 1",
        )
        .unwrap();
    let (store, _published) = start(&folder);
    assert_eq!(check(&path(&folder)).unwrap().findings, [""; 0]);
    who_looked_alike_before_stays_and_nobody_joins_them(&store).await;
    assert_eq!(check(&path(&folder)).unwrap().findings, [""; 0]);
}

#[tokio::test]
async fn a_start_that_was_cut_off_in_the_midst_of_its_migrations_goes_on() {
    let folder = folder();
    let mut conn = old(&path(&folder));
    // The third step finds something in its way.
    conn.execute_batch("CREATE TABLE search(a)").unwrap();
    migrations::migrate(&mut conn).unwrap_err();
    let version = |conn: &Connection| -> u32 {
        conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(version(&conn), 2);
    conn.execute_batch("DROP TABLE search").unwrap();
    drop(conn);
    let (store, _published) = start(&folder);
    drop(store);
    assert_eq!(check(&path(&folder)).unwrap().findings, [""; 0]);
}

#[tokio::test]
async fn one_process_at_a_time_has_the_database() {
    let folder = folder();
    let (store, _published) = start(&folder);
    assert!(refusal(&path(&folder)).contains("is in use by another process"));
    store.ready().await.unwrap();
    drop(store);
    start(&folder);
}

#[tokio::test]
async fn two_backups_do_not_write_one_file() {
    let folder = folder();
    let (_store, _published) = start(&folder);
    let file = folder.path().join("backup.db");
    let first = partial::Partial::of(&file).unwrap();
    let second = backup(&path(&folder), &file, false);
    assert!(matches!(second, Err(KeepError::Busy(_))));
    drop(first);
    assert!(!partial::beside(&file, ".partial").exists());
    backup(&path(&folder), &file, false).unwrap();
}

fn copy_back(path: &Path) {
    fs::copy(path.with_extension("copy"), path).unwrap();
}

/// A change to the data folder between two runs, and whether clients must start anew.
type Meddling = (&'static str, fn(&Path), bool);

#[tokio::test]
async fn a_file_copied_back_by_hand_begins_a_new_epoch() {
    let meddlings: [Meddling; 4] = [
        ("nothing", |_| (), false),
        ("an older copy", |path| copy_back(path), true),
        ("no marker", |path| fs::remove_file(format!("{}.run", path.display())).unwrap(), true),
        ("a torn marker", |path| fs::write(format!("{}.run", path.display()), "12").unwrap(), true),
    ];
    for (what, meddle, new_epoch) in meddlings {
        let folder = folder();
        let path = path(&folder);
        let (store, _published) = start(&folder);
        let ann = person(&store).await;
        let room = create(&store, ann, 1).await.room.id;
        let copy = format!("VACUUM INTO '{}'", path.with_extension("copy").display());
        Connection::open(&path).unwrap().execute_batch(&copy).unwrap();
        drop(store);
        meddle(&path);
        let (store, _published) = start(&folder);
        let epoch = store.newest(room).await.unwrap().at.epoch;
        assert_eq!(epoch > 1, new_epoch, "{what}");
        let next = create(&store, ann, 1).await.room.id;
        assert_eq!(store.newest(next).await.unwrap().at.epoch, epoch, "{what}");
        assert_eq!(next.0 > room.0 + 1, new_epoch, "{what}: ids that clients may know");
        drop(store);
        let (store, _published) = start(&folder);
        let at = store.newest(room).await.unwrap().at;
        assert_eq!(at, Point { epoch, rev: 1 }, "{what}: only once");
    }
}
