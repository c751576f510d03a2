//! As the server draws them.

use leptos::prelude::*;
use protocol::{OpenRoom, RoomId, RoomLink};

use super::{NONE, OPEN_LIST, of_mine, of_open};
use crate::{OPEN_ID, ROOMS_ID, components::words};

/// Mine. `current` and `compact` as in `mine`.
#[component]
pub(in super::super) fn RoomList(
    rooms: Vec<RoomLink>,
    #[prop(optional)] current: Option<RoomId>,
    #[prop(optional)] compact: bool,
) -> impl IntoView {
    let words = words();
    let lines = of_mine(&rooms, current, compact, &words.live);
    view! {
        {(!compact).then(|| view! {
            <p class="room-list__none text-soft" id=NONE hidden=!rooms.is_empty()>{words.no_rooms}</p>
        })}
        <ul class="room-list__items" role="list" id=ROOMS_ID inner_html=lines></ul>
    }
}

/// Those that are listed, for everyone. The first may yet come.
#[component]
pub(in super::super) fn OpenRooms(rooms: Vec<OpenRoom>, now: i64) -> impl IntoView {
    let words = words();
    let lines = of_open(&rooms, now, &words.live);
    view! {
        <section class="room-list" aria-labelledby="open-title" id=OPEN_ID hidden=rooms.is_empty()>
            <div class="room-list__head">
                <h2 class="room-list__title" id="open-title">{words.open_rooms}</h2>
                <span class="room-list__aside">{words.open_to_all}</span>
            </div>
            <ul class="room-list__items" role="list" id=OPEN_LIST inner_html=lines></ul>
        </section>
    }
}
