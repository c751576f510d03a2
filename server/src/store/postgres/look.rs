//! The questions of `read`, answered over a pool of connections that never write.

use std::{ops::RangeInclusive, time::Duration};

use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use protocol::{
    Ended, Item, Kind, Member, MemberId, Membership, Message, OpenRoom, Point, RoomCode, RoomId,
    RoomLink, Skeletons,
};
use tokio_postgres::{NoTls, Row, types::ToSql};

use super::{
    Address, devices,
    error::{Fallible, Fault},
    names,
    rows::{self, number},
};
use crate::store::{
    Door, Person, PersonId, Result, Secret, Session, SessionHash, SignedIn, StoreError, WayHash,
    decide::RoomState,
    read::{Before, Changed, End, Look, Place},
};

const CONNECTIONS: usize = 8;

pub(super) struct Readers(Pool);

impl Readers {
    /// Connects when there is something to read.
    pub(super) fn new(address: &Address) -> std::result::Result<Self, StoreError> {
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(address.to_read(), NoTls, config);
        let milliseconds = |n| Some(Duration::from_millis(n));
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(milliseconds(500))
            .create_timeout(milliseconds(1000))
            .recycle_timeout(milliseconds(500));
        pool.build().map(Self).map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    pub(super) async fn look(&self) -> Result<Moment> {
        let client = self.0.get().await.map_err(|error| match error {
            PoolError::Timeout(TimeoutType::Wait) => StoreError::Overloaded,
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => StoreError::silent(),
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                StoreError::stopped()
            }
        })?;
        let moment = Moment(Some(client));
        moment.client()?.batch_execute("BEGIN").await?;
        Ok(moment)
    }
}

/// A read transaction: everything in it is of the same moment. `None` once it has ended.
pub(super) struct Moment(Option<Object>);

impl Drop for Moment {
    /// One that was broken off, perhaps in the middle of an answer: the connection goes with it.
    fn drop(&mut self) {
        drop(self.0.take().map(Object::take));
    }
}

impl Moment {
    /// Gives the connection back, unless something is wrong with it.
    pub(super) async fn end<T>(mut self, found: Result<T>) -> Result<T> {
        let known = matches!(found, Ok(_) | Err(StoreError::NoSuchRoom));
        if known {
            self.client()?.batch_execute("COMMIT").await?;
            drop(self.0.take());
        }
        found
    }

    pub(super) fn client(&self) -> Fallible<&Object> {
        self.0.as_ref().ok_or(Fault::Other("the transaction has ended"))
    }

    pub(super) async fn all<T>(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
        of: impl Fn(&Row) -> Fallible<T>,
    ) -> Result<Vec<T>> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await?;
        let rows = client.query(&statement, params).await?;
        Ok(rows.iter().map(of).collect::<Fallible<_>>()?)
    }

    pub(super) async fn one<T>(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
        of: impl Fn(&Row) -> Fallible<T>,
    ) -> Result<Option<T>> {
        Ok(self.all(sql, params, of).await?.into_iter().next())
    }
}

fn id(room: RoomId) -> i64 {
    i64::from(room.0)
}

impl Look for Moment {
    async fn session(&self, session: SessionHash) -> Result<Option<Session>> {
        self.one(devices::KNOWN, &[&&session.0[..]], devices::known).await
    }

    async fn devices(&self, person: PersonId) -> Result<Vec<SignedIn>> {
        self.all(devices::SIGNED_IN, &[&person.0], devices::signed_in).await
    }

    async fn way(&self, way: WayHash) -> Result<Option<(Person, i64, bool)>> {
        self.one(devices::WAY_OF, &[&&way.0[..]], devices::way_of).await
    }

    async fn rooms(&self, person: PersonId, most: u32) -> Result<Vec<RoomLink>> {
        let sql = format!(
            "SELECT r.id, r.code, r.name, r.seq - m.read, r.seq FROM members m JOIN rooms r ON r.id = m.room_id
            WHERE m.person = $1 AND m.joined AND {}
            ORDER BY r.last_at DESC, r.id DESC LIMIT $2",
            rows::OPEN
        );
        let link = |row: &Row| {
            let (code, name) = (rows::code(row, 1)?, rows::name(row, 2)?);
            let (id, unread, head) = (RoomId(number(row, 0)?), number(row, 3)?, number(row, 4)?);
            Ok(RoomLink { id, code, name, unread, head })
        };
        self.all(&sql, &[&person.0, &i64::from(most)], link).await
    }

