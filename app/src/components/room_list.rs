//! Rooms to go to, a line each.

use leptos::prelude::*;
use protocol::{Page, RoomCode, RoomLink};

use super::{flag::Flag, room_name};

/// One room. `current` is the one that is open.
#[component]
pub(super) fn RoomLine(
    room: RoomLink,
    #[prop(optional)] current: Option<RoomCode>,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    let name = room_name(room.name.as_ref(), &room.code);
    let is_current = current.as_ref() == Some(&room.code);
    let side = (!small && room.name.is_some()).then(|| {
        view! { <span class="room-list__side mono">{room.code.to_string()}</span> }
    });
    view! {
        <li class="room-list__item">
            <a class="room-list__link" href=Page::Room(room.code.clone()).path() aria-current=is_current.then_some("page")>
                <Flag code=room.code.to_string() small />
                <span class="room-list__name"><span class="truncate">{name}</span></span>
                {side}
            </a>
        </li>
    }
}
