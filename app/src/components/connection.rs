//! Whether what is shown is live. The word carries the meaning; the dot only helps the eye.

use leptos::prelude::*;

use super::words;
use crate::RoomState;

#[component]
pub(super) fn Connection(room: RoomState) -> impl IntoView {
    let status = move || room.scene.with(|scene| scene.status);
    view! {
        <span class="connection" role="status" data-scripted data-status=move || status().as_str()>
            {move || (words().status)(status())}
        </span>
    }
}
