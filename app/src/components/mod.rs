//! One visible thing a file; each has its style in `style/components/` under the same name.

mod avatar;
#[cfg(feature = "ssr")]
mod brand;
#[cfg(feature = "ssr")]
mod code_input;
mod composer;
mod connection;
mod dates;
mod divider;
mod emoji_button;
#[cfg(feature = "ssr")]
mod emoji_picker;
mod flag;
mod icon;
mod jump;
mod links;
#[cfg(feature = "ssr")]
mod lobby;
mod markup;
mod message;
#[cfg(feature = "ssr")]
mod notice;
mod people;
#[cfg(feature = "ssr")]
mod rail;
mod room;
mod room_code;
mod room_header;
#[cfg(feature = "ssr")]
mod room_list;
#[cfg(feature = "ssr")]
mod settings;
mod suggest;
mod theme;
mod timeline;
mod typing;
mod visitor;

use leptos::prelude::*;

pub use room::RoomPage;
#[cfg(feature = "ssr")]
pub(crate) use {
    emoji_picker::EmojiPicker, lobby::LobbyPage, notice::Door, rail::Frame, settings::SettingsPage,
};

use crate::{EN, Live, Words};

/// The reader's theme and zone.
#[derive(Clone, Copy)]
pub struct Look(pub RwSignal<protocol::Look>);

fn words() -> &'static Words {
    &EN
}

fn live() -> Live {
    expect_context()
}

/// What a room is called: its name, or else its code.
fn room_name(name: Option<&protocol::RoomName>, code: &protocol::RoomCode) -> String {
    name.map_or_else(|| (words().room)(code.as_str()), |name| name.as_str().to_owned())
}
