//! A room's inside: header, log, composer, people. Composes only.

use leptos::prelude::*;
use protocol::{Page, RoomView};

use super::{
    Look, composer::Composer, dates::Dates, jump::Jump, links, live, people, people::People,
    room_header::RoomHeader, timeline::Timeline, words,
};
use crate::{Clock, RoomState};

/// `view` is what `room` was made of; it tells what never changes while the page is shown.
#[component]
pub fn RoomPage(room: RoomState, view: RoomView) -> impl IntoView {
    people::provide_people();
    let words = words();
    let RoomView { page, link, form_id, draft, .. } = view;
    let name = super::room_name(page.room.name.as_ref(), &page.room.code);
    let code = page.room.code;
    let path = Page::Room(code.clone()).path();
    let refresh = path.clone();
    let live = live();
    let date = today();
    view! {
        <div class="layout-room__head"><RoomHeader room link /></div>
        <div class="layout-room__banner">
            <div class="banner" data-tone="plain" data-plain>
                <span class="banner__text">{words.plain}</span>
                <a class="button" data-size="sm" href=refresh>{words.refresh}</a>
            </div>
        </div>
        <main class="layout-room__talk" aria-label=name on:click=move |event| links::follow(room, live, &path, &event)>
            <Timeline room code=code.clone() />
            <div class="layout-room__foot">
                <Jump room code=code.clone() />
                <Composer room form_id draft />
            </div>
        </main>
        <Dates code date />
        <div class="layout-room__side"><People room /></div>
    }
}

/// Where the reader is.
fn today() -> String {
    let (Look(look), Clock { local, now }) = (expect_context(), expect_context());
    look.with_untracked(|look| local(look.zone.as_ref(), now())).date()
}
