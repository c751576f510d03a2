//! Messages on their way out: first in, first out in each room, one in flight. Pure; `storage`
//! keeps a copy that survives the tab.

use protocol::{MessageId, Refusal, RoomId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
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
pub(crate) struct Outbox {
    /// In the order in which they were written.
    entries: Vec<Entry>,
    flights: Vec<Flight>,
    /// Nothing leaves before: the server asked for patience.
    hold: f64,
}

impl Outbox {
    pub(crate) fn entries(&self, room: RoomId) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.room == room)
    }

    pub(crate) fn rooms(&self) -> Vec<RoomId> {
        let mut rooms = Vec::new();
        for entry in &self.entries {
            if !rooms.contains(&entry.room) {
                rooms.push(entry.room);
            }
        }
        rooms
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Entries of tabs that are gone. They are older than this tab's, and go before them.
    pub(crate) fn adopt(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            let place = self.entries.partition_point(|kept| kept.id < entry.id);
            if self.entries.get(place).is_none_or(|kept| kept.id != entry.id) {
                self.entries.insert(place, entry);
            }
        }
    }

    /// What to send to `room` now, as request `n`; it is in flight from then on.
    pub(crate) fn next(&mut self, room: RoomId, n: u32, now: f64) -> Option<Entry> {
        let in_flight = |entry: &Entry| self.flights.iter().any(|flight| flight.id == entry.id);
        if now < self.hold || self.entries(room).any(in_flight) {
            return None;
        }
        let next = self.entries(room).find(|entry| entry.refusal.is_none()).cloned()?;
        self.flights.push(Flight { n, id: next.id });
        Some(next)
    }

    /// The server's copy is here. Returns whether it was one of ours.
    pub(crate) fn confirm(&mut self, id: MessageId) -> bool {
        self.flights.retain(|flight| flight.id != id);
        self.discard(id)
    }

    /// Returns what was refused, if it was a post; with a refusal that is final, it is parked.
    pub(crate) fn refuse(&mut self, n: u32, refusal: &Refusal, now: f64) -> Option<&Entry> {
        let at = self.flights.iter().position(|flight| flight.n == n)?;
        let id = self.flights.swap_remove(at).id;
        let entry = self.entries.iter_mut().find(|entry| entry.id == id)?;
        if refusal.is_retryable() {
            self.hold = now + patience(refusal);
        } else {
            entry.refusal = Some(refusal.clone());
        }
        Some(entry)
    }

    /// The line was cut: whether the server has what was in flight, only its answer can tell.
    pub(crate) fn cut(&mut self) {
        self.flights.clear();
    }

    pub(crate) fn retry(&mut self, id: MessageId) -> Option<&Entry> {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id)?;
        entry.refusal = None;
        Some(entry)
    }

    pub(crate) fn discard(&mut self, id: MessageId) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != id);
        self.entries.len() < before
    }
}

/// Milliseconds.
fn patience(refusal: &Refusal) -> f64 {
    if let Refusal::Busy { retry_ms } = refusal { f64::from(*retry_ms) } else { 2_000.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: RoomId = RoomId(1);

    fn entry(body: &str) -> Entry {
        Entry { id: MessageId::now(), room: HERE, body: body.into(), refusal: None }
    }

    fn outbox(bodies: &[&str]) -> (Outbox, Vec<MessageId>) {
        let mut outbox = Outbox::default();
        let ids = bodies.iter().map(|body| {
            let entry = entry(body);
            outbox.push(entry.clone());
            entry.id
        });
        let ids = ids.collect();
        (outbox, ids)
    }

    fn next(outbox: &mut Outbox, n: u32, now: f64) -> Option<String> {
        outbox.next(HERE, n, now).map(|entry| entry.body)
    }

    #[test]
    fn one_is_in_flight_and_the_order_holds() {
        let (mut outbox, ids) = outbox(&["one", "two"]);
        assert_eq!(next(&mut outbox, 1, 0.0).as_deref(), Some("one"));
        assert_eq!(next(&mut outbox, 2, 0.0), None);
        assert!(outbox.confirm(ids[0]));
        assert!(!outbox.confirm(ids[0]), "once");
        assert_eq!(next(&mut outbox, 2, 0.0).as_deref(), Some("two"));
    }

    #[test]
    fn rooms_do_not_wait_for_each_other() {
        let (mut outbox, _) = outbox(&["one"]);
        outbox.push(Entry { room: RoomId(2), ..entry("elsewhere") });
        assert_eq!(outbox.rooms(), [HERE, RoomId(2)]);
        assert!(outbox.next(HERE, 1, 0.0).is_some());
        assert_eq!(
            outbox.next(RoomId(2), 2, 0.0).map(|entry| entry.body).as_deref(),
            Some("elsewhere")
        );
    }

    #[test]
    fn after_a_cut_the_same_goes_again() {
        let (mut outbox, _) = outbox(&["one", "two"]);
        next(&mut outbox, 1, 0.0);
        outbox.cut();
        assert_eq!(next(&mut outbox, 2, 0.0).as_deref(), Some("one"));
    }

    #[test]
    fn a_retryable_refusal_holds_what_is_behind_it() {
        let (mut outbox, _) = outbox(&["one", "two"]);
        next(&mut outbox, 1, 0.0);
        outbox.refuse(1, &Refusal::Busy { retry_ms: 500 }, 100.0);
        assert_eq!(next(&mut outbox, 2, 599.0), None);
        assert_eq!(next(&mut outbox, 2, 600.0).as_deref(), Some("one"));
    }

    #[test]
    fn a_final_refusal_parks_one_until_its_author_decides() {
        let (mut outbox, ids) = outbox(&["one", "two"]);
        next(&mut outbox, 1, 0.0);
        let parked = outbox.refuse(1, &Refusal::IdConflict, 0.0).cloned();
        assert_eq!(parked.and_then(|entry| entry.refusal), Some(Refusal::IdConflict));
        assert_eq!(next(&mut outbox, 2, 0.0).as_deref(), Some("two"));
        assert!(outbox.confirm(ids[1]));
        assert_eq!(next(&mut outbox, 3, 0.0), None);
        assert!(outbox.retry(ids[0]).is_some());
        assert_eq!(next(&mut outbox, 3, 0.0).as_deref(), Some("one"));
    }

    #[test]
    fn a_refusal_of_something_else_changes_nothing() {
        let (mut outbox, _) = outbox(&["one"]);
        next(&mut outbox, 1, 0.0);
        assert_eq!(outbox.refuse(7, &Refusal::IdConflict, 0.0), None);
        assert_eq!(next(&mut outbox, 2, 0.0), None, "still in flight");
    }

    #[test]
    fn adopted_messages_go_first_and_once() {
        let old = entry("old");
        let mut outbox = Outbox::default();
        outbox.push(entry("new"));
        outbox.adopt(vec![old.clone()]);
        outbox.adopt(vec![old]);
        let bodies: Vec<_> = outbox.entries(HERE).map(|entry| entry.body.as_str()).collect();
        assert_eq!(bodies, ["old", "new"]);
    }
}