    async fn room(&self, door: &Door) -> Result<Option<RoomState>> {
        let from = |which| format!("SELECT {} FROM rooms WHERE {which}", rows::ROOM);
        match door {
            Door::Id(room) => {
                let sql = from(format!("id = $1 AND {}", rows::OPEN));
                self.one(&sql, &[&id(*room)], rows::room).await
            }
            Door::Code(code) => {
                let sql = from("code = $1 AND ended_at IS NULL".into());
                self.one(&sql, &[&code.as_str()], rows::room).await
            }
        }
    }

    async fn place(&self, room: RoomId, person: PersonId) -> Result<Option<Place>> {
        let sql = format!("SELECT {} FROM members WHERE person = $1 AND room_id = $2", rows::PLACE);
        self.one(&sql, &[&person.0, &id(room)], rows::place).await
    }

    async fn who(&self, room: RoomId, member: MemberId) -> Result<Option<PersonId>> {
        let sql = "SELECT person FROM members WHERE room_id = $1 AND n = $2";
        let whose = |row: &Row| Ok(PersonId(row.try_get(0)?));
        self.one(sql, &[&id(room), &i64::from(member.0)], whose).await
    }

    async fn places(&self, room: RoomId, ids: &[MemberId]) -> Result<Vec<Place>> {
        let sql = format!(
            "SELECT {} FROM members WHERE room_id = $1 AND n = ANY($2::int8[]) ORDER BY n",
            rows::PLACE
        );
        let ids: Vec<i64> = ids.iter().map(|id| i64::from(id.0)).collect();
        self.all(&sql, &[&id(room), &ids], rows::place).await
    }

    async fn barred(&self, room: RoomId, from: Secret) -> Result<Option<i64>> {
        let sql = "SELECT max(until) FROM barred WHERE room_id = $1 AND address = $2";
        let until = |row: &Row| Ok(row.try_get(0)?);
        Ok(self.one(sql, &[&id(room), &&from.0[..]], until).await?.flatten())
    }

    async fn password(&self, room: RoomId) -> Result<Option<String>> {
        let sql = format!("SELECT password FROM rooms WHERE id = $1 AND {}", rows::OPEN);
        Ok(self.one(&sql, &[&id(room)], |row| Ok(row.try_get(0)?)).await?.flatten())
    }

    async fn link(&self, key: Secret) -> Result<Option<(RoomId, Item)>> {
        let sql = format!("SELECT {}, d.room_id FROM desk d WHERE secret = $1", rows::ITEM);
        let link = |row: &Row| Ok((RoomId(number(row, 3)?), rows::item(row)?));
        self.one(&sql, &[&&key.0[..]], link).await
    }

    async fn item(&self, room: RoomId, kind: Kind, n: u64) -> Result<Option<Item>> {
        let sql = format!(
            "SELECT {} FROM desk d WHERE room_id = $1 AND kind = $2 AND n = $3",
            rows::ITEM
        );
        let key: [&(dyn ToSql + Sync); 3] = [&id(room), &(kind as i64), &n.cast_signed()];
        self.one(&sql, &key, rows::item).await
    }

    async fn newest_items(
        &self,
        room: RoomId,
        kind: Kind,
        before: u64,
        most: u32,
    ) -> Result<Vec<Item>> {
        let sql = format!(
            "SELECT {} FROM desk d WHERE room_id = $1 AND kind = $2 AND rev < $3
                ORDER BY rev DESC LIMIT $4",
            rows::ITEM
        );
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        let key: [&(dyn ToSql + Sync); 4] = [&id(room), &(kind as i64), &before, &i64::from(most)];
        self.all(&sql, &key, rows::item).await
    }

