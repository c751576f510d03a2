//! What a person does in a room's page, heard in one place: what the server drew has no listeners of
//! its own.

use leptos::{
    ev::KeyboardEvent,
    prelude::*,
    wasm_bindgen::{JsCast, prelude::Closure},
    web_sys::{Element, Event},
};

use super::{
    banner, beside, composer, dates, links, message, people, rename, room_header, room_menu, share,
    theme,
};
use crate::{LIVE_ID, Live, RoomState};

const KINDS: [&str; 7] =
    ["click", "submit", "keydown", "input", "mousedown", "focusout", "pointermove"];

/// Each takes what is meant for it.
const HEAR: [fn(&Input<'_>); 12] = [
    banner::hear,
    beside::hear,
    links::hear,
    message::hear,
    composer::hear,
    people::hear,
    rename::hear,
    room_header::hear,
    room_menu::hear,
    share::hear,
    dates::hear,
    theme::hear,
];

pub(super) struct Input<'a> {
    pub(super) room: RoomState,
    pub(super) live: Live,
    pub(super) event: &'a Event,
    kind: String,
    target: Element,
}

impl Input<'_> {
    /// The innermost such element around what it happened to, if it is of this kind.
    pub(super) fn on(&self, kind: &str, selector: &str) -> Option<Element> {
        if self.kind == kind { self.target.closest(selector).ok()? } else { None }
    }

    /// The same for a key.
    pub(super) fn key(&self, key: &str, selector: &str) -> bool {
        let pressed = self.on("keydown", selector).and(self.event.dyn_ref::<KeyboardEvent>());
        pressed.is_some_and(|event| event.key() == key)
    }
}

/// As long as the room is in the page: what is heard by an element goes with it.
pub(crate) fn listen(room: RoomState, live: Live) {
    let Some(root) = document().get_element_by_id(LIVE_ID) else { return };
    let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into().ok());
        if let Some(target) = target {
            let input = Input { room, live, event: &event, kind: event.type_(), target };
            HEAR.iter().for_each(|hear| hear(&input));
        }
    });
    let hear = hear.into_js_value();
    for kind in KINDS {
        // Fails only for what is no listener.
        let _ = root.add_event_listener_with_callback(kind, hear.unchecked_ref());
    }
}
