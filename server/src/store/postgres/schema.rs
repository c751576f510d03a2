//! The tables and how they came to be. Owns no query of the program's.

use tokio_postgres::Client;

use super::{Address, StartError, error::Fallible, names, search};

pub(super) enum Step {
    Sql(&'static str),
    FillSearch,
    FillNames,
}

/// Forward only; `parley_schema` counts the steps taken. A released step never changes.
///
/// There are no foreign keys: whatever refers to a room is written by who holds the lock on it, and
/// what goes, goes in the order of what refers to what. Rows that are written again and again leave room in their page for that.
pub(super) const STEPS: &[Step] = &[
    Step::Sql(
        "
CREATE TABLE meta(
  one boolean PRIMARY KEY DEFAULT true CHECK (one), epoch bigint NOT NULL DEFAULT 1,
  last_room bigint NOT NULL DEFAULT 0, last_person bigint NOT NULL DEFAULT 0,
  probe bigint NOT NULL DEFAULT 0, run text);
INSERT INTO meta DEFAULT VALUES;

-- rev: the head of the person's own stream.
CREATE TABLE persons(
  id bigint PRIMARY KEY, rev bigint NOT NULL, created_at bigint NOT NULL, name text NOT NULL)
  WITH (fillfactor = 70);

-- Only the hash of a token: who reads this cannot be anybody.
CREATE TABLE sessions(
  person bigint NOT NULL, created_at bigint NOT NULL, hash bytea PRIMARY KEY);
CREATE INDEX sessions_person ON sessions(person);

-- stamp: the rev of the room's own last change. rev: the head of its stream. seq: of its newest
-- message. members: the highest n ever given out. joined: those who have not left.
CREATE TABLE rooms(
  id bigint PRIMARY KEY, epoch bigint NOT NULL, rev bigint NOT NULL, stamp bigint NOT NULL,
  seq bigint NOT NULL, members bigint NOT NULL, joined bigint NOT NULL, last_at bigint NOT NULL,
  created_at bigint NOT NULL, ended_at bigint, code text NOT NULL, name text)
  WITH (fillfactor = 50);
CREATE UNIQUE INDEX rooms_code ON rooms(code) WHERE ended_at IS NULL;
CREATE INDEX rooms_resting ON rooms(code, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX rooms_short ON rooms(ended_at) WHERE length(code) = 4;

-- Names are unique by skeleton in a room, but no index says so: two people may exchange theirs in
-- one transaction. read: up to which seq the member has read. person_rev: when joined or read
-- changed last, in the stream of the person.
CREATE TABLE members(
  room_id bigint NOT NULL, n bigint NOT NULL, person bigint NOT NULL, rev bigint NOT NULL,
  read bigint NOT NULL, person_rev bigint NOT NULL, joined_at bigint NOT NULL,
  joined boolean NOT NULL, host boolean NOT NULL, name text NOT NULL, skeleton text NOT NULL,
  PRIMARY KEY (room_id, n)) WITH (fillfactor = 70);
CREATE UNIQUE INDEX members_person ON members(person, room_id);
CREATE UNIQUE INDEX members_rev ON members(room_id, rev) WHERE rev > 0;
CREATE UNIQUE INDEX members_person_rev ON members(person, person_rev);
CREATE INDEX members_name ON members(room_id, skeleton);

-- author: the member's n in the room.
CREATE TABLE messages(
  room_id bigint NOT NULL, seq bigint NOT NULL, rev bigint NOT NULL, author bigint NOT NULL,
  person bigint NOT NULL, created_at bigint NOT NULL, digest bigint NOT NULL,
  version bigint NOT NULL, id uuid NOT NULL, content text NOT NULL, PRIMARY KEY (room_id, seq));
CREATE UNIQUE INDEX messages_id ON messages(room_id, id);
CREATE UNIQUE INDEX messages_rev ON messages(room_id, rev);
-- What one person wrote in all rooms, by the server's clock.
CREATE INDEX messages_person ON messages(person, created_at);
",
    ),
    Step::Sql(
        "
-- The words of a message (store/tokens.rs). Beside it and not in it: whatever else changes of a message
-- writes its row anew, and with the row every entry that indexes have of it.
CREATE TABLE search(
  room_id bigint NOT NULL, seq bigint NOT NULL, words tsvector NOT NULL, PRIMARY KEY (room_id, seq));
",
    ),
    Step::FillSearch,
    Step::Sql(
        "
-- After the filling, which is faster so. What is new waits in a list, in kB: with the usual size of it some
-- unlucky commit would tidy up after thousands.
CREATE INDEX search_words ON search USING gin(words)
  WITH (fastupdate = on, gin_pending_list_limit = 128);
",
    ),
    Step::Sql(
        "
-- used_at: when a member was last known to be there.
ALTER TABLE rooms ADD COLUMN listed boolean NOT NULL DEFAULT false, ADD COLUMN lifetime text NOT NULL DEFAULT 'for-ever',
  ADD COLUMN used_at bigint NOT NULL DEFAULT 0;
CREATE INDEX rooms_listed ON rooms(id) WHERE listed AND ended_at IS NULL;
",
    ),
    // Nobody asks yet what one person wrote in all rooms, and each message paid for the answer.
    Step::Sql("DROP INDEX messages_person;"),
    Step::Sql(
        "
-- device: what its browser said it is. A session that has ended stays, so that its token begins no other.
ALTER TABLE sessions ADD COLUMN device text NOT NULL DEFAULT '', ADD COLUMN seen_at bigint NOT NULL DEFAULT 0,
  ADD COLUMN ended_at bigint;
UPDATE sessions SET seen_at = created_at;

-- The last way to another device that each person opened, by the hash of its token. session: what it led to.
CREATE TABLE ways(
  person bigint PRIMARY KEY, until bigint NOT NULL, hash bytea NOT NULL UNIQUE, session bytea);
",
    ),
    Step::Sql(
        "
-- rules: what its hosts settled, as JSON. password: what it is kept as. hosts: members who are one. desk: the head
-- of the stream of its hosts.
ALTER TABLE rooms ADD COLUMN rules text NOT NULL DEFAULT '{}', ADD COLUMN password text,
  ADD COLUMN burned boolean NOT NULL DEFAULT false, ADD COLUMN hosts bigint NOT NULL DEFAULT 0,
  ADD COLUMN desk bigint NOT NULL DEFAULT 0;
UPDATE rooms SET hosts = (SELECT count(*) FROM members WHERE room_id = rooms.id AND host);

-- Until when somebody says nothing, and is not let in. spoke_at: when they wrote last while the room was slow.
ALTER TABLE members ADD COLUMN muted bigint, ADD COLUMN barred bigint,
  ADD COLUMN spoke_at bigint NOT NULL DEFAULT 0;

-- What a message said that was taken away, for some seconds.
ALTER TABLE messages ADD COLUMN original text, ADD COLUMN removed_at bigint;
CREATE INDEX messages_removed ON messages(removed_at) WHERE original IS NOT NULL;

-- What is on a room's desk, each as it is now: a value as JSON. secret: of a link's key.
CREATE TABLE desk(
  room_id bigint NOT NULL, kind bigint NOT NULL, n bigint NOT NULL, rev bigint NOT NULL, at bigint NOT NULL,
  matter text NOT NULL, secret bytea, PRIMARY KEY (room_id, kind, n)) WITH (fillfactor = 70);
CREATE UNIQUE INDEX desk_rev ON desk(room_id, rev);
CREATE UNIQUE INDEX desk_secret ON desk(secret) WHERE secret IS NOT NULL;

-- Keyed hashes of addresses.
CREATE TABLE barred(
  room_id bigint NOT NULL, member bigint NOT NULL, until bigint NOT NULL, address bytea NOT NULL,
  PRIMARY KEY (room_id, address, member));
",
    ),
    Step::Sql(
        "
-- From where nobody is let in, as an address or a network, until then.
CREATE TABLE bans(network text PRIMARY KEY, until bigint NOT NULL);
",
    ),
    Step::Sql(
        "
-- barred_until: until then an address may be barred from the room, and later none is.
ALTER TABLE rooms ADD COLUMN barred_until bigint NOT NULL DEFAULT 0;
UPDATE rooms SET barred_until = (SELECT max(until) FROM barred WHERE room_id = id)
  WHERE id IN (SELECT room_id FROM barred);
CREATE INDEX barred_over ON barred(until);
",
    ),
    Step::Sql(
        "
-- skeleton: in small letters. As each looks in one of the three, nobody else in the room does.
ALTER TABLE members ADD COLUMN skeleton_as_written text NOT NULL DEFAULT '',
  ADD COLUMN skeleton_of_capitals text NOT NULL DEFAULT '';
",
    ),
    Step::FillNames,
    Step::Sql(
        "
CREATE INDEX members_as_written ON members(room_id, skeleton_as_written);
CREATE INDEX members_in_capitals ON members(room_id, skeleton_of_capitals);
",
    ),
    Step::Sql(
        "
-- password: what the room's was kept as until this was logged.
ALTER TABLE desk ADD COLUMN password text;
",
    ),
];

/// Refuses what this program cannot keep its promises in, before anything in it is touched.
pub(super) async fn check(client: &Client, at: &Address) -> Result<(), StartError> {
    let failed = |error| StartError::new(at, error);
    let encoding = client.query_one("SHOW server_encoding", &[]).await;
    let found: String = encoding.and_then(|row| row.try_get(0)).map_err(|e| failed(e.into()))?;
    if found != "UTF8" {
        return Err(StartError::Encoding { at: at.clone(), found });
    }
    let (found, known) = (version(client).await.map_err(failed)?, STEPS.len());
    if found > known {
        return Err(StartError::Newer { at: at.clone(), found, known });
    }
    let fsync = client.query_one("SHOW fsync", &[]).await;
    let fsync: String = fsync.and_then(|row| row.try_get(0)).map_err(|e| failed(e.into()))?;
    if fsync != "on" {
        tracing::warn!("PostgreSQL's fsync is off: what it said it keeps may be lost in a crash");
    }
    Ok(())
}

pub(super) async fn version(client: &Client) -> Fallible<usize> {
    let there = client.query_one("SELECT to_regclass('parley_schema') IS NOT NULL", &[]).await?;
    if !there.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let row = client.query_one("SELECT max(version) FROM parley_schema", &[]).await?;
    Ok(usize::try_from(row.try_get::<_, Option<i32>>(0)?.unwrap_or(0)).unwrap_or(usize::MAX))
}

/// All steps that are missing, or none. The caller holds the lock that only one process has.
pub(super) async fn migrate(client: &mut Client) -> Fallible<()> {
    let taken = version(client).await?;
    if taken == STEPS.len() {
        return Ok(());
    }
    let tx = client.transaction().await?;
    tx.batch_execute(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
         CREATE TABLE IF NOT EXISTS parley_schema(version integer NOT NULL)",
    )
    .await?;
    for (n, step) in STEPS.iter().enumerate().skip(taken) {
        if taken > 0 {
            tracing::info!(schema = n + 1, "bringing the database up to date");
        }
        match step {
            Step::Sql(sql) => tx.batch_execute(sql).await?,
            Step::FillSearch => search::fill(&tx).await?,
            Step::FillNames => names::fill(&tx).await?,
        }
        tx.batch_execute(&format!("INSERT INTO parley_schema VALUES({})", n + 1)).await?;
    }
    tx.commit().await?;
    Ok(())
}
