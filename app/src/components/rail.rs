//! My rooms beside the talk, where the window is wide enough.

use leptos::prelude::*;
use protocol::{Page, RoomId, RoomLink};

use crate::{ALOUD_ID, LIVE_ID};

use super::{brand::Brand, emoji_picker::EmojiPanel, icon::Icon, room_list::RoomList, words};

/// The page around a room. `emoji` is where the picker is filled from.
#[component]
pub(crate) fn Frame(
    current: RoomId,
    rooms: Vec<RoomLink>,
    emoji: String,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="visually-hidden" href="#message">{words().skip}</a>
        <div class="layout-app">
            <Rail current rooms />
            <div class="layout-room" id=LIVE_ID>{children()}</div>
        </div>
        <EmojiPanel from=emoji />
        <p class="visually-hidden" role="status" id=ALOUD_ID></p>
    }
}

#[component]
fn Rail(current: RoomId, rooms: Vec<RoomLink>) -> impl IntoView {
    let words = words();
    view! {
        <nav class="rail" aria-label=words.your_rooms>
            <div class="rail__head"><Brand /></div>
            <div class="rail__body">
                <div class="room-list" data-compact>
                    <div class="room-list__head"><h2 class="room-list__title">{words.your_rooms}</h2></div>
                    <RoomList rooms current compact=true />
                </div>
            </div>
            <div class="rail__foot">
                <a class="rail__link" href=Page::Lobby.path()><Icon name="compass" />{words.live.lobby}</a>
                <a class="rail__link" href=Page::Settings.path()><Icon name="settings" />{words.settings}</a>
            </div>
        </nav>
    }
}
