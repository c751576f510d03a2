//! What leaves: posts and joins, from the click to the socket, and the outbox that keeps them.

use std::rc::Rc;

use app::{Aim, Pending};
use js_sys::Date;
use leptos::prelude::*;
use protocol::{Body, Command, MessageId, PersonName, Place, Refusal, TextError, WhoAmI};
use sync::{Entry, Input};
use wasm_bindgen_futures::spawn_local;

use super::{Asked, Client};
use crate::{
    called::{join, rename},
    document::focus_box,
    storage::{Storage, now},
};

/// Milliseconds between two tries to join.
const JOIN_PAUSE: f64 = 3_000.0;

impl Client {
    /// Sends what may be sent now, and says how long the next message would have to wait.
    pub(super) fn pump(&self) {
        if self.line.borrow().is_complete() {
            self.send();
        }
        let Some(room) = self.room.get() else { return };
        // Without a line it is not haste that a message waits for.
        let wait =
            if self.line.borrow().is_complete() { self.outbox.borrow().wait(now()) } else { 0 };
        room.set_wait(u32::try_from(wait.div_ceil(1000)).unwrap_or(u32::MAX));
    }

    fn send(&self) {
        let rooms = self.outbox.borrow().rooms();
        for room in rooms {
            if self.shows(room).is_some_and(|room| !room.is_member()) {
                continue;
            }
            let next = self.outbox.borrow_mut().next(room, self.requests.get() + 1, now());
            if let Some(Entry { id, body, .. }) = next {
                self.ask(Command::Post { room, id, body }, |n| Asked::Post(id, n));
            }
        }
    }

    /// Draws the outbox on top of what is confirmed.
    pub(super) fn overlay(&self) {
        let Some(room) = self.room.get() else { return };
        let outbox = self.outbox.borrow();
        let pending = outbox.entries(room.id()).map(|entry| Pending {
            id: entry.id,
            body: entry.body.clone(),
            refusal: entry.refusal.clone(),
        });
        room.set_pending(pending.collect());
    }

    pub(super) fn post(self: &Rc<Self>, body: &str, name: Option<&str>) -> bool {
        let Some(room) = self.room.get() else { return false };
        let body = match Body::parse(body) {
            Ok(body) => String::from(body),
            Err(TextError::Empty) => return false,
            Err(TextError::TooLong { max }) => {
                room.refuse(Some(Refusal::BodyTooLong { max }));
                return false;
            }
        };
        if !room.is_member() && !self.ask_to_join(name.unwrap_or_default()) {
            return false;
        }
        room.refuse(None);
        self.is_typing(false);
        let entry = Entry { id: MessageId::now(), room: room.id(), body, refusal: None };
        self.keep(&entry);
        self.outbox.borrow_mut().push(entry);
        // Whoever says something wants to see it said.
        room.set_aim(Aim::End);
        self.overlay();
        if room.scene.with_untracked(|scene| scene.part.newer.is_some()) {
            self.load(Place::Newest, Aim::End);
        }
        self.pump();
        true
    }

    pub(super) fn retry(self: &Rc<Self>, id: MessageId) {
        let retried = self.outbox.borrow_mut().retry(id).cloned();
        if let Some(entry) = retried {
            self.keep(&entry);
            self.overlay();
            self.join_for_the_waiting();
            self.pump();
        }
        focus_box();
    }

    pub(super) fn discard(&self, id: MessageId) {
        self.outbox.borrow_mut().discard(id);
        self.stored(|storage| storage.delete(id));
        self.overlay();
        // The button that was pressed is gone.
        focus_box();
    }

