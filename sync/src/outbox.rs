//! Messages on their way out: first in, first out in each room, one in flight, and no faster than the
//! server takes them. Pure; `storage` keeps a copy that survives the tab.

#[cfg(test)]
mod tests;

use protocol::{Bucket, MessageId, Rate, Refusal, RoomId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub id: MessageId,
    pub room: RoomId,
    /// As it was typed.
    pub body: String,
    /// A final refusal: it waits for its author, and holds nobody up.
    pub refusal: Option<Refusal>,
}

/// A post that was sent and is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Flight {
    n: u32,
    id: MessageId,
}

#[derive(Debug, Default)]
pub struct Outbox {
    /// In the order in which they were written.
    entries: Vec<Entry>,
    flights: Vec<Flight>,
    /// Nothing leaves before: the server asked for patience. Milliseconds since 1970, as all times.
    hold: u64,
    rate: Rate,
    /// The server's, as far as this tab knows: the same person may write in another.
    bucket: Bucket,
}

impl Outbox {
    pub fn entries(&self, room: RoomId) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.room == room)
    }

    pub fn rooms(&self) -> Vec<RoomId> {
        let mut rooms = Vec::new();
        for entry in &self.entries {
            if !rooms.contains(&entry.room) {
                rooms.push(entry.room);
            }
        }
        rooms
    }

    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// How fast the server takes them.
    pub fn limit(&mut self, rate: Rate) {
        self.rate = rate;
    }

    /// Entries of tabs that are gone. They are older than this tab's, and go before them.
    pub fn adopt(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            let place = self.entries.partition_point(|kept| kept.id < entry.id);
            if self.entries.get(place).is_none_or(|kept| kept.id != entry.id) {
                self.entries.insert(place, entry);
            }
        }
    }

    /// What to send to `room` now, as request `n`; it is in flight from then on.
    pub fn next(&mut self, room: RoomId, n: u32, now: u64) -> Option<Entry> {
        if now < self.hold || self.entries(room).any(|entry| self.is_in_flight(entry)) {
            return None;
        }
        let next = self.entries(room).find(|entry| entry.refusal.is_none()).cloned()?;
        self.bucket.take(self.rate, now).ok()?;
        self.flights.push(Flight { n, id: next.id });
        Some(next)
    }

    /// Milliseconds until a message that is written now may go, after all that wait already.
    pub fn wait(&self, now: u64) -> u64 {
        let waits = |entry: &&Entry| entry.refusal.is_none() && !self.is_in_flight(entry);
        let ahead = u32::try_from(self.entries.iter().filter(waits).count()).unwrap_or(u32::MAX);
        self.bucket.wait(self.rate, ahead.saturating_add(1), now)
    }

    fn is_in_flight(&self, entry: &Entry) -> bool {
        self.flights.iter().any(|flight| flight.id == entry.id)
    }

    /// The server's copy is here. Returns whether it was one of ours.
    pub fn confirm(&mut self, id: MessageId) -> bool {
        self.flights.retain(|flight| flight.id != id);
        self.discard(id)
    }

    /// Returns what was refused, if it was a post; with a refusal that is final, it is parked.
    pub fn refuse(&mut self, n: u32, refusal: &Refusal, now: u64) -> Option<&Entry> {
        let at = self.flights.iter().position(|flight| flight.n == n)?;
        let id = self.flights.swap_remove(at).id;
        let entry = self.entries.iter_mut().find(|entry| entry.id == id)?;
        if let Refusal::TooFast { retry_ms } = refusal {
            self.bucket = Bucket::empty_until(now + u64::from(*retry_ms), self.rate);
        } else if refusal.is_retryable() {
            self.hold = now + patience(refusal);
        } else {
            entry.refusal = Some(refusal.clone());
        }
        Some(entry)
    }

    /// The line was cut: whether the server has what was in flight, only its answer can tell.
    pub fn cut(&mut self) {
        self.flights.clear();
    }

    pub fn retry(&mut self, id: MessageId) -> Option<&Entry> {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id)?;
        entry.refusal = None;
        Some(entry)
    }

    pub fn discard(&mut self, id: MessageId) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != id);
        self.entries.len() < before
    }
}

/// Milliseconds.
fn patience(refusal: &Refusal) -> u64 {
    if let Refusal::Busy { retry_ms } = refusal { u64::from(*retry_ms) } else { 2_000 }
}
