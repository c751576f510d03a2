//! How far the reader has read: what this page says of it, and what their other devices say.

use std::cell::Cell;

use js_sys::Date;
use protocol::{Audience, Command, Membership};

use super::Client;

/// Milliseconds between two words about it.
const PAUSE: f64 = 3_000.0;

#[derive(Default)]
pub(super) struct Reading {
    /// What the server knows, or was told over this line.
    said: Cell<u32>,
    not_before: Cell<f64>,
    /// The last requests that said so, and that asked to follow what other devices say.
    read: Cell<u32>,
    watch: Cell<u32>,
}

impl Client {
    /// From the newest page on: of what was missed, only the last counts.
    pub(super) fn follow_mine(&self) {
        self.reading.said.set(0);
        let watch = Command::Watch { stream: Audience::Person, since: None, code: None };
        self.reading.watch.set(self.tell(watch));
    }

    /// The server was too busy: what was said is said again in a while, and then for both.
    pub(super) fn refused_mine(&self, n: u32) {
        let Reading { said, not_before, read, watch } = &self.reading;
        if n == read.get() || n == watch.get() {
            said.set(0);
            not_before.set(Date::now() + PAUSE);
        }
        if n == watch.get() {
            watch.set(0);
        }
    }

    /// Perhaps another device read further.
    pub(super) fn mine(&self, membership: Membership) {
        if let Some((room, _)) = self.shows(Audience::Room(membership.room)) {
            self.reading.said.set(self.reading.said.get().max(membership.read));
            if membership.read > room.seen() {
                self.read_elsewhere();
            }
            room.saw(membership.read);
        }
    }

    /// What was seen. `last`: the page may be hidden or gone in a moment.
    pub(super) fn say_read(&self, last: bool) {
        let Some((room, _)) = &self.room else { return };
        let Reading { said, not_before, read, watch } = &self.reading;
        let (seen, now) = (room.seen(), Date::now());
        let is_due = seen > said.get() && (last || now >= not_before.get());
        if is_due && room.is_member() && self.line.borrow().is_complete() {
            if watch.get() == 0 {
                self.follow_mine();
            }
            said.set(seen);
            not_before.set(now + PAUSE);
            read.set(self.tell(Command::Read { room: room.id(), seq: seen }));
        }
    }
}
