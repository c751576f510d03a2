//! What is on rooms' desks, and who is barred from them: loaded for a transaction, and saved by it. With it come the
//! members whom an act is about.

use futures::try_join;
use protocol::{Kind, MemberId, RoomId};
use tokio_postgres::{Client, Row, Statement, types::ToSql};
use uuid::Uuid;

use super::{
    error::Fallible,
    load::{column, columns, some},
    rows::{self, number},
    save::{self, all},
};
use crate::store::decide::{Barred, Batch, ItemState, Needs};

pub(super) struct Loading {
    members: Statement,
    their_persons: Statement,
    items: Statement,
    reports: Statement,
    links: Statement,
    makers: Statement,
    knocks: Statement,
    queues: Statement,
    barred: Statement,
}

/// What was found, row by row.
pub(super) struct Found {
    persons: Vec<Row>,
    members: [Vec<Row>; 2],
    items: [Vec<Row>; 4],
    queues: Vec<Row>,
    barred: Vec<Row>,
}

const BARRED: &str = "
    SELECT room_id, address, max(until) FROM unnest($1::int8[], $2::bytea[]) AS k(room, whence)
        JOIN barred ON room_id = k.room AND address = k.whence GROUP BY room_id, address";

impl Loading {
    pub(super) async fn prepare(client: &Client) -> Fallible<Self> {
        let prepare = async |sql: String| client.prepare(&sql).await;
        Ok(Self {
            members: prepare(format!(
                "SELECT {} FROM unnest($1::int8[], $2::int8[]) AS k(room, one)
                JOIN members ON room_id = k.room AND n = k.one",
                rows::MEMBER_STATE
            ))
            .await?,
            their_persons: prepare(format!(
                "SELECT {} FROM persons WHERE id IN
                    (SELECT person FROM unnest($1::int8[], $2::int8[]) AS k(room, one)
                    JOIN members ON room_id = k.room AND n = k.one)
                ORDER BY id FOR NO KEY UPDATE",
                rows::PERSON
            ))
            .await?,
            items: prepare(format!(
                "SELECT {} FROM unnest($1::int8[], $2::int8[], $3::int8[]) AS k(room, what, one)
                JOIN desk d ON d.room_id = k.room AND d.kind = k.what AND d.n = k.one",
                rows::ITEM_STATE
            ))
            .await?,
            reports: prepare(format!(
                "SELECT {} FROM unnest($1::int8[], $2::uuid[]) AS k(room, message)
                JOIN desk d ON d.room_id = k.room AND d.kind = $3
                    AND d.n = (SELECT seq FROM messages WHERE room_id = k.room AND id = k.message)",
                rows::ITEM_STATE
            ))
            .await?,
            links: prepare(format!(
                "SELECT {} FROM desk d WHERE secret = ANY($1::bytea[])",
                rows::ITEM_STATE
            ))
            .await?,
            makers: prepare(format!(
                "SELECT {} FROM members WHERE (room_id, n) IN
                    (SELECT d.room_id, (d.matter::json->'link'->>'by')::int8 FROM desk d
                    WHERE d.secret = ANY($1::bytea[]))",
                rows::MEMBER_STATE
            ))
            .await?,
            knocks: prepare(format!(
                "SELECT {} FROM unnest($1::int8[], $2::int8[]) AS k(room, who)
                JOIN desk d ON d.room_id = k.room AND d.kind = $3
                    AND d.n = (SELECT n FROM members WHERE person = k.who AND room_id = k.room)",
                rows::ITEM_STATE
            ))
            .await?,
            queues: prepare(format!(
                "SELECT room_id, count(*) FROM desk
                WHERE room_id = ANY($1::int8[]) AND kind = $2 AND {} GROUP BY room_id",
                rows::WAITS
            ))
            .await?,
            barred: prepare(BARRED.into()).await?,
        })
    }

    pub(super) async fn look(
        &self,
        client: &Client,
        needs: &Needs,
    ) -> Result<Found, tokio_postgres::Error> {
        let number = |room: &RoomId| i64::from(room.0);
        let (of, ids): (Vec<i64>, Vec<i64>) = needs.members.iter().map(numbers).unzip();
        let (on, kinds) =
            columns(&needs.items, |(room, kind, _)| (i64::from(room.0), *kind as i64));
        let items = column(&needs.items, |(_, _, n)| n.cast_signed());
        let (said, messages): (Vec<i64>, Vec<Uuid>) =
            needs.ids.iter().map(|(room, id)| (number(room), Uuid::from(*id))).unzip();
        let (places, who): (Vec<i64>, Vec<i64>) =
            needs.places.iter().map(|(room, who)| (number(room), who.0)).unzip();
        let links = column(&needs.links, |key| key.0.to_vec());
        let (into, from) =
            columns(&needs.addresses, |(room, from)| (i64::from(room.0), from.0.to_vec()));
        let reports = if needs.reports { said.len() } else { 0 };
        let knocks = if needs.knocks { places.len() } else { 0 };
        let queues = column(&needs.queues, number);
        let (report, knock) = (Kind::Report as i64, Kind::Knock as i64);
        let (persons, members, items, reports, links, makers, knocks, queues, barred) = try_join!(
            some(client, &self.their_persons, ids.len(), [&of, &ids]),
            some(client, &self.members, ids.len(), [&of, &ids]),
            some(client, &self.items, items.len(), [&on, &kinds, &items]),
            some(client, &self.reports, reports, [&said, &messages, &report]),
            some(client, &self.links, links.len(), [&links]),
            some(client, &self.makers, links.len(), [&links]),
            some(client, &self.knocks, knocks, [&places, &who, &knock]),
            some(client, &self.queues, queues.len(), [&queues, &knock]),
            some(client, &self.barred, from.len(), [&into, &from]),
        )?;
        let (members, items) = ([members, makers], [items, reports, links, knocks]);
        Ok(Found { persons, members, items, queues, barred })
    }
}

