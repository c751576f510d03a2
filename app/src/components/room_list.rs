//! Rooms to go to, a line each.

use leptos::prelude::*;
use protocol::{OpenRoom, Page, RoomCode, RoomLink};

use super::{flag::Flag, room_name, words};

/// One room. `current` is the one that is open, where nothing is counted: it is being read.
#[component]
pub(super) fn RoomLine(
    room: RoomLink,
    #[prop(optional)] current: Option<RoomCode>,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    let name = room_name(room.name.as_ref(), &room.code, &words().live);
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
                <span class="room-list__name"><span class="truncate"><bdi>{name}</bdi></span></span>
                <span class="room-list__side">{code}{is_new.then(|| badge(unread))}</span>
            </a>
        </li>
    }
}

/// How many are there, and how long ago something was said.
#[component]
pub(super) fn OpenRoomLine(room: OpenRoom, now: i64) -> impl IntoView {
    let OpenRoom { code, name, here, last_at } = room;
    let words = words();
    let name = room_name(name.as_ref(), &code, &words.live);
    let minutes = u32::try_from(now.saturating_sub(last_at).max(0) / 60_000).unwrap_or(u32::MAX);
    let people = if here == 0 { words.nobody.to_owned() } else { words.live.here(here) };
    view! {
        <li class="room-list__item">
            <a class="room-list__link" href=Page::Room(code.clone()).path()>
                <Flag code=code.to_string() small=true />
                <span class="room-list__name"><span class="truncate">{name}</span></span>
                <span class="room-list__side">
                    <span class="room-list__here" data-empty=here == 0>{people}</span>
                    <span>{words.age(minutes)}</span>
                </span>
            </a>
        </li>
    }
}

/// A figure for the eye, a word for the ear.
fn badge(unread: u32) -> impl IntoView {
    view! {
        <span class="badge" data-tone="new">
            <span aria-hidden="true">{unread}</span>
            <span class="visually-hidden">{words().unread(unread)}</span>
        </span>
    }
}
