//! The tables, and how they came to be. Owns no query.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::{StartError, names, search};

/// SQL, and what it takes beyond SQL.
pub(super) struct Step(pub(super) &'static str, fn(&Connection) -> rusqlite::Result<()>);

const NOTHING_MORE: fn(&Connection) -> rusqlite::Result<()> = |_| Ok(());

/// Forward only; `user_version` counts the steps taken. A released step never changes.
pub(super) const STEPS: &[Step] = &[
    Step(
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
        NOTHING_MORE,
    ),
    Step(
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
        NOTHING_MORE,
    ),
    Step(
        "
-- rowid = messages.pk. It gets words (store/tokens.rs), which `ascii` leaves as they are; unicode61
-- would take Thai and Hindi apart at their vowels, and leave out emoji. It keeps neither the text nor
-- where in it a word is. contentless_delete: a row can be deleted without knowing what it said; its
-- words go from the file when 'optimize' or later writes merge the index.
CREATE VIRTUAL TABLE search USING fts5(
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
",
        search::fill,
    ),
    Step(
        "
-- used_at: when a member was last known to be there.
ALTER TABLE rooms ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN lifetime TEXT NOT NULL DEFAULT 'for-ever';
ALTER TABLE rooms ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX rooms_listed ON rooms(id) WHERE listed = 1 AND ended_at IS NULL;
",
        NOTHING_MORE,
    ),
    // Nobody asks yet what one person wrote in all rooms, and each message paid for the answer.
    Step("DROP INDEX messages_person;", NOTHING_MORE),
    Step(
        "
-- device: what its browser said it is. A session that has ended stays, so that its token begins no other.
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN ended_at INTEGER;
UPDATE sessions SET seen_at = created_at;

-- The last way to another device that each person opened, by the hash of its token. session: what it led to.
CREATE TABLE ways(
  person INTEGER PRIMARY KEY REFERENCES persons(id), hash BLOB NOT NULL UNIQUE,
  until INTEGER NOT NULL, session BLOB) STRICT;
",
        NOTHING_MORE,
    ),
    Step(
        "
-- rules: what its hosts settled, as JSON. password: what it is kept as. hosts: members who are one. desk: the head
-- of the stream of its hosts.
ALTER TABLE rooms ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE rooms ADD COLUMN password TEXT;
ALTER TABLE rooms ADD COLUMN burned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN hosts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN desk INTEGER NOT NULL DEFAULT 0;
UPDATE rooms SET hosts = (SELECT count(*) FROM members WHERE room_id = rooms.id AND role = 1);

-- Until when somebody says nothing, and is not let in. spoke_at: when they wrote last while the room was slow.
ALTER TABLE members ADD COLUMN muted INTEGER;
ALTER TABLE members ADD COLUMN barred INTEGER;
ALTER TABLE members ADD COLUMN spoke_at INTEGER NOT NULL DEFAULT 0;

-- What a message said that was taken away, for some seconds.
ALTER TABLE messages ADD COLUMN original TEXT;
ALTER TABLE messages ADD COLUMN removed_at INTEGER;
CREATE INDEX messages_removed ON messages(removed_at) WHERE original IS NOT NULL;

-- What is on a room's desk, each as it is now: a value as JSON. secret: of a link's key.
CREATE TABLE desk(
  room_id INTEGER NOT NULL REFERENCES rooms(id), kind INTEGER NOT NULL, n INTEGER NOT NULL,
  rev INTEGER NOT NULL, at INTEGER NOT NULL, matter TEXT NOT NULL, secret BLOB,
  PRIMARY KEY (room_id, kind, n)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX desk_rev ON desk(room_id, rev);
CREATE UNIQUE INDEX desk_secret ON desk(secret) WHERE secret IS NOT NULL;

-- Keyed hashes of addresses.
CREATE TABLE barred(
  room_id INTEGER NOT NULL, address BLOB NOT NULL, member INTEGER NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (room_id, address, member)) STRICT, WITHOUT ROWID;
",
        NOTHING_MORE,
    ),
    Step(
        "
-- From where nobody is let in, as an address or a network, until then.
CREATE TABLE bans(network TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
",
        NOTHING_MORE,
    ),
    Step(
        "
-- Until a message is changed for the first time, its rev is in the order of its place: to find it needs no index, and
-- none is written with each message.
DROP INDEX messages_rev;
CREATE UNIQUE INDEX messages_changed ON messages(room_id, rev) WHERE version > 1;
",
        NOTHING_MORE,
    ),
    Step(
        "
-- An id begins with the time: those of all rooms that come together stand together, in few pages. What refers to
-- what is said by REFERENCES and seen to by nobody here.
DROP INDEX messages_id;
CREATE UNIQUE INDEX messages_id ON messages(id, room_id);
",
        NOTHING_MORE,
    ),
    Step(
        "
-- barred_until: until then an address may be barred from the room, and later none is.
ALTER TABLE rooms ADD COLUMN barred_until INTEGER NOT NULL DEFAULT 0;
UPDATE rooms SET barred_until = (SELECT max(until) FROM barred WHERE room_id = id)
  WHERE id IN (SELECT room_id FROM barred);
CREATE INDEX barred_over ON barred(until);
",
        NOTHING_MORE,
    ),
    Step(
        "
-- skeleton: in small letters. As each looks in one of the three, nobody else in the room does.
ALTER TABLE members ADD COLUMN skeleton_as_written TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN skeleton_of_capitals TEXT NOT NULL DEFAULT '';
",
        names::fill,
    ),
    Step(
        "
CREATE INDEX members_as_written ON members(room_id, skeleton_as_written);
CREATE INDEX members_in_capitals ON members(room_id, skeleton_of_capitals);
",
        NOTHING_MORE,
    ),
    Step(
        "
-- password: what the room's was kept as until this was logged.
ALTER TABLE desk ADD COLUMN password TEXT;
-- What came in the same transaction as a room's end was left behind.
DELETE FROM desk WHERE room_id NOT IN (SELECT id FROM rooms WHERE ended_at IS NULL);
DELETE FROM barred WHERE room_id NOT IN (SELECT id FROM rooms WHERE ended_at IS NULL);
UPDATE rooms SET password = NULL WHERE ended_at IS NOT NULL;
",
        NOTHING_MORE,
    ),
];

/// Refuses what a newer program has written, and what another one has, before anything in it is
/// touched. `true` if there is nothing in it yet.
pub(super) fn check_version(path: &Path, conn: &Connection) -> Result<bool, StartError> {
    let failed = |error: rusqlite::Error| StartError::new(path, &error);
    let (found, known) = (version(conn).map_err(failed)?, STEPS.len());
    if found > known {
        return Err(StartError::Newer { path: path.into(), found, known });
    }
    let tables = "SELECT count(*), count(*) FILTER (WHERE name IN ('meta', 'persons', 'sessions', 'rooms', 'members', 'messages'))
        FROM sqlite_schema WHERE type = 'table'";
    let tables = conn.query_row(tables, [], |row| Ok((row.get(0)?, row.get(1)?)));
    match (found, tables.map_err(failed)?) {
        (0, (0_u32, _)) => Ok(true),
        (1.., (_, 6_u32)) => Ok(false),
        _ => Err(StartError::Foreign { path: path.into() }),
    }
}

/// Whether it is of this version, and not of an older one.
pub(super) fn is_current(conn: &Connection) -> rusqlite::Result<bool> {
    Ok(version(conn)? == STEPS.len())
}

fn version(conn: &Connection) -> rusqlite::Result<usize> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Each step in a transaction of its own: what was done is done, whatever becomes of the next.
pub(super) fn migrate(conn: &mut Connection) -> rusqlite::Result<()> {
    let found = version(conn)?;
    for (done, Step(sql, more)) in STEPS.iter().enumerate().skip(found) {
        if found > 0 {
            tracing::info!(schema = done + 1, "bringing the database up to date");
        }
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        more(&tx)?;
        tx.pragma_update(None, "user_version", done + 1)?;
        tx.commit()?;
    }
    Ok(())
}
