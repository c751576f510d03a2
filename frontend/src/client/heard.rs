//! What the server says, and what comes of it here.

use std::rc::Rc;

use app::RoomState;
use leptos::prelude::location;
use protocol::{
    Audience, Changes, Close, Closed, Command, Event, MessageId, Page, Rate, Reason, Refusal,
    Reset, RoomId, VERSION, Value,
};
use sync::{Heard, Input};

use super::{Asked, Client, aloud::announced};
use crate::{socket::Said, storage::now};

impl Client {
    pub(super) fn hear(self: &Rc<Self>, said: Said) {
        match said {
            Said::Opened => self.feed(Input::Opened),
            Said::Closed(code)
                if [Close::Outdated, Close::Banned].map(Close::code).contains(&code) =>
            {
                self.reload();
            }
            Said::Closed(code) if code == Close::SignedOut.code() => {
                self.forget_all();
                self.reload();
            }
            Said::Closed(_) => self.feed(Input::Closed),
            Said::Event(event) => {
                self.feed(Input::Heard);
                if self.asked.borrow().contains(&Asked::Beat) {
                    self.answered(|asked| *asked == Asked::Beat);
                }
                self.event(event);
                self.pump();
                self.follow_mine();
                self.follow_lobby();
                self.follow_desk();
                self.attend();
                self.miss();
            }
        }
    }

    fn event(self: &Rc<Self>, event: Event) {
        match event {
            Event::Hello(hello) if hello.version != VERSION => self.reload(),
            Event::Hello(hello) => self.greet(hello.rate),
            Event::Changes(changes) if matches!(changes.stream, Audience::Desk(_)) => {
                self.desk_changes(changes);
            }
            Event::Changes(changes) => self.changes(changes),
            Event::Reset(Reset::Desk(page)) => self.desk_page(page),
            Event::Reset(Reset::Person(page)) => self.mine(page.memberships),
            Event::Reset(Reset::Room(page)) => {
                if let Some(room) = self.shows(page.room.id) {
                    self.reset(room, page);
                }
            }
            Event::Presence(presence) => self.presence(presence),
            Event::Typing(typing) => self.others_type(typing),
            Event::Listed(listed) => self.listed(listed),
            Event::Rooms(rooms) => self.take_rooms(rooms),
            Event::News(news) => self.news(news.room, news.head),
            Event::Refused(refused) => self.refused(refused.n, &refused.refusal),
            Event::Closed(Closed { stream: Audience::Room(room), reason }) => {
                self.closed(room, reason);
            }
            Event::Closed(Closed { stream: Audience::Desk(_), .. }) => self.desk_closed(),
            Event::Closed(_) => {}
            Event::Announced(text) => announced(text.as_str()),
            Event::Beat => {}
        }
    }

    fn greet(&self, rate: Rate) {
        self.outbox.borrow_mut().limit(rate);
        // What was asked while there was no line never left.
        self.asked.take();
        self.forget_read();
        self.forget_mine();
        self.forget_lobby();
        self.forget_desk();
        match self.room.get() {
            Some(room) => {
                // Before it is seen in the room: who is away does not come back for a moment.
                if self.attention.borrow().is_away() {
                    self.tell(Command::Away { away: true });
                }
                self.watch(room);
            }
            // Nothing is shown, so nothing of it is missing.
            None => self.feed(Input::Complete),
        }
    }

    pub(super) fn watch(&self, room: RoomState) {
        if !self.asked.borrow().iter().any(|asked| matches!(asked, Asked::Watch(_))) {
            let command = Command::Watch {
                stream: Audience::Room(room.id()),
                since: Some(room.complete()),
                code: Some(room.code()),
            };
            self.ask(command, Asked::Watch);
        }
    }

    fn changes(&self, changes: Changes) {
        let (mut ids, mut mine) = (Vec::new(), Vec::new());
        for value in &changes.values {
            match (value, changes.stream) {
                (Value::Message(message), Audience::Room(room)) => {
                    ids.push(message.id);
                    self.said(room, message);
                }
                (Value::Membership(membership), _) => mine.push(*membership),
                (Value::Message(_) | Value::Member(_) | Value::Room(_) | Value::Item(_), _) => {}
            }
        }
        if !mine.is_empty() {
            if app::waits_at_door() && mine.iter().any(|membership| membership.joined) {
                // Perhaps it opened.
                return self.reload();
            }
            self.mine(mine);
        }
        let shown = self.room.get().filter(|room| changes.stream == Audience::Room(room.id()));
        if let Some(room) = shown {
            // What begins where this page is complete is what was asked for.
            if changes.after <= room.complete().rev {
                self.answered(|asked| matches!(asked, Asked::Watch(_)));
            }
            match room.apply(changes) {
                Heard::Complete => self.feed(Input::Complete),
                Heard::Ask => self.watch(room),
            }
        }
        self.confirm(&ids);
    }

    /// The server has these: they leave the outbox, in memory and on disk.
    pub(super) fn confirm(&self, ids: &[MessageId]) {
        for id in ids {
            if self.outbox.borrow_mut().confirm(*id) {
                self.stored(|storage| storage.delete(*id));
                self.answered(|asked| matches!(asked, Asked::Post(post, _) if post == id));
                self.overlay();
            }
        }
    }

    fn refused(&self, n: Option<u32>, refusal: &Refusal) {
        let Some(n) = n else { return };
        let watch = self.asked.borrow().contains(&Asked::Watch(n));
        self.answered(|asked| matches!(asked, Asked::Watch(m) | Asked::Post(_, m) if *m == n));
        let refused = self.outbox.borrow_mut().refuse(n, refusal, now()).cloned();
        if let Some(entry) = &refused
            && entry.refusal == Some(Refusal::NoSuchRoom)
            && self.shows(entry.room).is_none()
        {
            self.closed(entry.room, Reason::Expired);
        } else if let Some(entry) = refused {
            if entry.refusal.is_some() {
                self.announcer.borrow_mut().not_sent();
            }
            self.keep(&entry);
            self.overlay();
        } else if watch && refusal.is_retryable() {
            self.feed(Input::Closed);
        } else if watch
            && *refusal == Refusal::NoSuchRoom
            && let Some(room) = self.room.get()
        {
            self.closed(room.id(), Reason::Expired);
        } else if watch {
            self.reload();
        } else {
            self.refused_read(n);
            self.refused_mine(n);
            self.refused_lobby(n);
            self.refused_desk(n);
        }
    }

    /// Of a room that is over, nothing is kept anywhere.
    fn closed(&self, room: RoomId, reason: Reason) {
        if matches!(reason, Reason::Expired | Reason::Burned) {
            self.forget(room);
        }
        if self.shows(room).is_some() {
            self.end(reason);
        } else {
            self.no_longer_mine(room);
        }
    }

    /// Another page says what happened; this one shows nothing of the room any more.
    fn end(&self, reason: Reason) {
        self.line.borrow_mut().stop();
        self.drop_socket();
        let _ = match reason {
            Reason::Left => location().assign(&Page::Lobby.path()),
            Reason::Expired | Reason::Burned | Reason::Removed | Reason::Locked => {
                location().reload()
            }
        };
    }
}
