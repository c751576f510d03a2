//! What whoever runs the server asks of a database, and the bans that they made.

use protocol::{Line, RoomId};
use tokio_postgres::{Client, Row, Statement};

use super::{
    error::{Fallible, Fault},
    look::Moment,
    rows::{self, number},
};
use crate::store::{Ban, Listing, Result, Totals, decide::Batch};

impl Moment {
    pub(super) async fn list(&self, with: Option<&Line>, most: u32) -> Result<(Vec<Listing>, u64)> {
        let with = with.map(Line::as_str).unwrap_or_default();
        let which = "FROM rooms WHERE ended_at IS NULL
            AND strpos(lower(code || ' ' || coalesce(name, '')), lower($1)) > 0";
        let rooms = format!(
            "SELECT {} {which} ORDER BY greatest(last_at, used_at) DESC, id DESC LIMIT $2",
            rows::ROOM
        );
        let rooms = self.all(&rooms, &[&with, &i64::from(most)], rows::room).await?;
        let count = format!("SELECT count(*) {which}");
        let count = self.one(&count, &[&with], |row| number(row, 0)).await?;
        Ok((rooms.into_iter().map(Listing::from).collect(), count.unwrap_or_default()))
    }

    pub(super) async fn is_hosted(&self, room: RoomId) -> Result<bool> {
        let sql = "SELECT 1 FROM members WHERE room_id = $1 AND host AND joined LIMIT 1";
        Ok(self.one(sql, &[&i64::from(room.0)], |_| Ok(())).await?.is_some())
    }

    pub(super) async fn totals(&self) -> Result<Totals> {
        let sql = "SELECT count(*), coalesce(sum(seq), 0)::int8, (SELECT count(*) FROM persons),
            pg_database_size(current_database()) FROM rooms WHERE ended_at IS NULL";
        let totals = |row: &Row| {
            let (rooms, messages) = (number(row, 0)?, number(row, 1)?);
            Ok(Totals { rooms, messages, people: number(row, 2)?, bytes: number(row, 3)? })
        };
        Ok(self.one(sql, &[], totals).await?.unwrap_or_default())
    }

    pub(super) async fn bans(&self) -> Result<Vec<Ban>> {
        let ban = |row: &Row| {
            let network: String = row.try_get(0)?;
            let network = network.parse().map_err(|_| Fault::Row("not a network"))?;
            Ok(Ban { network, until: row.try_get(1)? })
        };
        self.all("SELECT network, until FROM bans ORDER BY network", &[], ban).await
    }
}

pub(super) struct Saving {
    bans: Statement,
    unbans: Statement,
}

impl Saving {
    pub(super) async fn prepare(client: &Client) -> Fallible<Self> {
        let bans = "INSERT INTO bans(network, until) VALUES($1, $2)
            ON CONFLICT (network) DO UPDATE SET until = excluded.until";
        let unbans = "DELETE FROM bans WHERE network = $1";
        Ok(Self { bans: client.prepare(bans).await?, unbans: client.prepare(unbans).await? })
    }

    /// One is seldom in a transaction, and hardly ever two: in the order in which they are sent they are carried
    /// out.
    pub(super) async fn all(&self, client: &Client, batch: &Batch) -> Fallible<()> {
        let each = batch.bans.iter().map(async |(network, until)| {
            let network = network.to_string();
            match until {
                Some(until) => client.execute(&self.bans, &[&network, until]).await,
                None => client.execute(&self.unbans, &[&network]).await,
            }
        });
        futures::future::try_join_all(each).await?;
        Ok(())
    }
}
