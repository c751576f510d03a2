//! The rows that a transaction needs, locked and loaded in one round trip; and in another one, if somebody comes again
//! who was sent away at the door, who has their name by now.

use futures::try_join;
use protocol::{MemberId, RoomId, Skeletons};
use tokio_postgres::{Client, Row, Statement, types::ToSql};
use uuid::Uuid;

use super::{
    desk,
    devices::Loading,
    error::Fallible,
    names,
    rows::{self, number},
};
use crate::store::decide::{Batch, EndedState, Needs};

pub(in crate::store::postgres) struct Statements {
    counters: Statement,
    locked_counters: Statement,
    rooms: Statement,
    provided: Statement,
    ended: Statement,
    persons: Statement,
    devices: Loading,
    places: Statement,
    names: Statement,
    messages: Statement,
    desk: desk::Loading,
    short_codes: Statement,
    codes: Statement,
}

impl Statements {
    pub(super) async fn prepare(client: &Client) -> Fallible<Self> {
        let prepare = async |sql: String| client.prepare(&sql).await;
        let counters = "SELECT epoch, last_room, last_person FROM meta";
        Ok(Self {
            counters: prepare(counters.into()).await?,
            locked_counters: prepare(format!("{counters} FOR NO KEY UPDATE")).await?,
            rooms: prepare(rooms(&format!("id = ANY($1::int8[]) AND {} ORDER BY id", rows::OPEN)))
                .await?,
            provided: prepare(rooms("code = ANY($1::text[]) AND ended_at IS NULL")).await?,
            ended: prepare(ENDED.into()).await?,
            persons: prepare(format!(
                "SELECT {} FROM persons WHERE id = ANY($1::int8[]) ORDER BY id FOR NO KEY UPDATE",
                rows::PERSON
            ))
            .await?,
            devices: Loading::prepare(client).await?,
            places: prepare(format!(
                "SELECT {} FROM unnest($1::int8[], $2::int8[]) AS k(room, who)
                JOIN members ON person = k.who AND room_id = k.room",
                rows::MEMBER_STATE
            ))
            .await?,
            names: prepare(names::holders()).await?,
            messages: prepare(format!(
                "SELECT {} FROM unnest($1::int8[], $2::uuid[]) AS k(room, message)
                JOIN messages ON room_id = k.room AND id = k.message",
                rows::MESSAGE_STATE
            ))
            .await?,
            desk: desk::Loading::prepare(client).await?,
            short_codes: prepare(
                "SELECT (SELECT count(*) FROM rooms WHERE length(code) = 4 AND ended_at IS NULL)
                      + (SELECT count(*) FROM rooms WHERE length(code) = 4 AND ended_at > $1)"
                    .into(),
            )
            .await?,
            codes: prepare(
                "SELECT code FROM rooms WHERE code = ANY($1::text[]) AND ended_at IS NULL
                UNION ALL
                SELECT code FROM rooms WHERE code = ANY($1::text[]) AND ended_at > $2"
                    .into(),
            )
            .await?,
        })
    }

