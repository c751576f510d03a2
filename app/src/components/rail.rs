//! My rooms beside the talk, where the window is wide enough.

use leptos::prelude::*;
use protocol::{Page, RoomCode, RoomLink};

use crate::{ALOUD_ID, LIVE_ID};

use super::{brand::Brand, emoji_picker::EmojiPanel, icon::Icon, room_list::RoomLine, words};

/// The page around a room. `emoji` is where the picker is filled from.
#[component]
pub(crate) fn Frame(
    code: RoomCode,
    rooms: Vec<RoomLink>,
    emoji: String,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="visually-hidden" href="#message">{words().skip}</a>
        <div class="layout-app">
            <Rail code rooms />
            <div class="layout-room" id=LIVE_ID>{children()}</div>
        </div>
        <EmojiPanel from=emoji />
        <p class="visually-hidden" role="status" id=ALOUD_ID></p>
    }
}

#[component]
fn Rail(code: RoomCode, rooms: Vec<RoomLink>) -> impl IntoView {
    let words = words();
    let lines = rooms
        .into_iter()
        .map(|link| view! { <RoomLine room=link current=code.clone() small=true /> });
    view! {
        <nav class="rail" aria-label=words.your_rooms>
            <div class="rail__head"><Brand /></div>
            <div class="rail__body">
                <div class="room-list" data-compact>
                    <div class="room-list__head"><h2 class="room-list__title">{words.your_rooms}</h2></div>
                    <ul class="room-list__items" role="list">{lines.collect_view()}</ul>
                </div>
            </div>
            <div class="rail__foot">
                <a class="rail__link" href=Page::Lobby.path()><Icon name="compass" />{words.live.lobby}</a>
                <a class="rail__link" href=Page::Settings.path()><Icon name="settings" />{words.settings}</a>
            </div>
        </nav>
    }
}
