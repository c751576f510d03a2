//! Sessions and the ways to other devices: loaded for a transaction, saved by it, and looked up.

use protocol::Device;
use tokio_postgres::{Client, Row, Statement, types::ToSql};

use super::{
    error::{Fallible, Fault},
    load::{column, some},
    rows::person_name,
    save::{self, all},
};
use crate::store::{
    Person, PersonId, Session, SessionHash, SignedIn, WayHash,
    decide::{Batch, Needs, SessionState, WayState},
};

const SESSION: &str = "SELECT hash, person, device, created_at, seen_at, ended_at FROM sessions";
const WAY: &str = "SELECT person, hash, until, session FROM ways";

/// Locked after the persons. Who is the only one that writes waits for nobody here.
pub(super) struct Loading {
    one: Statement,
    theirs: Statement,
    way_of: Statement,
    by_hash: Statement,
}

/// What was found, row by row.
pub(super) struct Found([Vec<Row>; 4]);

impl Loading {
    pub(super) async fn prepare(client: &Client) -> Fallible<Self> {
        let prepare = async |sql: String| client.prepare(&sql).await;
        let of = "person = ANY(ARRAY(SELECT person FROM sessions WHERE hash = ANY($1::bytea[])))";
        Ok(Self {
            one: prepare(format!("{SESSION} WHERE hash = ANY($1::bytea[]) FOR NO KEY UPDATE"))
                .await?,
            theirs: prepare(format!("{SESSION} WHERE {of} AND ended_at IS NULL FOR NO KEY UPDATE"))
                .await?,
            way_of: prepare(format!("{WAY} WHERE {of} FOR NO KEY UPDATE")).await?,
            by_hash: prepare(format!("{WAY} WHERE hash = ANY($1::bytea[]) FOR NO KEY UPDATE"))
                .await?,
        })
    }

    pub(super) async fn look(
        &self,
        client: &Client,
        needs: &Needs,
    ) -> Result<Found, tokio_postgres::Error> {
        let sessions = column(&needs.sessions, |session| session.0.to_vec());
        let owners = column(&needs.owners, |session| session.0.to_vec());
        let ways = column(&needs.ways, |way| way.0.to_vec());
        futures::try_join!(
            some(client, &self.one, sessions.len(), [&sessions]),
            some(client, &self.theirs, owners.len(), [&owners]),
            some(client, &self.way_of, owners.len(), [&owners]),
            some(client, &self.by_hash, ways.len(), [&ways]),
        )
        .map(|(one, theirs, way_of, by_hash)| Found([one, theirs, way_of, by_hash]))
    }
}

impl Found {
    pub(super) fn load(&self, batch: &mut Batch) -> Fallible<()> {
        let Self([one, theirs, way_of, by_hash]) = self;
        for row in one.iter().chain(theirs) {
            batch.load_session(session(row)?);
        }
        for row in way_of.iter().chain(by_hash) {
            batch.load_way(way(row)?);
        }
        Ok(())
    }
}

pub(super) struct Saving {
    sessions: Statement,
    ways: Statement,
}

impl Saving {
    pub(super) async fn prepare(client: &Client) -> Fallible<Self> {
        Ok(Self {
            sessions: client
                .prepare(
                    "INSERT INTO sessions(person, created_at, seen_at, ended_at, device, hash)
                    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::text[],
                        $6::bytea[])
                    ON CONFLICT (hash) DO UPDATE SET seen_at = excluded.seen_at,
                        ended_at = excluded.ended_at",
                )
                .await?,
            ways: client
                .prepare(
                    "INSERT INTO ways(person, until, hash, session)
                    SELECT * FROM unnest($1::int8[], $2::int8[], $3::bytea[], $4::bytea[])
                    ON CONFLICT (person) DO UPDATE SET until = excluded.until,
                        hash = excluded.hash, session = excluded.session",
                )
                .await?,
        })
    }

    pub(super) async fn all(&self, client: &Client, batch: &Batch) -> Fallible<()> {
        let sessions: Vec<&SessionState> = save::dirty(batch.sessions.values().flatten());
        let persons = save::column(&sessions, |one| one.person.0);
        let begun = save::column(&sessions, |one| one.at);
        let seen = save::column(&sessions, |one| one.seen_at);
        let ended = save::column(&sessions, |one| one.ended_at);
        let devices = save::column(&sessions, |one| one.device.to_string());
        let hashes = save::column(&sessions, |one| &one.hash.0[..]);
        let columns: [&(dyn ToSql + Sync); 6] =
            [&persons, &begun, &seen, &ended, &devices, &hashes];
        let ways: Vec<&WayState> = save::dirty(batch.ways.iter());
        let openers = save::column(&ways, |way| way.person.0);
        let until = save::column(&ways, |way| way.until);
        let tokens = save::column(&ways, |way| &way.hash.0[..]);
        let led_to = save::column(&ways, |way| way.session.as_ref().map(|session| &session.0[..]));
        let ways: [&(dyn ToSql + Sync); 4] = [&openers, &until, &tokens, &led_to];
        // At once: what is sent later comes after the commit.
        futures::try_join!(
            all(client, &self.sessions, persons.len(), &columns),
            all(client, &self.ways, openers.len(), &ways),
        )
        .map(|_| ())
    }
}

fn session(row: &Row) -> Fallible<SessionState> {
    Ok(SessionState {
        hash: SessionHash(hash(row.try_get(0)?)?),
        person: PersonId(row.try_get(1)?),
        device: Device::parse(row.try_get(2)?),
        at: row.try_get(3)?,
        seen_at: row.try_get(4)?,
        ended_at: row.try_get(5)?,
    })
}

fn way(row: &Row) -> Fallible<WayState> {
    let session = row.try_get::<_, Option<&[u8]>>(3)?.map(hash).transpose()?;
    Ok(WayState {
        person: PersonId(row.try_get(0)?),
        hash: WayHash(hash(row.try_get(1)?)?),
        until: row.try_get(2)?,
        session: session.map(SessionHash),
    })
}

fn hash(bytes: &[u8]) -> Fallible<[u8; 32]> {
    bytes.try_into().map_err(|_| Fault::Row("a hash is not one"))
}

pub(super) const KNOWN: &str = "SELECT p.id, p.name, s.seen_at, s.ended_at IS NOT NULL
    FROM sessions s JOIN persons p ON p.id = s.person WHERE s.hash = $1";

pub(super) fn known(row: &Row) -> Fallible<Session> {
    Ok(Session { person: person(row)?, seen_at: row.try_get(2)?, ended: row.try_get(3)? })
}

pub(super) const SIGNED_IN: &str = "SELECT hash, device, created_at, seen_at FROM sessions
    WHERE person = $1 AND ended_at IS NULL ORDER BY seen_at DESC, created_at DESC";

pub(super) fn signed_in(row: &Row) -> Fallible<SignedIn> {
    Ok(SignedIn {
        id: SessionHash(hash(row.try_get(0)?)?).id(),
        device: Device::parse(row.try_get(1)?),
        since: row.try_get(2)?,
        seen_at: row.try_get(3)?,
    })
}

pub(super) const WAY_OF: &str = "SELECT p.id, p.name, w.until, w.session IS NOT NULL
    FROM ways w JOIN persons p ON p.id = w.person WHERE w.hash = $1";

pub(super) fn way_of(row: &Row) -> Fallible<(Person, i64, bool)> {
    Ok((person(row)?, row.try_get(2)?, row.try_get(3)?))
}

fn person(row: &Row) -> Fallible<Person> {
    Ok(Person { id: PersonId(row.try_get(0)?), name: person_name(row, 1)? })
}