    /// Begins a transaction. All is sent at once, in this order; each statement behind the locks
    /// sees what those who held them before have committed.
    pub(super) async fn begin(
        &self,
        client: &Client,
        needs: &Needs,
        counts: bool,
    ) -> Fallible<Batch> {
        let counts = counts
            || !needs.sessions.is_empty()
            || !needs.codes.is_empty()
            || !needs.provided.is_empty();
        let counters = if counts { &self.locked_counters } else { &self.counters };
        let rooms = column(&needs.rooms, |room| i64::from(room.0));
        let provided = column(&needs.provided, |code| code.as_str());
        let ended = column(&needs.ended, |room| i64::from(room.0));
        let persons = column(&needs.persons, |person| person.0);
        let (places, who) = columns(&needs.places, |(room, who)| (i64::from(room.0), who.0));
        let (posted, ids) = columns(&needs.ids, |(room, id)| (i64::from(room.0), Uuid::from(*id)));
        let codes = column(&needs.codes, |code| code.as_str());
        let any_code = needs.rested.is_some();
        #[rustfmt::skip]
        let (_, counters, rooms, provided, ended, persons, devices, places, names, messages, short, codes, desk) = try_join!(
            client.batch_execute("BEGIN"),
            client.query_one(counters, &[]),
            some(client, &self.rooms, rooms.len(), [&rooms]),
            some(client, &self.provided, provided.len(), [&provided]),
            some(client, &self.ended, ended.len(), [&ended]),
            some(client, &self.persons, persons.len(), [&persons]),
            self.devices.look(client, needs),
            some(client, &self.places, places.len(), [&places, &who]),
            self.holders(client, needs.names.iter()),
            some(client, &self.messages, posted.len(), [&posted, &ids]),
            some(client, &self.short_codes, any_code.into(), [&needs.rested]),
            some(client, &self.codes, codes.len(), [&codes, &needs.rested]),
            self.desk.look(client, needs),
        )?;
        let mut batch = Batch {
            epoch: number(&counters, 0)?,
            last_room: number(&counters, 1)?,
            last_person: counters.try_get(2)?,
            ..Batch::looked_for(needs)
        };
        let mut rooms = rooms.iter().chain(&provided);
        rooms.try_for_each(|row| rows::room(row).map(|room| batch.load_room(room)))?;
        ended.iter().try_for_each(|row| ended_room(row).map(|room| batch.load_ended(room)))?;
        persons.iter().try_for_each(|row| rows::person(row).map(|one| batch.load_person(one)))?;
        places
            .iter()
            .try_for_each(|row| rows::member_state(row).map(|one| batch.load_member(one)))?;
        messages
            .iter()
            .try_for_each(|row| rows::message_state(row).map(|one| batch.load_message(one)))?;
        desk.load(&mut batch)?;
        devices.load(&mut batch)?;
        let freed = self.holders(client, batch.freed().iter()).await?;
        names.iter().chain(&freed).try_for_each(|row| holder(row, &mut batch))?;
        codes.iter().try_for_each(|row| rows::code(row, 0).map(|code| batch.load_code(code)))?;
        batch.short_codes = short.first().map(|row| number(row, 0)).transpose()?;
        Ok(batch)
    }

    async fn holders(
        &self,
        client: &Client,
        wanted: impl Iterator<Item = &(RoomId, Skeletons)> + Clone,
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let rooms: Vec<_> = wanted.clone().map(|(room, _)| i64::from(room.0)).collect();
        let [written, small, capitals] = names::columns(wanted.map(|(_, name)| name));
        some(client, &self.names, rooms.len(), [&rooms, &written, &small, &capitals]).await
    }
}

const ENDED: &str = "SELECT id, seq, members, ended_at FROM rooms
    WHERE id = ANY($1::int8[]) AND ended_at IS NOT NULL ORDER BY id FOR NO KEY UPDATE";

fn rooms(which: &str) -> String {
    format!("SELECT {} FROM rooms WHERE {which} FOR NO KEY UPDATE", rows::ROOM)
}

fn ended_room(row: &Row) -> Fallible<EndedState> {
    Ok(EndedState {
        id: RoomId(number(row, 0)?),
        seq: number(row, 1)?,
        members: number(row, 2)?,
        ended_at: row.try_get(3)?,
    })
}

fn holder(row: &Row, batch: &mut Batch) -> Fallible<()> {
    let (room, id) = (RoomId(number(row, 0)?), MemberId(number(row, 1)?));
    batch.names.add(room, id, &names::skeletons(row, 3)?);
    Ok(())
}

/// Nothing is asked for no keys.
pub(super) async fn some<const N: usize>(
    client: &Client,
    statement: &Statement,
    keys: usize,
    params: [&(dyn ToSql + Sync); N],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    if keys == 0 { Ok(vec![]) } else { client.query(statement, &params).await }
}

pub(super) fn column<'a, K: 'a, T>(
    keys: impl IntoIterator<Item = &'a K>,
    of: fn(&'a K) -> T,
) -> Vec<T> {
    keys.into_iter().map(of).collect()
}

pub(super) fn columns<'a, K: 'a, T, U>(
    keys: impl IntoIterator<Item = &'a K>,
    of: fn(&'a K) -> (T, U),
) -> (Vec<T>, Vec<U>) {
    keys.into_iter().map(of).unzip()
}
