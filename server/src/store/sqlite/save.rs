//! The rows that a batch changed, each written once.

use std::ops::RangeInclusive;

use protocol::RoomId;
use rusqlite::{Connection, Result, params};

use super::{
    devices,
    rows::{is_host, pk},
    search,
};
use crate::store::{
    decide::{Batch, Cleared, MemberState, MessageState, PersonState, RoomState, Row},
    tokens::words,
};

/// In the order in which they refer to each other.
pub(super) fn save(conn: &Connection, batch: &Batch) -> Result<()> {
    dirty(batch.persons.values(), |person| save_person(conn, person))?;
    dirty(batch.sessions.values().flatten(), |session| devices::save_session(conn, session))?;
    dirty(batch.ways.iter(), |way| devices::save_way(conn, way))?;
    dirty(batch.rooms.values(), |room| save_room(conn, room))?;
    batch.over.iter().try_for_each(|room| save_room(conn, room))?;
    dirty(batch.members.values(), |member| save_member(conn, member))?;
    dirty(batch.messages.values(), |message| save_message(conn, message))?;
    batch.cleared.iter().try_for_each(|cleared| clear(conn, cleared))?;
    // Last and in the order of its keys: the index is written once for all of them.
    let messages = batch.messages.values().map(|row| &row.value);
    messages.filter(|state| state.reworded).try_for_each(|state| {
        search::put(conn, pk(state.room, state.message.seq), &words(&state.message.content))
    })
}

fn clear(conn: &Connection, cleared: &Cleared) -> Result<()> {
    let delete = |sql: &str, room: RoomId, of: &RangeInclusive<u32>| {
        conn.prepare_cached(sql)?.execute([pk(room, *of.start()), pk(room, *of.end())])
    };
    let left = |sql: &str, room: RoomId, of: &RangeInclusive<u32>| {
        conn.prepare_cached(sql)?.execute(params![room.0, of.start() - 1])
    };
    match cleared {
        Cleared::Messages(room, of) => {
            for seq in of.clone() {
                search::remove(conn, pk(*room, seq))?;
            }
            delete("DELETE FROM messages WHERE pk BETWEEN ?1 AND ?2", *room, of)?;
            left("UPDATE rooms SET seq = ?2 WHERE id = ?1", *room, of)?;
        }
        Cleared::Members(room, of) => {
            delete("DELETE FROM members WHERE pk BETWEEN ?1 AND ?2", *room, of)?;
            left("UPDATE rooms SET members = ?2 WHERE id = ?1", *room, of)?;
        }
        Cleared::Room(room) => {
            conn.prepare_cached("DELETE FROM rooms WHERE id = ?1")?.execute([room.0])?;
        }
    }
    Ok(())
}

fn dirty<'a, T: 'a>(
    rows: impl Iterator<Item = &'a Row<T>>,
    save: impl Fn(&T) -> Result<()>,
) -> Result<()> {
    rows.filter(|row| row.dirty).try_for_each(|row| save(&row.value))
}

fn save_person(conn: &Connection, state: &PersonState) -> Result<()> {
    let sql = "INSERT INTO persons(id, name, rev, created_at) VALUES(?1, ?2, ?3, ?4)
        ON CONFLICT(id) DO UPDATE SET name = excluded.name, rev = excluded.rev";
    let person = &state.person;
    conn.prepare_cached(sql)?.execute(params![
        person.id.0,
        person.name.as_str(),
        state.rev,
        state.created_at
    ])?;
    Ok(())
}

/// Mostly only the counters have changed: what indexes are made of is left alone then, or SQLite would write
/// those anew with each message.
fn save_room(conn: &Connection, state: &RoomState) -> Result<()> {
    if state.room.rev > state.before || state.ended_at.is_some() {
        return save_whole_room(conn, state);
    }
    let sql =
        "UPDATE rooms SET rev = ?2, seq = ?3, last_at = ?4, members = ?5, joined = ?6, used_at = ?7
        WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![
        state.room.id.0,
        state.rev,
        state.seq,
        state.last_at,
        state.members,
        state.joined,
        state.used_at
    ])?;
    Ok(())
}

fn save_whole_room(conn: &Connection, state: &RoomState) -> Result<()> {
    let sql = "INSERT INTO rooms(id, code, name, stamp, epoch, rev, seq, last_at, members, joined, created_at,
            listed, lifetime, used_at, ended_at)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT(id) DO UPDATE SET name = excluded.name, stamp = excluded.stamp,
            rev = excluded.rev, seq = excluded.seq, last_at = excluded.last_at,
            members = excluded.members, joined = excluded.joined, listed = excluded.listed,
            lifetime = excluded.lifetime, used_at = excluded.used_at, ended_at = excluded.ended_at";
    let room = &state.room;
    conn.prepare_cached(sql)?.execute(params![
        room.id.0,
        room.code.as_str(),
        room.name.as_ref().map(protocol::RoomName::as_str),
        room.rev,
        state.epoch,
        state.rev,
        state.seq,
        state.last_at,
        state.members,
        state.joined,
        state.created_at,
        room.listed,
        room.lifetime.as_str(),
        state.used_at,
        state.ended_at
    ])?;
    Ok(())
}

fn save_member(conn: &Connection, state: &MemberState) -> Result<()> {
    let sql =
        "INSERT INTO members(pk, room_id, person, rev, name, skeleton, role, joined, joined_at,
            read, person_rev)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT(pk) DO UPDATE SET rev = excluded.rev, name = excluded.name,
            skeleton = excluded.skeleton, role = excluded.role, joined = excluded.joined,
            joined_at = excluded.joined_at, read = excluded.read,
            person_rev = excluded.person_rev";
    let (member, mine) = (&state.member, &state.membership);
    conn.prepare_cached(sql)?.execute(params![
        pk(mine.room, member.id.0),
        mine.room.0,
        state.person.0,
        member.rev,
        member.name.as_str(),
        state.skeleton,
        is_host(member.role),
        mine.joined,
        state.joined_at,
        mine.read,
        mine.rev
    ])?;
    Ok(())
}

fn save_message(conn: &Connection, state: &MessageState) -> Result<()> {
    let sql = "INSERT INTO messages(pk, room_id, rev, id, version, author, person, content, created_at, digest)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT(pk) DO UPDATE SET rev = excluded.rev, version = excluded.version,
            content = excluded.content";
    let message = &state.message;
    conn.prepare_cached(sql)?.execute(params![
        pk(state.room, message.seq),
        state.room.0,
        message.rev,
        message.id.as_bytes(),
        message.version,
        message.author.0,
        state.person.0,
        protocol::encode(&message.content),
        message.created_at,
        state.digest
    ])?;
    Ok(())
}
