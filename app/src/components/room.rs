//! A room's inside: header, log, composer, people. Composes only.

use leptos::prelude::*;
use protocol::RoomView;

use super::{
    banner::banners, composer::Composer, connection::ConnectionPanel, dates::Dates, jump::Jump,
    people::People, rename::Rename, room_header::RoomHeader, room_menu::RoomMenu, share::Share,
    timeline::Timeline,
};
use crate::RoomState;

/// `view` is what `room` was made of.
#[component]
pub(crate) fn RoomPage(room: RoomState, view: RoomView) -> impl IntoView {
    let name = super::room_name(view.page.room.name.as_ref(), &view.page.room.code, room.words);
    let banners = banners(&view, room);
    let RoomView { page, link, form_id, draft, refused_name, .. } = view;
    view! {
        <div class="layout-room__head"><RoomHeader room link=link.clone() /></div>
        <div class="layout-room__banner">{banners}</div>
        <main class="layout-room__talk" aria-label=name>
            <Timeline room code=page.room.code.clone() />
            <div class="layout-room__foot">
                <Jump room />
                <Composer room form_id draft />
            </div>
        </main>
        <RoomMenu room />
        <Rename room refused=refused_name />
        <Share code=page.room.code.clone() link=link.clone() />
        <Dates room />
        <ConnectionPanel room />
        <div class="layout-room__side"><People room /></div>
    }
}
