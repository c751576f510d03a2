//! The rooms that are open to everyone, where the page has a place for them: it follows the lobby and draws
//! what it hears.

use std::cell::{Cell, RefCell};

use js_sys::Date;
use protocol::{Audience, Command, Listed};
use sync::Lobby;

use super::{Client, PAUSE};

/// In milliseconds.
const MINUTE: i64 = 60_000;

#[derive(Default)]
pub(super) struct Open {
    lobby: RefCell<Lobby>,
    /// The last request that asked to follow it on this line.
    watch: Cell<u32>,
    not_before: Cell<f64>,
    /// The minute that ages were drawn in.
    drawn: Cell<i64>,
}

impl Client {
    /// A new line knows of nothing.
    pub(super) fn forget_lobby(&self) {
        self.open.watch.set(0);
    }

    pub(super) fn follow_lobby(&self) {
        let Open { watch, not_before, .. } = &self.open;
        let waits = watch.get() > 0 || Date::now() < not_before.get();
        if waits || !self.line.borrow().is_complete() || !app::lists_open() {
            return;
        }
        let command = Command::Watch { stream: Audience::Lobby, since: None, code: None };
        watch.set(self.tell(command));
    }

    /// The server was too busy: it is asked anew in a while.
    pub(super) fn refused_lobby(&self, n: u32) {
        let Open { watch, not_before, .. } = &self.open;
        if n == watch.get() {
            not_before.set(Date::now() + PAUSE);
            watch.set(0);
        }
    }

    pub(super) fn listed(&self, listed: Listed) {
        self.open.lobby.borrow_mut().hear(listed, now());
        self.draw_open();
    }

    /// Time has passed.
    pub(super) fn age(&self) {
        if self.open.drawn.get() != now() / MINUTE {
            self.draw_open();
        }
    }

    fn draw_open(&self) {
        let now = now();
        self.open.drawn.set(now / MINUTE);
        let lobby = self.open.lobby.borrow();
        // Until they are listed, what the server drew is as good.
        if let (Some(rooms), Some(words)) = (lobby.list(), self.words) {
            app::draw_open(rooms, lobby.at(now), words);
        }
    }
}

/// Whole milliseconds since 1970.
fn now() -> i64 {
    Date::now() as i64
}
