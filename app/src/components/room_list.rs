//! Rooms to go to, a line each. The server draws them, and the browser keeps mine as they are: a line stays
//! the element that it was and in its place, so that nobody loses it from under their pointer or focus.

#[cfg(feature = "ssr")]
mod drawn;

#[cfg(feature = "ssr")]
pub(super) use drawn::{OpenRoomLine, RoomList};
use leptos::{prelude::document, web_sys::Element};
use protocol::{Page, RoomId, RoomLink};

use super::{flag::flag, html::Text, icon::SMALL, room_name};
use crate::{ROOMS_ID, Words};

const ROOM: &str = "data-room";
const NONE: &str = "no-rooms";

/// As many as they are. `current` is the one that is open, where nothing is counted: it is being read.
/// Where there is little room, `compact`, a name is enough without its code.
pub(super) fn lines<'a>(
    rooms: impl Iterator<Item = &'a RoomLink>,
    current: Option<RoomId>,
    compact: bool,
    words: &Words,
) -> String {
    let line = |room: &RoomLink| {
        let attributes: String = attributes(room, current)
            .into_iter()
            .filter_map(|(name, value)| Some(format!(r#" {name}="{}""#, value?)))
            .collect();
        let path = Page::Room(room.code.clone()).path();
        let inside = inside(room, current, compact, words);
        format!(
            r#"<li class="room-list__item" {ROOM}="{}"><a class="room-list__link" href="{path}"{attributes}>{inside}</a></li>"#,
            room.id.0
        )
    };
    rooms.map(line).collect()
}

fn attributes(
    room: &RoomLink,
    current: Option<RoomId>,
) -> [(&'static str, Option<&'static str>); 2] {
    [
        ("aria-current", (current == Some(room.id)).then_some("page")),
        ("data-unread", (unread(room, current) > 0).then_some("")),
    ]
}

fn unread(room: &RoomLink, current: Option<RoomId>) -> u32 {
    if current == Some(room.id) { 0 } else { room.unread }
}

/// A figure for the eye, a word for the ear.
fn inside(room: &RoomLink, current: Option<RoomId>, compact: bool, words: &Words) -> String {
    let code = room.code.as_str();
    let (flag, name) = (flag(code, SMALL), room_name(room.name.as_ref(), &room.code, words));
    let code = if compact || room.name.is_none() {
        String::new()
    } else {
        format!(r#"<span class="mono">{code}</span>"#)
    };
    let badge = match unread(room, current) {
        0 => String::new(),
        unread => format!(
            r#"<span class="badge" data-tone="new"><span aria-hidden="true">{unread}</span><span class="visually-hidden">{}</span></span>"#,
            Text(&words.unread(unread))
        ),
    };
    format!(
        r#"{flag}<span class="room-list__name"><span class="truncate"><bdi>{}</bdi></span></span><span class="room-list__side">{code}{badge}</span>"#,
        Text(&name)
    )
}

/// Whether the page has a list with any.
pub fn lists_rooms() -> bool {
    list().is_some_and(|list| list.first_element_child().is_some())
}

/// Draws what differs from what is drawn. Those that are new to the page stand first.
pub fn draw_rooms(rooms: &[RoomLink], current: Option<RoomId>, words: &Words) {
    let Some(list) = list() else { return };
    let compact = list.closest("[data-compact]").is_ok_and(|around| around.is_some());
    let (items, mut drawn) = (list.children(), Vec::new());
    for item in (0..items.length()).rev().filter_map(|at| items.item(at)) {
        let id = item.get_attribute(ROOM).and_then(|id| id.parse().ok()).map(RoomId);
        match rooms.iter().find(|room| Some(room.id) == id) {
            Some(room) => {
                drawn.push(room.id);
                if let Some(link) = item.first_element_child() {
                    change(&link, room, current, &inside(room, current, compact, words));
                }
            }
            None => item.remove(),
        }
    }
    let new = rooms.iter().filter(|room| !drawn.contains(&room.id));
    // Both fail only for what is no place, and no name of an attribute.
    let _ = list.insert_adjacent_html("afterbegin", &lines(new, current, compact, words));
    if let Some(none) = document().get_element_by_id(NONE) {
        let _ = none.toggle_attribute_with_force("hidden", !rooms.is_empty());
    }
}

fn change(link: &Element, room: &RoomLink, current: Option<RoomId>, inside: &str) {
    for (name, value) in attributes(room, current) {
        // Both fail only for what is no name of an attribute.
        let _ = match value {
            Some(value) => link.set_attribute(name, value),
            None => link.remove_attribute(name),
        };
    }
    if link.inner_html() != inside {
        link.set_inner_html(inside);
    }
}

fn list() -> Option<Element> {
    document().get_element_by_id(ROOMS_ID)
}
