//! The rows that a batch changed, each written once, and the commit, in one round trip.

use futures::try_join;
use protocol::RoomName;
use tokio_postgres::{Client, Statement, types::ToSql};
use uuid::Uuid;

use super::{
    clear::Clearing,
    desk,
    devices::Saving,
    error::{Fallible, Fault},
    names, operator,
    rows::is_host,
    search,
};
use crate::store::{
    decide::{Batch, MemberState, MessageState, PersonState, RoomState, Row},
    tokens::words,
};

pub(in crate::store::postgres) struct Statements {
    counters: Statement,
    persons: Statement,
    devices: Saving,
    rooms: Statement,
    members: Statement,
    messages: Statement,
    search: Statement,
    desk: desk::Saving,
    operator: operator::Saving,
    clear: Clearing,
}

impl Statements {
    pub(super) async fn prepare(client: &Client) -> Fallible<Self> {
        Ok(Self {
            counters: client.prepare("UPDATE meta SET last_room = $1, last_person = $2").await?,
            persons: client
                .prepare(
                    "INSERT INTO persons(id, rev, created_at, name)
                    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::text[])
                    ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, name = excluded.name",
                )
                .await?,
            devices: Saving::prepare(client).await?,
            rooms: client
                .prepare(
                    "INSERT INTO rooms(id, epoch, rev, stamp, seq, members, joined, last_at, used_at, created_at,
                        ended_at, listed, lifetime, code, name, rules, password, burned, hosts, desk)
                    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[],
                        $6::int8[], $7::int8[], $8::int8[], $9::int8[], $10::int8[], $11::int8[],
                        $12::bool[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
                        $18::bool[], $19::int8[], $20::int8[])
                    ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, stamp = excluded.stamp,
                        seq = excluded.seq, members = excluded.members, joined = excluded.joined,
                        last_at = excluded.last_at, used_at = excluded.used_at,
                        lifetime = excluded.lifetime, ended_at = excluded.ended_at,
                        listed = excluded.listed, name = excluded.name, rules = excluded.rules,
                        password = excluded.password, burned = excluded.burned,
                        hosts = excluded.hosts, desk = excluded.desk",
                )
                .await?,
            members: client
                .prepare(
                    "INSERT INTO members(room_id, n, person, rev, read, person_rev, joined_at, joined, host, name,
                        skeleton_as_written, skeleton, skeleton_of_capitals, muted, barred, spoke_at)
                    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[],
                        $6::int8[], $7::int8[], $8::bool[], $9::bool[], $10::text[], $11::text[],
                        $12::text[], $13::text[], $14::int8[], $15::int8[], $16::int8[])
                    ON CONFLICT (room_id, n) DO UPDATE SET rev = excluded.rev, read = excluded.read,
                        person_rev = excluded.person_rev, joined_at = excluded.joined_at,
                        joined = excluded.joined, host = excluded.host, name = excluded.name,
                        skeleton_as_written = excluded.skeleton_as_written, skeleton = excluded.skeleton,
                        skeleton_of_capitals = excluded.skeleton_of_capitals, muted = excluded.muted,
                        barred = excluded.barred, spoke_at = excluded.spoke_at",
                )
                .await?,
            messages: client
                .prepare(
                    "INSERT INTO messages(room_id, seq, rev, author, person, created_at, digest, version, id, content,
                        original, removed_at)
                    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[],
                        $6::int8[], $7::int8[], $8::int8[], $9::uuid[], $10::text[], $11::text[], $12::int8[])
                    ON CONFLICT (room_id, seq) DO UPDATE SET rev = excluded.rev,
                        version = excluded.version, content = excluded.content,
                        original = excluded.original, removed_at = excluded.removed_at",
                )
                .await?,
            search: client.prepare(search::PUT).await?,
            desk: desk::Saving::prepare(client).await?,
            operator: operator::Saving::prepare(client).await?,
            clear: Clearing::prepare(client).await?,
        })
    }

    /// Ends the transaction: durable when this resolves. Nothing to save costs no sync.
    pub(super) async fn commit(
        &self,
        client: &Client,
        batch: &Batch,
        probe: Option<&Statement>,
    ) -> Fallible<()> {
        let persons: Vec<&PersonState> = dirty(batch.persons.values());
        let mut rooms: Vec<&RoomState> = dirty(batch.rooms.values());
        rooms.extend(&batch.over);
        let members: Vec<&MemberState> = dirty(batch.members.values());
        let messages: Vec<&MessageState> = dirty(batch.messages.values());
        let rows =
            persons.len() + rooms.len() + members.len() + messages.len() + batch.cleared.len();
        let devices = batch.sessions.values().flatten().any(|row| row.dirty)
            || batch.ways.iter().any(|row| row.dirty);
        let bans = !batch.bans.is_empty() || !batch.new_barred.is_empty();
        if rows == 0 && !devices && !bans && probe.is_none() {
            return Ok(client.batch_execute("ROLLBACK").await?);
        }
        let counters = async {
            if batch.new_ids() {
                let counters: [&(dyn ToSql + Sync); 2] =
                    [&i64::from(batch.last_room), &batch.last_person];
                return wrote(client.execute(&self.counters, &counters).await?, 1);
            }
            Ok(())
        };
        let probe = async {
            match probe {
                Some(probe) => wrote(client.execute(probe, &[]).await?, 1),
                None => Ok(()),
            }
        };
        // COMMIT of a transaction that failed answers ROLLBACK without an error: it is what each
        // statement said itself that counts.
        try_join!(
            counters,
            self.save_persons(client, &persons),
            self.devices.all(client, batch),
            self.save_rooms(client, &rooms),
            self.save_members(client, &members),
            self.save_messages(client, &messages),
            self.save_words(client, batch),
            self.desk.all(client, batch),
            self.operator.all(client, batch),
            self.clear.all(client, &batch.cleared),
            probe,
            async { Ok(client.batch_execute("COMMIT").await?) },
        )?;
        Ok(())
    }

    async fn save_persons(&self, client: &Client, persons: &[&PersonState]) -> Fallible<()> {
        let ids = column(persons, |state| state.person.id.0);
        let revs = column(persons, |state| state.rev.cast_signed());
        let begun = column(persons, |state| state.created_at);
        let names = column(persons, |state| state.person.name.as_str());
        all(client, &self.persons, ids.len(), &[&ids, &revs, &begun, &names]).await
    }

    async fn save_rooms(&self, client: &Client, rooms: &[&RoomState]) -> Fallible<()> {
        let ids = column(rooms, |state| i64::from(state.room.id.0));
        let epochs = column(rooms, |state| i64::from(state.epoch));
        let revs = column(rooms, |state| state.rev.cast_signed());
        let stamps = column(rooms, |state| state.room.rev.cast_signed());
        let seqs = column(rooms, |state| i64::from(state.seq));
        let members = column(rooms, |state| i64::from(state.members));
        let joined = column(rooms, |state| i64::from(state.joined));
        let last = column(rooms, |state| state.last_at);
        let used = column(rooms, |state| state.used_at);
        let begun = column(rooms, |state| state.created_at);
        let kept = column(rooms, |state| state.room.lifetime.as_str());
        let ended = column(rooms, |state| state.ended_at);
        let listed = column(rooms, |state| state.room.listed);
        let codes = column(rooms, |state| state.room.code.as_str());
        let names = column(rooms, |state| state.room.name.as_ref().map(RoomName::as_str));
        let rules = column(rooms, |state| protocol::encode(&state.room.rules));
        let passwords = column(rooms, |state| state.password.as_deref());
        let burned = column(rooms, |state| state.burned);
        let hosts = column(rooms, |state| i64::from(state.hosts));
        let desks = column(rooms, |state| state.desk.cast_signed());
        let columns: [&(dyn ToSql + Sync); 20] = [
            &ids, &epochs, &revs, &stamps, &seqs, &members, &joined, &last, &used, &begun, &ended,
            &listed, &kept, &codes, &names, &rules, &passwords, &burned, &hosts, &desks,
        ];
        all(client, &self.rooms, ids.len(), &columns).await
    }

    async fn save_members(&self, client: &Client, members: &[&MemberState]) -> Fallible<()> {
        let rooms = column(members, |state| i64::from(state.membership.room.0));
        let ids = column(members, |state| i64::from(state.member.id.0));
        let persons = column(members, |state| state.person.0);
        let revs = column(members, |state| state.member.rev.cast_signed());
        let read = column(members, |state| i64::from(state.membership.read));
        let mine = column(members, |state| state.membership.rev.cast_signed());
        let since = column(members, |state| state.joined_at);
        let joined = column(members, |state| state.membership.joined);
        let hosts = column(members, |state| is_host(state.member.role));
        let names = column(members, |state| state.member.name.as_str());
        let [written, small, capitals] =
            names::columns(members.iter().map(|state| &state.skeletons));
        let muted = column(members, |state| state.membership.muted);
        let barred = column(members, |state| state.barred);
        let spoke = column(members, |state| state.spoke_at);
        let columns: [&(dyn ToSql + Sync); 16] = [
            &rooms, &ids, &persons, &revs, &read, &mine, &since, &joined, &hosts, &names, &written,
            &small, &capitals, &muted, &barred, &spoke,
        ];
        all(client, &self.members, ids.len(), &columns).await
    }

    async fn save_messages(&self, client: &Client, messages: &[&MessageState]) -> Fallible<()> {
        let rooms = column(messages, |state| i64::from(state.room.0));
        let seqs = column(messages, |state| i64::from(state.message.seq));
        let revs = column(messages, |state| state.message.rev.cast_signed());
        let authors = column(messages, |state| i64::from(state.message.author.0));
        let persons = column(messages, |state| state.person.0);
        let times = column(messages, |state| state.message.created_at);
        let digests = column(messages, |state| state.digest);
        let versions = column(messages, |state| i64::from(state.message.version));
        let ids = column(messages, |state| Uuid::from(state.message.id));
        let contents = column(messages, |state| protocol::encode(&state.message.content));
        let originals = column(messages, |state| {
            state.original.as_ref().map(|(content, _)| protocol::encode(content))
        });
        let removed = column(messages, |state| state.original.as_ref().map(|(_, at)| *at));
        let columns: [&(dyn ToSql + Sync); 12] = [
            &rooms, &seqs, &revs, &authors, &persons, &times, &digests, &versions, &ids, &contents,
            &originals, &removed,
        ];
        all(client, &self.messages, ids.len(), &columns).await
    }

    async fn save_words(&self, client: &Client, batch: &Batch) -> Fallible<()> {
        let messages = batch.messages.values().map(|row| &row.value);
        let messages: Vec<_> = messages.filter(|state| state.reworded).collect();
        let rooms = column(&messages, |state| i64::from(state.room.0));
        let seqs = column(&messages, |state| i64::from(state.message.seq));
        let said = column(&messages, |state| words(&state.message.content));
        all(client, &self.search, seqs.len(), &[&rooms, &seqs, &said]).await
    }
}

pub(super) fn dirty<'a, T: 'a>(rows: impl Iterator<Item = &'a Row<T>>) -> Vec<&'a T> {
    rows.filter(|row| row.dirty).map(|row| &row.value).collect()
}

pub(super) fn column<'a, S, T>(states: &[&'a S], of: fn(&'a S) -> T) -> Vec<T> {
    states.iter().copied().map(of).collect()
}

/// Nothing is sent for no rows.
pub(super) async fn all(
    client: &Client,
    statement: &Statement,
    rows: usize,
    columns: &[&(dyn ToSql + Sync)],
) -> Fallible<()> {
    if rows == 0 { Ok(()) } else { wrote(client.execute(statement, columns).await?, rows) }
}

pub(super) fn wrote(done: u64, rows: usize) -> Fallible<()> {
    if usize::try_from(done) == Ok(rows) { Ok(()) } else { Err(Fault::Other("rows went missing")) }
}
