//! The rows that a transaction needs, from the database into its batch, each once.

use protocol::{Kind, MemberId, RoomCode, RoomId};
use rusqlite::{Connection, OptionalExtension, Result, params};

use super::{
    devices, names,
    rows::{self, pk},
};
use crate::store::decide::{Batch, EndedState, Needs};

pub(super) fn load(conn: &Connection, needs: &Needs) -> Result<Batch> {
    let mut batch = Batch {
        epoch: conn
            .prepare_cached("SELECT value FROM meta WHERE key = 'epoch'")?
            .query_row([], |row| row.get(0))?,
        last_room: last(conn, "rooms")?.unwrap_or(0),
        last_person: last(conn, "persons")?.unwrap_or(0),
        ..Batch::looked_for(needs)
    };
    devices::load(conn, needs, &mut batch)?;
    load_persons(conn, needs, &mut batch)?;
    load_rooms(conn, needs, &mut batch)?;
    load_ended(conn, needs, &mut batch)?;
    load_places(conn, needs, &mut batch)?;
    load_members(conn, needs, &mut batch)?;
    load_messages(conn, needs, &mut batch)?;
    load_desk(conn, needs, &mut batch)?;
    load_names(conn, needs, &mut batch)?;
    if let Some(rested) = needs.rested {
        load_codes(conn, needs, rested, &mut batch)?;
    }
    Ok(batch)
}

/// The highest id that a table ever gave out.
fn last<T: rusqlite::types::FromSql>(conn: &Connection, table: &str) -> Result<Option<T>> {
    let mut query = conn.prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = ?1")?;
    query.query_row([table], |row| row.get(0)).optional()
}

fn load_persons(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    let sql = select(rows::PERSON, "persons WHERE id = ?1");
    for id in &needs.persons {
        let state = conn.prepare_cached(&sql)?.query_row([id.0], rows::person).optional()?;
        state.into_iter().for_each(|state| batch.load_person(state));
    }
    Ok(())
}

fn load_rooms(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    let sql = select(rows::ROOM, "rooms WHERE id = ?1 AND ended_at IS NULL");
    for id in &needs.rooms {
        let state = conn.prepare_cached(&sql)?.query_row([id.0], rows::room).optional()?;
        state.into_iter().for_each(|state| batch.load_room(state));
    }
    let sql = select(rows::ROOM, "rooms WHERE code = ?1 AND ended_at IS NULL");
    for code in &needs.provided {
        let state = conn.prepare_cached(&sql)?.query_row([code.as_str()], rows::room).optional()?;
        state.into_iter().for_each(|state| batch.load_room(state));
    }
    Ok(())
}

fn load_ended(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    let sql = "SELECT seq, members, ended_at FROM rooms WHERE id = ?1 AND ended_at IS NOT NULL";
    for id in &needs.ended {
        let state = conn.prepare_cached(sql)?.query_row([id.0], |row| {
            Ok(EndedState {
                id: *id,
                seq: row.get(0)?,
                members: row.get(1)?,
                ended_at: row.get(2)?,
            })
        });
        state.optional()?.into_iter().for_each(|state| batch.load_ended(state));
    }
    Ok(())
}

fn load_places(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    let sql = select(rows::MEMBER_STATE, "members WHERE person = ?1 AND room_id = ?2");
    for (room, person) in &needs.places {
        let mut query = conn.prepare_cached(&sql)?;
        let state = query.query_row(params![person.0, room.0], rows::member_state).optional()?;
        state.into_iter().for_each(|state| batch.load_member(state));
    }
    Ok(())
}

/// With the persons that they are.
fn load_members(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    let sql = select(rows::MEMBER_STATE, "members WHERE pk = ?1");
    let persons = select(rows::PERSON, "persons WHERE id = ?1");
    for (room, id) in &needs.members {
        let mut query = conn.prepare_cached(&sql)?;
        let Some(state) = query.query_row([pk(*room, id.0)], rows::member_state).optional()? else {
            continue;
        };
        if !batch.persons.contains_key(&state.person) {
            let person =
                conn.prepare_cached(&persons)?.query_row([state.person.0], rows::person)?;
            batch.load_person(person);
        }
        batch.load_member(state);
    }
    Ok(())
}

