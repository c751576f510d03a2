//! A part of a room's log, as one page: one range of places, wherever it begins.

use std::ops::RangeInclusive;

use protocol::{Message, Point, RoomId, RoomPage};

use super::{End, Look, authors};
use crate::store::{CATCH_UP_BYTES, PAGE, Result, Slice, decide::RoomState};

pub(super) async fn page(look: &impl Look, state: RoomState, slice: Slice) -> Result<RoomPage> {
    let (room, head) = (state.room.id, state.seq);
    let log = Log { look, room };
    let found = match slice {
        Slice::Newest | Slice::Before(_) | Slice::After(_) | Slice::Only(_) => None,
        Slice::Around(seq) => Some(seq.clamp(1, head.max(1))),
        Slice::From(at) => Some(log.first_since(at, head).await?),
    };
    let messages = match (slice, found) {
        (Slice::Before(seq), _) => log.ending(seq.saturating_sub(1), PAGE, CATCH_UP_BYTES).await?,
        (Slice::After(seq), _) => {
            log.beginning(seq.saturating_add(1), PAGE, CATCH_UP_BYTES).await?
        }
        (Slice::Only(seq), _) => log.range(seq..=seq, End::Oldest, 1, CATCH_UP_BYTES).await?,
        (_, Some(seq)) => log.around(seq).await?,
        (_, None) => log.ending(head, PAGE, CATCH_UP_BYTES).await?,
    };
    let authors = authors(messages.iter().map(|message| message.author));
    let members = look.members(room, &authors).await?;
    let at = Point { epoch: state.epoch, rev: state.rev };
    let found = found.filter(|_| head > 0);
    Ok(RoomPage { room: state.room, messages, members, head, found, at })
}

struct Log<'a, L> {
    look: &'a L,
    room: RoomId,
}

impl<L: Look> Log<'_, L> {
    /// Oldest first; the one at `last` is the end.
    async fn ending(&self, last: u32, most: u32, bytes: usize) -> Result<Vec<Message>> {
        let mut messages = self.range(0..=last, End::Newest, most, bytes).await?;
        messages.reverse();
        Ok(messages)
    }

    async fn beginning(&self, first: u32, most: u32, bytes: usize) -> Result<Vec<Message>> {
        self.range(first..=u32::MAX, End::Oldest, most, bytes).await
    }

    /// `seq` is of a message, or the first there will be.
    async fn around(&self, seq: u32) -> Result<Vec<Message>> {
        let (most, bytes) = (PAGE / 2, CATCH_UP_BYTES / 2);
        let mut messages = self.ending(seq - 1, most, bytes).await?;
        messages.extend(self.beginning(seq, most, bytes).await?);
        Ok(messages)
    }

    async fn range(
        &self,
        seqs: RangeInclusive<u32>,
        from: End,
        most: u32,
        bytes: usize,
    ) -> Result<Vec<Message>> {
        let mut messages = self.look.messages(self.room, seqs, from, most).await?;
        let mut size = 0;
        let fitting = messages.iter().take_while(|message| {
            size += protocol::encode(*message).len();
            size <= bytes
        });
        let fitting = fitting.count().max(1);
        messages.truncate(fitting);
        Ok(messages)
    }

    /// The first message that is not older than `at`, or else the newest. Times never go back
    /// within a room and places have no holes, so it is found by halving, without an index.
    async fn first_since(&self, at: i64, head: u32) -> Result<u32> {
        let (mut low, mut high) = (1, head.max(1));
        while low < high {
            let middle = low.midpoint(high);
            match self.look.created_at(self.room, middle).await? {
                Some(time) if time < at => low = middle + 1,
                Some(_) | None => high = middle,
            }
        }
        Ok(low)
    }
}
