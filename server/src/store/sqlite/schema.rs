//! The tables, how they came to be, and how a connection is set up. Owns no query.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{StartError, StoreError};

/// Forward only; `user_version` counts the steps taken. A released step never changes.
pub(super) const MIGRATIONS: &[&str] = &[
    "
CREATE TABLE meta(
  key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('epoch', 1), ('probe', 0);

CREATE TABLE persons(
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;

-- Only the hash of a token: who reads this file cannot be anybody.
CREATE TABLE sessions(
  hash BLOB PRIMARY KEY, person INTEGER NOT NULL REFERENCES persons(id),
  created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions(person);

-- stamp: the rev of the room's own last change. rev: the head of its stream. seq: of its newest
-- message. members: the highest n ever given out. joined: those who have not left.
-- AUTOINCREMENT: an id never names another room.
CREATE TABLE rooms(
  id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL, name TEXT,
  epoch INTEGER NOT NULL, rev INTEGER NOT NULL, stamp INTEGER NOT NULL, seq INTEGER NOT NULL,
  members INTEGER NOT NULL, joined INTEGER NOT NULL,
  last_at INTEGER NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE UNIQUE INDEX rooms_code ON rooms(code) WHERE ended_at IS NULL;
CREATE INDEX rooms_resting ON rooms(code, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX rooms_short ON rooms(ended_at) WHERE length(code) = 4;

-- pk = room << 32 | n. Names are unique by skeleton in a room, but no index says so: two people
-- may exchange theirs in one transaction, which writes each row once.
CREATE TABLE members(
  pk INTEGER PRIMARY KEY, room_id INTEGER NOT NULL REFERENCES rooms(id),
  person INTEGER NOT NULL REFERENCES persons(id), rev INTEGER NOT NULL,
  name TEXT NOT NULL, skeleton TEXT NOT NULL, role INTEGER NOT NULL,
  joined INTEGER NOT NULL, joined_at INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX members_person ON members(person, room_id);
CREATE UNIQUE INDEX members_rev ON members(room_id, rev) WHERE rev > 0;
CREATE INDEX members_name ON members(room_id, skeleton);

-- pk = room << 32 | seq clusters the table by room and order: a page of history is one range of
-- it. It is the rowid that the full-text index will have, so that a search in one room is a range
-- of rowids too. author: the member's n in the room.
CREATE TABLE messages(
  pk INTEGER PRIMARY KEY, room_id INTEGER NOT NULL REFERENCES rooms(id),
  rev INTEGER NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL,
  author INTEGER NOT NULL, person INTEGER NOT NULL REFERENCES persons(id),
  content TEXT NOT NULL, created_at INTEGER NOT NULL, digest INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX messages_id ON messages(room_id, id);
CREATE UNIQUE INDEX messages_rev ON messages(room_id, rev);
-- What one person wrote in all rooms, by the server's clock.
CREATE INDEX messages_person ON messages(person, created_at);
",
    "
-- rev: the head of the person's own stream. read: up to which seq the member has read. person_rev:
-- when joined or read changed last, in the stream of the person.
ALTER TABLE persons ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN person_rev INTEGER NOT NULL DEFAULT 0;

-- Nobody knows what was read until now: better nothing is called new than everything.
UPDATE members SET read = (SELECT seq FROM rooms WHERE id = room_id);
UPDATE members SET person_rev = nth FROM (
  SELECT pk AS member, row_number() OVER (PARTITION BY person ORDER BY pk) AS nth FROM members)
  WHERE pk = member;
UPDATE persons SET rev = (SELECT count(*) FROM members WHERE person = persons.id);
CREATE UNIQUE INDEX members_person_rev ON members(person, person_rev);
",
];

/// Refuses a database that a newer program has written, before anything in it is touched.
pub(super) fn check_version(path: &Path, conn: &Connection) -> Result<(), StartError> {
    let found = version(conn).map_err(|error| StartError::new(path, &error))?;
    let known = MIGRATIONS.len();
    if found > known { Err(StartError::Newer { path: path.into(), found, known }) } else { Ok(()) }
}

fn version(conn: &Connection) -> rusqlite::Result<usize> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
}

pub(super) fn migrate(conn: &mut Connection) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in MIGRATIONS.iter().skip(version(&tx)?) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", MIGRATIONS.len())?;
    tx.commit()
}

/// Nobody else on this machine reads it, whoever made the folder; what SQLite puts beside it is like it.
/// Where that cannot be, opening it says why, or it works all the same.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    make_private(path);
    let conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(1))?;
    Ok(conn)
}

/// For the writer. Nothing is built on pages of the log whose fsync may have failed: the kernel
/// marks such pages clean, so that a later fsync would not write them again. A full checkpoint
/// copies them into the file and syncs that instead.
pub(super) fn prepare_writer(conn: &Connection) -> Result<(), StoreError> {
    // The order counts: auto_vacuum only before the first page is written.
    conn.execute_batch(
        "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
         PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=1000;
         PRAGMA journal_size_limit=67108864;",
    )?;
    prepare(conn)?;
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(StoreError::Unavailable("the log is in use".into())) }
}

pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_secs(1))?;
    conn.execute_batch("PRAGMA query_only=ON;")?;
    prepare(&conn)?;
    Ok(conn)
}

/// No memory map: an I/O error in one is a signal that ends the process.
fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; PRAGMA mmap_size=0;
         PRAGMA trusted_schema=OFF;",
    )?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}