impl Found {
    pub(super) fn load(&self, batch: &mut Batch) -> Fallible<()> {
        for row in &self.persons {
            batch.load_person(rows::person(row)?);
        }
        for row in self.members.iter().flatten() {
            batch.load_member(rows::member_state(row)?);
        }
        for row in self.items.iter().flatten() {
            batch.load_item(rows::item_state(row)?);
        }
        for row in &self.queues {
            batch.waiting.insert(RoomId(number(row, 0)?), number(row, 1)?);
        }
        for row in &self.barred {
            let key = (RoomId(number(row, 0)?), rows::secret_of(row.try_get(1)?)?);
            batch.barred.insert(key, row.try_get(2)?);
        }
        Ok(())
    }
}

pub(super) struct Saving {
    items: Statement,
    emptied: Statement,
    unbarred: Statement,
    barred: Statement,
}

impl Saving {
    pub(super) async fn prepare(client: &Client) -> Fallible<Self> {
        Ok(Self {
            items: client
                .prepare(
                    "INSERT INTO desk(room_id, kind, n, rev, at, matter, secret, password)
                    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[],
                        $6::text[], $7::bytea[], $8::text[])
                    ON CONFLICT (room_id, kind, n) DO UPDATE SET rev = excluded.rev,
                        at = excluded.at, matter = excluded.matter",
                )
                .await?,
            emptied: client
                .prepare(
                    "WITH d AS (DELETE FROM desk WHERE room_id = ANY($1::int8[]))
                    DELETE FROM barred WHERE room_id = ANY($1::int8[])",
                )
                .await?,
            unbarred: client
                .prepare(
                    "DELETE FROM barred USING unnest($1::int8[], $2::int8[]) AS k(room, one)
                    WHERE room_id = k.room AND member = k.one",
                )
                .await?,
            barred: client
                .prepare(
                    "WITH b AS (INSERT INTO barred(room_id, member, until, address)
                        SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::bytea[])
                        ON CONFLICT (room_id, address, member) DO UPDATE SET until = excluded.until)
                    UPDATE rooms SET barred_until = greatest(barred_until, k.until)
                    FROM (SELECT room, max(until) AS until
                        FROM unnest($1::int8[], $3::int8[]) AS n(room, until) GROUP BY room) AS k
                    WHERE id = k.room",
                )
                .await?,
        })
    }

    pub(super) async fn all(&self, client: &Client, batch: &Batch) -> Fallible<()> {
        try_join!(self.items(client, batch), self.barred(client, batch))?;
        Ok(())
    }

    async fn items(&self, client: &Client, batch: &Batch) -> Fallible<()> {
        let items: Vec<&ItemState> = save::dirty(batch.items.values());
        let rooms = save::column(&items, |state| i64::from(state.room.0));
        let kinds = save::column(&items, |state| state.item.matter.key(0).0 as i64);
        let ns =
            save::column(&items, |state| state.item.matter.key(state.item.rev).1.cast_signed());
        let revs = save::column(&items, |state| state.item.rev.cast_signed());
        let times = save::column(&items, |state| state.item.at);
        let matters = save::column(&items, |state| protocol::encode(&state.item.matter));
        let secrets =
            save::column(&items, |state| state.secret.as_ref().map(|secret| &secret.0[..]));
        let passwords = save::column(&items, |state| state.password.as_deref());
        let columns: [&(dyn ToSql + Sync); 8] =
            [&rooms, &kinds, &ns, &revs, &times, &matters, &secrets, &passwords];
        all(client, &self.items, rooms.len(), &columns).await
    }

    /// What was on the desks of rooms that end goes too. All is sent at once, before the commit is.
    async fn barred(&self, client: &Client, batch: &Batch) -> Fallible<()> {
        let free: (Vec<i64>, Vec<i64>) = batch.unbarred.iter().map(numbers).unzip();
        let barred: Vec<&Barred> = batch.new_barred.iter().collect();
        let rooms = save::column(&barred, |one| i64::from(one.room.0));
        let members = save::column(&barred, |one| i64::from(one.member.0));
        let until = save::column(&barred, |one| one.until);
        let addresses = save::column(&barred, |one| &one.address.0[..]);
        let over: Vec<i64> = batch.over.iter().map(|state| i64::from(state.room.id.0)).collect();
        try_join!(
            each(client, &self.unbarred, free.0.len(), [&free.0, &free.1]),
            each(client, &self.barred, rooms.len(), [&rooms, &members, &until, &addresses]),
            each(client, &self.emptied, over.len(), [&over]),
        )?;
        Ok(())
    }
}

/// How many rows it changes does not matter.
async fn each<const N: usize>(
    client: &Client,
    statement: &Statement,
    keys: usize,
    columns: [&(dyn ToSql + Sync); N],
) -> Fallible<()> {
    if keys > 0 {
        client.execute(statement, &columns).await?;
    }
    Ok(())
}

fn numbers((room, member): &(RoomId, MemberId)) -> (i64, i64) {
    (i64::from(room.0), i64::from(member.0))
}
