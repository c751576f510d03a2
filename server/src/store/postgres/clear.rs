//! What goes of rooms that have ended.

use futures::{future::try_join_all, try_join};
use protocol::RoomId;
use tokio_postgres::{Client, Statement, types::ToSql};

use super::{error::Fallible, save::wrote};
use crate::store::decide::Cleared;

pub(super) struct Clearing {
    words: Statement,
    messages: Statement,
    messages_left: Statement,
    members: Statement,
    members_left: Statement,
    room: Statement,
    originals: Statement,
    addresses: Statement,
}

impl Clearing {
    pub(super) async fn prepare(client: &Client) -> Fallible<Self> {
        let prepare = async |sql: &str| client.prepare(sql).await;
        Ok(Self {
            words: prepare("DELETE FROM search WHERE room_id = $1 AND seq BETWEEN $2 AND $3")
                .await?,
            messages: prepare("DELETE FROM messages WHERE room_id = $1 AND seq BETWEEN $2 AND $3")
                .await?,
            messages_left: prepare("UPDATE rooms SET seq = $2 WHERE id = $1").await?,
            members: prepare("DELETE FROM members WHERE room_id = $1 AND n BETWEEN $2 AND $3")
                .await?,
            members_left: prepare("UPDATE rooms SET members = $2 WHERE id = $1").await?,
            room: prepare("DELETE FROM rooms WHERE id = $1").await?,
            originals: prepare(
                "UPDATE messages SET original = NULL, removed_at = NULL
                WHERE original IS NOT NULL AND removed_at < $1",
            )
            .await?,
            addresses: prepare("DELETE FROM barred WHERE until < $1").await?,
        })
    }

    /// All is sent at once, in this order.
    pub(super) async fn all(&self, client: &Client, cleared: &[Cleared]) -> Fallible<()> {
        try_join_all(cleared.iter().map(|cleared| self.one(client, cleared))).await?;
        Ok(())
    }

    async fn one(&self, client: &Client, cleared: &Cleared) -> Fallible<()> {
        let id = |room: &RoomId| i64::from(room.0);
        match cleared {
            Cleared::Messages(room, of) => {
                let (room, from, to) = (id(room), i64::from(*of.start()), i64::from(*of.end()));
                let (keys, left) = (keys(&room, &from, &to), from - 1);
                let left: [&(dyn ToSql + Sync); 2] = [&room, &left];
                let (_, _, left) = try_join!(
                    client.execute(&self.words, &keys),
                    client.execute(&self.messages, &keys),
                    client.execute(&self.messages_left, &left),
                )?;
                // What was missing already is gone too.
                wrote(left, 1)
            }
            Cleared::Members(room, of) => {
                let (room, from, to) = (id(room), i64::from(*of.start()), i64::from(*of.end()));
                let (keys, left) = (keys(&room, &from, &to), from - 1);
                let left: [&(dyn ToSql + Sync); 2] = [&room, &left];
                let (_, left) = try_join!(
                    client.execute(&self.members, &keys),
                    client.execute(&self.members_left, &left),
                )?;
                wrote(left, 1)
            }
            Cleared::Lapsed(before) => {
                let before: [&(dyn ToSql + Sync); 1] = [before];
                try_join!(
                    client.execute(&self.originals, &before),
                    client.execute(&self.addresses, &before),
                )?;
                Ok(())
            }
            Cleared::Room(room) => wrote(client.execute(&self.room, &[&id(room)]).await?, 1),
        }
    }
}

fn keys<'a>(room: &'a i64, from: &'a i64, to: &'a i64) -> [&'a (dyn ToSql + Sync); 3] {
    [room, from, to]
}
