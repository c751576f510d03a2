//! Rooms to go to, a line each: mine, and those that are open to everyone. The server draws them, and the
//! browser keeps them as they are.

#[cfg(feature = "ssr")]
mod drawn;
mod lines;

#[cfg(feature = "ssr")]
pub(super) use drawn::{OpenRooms, RoomList};
use leptos::prelude::document;
use protocol::{OpenRoom, RoomId, RoomLink};

use super::{flag::flag, html::Text, icon::SMALL, room_name};
use crate::{OPEN_ID, ROOMS_ID, Words};
use lines::Line;

const NONE: &str = "no-rooms";
/// What the open rooms stand in.
const OPEN_LIST: &str = "open-rooms";

/// As many as they are. `current` is the one that is open, where nothing is counted: it is being read.
/// Where there is little room, `compact`, a name is enough without its code.
fn mine<'a>(
    rooms: &'a [RoomLink],
    current: Option<RoomId>,
    compact: bool,
    words: &'a Words,
) -> impl Iterator<Item = Line<'a>> {
    rooms.iter().map(move |room| {
        let is_current = current == Some(room.id);
        let unread = if is_current { 0 } else { room.unread };
        Line {
            code: &room.code,
            is_current,
            is_new: unread > 0,
            inside: link(room, unread, compact, words),
        }
    })
}

/// Them as HTML, as they are in the page.
#[cfg(any(test, feature = "ssr"))]
pub(super) fn of_mine(
    rooms: &[RoomLink],
    current: Option<RoomId>,
    compact: bool,
    words: &Words,
) -> String {
    mine(rooms, current, compact, words).map(|line| line.html()).collect()
}

/// A figure for the eye, a word for the ear.
fn link(room: &RoomLink, unread: u32, compact: bool, words: &Words) -> String {
    let code = room.code.as_str();
    let code = if compact || room.name.is_none() {
        String::new()
    } else {
        format!(r#"<span class="mono">{code}</span>"#)
    };
    let badge = match unread {
        0 => String::new(),
        unread => format!(
            r#"<span class="badge" data-tone="new"><span aria-hidden="true">{unread}</span><span class="visually-hidden">{}</span></span>"#,
            Text(&words.unread(unread))
        ),
    };
    let name = room_name(room.name.as_ref(), &room.code, words);
    inside(room.code.as_str(), &name, &format!("{code}{badge}"))
}

/// Them as HTML, as they are in the page.
#[cfg(any(test, feature = "ssr"))]
pub(super) fn of_open(rooms: &[OpenRoom], now: i64, words: &Words) -> String {
    open(rooms, now, words).map(|line| line.html()).collect()
}

/// How many are there, and how long before `now` something was said: milliseconds since 1970.
fn open<'a>(rooms: &'a [OpenRoom], now: i64, words: &'a Words) -> impl Iterator<Item = Line<'a>> {
    rooms.iter().map(move |room| {
        let OpenRoom { code, name, here, last_at } = room;
        let minutes = now.saturating_sub(*last_at).max(0) / 60_000;
        let age = words.age(u32::try_from(minutes).unwrap_or(u32::MAX));
        let (people, empty) = match here {
            0 => (words.nobody.to_owned(), r#" data-empty="""#),
            here => (words.here(*here), ""),
        };
        let side = format!(
            r#"<span class="room-list__here"{empty}>{}</span><span>{}</span>"#,
            Text(&people),
            Text(&age)
        );
        let inside = inside(code.as_str(), &room_name(name.as_ref(), code, words), &side);
        Line { code, is_current: false, is_new: false, inside }
    })
}

fn inside(code: &str, name: &str, side: &str) -> String {
    let flag = flag(code, SMALL);
    format!(
        r#"{flag}<span class="room-list__name"><span class="truncate"><bdi>{}</bdi></span></span><span class="room-list__side">{side}</span>"#,
        Text(name)
    )
}

/// Whether the page has a list with any of mine.
pub fn lists_rooms() -> bool {
    lines::list(ROOMS_ID).is_some_and(|list| list.first_element_child().is_some())
}

/// Whether the page is the door of a room at which the reader waits to be let in.
pub fn waits_at_door() -> bool {
    // Fails only for what is no selector.
    document().query_selector("[data-waits]").is_ok_and(|found| found.is_some())
}

/// Whether the page has a place for those that are open to everyone.
pub fn lists_open() -> bool {
    lines::list(OPEN_LIST).is_some()
}

pub fn draw_rooms(rooms: &[RoomLink], current: Option<RoomId>, words: &Words) {
    let Some(list) = lines::list(ROOMS_ID) else { return };
    let compact = list.closest("[data-compact]").is_ok_and(|around| around.is_some());
    lines::draw(&list, mine(rooms, current, compact, words).collect(), "afterbegin");
    hide(NONE, !rooms.is_empty());
}

/// `now` as in `OpenRoom`.
pub fn draw_open(rooms: &[OpenRoom], now: i64, words: &Words) {
    let Some(list) = lines::list(OPEN_LIST) else { return };
    // Anyone can make one at any time: it moves none of the others.
    lines::draw(&list, open(rooms, now, words).collect(), "beforeend");
    hide(OPEN_ID, rooms.is_empty());
}

fn hide(id: &str, hidden: bool) {
    if let Some(element) = document().get_element_by_id(id) {
        // Fails only for what is no name of an attribute.
        let _ = element.toggle_attribute_with_force("hidden", hidden);
    }
}
