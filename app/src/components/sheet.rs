//! A page of one column: the way back to its room, a title, and why the last form was refused.

use leptos::prelude::*;
use protocol::{Page, Refusal, Room};

use super::{icon::Icon, room_name, words};

#[component]
pub(super) fn Sheet(
    room: Room,
    title: String,
    #[prop(optional_no_strip)] refusal: Option<Refusal>,
    children: Children,
) -> impl IntoView {
    let words = words();
    let name = room_name(room.name.as_ref(), &room.code, &words.live);
    let refusal = refusal.map(|refusal| {
        view! {
            <div class="banner" data-tone="danger" role="alert">
                <Icon name="alert" />
                <span class="banner__text">{words.live.refusal(&refusal)}</span>
            </div>
        }
    });
    view! {
        <main class="layout-sheet">
            <div class="layout-sheet__bar">
                <a class="button" data-variant="quiet" href=Page::Room(room.code).path()>
                    <Icon name="leave" mirror=true />
                    <bdi>{name}</bdi>
                </a>
            </div>
            <h1 class="title"><bdi>{title}</bdi></h1>
            {refusal}
            {children()}
        </main>
    }
}
