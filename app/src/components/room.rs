//! A room's inside: header, log, composer, people. Composes only.

use leptos::prelude::*;
use protocol::{Page, RoomView, WhoAmI};

use super::{
    composer::Composer, dates::Dates, jump::Jump, people::People, room_header::RoomHeader,
    timeline::Timeline, words,
};
use crate::RoomState;

/// `view` is what `room` was made of.
#[component]
pub(crate) fn RoomPage(room: RoomState, view: RoomView) -> impl IntoView {
    let name = super::room_name(view.page.room.name.as_ref(), &view.page.room.code);
    let plain = plain(&view);
    let RoomView { page, link, form_id, draft, .. } = view;
    view! {
        <div class="layout-room__head"><RoomHeader room link /></div>
        <div class="layout-room__banner">{plain}</div>
        <main class="layout-room__talk" aria-label=name>
            <Timeline room code=page.room.code />
            <div class="layout-room__foot">
                <Jump room />
                <Composer room form_id draft />
            </div>
        </main>
        <Dates room />
        <div class="layout-room__side"><People room /></div>
    }
}

/// For readers without a script. Who is a member says with it what they have seen: up to here.
fn plain(view: &RoomView) -> impl IntoView + use<> {
    let words = words();
    let room = Page::Room(view.page.room.code.clone()).path();
    let (method, action) = match view.me {
        WhoAmI::Member(_) => ("post", format!("{room}/read")),
        WhoAmI::Visitor { .. } => ("get", room),
    };
    let seq = view.page.messages.last().map_or(0, |message| message.seq);
    view! {
        <div class="banner" data-tone="plain" data-plain>
            <span class="banner__text">{words.plain}</span>
            <form id="refresh" method=method action=action>
                {(method == "post").then(|| view! { <input type="hidden" name="seq" value=seq /> })}
                <button class="button" data-size="sm">{words.refresh}</button>
            </form>
        </div>
    }
}
