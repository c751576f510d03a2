//! A room's inside: header, log, composer, people. Composes only.

use leptos::prelude::*;
use protocol::{Page, RoomView};

use super::{
    composer::Composer, people, people::People, room_header::RoomHeader, timeline::Timeline, words,
};
use crate::RoomState;

/// `view` is what `room` was made of; it tells what never changes while the page is shown.
#[component]
pub fn RoomPage(room: RoomState, view: RoomView) -> impl IntoView {
    people::provide_people();
    let words = words();
    let RoomView { page, link, form_id, draft, .. } = view;
    let name = super::room_name(page.room.name.as_ref(), &page.room.code);
    let refresh = Page::Room(page.room.code).path();
    view! {
        <div class="layout-room__head"><RoomHeader room link /></div>
        <div class="layout-room__banner">
            <div class="banner" data-tone="plain" data-plain>
                <span class="banner__text">{words.plain}</span>
                <a class="button" data-size="sm" href=refresh>{words.refresh}</a>
            </div>
        </div>
        <main class="layout-room__talk" aria-label=name>
            <Timeline room />
            <Composer room form_id draft />
        </main>
        <div class="layout-room__side"><People room /></div>
    }
}
