//! A part of a room's log, as one page. The table is clustered by room and `seq`, so a page is one
//! range of it, wherever it begins.

use protocol::{MemberId, Message, Point, RoomId, RoomPage};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    read,
    rows::{self, pk},
};
use crate::store::{CATCH_UP_BYTES, PAGE, Result, Slice, StoreError, decide::RoomState};

pub(super) fn page(conn: &Connection, id: RoomId, slice: Slice) -> Result<RoomPage> {
    let state = read::room(conn, id)?.ok_or(StoreError::NoSuchRoom)?;
    of(conn, state, slice)
}

pub(super) fn of(conn: &Connection, state: RoomState, slice: Slice) -> Result<RoomPage> {
    let (room, head) = (state.room.id, state.seq);
    let log = Log { conn, room };
    let found = match slice {
        Slice::Newest | Slice::Before(_) | Slice::After(_) => None,
        Slice::Around(seq) => Some(seq.clamp(1, head.max(1))),
        Slice::From(at) => Some(log.first_since(at, head)?),
    };
    let messages = match (slice, found) {
        (Slice::Before(seq), _) => log.ending(seq.saturating_sub(1), PAGE, CATCH_UP_BYTES)?,
        (Slice::After(seq), _) => log.beginning(seq.saturating_add(1), PAGE, CATCH_UP_BYTES)?,
        (_, Some(seq)) => log.around(seq)?,
        (_, None) => log.ending(head, PAGE, CATCH_UP_BYTES)?,
    };
    let mut authors: Vec<MemberId> = messages.iter().map(|message| message.author).collect();
    authors.sort_unstable();
    authors.dedup();
    let members =
        authors.into_iter().map(|id| read::member(conn, room, id)).collect::<Result<_>>()?;
    let at = Point { epoch: state.epoch, rev: state.rev };
    Ok(RoomPage {
        room: state.room,
        messages,
        members,
        head,
        found: found.filter(|_| head > 0),
        at,
    })
}

struct Log<'a> {
    conn: &'a Connection,
    room: RoomId,
}

impl Log<'_> {
    /// Oldest first; the one at `last` is the end.
    fn ending(&self, last: u32, most: u32, bytes: usize) -> Result<Vec<Message>> {
        let mut messages = self.range("DESC", 0, last, most, bytes)?;
        messages.reverse();
        Ok(messages)
    }

    fn beginning(&self, first: u32, most: u32, bytes: usize) -> Result<Vec<Message>> {
        self.range("ASC", first, u32::MAX, most, bytes)
    }

    /// `seq` is of a message, or the first there will be.
    fn around(&self, seq: u32) -> Result<Vec<Message>> {
        let (most, bytes) = (PAGE / 2, CATCH_UP_BYTES / 2);
        let mut messages = self.ending(seq - 1, most, bytes)?;
        messages.extend(self.beginning(seq, most, bytes)?);
        Ok(messages)
    }

    fn range(
        &self,
        order: &str,
        from: u32,
        to: u32,
        most: u32,
        bytes: usize,
    ) -> Result<Vec<Message>> {
        let sql = format!(
            "SELECT {} FROM messages WHERE pk BETWEEN ?1 AND ?2 ORDER BY pk {order} LIMIT ?3",
            rows::MESSAGE
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let range = params![pk(self.room, from), pk(self.room, to), most];
        let (mut messages, mut size) = (Vec::new(), 0);
        for message in query.query_map(range, rows::message)? {
            let message = message?;
            size += protocol::encode(&message).len();
            if size > bytes && !messages.is_empty() {
                break;
            }
            messages.push(message);
        }
        Ok(messages)
    }

    /// The first message that is not older than `at`, or else the newest. Times never go back
    /// within a room and places have no holes, so it is found by halving, without an index.
    fn first_since(&self, at: i64, head: u32) -> Result<u32> {
        let (mut low, mut high) = (1, head.max(1));
        while low < high {
            let middle = low.midpoint(high);
            match self.created_at(middle)? {
                Some(time) if time < at => low = middle + 1,
                Some(_) | None => high = middle,
            }
        }
        Ok(low)
    }

    fn created_at(&self, seq: u32) -> Result<Option<i64>> {
        let mut query =
            self.conn.prepare_cached("SELECT created_at FROM messages WHERE pk = ?1")?;
        Ok(query.query_row([pk(self.room, seq)], |row| row.get(0)).optional()?)
    }
}
