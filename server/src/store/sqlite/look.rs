//! The questions of `read`, answered inside a read transaction.

use std::{future::ready, ops::RangeInclusive};

use protocol::{
    Ended, Item, Kind, Member, MemberId, Membership, Message, OpenRoom, Point, RoomCode, RoomId,
    RoomLink, Skeletons,
};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{
    devices, names,
    rows::{self, pk},
};
use crate::store::{
    Door, Person, PersonId, Result, Secret, Session, SessionHash, SignedIn, WayHash,
    decide::RoomState,
    read::{Before, Changed, End, Look, Place},
};

/// Nothing here waits: an answer is there when it is asked for.
pub(super) struct Moment<'a>(pub(super) &'a Connection);

impl Look for Moment<'_> {
    fn session(
        &self,
        session: SessionHash,
    ) -> impl Future<Output = Result<Option<Session>>> + Send {
        ready(self.one(devices::KNOWN, [session.0], devices::known))
    }

    fn devices(&self, person: PersonId) -> impl Future<Output = Result<Vec<SignedIn>>> + Send {
        ready(self.all(devices::SIGNED_IN, [person.0], devices::signed_in))
    }

    fn way(
        &self,
        way: WayHash,
    ) -> impl Future<Output = Result<Option<(Person, i64, bool)>>> + Send {
        ready(self.one(devices::WAY_OF, [way.0], devices::way_of))
    }

    fn rooms(
        &self,
        person: PersonId,
        most: u32,
    ) -> impl Future<Output = Result<Vec<RoomLink>>> + Send {
        let sql =
            "SELECT r.id, r.code, r.name, r.seq - m.read, r.seq FROM members m JOIN rooms r ON r.id = m.room_id
            WHERE m.person = ?1 AND m.joined AND r.ended_at IS NULL
            ORDER BY r.last_at DESC, r.id DESC LIMIT ?2";
        ready(self.all(sql, params![person.0, most], |row| {
            let (code, name) = (rows::code(row, 1)?, rows::name(row, 2)?);
            let (id, unread, head) = (RoomId(row.get(0)?), row.get(3)?, row.get(4)?);
            Ok(RoomLink { id, code, name, unread, head })
        }))
    }

    fn room(&self, door: &Door) -> impl Future<Output = Result<Option<RoomState>>> + Send {
        let from =
            |which| format!("SELECT {} FROM rooms WHERE {which} AND ended_at IS NULL", rows::ROOM);
        ready(match door {
            Door::Id(id) => self.one(&from("id = ?1"), [id.0], rows::room),
            Door::Code(code) => self.one(&from("code = ?1"), [code.as_str()], rows::room),
        })
    }

    fn place(
        &self,
        room: RoomId,
        person: PersonId,
    ) -> impl Future<Output = Result<Option<Place>>> + Send {
        let sql = format!("SELECT {} FROM members WHERE person = ?1 AND room_id = ?2", rows::PLACE);
        ready(self.one(&sql, params![person.0, room.0], rows::place))
    }

    fn barred(
        &self,
        room: RoomId,
        from: Secret,
    ) -> impl Future<Output = Result<Option<i64>>> + Send {
        let sql = "SELECT max(until) FROM barred WHERE room_id = ?1 AND address = ?2";
        ready(self.one(sql, params![room.0, from.0], |row| row.get(0)).map(Option::flatten))
    }

    fn password(&self, room: RoomId) -> impl Future<Output = Result<Option<String>>> + Send {
        let sql = "SELECT password FROM rooms WHERE id = ?1 AND ended_at IS NULL";
        ready(self.one(sql, [room.0], |row| row.get(0)).map(Option::flatten))
    }

    fn link(&self, key: Secret) -> impl Future<Output = Result<Option<(RoomId, Item)>>> + Send {
        let sql = format!("SELECT {}, room_id FROM desk WHERE secret = ?1", rows::ITEM);
        let link = |row: &Row<'_>| Ok((RoomId(row.get(3)?), rows::item(row)?));
        ready(self.one(&sql, [key.0], link))
    }

    fn item(
        &self,
        room: RoomId,
        kind: Kind,
        n: u64,
    ) -> impl Future<Output = Result<Option<Item>>> + Send {
        let sql =
            format!("SELECT {} FROM desk WHERE room_id = ?1 AND kind = ?2 AND n = ?3", rows::ITEM);
        ready(self.one(&sql, params![room.0, kind as u8, n], rows::item))
    }

    fn newest_items(
        &self,
        room: RoomId,
        kind: Kind,
        before: u64,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Item>>> + Send {
        let sql = format!(
            "SELECT {} FROM desk WHERE room_id = ?1 AND kind = ?2 AND rev < ?3
                ORDER BY rev DESC LIMIT ?4",
            rows::ITEM
        );
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        ready(self.all(&sql, params![room.0, kind as u8, before, most], rows::item))
    }

    fn waiting_items(
        &self,
        room: RoomId,
        kind: Kind,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Item>>> + Send {
        let sql = format!(
            "SELECT {} FROM desk WHERE room_id = ?1 AND kind = ?2 AND {} ORDER BY rev LIMIT ?3",
            rows::ITEM,
            rows::WAITS
        );
        ready(self.all(&sql, params![room.0, kind as u8, most], rows::item))
    }

    fn changed_items(
        &self,
        room: RoomId,
        after: u64,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Item>>> + Send {
        let sql = format!(
            "SELECT {} FROM desk WHERE room_id = ?1 AND rev > ?2 ORDER BY rev LIMIT ?3",
            rows::ITEM
        );
        ready(self.all(&sql, params![room.0, after, most], rows::item))
    }

    fn who(
        &self,
        room: RoomId,
        member: MemberId,
    ) -> impl Future<Output = Result<Option<PersonId>>> + Send {
        let sql = "SELECT person FROM members WHERE pk = ?1";
        ready(self.one(sql, [pk(room, member.0)], |row| Ok(PersonId(row.get(0)?))))
    }

    fn places(
        &self,
        room: RoomId,
        ids: &[MemberId],
    ) -> impl Future<Output = Result<Vec<Place>>> + Send {
        let sql = format!("SELECT {} FROM members WHERE pk = ?1", rows::PLACE);
        let found = ids.iter().map(|id| self.one(&sql, [pk(room, id.0)], rows::place));
        ready(found.filter_map(Result::transpose).collect())
    }

    fn open(&self, most: u32) -> impl Future<Output = Result<Vec<(RoomId, OpenRoom)>>> + Send {
        // What nobody can enter stands nowhere. As text: one that is damaged keeps no other from standing there.
        let sql = r#"SELECT id, code, name, last_at FROM rooms
            WHERE listed = 1 AND ended_at IS NULL AND instr(rules, '"admission":"locked"') = 0
            ORDER BY code = lower(code) DESC, last_at DESC, id DESC LIMIT ?1"#;
        ready(self.all(sql, [most], |row| {
            let (code, name) = (rows::code(row, 1)?, rows::name(row, 2)?);
            Ok((RoomId(row.get(0)?), OpenRoom { code, name, here: 0, last_at: row.get(3)? }))
        }))
    }

    fn ended(
        &self,
        code: &RoomCode,
        person: PersonId,
    ) -> impl Future<Output = Result<Option<Ended>>> + Send {
        let sql = "SELECT r.id, code, r.name, lifetime, ended_at, burned FROM rooms r
            JOIN members m ON m.person = ?2 AND m.room_id = r.id AND m.joined
            WHERE code = ?1 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1";
        ready(self.one(sql, params![code.as_str(), person.0], |row| {
            let (id, lifetime) = (RoomId(row.get(0)?), rows::lifetime(row, 3)?);
            let (code, name) = (rows::code(row, 1)?, rows::name(row, 2)?);
            Ok(Ended { id, code, name, lifetime, burned: row.get(5)?, at: row.get(4)? })
        }))
    }

    fn over(&self, before: Before, most: u32) -> impl Future<Output = Result<Vec<RoomId>>> + Send {
        let sql = "SELECT id FROM rooms WHERE ended_at IS NULL AND max(last_at, used_at) <=
            CASE lifetime WHEN 'while-here' THEN ?1 WHEN 'day' THEN ?2 WHEN 'month' THEN ?3 END LIMIT ?4";
        let Before { while_here, day, month } = before;
        ready(self.all(sql, params![while_here, day, month, most], |row| Ok(RoomId(row.get(0)?))))
    }

    fn to_clear(&self, rested: i64, most: u32) -> impl Future<Output = Result<Vec<RoomId>>> + Send {
        let sql = "SELECT id FROM rooms WHERE ended_at IS NOT NULL AND (seq > 0 OR ended_at <= ?1) LIMIT ?2";
        ready(self.all(sql, params![rested, most], |row| Ok(RoomId(row.get(0)?))))
    }

    fn holders(
        &self,
        room: RoomId,
        wanted: &[Skeletons],
    ) -> impl Future<Output = Result<Vec<(Skeletons, PersonId)>>> + Send {
        let holder = |row: &Row<'_>| Ok((names::skeletons(row, 2)?, PersonId(row.get(1)?)));
        let found =
            wanted.iter().map(|one| self.all(names::HOLDERS, names::wanted(room, one), holder));
        ready(found.collect::<Result<Vec<_>>>().map(|found| found.concat()))
    }

    fn members(
        &self,
        room: RoomId,
        ids: &[MemberId],
    ) -> impl Future<Output = Result<Vec<Member>>> + Send {
        let sql = format!("SELECT {} FROM members WHERE pk = ?1", rows::MEMBER);
        let found = ids.iter().map(|id| self.one(&sql, [pk(room, id.0)], rows::member));
        ready(found.filter_map(Result::transpose).collect())
    }

    fn messages(
        &self,
        room: RoomId,
        seqs: RangeInclusive<u32>,
        from: End,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Message>>> + Send {
        let order = match from {
            End::Oldest => "ASC",
            End::Newest => "DESC",
        };
        let sql = format!(
            "SELECT {} FROM messages WHERE pk BETWEEN ?1 AND ?2 ORDER BY pk {order} LIMIT ?3",
            rows::MESSAGE
        );
        let range = params![pk(room, *seqs.start()), pk(room, *seqs.end()), most];
        ready(self.all(&sql, range, rows::message))
    }

    fn created_at(
        &self,
        room: RoomId,
        seq: u32,
    ) -> impl Future<Output = Result<Option<i64>>> + Send {
        let sql = "SELECT created_at FROM messages WHERE pk = ?1";
        ready(self.one(sql, [pk(room, seq)], |row| row.get(0)))
    }

    fn changed(
        &self,
        room: RoomId,
        after: u64,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Changed>>> + Send {
        ready(self.changed(room, after, most))
    }

    fn head(&self, person: PersonId) -> impl Future<Output = Result<Point>> + Send {
        let sql = "SELECT value, rev FROM meta, persons WHERE key = 'epoch' AND id = ?1";
        let point = |row: &Row<'_>| Ok(Point { epoch: row.get(0)?, rev: row.get(1)? });
        let query = || Ok(self.0.prepare_cached(sql)?.query_row([person.0], point)?);
        ready(query())
    }

    fn changed_memberships(
        &self,
        person: PersonId,
        after: u64,
        most: usize,
    ) -> impl Future<Output = Result<Vec<Membership>>> + Send {
        ready(self.memberships(CHANGED_MEMBERSHIPS, params![person.0, after, most]))
    }

    fn newest_memberships(
        &self,
        person: PersonId,
        most: u32,
    ) -> impl Future<Output = Result<Vec<Membership>>> + Send {
        let newest = "WHERE person = ?1 AND joined ORDER BY person_rev DESC LIMIT ?2";
        ready(self.memberships(newest, params![person.0, most]))
    }
}

/// The last column says which kind it is; the first four of a member are those of `rows::MEMBER`.
pub(super) const CHANGED: &str = "
    SELECT pk, rev, id, version, author, content, created_at, 0 FROM messages
        WHERE room_id = ?1 AND rev > ?2 AND version > 1
    UNION ALL
    SELECT pk, rev, name, role, NULL, NULL, NULL, 1 FROM members WHERE room_id = ?1 AND rev > ?2 AND rev > 0
    UNION ALL
    SELECT NULL, stamp, NULL, NULL, NULL, NULL, NULL, 2 FROM rooms WHERE id = ?1 AND stamp > ?2
    ORDER BY 2 LIMIT ?3";

/// Messages that are as they were said. Their revs are in the order of their places, and each took one at least: since
/// then there are no more of them than revs.
pub(super) const FRESH: &str = "
    SELECT pk, rev, id, version, author, content, created_at FROM messages
        WHERE pk > (SELECT (id << 32) + max(seq - (rev - ?2), 0) FROM rooms WHERE id = ?1) AND pk < (?1 + 1) << 32
            AND version = 1 AND rev > ?2
        ORDER BY pk LIMIT ?3";

pub(super) const CHANGED_MEMBERSHIPS: &str =
    "WHERE person = ?1 AND person_rev > ?2 ORDER BY person_rev LIMIT ?3";

impl Moment<'_> {
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        of: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.0.prepare_cached(sql)?.query_row(params, of).optional()?)
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        of: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_map(params, of)?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn changed(&self, room: RoomId, after: u64, most: usize) -> Result<Vec<Changed>> {
        let mut all = self.all(CHANGED, params![room.0, after, most], |row| {
            Ok(match row.get::<_, u8>(7)? {
                0 => Changed::Message(rows::message(row)?),
                1 => Changed::Member(rows::member(row)?),
                _ => Changed::Room(row.get(1)?),
            })
        })?;
        all.extend(self.all(FRESH, params![room.0, after, most], |row| {
            rows::message(row).map(Changed::Message)
        })?);
        all.sort_by_key(Changed::rev);
        all.truncate(most);
        Ok(all)
    }

    fn memberships(&self, which: &str, params: impl Params) -> Result<Vec<Membership>> {
        let sql = format!("SELECT {} FROM members {which}", rows::MEMBERSHIP);
        self.all(&sql, params, |row| rows::membership(row, 0))
    }
}