    async fn waiting_items(&self, room: RoomId, kind: Kind, most: u32) -> Result<Vec<Item>> {
        let sql = format!(
            "SELECT {} FROM desk d WHERE room_id = $1 AND kind = $2 AND {} ORDER BY rev LIMIT $3",
            rows::ITEM,
            rows::WAITS
        );
        let key: [&(dyn ToSql + Sync); 3] = [&id(room), &(kind as i64), &i64::from(most)];
        self.all(&sql, &key, rows::item).await
    }

    async fn changed_items(&self, room: RoomId, after: u64, most: usize) -> Result<Vec<Item>> {
        let sql = format!(
            "SELECT {} FROM desk d WHERE room_id = $1 AND rev > $2 ORDER BY rev LIMIT $3",
            rows::ITEM
        );
        let key: [&(dyn ToSql + Sync); 3] = [&id(room), &after.cast_signed(), &(most as i64)];
        self.all(&sql, &key, rows::item).await
    }

    async fn open(&self, most: u32) -> Result<Vec<(RoomId, OpenRoom)>> {
        // What nobody can enter stands nowhere. As text: one that is damaged keeps no other from standing there.
        let sql = r#"SELECT id, code, name, last_at FROM rooms
            WHERE listed AND ended_at IS NULL AND position('"admission":"locked"' in rules) = 0
            ORDER BY code = lower(code) DESC, last_at DESC, id DESC LIMIT $1"#;
        let open = |row: &Row| {
            let (code, name) = (rows::code(row, 1)?, rows::name(row, 2)?);
            let last_at = row.try_get(3)?;
            Ok((RoomId(number(row, 0)?), OpenRoom { code, name, here: 0, last_at }))
        };
        self.all(sql, &[&i64::from(most)], open).await
    }

    async fn ended(&self, code: &RoomCode, person: PersonId) -> Result<Option<Ended>> {
        let sql = "SELECT r.id, code, r.name, lifetime, ended_at, burned FROM rooms r
            JOIN members m ON m.person = $2 AND m.room_id = r.id AND m.joined
            WHERE code = $1 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1";
        let ended = |row: &Row| {
            let (id, lifetime) = (RoomId(number(row, 0)?), rows::lifetime(row, 3)?);
            let (code, name) = (rows::code(row, 1)?, rows::name(row, 2)?);
            Ok(Ended { id, code, name, lifetime, burned: row.try_get(5)?, at: row.try_get(4)? })
        };
        self.one(sql, &[&code.as_str(), &person.0], ended).await
    }

    async fn over(&self, before: Before, most: u32) -> Result<Vec<RoomId>> {
        let sql = "SELECT id FROM rooms WHERE ended_at IS NULL AND greatest(last_at, used_at) <=
            CASE lifetime WHEN 'while-here' THEN $1::int8 WHEN 'day' THEN $2::int8 WHEN 'month' THEN $3::int8 END LIMIT $4";
        let Before { while_here, day, month } = before;
        self.all(sql, &[&while_here, &day, &month, &i64::from(most)], |row| {
            Ok(RoomId(number(row, 0)?))
        })
        .await
    }

    async fn to_clear(&self, rested: i64, most: u32) -> Result<Vec<RoomId>> {
        let sql = "SELECT id FROM rooms WHERE ended_at IS NOT NULL AND (seq > 0 OR ended_at <= $1) LIMIT $2";
        self.all(sql, &[&rested, &i64::from(most)], |row| Ok(RoomId(number(row, 0)?))).await
    }

    async fn holders(
        &self,
        room: RoomId,
        wanted: &[Skeletons],
    ) -> Result<Vec<(Skeletons, PersonId)>> {
        let holder = |row: &Row| Ok((names::skeletons(row, 3)?, PersonId(row.try_get(2)?)));
        let rooms = vec![id(room); wanted.len()];
        let [written, small, capitals] = names::columns(wanted.iter());
        self.all(&names::holders(), &[&rooms, &written, &small, &capitals], holder).await
    }

