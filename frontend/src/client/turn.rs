//! Turning to another of my rooms: the page stays, and so does its socket. The server draws the room's inside
//! as for any load; it takes the place of the one that was shown, and is brought to life as that was.
//! What cannot be done so, the browser does by loading the page.

use std::rc::Rc;

use app::{LIVE_ID, RoomState, Words, come_alive, keep_people};
use leptos::{ev, prelude::*};
use protocol::{Audience, Command, Look, Page, RoomView};
use sync::Input;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, MouseEvent};

use super::{Client, LIVE, with};
use crate::{
    bell::Bell,
    document::{self, CLOCK, element, focus_box},
    emoji,
    page::{self, OtherPage},
    sheet, sound,
};

/// A room in the list beside the talk.
const LINK: &str = ".rail #rooms a";

pub(super) fn listen() {
    document::listen("click", |event, target| {
        let link = target.closest(LINK).ok().flatten();
        let (Some(link), Some(event)) = (link, event.dyn_ref::<MouseEvent>()) else { return };
        let elsewhere =
            event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if let Some(path) = link.get_attribute("href").filter(|_| !elsewhere) {
            event.prevent_default();
            with(|client| client.turn_to(path));
        }
    });
    let began = location().pathname().unwrap_or_default();
    window_event_listener(ev::popstate, move |_| {
        with(|client| client.address_changed(&began));
    });
}

impl Client {
    /// Brings to life what was drawn of `view`.
    pub(super) fn show(self: &Rc<Self>, look: Look, words: &'static Words, view: &RoomView) {
        let bell = Bell::new(Some(view.page.room.id), look.notify);
        bell.draw();
        self.bell.replace(Rc::new(bell));
        self.quiet.set(look.quiet);
        sound::want(look.sound);
        let owner = Owner::new();
        owner.with(|| {
            let look = RwSignal::new(look);
            let room = RoomState::new(view, look, CLOCK, words);
            document::follow(look, room);
            self.room.set(Some(room));
            come_alive(room, LIVE);
        });
        sheet::come_alive();
        emoji::come_alive();
        if let Some(before) = self.owner.replace(Some(owner)) {
            before.cleanup();
        }
    }

    fn turn_to(self: &Rc<Self>, path: String) {
        let is_here = self.room.get().is_some_and(|room| Page::Room(room.code()).path() == path);
        if is_here {
            self.turns.set(self.turns.get() + 1);
            // It may be on its way back to another.
            if location().pathname().is_ok_and(|at| at != path) {
                push(&path);
            }
            focus_room();
        } else {
            self.turn(path, true);
        }
    }

    /// By the browser, as it goes back and forth: between rooms, or within what is shown. The page `began` at
    /// an address; where it shows no room, it can show that one only.
    fn address_changed(self: &Rc<Self>, began: &str) {
        let at = location();
        let path = at.pathname().unwrap_or_default();
        let room = self.room.get().map(|room| Page::Room(room.code()));
        if room.is_none() && path != began {
            self.reload();
        } else if room.is_some() && Page::parse(&path) != room {
            let query = at.search().unwrap_or_default();
            self.turn(path + &query, false);
        } else {
            self.turns.set(self.turns.get() + 1);
        }
    }

    /// Of several, the last counts. `is_new`: the browser is not there yet.
    fn turn(self: &Rc<Self>, path: String, is_new: bool) {
        let (client, turn) = (self.clone(), self.turns.get() + 1);
        self.turns.set(turn);
        spawn_local(async move {
            let page = page::load(&path).await;
            if client.turns.get() != turn {
                return;
            }
            let old = element(LIVE_ID);
            // Who is about to join a room stays until they have.
            match page.zip(old).filter(|_| client.joining.borrow().is_none()) {
                Some((page, old)) => client.put(page, &old, is_new.then_some(&*path)),
                // Both fail only for an address that is none.
                None if is_new => _ = location().assign(&path),
                None => _ = location().reload(),
            }
        });
    }

    fn put(self: &Rc<Self>, page: OtherPage, old: &Element, path: Option<&str>) {
        let Some(before) = self.room.get() else { return };
        self.turn_from(before);
        if let Some(path) = path {
            push(path);
        }
        document().set_title(&page.title);
        keep_people(old, &page.live);
        // Fails only for what is in no page.
        let _ = old.replace_with_with_node_1(&page.live);
        self.show(page.look, before.words, &page.view);
        self.feed(Input::Turned);
        // A line that is dead is known to be soon.
        self.feed(Input::Awake);
        if let Some(room) = self.room.get() {
            self.watch(room);
        }
        self.overlay();
        self.know_rooms(page.view.rooms);
        self.glance();
        focus_room();
    }

    /// Nothing of the room that was shown is the next one's.
    fn turn_from(&self, room: RoomState) {
        self.keep_draft();
        self.is_typing(false);
        self.say_read(true);
        self.unwatch_desk(room.id());
        self.tell(Command::Unwatch { stream: Audience::Room(room.id()) });
        // Who does not follow a room hears no more of what they said there: it is sent again.
        self.asked.take();
        self.outbox.borrow_mut().cut();
        self.renaming.take();
        self.loading.take();
        self.announcer.take();
        self.people.take();
        self.miss_nothing();
        self.forget_read();
    }
}

fn push(path: &str) {
    if let Ok(history) = window().history() {
        // Refused only to a page that changes its address without end.
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// To write there is what one came for. By touch a box would raise the keyboard, so it is the room's name.
fn focus_room() {
    let coarse = window().match_media("(pointer: coarse)").ok().flatten();
    if !coarse.is_some_and(|coarse| coarse.matches()) {
        return focus_box();
    }
    let heading = document().query_selector("h1").ok().flatten();
    if let Some(heading) = heading.as_ref().and_then(Element::dyn_ref::<HtmlElement>) {
        heading.set_tab_index(-1);
        // Fails only for an element that cannot have it.
        let _ = heading.focus();
    }
}
