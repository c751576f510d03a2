//! The rows that a batch changed, each written once.

use std::ops::RangeInclusive;

use protocol::RoomId;
use rusqlite::{Connection, Result, params};

use super::{
    devices, operator,
    rows::{is_host, pk},
    search,
};
use crate::store::{
    decide::{Batch, Cleared, ItemState, MemberState, MessageState, PersonState, RoomState, Row},
    tokens::words,
};

/// In the order in which they refer to each other; rooms end after all that was put on their desks before, which goes
/// with them. True if something has gone that should leave no trace.
pub(super) fn save(conn: &Connection, batch: &Batch) -> Result<bool> {
    dirty(batch.persons.values(), |person| save_person(conn, person))?;
    dirty(batch.sessions.values().flatten(), |session| devices::save_session(conn, session))?;
    dirty(batch.ways.iter(), |way| devices::save_way(conn, way))?;
    dirty(batch.rooms.values(), |room| save_room(conn, room))?;
    dirty(batch.members.values(), |member| save_member(conn, member))?;
    dirty(batch.items.values(), |item| save_item(conn, item))?;
    save_barred(conn, batch)?;
    batch.over.iter().try_for_each(|room| end_room(conn, room))?;
    operator::save(conn, batch)?;
    dirty(batch.messages.values(), |message| save_message(conn, message))?;
    let mut traces = !batch.over.is_empty();
    for cleared in &batch.cleared {
        traces |= clear(conn, cleared)?;
    }
    // Last and in the order of its keys: the index is written once for all of them.
    let messages = batch.messages.values().map(|row| &row.value);
    messages.filter(|state| state.reworded).try_for_each(|state| {
        let put = if state.message.version == 1 { search::add } else { search::put };
        put(conn, pk(state.room, state.message.seq), &words(&state.message.content))
    })?;
    Ok(traces)
}

/// What was on its desk goes with it at once.
fn end_room(conn: &Connection, state: &RoomState) -> Result<()> {
    save_room(conn, state)?;
    for table in ["desk", "barred"] {
        let sql = format!("DELETE FROM {table} WHERE room_id = ?1");
        conn.prepare_cached(&sql)?.execute([state.room.id.0])?;
    }
    Ok(())
}

fn save_item(conn: &Connection, state: &ItemState) -> Result<()> {
    let sql = "INSERT INTO desk(room_id, kind, n, rev, at, matter, secret, password)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT(room_id, kind, n) DO UPDATE SET rev = excluded.rev, at = excluded.at,
            matter = excluded.matter";
    let (kind, n) = state.item.matter.key(state.item.rev);
    conn.prepare_cached(sql)?.execute(params![
        state.room.0,
        kind as u8,
        n,
        state.item.rev,
        state.item.at,
        protocol::encode(&state.item.matter),
        state.secret.map(|secret| secret.0),
        state.password
    ])?;
    Ok(())
}

fn save_barred(conn: &Connection, batch: &Batch) -> Result<()> {
    for (room, member) in &batch.unbarred {
        conn.prepare_cached("DELETE FROM barred WHERE room_id = ?1 AND member = ?2")?
            .execute([room.0, member.0])?;
    }
    let sql =
        "INSERT OR REPLACE INTO barred(room_id, address, member, until) VALUES(?1, ?2, ?3, ?4)";
    let room = "UPDATE rooms SET barred_until = max(barred_until, ?2) WHERE id = ?1";
    for one in &batch.new_barred {
        conn.prepare_cached(sql)?.execute(params![
            one.room.0,
            one.address.0,
            one.member.0,
            one.until
        ])?;
        conn.prepare_cached(room)?.execute(params![one.room.0, one.until])?;
    }
    Ok(())
}

fn clear(conn: &Connection, cleared: &Cleared) -> Result<bool> {
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
            // The last of them.
            return Ok(*of.start() == 1);
        }
        Cleared::Members(room, of) => {
            delete("DELETE FROM members WHERE pk BETWEEN ?1 AND ?2", *room, of)?;
            left("UPDATE rooms SET members = ?2 WHERE id = ?1", *room, of)?;
        }
        Cleared::Lapsed(before) => {
            let originals = "UPDATE messages SET original = NULL, removed_at = NULL
                WHERE original IS NOT NULL AND removed_at < ?1";
            let addresses = "DELETE FROM barred WHERE until < ?1";
            let originals = conn.prepare_cached(originals)?.execute([before])?;
            return Ok(originals + conn.prepare_cached(addresses)?.execute([before])? > 0);
        }
        Cleared::Room(room) => {
            conn.prepare_cached("DELETE FROM rooms WHERE id = ?1")?.execute([room.0])?;
        }
    }
    Ok(false)
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
        "UPDATE rooms SET rev = ?2, seq = ?3, last_at = ?4, members = ?5, joined = ?6, used_at = ?7,
            hosts = ?8, desk = ?9 WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![
        state.room.id.0,
        state.rev,
        state.seq,
        state.last_at,
        state.members,
        state.joined,
        state.used_at,
        state.hosts,
        state.desk
    ])?;
    Ok(())
}

