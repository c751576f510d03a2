//! What this page tells others of its person, and what it asks of them: typing, away, and more people
//! than a first page names.

use std::rc::Rc;

use js_sys::Date;
use leptos::{prelude::*, web_sys::VisibilityState};
use protocol::{Command, Here, MemberId, Page, Presence, RoomCode, Typing};
use wasm_bindgen_futures::spawn_local;

use super::Client;
use crate::fetch::get;

/// Milliseconds between two looks at people who are only counted.
const LOOK_AGAIN: f64 = 5_000.0;

/// What is shown of the people who are here.
#[derive(Clone, Copy, Default)]
pub(super) struct People {
    /// They are not who the server has by now.
    stale: bool,
    /// A page of them is on its way.
    loading: bool,
    loaded: f64,
}

impl Client {
    /// The message box holds something, or nothing.
    pub(super) fn is_typing(&self, on: bool) {
        let Some(room) = self.room.get().filter(|room| room.is_member()) else { return };
        if self.quiet.get() {
            return;
        }
        if let Some(on) = self.attention.borrow_mut().typed(Date::now(), on) {
            self.tell(Command::Typing { room: room.id(), on });
        }
    }

    pub(super) fn others_type(&self, typing: Typing) {
        if let Some(room) = self.shows(typing.room).filter(|_| !self.quiet.get()) {
            self.attention.borrow_mut().heard(Date::now());
            room.set_typing(typing.who);
        }
    }

    /// Time has passed, or the page was hidden or shown.
    pub(super) fn look(self: &Rc<Self>) {
        let Some(room) = self.room.get() else { return };
        let (now, hidden) = (Date::now(), document().visibility_state() == VisibilityState::Hidden);
        if let Some(away) = self.attention.borrow_mut().looked(now, hidden) {
            self.tell(Command::Away { away });
        }
        if self.attention.borrow_mut().is_over(now) {
            room.set_typing(Vec::new());
        }
        let People { stale, loaded, .. } = self.people.get();
        if stale && now - loaded >= LOOK_AGAIN && people_are_shown() {
            self.load_people(Here::default(), room.people_listed().max(1));
        }
    }

    pub(super) fn presence(&self, presence: Presence) {
        let (Presence::All { room, .. }
        | Presence::Moved { room, .. }
        | Presence::Counted { room, .. }) = &presence;
        let Some(room) = self.shows(*room) else { return };
        let mut people = self.people.get();
        people.stale = match &presence {
            Presence::All { .. } => false,
            Presence::Moved { .. } => people.stale || people.loading,
            Presence::Counted { .. } => true,
        };
        self.people.set(people);
        room.presence(presence);
    }

    pub(super) fn more_people(self: &Rc<Self>) {
        if let Some(room) = self.room.get() {
            let here = room.scene.with_untracked(|scene| scene.here.clone());
            let upto = here.people.len() + 1;
            self.load_people(here, upto);
        }
    }

    /// Without an answer it is tried again, as what is out of date.
    fn load_people(self: &Rc<Self>, here: Here, upto: usize) {
        let (false, Some(room)) = (self.people.get().loading, self.room.get()) else { return };
        self.people.set(People { loading: true, stale: false, loaded: Date::now() });
        let client = self.clone();
        spawn_local(async move {
            let loaded = pages(&room.code(), here, upto).await;
            if room.is_over() {
                return;
            }
            let people = client.people.get();
            let stale = people.stale || loaded.is_none();
            client.people.set(People { loading: false, stale, ..people });
            if let Some(here) = loaded {
                room.show_people(here);
            }
        });
    }
}

/// Adds pages to `here` until it lists so many, or all.
async fn pages(code: &RoomCode, mut here: Here, upto: usize) -> Option<Here> {
    let mut complete = false;
    while !complete && here.people.len() < upto {
        let page = page(code, here.people.last().map(|one| one.member.id)).await?;
        complete = page.people.is_empty();
        (here.total, here.away) = (page.total, page.away);
        here.people.extend(page.people);
    }
    Some(here)
}

async fn page(code: &RoomCode, after: Option<MemberId>) -> Option<Here> {
    let mut path = Page::Room(code.clone()).path() + "/people";
    if let Some(MemberId(after)) = after {
        path += &format!("?after={after}");
    }
    get(&path).await
}

/// Asked of the page itself: a panel may be open, closed, or a sheet.
fn people_are_shown() -> bool {
    document().get_element_by_id("people").is_some_and(|panel| panel.client_height() > 0)
}
