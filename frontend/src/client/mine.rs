//! What is only mine, in all rooms at once: which I am in, how much is unread in each, and how far I have
//! read on other devices. It feeds `Rooms` and draws the list of them, beside a room and in the lobby.

use std::cell::{Cell, RefCell};

use app::RoomState;
use js_sys::Date;
use protocol::{Audience, Command, Membership, Message, RoomId, RoomLink};
use sync::Rooms;

use super::{Client, PAUSE};

#[derive(Default)]
pub(super) struct Mine {
    rooms: RefCell<Rooms>,
    /// The last requests that asked to follow it on this line, and to hear of news.
    watch: Cell<u32>,
    news: Cell<u32>,
    not_before: Cell<f64>,
}

impl Client {
    /// Whether there is anything to follow.
    pub(super) fn has_rooms(&self) -> bool {
        let shown = self.room.get().is_some_and(RoomState::is_member);
        shown || app::lists_rooms() || app::waits_at_door()
    }

    /// A new line knows of nothing.
    pub(super) fn forget_mine(&self) {
        self.mine.watch.set(0);
        self.mine.rooms.borrow_mut().connected();
    }

    /// From the newest page on, if it is not followed: of what was missed, only the last counts.
    pub(super) fn follow_mine(&self) {
        let Mine { watch, not_before, .. } = &self.mine;
        let waits = watch.get() > 0 || Date::now() < not_before.get();
        if waits || !self.line.borrow().is_complete() || !self.has_rooms() {
            return;
        }
        let command = Command::Watch { stream: Audience::Person, since: None, code: None };
        watch.set(self.tell(command));
    }

    /// The server was too busy: it is asked anew in a while.
    pub(super) fn refused_mine(&self, n: u32) {
        let Mine { watch, news, not_before, .. } = &self.mine;
        if n == watch.get() || n == news.get() {
            not_before.set(Date::now() + PAUSE);
            self.forget_mine();
        }
    }

    pub(super) fn mine(&self, all: impl IntoIterator<Item = Membership>) {
        let mut asks = false;
        for membership in all {
            self.has_read(membership);
            if let Some(room) = self.shows(membership.room) {
                room.set_muted(membership.muted);
            }
            asks |= self.mine.rooms.borrow_mut().mine(membership);
        }
        if asks {
            let of = self.mine.rooms.borrow().asked().to_vec();
            self.mine.news.set(self.tell(Command::News { of }));
        }
        self.draw_rooms();
    }

    /// One that is not shown is over for me.
    pub(super) fn no_longer_mine(&self, room: RoomId) {
        self.mine.rooms.borrow_mut().remove(room);
        self.draw_rooms();
    }

    /// As a page has them; the line's list is newer, once it is here.
    pub(super) fn know_rooms(&self, rooms: Vec<RoomLink>) {
        if self.mine.rooms.borrow().list().is_none() {
            self.mine.rooms.borrow_mut().take(rooms);
        }
        self.draw_rooms();
    }

    pub(super) fn take_rooms(&self, rooms: Vec<RoomLink>) {
        self.mine.rooms.borrow_mut().take(rooms);
        self.draw_rooms();
    }

    pub(super) fn news(&self, room: RoomId, head: u32) {
        self.mine.rooms.borrow_mut().news(room, head);
        self.draw_rooms();
    }

    /// The message itself is here. What I wrote in a room before I turned to this one is not new to me.
    pub(super) fn said(&self, room: RoomId, message: &Message) {
        self.mine.rooms.borrow_mut().news(room, message.seq);
        if self.shows(room).is_some() {
            // It is known, but not drawn.
            return;
        }
        let mine = self.outbox.borrow().entries(room).any(|entry| entry.id == message.id);
        if mine && self.mine.rooms.borrow_mut().wrote(room, message.seq) {
            self.tell(Command::Read { room, seq: message.seq });
        }
        self.draw_rooms();
    }

    /// Read in the room that is shown, as the server is told.
    pub(super) fn read_here(&self, room: RoomId, seq: u32) {
        self.mine.rooms.borrow_mut().read(room, seq);
    }

    pub(super) fn draw_rooms(&self) {
        // Until they are listed, what the server drew is as good.
        if let (Some(rooms), Some(words)) = (self.mine.rooms.borrow().list(), self.words) {
            app::draw_rooms(rooms, self.room.get().map(RoomState::id), words);
        }
    }
}
