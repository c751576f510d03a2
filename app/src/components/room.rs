//! A room's inside: header, log, composer, people. Composes only.

use leptos::prelude::*;
use protocol::{Page, RoomView};

use super::{
    Look, composer::Composer, dates::Dates, jump::Jump, links, live, people, people::People,
    room_header::RoomHeader, timeline::Timeline,
};
use crate::{Clock, RoomState};

/// `view` is what `room` was made of; it tells what never changes while the page is shown.
#[component]
pub fn RoomPage(room: RoomState, view: RoomView) -> impl IntoView {
    people::provide_people();
    let plain = plain(&view);
    let RoomView { page, link, form_id, draft, .. } = view;
    let name = super::room_name(page.room.name.as_ref(), &page.room.code);
    let code = page.room.code;
    let path = Page::Room(code.clone()).path();
    let live = live();
    let date = today();
    view! {
        <div class="layout-room__head"><RoomHeader room link /></div>
        <div class="layout-room__banner">
            <div class="banner" data-tone="plain" data-plain inner_html=plain></div>
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

/// For readers without a script. Who is a member says with it what they have seen: up to here.
#[cfg(feature = "ssr")]
fn plain(view: &RoomView) -> String {
    use protocol::WhoAmI;

    let words = super::words();
    let room = Page::Room(view.page.room.code.clone()).path();
    let (method, action) = match view.me {
        WhoAmI::Member(_) => ("post", format!("{room}/read")),
        WhoAmI::Visitor { .. } => ("get", room),
    };
    let seq = view.page.messages.last().map_or(0, |message| message.seq);
    view! {
        <span class="banner__text">{words.plain}</span>
        <form id="refresh" method=method action=action>
            {(method == "post").then(|| view! { <input type="hidden" name="seq" value=seq /> })}
            <button class="button" data-size="sm">{words.refresh}</button>
        </form>
    }
    .to_html()
}

/// What the server drew stays as it is: nobody with a script sees it.
#[cfg(not(feature = "ssr"))]
fn plain(_: &RoomView) -> String {
    String::new()
}