fn save_whole_room(conn: &Connection, state: &RoomState) -> Result<()> {
    let sql = "INSERT INTO rooms(id, code, name, stamp, epoch, rev, seq, last_at, members, joined, created_at,
            listed, lifetime, used_at, ended_at, rules, password, burned, hosts, desk)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
        ON CONFLICT(id) DO UPDATE SET name = excluded.name, stamp = excluded.stamp,
            rev = excluded.rev, seq = excluded.seq, last_at = excluded.last_at,
            members = excluded.members, joined = excluded.joined, listed = excluded.listed,
            lifetime = excluded.lifetime, used_at = excluded.used_at, ended_at = excluded.ended_at,
            rules = excluded.rules, password = excluded.password, burned = excluded.burned,
            hosts = excluded.hosts, desk = excluded.desk";
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
        state.ended_at,
        protocol::encode(&room.rules),
        state.password,
        state.burned,
        state.hosts,
        state.desk
    ])?;
    Ok(())
}

/// Mostly only what a member read has changed: their name and their place in the room's stream stand in indexes,
/// which are left alone then.
fn save_member(conn: &Connection, state: &MemberState) -> Result<()> {
    let sql =
        "UPDATE members SET joined = ?5, joined_at = ?6, read = ?7, person_rev = ?8, muted = ?9,
            barred = ?10, spoke_at = ?11
        WHERE pk = ?1 AND rev = ?2 AND name = ?3 AND role = ?4 AND skeleton = ?12";
    let (member, mine) = (&state.member, &state.membership);
    let changed = conn.prepare_cached(sql)?.execute(params![
        pk(mine.room, member.id.0),
        member.rev,
        member.name.as_str(),
        is_host(member.role),
        mine.joined,
        state.joined_at,
        mine.read,
        mine.rev,
        mine.muted,
        state.barred,
        state.spoke_at,
        state.skeletons.small
    ])?;
    if changed == 0 { save_whole_member(conn, state) } else { Ok(()) }
}

fn save_whole_member(conn: &Connection, state: &MemberState) -> Result<()> {
    let sql =
        "INSERT INTO members(pk, room_id, person, rev, name, role, joined, joined_at, read,
            person_rev, muted, barred, spoke_at, skeleton_as_written, skeleton, skeleton_of_capitals)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        ON CONFLICT(pk) DO UPDATE SET rev = excluded.rev, name = excluded.name,
            role = excluded.role, joined = excluded.joined, joined_at = excluded.joined_at,
            read = excluded.read, person_rev = excluded.person_rev, muted = excluded.muted,
            barred = excluded.barred, spoke_at = excluded.spoke_at,
            skeleton_as_written = excluded.skeleton_as_written, skeleton = excluded.skeleton,
            skeleton_of_capitals = excluded.skeleton_of_capitals";
    let (member, mine) = (&state.member, &state.membership);
    conn.prepare_cached(sql)?.execute(params![
        pk(mine.room, member.id.0),
        mine.room.0,
        state.person.0,
        member.rev,
        member.name.as_str(),
        is_host(member.role),
        mine.joined,
        state.joined_at,
        mine.read,
        mine.rev,
        mine.muted,
        state.barred,
        state.spoke_at,
        state.skeletons.as_written,
        state.skeletons.small,
        state.skeletons.capitals
    ])?;
    Ok(())
}

fn save_message(conn: &Connection, state: &MessageState) -> Result<()> {
    let sql = "INSERT INTO messages(pk, room_id, rev, id, version, author, person, content, created_at, digest,
            original, removed_at)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT(pk) DO UPDATE SET rev = excluded.rev, version = excluded.version,
            content = excluded.content, original = excluded.original, removed_at = excluded.removed_at";
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
        state.digest,
        state.original.as_ref().map(|(content, _)| protocol::encode(content)),
        state.original.as_ref().map(|(_, at)| at)
    ])?;
    Ok(())
}