/// What is there of what is asked for by its number, by a message or by a link's key; and who comes from where
/// somebody is barred.
fn load_desk(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    let mut keys: Vec<(RoomId, Kind, u64)> = needs.items.iter().copied().collect();
    if needs.knocks {
        let members = batch.members.keys().copied();
        keys.extend(members.map(|(room, id)| (room, Kind::Knock, u64::from(id.0))));
    }
    if needs.reports {
        let messages = batch.messages.keys().copied();
        keys.extend(messages.map(|(room, seq)| (room, Kind::Report, u64::from(seq))));
    }
    let sql = select(rows::ITEM_STATE, "desk WHERE room_id = ?1 AND kind = ?2 AND n = ?3");
    for (room, kind, n) in keys {
        let mut query = conn.prepare_cached(&sql)?;
        let state = query.query_row(params![room.0, kind as u8, n], rows::item_state).optional()?;
        state.into_iter().for_each(|state| batch.load_item(state));
    }
    let sql = select(rows::ITEM_STATE, "desk WHERE secret = ?1");
    for key in &needs.links {
        let mut query = conn.prepare_cached(&sql)?;
        let Some(state) = query.query_row([key.0], rows::item_state).optional()? else { continue };
        // Whoever made it counts too.
        for id in state.item.matter.members() {
            let sql = select(rows::MEMBER_STATE, "members WHERE pk = ?1");
            if !batch.members.contains_key(&(state.room, id)) {
                let mut query = conn.prepare_cached(&sql)?;
                let member = query.query_row([pk(state.room, id.0)], rows::member_state);
                batch.load_member(member?);
            }
        }
        batch.load_item(state);
    }
    let sql =
        format!("SELECT count(*) FROM desk WHERE room_id = ?1 AND kind = ?2 AND {}", rows::WAITS);
    for room in &needs.queues {
        let mut query = conn.prepare_cached(&sql)?;
        let knock = params![room.0, Kind::Knock as u8];
        batch.waiting.insert(*room, query.query_row(knock, |row| row.get(0))?);
    }
    let sql = "SELECT max(until) FROM barred WHERE room_id = ?1 AND address = ?2";
    for (room, address) in &needs.addresses {
        let mut query = conn.prepare_cached(sql)?;
        let until: Option<i64> = query.query_row(params![room.0, address.0], |row| row.get(0))?;
        batch.barred.extend(until.map(|until| ((*room, *address), until)));
    }
    Ok(())
}

fn load_names(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    for (room, wanted) in needs.names.iter().chain(&batch.freed()) {
        let mut query = conn.prepare_cached(names::HOLDERS)?;
        let mut holders = query.query(names::wanted(*room, wanted))?;
        while let Some(row) = holders.next()? {
            batch.names.add(*room, MemberId(row.get(0)?), &names::skeletons(row, 2)?);
        }
    }
    Ok(())
}

fn load_messages(conn: &Connection, needs: &Needs, batch: &mut Batch) -> Result<()> {
    let sql = select(rows::MESSAGE_STATE, "messages WHERE room_id = ?1 AND id = ?2");
    for (room, id) in &needs.ids {
        let mut query = conn.prepare_cached(&sql)?;
        let state = query.query_row(params![room.0, id.as_bytes()], rows::message_state);
        state.optional()?.into_iter().for_each(|state| batch.load_message(state));
    }
    Ok(())
}

fn load_codes(conn: &Connection, needs: &Needs, rested: i64, batch: &mut Batch) -> Result<()> {
    let sql = "SELECT (SELECT count(*) FROM rooms WHERE length(code) = 4 AND ended_at IS NULL)
                    + (SELECT count(*) FROM rooms WHERE length(code) = 4 AND ended_at > ?1)";
    batch.short_codes = Some(conn.prepare_cached(sql)?.query_row([rested], |row| row.get(0))?);
    for code in &needs.codes {
        batch.codes.insert(code.clone(), is_taken(conn, code, rested)?);
    }
    Ok(())
}

fn is_taken(conn: &Connection, code: &RoomCode, rested: i64) -> Result<bool> {
    let sql = "SELECT EXISTS(SELECT 1 FROM rooms WHERE code = ?1 AND ended_at IS NULL)
                   OR EXISTS(SELECT 1 FROM rooms WHERE code = ?1 AND ended_at > ?2)";
    conn.prepare_cached(sql)?.query_row(params![code.as_str(), rested], |row| row.get(0))
}

fn select(columns: &str, from: &str) -> String {
    format!("SELECT {columns} FROM {from}")
}
