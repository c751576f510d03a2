//! Who else is writing something. Its height is there before anybody does, and nobody is told aloud.

use leptos::prelude::*;

use super::words;
use crate::RoomState;

#[component]
pub(super) fn Typing(room: RoomState) -> impl IntoView {
    let typing = move || {
        room.scene.with(|scene| {
            let names: Vec<_> = scene.typing.iter().map(|one| one.name.as_str()).collect();
            (words().typing)(&names)
        })
    };
    view! {
        <div class="typing" role="status" aria-live="off">
            <span class="typing__dots" aria-hidden="true" hidden=move || typing().is_empty()
                inner_html="<i></i><i></i><i></i>"></span>
            <span class="truncate">{typing}</span>
        </div>
    }
}
