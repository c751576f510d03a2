//! What is read: each function is one consistent look, inside a transaction of its caller's.

use protocol::{Audience, Changes, Member, MemberId, Point, Reset, RoomId, RoomLink, Value};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    page,
    rows::{self, pk},
};
use crate::store::{
    CATCH_UP_BYTES, CATCH_UP_VALUES, Door, Entry, MAX_ROOMS, Person, PersonId, Result, SessionHash,
    Since, Slice, StoreError, TOO_FAR, decide::RoomState,
};

/// What a frame needs besides its values.
const ENVELOPE: usize = 256;

pub(super) fn person(conn: &Connection, session: SessionHash) -> Result<Option<Person>> {
    let sql =
        "SELECT p.id, p.name FROM sessions s JOIN persons p ON p.id = s.person WHERE s.hash = ?1";
    let found = conn.prepare_cached(sql)?.query_row([session.0], |row| {
        Ok(Person { id: PersonId(row.get(0)?), name: rows::person_name(row, 1)? })
    });
    Ok(found.optional()?)
}

pub(super) fn rooms(conn: &Connection, person: PersonId) -> Result<Vec<RoomLink>> {
    let sql =
        "SELECT r.code, r.name, r.seq - m.read FROM members m JOIN rooms r ON r.id = m.room_id
        WHERE m.person = ?1 AND m.joined AND r.ended_at IS NULL
        ORDER BY r.last_at DESC, r.id DESC LIMIT ?2";
    let mut query = conn.prepare_cached(sql)?;
    let links = query.query_map(params![person.0, MAX_ROOMS], |row| {
        let (code, name) = (rows::code(row, 0)?, rows::name(row, 1)?);
        Ok(RoomLink { code, name, unread: row.get(2)? })
    })?;
    Ok(links.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn entry(
    conn: &Connection,
    door: &Door,
    person: Option<PersonId>,
) -> Result<Option<Entry>> {
    let state = match door {
        Door::Id(id) => room(conn, *id)?,
        Door::Code(code) => {
            let sql =
                format!("SELECT {} FROM rooms WHERE code = ?1 AND ended_at IS NULL", rows::ROOM);
            conn.prepare_cached(&sql)?.query_row([code.as_str()], rows::room).optional()?
        }
    };
    let Some(RoomState { room, .. }) = state else { return Ok(None) };
    let sql = format!(
        "SELECT {}, read FROM members WHERE person = ?1 AND room_id = ?2 AND joined",
        rows::MEMBER
    );
    let found = match person {
        Some(person) => conn
            .prepare_cached(&sql)?
            .query_row(params![person.0, room.id.0], |row| Ok((rows::member(row)?, row.get(4)?)))
            .optional()?,
        None => None,
    };
    let (member, read) = found.unzip();
    Ok(Some(Entry { room, member, read }))
}

pub(super) fn since(conn: &Connection, id: RoomId, point: Option<Point>) -> Result<Since> {
    let state = room(conn, id)?.ok_or(StoreError::NoSuchRoom)?;
    match point.and_then(|point| reachable(point, Point { epoch: state.epoch, rev: state.rev })) {
        Some(after) => changes(conn, &state, after).map(Since::Changes),
        None => page::of(conn, state, Slice::Newest).map(|page| Since::Reset(Reset::Room(page))),
    }
}

/// The rev to catch up from, if there is a way from it to the stream's head.
pub(super) fn reachable(point: Point, head: Point) -> Option<u64> {
    let behind = head.rev.checked_sub(point.rev).filter(|_| head.epoch == point.epoch);
    behind.filter(|behind| *behind <= TOO_FAR).map(|_| point.rev)
}

/// All kinds of values in one order. The last column says which kind; the first four of a member
/// are those of `rows::MEMBER`.
pub(super) const CHANGED: &str = "
    SELECT pk, rev, id, version, author, content, created_at, 0 FROM messages WHERE room_id = ?1 AND rev > ?2
    UNION ALL
    SELECT pk, rev, name, role, NULL, NULL, NULL, 1 FROM members WHERE room_id = ?1 AND rev > ?2 AND rev > 0
    UNION ALL
    SELECT NULL, stamp, NULL, NULL, NULL, NULL, NULL, 2 FROM rooms WHERE id = ?1 AND stamp > ?2
    ORDER BY 2 LIMIT ?3";

fn changes(conn: &Connection, state: &RoomState, after: u64) -> Result<Changes> {
    let room = state.room.id;
    let mut page = Batch::default();
    let mut query = conn.prepare_cached(CHANGED)?;
    let mut found = query.query(params![room.0, after, CATCH_UP_VALUES + 1])?;
    let (mut seen, mut upto, mut more) = (0, after, false);
    while let Some(row) = found.next()? {
        let change = match row.get::<_, u8>(7)? {
            0 => {
                let message = rows::message(row)?;
                let author = if page.names(message.author) {
                    None
                } else {
                    Some(Value::Member(member(conn, room, message.author)?))
                };
                author.into_iter().chain([Value::Message(message)]).collect()
            }
            1 => {
                let member = rows::member(row)?;
                if page.names(member.id) { vec![] } else { vec![Value::Member(member)] }
            }
            _ => vec![Value::Room(state.room.clone())],
        };
        seen += 1;
        more = seen > CATCH_UP_VALUES || !page.take(change);
        if more {
            break;
        }
        upto = row.get(1)?;
    }
    if !more {
        upto = state.rev;
    }
    page.values.sort_by_key(Value::rev);
    let stream = Audience::Room(room);
    Ok(Changes { stream, epoch: state.epoch, after, upto, values: page.values, more })
}

#[derive(Default)]
struct Batch {
    values: Vec<Value>,
    bytes: usize,
}

impl Batch {
    fn names(&self, author: MemberId) -> bool {
        self.values.iter().any(|value| match value {
            Value::Member(member) => member.id == author,
            Value::Message(_) | Value::Room(_) | Value::Membership(_) => false,
        })
    }

    /// False when the page has no room for all of it. The first always finds room.
    fn take(&mut self, change: Vec<Value>) -> bool {
        let bytes: usize = change.iter().map(|value| protocol::encode(value).len() + 1).sum();
        let fits = self.values.len() + change.len() <= CATCH_UP_VALUES
            && ENVELOPE + self.bytes + bytes <= CATCH_UP_BYTES;
        if !fits && !self.values.is_empty() {
            return false;
        }
        self.bytes += bytes;
        self.values.extend(change);
        true
    }
}

pub(super) fn room(conn: &Connection, id: RoomId) -> Result<Option<RoomState>> {
    let sql = format!("SELECT {} FROM rooms WHERE id = ?1 AND ended_at IS NULL", rows::ROOM);
    Ok(conn.prepare_cached(&sql)?.query_row([id.0], rows::room).optional()?)
}

pub(super) fn member(conn: &Connection, room: RoomId, id: MemberId) -> Result<Member> {
    let sql = format!("SELECT {} FROM members WHERE pk = ?1", rows::MEMBER);
    Ok(conn.prepare_cached(&sql)?.query_row([pk(room, id.0)], rows::member)?)
}
