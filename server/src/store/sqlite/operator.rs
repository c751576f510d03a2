//! What whoever runs the server asks of a file, and the bans that they made.

use protocol::{Line, RoomId};
use rusqlite::{Connection, Row, params, types::Type};

use super::{look::Moment, rows};
use crate::store::{Ban, Listing, Result, Totals, decide::Batch};

impl Moment<'_> {
    pub(super) fn list(&self, with: Option<&Line>, most: u32) -> Result<(Vec<Listing>, u64)> {
        let with = with.map(Line::as_str).unwrap_or_default();
        let which = "FROM rooms WHERE ended_at IS NULL
            AND instr(lower(code || ' ' || coalesce(name, '')), lower(?1)) > 0";
        let rooms = format!(
            "SELECT {} {which} ORDER BY max(last_at, used_at) DESC, id DESC LIMIT ?2",
            rows::ROOM
        );
        let rooms = self.all(&rooms, params![with, most], rows::room)?;
        let count = self.one(&format!("SELECT count(*) {which}"), [with], |row| row.get(0))?;
        Ok((rooms.into_iter().map(Listing::from).collect(), count.unwrap_or_default()))
    }

    pub(super) fn is_hosted(&self, room: RoomId) -> Result<bool> {
        let sql = "SELECT 1 FROM members WHERE room_id = ?1 AND role = 1 AND joined LIMIT 1";
        Ok(self.one(sql, [room.0], |_| Ok(()))?.is_some())
    }

    pub(super) fn totals(&self) -> Result<Totals> {
        let sql = "SELECT count(*), coalesce(sum(seq), 0), (SELECT count(*) FROM persons),
            (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)
            FROM rooms WHERE ended_at IS NULL";
        let totals = |row: &Row<'_>| {
            let (rooms, messages) = (row.get(0)?, row.get(1)?);
            Ok(Totals { rooms, messages, people: row.get(2)?, bytes: row.get(3)? })
        };
        Ok(self.one(sql, [], totals)?.unwrap_or_default())
    }

    pub(super) fn bans(&self) -> Result<Vec<Ban>> {
        self.all("SELECT network, until FROM bans ORDER BY network", [], |row| {
            let network: String = row.get(0)?;
            let network = network.parse().map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
            })?;
            Ok(Ban { network, until: row.get(1)? })
        })
    }
}

pub(super) fn save(conn: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    for (network, until) in &batch.bans {
        let network = network.to_string();
        match until {
            Some(until) => conn
                .prepare_cached("INSERT OR REPLACE INTO bans(network, until) VALUES(?1, ?2)")?
                .execute(params![network, until])?,
            None => {
                conn.prepare_cached("DELETE FROM bans WHERE network = ?1")?.execute([network])?
            }
        };
    }
    Ok(())
}