    async fn members(&self, room: RoomId, ids: &[MemberId]) -> Result<Vec<Member>> {
        let sql = format!(
            "SELECT {} FROM members WHERE room_id = $1 AND n = ANY($2::int8[]) ORDER BY n",
            rows::MEMBER
        );
        let ids: Vec<i64> = ids.iter().map(|id| i64::from(id.0)).collect();
        self.all(&sql, &[&id(room), &ids], rows::member).await
    }

    async fn messages(
        &self,
        room: RoomId,
        seqs: RangeInclusive<u32>,
        from: End,
        most: u32,
    ) -> Result<Vec<Message>> {
        let order = match from {
            End::Oldest => "ASC",
            End::Newest => "DESC",
        };
        let sql = format!(
            "SELECT {} FROM messages WHERE room_id = $1 AND seq BETWEEN $2 AND $3
            ORDER BY seq {order} LIMIT $4",
            rows::MESSAGE
        );
        let (first, last) = (i64::from(*seqs.start()), i64::from(*seqs.end()));
        self.all(&sql, &[&id(room), &first, &last, &i64::from(most)], rows::message).await
    }

    async fn created_at(&self, room: RoomId, seq: u32) -> Result<Option<i64>> {
        let sql = "SELECT created_at FROM messages WHERE room_id = $1 AND seq = $2";
        self.one(sql, &[&id(room), &i64::from(seq)], |row| Ok(row.try_get(0)?)).await
    }

    async fn changed(&self, room: RoomId, after: u64, most: usize) -> Result<Vec<Changed>> {
        let params: [&(dyn ToSql + Sync); 3] = [&id(room), &after.cast_signed(), &(most as i64)];
        self.all(CHANGED, &params, changed).await
    }

    async fn head(&self, person: PersonId) -> Result<Point> {
        let sql = "SELECT epoch, rev FROM meta, persons WHERE id = $1";
        let point = |row: &Row| Ok(Point { epoch: number(row, 0)?, rev: number(row, 1)? });
        let found = self.one(sql, &[&person.0], point).await?;
        found.ok_or_else(|| StoreError::Unavailable("nobody has this id".into()))
    }

    async fn changed_memberships(
        &self,
        person: PersonId,
        after: u64,
        most: usize,
    ) -> Result<Vec<Membership>> {
        let sql = format!(
            "SELECT {} FROM members WHERE person = $1 AND person_rev > $2
            ORDER BY person_rev LIMIT $3",
            rows::MEMBERSHIP
        );
        let params: [&(dyn ToSql + Sync); 3] = [&person.0, &after.cast_signed(), &(most as i64)];
        self.all(&sql, &params, |row| rows::membership(row, 0)).await
    }

    async fn newest_memberships(&self, person: PersonId, most: u32) -> Result<Vec<Membership>> {
        let sql = format!(
            "SELECT {} FROM members WHERE person = $1 AND joined ORDER BY person_rev DESC LIMIT $2",
            rows::MEMBERSHIP
        );
        self.all(&sql, &[&person.0, &i64::from(most)], |row| rows::membership(row, 0)).await
    }
}

/// The last column says which kind it is.
/// Each kind by its own index, at most as many as fit the page.
const CHANGED: &str = "
    (SELECT seq, rev, id, version, author, content, created_at, NULL::text, false, 0::int8
        FROM messages WHERE room_id = $1 AND rev > $2 ORDER BY rev LIMIT $3)
    UNION ALL
    (SELECT n, rev, NULL, 0, 0, NULL, 0, name, host, 1
        FROM members WHERE room_id = $1 AND rev > $2 AND rev > 0 ORDER BY rev LIMIT $3)
    UNION ALL
    (SELECT 0, stamp, NULL, 0, 0, NULL, 0, NULL, false, 2 FROM rooms WHERE id = $1 AND stamp > $2)
    ORDER BY 2 LIMIT $3";

fn changed(row: &Row) -> Fallible<Changed> {
    Ok(match row.try_get::<_, i64>(9)? {
        0 => Changed::Message(rows::message(row)?),
        1 => Changed::Member(rows::named_member(row, 7)?),
        _ => Changed::Room(number(row, 1)?),
    })
}
