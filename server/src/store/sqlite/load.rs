//! The rows that an operation needs, from the database into the batch, each once.

use protocol::{MemberId, MessageId, PersonName, RoomCode, RoomId};
use rusqlite::{Connection, OptionalExtension, Result, params};

use super::rows::{self, pk};
use crate::store::{
    CODE_RESTS, Op, PersonId, SessionHash,
    decide::{Batch, Row, shortened},
};

/// What every transaction knows before its first operation.
pub(super) fn begin(conn: &Connection) -> Result<Batch> {
    Ok(Batch {
        epoch: conn
            .prepare_cached("SELECT value FROM meta WHERE key = 'epoch'")?
            .query_row([], |row| row.get(0))?,
        last_room: last(conn, "rooms")?.unwrap_or(0),
        last_person: last(conn, "persons")?.unwrap_or(0),
        ..Batch::default()
    })
}

/// The highest id that a table ever gave out.
fn last<T: rusqlite::types::FromSql>(conn: &Connection, table: &str) -> Result<Option<T>> {
    let mut query = conn.prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = ?1")?;
    query.query_row([table], |row| row.get(0)).optional()
}

pub(super) fn load(conn: &Connection, op: &Op, batch: &mut Batch) -> Result<()> {
    match op {
        Op::Begin { session, .. } => load_session(conn, *session, batch),
        Op::Create { by, codes, at, .. } => {
            load_person(conn, *by, batch)?;
            load_codes(conn, codes, *at, batch)
        }
        Op::Join { room, person, name, .. } | Op::SetName { room, person, name } => {
            load_person(conn, *person, batch)?;
            load_place(conn, *room, *person, batch)?;
            load_name(conn, *room, name, batch)
        }
        Op::Leave { room, person } | Op::Read { room, person, .. } => {
            load_person(conn, *person, batch)?;
            load_place(conn, *room, *person, batch)
        }
        Op::Post { room, person, id, .. } => {
            load_place(conn, *room, *person, batch)?;
            load_id(conn, *room, *id, batch)
        }
    }
}

fn load_session(conn: &Connection, session: SessionHash, batch: &mut Batch) -> Result<()> {
    if batch.sessions.contains_key(&session) {
        return Ok(());
    }
    let mut query = conn.prepare_cached("SELECT person FROM sessions WHERE hash = ?1")?;
    let person = query.query_row([session.0], |row| row.get(0)).optional()?;
    batch.sessions.insert(session, person.map(PersonId));
    Ok(())
}

fn load_person(conn: &Connection, id: PersonId, batch: &mut Batch) -> Result<()> {
    if batch.persons.contains_key(&id) {
        return Ok(());
    }
    let sql = select(rows::PERSON, "persons WHERE id = ?1");
    let state = conn.prepare_cached(&sql)?.query_row([id.0], rows::person);
    if let Some(state) = state.optional()? {
        batch.persons.insert(id, Row::loaded(state));
    }
    Ok(())
}

/// A room, and the person's membership in it.
fn load_place(conn: &Connection, room: RoomId, person: PersonId, batch: &mut Batch) -> Result<()> {
    load_room(conn, room, batch)?;
    if batch.people.contains_key(&(room, person)) {
        return Ok(());
    }
    let sql = select(rows::MEMBER_STATE, "members WHERE person = ?1 AND room_id = ?2");
    let mut query = conn.prepare_cached(&sql)?;
    match query.query_row(params![person.0, room.0], rows::member_state).optional()? {
        Some(state) => batch.load_member(state),
        None => drop(batch.people.insert((room, person), None)),
    }
    Ok(())
}

fn load_room(conn: &Connection, room: RoomId, batch: &mut Batch) -> Result<()> {
    if batch.rooms.contains_key(&room) {
        return Ok(());
    }
    let sql = select(rows::ROOM, "rooms WHERE id = ?1 AND ended_at IS NULL");
    let state = conn.prepare_cached(&sql)?.query_row([room.0], rows::room).optional()?;
    if let Some(state) = state {
        batch.rooms.insert(room, Row::loaded(state));
    }
    Ok(())
}

fn load_name(conn: &Connection, room: RoomId, name: &PersonName, batch: &mut Batch) -> Result<()> {
    let key = (room, name.skeleton());
    if batch.names.contains_key(&key) {
        return Ok(());
    }
    let sql = "SELECT pk - ?1 FROM members WHERE room_id = ?2 AND skeleton = ?3";
    let mut query = conn.prepare_cached(sql)?;
    let holder = query.query_row(params![pk(room, 0), room.0, key.1], |row| row.get(0));
    batch.names.insert(key, holder.optional()?.map(MemberId));
    Ok(())
}

fn load_id(conn: &Connection, room: RoomId, id: MessageId, batch: &mut Batch) -> Result<()> {
    if batch.ids.contains_key(&(room, id)) {
        return Ok(());
    }
    let sql = select(rows::MESSAGE_STATE, "messages WHERE room_id = ?1 AND id = ?2");
    let mut query = conn.prepare_cached(&sql)?;
    match query.query_row(params![room.0, id.as_bytes()], rows::message_state).optional()? {
        Some(state) => batch.load_message(state),
        None => drop(batch.ids.insert((room, id), None)),
    }
    Ok(())
}

fn load_codes(conn: &Connection, codes: &[RoomCode], at: i64, batch: &mut Batch) -> Result<()> {
    let rested = at.saturating_sub(CODE_RESTS);
    if batch.short_codes.is_none() {
        let sql = "SELECT (SELECT count(*) FROM rooms WHERE length(code) = 4 AND ended_at IS NULL)
                        + (SELECT count(*) FROM rooms WHERE length(code) = 4 AND ended_at > ?1)";
        batch.short_codes = Some(conn.prepare_cached(sql)?.query_row([rested], |row| row.get(0))?);
    }
    let candidates = codes.iter().flat_map(|code| [shortened(code, 4), shortened(code, 5)]);
    candidates.flatten().try_for_each(|code| load_code(conn, code, rested, batch))
}

fn load_code(conn: &Connection, code: RoomCode, rested: i64, batch: &mut Batch) -> Result<()> {
    if batch.codes.contains_key(&code) {
        return Ok(());
    }
    let sql = "SELECT EXISTS(SELECT 1 FROM rooms WHERE code = ?1 AND ended_at IS NULL)
                   OR EXISTS(SELECT 1 FROM rooms WHERE code = ?1 AND ended_at > ?2)";
    let mut query = conn.prepare_cached(sql)?;
    let taken = query.query_row(params![code.as_str(), rested], |row| row.get(0))?;
    batch.codes.insert(code, taken);
    Ok(())
}

fn select(columns: &str, from: &str) -> String {
    format!("SELECT {columns} FROM {from}")
}
