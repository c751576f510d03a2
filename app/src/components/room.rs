//! A room: header, log, composer, people. Composes only.

use leptos::prelude::*;
use protocol::Page;

use super::{
    composer::Composer, notice::Ended, people, people::People, rail::Rail, room_header::RoomHeader,
    timeline::Timeline, words,
};
use crate::RoomState;

#[component]
pub(super) fn RoomPage(room: RoomState) -> impl IntoView {
    people::provide_people();
    move || match room.closed.get() {
        Some(reason) => view! { <Ended reason /> }.into_any(),
        None => view! { <Talk room /> }.into_any(),
    }
}

#[component]
fn Talk(room: RoomState) -> impl IntoView {
    let words = words();
    let name = room.with_room(|value| super::room_name(value.name.as_ref(), &value.code));
    let refresh = room.with_room(|room| Page::Room(room.code.clone()).path());
    view! {
        <a class="visually-hidden" href="#message">{words.skip}</a>
        <div class="layout-app">
            <Rail room />
            <div class="layout-room">
                <div class="layout-room__head"><RoomHeader room /></div>
                <section class="layout-room__banner">
                    <div class="banner" data-tone="plain" data-plain>
                        <span class="banner__text">{words.plain}" "<small>{words.plain_more}</small></span>
                        <a class="button" data-size="sm" href=refresh>{words.refresh}</a>
                    </div>
                </section>
                <main class="layout-room__talk" aria-label=name>
                    <Timeline room />
                    <Composer room />
                </main>
                <div class="layout-room__side"><People room /></div>
            </div>
        </div>
    }
}
