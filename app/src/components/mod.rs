//! One visible thing a file; each has its style in `style/components/` under the same name.

#[cfg(feature = "ssr")]
mod about;
#[cfg(feature = "ssr")]
mod act;
#[cfg(feature = "ssr")]
mod announcement;
#[cfg(feature = "ssr")]
mod arrival;
mod avatar;
mod banner;
#[cfg(feature = "ssr")]
mod bell;
mod beside;
#[cfg(feature = "ssr")]
mod brand;
#[cfg(feature = "ssr")]
mod code_input;
mod composer;
mod connection;
mod dates;
#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
mod device;
#[cfg(feature = "ssr")]
mod devices;
mod divider;
#[cfg(feature = "ssr")]
mod emoji_button;
#[cfg(feature = "ssr")]
mod emoji_picker;
#[cfg(feature = "ssr")]
mod entry;
#[cfg(feature = "ssr")]
mod field;
mod flag;
#[cfg(feature = "ssr")]
mod gate;
mod html;
mod icon;
mod input;
mod jump;
mod links;
#[cfg(feature = "ssr")]
mod lobby;
mod markup;
mod message;
#[cfg(feature = "ssr")]
mod moments;
#[cfg(feature = "ssr")]
mod new_room;
#[cfg(feature = "ssr")]
mod notice;
mod people;
#[cfg(feature = "ssr")]
mod person;
#[cfg(feature = "ssr")]
mod qr;
#[cfg(feature = "ssr")]
mod rail;
mod rename;
#[cfg(feature = "ssr")]
mod room;
#[cfg(feature = "ssr")]
mod room_code;
mod room_header;
mod room_list;
mod room_menu;
mod rows;
#[cfg(feature = "ssr")]
mod rules;
#[cfg(feature = "ssr")]
mod segmented;
#[cfg(feature = "ssr")]
mod settings;
mod share;
#[cfg(feature = "ssr")]
mod sheet;
mod slot;
#[cfg(feature = "ssr")]
mod suggest;
mod theme;
mod timeline;
mod typing;
mod visitor;

#[cfg(feature = "ssr")]
use leptos::prelude::*;

#[cfg(feature = "ssr")]
pub(crate) use {
    about::MessagePage,
    announcement::Announcement,
    arrival::arrival,
    desk::DeskPage,
    devices::devices,
    emoji_picker::EmojiPicker,
    html::raw,
    lobby::LobbyPage,
    moments::Moments,
    new_room::NewRoomPage,
    notice::{Door, Notice},
    person::PersonPage,
    rail::Frame,
    room::RoomPage,
    rules::RulesPage,
    settings::SettingsPage,
};

pub use people::keep as keep_people;
pub use rename::renamed;
pub use room_list::{draw_open, draw_rooms, lists_open, lists_rooms, waits_at_door};

#[cfg(feature = "ssr")]
use crate::Catalogue;
use crate::{Live, RoomState, Words, scroll};

/// The reader's theme and zone.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy)]
pub(crate) struct Look(pub(crate) RwSignal<protocol::Look>);

/// Once a page, whatever rooms are shown in it.
pub fn listen() {
    composer::listen();
}

/// Takes over what the server drew: from now on it follows the room, and hears what
/// is done in it. It needs an owner that lives as long as the room is in the page.
pub fn come_alive(room: RoomState, live: Live) {
    slot::keep_filled(room);
    composer::come_alive(room, live);
    rename::come_alive();
    input::listen(room, live);
    share::come_alive(live);
    if let Some(place) = scroll::keep_place(room, live) {
        rows::keep_drawn(room, place);
    }
}

/// A message's marks as HTML, for what is no page of ours.
#[cfg(feature = "ssr")]
pub fn markup_html(body: &str, words: &Words) -> String {
    markup::html(body, words)
}

/// A text as HTML, between tags or in double quotes.
#[cfg(feature = "ssr")]
pub fn text_html(plain: &str) -> String {
    html::text(plain)
}

/// In the reader's language.
#[cfg(feature = "ssr")]
fn words() -> &'static Catalogue {
    expect_context()
}

/// Why something was refused, where it was tried.
fn problem(refusal: Option<&protocol::Refusal>, words: &Words) -> String {
    refusal.map(|refusal| html::text(&words.refusal(refusal))).unwrap_or_default()
}

/// What a room is called: its name, or else its code.
pub(crate) fn room_name(
    name: Option<&protocol::RoomName>,
    code: &protocol::RoomCode,
    words: &Words,
) -> String {
    name.map_or_else(|| words.room(code.as_str()), |name| name.as_str().to_owned())
}

#[cfg(test)]
mod tests;
