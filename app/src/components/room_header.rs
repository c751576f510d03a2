//! The room's name and facts, and what can be done with the room as a whole.

use leptos::prelude::*;
use protocol::Page;

use super::{
    connection::Connection, flag::Flag, icon::Icon, live, people::PeopleButton,
    room_code::RoomCode, room_name, theme::ThemeButton, words,
};
use crate::RoomState;

/// `link` is the room's address for others.
#[component]
pub(super) fn RoomHeader(room: RoomState, link: String) -> impl IntoView {
    let words = words();
    let scene = room.scene;
    let code = scene.with_untracked(|scene| scene.room.code.clone());
    let page = Page::Room(code.clone());
    view! {
        <header class="room-header">
            <Leave room page=page.clone() class="room-header__back" icon="leave" />
            <Flag code=code.to_string() />
            <div class="room-header__title">
                <h1 class="room-header__name">
                    <span class="truncate">
                        {move || scene.with(|scene| room_name(scene.room.name.as_ref(), &scene.room.code))}
                    </span>
                </h1>
                <div class="room-header__facts">
                    <Connection room />
                    <span class="room-header__fact room-header__narrow mono">{code.to_string()}</span>
                    <span class="room-header__fact">{move || (words.here)(scene.with(|scene| scene.here.total - scene.here.away))}</span>
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
                <ThemeButton back=page.clone() />
                <Leave room page class="room-header__out" icon="out" />
            </div>
        </header>
    }
}

/// The link of the room. Where the clipboard is refused, it stands there to be copied by hand.
#[component]
fn CopyLink(link: String) -> impl IntoView {
    let (words, live) = (words(), live());
    // Whether the clipboard took it, once it was asked to.
    let copied = RwSignal::new(None);
    let text = link.clone();
    let by_hand = move || {
        let link = link.clone();
        (copied.get() == Some(false)).then(|| {
            let size = link.len();
            view! { <input class="copy-by-hand" readonly aria-label=words.copy_this value=link size=size /> }
        })
    };
    view! {
        <button class="button" data-variant="quiet" type="button" aria-label=words.copy_link data-scripted
            on:click=move |_| copied.set(Some((live.copy)(&text)))
            on:blur=move |_| if copied.get_untracked() == Some(true) { copied.set(None) }>
            <Icon name="link" />
            <span class="button__word">{move || if copied.get() == Some(true) { words.copied } else { words.copy_link }}</span>
        </button>
        <span class="visually-hidden" role="status">{move || if copied.get() == Some(true) { words.copied } else { "" }}</span>
        {by_hand}
    }
}

/// A form, so that it works without a script. A visitor has nothing to leave but the page.
#[component]
fn Leave(room: RoomState, page: Page, class: &'static str, icon: &'static str) -> impl IntoView {
    let words = words();
    let is_member = move || room.scene.with(crate::Scene::is_member);
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
