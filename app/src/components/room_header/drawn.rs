//! As the server draws it.

use leptos::prelude::*;
use protocol::Page;

use super::{BACK, BY_HAND, COPIED, HERE, KEPT, NAME, OUT, TOPIC, here, kept, leave, name, topic};
use crate::{
    RoomState,
    components::{
        connection::Connection, flag::Flag, icon::Icon, people::PeopleButton, room_code::RoomCode,
        room_menu::RoomMenuButton, theme::ThemeButton, words,
    },
};

/// `link` is the room's address for others.
#[component]
pub(in super::super) fn RoomHeader(room: RoomState, link: String) -> impl IntoView {
    let words = words();
    let scene = room.scene.get_untracked();
    let code = scene.room.code.clone();
    let page = Page::Room(code.clone());
    view! {
        <header class="room-header">
            <div class="room-header__back" id=BACK inner_html=leave(&scene, "leave")></div>
            <Flag code=code.to_string() />
            <div class="room-header__title">
                <h1 class="room-header__name"><span class="truncate" id=NAME inner_html=name(&scene)></span></h1>
                <div class="room-header__facts">
                    <Connection room />
                    <span class="room-header__fact room-header__narrow mono">{code.to_string()}</span>
                    <span class="room-header__fact" id=HERE inner_html=here(&scene)></span>
                    <span class="room-header__fact room-header__topic" id=TOPIC inner_html=topic(&scene)></span>
                    <span class="room-header__fact room-header__lifetime" id=KEPT inner_html=kept(&scene)></span>
                </div>
            </div>
            <div class="room-header__actions">
                <button class="button" data-variant="quiet" data-plain form="refresh">
                    <Icon name="refresh" />
                    <span class="button__word">{words.refresh}</span>
                </button>
                <RoomCode code=code.to_string() />
                <CopyLink link />
                <PeopleButton />
                <button class="button room-header__wide" data-variant="quiet" data-icon type="button" aria-haspopup="dialog"
                    popovertarget="dates" aria-label=words.jump_to_date title=words.jump_to_date>
                    <Icon name="calendar" />
                </button>
                <div class="room-header__wide"><ThemeButton back=page /></div>
                <RoomMenuButton />
                <div class="room-header__out" id=OUT inner_html=leave(&scene, "out")></div>
            </div>
        </header>
    }
}

/// The link of the room. Where the clipboard is refused, it stands there to be copied by hand.
#[component]
fn CopyLink(link: String) -> impl IntoView {
    let words = words();
    let size = link.len();
    view! {
        <button class="button" data-variant="quiet" type="button" aria-label=words.live.copy_link data-scripted data-copy=link.clone()>
            <Icon name="link" />
            <span class="button__word">{words.live.copy_link}</span>
        </button>
        <span class="visually-hidden" role="status" id=COPIED></span>
        <input class="copy-by-hand" id=BY_HAND readonly hidden dir="ltr" aria-label=words.copy_this value=link size=size />
    }
}
