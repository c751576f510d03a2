//! How far the reader has read in the room that is shown: what this page says of it, and what their other
//! devices say.

use std::cell::Cell;

use js_sys::Date;
use protocol::{Command, Membership};

use super::Client;

/// Milliseconds between two words about it.
const PAUSE: f64 = 3_000.0;

#[derive(Default)]
pub(super) struct Reading {
    /// What the server knows, or was told over this line.
    said: Cell<u32>,
    not_before: Cell<f64>,
    /// The last request that said so.
    read: Cell<u32>,
}

impl Client {
    /// A new line: what was said over the one before may not have arrived.
    pub(super) fn forget_read(&self) {
        self.reading.said.set(0);
    }

    /// The server was too busy: what was said is said again in a while.
    pub(super) fn refused_read(&self, n: u32) {
        let Reading { not_before, read, .. } = &self.reading;
        if n == read.get() {
            self.forget_read();
            not_before.set(Date::now() + PAUSE);
        }
    }

    /// Perhaps another device read further.
    pub(super) fn has_read(&self, membership: Membership) {
        if let Some(room) = self.shows(membership.room) {
            self.reading.said.set(self.reading.said.get().max(membership.read));
            if membership.read > room.seen() {
                self.read_elsewhere();
            }
            room.saw(membership.read);
        }
    }

    /// What was seen. `last`: the page may be hidden or gone in a moment.
    pub(super) fn say_read(&self, last: bool) {
        let Some(room) = self.room.get() else { return };
        let Reading { said, not_before, read } = &self.reading;
        let (seen, now) = (room.seen(), Date::now());
        let is_due = seen > said.get() && (last || now >= not_before.get());
        if is_due && room.is_member() && self.line.borrow().is_complete() {
            self.read_here(room.id(), seen);
            said.set(seen);
            not_before.set(now + PAUSE);
            read.set(self.tell(Command::Read { room: room.id(), seq: seen }));
        }
    }
}
