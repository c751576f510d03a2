//! As the server draws them: mine, and those that are open to everyone.

use leptos::prelude::*;
use protocol::{OpenRoom, Page, RoomId, RoomLink};

use super::{NONE, lines};
use crate::{
    ROOMS_ID,
    components::{flag::flag, html::raw, icon::SMALL, room_name, words},
};

/// Mine. `current` and `compact` as in `lines`.
#[component]
pub(in super::super) fn RoomList(
    rooms: Vec<RoomLink>,
    #[prop(optional)] current: Option<RoomId>,
    #[prop(optional)] compact: bool,
) -> impl IntoView {
    let words = words();
    let lines = lines(rooms.iter(), current, compact, &words.live);
    view! {
        {(!compact).then(|| view! {
            <p class="room-list__none text-soft" id=NONE hidden=!rooms.is_empty()>{words.no_rooms}</p>
        })}
        <ul class="room-list__items" role="list" id=ROOMS_ID inner_html=lines></ul>
    }
}

/// How many are there, and how long ago something was said.
#[component]
pub(in super::super) fn OpenRoomLine(room: OpenRoom, now: i64) -> impl IntoView {
    let OpenRoom { code, name, here, last_at } = room;
    let words = words();
    let name = room_name(name.as_ref(), &code, &words.live);
    let minutes = u32::try_from(now.saturating_sub(last_at).max(0) / 60_000).unwrap_or(u32::MAX);
    let people = if here == 0 { words.nobody.to_owned() } else { words.live.here(here) };
    view! {
        <li class="room-list__item">
            <a class="room-list__link" href=Page::Room(code.clone()).path()>
                {raw(flag(code.as_str(), SMALL))}
                <span class="room-list__name"><span class="truncate"><bdi>{name}</bdi></span></span>
                <span class="room-list__side">
                    <span class="room-list__here" data-empty=here == 0>{people}</span>
                    <span>{words.age(minutes)}</span>
                </span>
            </a>
        </li>
    }
}
