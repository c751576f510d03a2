//! Sessions and the ways to other devices in the file: loaded for a transaction, saved by it, and looked up.

use protocol::Device;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::rows::person_name;
use crate::store::{
    Person, PersonId, Session, SessionHash, SessionId, SignedIn, WayHash,
    decide::{Batch, Needs, SessionState, WayState},
};

const SESSION: &str = "SELECT hash, person, device, created_at, seen_at, ended_at FROM sessions";
const WAY: &str = "SELECT person, hash, until, session FROM ways";

pub(super) fn load(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    let one = format!("{SESSION} WHERE hash = ?1");
    for hash in &needs.sessions {
        let state = conn.prepare_cached(&one)?.query_row([hash.0], session).optional()?;
        state.into_iter().for_each(|state| batch.load_session(state));
    }
    let of = "person = (SELECT person FROM sessions WHERE hash = ?1)";
    let (theirs, way_of) =
        (format!("{SESSION} WHERE {of} AND ended_at IS NULL"), format!("{WAY} WHERE {of}"));
    for hash in &needs.owners {
        for state in conn.prepare_cached(&theirs)?.query_map([hash.0], session)? {
            batch.load_session(state?);
        }
        let state = conn.prepare_cached(&way_of)?.query_row([hash.0], way).optional()?;
        state.into_iter().for_each(|state| batch.load_way(state));
    }
    let by_hash = format!("{WAY} WHERE hash = ?1");
    for hash in &needs.ways {
        let state = conn.prepare_cached(&by_hash)?.query_row([hash.0], way).optional()?;
        state.into_iter().for_each(|state| batch.load_way(state));
    }
    Ok(())
}

pub(super) fn save_session(conn: &Connection, state: &SessionState) -> Result<()> {
    let sql = "INSERT INTO sessions(hash, person, device, created_at, seen_at, ended_at)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT(hash) DO UPDATE SET seen_at = excluded.seen_at, ended_at = excluded.ended_at";
    let SessionState { hash, person, device, at, seen_at, ended_at } = state;
    let device = device.to_string();
    conn.prepare_cached(sql)?.execute(params![hash.0, person.0, device, at, seen_at, ended_at])?;
    Ok(())
}

pub(super) fn save_way(conn: &Connection, state: &WayState) -> Result<()> {
    let sql = "INSERT INTO ways(person, hash, until, session) VALUES(?1, ?2, ?3, ?4)
        ON CONFLICT(person) DO UPDATE SET hash = excluded.hash, until = excluded.until,
            session = excluded.session";
    let WayState { person, hash, until, session } = state;
    let session = session.map(|session| session.0);
    conn.prepare_cached(sql)?.execute(params![person.0, hash.0, until, session])?;
    Ok(())
}

fn session(row: &Row<'_>) -> Result<SessionState> {
    Ok(SessionState {
        hash: SessionHash(row.get(0)?),
        person: PersonId(row.get(1)?),
        device: device(row, 2)?,
        at: row.get(3)?,
        seen_at: row.get(4)?,
        ended_at: row.get(5)?,
    })
}

fn way(row: &Row<'_>) -> Result<WayState> {
    Ok(WayState {
        person: PersonId(row.get(0)?),
        hash: WayHash(row.get(1)?),
        until: row.get(2)?,
        session: row.get::<_, Option<_>>(3)?.map(SessionHash),
    })
}

fn device(row: &Row<'_>, at: usize) -> Result<Device> {
    Ok(Device::parse(row.get_ref(at)?.as_str()?))
}

pub(super) const KNOWN: &str = "SELECT p.id, p.name, s.seen_at, s.ended_at IS NOT NULL
    FROM sessions s JOIN persons p ON p.id = s.person WHERE s.hash = ?1";

pub(super) fn known(row: &Row<'_>) -> Result<Session> {
    Ok(Session { person: person(row)?, seen_at: row.get(2)?, ended: row.get(3)? })
}

pub(super) const SIGNED_IN: &str = "SELECT hash, device, created_at, seen_at FROM sessions
    WHERE person = ?1 AND ended_at IS NULL ORDER BY seen_at DESC, created_at DESC";

pub(super) fn signed_in(row: &Row<'_>) -> Result<SignedIn> {
    let id: SessionId = SessionHash(row.get(0)?).id();
    Ok(SignedIn { id, device: device(row, 1)?, since: row.get(2)?, seen_at: row.get(3)? })
}

pub(super) const WAY_OF: &str = "SELECT p.id, p.name, w.until, w.session IS NOT NULL
    FROM ways w JOIN persons p ON p.id = w.person WHERE w.hash = ?1";

pub(super) fn way_of(row: &Row<'_>) -> Result<(Person, i64, bool)> {
    Ok((person(row)?, row.get(2)?, row.get(3)?))
}

fn person(row: &Row<'_>) -> Result<Person> {
    Ok(Person { id: PersonId(row.get(0)?), name: person_name(row, 1)? })
}
