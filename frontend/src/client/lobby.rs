//! The rooms that are open to everyone, where the page has a place for them: it follows the lobby and draws
//! what it hears.

use std::cell::{Cell, RefCell};

use js_sys::Date;
use protocol::{Audience, Command, Listed};
use sync::OpenRooms;

use super::{Client, PAUSE};

/// In milliseconds.
const MINUTE: i64 = 60_000;

#[derive(Default)]
pub(super) struct Listing {
    rooms: RefCell<OpenRooms>,
    /// The last request that asked to follow it on this line.
    watch: Cell<u32>,
    not_before: Cell<f64>,
    /// The minute that ages were drawn in.
    drawn: Cell<i64>,
}

impl Client {
    /// A new line knows of nothing.
    pub(super) fn forget_lobby(&self) {
        self.listing.watch.set(0);
    }

    pub(super) fn follow_lobby(&self) {
        let Listing { watch, not_before, .. } = &self.listing;
        let waits = watch.get() > 0 || Date::now() < not_before.get();
        if waits || !self.line.borrow().is_complete() || !app::lists_open() {
            return;
        }
        let command = Command::Watch { stream: Audience::Lobby, since: None, code: None };
        watch.set(self.tell(command));
    }

    /// The server was too busy: it is asked anew in a while.
    pub(super) fn refused_lobby(&self, n: u32) {
        let Listing { watch, not_before, .. } = &self.listing;
        if n == watch.get() {
            not_before.set(Date::now() + PAUSE);
            watch.set(0);
        }
    }

    pub(super) fn listed(&self, listed: Listed) {
        self.listing.rooms.borrow_mut().hear(listed, now());
        self.draw_open();
    }

    /// Time has passed.
    pub(super) fn age(&self) {
        if self.listing.drawn.get() != now() / MINUTE {
            self.draw_open();
        }
    }

    fn draw_open(&self) {
        let now = now();
        self.listing.drawn.set(now / MINUTE);
        let open = self.listing.rooms.borrow();
        // Until they are listed, what the server drew is as good.
        if let (Some(rooms), Some(words)) = (open.list(), self.words) {
            app::draw_open(rooms, open.at(now), words);
        }
    }
}

/// Whole milliseconds since 1970.
fn now() -> i64 {
    Date::now() as i64
}
