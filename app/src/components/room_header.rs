//! The room's name and facts, and what can be done with the room as a whole.

use leptos::prelude::*;
use protocol::{Page, WhoAmI};

use super::{
    connection::Connection, flag::Flag, icon::Icon, live, people::PeopleButton,
    room_code::RoomCode, room_name, theme::ThemeButton, words,
};
use crate::RoomState;

#[component]
pub(super) fn RoomHeader(room: RoomState) -> impl IntoView {
    let words = words();
    let code = room.with_room(|room| room.code.clone());
    let page = Page::Room(code.clone());
    let name = {
        let code = code.clone();
        move || room.with_room(|value| room_name(value.name.as_ref(), &code))
    };
    view! {
        <header class="room-header">
            <Leave room page=page.clone() class="room-header__back" icon="leave" />
            <Flag code=code.to_string() />
            <div class="room-header__title">
                <h1 class="room-header__name"><span class="truncate">{name}</span></h1>
                <div class="room-header__facts">
                    <Connection status=room.status />
                    <span class="room-header__fact room-header__narrow mono">{code.to_string()}</span>
                    <span class="room-header__fact">{move || (words.here)(room.here.read().total)}</span>
                </div>
            </div>
            <div class="room-header__actions">
                <a class="button" data-variant="quiet" data-plain href=page.path()>
                    <Icon name="refresh" /><span class="button__word">{words.refresh}</span>
                </a>
                <RoomCode code=code.to_string() />
                <CopyLink room />
                <PeopleButton room />
                <ThemeButton back=page.clone() />
                <Leave room page class="room-header__out" icon="out" />
            </div>
        </header>
    }
}

/// The link of the room. Where the clipboard is refused, it stands there to be copied by hand.
#[component]
fn CopyLink(room: RoomState) -> impl IntoView {
    let words = words();
    let link = room.fixed.with_value(|fixed| fixed.link.clone());
    let copied = RwSignal::new(None);
    let text = link.clone();
    let copy = move |_| copied.set(Some((live().copy)(&text)));
    view! {
        <button class="button" data-variant="quiet" type="button" aria-label=words.copy_link data-scripted on:click=copy
            on:blur=move |_| if copied.get() == Some(true) { copied.set(None) }>
            <Icon name="link" />
            <span class="button__word">{move || if copied.get() == Some(true) { words.copied } else { words.copy_link }}</span>
        </button>
        <span class="visually-hidden" role="status">{move || (copied.get() == Some(true)).then_some(words.copied)}</span>
        <Show when=move || copied.get() == Some(false)>
            <span class="copy-by-hand">
                <input class="field__input" readonly aria-label=words.copy_this value=link.clone() size=link.len() />
            </span>
        </Show>
    }
}

/// A form, so that it works without a script. A visitor has nothing to leave but the page.
#[component]
fn Leave(room: RoomState, page: Page, class: &'static str, icon: &'static str) -> impl IntoView {
    let words = words();
    let is_member = move || matches!(*room.me.read(), WhoAmI::Member(_));
    let label = move || if is_member() { words.leave } else { words.lobby };
    let action = format!("{}/leave", page.path());
    view! {
        <form class=class action=move || if is_member() { action.clone() } else { Page::Lobby.path() }
            method=move || if is_member() { "post" } else { "get" }>
            <button class="button" data-variant="quiet" data-icon aria-label=label title=label>
                <Icon name=icon mirror=true />
            </button>
        </form>
    }
}
