//! Rooms to go to, a line each.

use leptos::prelude::*;
use protocol::{Page, RoomCode, RoomLink};

use super::{flag::Flag, room_name, words};

/// One room. `current` is the one that is open, where nothing is counted: it is being read.
#[component]
pub(super) fn RoomLine(
    room: RoomLink,
    #[prop(optional)] current: Option<RoomCode>,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    let name = room_name(room.name.as_ref(), &room.code);
    let is_current = current.as_ref() == Some(&room.code);
    let unread = if is_current { 0 } else { room.unread };
    let is_new = unread > 0;
    let code = (!small && room.name.is_some()).then(|| {
        view! { <span class="mono">{room.code.to_string()}</span> }
    });
    view! {
        <li class="room-list__item">
            <a class="room-list__link" href=Page::Room(room.code.clone()).path()
                aria-current=is_current.then_some("page") data-unread=is_new>
                <Flag code=room.code.to_string() small />
                <span class="room-list__name"><span class="truncate">{name}</span></span>
                <span class="room-list__side">{code}{is_new.then(|| badge(unread))}</span>
            </a>
        </li>
    }
}

/// A figure for the eye, a word for the ear.
fn badge(unread: u32) -> impl IntoView {
    view! {
        <span class="badge" data-tone="new">
            <span aria-hidden="true">{unread}</span>
            <span class="visually-hidden">{(words().unread)(unread)}</span>
        </span>
    }
}
