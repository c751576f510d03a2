//! Links into the log of the room that is shown: with a script they lead there without a new page.

use leptos::{
    ev::MouseEvent,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
};
use protocol::{Page, Place};

use super::input::Input;
use crate::{Aim, Live, RoomState};

/// For a click anywhere in the room.
pub(super) fn hear(input: &Input) {
    let link = input.on("click", "a:not([target])");
    let (Some(link), Some(event)) = (link, input.event.dyn_ref::<MouseEvent>()) else { return };
    let (room, live) = (input.room, input.live);
    let path = room.scene.with_untracked(|scene| Page::Room(scene.room.code.clone()).path());
    let href = link.get_attribute("href");
    let Some(rest) = href.as_deref().and_then(|href| href.strip_prefix(&path)) else { return };
    let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
    let query = rest.split('#').next().unwrap_or_default().trim_start_matches('?');
    let Ok(place) = Place::parse(query) else { return };
    // Another room's code may begin with this one's.
    let is_here = rest.is_empty() || rest.starts_with(['?', '#']);
    if elsewhere || !is_here {
        return;
    }
    event.prevent_default();
    if let (Place::At(_), Ok(history)) = (&place, window().history()) {
        // Refused only to a page that changes its address without end.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", href.as_deref());
    }
    go(room, live, place);
}

/// To a place in the log, be it here or not.
pub(super) fn go(room: RoomState, live: Live, place: Place) {
    let part = room.scene.with_untracked(|scene| scene.part);
    match place {
        Place::Start | Place::Newest if part.newer.is_none() => room.aim_at(Aim::End, None),
        Place::Start | Place::Newest => (live.load)(Place::Newest, Aim::End),
        Place::At(seq) if room.has(seq) => room.aim_at(Aim::Found, Some(seq)),
        Place::At(_) | Place::On(_) => (live.load)(place, Aim::Found),
        Place::Before(_) | Place::After(_) => (live.load)(place, Aim::Keep),
    }
}