    /// What I am called in this room from now on. One is asked for at a time, so that it is the last one
    /// that stays; the name itself comes with the log.
    pub(super) fn rename(self: &Rc<Self>, name: &str) {
        let Some(room) = self.room.get() else { return };
        if let Err(error) = PersonName::parse(name) {
            return room.refuse_name(Some(Refusal::of_name(error)));
        }
        if self.renaming.replace(Some(name.to_owned())).is_some() {
            return;
        }
        let (client, code) = (self.clone(), room.code());
        spawn_local(async move {
            while let Some(name) = client.wanted_name() {
                let answer = rename(&code, &name).await;
                if room.is_over() {
                    return;
                }
                if client.wanted_name().as_ref() == Some(&name) {
                    client.renaming.replace(None);
                    let answer = answer.unwrap_or(Err(Refusal::Busy { retry_ms: 0 }));
                    app::renamed(room, &name, answer.err());
                }
            }
        });
    }

    fn wanted_name(&self) -> Option<String> {
        self.renaming.borrow().clone()
    }

    /// Returns whether the name can be one.
    pub(super) fn ask_to_join(self: &Rc<Self>, name: &str) -> bool {
        let Some(room) = self.room.get() else { return false };
        if let Err(error) = PersonName::parse(name) {
            room.refuse(Some(Refusal::of_name(error)));
            return false;
        }
        self.joining.replace(Some(name.to_owned()));
        self.join_after.set(0.0);
        self.join();
        true
    }

    /// Asks once; without an answer, a later tick asks again.
    pub(super) fn join(self: &Rc<Self>) {
        let (Some(name), Some(room)) = (self.joining.borrow().clone(), self.room.get()) else {
            return;
        };
        if Date::now() < self.join_after.get() || self.join_in_flight.replace(true) {
            return;
        }
        let client = self.clone();
        spawn_local(async move {
            let answer = join(&room.code(), &name).await;
            client.join_in_flight.set(false);
            match answer {
                None => client.join_after.set(Date::now() + JOIN_PAUSE),
                Some(Err(refusal)) if refusal.is_retryable() => {
                    client.join_after.set(Date::now() + JOIN_PAUSE);
                }
                Some(Err(refusal)) => {
                    client.joining.replace(None);
                    room.refuse(Some(refusal));
                }
                Some(Ok(member)) => {
                    client.joining.replace(None);
                    room.set_me(WhoAmI::Member(member));
                    // The socket was opened before there was a session.
                    client.feed(Input::Renew);
                }
            }
        });
    }

    /// A visitor's message says that they want in, also when it was written before a reload.
    fn join_for_the_waiting(self: &Rc<Self>) {
        let Some(room) = self.room.get() else { return };
        let waits = self.outbox.borrow().entries(room.id()).any(|entry| entry.refusal.is_none());
        let name = room.scene.with_untracked(|scene| match &scene.me {
            WhoAmI::Visitor { name } => Some(name.clone()),
            WhoAmI::Member(_) => None,
        });
        let asks = self.joining.borrow().is_some();
        if let Some(name) = name.filter(|_| waits && !asks) {
            let client = self.clone();
            spawn_local(async move {
                client.ask_to_join(&name);
            });
        }
    }

    pub(super) async fn adopt(self: &Rc<Self>) {
        let storage = self.storage.borrow().clone();
        let Some(storage) = storage else { return };
        let adopted = storage.adopt().await;
        if !adopted.is_empty() {
            // A member's words are not said by a visitor, who may be somebody else: whoever was signed out
            // meanwhile, or left, is asked.
            let mine = |(entry, member): (Entry, bool)| match self.shows(entry.room) {
                Some(room) if member && !room.is_member() => {
                    Entry { refusal: Some(Refusal::NotAMember), ..entry }
                }
                _ => entry,
            };
            self.outbox.borrow_mut().adopt(adopted.into_iter().map(mine).collect());
            self.overlay();
            self.join_for_the_waiting();
            if self.socket.borrow().is_none() {
                // The lobby had no need of one until now.
                self.feed(Input::Closed);
            }
            self.feed(Input::Awake);
            self.pump();
        }
    }

    pub(super) fn keep(&self, entry: &Entry) {
        let member = self.is_member(entry.room);
        self.stored(|storage| storage.put(entry, member));
    }

    pub(super) fn stored(&self, act: impl FnOnce(&Storage)) {
        if let Some(storage) = &*self.storage.borrow() {
            act(storage);
        }
    }
}
